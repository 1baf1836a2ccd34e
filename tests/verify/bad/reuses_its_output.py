"""Gives its two numbers in one list that is made once: nothing to allocate in a step."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy()
def reuses_its_output() -> Machine[None, Features, list[float]]:
    """The imbalance of the touch, and of the depth."""
    both = [0.0, 0.0]

    def told(x: Features) -> list[float]:
        both[0] = x.imbalance  # fault
        both[1] = x.depth_imbalance
        return both

    return lift(told)
