"""The text under construction: its lines, its names, its parameters and what it imports."""

import ast
import keyword
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from types import CellType, FunctionType
from typing import Any

from catui.core.fuse.kernels import called_within, check_kernel, math_within
from catui.core.fuse.source import Unplaced
from catui.core.fuse.values import Buffer, Constant, Kind, Maybe, Record, Scalar, Value, flag, name

RESERVED = frozenset(
    [
        "P",
        "S",
        "F",
        "I",
        "live",
        "step",
        "scan",
        "scan_each",
        "out",
        "key",
        "start",
        "stop",
        "row",
        "place",
        "floats",
        "wholes",
        "inf",
        "nan",
        "abs",
        "float",
        "int",
        "range",
    ]
)


class Block(list[str]):
    """Lines, the names that are first assigned in them, and the rings that they change: name to version."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.rings: dict[str, int] = {}

    def rename(self, becomes: Mapping[str, str]) -> None:
        """Other names for some of those that are assigned here."""
        if becomes:
            words = re.compile(rf"\b({'|'.join(becomes)})\b")
            self[:] = [
                line if line.lstrip().startswith("#") else words.sub(lambda found: becomes[found[1]], line)
                for line in self
            ]
            self.names = {becomes.get(name, name) for name in self.names}


class Writer:
    """Lines are written into the innermost open block; every name is assigned once, so that values may be shared."""

    def __init__(self) -> None:
        self.lines = Block()
        self._open = [self.lines]
        self.params: dict[str, float] = {}
        self.derived: dict[str, str] = {}  # what follows from the parameters alone
        self.math: set[str] = set()
        self.kernels: dict[FunctionType, str] = {}  # each after those that it calls
        self.calls: dict[str, Callable[..., Any]] = {}  # steps that stay functions outside of the text, by name
        self.outside: dict[str, str] = {}  # by place: why a step is one of them
        self.records: dict[str, type] = {}  # classes that the text makes values of, by name
        self.changed: set[str] = set()  # fields of the state that a step may change
        self.blanks: dict[str, Kind] = {}  # names that are read behind a presence flag only
        self.known: frozenset[str] = frozenset()
        self.lengths: dict[str, str] = {}  # names of rings' lengths, which are known from the start
        self._changes = 0
        self._used: dict[str, int] = dict.fromkeys(RESERVED, 1)
        self._cells: dict[tuple[int, str], Scalar] = {}
        self._kept: list[CellType] = []  # so that no id is used twice

    def emit(self, text: str) -> None:
        self.lines.append(text)

    def fresh(self, hint: str) -> str:
        """A name that was never used, first assigned in the innermost block."""
        found = self.given(hint)
        self.lines.names.add(found)
        return found

    def given(self, hint: str) -> str:
        """A name that was never used and has its value from the start: the hint, with a number from the second on."""
        hint = hint or "x"
        while True:
            count = self._used.get(hint, 0)
            self._used[hint] = count + 1
            found = hint if count == 0 else f"{hint}_{count + 1}"
            if found == hint or found not in self._used:
                if found != hint:
                    self._used[found] = 1
                if found != hint or not keyword.iskeyword(found):
                    return found

    def bind(self, value: Value, hint: str) -> Value:
        """The value with every scalar computed into a name, once; fields are named after their record."""
        match value:
            case Scalar() if value.is_atom:
                return value
            case Scalar():
                target = self.fresh(hint)
                self.emit(f"{target} = {value.text}")
                return Scalar(name(target, value.kind).expr, value.kind, value.if_true, value.if_false)
            case Record():
                named = value.names or tuple(f"{hint}_{i}" for i in range(len(value.parts)))
                parts = tuple([self.bind(part, n) for part, n in zip(value.parts, named, strict=True)])
                return replace(value, parts=parts)
            case Maybe(there=there, value=inner):
                if not there.is_atom:
                    target = self.fresh(f"has_{hint}")
                    self.emit(f"{target} = {there.text}")
                    there = flag(target)
                return Maybe(there, self.bind(inner, hint))
            case Constant() | Buffer():
                return value

    @contextmanager
    def block(self, known: frozenset[str] = frozenset()) -> Iterator[Block]:
        """Lines written inside go to a block of their own, in which the flags `known` are true."""
        outer, outer_known = self.lines, self.known
        self.lines, self.known = Block(), outer_known | known
        self._open.append(self.lines)
        try:
            yield self.lines
        finally:
            self._open.pop()
            self.lines, self.known = outer, outer_known

    def absorb(self, block: Block) -> None:
        """The lines of a block that was written apart, as they would stand here."""
        self.lines.extend(block)
        self.lines.names |= block.names
        self.lines.rings.update(block.rings)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What is written inside is written as a whole; where that raises, nothing of it is."""
        lines, names, rings = list(self.lines), set(self.lines.names), dict(self.lines.rings)
        before = {key: copy(held) for key, held in vars(self).items() if key not in ("lines", "_open")}
        try:
            yield
        except Exception:
            self.lines[:] = lines
            self.lines.names, self.lines.rings = names, rings
            vars(self).update(before)
            raise

    def made(self, value: Value) -> str:
        """The expression that makes a value of its leaves. Unplaced: it holds what is no record and no number."""
        match value:
            case Scalar():
                return value.text
            case Record(cls=cls, parts=parts):
                inside = [self.made(part) for part in parts]
                if cls is None:
                    return f"({', '.join(inside)}{',' if len(inside) == 1 else ''})"
                if self.records.setdefault(cls.__name__, cls) is not cls:
                    raise Unplaced(f"two record classes are called {cls.__name__}", "rename one")
                return f"{cls.__name__}({', '.join(inside)})"
            case Maybe(there=there, value=inner):
                return f"({self.made(inner)} if {there.text} else None)"
            case Constant(value=known) if known is None or isinstance(known, bool | int | float | str):
                return repr(known)
            case _:
                raise Unplaced(
                    "an output that is neither number nor record", "give numbers, truths and records of them"
                )

    def version(self, ring: str) -> int:
        """After which change the ring is what it is here."""
        return next((block.rings[ring] for block in reversed(self._open) if ring in block.rings), 0)

    def change(self, ring: str) -> int:
        """The ring is changed here; its new version."""
        self._changes += 1
        self.lines.rings[ring] = self._changes
        return self._changes

    def length(self, ring: str) -> Scalar:
        """The length of a ring: no constant, so that machines of other lengths have the same text."""
        if ring not in self.lengths:
            self.lengths[ring] = self.given(f"{ring}_length")
        return name(self.lengths[ring], "int")

    def parameter(self, cell: CellType, path: str, value: float) -> Scalar:
        """A float of a closure: an argument of the text, so that changing it changes no text."""
        key = (id(cell), path)
        if key not in self._cells:
            self._kept.append(cell)
            target = self.given(f"p_{path}")
            self.params[target] = value
            self._cells[key] = name(target, "float")
        return self._cells[key]

    def once(self, scalar: Scalar) -> Scalar:
        """A sum, difference or product of parameters and numbers: computed once, before the first step."""
        told = [node.id for node in ast.walk(scalar.expr) if isinstance(node, ast.Name)]
        if scalar.kind != "float" or not told or not all(one in self.params or one in self.derived for one in told):
            return scalar
        known = {text: target for target, text in self.derived.items()}
        if scalar.text not in known:
            target = self.given(f"c_{told[0].partition('_')[2]}")
            self.derived[target] = scalar.text
            return name(target, "float")
        return name(known[scalar.text], "float")

    def kernel(self, function: FunctionType) -> str:
        """What a kernel is called in the text. Unplaced: it is none."""
        if function not in self.kernels:
            check_kernel(function)
            for inner in called_within(function):
                self.kernel(inner)
            self.math |= math_within(function)
            self.kernels[function] = self.given(function.__name__)
        return self.kernels[function]

    def splice(self, head: str, block: Sequence[str]) -> None:
        """A compound statement with its block."""
        self.emit(head)
        is_empty = all(line.lstrip().startswith("#") for line in block)
        self.lines.extend(f"    {line}" for line in (*block, *["pass"] * is_empty))
