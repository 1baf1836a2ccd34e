"""Channels: the band in which a price has moved, by its deviation or by its extremes, and where it stands in it."""

from math import sqrt
from typing import Annotated, Any

from msgspec import Struct

from catui.core.machine import Machine, identity
from catui.core.window import deviation, maximum, mean, minimum
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero

OfThree = tuple[float, tuple[float | None, float | None]]


class Channel(Struct, frozen=True, gc=False):
    """A band, and where the price stands in it: -1 at the lower end, 1 at the upper one, 0 where they meet."""

    lower: float
    upper: float
    position: float


@feature(warm_up="length", symmetries=("time_free",))
def bollinger(
    length: Annotated[int, Bounds(2, 5_000, "inputs", "of the window")] = 20,
    width: Annotated[float, Bounds(0.01, 100, "deviations", "from the mean to either end")] = 2.0,
) -> Machine[Any, float, Channel | None]:
    """Bollinger's bands: the mean of the last inputs, `width` of their deviations up and down.

        lower, upper = mean -+ width deviation,   position = (x - mean) / (width deviation)

    with the deviation that divides by `length`. The position is 2 %b - 1; it may be beyond -1 and 1. In: a price, or
    any level. Warm-up: `length` inputs. Laws: the band goes with offset and scale; the position is blind to them, and
    odd. ValueError: a length below 2, a width not above 0. Source: Bollinger, *Bollinger on Bollinger bands* (2001).
    """
    above_zero("width", width, "deviations")
    away = width * sqrt((length - 1.0) / length)

    def banded(parts: OfThree) -> Channel | None:
        x, (middle, spread) = parts
        if middle is None or spread is None:
            return None
        half = spread * away
        return Channel(middle - half, middle + half, (x - middle) / half if half > 0.0 else 0.0)

    return (identity & (mean(length) & deviation(length))).map(banded)


@feature(warm_up="length", symmetries=("time_free",))
def donchian(
    length: Annotated[int, Bounds(1, 5_000, "inputs", "of the window")] = 20,
) -> Machine[Any, float, Channel | None]:
    """Donchian's channel: the lowest and the highest of the last `length` inputs, the newest among them.

        position = (2 x - lower - upper) / (upper - lower)

    In: a price, or any level; of bars, feed one their lows for the lower end and one their highs for the upper one.
    Warm-up: `length` inputs. Laws: the ends go with offset and scale; the position is blind to them, odd, and within
    [-1, 1]. ValueError: a length below 1.
    Source: Donchian's four-week rule, in *Trend-following methods in commodity price analysis* (1957).
    """
    return (identity & (minimum(length) & maximum(length))).map(_ranged)


def _ranged(parts: OfThree) -> Channel | None:
    x, (lower, upper) = parts
    if lower is None or upper is None:
        return None
    span = upper - lower
    return Channel(lower, upper, ((x - lower) - (upper - x)) / span if span > 0.0 else 0.0)
