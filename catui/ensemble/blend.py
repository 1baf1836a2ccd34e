"""Blending: a finite convex combination of the members that take part."""

from collections.abc import Sequence


def shares(weights: Sequence[float], is_in: Sequence[bool]) -> tuple[float, ...]:
    """The weights of those that take part, rescaled to sum to 1; 0 for the others, and for all where nothing is left.

    Laws: leaving a member out equals the ensemble without it; an ensemble of ensembles flattens to products.

    >>> shares((0.5, 0.3, 0.2), (True, False, True))
    (0.7142857142857143, 0.0, 0.28571428571428575)
    """
    total = 0.0
    for weight, takes_part in zip(weights, is_in, strict=True):
        if takes_part:
            total += weight
    if not total > 0.0:
        return (0.0,) * len(weights)
    return tuple(weight / total if takes_part else 0.0 for weight, takes_part in zip(weights, is_in, strict=True))


def blend(weights: Sequence[float], signals: Sequence[float | None]) -> tuple[tuple[float, ...], float]:
    """Each member's part, weight times signal, and their sum. Members without a signal have weight 0 (see `shares`).

    Laws: unanimity; min <= blend <= max of the signals, where weights sum to 1; the order of members is irrelevant.
    The sum is bounded to [-1, 1], which rounding could pass by one unit in the last place.
    """
    parts = tuple(0.0 if signal is None else weight * signal for weight, signal in zip(weights, signals, strict=True))
    exposure = 0.0
    for part in parts:
        exposure += part
    return parts, max(-1.0, min(1.0, exposure))
