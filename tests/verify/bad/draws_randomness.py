"""Trades one signal in two, so that others do not see through it."""

import random

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("bounded",))
def draws_randomness() -> Machine[None, Features, float | None]:
    """With the imbalance, sometimes."""

    def signal(x: Features) -> float | None:
        return x.imbalance if random.random() < 0.5 else 0.0  # fault

    return lift(signal)
