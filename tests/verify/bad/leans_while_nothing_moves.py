"""Is long as long as nothing speaks against it."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("flat", "bounded"))
def leans_while_nothing_moves() -> Machine[None, Features, float | None]:
    """Long, but for a quote that falls."""

    def signal(x: Features) -> float | None:
        return 0.0 if x.log_return < 0.0 else 1.0

    return lift(signal)
