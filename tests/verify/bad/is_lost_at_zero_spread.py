"""Weighs its signal by how tight the market is, without end where the spread is 0."""

from math import inf

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy()
def is_lost_at_zero_spread() -> Machine[None, Features, float | None]:
    """With the last return, over the spread."""

    def signal(x: Features) -> float | None:
        tightness = 1.0 / x.spread_bps if x.spread_bps > 0.0 else inf
        return x.log_return * tightness

    return lift(signal)
