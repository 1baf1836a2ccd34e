"""Straight lines through a window: how two inputs move together, and how fast one moves with the ticks.

Aggregates are merged as those of the variance are, with a sum of products beside the sums of squares: Chan, Golub,
LeVeque (1979); Pebay, *Formulas for robust, one-pass parallel computation of covariances* (2008).
"""

from math import sqrt
from typing import Any

from catui.core.machine import Machine
from catui.core.window.moments import WIDEST, within
from catui.core.window.sliding import Aggregate, Numbers, checked_length, sliding

Pair = tuple[float, float]

WIDEST_OF_TWO = 1e75  # the product of two squares, times any lengths, is finite


def correlation(length_ticks: int) -> Machine[Any, Pair, float | None]:
    """Pearson's correlation of the last `length_ticks` pairs, in [-1, 1]; 0 where either side is constant.

        r = sum (x - x_mean)(y - y_mean) / sqrt(sum (x - x_mean)^2 sum (y - y_mean)^2)

    Error: below `16 n**1.5 u` (n the length, u = 2**-53), whatever offset a side has and at any age. Laws: symmetric,
    exactly; blind to offset and positive scale, up to rounding. An input beyond 1e75 counts as that; differences below
    1e-75 may count as none. Warm-up: None until there are `length_ticks` pairs. Cost: constant, worst case.
    ValueError: a length below 2.

    >>> from catui.core.machine import run
    >>> run(correlation(3), [(1.0, 5.0), (2.0, 3.0), (3.0, 1.0), (4.0, 1.0)])
    [None, None, -1.0, -0.8660254037844387]
    """
    checked_length(length_ticks, 2)
    return sliding(length_ticks, CORRELATION, (2, 7))


def slope(length_ticks: int) -> Machine[Any, float, float | None]:
    """The slope of the straight line through the last `length_ticks` inputs by least squares, per tick.

        b = sum (t - t_mean)(x - x_mean) / sum (t - t_mean)^2,   the latter is n (n^2 - 1) / 12

    Error: below `16 n**1.5 u` times the deviation of the window over that of its ticks. Laws: 0 on a constant, exactly;
    odd; blind to offset, up to rounding. An input beyond 1e150 counts as that. Warm-up: None until there are
    `length_ticks` inputs. Cost: constant, worst case. ValueError: a length below 2.

    >>> from catui.core.machine import run
    >>> run(slope(3), [1.0, 3.0, 5.0, 5.0])
    [None, None, 2.0, 1.0]
    """
    checked_length(length_ticks, 2)
    return sliding(length_ticks, SLOPE, (1, 3))


def _pair_entry(pair: Pair) -> Numbers:
    x, y = pair
    return (within(x, WIDEST_OF_TWO), within(y, WIDEST_OF_TWO))


def _pair_single(entry: Numbers) -> Numbers:
    """Of either side the oldest input and the mean's distance from it; then the squares, and the products."""
    return (entry[0], 0.0, entry[1], 0.0, 0.0, 0.0, 0.0)


def _pair_merge(older: Numbers, older_count: int, newer: Numbers, newer_count: int) -> Numbers:
    x, x_mean, y, y_mean, x_squares, y_squares, products = older
    other_x, other_x_mean, other_y, other_y_mean, other_x_squares, other_y_squares, other_products = newer
    share = newer_count / (older_count + newer_count)
    x_apart = (other_x - x) + (other_x_mean - x_mean)
    y_apart = (other_y - y) + (other_y_mean - y_mean)
    weight = share * older_count
    return (
        x,
        x_mean + x_apart * share,
        y,
        y_mean + y_apart * share,
        x_squares + other_x_squares + x_apart * x_apart * weight,
        y_squares + other_y_squares + y_apart * y_apart * weight,
        products + other_products + x_apart * y_apart * weight,
    )


def _correlation_told(whole: Numbers, length: int, pair: Pair) -> float:
    scale = sqrt(whole[4] * whole[5])
    return within(whole[6] / scale, 1.0) if scale > 0.0 else 0.0


def _entry(x: float) -> Numbers:
    return (within(x, WIDEST),)


def _single(entry: Numbers) -> Numbers:
    """The oldest input, the mean's distance from it, and the sum of products of input and tick about their means."""
    return (entry[0], 0.0, 0.0)


def _merge(older: Numbers, older_count: int, newer: Numbers, newer_count: int) -> Numbers:
    first, mean, products = older
    other_first, other_mean, other_products = newer
    ticks_apart = (older_count + newer_count) * 0.5
    moved = ((other_first - first) + (other_mean - mean)) * (newer_count / (older_count + newer_count))
    return (first, mean + moved, products + other_products + moved * ticks_apart * older_count)


def _slope_told(whole: Numbers, length: int, x: float) -> float:
    return whole[2] / (length * (length * length - 1.0) / 12.0)


CORRELATION: Aggregate[Pair] = Aggregate(_pair_entry, _pair_single, _pair_merge, _correlation_told)
SLOPE: Aggregate[float] = Aggregate(_entry, _single, _merge, _slope_told)
