"""Mean reversion: what has gone far from its usual place comes back."""

from math import sqrt
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import SIGNAL_SYMMETRIES, strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features
from catui.strategies.log_path import LOG_PATH, PathState, Point
from catui.strategies.rounding import LEAST_VARIANCE


class BandState(Struct, frozen=True, gc=False):
    """The exponential mean and variance of the log path."""

    mean: float
    variance: float


@strategy(warm_up="half_life_ticks", symmetries=SIGNAL_SYMMETRIES)
def mean_reversion(
    half_life_ticks: Annotated[float, Bounds(1, 1e7, "ticks", "of mean and variance")] = 60.0,
    full_z: Annotated[float, Bounds(0.1, 20, "standard deviations", "at which the signal is full")] = 2.0,
) -> Machine[tuple[PathState, BandState], Features, float | None]:
    """Against the z-score of the log mid, full at `full_z` deviations.

        x_t = ln(mid_t / mid_1),   d_t = x_t - m_{t-1},   a = 1 - 0.5 ** (1 / half_life_ticks)
        m_t = m_{t-1} + a d_t,   v_t = (1 - a) (v_{t-1} + a d_t^2)
        signal = -z / full_z within [-1, 1],   z = (x_t - m_t) / sqrt(v_t) = (1 - a) d_t / sqrt(v_t)

    and 0 where v_t is rounding.

    Warm-up: `half_life_ticks` quotes. Laws: odd under mirrored returns, blind to the scale of prices, independent of
    absolute time, bounded by 1, 0 on a constant price. ValueError: a parameter not above 0.
    Source: Finch, *Incremental calculation of weighted mean and variance* (2009), section 9.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    above_zero("full_z", full_z, "standard deviations")
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)
    pull = -(1.0 - move) / full_z

    def step(s: BandState, p: Point) -> tuple[BandState, float | None]:
        at = p.at
        away = at - s.mean
        moved = move * away
        mean = s.mean + moved
        variance = (1.0 - move) * (s.variance + moved * away)
        raw = pull * away / sqrt(variance) if variance > LEAST_VARIANCE else 0.0
        signal = 1.0 if raw > 1.0 else (-1.0 if raw < -1.0 else raw)
        is_warm = p.quotes >= half_life_ticks
        return BandState(mean, variance), (signal if is_warm else None)

    return LOG_PATH >> atom(BandState(0.0, 0.0), step)
