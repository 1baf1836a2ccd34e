"""Outliers by median and median absolute deviation: measures that one wild value does not move."""

from collections.abc import Sequence

MIN_SAMPLES = 32


def median(values: Sequence[float]) -> float:
    """The middle value, the mean of the two middle ones for an even count. IndexError: no values.

    >>> median([3.0, 1.0, 2.0]), median([4.0, 1.0, 2.0, 3.0])
    (2.0, 2.5)
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def distance_in_mads(value: float, values: Sequence[float], least: float = 1e-12) -> float | None:
    """How many median absolute deviations `value` lies above the median of `values`; None before 32, 0 not above.

    A deviation below a twentieth of the median, or below `least`, counts as that: half of the values may be equal.
    Source: Leys et al., *Detecting outliers* (2013).

    >>> distance_in_mads(9.0, [1.0, 2.0, 3.0] * 11)
    7.0
    """
    if len(values) < MIN_SAMPLES:
        return None
    middle = median(values)
    if value <= middle:
        return 0.0  # most are: the deviation is not needed to know that nothing stands out
    deviation = median([abs(v - middle) for v in values])
    return (value - middle) / max(deviation, abs(middle) / 20, least)
