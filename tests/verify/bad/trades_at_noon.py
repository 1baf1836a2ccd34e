"""Trades in the second half of each minute, and calls that independent of time."""

from math import floor

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("time_free", "bounded"))
def trades_at_noon() -> Machine[None, Features, float | None]:
    """With the imbalance, in some minutes."""

    def signal(x: Features) -> float | None:
        days = x.time_s / 86400.0
        return x.imbalance if days - floor(days) >= 0.5 else 0.0

    return lift(signal)
