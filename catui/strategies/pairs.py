"""Pairs: two prices that move together, traded when they part. For two instruments; no desk feeds it yet."""

from math import sqrt
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds, above_zero
from catui.strategies.rounding import LEAST_SHARE, LEAST_VARIANCE

LogPrices = tuple[float, float]


class HedgeState(Struct, frozen=True, gc=False):
    """The first log prices, the decayed moments of both relative to those, and the pairs seen."""

    origin_y: float
    origin_x: float
    mean_y: float
    mean_x: float
    var_y: float
    var_x: float
    covariance: float
    pairs: float


class Hedge(Struct, frozen=True, gc=False):
    """`ratio` units of x against one of y; where their spread is, from its mean, and its standard deviation."""

    ratio: float
    spread: float
    deviation: float
    pairs: float


def hedged(half_life_ticks: float) -> Machine[HedgeState, LogPrices, Hedge]:
    """The hedge ratio of two log prices (y, x) by exponentially weighted regression, and the spread that it leaves.

        ratio = cov(y, x) / var(x),  0 where var(x) is rounding
        spread_t = (y_t - mean(y)) - ratio (x_t - mean(x))
        deviation = sqrt(var(y) - ratio cov(y, x)),  0 where it is rounding

    Moments have weights 0.5 ** (age / half_life_ticks). Warm-up: none. Laws: the ratio is even and the spread odd
    under mirrored returns; both blind to the scale of either price, up to rounding.
    ValueError: half_life_ticks not above 0. Source: Finch, *Incremental calculation of weighted
    mean and variance* (2009), section 9, for the moments.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)

    def step(s: HedgeState, prices: LogPrices) -> tuple[HedgeState, Hedge]:
        log_y, log_x = prices
        origin_y = s.origin_y if s.pairs > 0.0 else log_y
        origin_x = s.origin_x if s.pairs > 0.0 else log_x
        off_y = log_y - origin_y - s.mean_y
        off_x = log_x - origin_x - s.mean_x
        mean_y = s.mean_y + move * off_y
        mean_x = s.mean_x + move * off_x
        var_y = (1.0 - move) * (s.var_y + move * off_y * off_y)
        var_x = (1.0 - move) * (s.var_x + move * off_x * off_x)
        covariance = (1.0 - move) * (s.covariance + move * off_y * off_x)
        ratio = covariance / var_x if var_x > LEAST_VARIANCE else 0.0
        left = var_y - ratio * covariance
        is_loose = var_y > LEAST_VARIANCE and left > LEAST_SHARE * var_y
        deviation = sqrt(left) if is_loose else 0.0
        spread = (1.0 - move) * (off_y - ratio * off_x)
        pairs_seen = s.pairs + 1.0
        state = HedgeState(origin_y, origin_x, mean_y, mean_x, var_y, var_x, covariance, pairs_seen)
        return state, Hedge(ratio, spread, deviation, pairs_seen)

    return atom(HedgeState(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), step)


@strategy(warm_up="half_life_ticks", symmetries=("odd", "time_free", "flat", "bounded"))
def pairs(
    half_life_ticks: Annotated[float, Bounds(2, 1e7, "ticks", "of the regression's memory")] = 240.0,
    full_z: Annotated[float, Bounds(0.1, 20, "standard deviations", "of the spread at which the signal is full")] = 2.0,
) -> Machine[tuple[HedgeState, None], LogPrices, float | None]:
    """Against the z-score of the spread of two log prices, hedged by a rolling regression.

        signal = -spread / deviation / full_z within [-1, 1],  0 where the deviation is 0

    with spread and deviation as `hedged` says; at signal 1 the pair is long one unit of the first and short
    `ratio` units of the second, by value. In: (log price of the first, log price of the second).
    Warm-up: `half_life_ticks` pairs of prices. Laws: odd when both returns are mirrored, independent of absolute time,
    bounded by 1, 0 on constant prices; blind to the scale of either price, up to rounding.
    ValueError: a parameter not above 0.
    Source: Gatev, Goetzmann, Rouwenhorst, *Pairs trading: performance of a relative-value arbitrage rule* (2006); the
    regression, Vidyamurthy, *Pairs trading* (2004).
    """
    above_zero("full_z", full_z, "standard deviations")

    def against(hedge: Hedge) -> float | None:
        raw = -hedge.spread / (hedge.deviation * full_z) if hedge.deviation > 0.0 else 0.0
        signal = 1.0 if raw > 1.0 else (-1.0 if raw < -1.0 else raw)
        return signal if hedge.pairs >= half_life_ticks else None

    return hedged(half_life_ticks).map(against)
