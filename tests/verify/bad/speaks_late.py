"""Declares as many quotes of warm-up as its window has, and waits for one more."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features


class Mean(Struct, frozen=True, gc=False):
    mean: float
    quotes: float


@strategy(warm_up="half_life_ticks", symmetries=("odd", "bounded"))
def speaks_late(
    half_life_ticks: Annotated[float, Bounds(4, 100, "ticks", "of the mean")] = 20.0,
) -> Machine[Mean, Features, float | None]:
    """With the mean imbalance."""
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)

    def step(s: Mean, x: Features) -> tuple[Mean, float | None]:
        mean = s.mean + move * (x.imbalance - s.mean)
        quotes = s.quotes + 1.0
        return Mean(mean, quotes), (mean if quotes > half_life_ticks else None)

    return atom(Mean(0.0, 0.0), step)
