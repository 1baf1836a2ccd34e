"""Whether a state of one machine goes on in another: parameters are closure values, states are plain.

Two trees of the same nodes whose leaves begin with states of one shape hold the same states. Rings have their length
from the start, so that another length is another shape.
"""

from dataclasses import fields
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from catui.core.machine import Atom, Feedback, Machine, Named

Anything = Machine[Any, Any, Any]


def misfit(one: Anything, other: Anything, name: str = "desk") -> str:
    """The named part whose state has another shape in the other machine; empty: every state goes on."""
    if type(one) is not type(other):
        return name
    if isinstance(one, Named):
        name = one.name
    match one, other:
        case Atom(), Atom():
            return "" if shape(one.first) == shape(other.first) else name
        case Feedback(), Feedback() if shape(one.first) != shape(other.first):
            return name
        case _:
            pass
    for mine, its in zip_longest(_inside(one), _inside(other)):
        if found := misfit(mine, its, name):
            return found
    return ""


def _inside(machine: Anything) -> list[Anything]:
    held = [getattr(machine, field.name) for field in fields(machine)]  # type: ignore[arg-type]  # each is a dataclass
    return [each for each in held if isinstance(each, Machine)]


def shape(value: object) -> object:
    """Types and lengths of a value, without its numbers. None stands for whatever a state may hold there later.

    >>> shape((1, [2.0, 3.0])) == shape((5, [0.0, 0.5])), shape((1,)) == shape((1, 2))
    (True, False)
    """
    if isinstance(value, Struct):
        return type(value), tuple(shape(each) for each in astuple(value))
    if isinstance(value, tuple | list):
        return type(value), tuple(shape(each) for each in value)
    if isinstance(value, dict):
        return dict, tuple((key, shape(each)) for key, each in value.items())
    return type(value)
