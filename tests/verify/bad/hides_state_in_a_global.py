"""Counts quotes in a name of the module."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features

quotes = 0


@strategy(symmetries=("bounded",))
def hides_state_in_a_global() -> Machine[None, Features, float | None]:
    """With the imbalance, in every second quote."""

    def signal(x: Features) -> float | None:
        global quotes  # fault
        quotes += 1
        return x.imbalance if quotes % 2 else 0.0

    return lift(signal)
