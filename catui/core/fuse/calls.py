"""Calls in the dialect: records, `math`, builtins, rings, and helper functions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import msgspec

from catui.core.fuse import rings
from catui.core.fuse.records import record_defaults, record_names
from catui.core.fuse.scope import Names
from catui.core.fuse.source import is_function
from catui.core.fuse.values import Buffer, Constant, Kind, Record, Scalar, Value, is_truth, tuple_of

if TYPE_CHECKING:
    from catui.core.fuse.expressions import Expressions

MATH: dict[str, Kind] = {
    **dict.fromkeys(("sqrt", "exp", "log", "log1p", "expm1", "tanh", "atan", "fabs", "copysign", "erf"), "float"),
    **dict.fromkeys(("isfinite", "isnan", "isinf"), "bool"),
    **dict.fromkeys(("floor", "ceil"), "int"),
}

INSTEAD: dict[type, str] = {
    int: "use floor or ceil",
    bool: "compare it, e.g. with != 0.0",
    str: "give out numbers",
    dict: "use a record",
    set: "use a tuple",
}


def call(frame: Expressions, node: ast.Call) -> Value:
    """What a call gives."""
    if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        raise frame.fault(node, "a call with * or **", "name every argument")
    found = frame.value(node.func)
    if not isinstance(found, Constant) or not callable(found.value):
        raise frame.fault(node, "a call of something that is not known", "call a function or a record class")
    called = found.value
    if called in (zip, enumerate, range):
        return tuple_of(list(frame.items(node)))
    arguments = [frame.value(a) for a in node.args]
    keywords = {k.arg: frame.value(k.value) for k in node.keywords if k.arg is not None}
    if isinstance(called, type):
        return _constructed(frame, node, called, arguments, keywords)
    if called is msgspec.structs.replace:
        return _replaced(frame, node, arguments, keywords)
    if isinstance(called, Hashable) and called in BUILTINS and not keywords:
        return BUILTINS[called](frame, node, arguments)
    if getattr(called, "__module__", None) == "math":
        return _math(frame, node, called, arguments)
    if is_function(called):
        return frame.helper(node, called, arguments, keywords)
    raise frame.fault(node, f"{getattr(called, '__name__', 'this')} is outside of the dialect", "use math or a helper")


def _math(frame: Expressions, node: ast.Call, called: Any, arguments: list[Value]) -> Value:
    known = called.__name__
    if known not in MATH:
        raise frame.fault(node, f"math.{known} is not the same in every reading", f"use one of {', '.join(MATH)}")
    numbers = [frame.number(a, node) for a in arguments]
    frame.writer.math.add(known)
    return Scalar(ast.Call(ast.Name(known), [n.expr for n in numbers], []), MATH[known])


def _constructed(frame: Expressions, node: ast.Call, cls: type, arguments: list[Value], keywords: Names) -> Value:
    """A tuple from its items, a float from an int, or a record from its fields."""
    if cls in (tuple, list) and len(arguments) == 1:
        return tuple_of(list(frame.parts(arguments[0], node)))
    if cls is float and len(arguments) == 1:
        one = frame.number(arguments[0], node)
        return one if one.kind == "float" else Scalar(ast.Call(ast.Name("float"), [one.expr], []), "float")
    names = record_names(cls)
    if names is None:
        mend = INSTEAD.get(cls, "use a msgspec Struct or a NamedTuple")
        raise frame.fault(node, f"{cls.__name__} is no record", mend)
    given = {**dict(zip(names, arguments, strict=False)), **keywords}
    for field, default in record_defaults(cls).items():
        given.setdefault(field, Constant(default))
    if len(arguments) > len(names) or set(given) != set(names):
        raise frame.fault(node, f"{cls.__name__} has {', '.join(names)}", "give each field once")
    return Record(cls, names, tuple([frame.writer.bind(given[n], n) for n in names]))


def _replaced(frame: Expressions, node: ast.Call, arguments: list[Value], keywords: Names) -> Value:
    base = frame.present(arguments[0], node)
    if not isinstance(base, Record) or not set(keywords) <= set(base.names):
        raise frame.fault(node, "replace of something that is no such record", "name fields of the record")
    parts = zip(base.names, base.parts, strict=True)
    return Record(base.cls, base.names, tuple([frame.writer.bind(keywords.get(n, p), n) for n, p in parts]))


def _largest(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    return _folded(frame, node, arguments, ast.Gt())


def _smallest(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    return _folded(frame, node, arguments, ast.Lt())


def _folded(frame: Expressions, node: ast.Call, arguments: list[Value], better: ast.cmpop) -> Value:
    """`max` and `min` as Python defines them: the first one that none after it betters."""
    values = list(frame.parts(arguments[0], node)) if len(arguments) == 1 else arguments
    if not values:
        raise frame.fault(node, "the best of nothing", "give it two numbers, or a tuple of some")
    known: list[Any] = [v.value for v in values if isinstance(v, Constant)]
    if len(known) == len(values):
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


def _only(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    """The argument of a builtin that takes one."""
    if len(arguments) != 1:
        raise frame.fault(node, f"{len(arguments)} arguments for one", "give it one")
    return arguments[0]


def _absolute(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    one = frame.number(_only(frame, node, arguments), node)
    return Scalar(ast.Call(ast.Name("abs"), [one.expr], []), one.kind)


def _length(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    one = _only(frame, node, arguments)
    return rings.length(frame, one) if isinstance(one, Buffer) else Constant(len(frame.parts(one, node)))


def _any(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    return _quantified(frame, node, arguments, ast.Or())


def _all(frame: Expressions, node: ast.Call, arguments: list[Value]) -> Value:
    return _quantified(frame, node, arguments, ast.And())


def _quantified(frame: Expressions, node: ast.Call, arguments: list[Value], op: ast.boolop) -> Value:
    parts = frame.parts(_only(frame, node, arguments), node)
    if not all(is_truth(part) for part in parts):
        raise frame.fault(node, "not all of these are truths", "compare each")
    is_and = isinstance(op, ast.And)
    if any(isinstance(part, Constant) and part.value is not is_and for part in parts):
        return Constant(not is_and)
    exprs = [part.expr for part in parts if isinstance(part, Scalar)]
    if not exprs:
        return Constant(is_and)
    return Scalar(exprs[0] if len(exprs) == 1 else ast.BoolOp(op, exprs), "bool")


BUILTINS: dict[Any, Callable[[Expressions, ast.Call, list[Value]], Value]] = {
    max: _largest,
    min: _smallest,
    abs: _absolute,
    len: _length,
    any: _any,
    all: _all,
    **rings.RINGS,
}
