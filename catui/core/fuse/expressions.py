"""Expressions of the dialect: what each stands for, structure at once and scalars as text."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from catui.core.fuse import calls, rings
from catui.core.fuse.scope import Names, Scope
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
    is_truth,
    is_tuple,
    number,
    tuple_of,
)
from catui.core.fuse.writer import Block

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
WHOLE = (ast.FloorDiv, ast.Mod)


class Expressions(Scope):
    """The expressions of one function."""

    def helper(self, node: ast.Call, function: Callable[..., Any], arguments: list[Value], keywords: Names) -> Value:
        """What another function gives for these arguments, written out in turn."""
        raise NotImplementedError

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
                return calls.call(self, node)
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
        return tuple_of(parts)

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
        return tuple_of(made)

    def items(self, node: ast.expr) -> tuple[Value, ...]:
        """The items of something of known length."""
        match node:
            case ast.Call(func=ast.Name(id="zip"), args=many):
                columns = [self.items(one) for one in many]
                if len({len(column) for column in columns}) > 1:
                    raise self.fault(node, "zip of different lengths", "give it tuples of one length")
                return tuple([tuple_of(list(row)) for row in zip(*columns, strict=True)])
            case ast.Call(func=ast.Name(id="enumerate"), args=[one]):
                return tuple([tuple_of([Constant(i), part]) for i, part in enumerate(self.items(one))])
            case ast.Call(func=ast.Name(id="range"), args=bounds):
                known = [self.whole(bound) for bound in bounds]
                return tuple([Constant(i) for i in range(*known)])
            case _:
                return self.parts(self.value(node), node)

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
            return tuple_of(list(parts[low:high]))
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
        if isinstance(op, ast.Add) and is_tuple(left) and is_tuple(right):
            return tuple_of([*self.parts(left, node), *self.parts(right, node)])
        if isinstance(op, ast.Mult) and is_tuple(left) and isinstance(right, Constant) and type(right.value) is int:
            return tuple_of(list(self.parts(left, node) * right.value))
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
        if len(ops) == 1 and isinstance(ops[0], ast.Eq | ast.NotEq) and all(is_truth(v) for v in values):
            first, second = [v if isinstance(v, Scalar) else number(v == Constant(True)) for v in values]
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
