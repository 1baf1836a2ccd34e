"""Squares with a power, which is rounded another way where it is compiled."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("bounded",))
def squares_by_power() -> Machine[None, Features, float | None]:
    """With the imbalance, more where it is large."""

    def signal(x: Features) -> float | None:
        return x.imbalance**2  # fault

    return lift(signal)
