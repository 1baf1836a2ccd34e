"""Keeps its mean in a record that it writes into: no new object a quote, which ought to be quick."""

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features


class Mean(Struct):
    mean: float
    quotes: float


@strategy()
def mutates_its_state() -> Machine[Mean, Features, float | None]:
    """With the mean of the imbalance."""

    def step(s: Mean, x: Features) -> tuple[Mean, float | None]:
        s.mean += 0.1 * (x.imbalance - s.mean)  # fault
        s.quotes += 1.0
        return s, s.mean

    return atom(Mean(0.0, 0.0), step)
