"""Where an expression stands: the function that it is of, what its names are, and what is said when it cannot be."""

import ast
from collections.abc import Callable, Sequence
from typing import Any

from catui.core.fuse.join import join
from catui.core.fuse.records import record_names
from catui.core.fuse.source import FuseError, NotFound, Surroundings, Unplaced, definition, placed
from catui.core.fuse.values import Constant, Maybe, Record, Scalar, Value, number, tuple_of
from catui.core.fuse.writer import Block, Writer

Names = dict[str, Value]


class Scope:
    """One function that is being written out: its names so far, and the text that it is written to."""

    def __init__(self, writer: Writer, function: Callable[..., Any], depth: int) -> None:
        self.writer = writer
        self.around = Surroundings(function)
        self.node = definition(self.around.code)
        self.depth = depth
        self.env: Names = {}

    def free(self, node: ast.Name, at: str) -> Value:
        """A name from outside: a float of the closure is a parameter, everything else is known now."""
        try:
            found = self.around.value(at)
        except NotFound:
            raise self.fault(node, f"the name {at} has no value on every way here", "assign it before the if") from None
        except ValueError:
            raise self.fault(node, f"the name {at} has no value yet", "assign it before the step is made") from None
        cell = self.around.cell(at)
        return Constant(found) if cell is None else self.parameters(found, at, cell)

    def parameters(self, found: object, path: str, cell: Any) -> Value:
        """Floats in a value of the closure become parameters; its structure is known."""
        if isinstance(found, float):
            return self.writer.parameter(cell, path, found)
        if type(found) is tuple and any(isinstance(x, float) for x in found):
            return tuple_of([self.parameters(x, f"{path}_{i}", cell) for i, x in enumerate(found)])
        names = record_names(type(found))
        if names is not None:
            parts = tuple(self.parameters(getattr(found, n), f"{path}_{n}", cell) for n in names)
            return Record(type(found), names, parts)
        return Constant(found)

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a value, or its parts, to a name or to names."""
        match target:
            case ast.Name(id=at):
                self.env[at] = self.writer.bind(value, at)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                parts = self.parts(value, target)
                if len(parts) != len(targets) or any(isinstance(t, ast.Starred) for t in targets):
                    raise self.fault(
                        target, f"{len(parts)} values for {len(targets)} names", "unpack as many as there are"
                    )
                for one, part in zip(targets, parts, strict=True):
                    self.assign(one, part)
            case _:
                raise self.fault(target, "an assignment to something else than a name", "make a new record")

    def parts(self, value: Value, node: ast.AST) -> tuple[Value, ...]:
        """The parts of a tuple or record."""
        value = self.present(value, node)
        match value:
            case Record(parts=parts):
                return parts
            case Constant(value=tuple() as known):
                return tuple([Constant(x) for x in known])
            case _:
                raise self.fault(node, "no tuple of known length", "use a tuple or a record")

    def number(self, value: Value, node: ast.AST) -> Scalar:
        """A number, int or float."""
        value = self.present(value, node)
        if isinstance(value, Constant) and type(value.value) in (int, float):
            return number(value.value)  # type: ignore[arg-type]  # a number: said by the line above
        if isinstance(value, Scalar) and value.kind != "bool":
            return value
        what = "a truth" if isinstance(value, Scalar) else "no number"
        raise self.fault(node, f"{what} is used as a number", "write 1.0 if it is true, else 0.0")

    def present(self, value: Value, node: ast.AST) -> Value:
        """The value behind a presence flag. FuseError: it may be None here."""
        if not isinstance(value, Maybe):
            return value
        settled = self.settled(value)
        if isinstance(settled, Maybe):
            raise self.fault(node, "it may be None here", "test it first: is not None")
        return settled

    def settled(self, value: Value) -> Value:
        """Without its presence flag, where that is known to be true here."""
        if not isinstance(value, Maybe):
            return value
        there = value.there
        is_known = isinstance(there.expr, ast.Constant) and there.expr.value is True
        is_known = is_known or (isinstance(there.expr, ast.Name) and there.text in self.writer.known)
        return value.value if is_known else value

    def join(
        self,
        at: ast.AST,
        test: Scalar,
        yes: Value,
        then: Block,
        no: Value,
        otherwise: Block,
        hints: str | Sequence[str],
    ) -> Value:
        try:
            return join(self.writer, test, yes, then, no, otherwise, hints)
        except Unplaced as fault:
            raise self.fault(at, fault.what, fault.mend) from None

    def fault(self, node: ast.AST, what: str, mend: str) -> FuseError:
        """What is said of a statement outside of the dialect."""
        return placed(self.around.code, node, what, mend)
