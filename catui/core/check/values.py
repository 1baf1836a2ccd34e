"""Values written out and made anew, so that a law can compare them to the bit and without their identity."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import is_dataclass
from enum import Enum
from math import isfinite, isnan
from typing import Any

import msgspec

DEEPEST = 40


def written(value: object, depth: int = 0) -> str:
    """The value as text: exact, its types and what mutable things hold included; sets in an order of their own.

    Law: equal texts are equal values, whatever their identity; -0.0 is not 0.0.

    >>> written((1, -0.0, {"b": [None]}))
    "(1, -0.0, {'b': [None]})"
    """
    kind = type(value)
    if value is None or kind in (bool, int, float, str, bytes):
        return repr(value)
    if depth > DEEPEST:
        return "..."
    match value:
        case Enum():
            return f"{kind.__name__}.{value.name}"
        case msgspec.Struct():
            return f"{kind.__name__}({_fields(value.__struct_fields__, value, depth)})"
        case tuple() if hasattr(kind, "_fields"):
            return f"{kind.__name__}({_fields(kind._fields, value, depth)})"
        case _ if is_dataclass(value) and not isinstance(value, type):
            return f"{kind.__name__}({_fields(tuple(value.__dataclass_fields__), value, depth)})"
        case tuple():
            return f"({_items(value, depth)}{',' * (len(value) == 1)})"
        case list() if kind is list:
            return f"[{_items(value, depth)}]"
        case dict() if kind is dict:
            pairs = (f"{written(k, depth + 1)}: {written(v, depth + 1)}" for k, v in value.items())
            return f"{{{', '.join(pairs)}}}"
        case set() | frozenset():
            return f"{kind.__name__}({', '.join(sorted(written(x, depth + 1) for x in value))})"
        case _ if hasattr(value, "__qualname__"):
            return f"{getattr(value, '__module__', '')}.{value.__qualname__}"
        case _:
            return f"{kind.__name__}({_insides(value, depth)})"


def _items(values: tuple[object, ...] | list[object], depth: int) -> str:
    return ", ".join([written(x, depth + 1) for x in values])


def _fields(names: tuple[str, ...], value: object, depth: int) -> str:
    return ", ".join([f"{name}={written(getattr(value, name), depth + 1)}" for name in names])


def _insides(value: object, depth: int) -> str:
    """What an object of any other class holds, as far as it can be taken apart."""
    try:
        made = value.__reduce_ex__(4)
    except TypeError:
        return ""
    held = () if isinstance(made, str) else made[1:]
    listed = [list(one) if isinstance(one, Iterator) else one for one in held]
    return _items([one for one in listed if one], depth)


def anew(value: Any) -> Any:
    """An equal value that shares no identity with this one, as one that was written down and read again.

    >>> x = (1.5, [2.5])
    >>> anew(x) == x, anew(x)[0] is x[0]
    (True, False)
    """
    kind = type(value)
    if kind is float:
        return float.fromhex(value.hex()) if isfinite(value) else float(repr(value))
    if kind is tuple or kind is list:
        return kind([anew(x) for x in value])
    if kind is dict:
        return {anew(k): anew(v) for k, v in value.items()}
    if isinstance(value, msgspec.Struct):
        return kind(**{name: anew(getattr(value, name)) for name in kind.__struct_fields__})
    if isinstance(value, tuple) and hasattr(kind, "_make"):
        return kind._make([anew(x) for x in value])
    try:
        return deepcopy(value)
    except Exception:  # whatever cannot be copied stays as it is
        return value


def numbers(value: object) -> Iterator[float]:
    """The numbers of an output, records and tuples taken apart; truths, text and None are none.

    >>> list(numbers((1.5, None, (True, 2))))
    [1.5, 2.0]
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
    for part in _parts(value) or ():
        yield from numbers(part)


def negative(value: Any) -> Any:
    """The value with every number in it negated.

    >>> negative((1.5, None))
    (-1.5, None)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return -value
    parts = _parts(value)
    if parts is None:
        return value
    made = [negative(part) for part in parts]
    return tuple(made) if type(value) in (tuple, list) else type(value)(*made)


def is_near(value: object, other: object, tolerance: float) -> bool:
    """Whether two outputs agree but for rounding: number by number, within `tolerance`, relative where above 1.

    >>> is_near((1.0, None), (1.0 + 1e-12, None), 1e-9), is_near(0.0, None, 1e-9)
    (True, False)
    """
    if isinstance(value, float | int) and isinstance(other, float | int):
        are_nan = isnan(value) and isnan(other)
        return value == other or are_nan or abs(value - other) <= tolerance * max(1.0, abs(value), abs(other))
    one, two = _parts(value), _parts(other)
    if one is None or two is None or len(one) != len(two):
        return value == other
    return all(is_near(a, b, tolerance) for a, b in zip(one, two, strict=True))


def _parts(value: object) -> list[object] | None:
    """The fields of a record, the items of a tuple; None for anything else."""
    if isinstance(value, msgspec.Struct):
        return [getattr(value, name) for name in type(value).__struct_fields__]
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, name) for name in value.__dataclass_fields__]
    return list(value) if isinstance(value, tuple | list) else None
