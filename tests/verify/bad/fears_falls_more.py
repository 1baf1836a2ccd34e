"""A measure of risk to which falls count twice, and which is said to be blind to direction."""

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("even",))
def fears_falls_more() -> Machine[None, Features, float | None]:
    """The size of the last return."""

    def risk(x: Features) -> float | None:
        return x.log_return if x.log_return >= 0.0 else -2.0 * x.log_return

    return lift(risk)
