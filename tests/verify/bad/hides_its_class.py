"""Keeps its state in a class that is made within the constructor, where no checkpoint can find it."""

from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("odd", "bounded"))
def hides_its_class() -> Machine[Any, Features, float | None]:
    """With the mean of the last two imbalances."""

    class Last(Struct, frozen=True, gc=False):
        imbalance: float

    def step(s: Last, x: Features) -> tuple[Last, float | None]:
        return Last(x.imbalance), 0.5 * (s.imbalance + x.imbalance)

    return atom(Last(0.0), step)
