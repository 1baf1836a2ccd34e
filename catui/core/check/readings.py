"""Laws of the readings: nested closures, flat text and compiled text say the same, to the bit."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from catui.core.check.example import Anything, Example, difference, smallest, told
from catui.core.check.values import written
from catui.core.fuse import Flat, FuseError, fuse

Reading: TypeAlias = Callable[[Sequence[Any]], tuple[Any, list[Any]]]
"""A machine run another way: inputs to the state after them, as the closures have it, and the outputs."""


def in_dialect(machine: Anything, inputs: object, place: str) -> Example | None:
    """Law: the machine can be written as one flat text. `place` is where it is made, for a fault that names none."""
    try:
        fuse(machine, inputs)
    except FuseError as fault:
        at, text = _placed(str(fault), place)
        return Example(f"it runs, slower, by nested closures, and is not compiled: {text}", place=at)
    return None


def _placed(fault: str, place: str) -> tuple[str, str]:
    """`FILE:LINE: text` in two."""
    file, colon, rest = fault.partition(":")
    line, _, text = rest.partition(": ")
    return (f"{file}:{line}", text) if colon and line.isdigit() else (place, fault)


def by_text(flat: Flat) -> Reading:
    """The flat text under plain Python."""

    def read(inputs: Sequence[Any]) -> tuple[Any, list[Any]]:
        live = flat.functions["live"](flat.parameters, flat.flat(flat.init))
        next(live)
        outputs = [live.send(a) for a in inputs]
        return flat.plain(live.send(...)), outputs

    return read


def twin(machine: Anything, reading: Reading, name: str, inputs: Sequence[Any]) -> Example | None:
    """Law: the reading gives the outputs and the last state of the nested closures, to the bit.

    Inputs on which the closures raise are of no account.
    """

    def fault(xs: list[Any]) -> Example | None:
        meant = told(machine, xs)
        if meant.has_raised:
            return None
        try:
            state, outputs = reading(xs)
        except Exception as error:  # whatever it is: the closures did not raise it
            return Example(f"{name} raises", tuple(xs), None, "an output", f"{type(error).__name__}: {error}")
        words = list(map(written, outputs))
        at = difference(meant.words, words)
        if at is not None:
            return Example(f"{name} says something else", tuple(xs[: at + 1]), at, meant.words[at], words[at])
        if written(state) != written(meant.state):
            return Example(f"{name} ends in another state", tuple(xs), None, written(meant.state), written(state))
        return None

    return smallest(fault, inputs)
