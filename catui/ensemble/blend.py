"""Blending: a finite convex combination of the members that take part."""

from collections.abc import Sequence

Blend = tuple[tuple[float, ...], float]  # each member's part, and their sum


def shares(weights: Sequence[float], is_in: Sequence[bool]) -> tuple[float, ...]:
    """The weights of those that take part, rescaled to sum to 1; 0 for the others, and for all where nothing is left.

    Laws: leaving a member out equals the ensemble without it; an ensemble of ensembles flattens to products.

    >>> shares((0.5, 0.3, 0.2), (True, False, True))
    (0.7142857142857143, 0.0, 0.28571428571428575)
    """
    taking = tuple([weight if takes_part else 0.0 for weight, takes_part in zip(weights, is_in, strict=True)])
    whole = total(taking)
    if not whole > 0.0:
        return tuple([0.0 for _ in weights])
    return tuple([weight / whole for weight in taking])


def blend(weights: Sequence[float], signals: Sequence[float | None]) -> Blend:
    """Each member's part, weight times signal, and their sum. A member without a signal has no part.

    Laws, for weights that sum to 1: unanimity; min <= blend <= max of the signals; the order of members is irrelevant.
    The sum is bounded to [-1, 1], which rounding could pass by one unit in the last place.

    >>> blend((0.75, 0.25, 0.0), (1.0, -1.0, None))
    ((0.75, -0.25, 0.0), 0.5)
    """
    pairs = zip(weights, signals, strict=True)
    parts = tuple([0.0 if signal is None else weight * signal for weight, signal in pairs])
    return parts, _bounded_sum(parts)


def only_less(parts: Sequence[float], before: Sequence[float], drains: Sequence[bool]) -> Blend:
    """Parts and their sum, where the part of a member that drains lies between 0 and what it was before.

    Laws: idempotent; the others' parts stay; nothing that drains grows or changes its sign.

    >>> only_less((0.5, 0.5, -0.5), (0.25, 0.25, 0.25), (True, False, True))
    ((0.25, 0.5, 0.0), 0.75)
    """
    kept = tuple(
        [
            min(max(part, min(0.0, was)), max(0.0, was)) if is_draining else part
            for part, was, is_draining in zip(parts, before, drains, strict=True)
        ]
    )
    return kept, _bounded_sum(kept)


def total(parts: Sequence[float]) -> float:
    """The sum, from left to right in every reading."""
    found = 0.0
    for part in parts:
        found += part
    return found


def _bounded_sum(parts: Sequence[float]) -> float:
    found = total(parts)
    return 1.0 if found > 1.0 else (-1.0 if found < -1.0 else found)
