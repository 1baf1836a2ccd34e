"""The wires of the signal path: one machine an instrument, beside the moment and the reports, which pass untouched."""

from typing import Any, TypeVar

from catui.core.machine import Machine, each, identity, many
from catui.domain.moment import Moment
from catui.domain.reports import Reports

A = TypeVar("A")
B = TypeVar("B")

Keyed = tuple[tuple[str, A], ...]
Wire = tuple[tuple[Moment, Keyed[A]], Reports]


def by_instrument(machine: Machine[Any, A, B]) -> Machine[Any, Wire[A], Wire[B]]:
    """A stage of the signal path: every instrument's own copy of `machine` on what was told of it.

    Law: `by_instrument(f) >> by_instrument(g) == by_instrument(f >> g)`, which is why the signal path may be fused.
    """
    keyed: Machine[Any, tuple[str, A], tuple[str, B]] = each(machine)
    return (identity * many(keyed)) * identity
