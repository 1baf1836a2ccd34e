"""Outliers by median and median absolute deviation: measures that one wild value does not move."""

from collections.abc import Sequence
from typing import NamedTuple

MIN_SAMPLES = 32


def median(values: Sequence[float]) -> float:
    """The middle value, the mean of the two middle ones for an even count. IndexError: no values.

    >>> median([3.0, 1.0, 2.0]), median([4.0, 1.0, 2.0, 3.0])
    (2.0, 2.5)
    """
    return _middle(sorted(values))


class Distance(NamedTuple):
    """How far a value lies from the middle of others: their median, and how many deviations it is above that."""

    median: float
    mads: float


def distance_in_mads(value: float, values: Sequence[float], least: float = 1e-12) -> Distance | None:
    """How many median absolute deviations `value` lies above the median of `values`; None before 32, 0 not above.

    A deviation below a twentieth of the median, or below `least`, counts as that: half of the values may be equal.
    Source: Leys et al., *Detecting outliers* (2013).

    >>> distance_in_mads(9.0, [1.0, 2.0, 3.0] * 11)
    Distance(median=2.0, mads=7.0)
    """
    if len(values) < MIN_SAMPLES:
        return None
    ordered = sorted(values)
    middle = _middle(ordered)
    if value <= middle:
        return Distance(middle, 0.0)  # most are: the deviation is not needed to know that nothing stands out
    deviation = _middle(sorted([abs(v - middle) for v in ordered]))  # falls, then rises: sorted in one pass
    return Distance(middle, (value - middle) / max(deviation, abs(middle) / 20, least))


def _middle(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
