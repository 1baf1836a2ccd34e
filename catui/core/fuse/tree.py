"""The walk over the machine tree: every node's step is written out, and every state gets its names.

A node that is met twice on the same input is computed once: its two states begin equal and stay equal. That is the law
`h >> (f & g) == (h >> f) & (h >> g)`, read from right to left.
"""

import ast
import re
from dataclasses import fields, replace
from types import CodeType, FunctionType
from typing import Any, cast, get_type_hints

from catui.core.fuse import usual
from catui.core.fuse.dialect import inline
from catui.core.fuse.inplace import in_place
from catui.core.fuse.join import join
from catui.core.fuse.shape import conformed, shape
from catui.core.fuse.source import FuseError, Surroundings, Unplaced, placing
from catui.core.fuse.values import (
    NOTHING,
    Buffer,
    Constant,
    Maybe,
    Record,
    Scalar,
    Value,
    flag,
    leaves,
    name,
    number,
    renamed,
    tuple_of,
)
from catui.core.fuse.writer import Writer
from catui.core.guard import Cell, Guarded, last
from catui.core.machine import (
    Atom,
    Compose,
    Fanout,
    Feedback,
    Identity,
    Lift,
    Machine,
    Named,
    Optional,
    Parallel,
    Resumed,
)

Walked = tuple[Value, Value]  # the state's names, and the output
Anything = Machine[Any, Any, Any]
PLACED = re.compile(r".+:\d+: ")  # FILE:LINE


class Walk:
    """One machine being written out."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.path: tuple[str, ...] = ()
        self.seen: list[dict[object, tuple[Anything, Walked]]] = [{}]

    def node(self, machine: Anything, init: Any, a: Value) -> Walked:
        """The node, written out for the input `a`; once for each input."""
        if isinstance(machine, Identity):
            return NOTHING, a
        key = (id(machine), _texts(a), repr(init))
        for known in reversed(self.seen):
            if key in known:
                return known[key][1]
        walked = self.written(machine, init, a)
        self.seen[-1][key] = (machine, walked)
        return walked

    def written(self, machine: Anything, init: Any, a: Value) -> Walked:
        match machine:
            case Named(name=at, machine=inner):
                outer, self.path = self.path, (*self.path, at)
                walked = self.node(inner, init, a)
                self.path = outer
                return walked
            case Lift(function=function):
                return NOTHING, self.inlined(function, [a])
            case Atom(rule=rule):
                return self.atom(rule, init, a)
            case Compose(before=first, after=second):
                one, b = self.node(first, init[0], a)
                two, c = self.node(second, init[1], b)
                return _pair(one, two), c
            case Fanout(left=left, right=right):
                one, b = self.node(left, init[0], a)
                two, c = self.node(right, init[1], a)
                return _pair(one, two), _pair(b, c)
            case Parallel(left=left, right=right):
                with placing(code_within(machine)):
                    a, other = _two(a, "an input that is no pair, for two machines side by side", "give it pairs")
                one, b = self.node(left, init[0], a)
                two, c = self.node(right, init[1], other)
                return _pair(one, two), _pair(b, c)
            case Feedback(body=body):
                with placing(code_within(machine)):
                    held = shape(self.writer.given, init[1], None, self.hint("back"))
                inside, result = self.node(body, init[0], _pair(a, held))
                with placing(last(body), by_result=True):
                    b, c = _two(result, "an output that is no pair, under feedback", "return `output, what comes back`")
                    new = conformed(held, c, "what comes back", self.writer.version)
                return _pair(inside, held), self.committed(held, new, b)
            case Optional(machine=inner):
                return self.optional(inner, init, a)
            case Resumed(machine=inner):
                return self.node(inner, init, a)
            case Guarded():
                return self.guarded(machine, init, a)
            case _:
                with placing(code_within(machine)):
                    raise Unplaced(f"{type(machine).__name__} has no place inside a fused machine", "keep it outside")

    def hint(self, of: str) -> str:
        """What a state is called: after its place in the tree."""
        return "_".join(["s", *self.path[-1:], of])

    def inlined(self, function: Any, arguments: list[Value]) -> Value:
        self.writer.emit(f"# {Surroundings(function).label}")
        result = inline(self.writer, function, arguments)
        return self.writer.bind(result, "result")

    def atom(self, rule: Any, init: Any, a: Value) -> Walked:
        around = Surroundings(rule)
        with placing(around.code):
            held = shape(self.writer.given, init, _state_annotation(around), "_".join(["s", *self.path[-1:]]))
        start = len(self.writer.lines)
        self.writer.emit(f"# {around.label}")
        result = usual.written(self.writer, rule, [held, a])
        with placing(around.code, by_result=True):
            new, out = _two(result, "a step that gives no pair", "return `state, output`")
            if any(isinstance(leaf, Buffer) for leaf in leaves(out)):
                raise Unplaced("a ring leaves its machine", "give out what is read from it")
            new = conformed(held, new, "the state", self.writer.version)
        return held, self.committed(held, new, out, start)

    def committed(self, held: Value, new: Value, out: Value, start: int | None = None) -> Value:
        """The new state, written; the output, where it was the old state, in names of its own.

        What was computed for it from line `start` on is called like the state right away, where that can be.
        """
        pairs = zip(leaves(held), leaves(new), strict=True)
        found = {a.text: b.text for a, b in pairs if isinstance(a, Scalar) and isinstance(b, Scalar)}
        changed = {a: b for a, b in found.items() if a != b}
        out = self.kept(out, frozenset(changed))
        self.writer.changed.update(changed)
        if start is not None:
            placed = self.placed(changed, start)
            out = renamed(out, {b: a for a, b in placed.items()})
            changed = {a: b for a, b in changed.items() if a not in placed}
        crossed = {a: b for a, b in changed.items() if b in changed}
        if crossed:
            self.writer.emit(f"{', '.join(crossed)} = {', '.join(crossed.values())}")
        for a, b in changed.items():
            if a not in crossed:
                self.writer.emit(f"{a} = {b}")
        return out

    def placed(self, changed: dict[str, str], start: int) -> dict[str, str]:
        """Those names of the state whose next value is computed right into them."""
        told = list(changed.values())
        wanted = {
            a: b
            for a, b in changed.items()
            if b in self.writer.lines.names - self.writer.blanks.keys() and told.count(b) == 1 and a not in told
        }
        return {a: b for a, b in wanted.items() if in_place(self.writer.lines, start, a, b)}

    def kept(self, out: Value, changed: frozenset[str]) -> Value:
        """The output without names that are about to change, nor what is known of them."""
        match out:
            case Scalar():
                if out.text in changed:
                    target = self.writer.fresh("before")
                    self.writer.emit(f"{target} = {out.text}")
                    return name(target, out.kind)
                return Scalar(out.expr, out.kind, out.if_true - changed, out.if_false - changed)
            case Record():
                return replace(out, parts=tuple([self.kept(part, changed) for part in out.parts]))
            case Maybe():
                there = self.kept(out.there, changed)
                assert isinstance(there, Scalar)
                if isinstance(there.expr, ast.Name):
                    there = Scalar(there.expr, "bool", there.if_true | {there.expr.id}, there.if_false)
                return Maybe(there, self.kept(out.value, changed))
            case Constant() | Buffer():
                return out

    def optional(self, inner: Anything, init: Any, a: Value) -> Walked:
        """The machine where there is an input; where there is none, its state stays."""
        if not isinstance(a, Maybe):
            return self.node(inner, init, a)
        there = self.writer.bind(a.there, "there")
        assert isinstance(there, Scalar)
        self.seen.append({})
        with self.writer.block(there.if_true) as then:
            held, out = self.node(inner, init, a.value)
        self.seen.pop()
        with self.writer.block() as otherwise:
            pass
        return held, join(self.writer, there, out, then, NOTHING, otherwise, "result")

    def guarded(self, machine: Guarded[Any], init: Cell, a: Value) -> Walked:
        """The machine, written out; where that cannot be, or where it is stopped, a call of its nested closures."""
        if init.error:
            return self.called(machine, a)
        depth, path = len(self.seen), self.path
        self.seen.append({})
        try:
            with self.writer.trial():
                walked = self.checked(machine, init, a)
        except Exception as error:  # outside of the dialect, or whatever a person's text does to who reads it
            del self.seen[depth:]
            self.path = path
            text = str(error) if isinstance(error, FuseError) else repr(error)
            self.writer.outside["/".join(path)] = text if PLACED.match(text) else machine.placed(text)
            return self.called(machine, a)
        self.seen[-2].update(self.seen.pop())
        return walked

    def called(self, machine: Guarded[Any], a: Value) -> Walked:
        """The nested closures of a guarded machine, called from the text, which keeps their cell unread."""
        at = self.path[-1] if self.path else "guarded"
        cell, function = self.writer.given(f"s_{at}"), self.writer.given(f"call_{at}")
        self.writer.calls[function] = machine.step
        told, there = self.writer.fresh(at), self.writer.fresh(f"has_{at}")
        self.writer.emit(f"{cell}, {told} = {function}({cell}, {self.writer.made(a)})")
        self.writer.emit(f"{there} = {told} is not None")
        return name(cell, "object"), Maybe(flag(there), name(told, "float"))

    def checked(self, machine: Guarded[Any], init: Cell, a: Value) -> Walked:
        """The machine, and a check of its output: what it finds is answered by the nested closures."""
        held, out = self.node(machine.machine, init.state, a)
        told = out if isinstance(out, Maybe) or out == NOTHING else Maybe(number(True), out)
        if isinstance(told, Maybe):
            value = self.as_float(told.value, machine)
            test = f"{told.there.text} and " if isinstance(out, Maybe) else ""
            low, high = number(machine.low).text, number(machine.high).text
            self.writer.splice(f"if {test}not {low} <= {value.text} <= {high}:", ["raise ValueError"])
            out = replace(told, value=value) if isinstance(out, Maybe) else value
        return Record(Cell, ("state", "error"), (held, Constant(init.error))), out

    def as_float(self, value: Value, machine: Guarded[Any]) -> Scalar:
        """An output as the guard lets it leave. FuseError: it is no number."""
        if isinstance(value, Constant) and isinstance(value.value, float | int):
            value = number(value.value)
        if not isinstance(value, Scalar) or value.kind == "bool":
            raise FuseError(machine.placed("the output is no number; write 1.0 or 0.0 for a truth"))
        return Scalar(ast.Call(ast.Name("float"), [value.expr], []), "float") if value.kind == "int" else value


def _pair(first: Value, second: Value) -> Record:
    return tuple_of((first, second))


def _two(value: Value, what: str, mend: str) -> tuple[Value, Value]:
    if isinstance(value, Record) and len(value.parts) == 2:
        return value.parts[0], value.parts[1]
    raise Unplaced(what, mend)


def _state_annotation(around: Surroundings) -> object:
    """What the step's first argument says that it is."""
    names = around.code.co_varnames[: around.code.co_argcount][:1]
    try:
        return get_type_hints(around.function, localns=around.known()).get(names[0]) if names else None
    except (NameError, TypeError):
        return None


def code_within(machine: Anything) -> CodeType | None:
    """The code of some step or function of a machine."""
    parts = [getattr(machine, field.name) for field in fields(cast(Any, machine))]
    for part in parts:
        if isinstance(part, FunctionType):
            return part.__code__
        found = code_within(part) if isinstance(part, Machine) else None
        if found is not None:
            return found
    return None


def _texts(value: Value) -> object:
    """The identity of a value: its structure and the text of its leaves."""
    match value:
        case Scalar():
            return value.text
        case Record():
            return (value.cls, tuple([_texts(part) for part in value.parts]))
        case Maybe():
            return (_texts(value.there), _texts(value.value))
        case Constant(value=known):
            return (type(known), repr(known))
        case Buffer():
            return value
