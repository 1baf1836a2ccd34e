"""Variance ratio: do moves go on, go back, or not know of each other."""

from math import log
from typing import Annotated, Any

from catui.core.machine import Machine, optional
from catui.core.window import mean, variance
from catui.domain.kind import feature
from catui.domain.parameters import Bounds

Lag = Annotated[int, Bounds(2, 250, "ticks", "of the long returns")]
Length = Annotated[int, Bounds(3, 2_000, "ticks", "of the window")]
Moments = tuple[float | None, float | None]
Of = Machine[Any, float, float | None]


@feature(warm_up="length_ticks", symmetries=("even", "scale_free", "time_free"))
def variance_ratio(lag_ticks: Lag = 5, length_ticks: Length = 200) -> Of:
    """The variance of returns over `lag_ticks`, over `lag_ticks` times that of returns over one.

        VR = var_q / var_1,   q = lag_ticks, n = length_ticks,   m: the mean return
        var_1 = sum of (r - m)^2 / (n - 1),   over the n returns of the window
        var_q = sum of (R - q m)^2 / (q (n - q + 1) (1 - q / n)),   over the n - q + 1 sums R of q returns in a row

    1 of a random walk, and where nothing varies; above 1 moves go on, below 1 they go back. In: log returns.
    Warm-up: `length_ticks` returns. Laws: even; blind to the scale of returns, and to a drift, up to rounding.
    ValueError: a lag below 2, a length that is not above the lag.
    Source: Lo and MacKinlay, *Stock market prices do not follow random walks* (1988), section 1, for the
    unbiased estimators.
    """
    if not 2 <= lag_ticks < length_ticks:
        raise ValueError(
            f"lag_ticks must be at least 2 ticks and below length_ticks, got {lag_ticks!r}, {length_ticks!r}"
        )
    lag, length = float(lag_ticks), float(length_ticks)
    sums = length - lag + 1.0
    unbiased = lag * sums * (1.0 - lag / length)

    def summed(found: float | None) -> float | None:
        return None if found is None else found * lag

    def ratio(both: tuple[Moments | None, Moments]) -> float | None:
        of_sums, (middle, spread) = both
        if of_sums is None or middle is None or spread is None:
            return None
        sum_middle, sum_spread = of_sums
        if sum_middle is None or sum_spread is None:
            return None
        off = sum_middle - lag * middle
        squares = sum_spread * (sums - 1.0) + off * off * sums
        return squares / unbiased / spread if spread > 0.0 else 1.0

    count = length_ticks - lag_ticks + 1
    long = mean(lag_ticks).map(summed) >> optional(mean(count) & variance(count))
    return (long & (mean(length_ticks) & variance(length_ticks))).map(ratio)


@feature(warm_up="length_ticks", symmetries=("even", "scale_free", "time_free", "bounded"))
def hurst(lag_ticks: Lag = 5, length_ticks: Length = 200) -> Of:
    """The Hurst exponent that the variance ratio implies: `H = (1 + ln(VR) / ln(q)) / 2`, q = lag_ticks.

    Of a process whose moves over q ticks have a variance as q ** (2 H). From 0 to 1, cut off there; 1/2 of a random
    walk. In: log returns. Warm-up: `length_ticks` returns. Laws: as `variance_ratio`. ValueError: as `variance_ratio`.
    Source: Mandelbrot and Van Ness, *Fractional Brownian motions, fractional noises and applications* (1968), for the
    exponent; Lo and MacKinlay (1988) for the ratio.
    """
    of_lag = 2.0 * log(lag_ticks)

    def exponent(ratio: float | None) -> float | None:
        if ratio is None:
            return None
        found = 0.5 + log(ratio) / of_lag if ratio > 0.0 else 0.0
        return min(1.0, max(0.0, found))

    return variance_ratio(lag_ticks, length_ticks).map(exponent)
