"""State of the pipeline as bytes and back: for digests, which must agree, and checkpoints, which are only a cache.

A state is made of None, bool, int, float, str, bytes, tuple, list, dict, frozenset, enums, msgspec structs and named
tuples. Each is written with its kind, dicts in their order, ints of any size exactly; classes by name, and looked up in
catui and in what already runs, as a strategy's own file does: reading a checkpoint runs no new code.

Structs and enums stand in a table, each value of them once, parts before the whole, and are referred to by number: an
order that four places of the state know is written and read once. Which values are equal decides, not which are the
same object.

Law: `decode(encode(state)) == state`, types included; equal states give equal bytes in every process.
"""

import sys
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from typing import Any

import msgspec
from msgspec.structs import astuple

from catui.errors import IntegrityError

_PLAIN = frozenset((type(None), bool, float, str, bytes))
_INT64 = 1 << 63
_encoder = msgspec.msgpack.Encoder()


def encode(state: object) -> bytes:
    """The state as MessagePack. TypeError: something that is no value of a state."""
    table = _Table()
    root = table.plain(state)
    return _encoder.encode([[msgspec.Raw(row) for row in table.rows], root])


def decode(data: bytes) -> Any:
    """The state that `encode` wrote. IntegrityError: bytes that it did not write."""
    try:
        rows, root = msgspec.msgpack.decode(data)
        made: list[Any] = []
        for row in rows:
            made.append(_row(row, made))
        return _value(root, made)
    except (msgspec.DecodeError, ImportError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise IntegrityError(f"checkpoint: not a state of this version: {error}") from None


def digest(state: object) -> str:
    """BLAKE2b of the encoded state, 32 hex digits."""
    return blake2b(encode(state), digest_size=16).hexdigest()


class _Table:
    """Every struct and enum of a state once, by its bytes; what is the same object is not even looked at twice."""

    def __init__(self) -> None:
        self.rows: dict[bytes, int] = {}
        self._seen: dict[int, list[Any]] = {}

    def plain(self, value: Any) -> Any:
        """A value as MessagePack has it, with references into the table."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is int:
            return value if -_INT64 <= value < _INT64 else ["i", str(value)]
        if kind is list and _are_small_ints(value):
            return ["L", value]
        if kind in (tuple, list, frozenset):
            items = sorted(value, key=repr) if kind is frozenset else value
            return ["t" if kind is tuple else "l" if kind is list else "f", *self._each(items)]
        if kind is dict:
            return ["d", *self._each(part for item in value.items() for part in item)]
        if isinstance(value, tuple):
            return ["n", _name(kind), *self._each(value)]
        reference = self._seen.get(id(value))
        if reference is None:
            row = _encoder.encode(self._described(kind, value))
            self._seen[id(value)] = reference = ["r", self.rows.setdefault(row, len(self.rows))]
        return reference

    def _each(self, values: Iterable[Any]) -> list[Any]:
        return [value if type(value) in _PLAIN else self.plain(value) for value in values]

    def _described(self, kind: Any, value: Any) -> list[Any]:
        if isinstance(value, Enum):
            return ["e", _name(kind), value.name]
        if isinstance(value, msgspec.Struct):
            return ["s", _name(kind), *self._each(astuple(value))]
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no value of a state")


def _are_small_ints(values: list[Any]) -> bool:
    """Whether a list is a side of a book, which may be thousands of levels deep: told without a step for each."""
    return set(map(type, values)) <= {int} and (not values or (-_INT64 <= min(values) and max(values) < _INT64))


def _row(row: list[Any], made: list[Any]) -> Any:
    kind, name, *rest = row
    match kind:
        case "e":
            return _class(name)[rest[0]]
        case "s":
            return _class(name)(*_values(rest, made))
        case _:
            raise ValueError(f"unknown row {kind!r}")


def _values(plains: list[Any], made: list[Any]) -> list[Any]:
    return [_value(plain, made) if type(plain) is list else plain for plain in plains]


def _value(plain: Any, made: list[Any]) -> Any:
    if type(plain) is not list:
        return plain
    kind, *rest = plain
    match kind:
        case "r":
            return made[rest[0]]
        case "i":
            return int(rest[0])
        case "L":
            return rest[0]
        case "d":
            parts = _values(rest, made)
            return dict(zip(parts[::2], parts[1::2], strict=True))
        case "n":
            return _class(rest[0])(*_values(rest[1:], made))
        case "t" | "l" | "f":
            make: Callable[[list[Any]], Any] = {"t": tuple, "l": list, "f": frozenset}[kind]
            return make(_values(rest, made))
        case _:
            raise ValueError(f"unknown kind {kind!r}")


def _name(kind: Any) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _class(name: str) -> Any:
    return _class_of_catui(name) if name.startswith("catui.") else _found(name)


def _found(name: str) -> Any:
    module, _, path = name.partition(":")
    found: Any = import_module(module) if module.startswith("catui.") else sys.modules[module]
    for part in path.split("."):
        found = getattr(found, part)
    if not (isinstance(found, type) and issubclass(found, msgspec.Struct | Enum | tuple)):
        raise ValueError(f"{name} is no class of a state")
    return found


_class_of_catui = lru_cache(maxsize=1024)(_found)
