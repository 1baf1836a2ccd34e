"""Weights: they stay, or they learn from what each member would have earned.

Learning is Hedge with a floor: among the members that take part, with p their shares of the weight,

    p_i' = p_i exp(rate g_i) / sum_j p_j exp(rate g_j)
    p_i" = (1 - n floor) p_i' + floor

with g_i the member's realised gain and n their number. Those that take no part keep their weight and learn nothing, so
that the others go on as if they were not there. Regret of Hedge over T steps of gains in [0, 1] against the best of N
members: at most ln N / rate + rate T / 8. Sources: Freund, Schapire, *A decision-theoretic generalization of on-line
learning* (1997); Herbster, Warmuth, *Tracking the best expert* (1998), for the floor.
"""

from collections.abc import Sequence
from math import exp

from catui.core.machine import Machine, atom
from catui.domain.settings import EnsembleSettings
from catui.ensemble.blend import shares

Weights = tuple[float, ...]
Lesson = tuple[tuple[float, ...], tuple[bool, ...]]  # gains, and who takes part


def learned(weights: Weights, gains: Sequence[float], is_in: Sequence[bool], rate: float, floor: float) -> Weights:
    """The weights after one lesson; their sum over those that take part is what it was.

    Gains are taken relative to the best one, so that no exponential overflows.
    """
    mass, count, best = 0.0, 0.0, 0.0
    for weight, g, takes_part in zip(weights, gains, is_in, strict=True):
        if takes_part:
            best = g if count == 0.0 or g > best else best
            mass += weight
            count += 1.0
    if count < 2.0 or not mass > 0.0:
        return weights
    raised = tuple([w * exp(rate * (g - best)) if i else 0.0 for w, g, i in zip(weights, gains, is_in, strict=True)])
    total = 0.0
    for one in raised:
        total += one
    if not total > 0.0:
        return weights
    left, least = max(0.0, 1.0 - count * floor), min(floor, 1.0 / count)
    return tuple(
        [mass * (left * r / total + least) if i else w for w, r, i in zip(weights, raised, is_in, strict=True)]
    )


def multiplicative(first: Weights, rate: float, floor: float) -> Machine[Weights, Lesson, Weights]:
    """Weights that learn: the output is what holds after the lesson."""

    def step(weights: Weights, lesson: Lesson) -> tuple[Weights, Weights]:
        gains, is_in = lesson
        weights = learned(weights, gains, is_in, rate, floor)
        return weights, weights

    return atom(first, step)


def gain(signal: float, log_return: float, turned: float, cost_bps: float) -> float:
    """What a signal earned over a return, less the cost of turning it over: s r - cost |ds|."""
    return signal * log_return - cost_bps * 1e-4 * abs(turned)


def with_weight(weights: Weights, member: int, weight: float) -> Weights:
    """One weight set by hand; the others share the rest as before, equally where they had nothing.

    >>> with_weight((0.5, 0.25, 0.25), 0, 0.2)
    (0.2, 0.4, 0.4)
    """
    others = shares(weights, tuple([i != member for i in range(len(weights))]))
    total = 0.0
    for share in others:
        total += share
    alone = 1.0 / (len(weights) - 1) if len(weights) > 1 else 0.0
    return tuple(
        [weight if i == member else (s if total > 0.0 else alone) * (1.0 - weight) for i, s in enumerate(others)]
    )


def first_weights(settings: EnsembleSettings, names: tuple[str, ...]) -> Weights:
    """Where learning begins: the configured weights, equal without any; they sum to 1."""
    if not settings.weights:
        return (1.0 / len(names),) * len(names)
    return shares([settings.weights.get(name, 0.0) for name in names], [True] * len(names))
