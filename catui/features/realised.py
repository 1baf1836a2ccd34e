"""Realised variation: how much a price has moved within a window, with its jumps and without them."""

from math import pi
from typing import Annotated, Any

from msgspec import Struct

from catui.core.machine import Machine, atom, optional
from catui.core.window import mean
from catui.domain.kind import feature
from catui.domain.parameters import Bounds

OfReturns = Machine[Any, float, float | None]
Length = Annotated[int, Bounds(2, 5_000, "ticks", "of the window")]


@feature(warm_up="length_ticks", symmetries=("even", "time_free"))
def realised_variance(length_ticks: Length = 100) -> OfReturns:
    """Realised variance: the sum of the last `length_ticks` squared returns, `RV_t = r_t^2 + ... + r_{t-n+1}^2`.

    In: log returns; `log_return` and `bar_return` make them. Out: their square's unit, over the whole window.
    Warm-up: `length_ticks` returns. Laws: even; never below 0; it goes with the square of the returns' scale.
    ValueError: a length below 2.
    Source: Andersen, Bollerslev, Diebold, Labys, *Modeling and forecasting realized volatility* (2003).
    """
    return _total(mean(_checked(length_ticks)).premap(_square), length_ticks, 1.0)


@feature(warm_up="length_ticks", symmetries=("even", "time_free"))
def bipower_variation(length_ticks: Length = 100) -> OfReturns:
    """Realised bipower variation: what of the realised variance is not of jumps.

        BV_t = (pi / 2) (n / (n - 1)) (|r_t| |r_{t-1}| + ... + |r_{t-n+2}| |r_{t-n+1}|),   n = length_ticks

    In: log returns. Out: as `realised_variance`. Warm-up: `length_ticks` returns. Laws: even; never below 0; one return
    among zeros counts for nothing. ValueError: a length below 2.
    Source: Barndorff-Nielsen and Shephard, *Power and bipower variation with stochastic volatility and jumps* (2004);
    the factor n / (n - 1), Huang and Tauchen, *The relative contribution of jumps to total price variance* (2005).
    """
    of_products = optional(mean(_checked(length_ticks) - 1))
    return _total(neighbours() >> of_products, length_ticks, pi / 2.0)


@feature(warm_up="length_ticks", symmetries=("even", "scale_free", "time_free", "flat", "bounded"))
def jump_share(length_ticks: Length = 100) -> OfReturns:
    """Which share of the realised variance is of jumps: `max(0, 1 - BV / RV)`, 0 where nothing moved.

    In: log returns. Out: from 0 to 1. Warm-up: `length_ticks` returns. Laws: even; blind to the scale of returns; 1 of
    one return among zeros. ValueError: a length below 2.
    Source: Huang and Tauchen, *The relative contribution of jumps to total price variance* (2005).
    """
    return (realised_variance(length_ticks) & bipower_variation(length_ticks)).map(_share)


class Magnitude(Struct, frozen=True, gc=False):
    """The size of the last return, where there was one."""

    of: float
    is_known: bool


def neighbours() -> Machine[Magnitude, float, float | None]:
    """The product of the sizes of each input and the one before it; None at the first."""

    def step(s: Magnitude, x: float) -> tuple[Magnitude, float | None]:
        size = abs(x)
        return Magnitude(size, True), (s.of * size if s.is_known else None)

    return atom(Magnitude(0.0, False), step)


def _checked(length_ticks: int) -> int:
    if length_ticks < 2:
        raise ValueError(f"length_ticks must be at least 2 ticks, got {length_ticks!r}")
    return length_ticks


def _total(of: OfReturns, length_ticks: int, factor: float) -> OfReturns:
    """A mean, times the length and a factor."""
    times = length_ticks * factor

    def total(found: float | None) -> float | None:
        return None if found is None else found * times

    return of.map(total)


def _square(x: float) -> float:
    return x * x


def _share(both: tuple[float | None, float | None]) -> float | None:
    realised, bipower = both
    if realised is None or bipower is None:
        return None
    return max(0.0, 1.0 - bipower / realised) if realised > 0.0 else 0.0
