"""Time-series momentum: an instrument's own trend, in a position of constant risk."""

from math import sqrt
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import SIGNAL_SYMMETRIES, strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features


class TrendState(Struct, frozen=True, gc=False):
    """The decayed sum of log returns, and the quotes seen."""

    trend: float
    quotes: float


@strategy(warm_up="half_life_ticks", symmetries=SIGNAL_SYMMETRIES)
def time_series_momentum(
    half_life_ticks: Annotated[float, Bounds(1, 1e7, "ticks", "of the trend")] = 240.0,
    full_z: Annotated[float, Bounds(0.1, 20, "standard deviations", "of the trend at which it counts in full")] = 1.0,
    target_bps: Annotated[float, Bounds(1e-3, 10_000, "bps a tick", "volatility up to which positions are full")] = 2.0,
) -> Machine[TrendState, Features, float | None]:
    """With the trend of an instrument's own returns, scaled down as its volatility exceeds a target.

        R_t = keep R_{t-1} + r_t,   keep = 0.5 ** (1 / half_life_ticks),   deviation = volatility / sqrt(1 - keep^2)
        signal = (R_t / deviation / full_z within [-1, 1]) min(1, target / volatility),  0 where the volatility is 0

    `deviation` is that of R for independent returns; the paper takes the sign of a year's return, which jumps at 0, and
    a window, which jumps when an old return leaves it. Warm-up: `half_life_ticks` quotes, and the volatility's own.
    Laws: odd under mirrored returns, blind to the scale of prices, independent of absolute time, bounded by 1, 0 on a
    constant price. ValueError: a parameter not above 0.
    Source: Moskowitz, Ooi, Pedersen, *Time series momentum* (2012), section 4.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    above_zero("full_z", full_z, "standard deviations")
    above_zero("target_bps", target_bps, "bps a tick")
    keep = 0.5 ** (1.0 / half_life_ticks)
    spread_out = 1.0 / sqrt(1.0 - keep * keep)
    target = target_bps / 10000.0

    def step(s: TrendState, x: Features) -> tuple[TrendState, float | None]:
        trend = keep * s.trend + x.log_return
        quotes = s.quotes + 1.0
        volatility = x.volatility if x.volatility is not None else 0.0
        full = volatility * spread_out * full_z
        raw = trend / full if full > 0.0 else 0.0
        direction = 1.0 if raw > 1.0 else (-1.0 if raw < -1.0 else raw)
        size = target / volatility if volatility > target else 1.0
        is_warm = quotes >= half_life_ticks and x.volatility is not None
        return TrendState(trend, quotes), (direction * size if is_warm else None)

    return atom(TrendState(0.0, 0.0), step)
