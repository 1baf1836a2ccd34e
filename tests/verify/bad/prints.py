"""Says what it does, to whoever looks."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("odd", "bounded"))
def prints() -> Machine[None, Features, float | None]:
    """With the imbalance."""

    def signal(x: Features) -> float | None:
        if x.imbalance > 0.9:
            print("all in")  # fault
        return x.imbalance

    return lift(signal)
