"""What a value is while a step is being flattened: scalars stay as expressions, everything else is taken apart.

Scalar      a number or a truth at run time, or an object that is only handed on, as an expression of the generated text
Constant    known while fusing: None, text, structure, a function, a number written in the source
Record      a tuple, or a record of a class, as its parts
Maybe       a value that can be None: a presence flag beside it
Buffer      a ring of the state, by name, as one list or array that is changed in place
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite, isnan
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["float", "int", "bool", "object"]
Flags: TypeAlias = frozenset[str]
NO_FLAGS: Flags = frozenset()


@dataclass(frozen=True)
class Scalar:
    """An expression of one kind. A truth also knows which presence flags hold when it is true, and when false."""

    expr: ast.expr
    kind: Kind
    if_true: Flags = NO_FLAGS
    if_false: Flags = NO_FLAGS

    @property
    def is_atom(self) -> bool:
        """Whether it is a name or a number, which can be repeated at no cost."""
        return isinstance(self.expr, ast.Name | ast.Constant)

    @cached_property
    def text(self) -> str:
        """The expression as source."""
        return ast.unparse(self.expr)


@dataclass(frozen=True)
class Constant:
    """A value that is known while fusing."""

    value: object


@dataclass(frozen=True)
class Record:
    """A tuple (`cls` None) or a record of a class, with its field names."""

    cls: type | None
    names: tuple[str, ...]
    parts: "tuple[Value, ...]"


@dataclass(frozen=True)
class Maybe:
    """A value with its presence flag; where the flag is false, the value is of no meaning."""

    there: Scalar
    value: "Value"


@dataclass(frozen=True)
class Buffer:
    """A ring of the state. `version` says after which change this is what it holds: the newest is the only one left."""

    name: str
    kind: Kind
    length: int
    version: int = 0


Value: TypeAlias = Scalar | Constant | Record | Maybe | Buffer

NOTHING = Constant(None)
ARTICLED: dict[Kind, str] = {"float": "a float", "int": "an int", "bool": "a truth", "object": "an object"}
ZERO: dict[Kind, float | int | bool] = {"float": 0.0, "int": 0, "bool": False}


def name(text: str, kind: Kind) -> Scalar:
    """A local name of the generated text."""
    return Scalar(ast.Name(text), kind)


def flag(text: str) -> Scalar:
    """A presence flag: when it is true, it is itself known."""
    return Scalar(ast.Name(text), "bool", frozenset((text,)))


def number(value: float | int | bool) -> Scalar:
    """A number as it is written."""
    kind: Kind = "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "float"
    if not isfinite(value):
        of = ast.Name("nan" if isnan(value) else "inf")
        return Scalar(ast.UnaryOp(ast.USub(), of) if value < 0 else of, kind)
    if kind != "bool" and (value < 0 or str(value).startswith("-")):
        return Scalar(ast.UnaryOp(ast.USub(), ast.Constant(-value)), kind)
    return Scalar(ast.Constant(value), kind)


def leaves(value: Value) -> Iterator[Scalar | Buffer]:
    """What is left of a value when all structure is gone, in order; a presence flag comes before its value."""
    match value:
        case Scalar() | Buffer():
            yield value
        case Constant():
            return
        case Record(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Maybe(there=there, value=inner):
            yield there
            yield from leaves(inner)


def renamed(value: Value, becomes: Mapping[str, str]) -> Value:
    """The value with other names for some of its leaves."""
    match value:
        case Scalar(expr=expr):
            at = ast.Name(becomes.get(expr.id, expr.id)) if isinstance(expr, ast.Name) else expr
            flags = [frozenset(becomes.get(flag, flag) for flag in known) for known in (value.if_true, value.if_false)]
            return Scalar(at, value.kind, *flags)
        case Record(parts=parts):
            return replace(value, parts=tuple([renamed(part, becomes) for part in parts]))
        case Maybe(there=there, value=inner):
            flag = renamed(there, becomes)
            assert isinstance(flag, Scalar)
            return Maybe(flag, renamed(inner, becomes))
        case _:
            return value


def tuple_of(parts: Iterable[Value]) -> Record:
    """A tuple of these."""
    return Record(None, (), tuple(parts))


def described(value: Value) -> str:
    """What it is, in a word or two."""
    match value:
        case Scalar(kind=kind):
            return ARTICLED[kind]
        case Maybe(value=inner):
            return f"{described(inner)} or None"
        case Record(cls=cls, parts=parts):
            return f"a tuple of {len(parts)}" if cls is None else f"a {cls.__name__}"
        case Buffer():
            return "a ring"
        case Constant(value=known):
            return repr(known)[:40]


def is_tuple(value: Value) -> bool:
    """Whether it is a tuple, and no record of a class."""
    if isinstance(value, Constant):
        return type(value.value) is tuple
    return isinstance(value, Record) and value.cls is None


def is_truth(value: Value) -> bool:
    """Whether it is a truth, known or not."""
    if isinstance(value, Constant):
        return isinstance(value.value, bool)
    return isinstance(value, Scalar) and value.kind == "bool"
