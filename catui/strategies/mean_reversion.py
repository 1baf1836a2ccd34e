"""Mean reversion: what has gone far from its usual place comes back."""

from math import log, sqrt

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.signals import Features


class BandState(Struct, frozen=True, gc=False):
    """The exponential mean and variance of the log mid, relative to the first one, and the quotes seen."""

    origin: float
    mean: float
    variance: float
    quotes: float


def mean_reversion(half_life_ticks: float, full_z: float) -> Machine[BandState, Features, float | None]:
    """Against the z-score of the log mid, full at `full_z` deviations.

        x_t = ln(mid_t / mid_1),   d_t = x_t - m_{t-1},   a = 1 - 0.5 ** (1 / half_life_ticks)
        m_t = m_{t-1} + a d_t,   v_t = (1 - a) (v_{t-1} + a d_t^2)
        signal = -z / full_z within [-1, 1],   z = (x_t - m_t) / sqrt(v_t),  0 where v_t is 0

    Warm-up: `half_life_ticks` quotes. Laws: odd under mirrored returns, blind to the scale of prices, independent of
    absolute time, bounded by 1, 0 on a constant price. ValueError: a parameter not above 0.
    Source: Finch, *Incremental calculation of weighted mean and variance* (2009), section 9.
    """
    if not half_life_ticks > 0:
        raise ValueError(f"half_life_ticks must be above 0 ticks, got {half_life_ticks!r}")
    if not full_z > 0:
        raise ValueError(f"full_z must be above 0 standard deviations, got {full_z!r}")
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)

    def step(s: BandState, x: Features) -> tuple[BandState, float | None]:
        origin = s.origin if s.quotes > 0.0 else x.mid
        at = log(x.mid / origin)
        away = at - s.mean
        mean = s.mean + move * away
        variance = (1.0 - move) * (s.variance + move * away * away)
        quotes = s.quotes + 1.0
        raw = -(at - mean) / (sqrt(variance) * full_z) if variance > 0.0 else 0.0
        signal = 1.0 if raw > 1.0 else (-1.0 if raw < -1.0 else raw)
        is_warm = quotes >= half_life_ticks
        return BandState(origin, mean, variance, quotes), (signal if is_warm else None)

    return atom(BandState(0.0, 0.0, 0.0, 0.0), step)
