"""Mean reversion: how fast a level comes back to where it usually is."""

from math import log
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero

LEAST_SHARE = 1e-24  # of the square of a level: a variance below it is of rounding alone


class Regression(Struct, frozen=True, gc=False):
    """The first level; the last one, relative to it; the decayed moments of each level (x) and the next one (y)."""

    origin: float
    last: float
    mean_x: float
    mean_y: float
    var_x: float
    covariance: float
    seen: float


@feature(warm_up="half_life_ticks", symmetries=("even", "scale_free", "time_free"))
def reversion_half_life(
    half_life_ticks: Annotated[float, Bounds(2, 1e7, "ticks", "of the regression's memory")] = 240.0,
    longest_ticks: Annotated[float, Bounds(1, 1e9, "ticks", "that is told; slower, or none, is that")] = 1e4,
) -> Machine[Regression, float, float | None]:
    """In how many ticks half of the distance from the mean is gone, by a first-order autoregression.

        x_{t+1} = a + b x_t + e,   b = cov(x_t, x_{t+1}) / var(x_t),   half-life = ln(0.5) / ln(b)

    with moments of weights 0.5 ** (age / half_life_ticks). In: a level, such as a log price or a spread. Out: ticks,
    from 0 (b not above 0: it is back within the tick) to `longest_ticks` (slower, or not reverting, or not moving).
    Warm-up: `half_life_ticks` levels. Laws: even; blind to an offset and to the scale of the level, up to rounding.
    ValueError: a parameter not above 0.
    Source: Uhlenbeck and Ornstein, *On the theory of the Brownian motion* (1930), whose process this is, sampled.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    above_zero("longest_ticks", longest_ticks, "ticks")
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)
    slowest = 0.5 ** (1.0 / longest_ticks)

    def step(s: Regression, level: float) -> tuple[Regression, float | None]:
        origin = s.origin if s.seen > 0.0 else level
        at = level - origin
        off_x = s.last - s.mean_x
        off_y = at - s.mean_y
        mean_x = s.mean_x + move * off_x
        mean_y = s.mean_y + move * off_y
        var_x = (1.0 - move) * (s.var_x + move * off_x * off_x)
        covariance = (1.0 - move) * (s.covariance + move * off_x * off_y)
        slope = covariance / var_x if var_x > LEAST_SHARE * mean_x * mean_x else 1.0
        ticks = longest_ticks
        if slope <= 0.0:
            ticks = 0.0
        elif slope < slowest:
            ticks = log(0.5) / log(slope)
        seen = s.seen if s.seen >= half_life_ticks else s.seen + 1.0
        state = Regression(origin, at, mean_x, mean_y, var_x, covariance, seen)
        return state, (ticks if seen >= half_life_ticks else None)

    return atom(Regression(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), step)
