"""Decays its readings in the order in which a set has them, which is another one in each process."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features

READINGS = frozenset(("imbalance", "depth_imbalance", "spread_bps", "log_return", "mid", "microprice"))


@strategy()
def goes_by_the_order_of_a_set() -> Machine[None, Features, float | None]:
    """With all readings, the first ones most."""

    def signal(x: Features) -> float | None:
        total, weight = 0.0, 1.0
        for name in READINGS:
            total += weight * getattr(x, name)
            weight *= 0.5
        return total

    return lift(signal)
