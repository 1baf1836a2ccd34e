"""Scales its signal by a gain, and forgets what a full position is."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("odd", "bounded"))
def knows_no_bounds() -> Machine[None, Features, float | None]:
    """With the imbalance of touch and depth."""

    def signal(x: Features) -> float | None:
        return 0.75 * (x.imbalance + x.depth_imbalance)

    return lift(signal)
