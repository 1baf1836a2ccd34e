"""Volatility from the range of bars: high and low say more of a day than its close."""

from collections.abc import Callable
from math import log, sqrt
from typing import Annotated, Any

from catui.core.machine import Machine, lift, optional
from catui.core.window import mean
from catui.domain.kind import feature
from catui.domain.parameters import Bounds
from catui.domain.signals import Bar

Length = Annotated[int, Bounds(1, 5_000, "bars", "of the window")]
OfBars = Machine[Any, Bar, float | None]


@feature(warm_up="length_bars", symmetries=("even", "scale_free", "time_free", "flat"), waits_for="bars above 0")
def parkinson(length_bars: Length = 20) -> OfBars:
    """Parkinson's volatility of log prices, per bar: `sqrt(mean of ln(high / low)^2 / (4 ln 2))` of the last bars.

    Five times as efficient as that of closes, without drift and where prices are seen all the time; else too low. Bars
    with a price not above 0 are passed over. Warm-up: `length_bars` bars. Laws: even; blind to the scale of prices; 0
    where there is no range. ValueError: a length below 1.
    Source: Parkinson, *The extreme value method for estimating the variance of the rate of return* (1980).
    """
    return _rooted(_parkinson, length_bars)


def _parkinson(bar: Bar) -> float:
    span = log(bar.high / bar.low)
    return span * span / (4.0 * log(2.0))


@feature(warm_up="length_bars", symmetries=("even", "scale_free", "time_free", "flat"), waits_for="bars above 0")
def garman_klass(length_bars: Length = 20) -> OfBars:
    """Garman and Klass's volatility of log prices, per bar, of the last bars.

        sqrt(mean of ln(high / low)^2 / 2 - (2 ln 2 - 1) ln(close / open)^2)

    Seven times as efficient as that of closes, without drift and without a gap between bars. Bars with a price not
    above 0 are passed over. Warm-up: `length_bars` bars. Laws: even; blind to the scale of prices; 0 where there is no
    range. ValueError: a length below 1.
    Source: Garman and Klass, *On the estimation of security price volatilities from historical data* (1980), their
    practical estimator.
    """
    return _rooted(_garman_klass, length_bars)


def _garman_klass(bar: Bar) -> float:
    span, move = log(bar.high / bar.low), log(bar.close / bar.open)
    return 0.5 * span * span - (2.0 * log(2.0) - 1.0) * move * move


@feature(warm_up="length_bars", symmetries=("even", "scale_free", "time_free", "flat"), waits_for="bars above 0")
def rogers_satchell(length_bars: Length = 20) -> OfBars:
    """Rogers and Satchell's volatility of log prices, per bar, of the last bars: whatever the drift.

        sqrt(mean of ln(high / close) ln(high / open) + ln(low / close) ln(low / open))

    Bars with a price not above 0 are passed over. Warm-up: `length_bars` bars. Laws: even; blind to the scale of
    prices; 0 of bars that go straight from their low to their high. ValueError: a length below 1.
    Source: Rogers and Satchell, *Estimating variance from high, low and closing prices* (1991).
    """
    return _rooted(_rogers_satchell, length_bars)


def _rogers_satchell(bar: Bar) -> float:
    above = log(bar.high / bar.close) * log(bar.high / bar.open)
    return above + log(bar.low / bar.close) * log(bar.low / bar.open)


def _rooted(variance: Callable[[Bar], float], length_bars: int) -> OfBars:
    """The root of the mean variance of the last bars whose prices are all above 0."""
    found = optional(mean(length_bars).premap(variance).map(_root))
    return lift(_priced) >> found


def _priced(bar: Bar) -> Bar | None:
    return bar if bar.low > 0.0 and bar.open > 0.0 and bar.close > 0.0 and bar.high > 0.0 else None


def _root(variance: float | None) -> float | None:
    return None if variance is None else sqrt(max(0.0, variance))
