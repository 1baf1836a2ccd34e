"""The module that a machine becomes: one text with its readings.

    live(P, S)                          a generator: an input in, an output out; `...` in: the state out
    step(P, S, x)                       -> (S', output), once
    scan(P, S, columns, outs, ...)      -> S', over columns of inputs, writing columns of outputs
    scan_each(P, F, I, rings, key ...)  the same for many instruments: one row of state a key

`P` are the parameters and `S` the state, as flat tuples. Only `live` and `step` make records; the scans see numbers
alone, so that they compile. Rings are lists or arrays: `live` and `step` copy what they are given and what they give
out, the scans change the rings that they are given. Equal compositions have equal texts.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from catui.core.fuse.kernels import math_within, source
from catui.core.fuse.shape import flattened, of_type, rebuilt, shape
from catui.core.fuse.source import placing
from catui.core.fuse.tree import Walk, code_within
from catui.core.fuse.unread import without_unread
from catui.core.fuse.values import ZERO, Buffer, Constant, Maybe, Record, Scalar, Value, leaves
from catui.core.fuse.writer import Writer
from catui.core.guard import last
from catui.core.machine import Machine

Column = tuple[str, str]  # a name and its kind


@dataclass(frozen=True, eq=False)
class Flat:
    """A fused machine: its text, and how values of it are taken apart and put together."""

    text: str
    parameters: tuple[float, ...]
    parameter_names: tuple[str, ...]
    state: Value
    inputs: Value
    output: Value
    space: dict[str, Any]  # what its names are: classes of records, and steps that stay outside
    outside: dict[str, str]  # by place: why a guarded step is not in the text, but called from it
    kernels: tuple[str, ...]
    init: Any

    @cached_property
    def digest(self) -> str:
        """The name of the text: SHA-256, 16 digits."""
        return sha256(self.text.encode()).hexdigest()[:16]

    @cached_property
    def state_leaves(self) -> tuple[Scalar | Buffer, ...]:
        """The scalars and rings of the state, each once, in the order of `S`."""
        return _once(self.state)

    @cached_property
    def size(self) -> int:
        """How many numbers the state has."""
        return sum(leaf.length if isinstance(leaf, Buffer) else 1 for leaf in self.state_leaves)

    @property
    def state_names(self) -> tuple[str, ...]:
        """The names of the state's leaves."""
        return tuple([_text(leaf) for leaf in self.state_leaves])

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The input's columns for a scan."""
        return tuple([(_text(leaf), leaf.kind) for leaf in leaves(self.inputs)])

    @property
    def outs(self) -> tuple[Column, ...]:
        """The output's columns; a presence flag comes before its value."""
        return tuple([(f"out_{i}", leaf.kind) for i, leaf in enumerate(leaves(self.output))])

    def flat(self, state: Any) -> tuple[Any, ...]:
        """A state of the machine as `S`. NotFlat: it is of another shape."""
        into: dict[str, Any] = {}
        flattened(self.state, state, into)
        return tuple([into[key] for key in self.state_names])

    def plain(self, flat: Sequence[Any]) -> Any:
        """`S` as the state that the nested closures have. Law: `plain(flat(s)) == s`."""
        held = dict(zip(self.state_names, flat, strict=True))
        return rebuilt(self.state, (held[_text(leaf)] for leaf in leaves(self.state)))

    def row(self, value: Any) -> tuple[Any, ...]:
        """An input as one value a column."""
        into: dict[str, Any] = {}
        flattened(self.inputs, value, into)
        return tuple([into[key] for key, _ in self.columns])

    def value(self, row: Sequence[Any]) -> Any:
        """An output from its columns."""
        return rebuilt(self.output, iter(row))

    def step_at(self, line: int) -> str:
        """The step that a line of the text is of, from 1; empty: none. A traceback into the text names the line."""
        lines = self.text.splitlines()[:line]
        for text in reversed(lines):
            if text.startswith("def "):
                return ""
            if text.lstrip().startswith("# "):
                return text.lstrip().removeprefix("# ")
        return ""

    @cached_property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The text, run by plain Python; its lines are shown in tracebacks."""
        return loaded(self)


def fuse(machine: Machine[Any, Any, Any], inputs: object, example: object = None) -> Flat:
    """The machine as one flat text. `inputs` is the type of its inputs; `example` is one, where a length depends on it.

    Laws: `fuse((a >> b) >> c)` and `fuse(a >> (b >> c))` have one text, identities vanish; the outputs are those of
    `machine.step`, to the bit. FuseError: names file, line and statement of what is outside of the dialect.
    """
    writer = Writer()
    init = machine.init
    told = of_type(writer.given, inputs, "x") if example is None else shape(writer.given, example, inputs, "x")
    if not isinstance(told, Scalar):
        writer.given("x")  # the input itself, which its leaves are read from
    writer.blanks.update({leaf.text: leaf.kind for leaf in _optional_names(told)})
    with placing(code_within(machine)):
        state, out = Walk(writer).node(machine, init, told)
    output = writer.bind(out, "out")
    with placing(last(machine), by_result=True):
        writer.made(output)
    return Flat(
        text=_Text(writer, state, told, output).written(),
        parameters=tuple(writer.params.values()),
        parameter_names=tuple(writer.params),
        state=state,
        inputs=told,
        output=output,
        space={**writer.records, **writer.calls},
        outside=writer.outside,
        kernels=tuple(writer.kernels.values()),
        init=init,
    )


class _Text:
    """The lines of the module."""

    def __init__(self, writer: Writer, state: Value, told: Value, output: Value) -> None:
        self.writer, self.told, self.output = writer, told, output
        self.made = writer.made(output)
        self.params = list(writer.params)
        self.held = _once(state)
        self.rings = [leaf.name for leaf in self.held if isinstance(leaf, Buffer)]
        told_out = re.findall(r"[A-Za-z_]\w*", self.made)
        self.body = without_unread(writer.lines, frozenset([*told_out, *(_text(leaf) for leaf in self.held)]))
        words = "\n".join([*self.body, self.made])
        self.used = set(re.findall(r"[A-Za-z_]\w*", words))

    def written(self) -> str:
        of_kernels = {name for kernel in self.writer.kernels for name in math_within(kernel)}
        names = ", ".join(sorted(((self.writer.math | {"inf", "nan"}) & self.used) | of_kernels))
        head = ['"""Generated from a machine: see catui.core.fuse. It is never edited."""', ""]
        if self.writer.kernels:
            head += ["from __future__ import annotations", ""]
        if names:
            head += [f"from math import {names}", ""]
        renamed = {kernel.__name__: at for kernel, at in self.writer.kernels.items() if kernel.__name__ != at}
        for kernel in self.writer.kernels:
            head += ["", *source(kernel, renamed), ""]
        parts = [self.live(), self.step()]
        if not self.writer.calls:  # columns are of numbers alone
            parts += [self.scan(), self.scan_each()]
        return "\n".join([*head, *["\n" + "\n".join(part) + "\n" for part in parts]])

    def live(self) -> list[str]:
        out = _packed([f"{leaf.name}.copy()" if isinstance(leaf, Buffer) else leaf.text for leaf in self.held])
        return [
            "def live(P, S):",
            *_indented([*self.begun(is_copied=True), "out = None"]),
            "    while True:",
            *_indented(["x = yield out", "if x is ...:", f"    out = {out}", "    continue"], 2),
            *_indented([*self.read(), *self.body, f"out = {self.made}"], 2),
        ]

    def step(self) -> list[str]:
        names = [_text(leaf) for leaf in self.held]
        return [
            "def step(P, S, x):",
            *_indented([*self.begun(is_copied=True), *self.read(), *self.body]),
            f"    return {_packed(names)}, {self.made}",
        ]

    def scan(self) -> list[str]:
        names = [_text(leaf) for leaf in self.held]
        return [
            f"def scan({', '.join(['P', 'S', *self.columns(), 'start', 'stop'])}):",
            *_indented(self.begun()),
            "    for row in range(start, stop):",
            *_indented([*self.loaded(), *self.body, *self.stored()], 2),
            f"    return {_packed(names)}",
        ]

    def begun(self, *, is_copied: bool = False) -> list[str]:
        """Parameters and state in their names; rings are copied where the caller's are to stay as they are."""
        names = [_text(leaf) for leaf in self.held]
        copies = [f"{n} = {n}.copy()" for n in self.rings if is_copied]
        lengths = [self.length(ring) for ring in self.rings if ring in self.writer.lengths]
        return [*self.given(), *_unpacked(names, "S"), *copies, *lengths, *self.blanks()]

    def length(self, ring: str) -> str:
        return f"{self.writer.lengths[ring]} = len({ring})"

    def scan_each(self) -> list[str]:
        """State by rows: floats in F, ints and truths in I, rings in arrays of rows."""
        scalars = [h for h in self.held if isinstance(h, Scalar)]
        floats = [h.text for h in scalars if h.kind == "float"]
        wholes = [h for h in scalars if h.kind != "float"]
        arguments = ["P", "F", "I", *(f"r_{r}" for r in self.rings), "key", *self.columns(), "start", "stop"]
        loads = ["floats = F[place]"] * bool(floats) + ["wholes = I[place]"] * bool(wholes)
        loads += [f"{n} = floats[{i}]" for i, n in enumerate(floats)]
        loads += [f"{w.text} = wholes[{i}]" + (" != 0" if w.kind == "bool" else "") for i, w in enumerate(wholes)]
        loads += [f"{r} = r_{r}[place]" for r in self.rings]
        loads += [self.length(r) for r in self.rings if r in self.writer.lengths]
        changed = self.writer.changed
        stores = [f"floats[{i}] = {n}" for i, n in enumerate(floats) if n in changed]
        stores += [f"wholes[{i}] = {w.text}" for i, w in enumerate(wholes) if w.text in changed]
        return [
            f"def scan_each({', '.join(arguments)}):",
            *_indented([*self.given(), *self.blanks(), "for row in range(start, stop):"]),
            *_indented(["place = key[row]", *loads, *self.loaded(), *self.body, *self.stored(), *stores], 2),
        ]

    def given(self) -> list[str]:
        """The parameters, and what follows from them alone."""
        return [*_unpacked(self.params, "P"), *(f"{at} = {text}" for at, text in self.writer.derived.items())]

    def blanks(self) -> list[str]:
        """Names that hold something only where a flag is true."""
        lines = []
        for kind, zero in ZERO.items():
            names = [n for n, k in self.writer.blanks.items() if k == kind and n in self.used]
            if names:
                lines.append(" = ".join([*names, repr(zero)]))
        return lines

    def columns(self) -> list[str]:
        """The arguments of a scan: columns in, columns out."""
        outs = [f"o_{i}" for i, _ in enumerate(leaves(self.output))]
        return [*(f"c_{_text(leaf)}" for leaf in leaves(self.told)), *outs]

    def loaded(self) -> list[str]:
        """A row of the columns in."""
        return [f"{_text(c)} = c_{_text(c)}[row]" for c in leaves(self.told) if _text(c) in self.used]

    def stored(self) -> list[str]:
        """A row of the columns out; zero where nothing is there."""
        return [f"o_{i}[row] = {text}" for i, text in enumerate(_columned(self.output, ()))]

    def read(self) -> list[str]:
        lines: list[str] = []
        _reading(self.told, "x", self.used, lines)
        return lines


def loaded(flat: Flat) -> dict[str, Callable[..., Any]]:
    """The functions of the text, in plain Python."""
    import linecache

    filename = f"<fused {flat.digest}>"
    linecache.cache[filename] = (len(flat.text), None, flat.text.splitlines(keepends=True), filename)
    space = dict(flat.space)
    exec(compile(flat.text, filename, "exec"), space)
    return {key: space[key] for key in ("live", "step", "scan", "scan_each") if key in space}


def _reading(value: Value, source: str, used: set[str], lines: list[str]) -> None:
    """The leaves of an input that are used, read off the object."""
    match value:
        case Scalar():
            if value.text in used and value.text != source:
                lines.append(f"{value.text} = {source}")
        case Record(names=names, parts=parts):
            for i, part in enumerate(parts):
                _reading(part, f"{source}.{names[i]}" if names else f"{source}[{i}]", used, lines)
        case Maybe(there=there, value=inner):
            inside: list[str] = []
            _reading(inner, source, used, inside)
            if inside or there.text in used:
                lines.append(f"{there.text} = {source} is not None")
            if inside:
                lines.append(f"if {there.text}:")
                lines.extend(_indented(inside))
        case Constant() | Buffer():
            return


def _once(state: Value) -> tuple[Scalar | Buffer, ...]:
    return tuple({_text(leaf): leaf for leaf in leaves(state)}.values())


def _columned(value: Value, flags: tuple[str, ...]) -> Iterator[str]:
    """The leaves of an output, each zero where a flag before it is false."""
    match value:
        case Scalar():
            yield f"{value.text} if {' and '.join(flags)} else {ZERO[value.kind]!r}" if flags else value.text
        case Record(parts=parts):
            for part in parts:
                yield from _columned(part, flags)
        case Maybe(there=there, value=inner):
            yield from _columned(there, flags)
            yield from _columned(inner, (*flags, there.text))
        case Constant() | Buffer():
            return


def _optional_names(value: Value) -> Iterator[Scalar]:
    """The leaves that are behind a presence flag."""
    match value:
        case Record(parts=parts):
            for part in parts:
                yield from _optional_names(part)
        case Maybe(value=inner):
            yield from (leaf for leaf in leaves(inner) if isinstance(leaf, Scalar))
        case _:
            return


def _text(leaf: Scalar | Buffer) -> str:
    return leaf.text if isinstance(leaf, Scalar) else leaf.name


def _packed(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _unpacked(names: Sequence[str], source: str) -> list[str]:
    return [f"{_packed(names)} = {source}"] if names else []


def _indented(lines: Sequence[str], depth: int = 1) -> list[str]:
    return ["    " * depth + line for line in lines]
