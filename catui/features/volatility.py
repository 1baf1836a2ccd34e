"""Volatility: the exponentially weighted variance of returns."""

from math import sqrt
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero


class VarianceState(Struct, frozen=True, gc=False):
    """The mean square, the share of it that is data (1 - keep**n), and the returns seen."""

    mean_square: float
    weight: float
    returns: float


@feature(warm_up="warm_up_ticks", symmetries=("even", "time_free"))
def volatility(
    half_life_ticks: Annotated[float, Bounds(0.1, 1e7, "ticks", "of the squares' memory")] = 100.0,
    warm_up_ticks: Annotated[int, Bounds(1, 1e6, "ticks", "before it is believed")] = 50,
) -> Machine[VarianceState, float, float | None]:
    """EWMA standard deviation of log returns, per quote.

        w_t = keep w_{t-1} + (1 - keep)                         keep = 0.5 ** (1 / half_life_ticks)
        v_t = v_{t-1} + (r_t^2 - v_{t-1}) (1 - keep) / w_t      v_0 = w_0 = 0,   out: sqrt(v_t)

    In: a log return a quote. Out: the same unit. Warm-up: `warm_up_ticks` returns.
    Laws: 0 on a constant price; blind to the scale of prices; even: r and -r give the same.
    ValueError: half_life_ticks not above 0, warm_up_ticks below 1. Source: J.P. Morgan/Reuters, *RiskMetrics* (1996).
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    if warm_up_ticks < 1:
        raise ValueError(f"warm_up_ticks must be at least 1 tick, got {warm_up_ticks!r}")
    keep = 0.5 ** (1.0 / half_life_ticks)
    warm = float(warm_up_ticks)

    def step(s: VarianceState, change: float) -> tuple[VarianceState, float | None]:
        weight = keep * s.weight + (1.0 - keep)
        square = s.mean_square + (change * change - s.mean_square) * ((1.0 - keep) / weight)
        returns = s.returns + 1.0
        return VarianceState(square, weight, returns), (sqrt(square) if returns >= warm else None)

    return atom(VarianceState(0.0, 0.0, 0.0), step)
