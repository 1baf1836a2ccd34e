"""Compares prices in quote currency: a move of one is large for one coin, and nothing for another."""

from math import tanh

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features


@strategy(symmetries=("scale_free", "bounded"))
def drifts_with_scale() -> Machine[float, Features, float | None]:
    """With the last change of the mid."""

    def step(last: float, x: Features) -> tuple[float, float | None]:
        change = x.mid - last if last > 0.0 else 0.0
        return x.mid, tanh(change)

    return atom(0.0, step)
