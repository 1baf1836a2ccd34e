"""Draws from a seed in its state, as it should, in whole numbers that do not fit a compiled one."""

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features

PRIME = 2**61 - 1


@strategy(symmetries=("bounded",))
def overflows_when_compiled() -> Machine[int, Features, float | None]:
    """With the imbalance, one quote in two."""

    def step(seed: int, x: Features) -> tuple[int, float | None]:
        drawn = seed * 437799614237992725 % PRIME  # fault
        return drawn, (x.imbalance if drawn % 2 == 0 else 0.0)

    return atom(7, step)
