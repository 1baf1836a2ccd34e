"""The dialect: a step's syntax tree, evaluated while fusing; what depends on the input is written out.

Structure (tuples, records, None, loops of known length, branches on constants) is gone when the text is written. A
statement outside of the dialect raises `FuseError` with its place and what to write instead. Here are its statements;
`expressions.py`, `calls.py` and `rings.py` have the rest.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any

from catui.core.fuse.expressions import Expressions
from catui.core.fuse.scope import Names
from catui.core.fuse.values import NOTHING, Constant, Record, Value, tuple_of
from catui.core.fuse.writer import Writer

DEEPEST = 40


def inline(writer: Writer, function: Callable[..., Any], arguments: Sequence[Value], depth: int = 0) -> Value:
    """The body of `function`, written out for these arguments; its result."""
    return Frame(writer, function, depth).called(arguments, {})


class Frame(Expressions):
    """The statements of one function."""

    def called(self, arguments: Sequence[Value], keywords: Names) -> Value:
        """The result for these arguments; they are bound to the parameters as Python does."""
        if self.depth > DEEPEST:
            raise self.fault(self.node, "a helper that calls itself has no end here", "write a loop of known length")
        formal = self.node.args
        if formal.vararg or formal.kwarg:
            raise self.fault(self.node, "a step with * or ** arguments", "name every argument")
        parameters = [a.arg for a in (*formal.posonlyargs, *formal.args)]
        every = parameters + [a.arg for a in formal.kwonlyargs]
        defaults = self.around.function.__defaults__ or ()
        bound: Names = dict(zip(parameters[len(parameters) - len(defaults) :], map(Constant, defaults), strict=True))
        bound.update({k: Constant(v) for k, v in (self.around.function.__kwdefaults__ or {}).items()})
        bound.update(zip(parameters, arguments, strict=False))
        bound.update(keywords)
        if len(arguments) > len(parameters) or set(bound) != set(every):
            raise self.fault(
                self.node, f"{self.around.label} takes {', '.join(every) or 'nothing'}", "call it with those"
            )
        self.env = {key: self.writer.bind(value, key) for key, value in bound.items()}
        if isinstance(self.node, ast.Lambda):
            return self.value(self.node.body)
        result = self.block(self.node.body)
        return NOTHING if result is None else result

    def block(self, body: Sequence[ast.stmt]) -> Value | None:
        """The value that the statements return; None where they run through."""
        for i, statement in enumerate(body):
            match statement:
                case ast.Return(value=None):
                    return NOTHING
                case ast.Return(value=ast.expr() as expression):
                    return self.writer.bind(self.settled(self.value(expression)), "result")
                case ast.Assign(targets=[target], value=expression):
                    self.assign(target, self.value(expression))
                case ast.AnnAssign(target=target, value=ast.expr() as expression):
                    self.assign(target, self.value(expression))
                case ast.AugAssign(target=ast.Name() as target, op=op, value=expression):
                    at = ast.copy_location(ast.BinOp(ast.Name(target.id), op, expression), statement)
                    ast.copy_location(at.left, statement)
                    self.assign(target, self.value(at))
                case ast.If():
                    if _returns(statement):
                        return self.branch_and_return(statement, body[i + 1 :])
                    self.branch(statement)
                case ast.For():
                    self.loop(statement)
                case ast.Expr(value=ast.Constant()) | ast.Pass():
                    pass
                case _:
                    raise self.fault(statement, "a statement outside of the dialect", "use assignments, if, and return")
        return None

    def branch(self, statement: ast.If) -> None:
        """Both branches; a name that was assigned in one is joined after them."""
        test = self.truth(statement.test)
        if isinstance(test, Constant):
            self.block(statement.body if test.value else statement.orelse)
            return
        before = self.env
        self.env = dict(before)
        with self.writer.block(test.if_true) as then:
            self.block(statement.body)
            yes, self.env = {key: self.settled(value) for key, value in self.env.items()}, dict(before)
        with self.writer.block(test.if_false) as otherwise:
            self.block(statement.orelse)
            no = {key: self.settled(value) for key, value in self.env.items()}
        both = [key for key in yes if key in no and yes[key] is not no[key]]
        self.env = {key: yes[key] for key in yes if key in no}
        joined = self.join(
            statement,
            test,
            Record(None, (), tuple(yes[k] for k in both)),
            then,
            tuple_of([no[k] for k in both]),
            otherwise,
            both,
        )
        assert isinstance(joined, Record)
        self.env.update(zip(both, joined.parts, strict=True))

    def branch_and_return(self, statement: ast.If, rest: Sequence[ast.stmt]) -> Value | None:
        """An `if` in which something returns: what follows it belongs to each branch that runs through."""
        test = self.truth(statement.test)
        if isinstance(test, Constant):
            return self.block([*(statement.body if test.value else statement.orelse), *rest])
        before = self.env
        self.env = dict(before)
        with self.writer.block(test.if_true) as then:
            yes = self.block([*statement.body, *rest])
        self.env = dict(before)
        with self.writer.block(test.if_false) as otherwise:
            no = self.block([*statement.orelse, *rest])
        return self.join(
            statement, test, NOTHING if yes is None else yes, then, NOTHING if no is None else no, otherwise, "result"
        )

    def loop(self, statement: ast.For) -> None:
        """A loop over a tuple of known length, written out."""
        if statement.orelse:
            raise self.fault(statement, "a loop with else", "leave the else out")
        if any(isinstance(n, ast.Break | ast.Continue | ast.Return) for n in ast.walk(statement)):
            raise self.fault(statement, "a loop that is left early", "write what it computes with if")
        for part in self.items(statement.iter):
            self.assign(statement.target, part)
            self.block(statement.body)

    def helper(self, node: ast.Call, function: Callable[..., Any], arguments: list[Value], keywords: Names) -> Value:
        return Frame(self.writer, function, self.depth + 1).called(arguments, keywords)


def _returns(statement: ast.If) -> bool:
    return any(isinstance(n, ast.Return) for n in ast.walk(statement))
