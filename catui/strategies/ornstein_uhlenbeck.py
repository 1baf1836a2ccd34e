"""Ornstein-Uhlenbeck mean reversion: only where the price is seen to come back, and as far as it usually strays."""

from math import sqrt
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import SIGNAL_SYMMETRIES, strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features
from catui.strategies.log_path import LOG_PATH, PathState, Point
from catui.strategies.rounding import LEAST_SHARE, LEAST_VARIANCE


class RegressionState(Struct, frozen=True, gc=False):
    """The last point of the log path; the decayed moments of it (x) and the one after it (y)."""

    last: float
    mean_x: float
    mean_y: float
    var_x: float
    var_y: float
    covariance: float


@strategy(warm_up="half_life_ticks", symmetries=SIGNAL_SYMMETRIES)
def ornstein_uhlenbeck(
    half_life_ticks: Annotated[float, Bounds(4, 1e7, "ticks", "of the regression's memory")] = 240.0,
    longest_reversion_ticks: Annotated[float, Bounds(1, 1e6, "ticks", "half-life of a pull that still counts")] = 60.0,
    full_z: Annotated[float, Bounds(0.1, 20, "stationary deviations", "at which the signal is full")] = 2.0,
) -> Machine[tuple[PathState, RegressionState], Features, float | None]:
    """Against the distance from the equilibrium of a first-order autoregression, in its stationary deviations.

        x_t = ln(mid_t / mid_1) = a + b x_{t-1} + noise of variance v, fitted with weights 0.5 ** (age / half_life)
        equilibrium = a / (1 - b),   deviation = sqrt(v / (1 - b^2)),   reversion's half-life = ln(0.5) / ln(b)
        signal = -(x_t - equilibrium) / deviation / full_z within [-1, 1]

    0 where the price does not revert: b not above 0, or a reversion slower than `longest_reversion_ticks`; and
    where the variance of x, or the share of it that is noise, is rounding.
    Warm-up: `half_life_ticks` quotes. Laws: odd under mirrored returns, blind to the scale of prices, independent of
    absolute time, bounded by 1, 0 on a constant price. ValueError: a parameter not above 0.
    Source: Uhlenbeck and Ornstein, *On the theory of the Brownian motion* (1930); the trade, Avellaneda and Lee,
    *Statistical arbitrage in the US equities market* (2010), section 3 and appendix A.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    above_zero("longest_reversion_ticks", longest_reversion_ticks, "ticks")
    above_zero("full_z", full_z, "stationary deviations")
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)
    slowest = 0.5 ** (1.0 / longest_reversion_ticks)

    def step(s: RegressionState, p: Point) -> tuple[RegressionState, float | None]:
        at = p.at
        off_x = s.last - s.mean_x
        off_y = at - s.mean_y
        mean_x = s.mean_x + move * off_x
        mean_y = s.mean_y + move * off_y
        var_x = (1.0 - move) * (s.var_x + move * off_x * off_x)
        var_y = (1.0 - move) * (s.var_y + move * off_y * off_y)
        covariance = (1.0 - move) * (s.covariance + move * off_x * off_y)
        slope = covariance / var_x if var_x > LEAST_VARIANCE else 0.0
        signal = 0.0
        if slope > 0.0 and slope <= slowest:
            noise = var_y - slope * covariance
            equilibrium = (mean_y - slope * mean_x) / (1.0 - slope)
            is_noisy = noise > LEAST_SHARE * var_y
            raw = (equilibrium - at) / (sqrt(noise / (1.0 - slope * slope)) * full_z) if is_noisy else 0.0
            signal = 1.0 if raw > 1.0 else (-1.0 if raw < -1.0 else raw)
        state = RegressionState(at, mean_x, mean_y, var_x, var_y, covariance)
        return state, (signal if p.quotes >= half_life_ticks else None)

    return LOG_PATH >> atom(RegressionState(0.0, 0.0, 0.0, 0.0, 0.0, 0.0), step)
