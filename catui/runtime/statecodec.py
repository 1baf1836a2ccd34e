"""State of the pipeline as bytes and back: for digests, which must agree, and checkpoints, which are only a cache.

A state is made of None, bool, int, float, str, bytes, tuple, list, dict, frozenset, enums, msgspec structs and named
tuples. Each is written with its kind, dicts in their order, ints of any size exactly; classes by name, and looked up in
catui and in what already runs, as a strategy's own file does: reading a checkpoint runs no new code.

Structs stand in a table, each value of them once, parts before the whole, and are referred to by number: a table of
orders that four places of the state know is written and read once. Which values are equal decides, not which are the
same object. What can not change, an order with its intent and legs, is one row, whole.

Law: `decode(encode(state)) == state`, types included; equal states give equal bytes in every process.
"""

import sys
from collections.abc import Callable, Collection, Sequence
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from typing import Any

import msgspec
from msgspec.structs import astuple

from catui.errors import IntegrityError

_PLAIN = frozenset((type(None), bool, int, float, str, bytes))
_INT64 = 1 << 63
_encoder = msgspec.msgpack.Encoder()


class Encoder:
    """The states of one run as bytes, one after the other: an order that the last one had already is not written anew.

    Law: the same bytes as `encode`, whatever came before.
    """

    def __init__(self) -> None:
        self._before: dict[int, tuple[Any, bytes]] = {}  # by identity, which is its own as long as the value is held
        self._known: dict[int, tuple[Any, bytes]] = {}  # the same of the state that is being written
        self._seen: dict[int, list[Any]] = {}  # where its structs stand, by identity
        self._rows: dict[bytes, int] = {}

    def encode(self, state: object) -> bytes:
        """The state as MessagePack. TypeError: something that is no value of a state."""
        self._before, self._known, self._seen, self._rows = self._known, {}, {}, {}
        root = self._written(state)
        return _packed([[msgspec.Raw(row) for row in self._rows], root])

    def _written(self, value: Any) -> Any:
        """A value with references into the table."""
        if type(value) in _PLAIN:
            return value
        if (reference := self._seen.get(id(value))) is not None:
            return reference
        if not isinstance(value, msgspec.Struct):
            return _described(value, self._each)
        row = self._row(value)
        reference = self._seen[id(value)] = ["r", self._rows.setdefault(row, len(self._rows))]
        return reference

    def _row(self, value: msgspec.Struct) -> bytes:
        known = self._before.get(id(value))
        try:
            self._known[id(value)] = known = known or (value, _packed(_whole(value)))
        except _Fluid:
            return _packed(_described(value, self._each))
        return known[1]

    def _each(self, values: Collection[Any]) -> list[Any]:
        if _PLAIN.issuperset(map(type, values)):
            return list(values)
        return [value if type(value) in _PLAIN else self._written(value) for value in values]


class _Fluid(Exception):
    """Something in a value may change, or is so large that it should stand once: a list, a dict."""


def _whole(value: Any) -> Any:
    """A value without references. _Fluid: a list, a dict or a struct that is not frozen is in it."""
    if isinstance(value, list | dict) or (isinstance(value, msgspec.Struct) and not value.__struct_config__.frozen):
        raise _Fluid
    return _described(value, _wholes)


def _wholes(values: Collection[Any]) -> list[Any]:
    return [value if type(value) in _PLAIN else _whole(value) for value in values]


def _described(value: Any, each: Callable[[Collection[Any]], list[Any]]) -> list[Any]:
    """A value that is not plain: its kind, and its parts, written by `each`."""
    kind: Any = type(value)
    if kind is tuple:
        return ["t", *each(value)]
    if isinstance(value, msgspec.Struct):
        return ["s", _name(kind), *each(astuple(value))]
    if isinstance(value, Enum):
        return ["e", _name(kind), value.name]
    if isinstance(value, tuple):
        return ["n", _name(kind), *each(value)]
    if kind is list:
        return ["l", *each(value)]
    if kind is dict:
        return ["d", each(value), each(value.values())]
    if kind is frozenset:
        return ["f", *each(sorted(value, key=repr))]
    raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no value of a state")


def encode(state: object) -> bytes:
    """One state as MessagePack. TypeError: something that is no value of a state."""
    return Encoder().encode(state)


def decode(data: bytes) -> Any:
    """The state that `encode` wrote. IntegrityError: bytes that it did not write."""
    try:
        rows, root = msgspec.msgpack.decode(data)
        made: list[Any] = []
        for row in rows:
            made.append(_value(row, made))
        return _value(root, made)
    except (msgspec.DecodeError, ImportError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise IntegrityError(f"checkpoint: not a state of this version: {error}") from None


def digest(state: object) -> str:
    """BLAKE2b of the encoded state, 32 hex digits."""
    return blake2b(encode(state), digest_size=16).hexdigest()


def _packed(written: Any) -> bytes:
    try:
        return _encoder.encode(written)
    except OverflowError:
        return _encoder.encode(_escaped(written))


def _escaped(written: Any) -> Any:
    """The same, with an int that MessagePack has no room for as text."""
    if type(written) is list:
        return [_escaped(part) for part in written]
    return ["i", str(written)] if type(written) is int and not -_INT64 <= written < _INT64 else written


def _value(written: Any, made: list[Any]) -> Any:
    if type(written) is not list:
        return written
    match written[0]:
        case "r":
            return made[written[1]]
        case "s" | "n":
            return _class(written[1])(*_values(written[2:], made))
        case "e":
            return _class(written[1])[written[2]]
        case "t":
            return tuple(_values(written[1:], made))
        case "d":
            return dict(zip(_values(written[1], made), _values(written[2], made), strict=True))
        case "l":
            return _values(written[1:], made)
        case "f":
            return frozenset(_values(written[1:], made))
        case "i":
            return int(written[1])
        case kind:
            raise ValueError(f"unknown kind {kind!r}")


def _values(written: Sequence[Any], made: list[Any]) -> list[Any]:
    return [_value(each, made) if type(each) is list else each for each in written]


@lru_cache(maxsize=1024)
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
