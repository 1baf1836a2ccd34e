"""The dialect: a step's syntax tree, evaluated while fusing; what depends on the input is written out.

Structure (tuples, records, None, loops of known length, branches on constants) is gone when the text is written. A
statement outside of the dialect raises `FuseError` with its place and what to write instead.
"""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from catui.core.fuse import rings
from catui.core.fuse.join import join
from catui.core.fuse.source import FuseError, NotFound, Surroundings, definition, is_function
from catui.core.fuse.values import (
    NO_FLAGS,
    NOTHING,
    Buffer,
    Constant,
    Kind,
    Maybe,
    Record,
    Scalar,
    Value,
    number,
)
from catui.core.fuse.writer import Block, Writer

MATH: dict[str, Kind] = {
    **dict.fromkeys(("sqrt", "exp", "log", "log1p", "expm1", "tanh", "atan", "fabs", "copysign", "erf"), "float"),
    **dict.fromkeys(("isfinite", "isnan", "isinf"), "bool"),
    **dict.fromkeys(("floor", "ceil"), "int"),
}
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
WHOLE = (ast.FloorDiv, ast.Mod)
DEEPEST = 40

Names = dict[str, Value]


def inline(writer: Writer, function: Callable[..., Any], arguments: Sequence[Value], depth: int = 0) -> Value:
    """The body of `function`, written out for these arguments; its result."""
    return Frame(writer, function, depth).called(arguments, {})


class Frame:
    """One function being written out."""

    def __init__(self, writer: Writer, function: Callable[..., Any], depth: int) -> None:
        self.writer = writer
        self.around = Surroundings(function)
        self.node = definition(self.around.code)
        self.depth = depth
        self.env: Names = {}

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

    # ---- statements

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

    def assign(self, target: ast.expr, value: Value) -> None:
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
            _tuple([no[k] for k in both]),
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
        except FuseError as fault:
            raise self.fault(at, str(fault), "let both branches give the same kind") from None

    def loop(self, statement: ast.For) -> None:
        """A loop over a tuple of known length, written out."""
        if statement.orelse:
            raise self.fault(statement, "a loop with else", "leave the else out")
        for part in self.items(statement.iter):
            self.assign(statement.target, part)
            if self.block(statement.body) is not None or any(
                isinstance(n, ast.Break | ast.Continue | ast.Return) for n in ast.walk(statement)
            ):
                raise self.fault(statement, "a loop that is left early", "write what it computes with if")

    # ---- expressions

    def value(self, node: ast.expr) -> Value:
        """What an expression stands for; scalars stay as expressions."""
        match node:
            case ast.Constant(value=value):
                return Constant(value)
            case ast.Name(id=at):
                return self.settled(self.env[at]) if at in self.env else self.free(node, at)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return self.display(items)
            case ast.ListComp(generators=[one]) | ast.GeneratorExp(generators=[one]):
                return self.comprehension(node.elt, one)
            case ast.Attribute(value=base, attr=attribute):
                return self.attribute(node, self.value(base), attribute)
            case ast.Subscript(value=base, slice=at):
                return self.subscript(node, base, at)
            case ast.IfExp():
                return self.conditional(node)
            case ast.BoolOp(op=op, values=values):
                return self.logic(node, isinstance(op, ast.And), values)
            case ast.UnaryOp(op=op, operand=operand):
                return self.unary(node, op, operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(node, self.value(left), op, self.value(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.compare(node, left, ops, others)
            case ast.Call():
                return self.call(node)
            case _:
                raise self.fault(node, "an expression outside of the dialect", "use numbers, records and math")

    def display(self, items: Sequence[ast.expr]) -> Value:
        """A tuple as it is written, `*` of a tuple included."""
        parts: list[Value] = []
        for item in items:
            if isinstance(item, ast.Starred):
                parts.extend(self.parts(self.value(item.value), item))
            else:
                parts.append(self.value(item))
        return _tuple(parts)

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
            return _tuple([self.parameters(x, f"{path}_{i}", cell) for i, x in enumerate(found)])
        if isinstance(found, msgspec.Struct):
            names = found.__struct_fields__
            parts = tuple(self.parameters(getattr(found, n), f"{path}_{n}", cell) for n in names)
            return Record(type(found), names, parts)
        return Constant(found)

    def comprehension(self, item: ast.expr, one: ast.comprehension) -> Value:
        before = dict(self.env)
        made = []
        for part in self.items(one.iter):
            self.assign(one.target, part)
            tests = [self.truth(test) for test in one.ifs]
            if any(not isinstance(test, Constant) for test in tests):
                raise self.fault(one.iter, "a length that depends on the data", "keep every item and weigh it with 0.0")
            if all(isinstance(test, Constant) and test.value for test in tests):
                made.append(self.writer.bind(self.value(item), "item"))
        self.env = before
        return _tuple(made)

    def items(self, node: ast.expr) -> tuple[Value, ...]:
        """The items of something of known length."""
        match node:
            case ast.Call(func=ast.Name(id="zip"), args=many):
                columns = [self.items(one) for one in many]
                if len({len(column) for column in columns}) > 1:
                    raise self.fault(node, "zip of different lengths", "give it tuples of one length")
                return tuple([_tuple(list(row)) for row in zip(*columns, strict=True)])
            case ast.Call(func=ast.Name(id="enumerate"), args=[one]):
                return tuple([_tuple([Constant(i), part]) for i, part in enumerate(self.items(one))])
            case ast.Call(func=ast.Name(id="range"), args=bounds):
                known = [self.whole(bound) for bound in bounds]
                return tuple([Constant(i) for i in range(*known)])
            case _:
                return self.parts(self.value(node), node)

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

    def attribute(self, node: ast.Attribute, base: Value, attribute: str) -> Value:
        base = self.present(base, node)
        if isinstance(base, Record) and attribute in base.names:
            return self.settled(base.parts[base.names.index(attribute)])
        if isinstance(base, Constant) and hasattr(base.value, attribute):
            return Constant(getattr(base.value, attribute))
        raise self.fault(node, f"nothing here has {attribute}", "read a field of a record")

    def subscript(self, node: ast.Subscript, base: ast.expr, at: ast.expr) -> Value:
        found = self.present(self.value(base), node)
        if isinstance(found, Buffer):
            return rings.read(self, node, found, self.number(self.value(at), at))
        parts = self.parts(found, node)
        if isinstance(at, ast.Slice):
            low, high = [None if bound is None else self.whole(bound) for bound in (at.lower, at.upper)]
            if at.step is not None:
                raise self.fault(node, "a slice with a step", "name the items")
            return _tuple(list(parts[low:high]))
        index = self.whole(at)
        if not -len(parts) <= index < len(parts):
            raise self.fault(node, f"item {index} of {len(parts)}", "read one that is there")
        return self.settled(parts[index])

    def whole(self, node: ast.expr) -> int:
        """A whole number that is known now."""
        found = self.value(node)
        if isinstance(found, Constant) and type(found.value) is int:
            return found.value
        raise self.fault(node, "an index or a length that depends on the data", "use a constant one")

    def conditional(self, node: ast.IfExp) -> Value:
        test = self.truth(node.test)
        if isinstance(test, Constant):
            return self.value(node.body if test.value else node.orelse)
        with self.writer.block(test.if_true) as then:
            yes = self.settled(self.value(node.body))
        with self.writer.block(test.if_false) as otherwise:
            no = self.settled(self.value(node.orelse))
        return self.join(node, test, yes, then, no, otherwise, "x")

    def logic(self, node: ast.BoolOp, is_and: bool, values: Sequence[ast.expr]) -> Value:
        """`and`, `or`: as in Python, the right side counts only if the left one leaves it open."""
        left = self.truth(values[0])
        if len(values) == 1:
            return left
        rest = ast.copy_location(ast.BoolOp(node.op, list(values[1:])), node)
        if isinstance(left, Constant):
            return self.logic(rest, is_and, values[1:]) if bool(left.value) is is_and else Constant(not is_and)
        with self.writer.block(left.if_true if is_and else left.if_false) as lines:
            right = self.logic(rest, is_and, values[1:])
        if lines:
            yes, no = (right, Constant(False)) if is_and else (Constant(True), right)
            return self.join(node, left, yes, lines if is_and else Block(), no, Block() if is_and else lines, "x")
        if isinstance(right, Constant):
            return left if bool(right.value) is is_and else Constant(not is_and)
        assert isinstance(right, Scalar)
        op: ast.boolop = ast.And() if is_and else ast.Or()
        joined = ast.BoolOp(op, [left.expr, right.expr])
        if is_and:
            return Scalar(joined, "bool", left.if_true | right.if_true, left.if_false & right.if_false)
        return Scalar(joined, "bool", left.if_true & right.if_true, left.if_false | right.if_false)

    def truth(self, node: ast.expr) -> "Scalar | Constant":
        """An expression as a condition."""
        found = self.value(node)
        if isinstance(found, Constant) and isinstance(found.value, bool):
            return found
        if isinstance(found, Scalar) and found.kind == "bool":
            return (
                replace(found, if_true=found.if_true | {found.expr.id}) if isinstance(found.expr, ast.Name) else found
            )
        raise self.fault(node, "a condition that is no comparison", "compare it, e.g. with > 0.0 or is not None")

    def unary(self, node: ast.UnaryOp, op: ast.unaryop, operand: ast.expr) -> Value:
        if isinstance(op, ast.Not):
            test = self.truth(operand)
            if isinstance(test, Constant):
                return Constant(not test.value)
            return Scalar(ast.UnaryOp(ast.Not(), test.expr), "bool", test.if_false, test.if_true)
        if not isinstance(op, ast.USub):
            raise self.fault(node, "an operator outside of the dialect", "use + - * /")
        found = self.value(operand)
        if isinstance(found, Constant) and type(found.value) in (int, float):
            return Constant(-found.value)  # type: ignore[operator]  # a number: said by the line above
        scalar = self.number(found, operand)
        return self.writer.once(Scalar(ast.UnaryOp(ast.USub(), scalar.expr), scalar.kind))

    def binary(self, node: ast.expr, left: Value, op: ast.operator, right: Value) -> Value:
        if isinstance(op, ast.Add) and _is_tuple(left) and _is_tuple(right):
            return _tuple([*self.parts(left, node), *self.parts(right, node)])
        if isinstance(op, ast.Mult) and _is_tuple(left) and isinstance(right, Constant) and type(right.value) is int:
            return _tuple(list(self.parts(left, node) * right.value))
        if isinstance(left, Constant) and isinstance(right, Constant):
            return self.known(node, left, op, right)
        one, other = self.number(left, node), self.number(right, node)
        kinds = {one.kind, other.kind}
        if isinstance(op, ast.Pow):
            raise self.fault(node, "a power is not the same in every reading", "write x*x, sqrt(x) or exp(y * log(x))")
        if isinstance(op, WHOLE) and kinds != {"int"}:
            raise self.fault(node, "whole division of floats", "use floor(x / y), or ints")
        if not isinstance(op, ARITHMETIC + WHOLE):
            raise self.fault(node, "an operator outside of the dialect", "use + - * /")
        kind: Kind = "int" if kinds == {"int"} and not isinstance(op, ast.Div) else "float"
        found = Scalar(ast.BinOp(one.expr, op, other.expr), kind)
        return self.writer.once(found) if isinstance(op, ast.Add | ast.Sub | ast.Mult) else found

    def known(self, node: ast.expr, left: Constant, op: ast.operator, right: Constant) -> Value:
        """Two numbers that are known: computed now."""
        text = ast.unparse(ast.BinOp(ast.Name("left"), op, ast.Name("right")))
        try:
            return Constant(eval(text, {"__builtins__": {}}, {"left": left.value, "right": right.value}))
        except Exception as fault:
            raise self.fault(node, f"{type(fault).__name__}: {fault}", "use numbers that this is defined for") from None

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
        return (
            value.value
            if is_known or (isinstance(there.expr, ast.Name) and there.if_true <= self.writer.known)
            else value
        )

    def compare(self, node: ast.Compare, left: ast.expr, ops: list[ast.cmpop], others: list[ast.expr]) -> Value:
        values = [self.value(one) for one in (left, *others)]
        if len(ops) == 1 and isinstance(ops[0], ast.Is | ast.IsNot):
            return self.is_same(node, values[0], values[1], isinstance(ops[0], ast.Is))
        if len(ops) == 1 and all(isinstance(v, Constant) for v in values):
            first, second = (v.value for v in values if isinstance(v, Constant))
            text = ast.unparse(ast.Compare(ast.Name("left"), ops, [ast.Name("right")]))
            return Constant(bool(eval(text, {"__builtins__": {}}, {"left": first, "right": second})))
        if any(isinstance(op, ast.In | ast.NotIn | ast.Is | ast.IsNot) for op in ops):
            raise self.fault(node, "a comparison outside of the dialect", "compare numbers")
        if len(ops) == 1 and isinstance(ops[0], ast.Eq | ast.NotEq) and all(_is_truth(v) for v in values):
            first, second = (v if isinstance(v, Scalar) else number(bool(_constant(v))) for v in values)
            return Scalar(ast.Compare(first.expr, ops, [second.expr]), "bool")
        numbers = [self.number(v, node) for v in values]
        middle = numbers[1:-1]
        for i, one in enumerate(middle, 1):
            bound = self.writer.bind(one, "x")
            assert isinstance(bound, Scalar)
            numbers[i] = bound
        return Scalar(ast.Compare(numbers[0].expr, ops, [n.expr for n in numbers[1:]]), "bool")

    def is_same(self, node: ast.Compare, value: Value, other: Value, is_is: bool) -> Value:
        """`is`, `is not`: None by its presence flag, and constants by identity."""
        if isinstance(value, Constant) and isinstance(other, Constant):
            return Constant((value.value is other.value) is is_is)
        if other != NOTHING:
            raise self.fault(node, "is compares with None only", "use ==")
        if not isinstance(value, Maybe):
            return Constant(not is_is)
        there = value.there
        if isinstance(there.expr, ast.Constant):
            return Constant(bool(there.expr.value) is not is_is)
        if not is_is:
            return there
        return Scalar(ast.UnaryOp(ast.Not(), there.expr), "bool", NO_FLAGS, there.if_true)

    # ---- calls

    def call(self, node: ast.Call) -> Value:
        if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
            raise self.fault(node, "a call with * or **", "name every argument")
        found = self.value(node.func)
        if not isinstance(found, Constant) or not callable(found.value):
            raise self.fault(node, "a call of something that is not known", "call a function or a record class")
        called = found.value
        if called in (zip, enumerate, range):
            return _tuple(list(self.items(node)))
        arguments = [self.value(a) for a in node.args]
        keywords = {k.arg: self.value(k.value) for k in node.keywords if k.arg is not None}
        if isinstance(called, type):
            return self.constructed(node, called, arguments, keywords)
        if called is msgspec.structs.replace:
            return self.replaced(node, arguments, keywords)
        if called in BUILTINS and not keywords:
            return BUILTINS[called](self, node, arguments)
        if getattr(called, "__module__", None) == "math":
            return self.math(node, called, arguments)
        if is_function(called):
            return Frame(self.writer, called, self.depth + 1).called(arguments, keywords)
        raise self.fault(
            node, f"{getattr(called, '__name__', 'this')} is outside of the dialect", "use math or a helper"
        )

    def math(self, node: ast.Call, called: Any, arguments: list[Value]) -> Value:
        known = called.__name__
        if known not in MATH:
            raise self.fault(node, f"math.{known} is not the same in every reading", f"use one of {', '.join(MATH)}")
        numbers = [self.number(a, node) for a in arguments]
        self.writer.math.add(known)
        return Scalar(ast.Call(ast.Name(known), [n.expr for n in numbers], []), MATH[known])

    def constructed(self, node: ast.Call, cls: type, arguments: list[Value], keywords: Names) -> Value:
        """A tuple from its items, a float from an int, or a record from its fields."""
        if cls in (tuple, list) and len(arguments) == 1:
            return _tuple(list(self.parts(arguments[0], node)))
        if cls is float and len(arguments) == 1:
            one = self.number(arguments[0], node)
            return one if one.kind == "float" else Scalar(ast.Call(ast.Name("float"), [one.expr], []), "float")
        names = record_names(cls)
        if names is None:
            raise self.fault(node, f"{cls.__name__} is no record", "use a msgspec Struct or a NamedTuple")
        given = {**dict(zip(names, arguments, strict=False)), **keywords}
        for field, default in record_defaults(cls).items():
            given.setdefault(field, Constant(default))
        if len(arguments) > len(names) or set(given) != set(names):
            raise self.fault(node, f"{cls.__name__} has {', '.join(names)}", "give each field once")
        return Record(cls, names, tuple([self.writer.bind(given[n], n) for n in names]))

    def replaced(self, node: ast.Call, arguments: list[Value], keywords: Names) -> Value:
        base = self.present(arguments[0], node)
        if not isinstance(base, Record) or not set(keywords) <= set(base.names):
            raise self.fault(node, "replace of something that is no such record", "name fields of the record")
        parts = zip(base.names, base.parts, strict=True)
        return Record(base.cls, base.names, tuple([self.writer.bind(keywords.get(n, p), n) for n, p in parts]))

    def fault(self, node: ast.AST, what: str, mend: str) -> FuseError:
        """What is said of a statement outside of the dialect."""
        line = getattr(node, "lineno", self.around.code.co_firstlineno)
        text = ast.unparse(node).splitlines()[0][:100]
        return FuseError(f"{self.around.code.co_filename}:{line}: {what}: {text}; {mend}")


def record_names(cls: type) -> tuple[str, ...] | None:
    """The fields of a record class, in order; None for a class that is no record."""
    if issubclass(cls, msgspec.Struct):
        return cls.__struct_fields__
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return tuple(cls._fields)
    return None


def record_defaults(cls: type) -> dict[str, object]:
    """The fields that have a plain default."""
    if issubclass(cls, msgspec.Struct):
        fields = msgspec.structs.fields(cls)
        return {f.name: f.default for f in fields if f.default is not msgspec.NODEFAULT}
    return dict(getattr(cls, "_field_defaults", {}))


def _largest(frame: Frame, node: ast.Call, arguments: list[Value]) -> Value:
    return _folded(frame, node, arguments, ast.Gt())


def _smallest(frame: Frame, node: ast.Call, arguments: list[Value]) -> Value:
    return _folded(frame, node, arguments, ast.Lt())


def _folded(frame: Frame, node: ast.Call, arguments: list[Value], better: ast.cmpop) -> Value:
    """`max` and `min` as Python defines them: the first one that none after it betters."""
    values = list(frame.parts(arguments[0], node)) if len(arguments) == 1 else arguments
    if values and all(isinstance(v, Constant) for v in values):
        known: list[Any] = [_constant(v) for v in values]
        return Constant(max(known) if isinstance(better, ast.Gt) else min(known))
    numbers = [frame.writer.bind(frame.number(v, node), "x") for v in values]
    best = numbers[0]
    for one in numbers[1:]:
        assert isinstance(best, Scalar)
        assert isinstance(one, Scalar)
        if best.kind != one.kind:
            raise frame.fault(node, "an int and a float", "write 0.0 for 0")
        chosen = ast.IfExp(ast.Compare(one.expr, [better], [best.expr]), one.expr, best.expr)
        best = frame.writer.bind(Scalar(chosen, best.kind), "best")
    return best


def _absolute(frame: Frame, node: ast.Call, arguments: list[Value]) -> Value:
    one = frame.number(arguments[0], node)
    return Scalar(ast.Call(ast.Name("abs"), [one.expr], []), one.kind)


def _length(frame: Frame, node: ast.Call, arguments: list[Value]) -> Value:
    if isinstance(arguments[0], Buffer):
        return rings.length(frame, arguments[0])
    return Constant(len(frame.parts(arguments[0], node)))


def _any(frame: Frame, node: ast.Call, arguments: list[Value]) -> Value:
    return _quantified(frame, node, arguments, ast.Or())


def _all(frame: Frame, node: ast.Call, arguments: list[Value]) -> Value:
    return _quantified(frame, node, arguments, ast.And())


def _quantified(frame: Frame, node: ast.Call, arguments: list[Value], op: ast.boolop) -> Value:
    parts = frame.parts(arguments[0], node)
    if not all(_is_truth(part) for part in parts):
        raise frame.fault(node, "not all of these are truths", "compare each")
    is_and = isinstance(op, ast.And)
    if any(isinstance(part, Constant) and part.value is not is_and for part in parts):
        return Constant(not is_and)
    exprs = [part.expr for part in parts if isinstance(part, Scalar)]
    if not exprs:
        return Constant(is_and)
    return Scalar(exprs[0] if len(exprs) == 1 else ast.BoolOp(op, exprs), "bool")


BUILTINS: dict[Any, Callable[[Frame, ast.Call, list[Value]], Value]] = {
    max: _largest,
    min: _smallest,
    abs: _absolute,
    len: _length,
    any: _any,
    all: _all,
    **rings.RINGS,
}


def _tuple(parts: list[Value]) -> Record:
    return Record(None, (), tuple(parts))


def _is_tuple(value: Value) -> bool:
    return (isinstance(value, Record) and value.cls is None) or (
        isinstance(value, Constant) and type(value.value) is tuple
    )


def _is_truth(value: Value) -> bool:
    return (isinstance(value, Scalar) and value.kind == "bool") or (
        isinstance(value, Constant) and isinstance(value.value, bool)
    )


def _constant(value: Value) -> object:
    assert isinstance(value, Constant)
    return value.value


def _returns(statement: ast.If) -> bool:
    return any(isinstance(n, ast.Return) for n in ast.walk(statement))
