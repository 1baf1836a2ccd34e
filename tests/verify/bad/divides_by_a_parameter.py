"""Divides by a parameter that it declares may be 0."""

from typing import Annotated

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features


@strategy()
def divides_by_a_parameter(
    full_imbalance: Annotated[float, Bounds(0, 1, "", "at which the signal is full")] = 0.5,
) -> Machine[None, Features, float | None]:
    """With the imbalance."""
    gain = 1.0 / full_imbalance  # fault

    def signal(x: Features) -> float | None:
        return gain * x.imbalance

    return lift(signal)
