"""Mean and variance of a window.

Aggregates are merged by the update of Chan, Golub, LeVeque, *Updating formulae and a pairwise algorithm for computing
sample variances* (1979). Here the mean of an aggregate is kept as its distance from the oldest input in it, so that an
offset that all inputs share is taken off before anything is rounded; every term of the sum of squares is positive.
"""

from math import sqrt
from typing import Any

from catui.core.machine import Machine
from catui.core.window.sliding import Aggregate, Numbers, checked_length, sliding

HALF_OF_ALL = 2.0**1023  # two of them are the largest float, nearly: their difference is finite
WIDEST = 1e150  # its square, times any length, is finite


def mean(length_ticks: int) -> Machine[Any, float, float | None]:
    """The mean of the last `length_ticks` inputs.

        m = m_old + (m_new - m_old) n_new / (n_old + n_new),   merged over the blocks of the window

    Error: below `4 n u` of the largest input in the window, n the length and u = 2**-53, at any age; what has left the
    window leaves nothing. Laws: never outside of the smallest and the largest of the window (n below 1e15), so a
    constant is itself. An input beyond 2**1023 counts as that. Warm-up: None until there are `length_ticks` inputs.
    Cost: constant, worst case. ValueError: a length below 1.

    >>> from catui.core.machine import run
    >>> run(mean(2), [1.0, 2.0, 4.0])
    [None, 1.5, 3.0]
    """
    checked_length(length_ticks)
    return sliding(length_ticks, MEAN, (1, 1))


def variance(length_ticks: int) -> Machine[Any, float, float | None]:
    """The sample variance of the last `length_ticks` inputs, divided by n - 1.

        d = m_new - m_old,   q = q_old + q_new + d^2 n_old n_new / (n_old + n_new),   q / (n - 1) in the end

    Relative error: below `8 n**1.5 u` (n the length, u = 2**-53), whatever offset the inputs share and at any age; far
    smaller on data that is not made for it. Exactly 0 on a constant. An input beyond 1e150 counts as that; differences
    below 1e-150 count as none. Warm-up: None until there are `length_ticks` inputs. Cost: constant, worst case.
    ValueError: a length below 2.

    >>> from catui.core.machine import run
    >>> run(variance(2), [1e8, 1e8 + 1.0, 1e8 + 3.0])
    [None, 0.5, 2.0]
    """
    checked_length(length_ticks, 2)
    return sliding(length_ticks, VARIANCE, (1, 3))


def deviation(length_ticks: int) -> Machine[Any, float, float | None]:
    """The sample standard deviation of the last `length_ticks` inputs: the root of `variance`, as exact as it is."""
    checked_length(length_ticks, 2)
    return sliding(length_ticks, DEVIATION, (1, 3))


def zscore(length_ticks: int) -> Machine[Any, float, float | None]:
    """How many deviations the newest input is from the mean of the last `length_ticks`, itself among them.

        z = (x - mean) / deviation,   0 where the deviation is 0

    Laws: at most (n - 1) / sqrt(n); blind to offset and scale, up to rounding. Otherwise as `variance`.

    >>> from catui.core.machine import run
    >>> run(zscore(3), [1.0, 2.0, 3.0, 1.0])
    [None, None, 1.0, -1.0]
    """
    checked_length(length_ticks, 2)
    return sliding(length_ticks, ZSCORE, (1, 3))


def within(x: float, bound: float) -> float:
    """The input, or the bound that it is beyond."""
    return bound if x > bound else -bound if x < -bound else x


def _mean_entry(x: float) -> Numbers:
    return (within(x, HALF_OF_ALL),)


def _mean_single(entry: Numbers) -> Numbers:
    return entry


def _mean_merge(older: Numbers, older_count: int, newer: Numbers, newer_count: int) -> Numbers:
    return (older[0] + (newer[0] - older[0]) * (newer_count / (older_count + newer_count)),)


def _mean_told(whole: Numbers, length: int, x: float) -> float:
    return whole[0]


MEAN: Aggregate[float] = Aggregate(_mean_entry, _mean_single, _mean_merge, _mean_told)


def _entry(x: float) -> Numbers:
    return (within(x, WIDEST),)


def _single(entry: Numbers) -> Numbers:
    """The oldest input, the mean's distance from it, and the sum of squares about the mean."""
    return (entry[0], 0.0, 0.0)


def _merge(older: Numbers, older_count: int, newer: Numbers, newer_count: int) -> Numbers:
    first, mean, squares = older
    other_first, other_mean, other_squares = newer
    apart = (other_first - first) + (other_mean - mean)
    moved = apart * (newer_count / (older_count + newer_count))
    return (first, mean + moved, squares + other_squares + apart * moved * older_count)


def _variance_told(whole: Numbers, length: int, x: float) -> float:
    return whole[2] / (length - 1)


def _deviation_told(whole: Numbers, length: int, x: float) -> float:
    return sqrt(whole[2] / (length - 1))


def _zscore_told(whole: Numbers, length: int, x: float) -> float:
    first, mean, squares = whole
    deviation = sqrt(squares / (length - 1))
    if deviation > 0.0:
        most = (length - 1) / sqrt(length)
        return within((within(x, WIDEST) - first - mean) / deviation, most)
    return 0.0


VARIANCE: Aggregate[float] = Aggregate(_entry, _single, _merge, _variance_told)
DEVIATION: Aggregate[float] = Aggregate(_entry, _single, _merge, _deviation_told)
ZSCORE: Aggregate[float] = Aggregate(_entry, _single, _merge, _zscore_told)
