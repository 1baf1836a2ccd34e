"""Regret: what each rule may lose to the best member is bounded, whatever an adversary does."""

from collections.abc import Callable
from itertools import pairwise
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons_world import ADVERSARIES, Rows, equal, gains_in_unit, held, lesson, rows_of, rule_by, signs

from catui.ensemble.weights import Weights

EPS = 1e-9

adversaries = pytest.mark.parametrize("adversary", ADVERSARIES, ids=lambda rows: str(rows.__name__))
sizes = pytest.mark.parametrize("n", [2, 3, 8])


def regret(used: list[Weights], rows: Rows) -> float:
    """What the best single member gained more than the weights did, each lesson with the weights before it."""
    earned = sum(w * g for weights, row in zip(used, rows, strict=True) for w, g in zip(weights, row, strict=True))
    return max(sum(row[i] for row in rows) for i in range(len(rows[0]))) - earned


# ---- Hedge: ln N / rate + rate T / 8 on gains in [0, 1]


def hedge_bound(n: int, steps: int, rate: float) -> float:
    return log(n) / rate + rate * steps / 8.0


def hedged(rows: Rows, rate: float) -> float:
    n = len(rows[0])
    return regret(held(rule_by("multiplicative", equal(n), rate=rate), rows), rows)


@given(gains_in_unit | signs, st.floats(0.01, 5.0))
def test_hedge_loses_at_most_its_bound_at_any_rate(rows: Rows, rate: float) -> None:
    assert hedged(rows, rate) <= hedge_bound(len(rows[0]), len(rows), rate) + EPS


@given(gains_in_unit)
def test_at_its_best_rate_hedge_loses_the_root_of_half_the_steps_times_the_log_of_the_members(rows: Rows) -> None:
    steps, n = len(rows), len(rows[0])
    assert hedged(rows, rate=sqrt(8.0 * log(n) / steps)) <= sqrt(steps * log(n) / 2.0) + EPS


@adversaries
@sizes
@pytest.mark.parametrize("rate", [0.05, 0.3, 2.0])
def test_no_known_adversary_breaks_hedge(adversary: Callable[[int, int], Rows], n: int, rate: float) -> None:
    assert hedged(adversary(n, 300), rate) <= hedge_bound(n, 300, rate)


@sizes
@pytest.mark.parametrize("favour", [min, max], ids=["the last", "the first"])
def test_an_adversary_that_knows_the_weights_does_no_better(n: int, favour: Callable[[Weights], float]) -> None:
    """It gives everything to the member with the least (or the most) weight, every time."""
    steps = 400
    rate = sqrt(8.0 * log(n) / steps)
    rule = rule_by("multiplicative", equal(n), rate=rate)
    memory, rows = rule.first, []
    for _ in range(steps):
        weights = rule.weights(memory)
        lucky = weights.index(favour(weights))
        rows.append([1.0 if i == lucky else 0.0 for i in range(n)])
        memory = lesson(rule, memory, rows[-1])
    assert hedged(rows, rate) <= sqrt(steps * log(n) / 2.0)


# ---- EG: D(u, p) / rate + rate T / (8 r^2) in log wealth, on price relatives in [r, 1] with the best at 1


def log_wealth(used: list[Weights], relatives: Rows) -> float:
    return sum(log(sum(w * x for w, x in zip(p, row, strict=True))) for p, row in zip(used, relatives, strict=True))


def entropy(mix: Weights, first: Weights) -> float:
    return sum(u * log(u / p) for u, p in zip(mix, first, strict=True) if u > 0.0)


def eg_regret(relatives: Rows, mix: Weights, rate: float) -> float:
    """Log wealth of the constant mix over that of EG, which is told the log of the relatives."""
    rule = rule_by("exponentiated_gradient", equal(len(mix)), rate=rate)
    used = held(rule, [[log(x) for x in row] for row in relatives])
    return log_wealth([mix] * len(relatives), relatives) - log_wealth(used, relatives)


def topped(row: list[float]) -> list[float]:
    """The same ratios with the best one at 1."""
    return [x / max(row) for x in row]


@given(rows_of(st.floats(0.4, 1.0), most=25), st.floats(0.01, 1.0), st.data())
def test_eg_loses_at_most_its_bound_to_any_constant_mix(rows: Rows, rate: float, data: st.DataObject) -> None:
    n, relatives = len(rows[0]), [topped(row) for row in rows]
    raw = data.draw(st.lists(st.floats(0.0, 1.0), min_size=n, max_size=n).filter(lambda u: sum(u) > 0.1))
    mix = tuple(u / sum(raw) for u in raw)
    bound = entropy(mix, equal(n)) / rate + rate * len(rows) / (8.0 * 0.4 * 0.4)
    assert eg_regret(relatives, mix, rate) <= bound + EPS


@adversaries
@sizes
def test_no_known_adversary_breaks_eg(adversary: Callable[[int, int], Rows], n: int) -> None:
    """A gain of 1 is a relative of 1, none is one of r; at the best rate the bound is sqrt(2 T ln N) / (2 r)."""
    steps, r = 200, 0.5
    relatives = [topped([1.0 if g > 0.0 else r for g in row]) for row in adversary(n, steps)]
    rate = 2.0 * r * sqrt(2.0 * log(n) / steps)
    for mix in (equal(n), *[tuple(float(i == j) for j in range(n)) for i in range(n)]):
        assert eg_regret(relatives, mix, rate) <= sqrt(2.0 * steps * log(n)) / (2.0 * r) + EPS


# ---- the regularised leader: (1 - 1/N) / (2 rate) + rate T N / 8 + penalty T sqrt(N) / 2 on gains in [0, 1]


def leader_bound(n: int, steps: int, rate: float, penalty: float) -> float:
    return (1.0 - 1.0 / n) / (2.0 * rate) + rate * steps * n / 8.0 + penalty * steps * sqrt(n) / 2.0


def led(rows: Rows, rate: float, penalty: float) -> float:
    rule = rule_by("follow_the_leader", equal(len(rows[0])), rate=rate, penalty=penalty)
    return regret(held(rule, rows), rows)


@given(gains_in_unit | signs, st.floats(0.01, 2.0), st.sampled_from([0.0, 0.02, 0.3]))
def test_the_leader_loses_at_most_its_bound(rows: Rows, rate: float, penalty: float) -> None:
    assert led(rows, rate, penalty) <= leader_bound(len(rows[0]), len(rows), rate, penalty) + EPS


@adversaries
@sizes
@pytest.mark.parametrize("penalty", [0.0, 0.02])
def test_no_known_adversary_breaks_the_leader(adversary: Callable[[int, int], Rows], n: int, penalty: float) -> None:
    steps = 300
    rate = sqrt(4.0 / (n * steps))  # near the best for the bound
    assert led(adversary(n, steps), rate, penalty) <= leader_bound(n, steps, rate, penalty)


def test_the_penalty_saves_turnover() -> None:
    def turnover(penalty: float) -> float:
        used = held(rule_by("follow_the_leader", equal(3), rate=0.02, penalty=penalty), rows)
        return sum(abs(b - a) for p, q in pairwise(used) for a, b in zip(p, q, strict=True))

    rows = [[1.0 if i == t // 2 % 3 else 0.0 for i in range(3)] for t in range(300)]
    assert turnover(0.0) > 2.0
    assert turnover(0.05) < turnover(0.02) < turnover(0.0) / 2.0
