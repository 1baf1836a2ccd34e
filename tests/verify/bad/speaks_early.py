"""Declares twenty quotes of warm-up, and begins with the first."""

from typing import Annotated

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features


@strategy(warm_up="half_life_ticks", symmetries=("odd", "bounded"))
def speaks_early(
    half_life_ticks: Annotated[float, Bounds(4, 100, "ticks", "of the mean")] = 20.0,
) -> Machine[float, Features, float | None]:
    """With the mean imbalance."""
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)

    def step(mean: float, x: Features) -> tuple[float, float | None]:
        now = mean + move * (x.imbalance - mean)
        return now, now

    return atom(0.0, step)
