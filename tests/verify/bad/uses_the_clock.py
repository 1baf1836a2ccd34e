"""Fades its signal as its last look at the market gets old, by the machine's own clock."""

from time import perf_counter

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("bounded",))
def uses_the_clock() -> Machine[float, Features, float | None]:
    """With the imbalance, less after a pause."""

    def step(last_s: float, x: Features) -> tuple[float, float | None]:
        now_s = perf_counter()  # fault
        return now_s, x.imbalance / (1.0 + now_s - last_s)

    return atom(0.0, step)
