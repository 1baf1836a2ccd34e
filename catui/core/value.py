"""Values: what a state is made of, so that it stays what it was, and can be written down.

A value is None, bool, int, float, str, bytes, an enum, or a tuple, frozenset, named tuple or frozen struct of values.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from types import NoneType
from typing import Any

from msgspec import Struct

from catui.core.machine import Atom, Compose, Each, Fanout, Feedback, Machine, Many, Named, Optional, Parallel, Resumed

PLAIN: frozenset[type] = frozenset((NoneType, bool, int, float, str, bytes))


def no_value(x: object) -> type | None:
    """The type of the first part of `x` that is no value; None: it is one."""
    kind = type(x)
    if kind in PLAIN or issubclass(kind, Enum):
        return None
    if issubclass(kind, Struct):
        if not kind.__struct_config__.frozen:
            return kind
        return _first(getattr(x, name) for name in kind.__struct_fields__)
    if isinstance(x, tuple | frozenset):
        return None if PLAIN.issuperset(map(type, x)) else _first(x)
    return kind


def no_state(machine: Machine[Any, Any, Any], state: Any) -> type | None:
    """The type of the first part of a machine's state that is no value; None: all are.

    What only the combinators hold, a dict of `each`, is theirs: their steps make a new one.
    """
    match machine:
        case Atom():
            return no_value(state)
        case Compose(before=one, after=two) | Parallel(left=one, right=two) | Fanout(left=one, right=two):
            return no_state(one, state[0]) or no_state(two, state[1])
        case Feedback(body=inner):
            return no_state(inner, state[0]) or no_value(state[1])
        case Each(machine=inner):
            return next((found for held in state.values() if (found := no_state(inner, held))), None)
        case Many(machine=inner) | Named(machine=inner) | Optional(machine=inner) | Resumed(machine=inner):
            return no_state(inner, state)
        case _:
            return None


def parts(x: object) -> Iterator[object]:
    """A value and all that it is made of, outside in."""
    yield x
    if isinstance(x, Struct):
        x = tuple(getattr(x, name) for name in x.__struct_fields__)
    elif isinstance(x, dict):
        x = tuple(x.values())
    if isinstance(x, tuple | frozenset):
        for part in x:
            yield from parts(part)


def _first(several: Iterable[Any]) -> type | None:
    return next((found for part in several if (found := no_value(part))), None)
