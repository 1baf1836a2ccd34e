"""Numbers its quotes with a counter of the standard library."""

from itertools import count

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("bounded",))
def counts_its_calls() -> Machine[None, Features, float | None]:
    """With the imbalance, in every third quote."""
    numbers = count()

    def signal(x: Features) -> float | None:
        return x.imbalance if next(numbers) % 3 == 0 else 0.0  # fault

    return lift(signal)
