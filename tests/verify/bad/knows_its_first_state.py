"""Knows that it begins by the very object that it began with."""

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features


class Last(Struct, frozen=True):
    imbalance: float


START = Last(0.0)


@strategy()
def knows_its_first_state() -> Machine[Last, Features, float | None]:
    """With the change of the imbalance; 0.5 at the first quote."""

    def step(s: Last, x: Features) -> tuple[Last, float | None]:
        change = 0.5 if s is START else x.imbalance - s.imbalance
        return Last(x.imbalance), change

    return atom(START, step)
