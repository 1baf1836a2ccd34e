"""Inspection: the single values of a state at a named place of its machine."""

from collections.abc import Iterator
from typing import Any

from catui.core.guard import Cell, Guarded
from catui.core.leaves import Leaf, leaves
from catui.core.machine import Atom, Machine, Named
from catui.core.places import Place, places


def leaves_at(machine: Machine[Any, Any, Any], state: Any, path: str) -> tuple[Leaf, ...]:
    """The values of the state at a named place, by their paths from there. KeyError: no place of that path."""
    for place in places(machine, state):
        if place.path == path and isinstance(place.node, Named):
            return tuple(_of_place(place))
    raise KeyError(path)


def _of_place(place: Place) -> Iterator[Leaf]:
    assert isinstance(place.node, Named)
    inner, state = place.node.machine, place.state
    if isinstance(inner, Guarded) and isinstance(state, Cell):
        if state.error:
            yield Leaf("error", state.error)
        inner, state = inner.machine, state.state
    for each in places(inner, state):
        if isinstance(each.node, Atom | Guarded):
            yield from leaves(each.state, each.path)
