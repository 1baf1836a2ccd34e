"""Lessons for the rules by which weights learn: any gains, and the sequences that an adversary would choose."""

from math import inf
from typing import Any, TypeVar

from hypothesis import strategies as st

from catui.ensemble.exponentiated_gradient import exponentiated_gradient
from catui.ensemble.follow_the_leader import follow_the_leader
from catui.ensemble.hedge import multiplicative
from catui.ensemble.inverse_volatility import inverse_volatility
from catui.ensemble.weights import Gains, Rule, Weights, of_weights

G = TypeVar("G")

Rows = list[list[float]]

LEARNING = ("multiplicative", "exponentiated_gradient", "follow_the_leader", "inverse_volatility")
METHODS = ("fixed", "equal", *LEARNING)


def rule_by(name: str, first: Weights, *, rate: float = 5.0, floor: float = 0.0, penalty: float = 0.05) -> Rule[Any]:
    """A rule that learns fast."""
    match name:
        case "multiplicative":
            return multiplicative(first, rate, floor)
        case "exponentiated_gradient":
            return exponentiated_gradient(first, rate, floor)
        case "follow_the_leader":
            return follow_the_leader(first, rate, penalty, floor)
        case "inverse_volatility":
            return inverse_volatility(first, 2.0, floor)
        case _:
            return of_weights(first)


def lesson(rule: Rule[Any], memory: Any, gains: Any, judged: Any = None) -> Any:
    """The memory after a lesson; without `judged` all are."""
    assert rule.learned is not None
    is_in = (True,) * len(gains) if judged is None else tuple(judged)
    return rule.learned(memory, of_judged(gains, is_in), is_in)


def of_judged(gains: Any, judged: Any) -> Gains:
    """The gains as a lesson has them: -inf for who is not judged."""
    return tuple([g if i else -inf for g, i in zip(gains, judged, strict=True)])


def held(rule: Rule[Any], rows: Rows) -> list[Weights]:
    """The weights that each lesson judges: those before it."""
    memory, weights = rule.first, []
    for row in rows:
        weights.append(rule.weights(memory))
        memory = lesson(rule, memory, row)
    return weights


def equal(n: int) -> Weights:
    return (1.0 / n,) * n


def alternating(n: int, steps: int) -> Rows:
    """The best member changes at every step, in turn: whoever follows the last one is always too late."""
    return [[1.0 if i == t % n else 0.0 for i in range(n)] for t in range(steps)]


def all_lost(n: int, steps: int) -> Rows:
    """Nobody ever gains."""
    return [[0.0] * n for _ in range(steps)]


def single_spike(n: int, steps: int) -> Rows:
    """The last member gains once, in the middle; nobody gains otherwise."""
    return [[1.0 if t == steps // 2 and i == n - 1 else 0.0 for i in range(n)] for t in range(steps)]


def one_sided(n: int, steps: int) -> Rows:
    """The last member gains at every step."""
    return [[1.0 if i == n - 1 else 0.0 for i in range(n)] for _ in range(steps)]


ADVERSARIES = (alternating, all_lost, single_spike, one_sided)

counts = st.integers(2, 5)
weights = st.lists(st.integers(1, 100).map(float), min_size=2, max_size=5).map(
    lambda raw: tuple(w / sum(raw) for w in raw)
)
floors = st.sampled_from([0.0, 0.05, 0.3, 0.5])


def rows_of(gain: st.SearchStrategy[G], most: int = 40) -> st.SearchStrategy[list[list[G]]]:
    """Lessons of any number of members."""
    return counts.flatmap(lambda n: st.lists(st.lists(gain, min_size=n, max_size=n), min_size=1, max_size=most))


signs = rows_of(st.sampled_from([0.0, 1.0]))  # each member wins or loses, at random
gains_in_unit = rows_of(st.integers(0, 10).map(lambda tenths: tenths / 10))
any_gain = (
    st.floats(-1e-3, 1e-3)
    | st.floats(-1.0, 1.0)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.0, 1e308, -1e308, 5e-324])
)
