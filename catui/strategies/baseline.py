"""Baselines: what any strategy has to beat."""

from typing import Annotated

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features


@strategy(symmetries=("scale_free", "time_free", "bounded"))
def hold(
    exposure: Annotated[float, Bounds(-1, 1, "", "always this signal")] = 1.0,
) -> Machine[None, Features, float | None]:
    """Buy and hold: always the same signal; 1 is fully long, -1 fully short.

    Warm-up: none. Laws: blind to the scale of prices, independent of absolute time, bounded by 1.
    ValueError: exposure outside of [-1, 1].
    """
    if not -1 <= exposure <= 1:
        raise ValueError(f"exposure must be -1 to 1, got {exposure!r}")

    def constant(_: Features) -> float | None:
        return exposure

    return lift(constant)


@strategy(symmetries=("odd", "scale_free", "time_free", "flat", "bounded"))
def flat() -> Machine[None, Features, float | None]:
    """Never in the market: the signal is 0.

    Warm-up: none. Laws: every one that a signal can have.
    """
    return hold(0.0)
