"""Weights, and the rules by which they learn what each member would have earned.

A rule keeps a memory, which is its own; a lesson is every member's net gain over one return, and who was judged by it.
Who was not has gained -inf and stakes nothing, so that no maximum and no sum has to ask.
What holds for every rule: weights are never negative and sum to what they did; members that take no part in a lesson
keep their weight, so that the others go on as if they were not there; weights set by hand are learned on from there.
"""

from collections.abc import Callable
from math import inf
from typing import Any, Generic, NamedTuple, TypeVar

from catui.domain.ensembles import BlendSettings
from catui.ensemble.blend import shares, total

M = TypeVar("M")

Weights = tuple[float, ...]
Gains = tuple[float, ...]
Judged = tuple[bool, ...]
Spoken = tuple[float | None, ...]  # a signal a member; None: it takes no part

LEAST_WHOLE = 1e-300  # of what is shared out in proportion: below it a proportion is no number


class Rule(NamedTuple, Generic[M]):
    """A way to learn, as functions of the dialect: the first memory, and what is done with one.

    `weights` reads the memory, `told` is a memory in which these weights hold, `learned` the one after a lesson; None
    where nothing is ever learned.
    """

    first: M
    weights: Callable[[M], Weights]
    told: Callable[[M, Weights], M]
    learned: Callable[[M, Gains, Judged], M] | None


def of_weights(first: Weights, learned: Callable[[Weights, Gains, Judged], Weights] | None = None) -> Rule[Weights]:
    """A rule that remembers nothing but the weights; without `learned` they stay until a hand sets them."""
    return Rule(first, _itself, _replaced, learned)


def _itself(memory: Weights) -> Weights:
    return memory


def _replaced(memory: Weights, weights: Weights) -> Weights:
    return weights


def taught(rule: Rule[Any], memory: Any, held: Spoken, taking: Spoken, log_return: float, cost_bps: float) -> Any:
    """The memory after a return: whoever takes part before and after it is judged by its net gain."""
    if rule.learned is None:
        return memory
    judged = tuple([x is not None and was is not None for x, was in zip(taking, held, strict=True)])
    gains = tuple(
        [
            gain(was, log_return, x - was, cost_bps) if x is not None and was is not None else -inf
            for x, was in zip(taking, held, strict=True)
        ]
    )
    return rule.learned(memory, gains, judged)


def gain(signal: float, log_return: float, turned: float, cost_bps: float) -> float:
    """What a signal earned over a return, less the cost of turning it over: s r - cost |ds|."""
    return signal * log_return - cost_bps * 1e-4 * abs(turned)


def staked(weights: Weights, judged: Judged) -> Weights:
    """The weights of those judged, 0 for the others."""
    return tuple([w if i else 0.0 for w, i in zip(weights, judged, strict=True)])


def number(judged: Judged) -> float:
    """How many are judged."""
    count = 0.0
    for is_in in judged:
        if is_in:
            count += 1.0
    return count


def divided(weights: Weights, raised: Weights, judged: Judged, mass: float, floor: float) -> Weights:
    """The weight of those who were judged, shared out anew in proportion to `raised`; the others keep theirs.

        w_i' = mass ((1 - n floor) raised_i / sum_j raised_j + floor)

    with `mass` their weight before and n their number; `raised` is 0 for the others. Nothing changes for less than two,
    nor where there is nothing to share. Law: the sum stays what it was, and each has at least mass x floor.
    """
    whole, count = total(raised), number(judged)
    if count < 2.0 or not whole > LEAST_WHOLE:
        return weights
    least = mass * floor if count * floor < 1.0 else mass / count
    scale = (mass - count * least) / whole
    return tuple([scale * one + least if i else w for w, one, i in zip(weights, raised, judged, strict=True)])


def with_weight(weights: Weights, member: int, weight: float) -> Weights:
    """One weight set by hand; the others share the rest as before, equally where they had nothing.

    >>> with_weight((0.5, 0.25, 0.25), 0, 0.2)
    (0.2, 0.4, 0.4)
    """
    others = shares(weights, tuple([i != member for i in range(len(weights))]))
    found = total(others)
    alone = 1.0 / (len(weights) - 1) if len(weights) > 1 else 0.0
    return tuple(
        [weight if i == member else (s if found > 0.0 else alone) * (1.0 - weight) for i, s in enumerate(others)]
    )


def first_weights(settings: BlendSettings, names: tuple[str, ...]) -> Weights:
    """Where learning begins: the configured weights, equal without any; they sum to 1."""
    if not settings.weights:
        return (1.0 / len(names),) * len(names)
    return shares([settings.weights.get(name, 0.0) for name in names], [True] * len(names))
