"""Outliers by median and median absolute deviation: measures that one wild value does not move."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

MIN_SAMPLES = 32


class Window(Struct, frozen=True):
    """The last values as they came, the oldest first, and the same by size."""

    values: tuple[float, ...] = ()
    ordered: tuple[float, ...] = ()


def newest(window: Window, value: float, length: int) -> Window:
    """The window with one value more, and without the oldest where there were `length`.

    Law: `ordered` is `sorted(values)`. Cost: two copies of the window; nothing is sorted.

    >>> newest(Window((3.0, 1.0), (1.0, 3.0)), 2.0, 2)
    Window(values=(1.0, 2.0), ordered=(1.0, 2.0))
    """
    ordered = list(window.ordered)
    if len(ordered) == length:
        del ordered[bisect_left(ordered, window.values[0])]
    insort(ordered, value)
    return Window((*window.values, value)[-length:], tuple(ordered))


class Distance(NamedTuple):
    """How far a value lies from the middle of others: their median, and how many deviations it is above that."""

    median: float
    mads: float


def distance_in_mads(value: float, ordered: Sequence[float], least: float = 1e-12) -> Distance | None:
    """How many median absolute deviations `value` lies above the median of others; None before 32, 0 not above.

    A deviation below a twentieth of the median, or below `least`, counts as that: half of the values may be equal.
    Cost: like log n. Source: Leys et al., *Detecting outliers* (2013).

    >>> distance_in_mads(9.0, sorted([1.0, 2.0, 3.0] * 11))
    Distance(median=2.0, mads=7.0)
    """
    if len(ordered) < MIN_SAMPLES:
        return None
    middle = median(ordered)
    if value <= middle:
        return Distance(middle, 0.0)  # most are: the deviation is not needed to know that nothing stands out
    return Distance(middle, (value - middle) / max(deviation(ordered, middle), abs(middle) / 20, least))


def median(ordered: Sequence[float]) -> float:
    """The middle of values by size, the mean of the two middle ones for an even count. IndexError: no values.

    >>> median([1.0, 2.0, 3.0]), median([1.0, 2.0, 3.0, 4.0])
    (2.0, 2.5)
    """
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def deviation(ordered: Sequence[float], middle: float) -> float:
    """The median of the distances of values by size from `middle`. IndexError: no values.

    >>> deviation([1.0, 2.0, 3.0, 9.0], 2.5)
    1.0
    """
    half = len(ordered) // 2
    upper = _nearest(ordered, middle, half)
    return upper if len(ordered) % 2 else (_nearest(ordered, middle, half - 1) + upper) / 2


def _nearest(ordered: Sequence[float], middle: float, place: int) -> float:
    """The distance of the value that so many are nearer than: with those it is a slice, found by halving."""
    low, high = 0, len(ordered) - 1 - place
    while low < high:
        start = (low + high) // 2
        if middle - ordered[start] > ordered[start + place + 1] - middle:
            low = start + 1
        else:
            high = start
    return max(abs(ordered[low] - middle), abs(ordered[low + place] - middle))
