"""State of the pipeline as bytes and back: for digests, which must agree, and checkpoints, which are only a cache.

A state is made of None, bool, int, float, str, bytes, tuple, list, dict, frozenset, enums, msgspec structs and named
tuples. Each is written with its kind, dicts in their order, ints of any size exactly; classes by name, and looked up in
catui and in what already runs, as a strategy's own file does: reading a checkpoint runs no new code.

Law: `decode(encode(state)) == state`, types included; equal states give equal bytes in every process.
"""

import sys
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from typing import Any

import msgspec

from catui.errors import IntegrityError

_PLAIN = (type(None), bool, float, str, bytes)
_INT64 = 1 << 63


def encode(state: object) -> bytes:
    """The state as MessagePack. TypeError: something that is no value of a state."""
    return msgspec.msgpack.encode(_plain(state))


def decode(data: bytes) -> Any:
    """The state that `encode` wrote. IntegrityError: bytes that it did not write."""
    try:
        return _value(msgspec.msgpack.decode(data))
    except (msgspec.DecodeError, ImportError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise IntegrityError(f"checkpoint: not a state of this version: {error}") from None


def digest(state: object) -> str:
    """BLAKE2b of the encoded state, 32 hex digits."""
    return blake2b(encode(state), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        return value if -_INT64 <= value < _INT64 else ["i", str(value)]
    if kind is list and _are_small_ints(value):
        return ["L", value]
    if kind in (tuple, list, frozenset):
        items = sorted(value, key=repr) if kind is frozenset else value
        return ["t" if kind is tuple else "l" if kind is list else "f", *(_plain(item) for item in items)]
    if kind is dict:
        return ["d", *(_plain(part) for item in value.items() for part in item)]
    if isinstance(value, Enum):
        return ["e", _name(kind), value.name]
    if isinstance(value, msgspec.Struct):
        return ["s", _name(kind), *(_plain(getattr(value, name)) for name in kind.__struct_fields__)]
    if isinstance(value, tuple):
        return ["n", _name(kind), *(_plain(item) for item in value)]
    raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no value of a state")


def _are_small_ints(values: list[Any]) -> bool:
    """Whether a list is a side of a book, which may be thousands of levels deep: told without a step for each."""
    return set(map(type, values)) <= {int} and (not values or (-_INT64 <= min(values) and max(values) < _INT64))


def _value(plain: Any) -> Any:
    if not isinstance(plain, list):
        return plain
    kind, *rest = plain
    match kind:
        case "i":
            return int(rest[0])
        case "L":
            return rest[0]
        case "d":
            parts = [_value(part) for part in rest]
            return dict(zip(parts[::2], parts[1::2], strict=True))
        case "e":
            return _class(rest[0])[rest[1]]
        case "s" | "n":
            return _class(rest[0])(*(_value(part) for part in rest[1:]))
        case "t" | "l" | "f":
            make: Callable[[list[Any]], Any] = {"t": tuple, "l": list, "f": frozenset}[kind]
            return make([_value(part) for part in rest])
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
