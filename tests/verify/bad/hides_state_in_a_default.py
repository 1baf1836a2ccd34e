"""Keeps the last prices in an argument that nobody passes."""

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy()
def hides_state_in_a_default() -> Machine[float, Features, float | None]:
    """Against the mean of all prices."""

    def step(quotes: float, x: Features, mids: list[float] = []) -> tuple[float, float | None]:
        mids.append(x.mid)  # fault
        return quotes + 1.0, sum(mids) / len(mids) / x.mid - 1.0

    return atom(0.0, step)
