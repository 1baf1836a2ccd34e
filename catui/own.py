"""A desk's own strategies: the kinds that its settings name by file or module, and what a replay needs of them.

A run keeps the text of every own file that it was made with, and is replayed and taken up from that copy, whatever has
become of the file. A module of a package is imported again, and has to be what it was; so have modules that an own
file imports, of which nothing is kept.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from msgspec import Struct

from catui.core.machine import Machine
from catui.domain.kind import Kind
from catui.domain.settings import StrategySettings
from catui.errors import IntegrityError, UsageError
from catui.plugins import (
    construct,
    constructor_of,
    file_text,
    is_file,
    load_module,
    parted,
    place_of,
    run_text,
    text_hash,
    text_of,
)
from catui.strategies.registry import KINDS, Kinds


class OwnFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file or module as a run was made with it: its text, and of a module the hash of that alone."""

    place: str
    hash: str
    text: str = ""


class Own(NamedTuple):
    """The kinds that a desk may name, the library's among them, and the files that the others are of."""

    kinds: Kinds = KINDS
    files: tuple[OwnFile, ...] = ()
    notes: tuple[str, ...] = ()  # what a person should know of them, a line each


LIBRARY = Own()


def is_own(kind: str) -> bool:
    """Whether settings name a kind of a file or module, none of the library."""
    return ":" in kind


def placed(kind: str, base: Path) -> str:
    """An own kind of a file by the file's absolute path, from `base` on; any other as it is."""
    return os.path.abspath(base / Path(kind).expanduser()) if is_file(kind.rpartition(":")[0]) else kind


def own_kind(settings: StrategySettings) -> Kind[..., Any]:
    """The own kind of a strategy, once a machine could be made of it with its parameters, whose steps only compute.

    UsageError: what is wrong, by file and line; every impurity of its steps in a line of its own.
    """
    from catui.core.purity import impurities  # a reader of code: most desks have nothing for it to read

    place, _ = parted(settings.kind)
    kind, machine = _fit(settings, load_module(place), place)
    found = impurities(machine)
    if found:
        raise UsageError("\n".join(map(str, found)))
    return kind


def load_own(strategies: Iterable[StrategySettings]) -> Own:
    """The kinds of a desk, its own ones as their files are now. UsageError: the first that is wrong."""
    kinds, files = dict(KINDS), {}
    for one in strategies:
        if is_own(one.kind):
            place, _ = parted(one.kind)
            kinds[one.kind] = own_kind(one)
            text = text_of(load_module(place))
            files[place] = OwnFile(place, text_hash(text), text if is_file(place) else "")
    return Own(MappingProxyType(kinds), tuple(files.values()))


def own_of_run(strategies: Iterable[StrategySettings], files: tuple[OwnFile, ...], run: str) -> Own:
    """The kinds of a run: its own ones from the texts that it has kept.

    UsageError: a module that is gone or has changed. IntegrityError: a copy that is damaged or missing.
    """
    kept = {file.place: file for file in files}
    kinds, notes = dict(KINDS), {}
    for one in strategies:
        if is_own(one.kind):
            place, _ = parted(one.kind)
            if place not in kept:
                raise IntegrityError(f"run {run}: holds no copy of {place}, which its strategy {one.name} is of")
            module = _module_of_run(kept[place], run)
            kinds[one.kind], _ = _fit(one, module, place)
            notes[place] = _note(kept[place], run)
    return Own(MappingProxyType(kinds), files, tuple(note for note in notes.values() if note))


def _fit(settings: StrategySettings, module: ModuleType, place: str) -> tuple[Kind[..., Any], Machine[Any, Any, Any]]:
    """A kind that the desk can run, and the machine that it makes of the parameters."""
    kind = constructor_of(module, parted(settings.kind)[1], place)
    if not kind.is_for_desk:
        needs = "-> Machine[STATE, Features, float | None]"
        raise UsageError(f"{place_of(kind)}: {kind.name}: is not for the desk, which runs what returns {needs}")
    return kind, construct(kind, settings.parameters)


def _module_of_run(file: OwnFile, run: str) -> ModuleType:
    if is_file(file.place):
        found = text_hash(file.text)
        if found != file.hash:
            raise IntegrityError(f"run {run}: its copy of {file.place} has hash {found}, not {file.hash}")
        return run_text(file.text, f"run:{run}/{file.place.lstrip('/')}")
    try:
        module = load_module(file.place)
    except UsageError as error:
        raise UsageError(f"run {run}: {error}") from None
    now = text_hash(text_of(module))
    if now != file.hash:
        fault = f"{file.place} is not what it was: hash {now}, then {file.hash}"
        raise UsageError(f"run {run}: {module.__file__}: {fault}; put that version back, or start a new run")
    return module


def _note(file: OwnFile, run: str) -> str:
    """What is to be said where a file is no longer what the run has kept of it."""
    if not is_file(file.place):
        return ""
    try:
        now = text_hash(file_text(file.place))
    except UsageError as error:
        return f"{error}: run {run} has its own copy, {file.hash}"
    return "" if now == file.hash else f"{file.place}: has changed, {now}: run {run} has its own copy, {file.hash}"
