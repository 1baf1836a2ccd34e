"""Leaves: the single values in a value, by path."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

Scalar = str | int | float | bool | None

LONGEST = 8  # of a sequence: what is longer is told by its length


class Leaf(NamedTuple):
    """One value. The path is the places on the way to it, then the fields, keys and positions."""

    path: str
    value: Scalar


def leaves(value: object, path: str = "") -> Iterator[Leaf]:
    """The single values in a value: of structs by field, of mappings by key, of sequences by position.

    A sequence of more than `LONGEST` is its length and its last value.

    >>> list(leaves({"a": (1, 2.5)}))
    [Leaf(path='a/0', value=1), Leaf(path='a/1', value=2.5)]
    """
    match value:
        case None | bool() | int() | float() | str():
            yield Leaf(path, value)
        case Enum():
            yield Leaf(path, value.name)
        case Struct():
            for name in value.__struct_fields__:
                yield from leaves(getattr(value, name), _joined(path, name))
        case dict():
            for key, each in value.items():
                yield from leaves(each, _joined(path, str(key)))
        case tuple() | list():
            yield from _of_sequence(value, path)
        case _ if is_dataclass(value) and not isinstance(value, type):
            for field in fields(value):
                yield from leaves(getattr(value, field.name), _joined(path, field.name))
        case _:
            yield Leaf(path, f"a {type(value).__name__}")


def _of_sequence(value: tuple[object, ...] | list[object], path: str) -> Iterator[Leaf]:
    names: tuple[str, ...] = getattr(value, "_fields", ())
    if not names and len(value) > LONGEST:
        yield Leaf(_joined(path, "length"), len(value))
        yield from leaves(value[-1], _joined(path, "last"))
        return
    for place, each in enumerate(value):
        yield from leaves(each, _joined(path, names[place] if names else str(place)))


def _joined(path: str, part: str) -> str:
    return f"{path}/{part}" if path else part
