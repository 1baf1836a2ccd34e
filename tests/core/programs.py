"""Arbitrary steps in the dialect: well-typed programs over a record of state, written as text and compiled.

Every kind of value (a float, an int, a truth, a float that may be None, a pair), early returns, nested branches, names
that are assigned in one branch or in both, loops over tuples, helpers, and reads of the old state after the new one.
"""

import linecache
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

from hypothesis import strategies as st
from msgspec import Struct

from catui.core.machine import Machine, atom


class Seen(Struct, frozen=True, gc=False):
    """The state of a program: one field of each kind."""

    a: float
    n: int
    up: bool
    last: float | None
    pair: tuple[float, float]


class Told(NamedTuple):
    """An input."""

    x: float
    k: int
    z: float | None


Output = tuple[float, int, bool, float | None]
FIRST = Seen(0.5, 1, False, None, (1.0, -1.0))
HEADER = '''
def helped(u, v):
    """A helper with an early return and a default."""
    if u > v:
        return u - v
    w = u * 0.5
    return w + v


def chosen(u, is_up=True):
    return (u, -u) if is_up else (-u, u)

'''

_names = count()


class Scope:
    """What is assigned where a statement stands: names by kind."""

    def __init__(self, draw: st.DrawFn, names: dict[str, str]) -> None:
        self.draw, self.names = draw, names
        self.fresh = count()

    def pick(self, options: list[str]) -> str:
        return self.draw(st.sampled_from(options))

    def of(self, kind: str) -> list[str]:
        return [name for name, one in self.names.items() if one == kind]

    @contextmanager
    def inside(self, **more: str) -> Iterator[None]:
        before = dict(self.names)
        self.names.update(more)
        yield
        self.names.clear()
        self.names.update(before)

    # ---- expressions

    def float_(self, depth: int = 2) -> str:
        atoms = ["x.x", "s.a", "s.pair[0]", "p_gain", *self.of("float"), "0.25", "-2.0"]
        if depth == 0:
            return self.pick(atoms)
        form = self.pick(
            ["atom", "binary", "binary", "share", "choice", "extreme", "root", "int", "help", "known", "pair"]
        )
        one, other = self.float_(depth - 1), self.float_(depth - 1)
        match form:
            case "binary":
                return f"({one} {self.pick(['+', '-', '*'])} {other})"
            case "share":
                return f"({one} / (abs({other}) + 1.0))"
            case "choice":
                return f"({one} if {self.truth(depth - 1)} else {other})"
            case "extreme":
                return f"{self.pick(['min', 'max'])}({one}, {other})"
            case "root":
                return f"sqrt(abs({one}))"
            case "int":
                return f"({one} * {self.int_(depth - 1)})"
            case "help":
                return f"helped({one}, {other})"
            case "known":
                name = self.pick(["s.last", "x.z", *self.of("maybe")])
                return f"({name} if {name} is not None else {one})"
            case "pair":
                return f"chosen({one}, {self.truth(depth - 1)})[{self.pick(['0', '1', '-1'])}]"
            case _:
                return self.pick(atoms)

    def int_(self, depth: int = 1) -> str:
        atoms = ["x.k", "s.n", *self.of("int"), "3", "-1"]
        if depth == 0:
            return self.pick(atoms)
        one, other = self.int_(depth - 1), self.int_(depth - 1)
        return self.pick(
            [
                self.pick(atoms),
                f"(({one} {self.pick(['+', '-', '*'])} {other}) % 97)",
                f"({one} // 3)",
                f"({one} if {self.truth(depth - 1)} else {other})",
                f"max({one}, {other})",
            ]
        )

    def truth(self, depth: int = 2) -> str:
        atoms = ["s.up", *self.of("truth"), "(x.z is None)", "(s.last is not None)", "(x.x > 0.0)", "(s.n == x.k)"]
        if depth == 0:
            return self.pick(atoms)
        one, other = self.truth(depth - 1), self.truth(depth - 1)
        return self.pick(
            [
                self.pick(atoms),
                f"({self.float_(depth - 1)} {self.pick(['<', '<=', '>', '>='])} {self.float_(depth - 1)})",
                f"(-1.0 < {self.float_(depth - 1)} <= 1.0)",
                f"({self.int_(0)} != {self.int_(0)})",
                f"(not {one})",
                f"({one} and {other})",
                f"({one} or {other})",
                f"({one} == {other})",
                f"any([{one}, {other}])",
                "(x.z is not None and x.z > 0.0)",
                "(s.last is None or s.last < 1.0)",
            ]
        )

    def maybe(self, depth: int = 1) -> str:
        atoms = ["s.last", "x.z", "None", *self.of("maybe")]
        if depth == 0:
            return self.pick(atoms)
        return self.pick(
            [
                self.pick(atoms),
                self.float_(depth),
                f"({self.maybe(depth - 1)} if {self.truth(depth - 1)} else {self.maybe(depth - 1)})",
                f"({self.float_(depth - 1)} if {self.truth(depth - 1)} else None)",
            ]
        )

    def pair(self) -> str:
        return self.pick(
            ["s.pair", f"({self.float_(1)}, {self.float_(1)})", f"(s.pair[1], {self.float_(1)})", "chosen(x.x)"]
        )

    def value(self, kind: str) -> str:
        match kind:
            case "float":
                return self.float_()
            case "int":
                return self.int_()
            case "truth":
                return self.truth()
            case "pair":
                return self.pair()
            case _:
                return self.maybe()

    # ---- statements

    def block(self, depth: int, *, may_return: bool) -> list[str]:
        lines: list[str] = []
        for _ in range(self.draw(st.integers(1, 3))):
            lines += self.statement(depth, may_return=may_return)
        return lines

    def statement(self, depth: int, *, may_return: bool) -> list[str]:
        form = self.pick(["new", "new", "again", "both", "if", "known", "loop", "unpack", *["return"] * may_return])
        if depth == 0 and form in ("both", "if", "known", "return"):
            form = "new"
        match form:
            case "again" if self.names:
                name = self.pick(list(self.names))
                return [f"{name} = {self.value(self.names[name])}"]
            case "both":
                return self.both(depth)
            case "if":
                return self.branch(self.truth(), depth, may_return=may_return)
            case "known":
                name = self.pick(["x.z", "s.last", *self.of("maybe")])
                held = f"v{next(self.fresh)}"
                with self.inside(**{held: "float"}):
                    inner = self.block(depth - 1, may_return=may_return)
                return [f"if {name} is not None:", *_in([f"{held} = {name}", *inner])]
            case "loop":
                total, one = f"v{next(self.fresh)}", f"v{next(self.fresh)}"
                term = self.float_(1)
                lines = [f"{total} = {self.float_(0)}", f"for {one} in ({self.float_(0)}, {term}, *s.pair):"]
                lines += _in([f"{total} += {one} * 0.5", f"if {one} > {self.float_(0)}:", f"    {total} = {one}"])
                self.names[total] = "float"
                return lines
            case "unpack":
                left, right = f"v{next(self.fresh)}", f"v{next(self.fresh)}"
                line = f"{left}, {right} = {self.pair()}"
                self.names.update({left: "float", right: "float"})
                return [line]
            case "return":
                test = self.truth()
                with self.inside():
                    return [f"if {test}:", *_in([*self.block(0, may_return=False), self.result()])]
            case _:
                kind = self.pick(["float", "int", "truth", "maybe"])
                line = f"v{next(self.fresh)} = {self.value(kind)}"
                self.names[line.partition(" ")[0]] = kind
                return [line]

    def both(self, depth: int) -> list[str]:
        """A name that each branch assigns, for the first time."""
        kind = self.pick(["float", "int", "truth", "maybe"])
        name, test = f"v{next(self.fresh)}", self.truth()
        parts = []
        for _ in range(2):
            with self.inside():
                parts.append([*self.block(depth - 1, may_return=False), f"{name} = {self.value(kind)}"])
        self.names[name] = kind
        return [f"if {test}:", *_in(parts[0]), "else:", *_in(parts[1])]

    def branch(self, test: str, depth: int, *, may_return: bool) -> list[str]:
        lines = [f"if {test}:"]
        for i in range(self.draw(st.integers(1, 3))):
            lines += ["else:"] if i == 2 else [f"elif {self.truth()}:"] if i == 1 else []
            with self.inside():
                lines += _in(self.block(depth - 1, may_return=may_return))
        return lines

    def result(self) -> str:
        fields = f"{self.float_(1)}, {self.int_()} % 97, {self.truth(1)}, {self.maybe()}"
        state = self.pick(
            [
                f"Seen({fields}, {self.pair()})",
                "s",
                f"replace(s, a={self.float_(1)})",
                f"replace(s, last={self.maybe()}, up={self.truth(1)})",
            ]
        )
        return f"return {state}, ({self.float_(1)}, {self.int_()}, {self.truth(1)}, {self.maybe()})"


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


@st.composite
def sources(draw: st.DrawFn) -> str:
    """The text of a step."""
    scope = Scope(draw, {})
    body = [*scope.block(2, may_return=True), scope.result()]
    return "\n".join([HEADER, "def made(p_gain):", "    def step(s, x):", *_in(_in(body)), "    return step", ""])


def compiled(source: str) -> Machine[Any, Told, Output]:
    """The machine whose step is written in a text."""
    from math import sqrt

    from msgspec.structs import replace

    filename = f"<program {next(_names)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    space: dict[str, Any] = {"Seen": Seen, "sqrt": sqrt, "replace": replace, "__name__": "program"}
    exec(compile(source, filename, "exec"), space)
    return atom(FIRST, space["made"](0.75))


floats = st.one_of(st.floats(-9.0, 9.0), st.sampled_from([0.0, -0.0, 1.0]))
inputs: st.SearchStrategy[list[Told]] = st.lists(
    st.builds(Told, floats, st.integers(-3, 5), st.one_of(st.none(), floats)), min_size=1, max_size=12
)
