"""Has no way to sell short, and declares that it has."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("odd", "bounded"))
def is_long_only() -> Machine[None, Features, float | None]:
    """With the imbalance, where it is positive."""

    def signal(x: Features) -> float | None:
        return max(0.0, x.imbalance)

    return lift(signal)
