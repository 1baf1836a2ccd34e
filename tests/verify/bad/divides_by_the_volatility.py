"""Takes returns in units of the volatility, and has never seen a still market."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy()
def divides_by_the_volatility() -> Machine[None, Features, float | None]:
    """With the last return."""

    def signal(x: Features) -> float | None:
        if x.volatility is None:
            return None
        return x.log_return / x.volatility  # fault

    return lift(signal)
