"""Hedge: multiplicative weights lose little against the best member, whatever the adversary does."""

from collections.abc import Callable
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.core.machine import run
from catui.domain.settings import EnsembleSettings
from catui.ensemble.weights import Weights, first_weights, gain, learned, multiplicative, with_weight

EPS = 1e-9

shares_of_gain = st.integers(0, 10).map(lambda tenths: tenths / 10)
lessons = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.lists(shares_of_gain, min_size=n, max_size=n), min_size=1, max_size=40)
)
weights = st.lists(st.integers(1, 100).map(float), min_size=2, max_size=5).map(
    lambda raw: tuple(w / sum(raw) for w in raw)
)


def regret(rows: list[list[float]], rate: float) -> float:
    """What the best single member earned more than the weights did, each lesson judged with the weights before it."""
    n = len(rows[0])
    first = (1.0 / n,) * n
    after = run(multiplicative(first, rate, 0.0), [(tuple(row), (True,) * n) for row in rows])
    used = [first, *after[:-1]]
    earned = sum(w * g for held, row in zip(used, rows, strict=True) for w, g in zip(held, row, strict=True))
    return max(sum(row[i] for row in rows) for i in range(n)) - earned


@given(lessons)
def test_regret_is_at_most_the_root_of_half_the_steps_times_the_log_of_the_members(rows: list[list[float]]) -> None:
    steps, n = len(rows), len(rows[0])
    assert regret(rows, rate=sqrt(8.0 * log(n) / steps)) <= sqrt(steps * log(n) / 2.0) + EPS


@given(lessons, st.floats(0.01, 5.0))
def test_regret_is_bounded_at_any_rate(rows: list[list[float]], rate: float) -> None:
    assert regret(rows, rate) <= log(len(rows[0])) / rate + rate * len(rows) / 8.0 + EPS


@pytest.mark.parametrize("n", [2, 3, 8])
@pytest.mark.parametrize("favour", [min, max], ids=["the last", "the first"])
def test_an_adversary_that_knows_the_weights_does_no_better(n: int, favour: Callable[[Weights], float]) -> None:
    """It gives everything to the member with the least (or the most) weight, every time."""
    steps, held = 400, (1.0 / n,) * n
    rate = sqrt(8.0 * log(n) / steps)
    rows: list[list[float]] = []
    for _ in range(steps):
        lucky = held.index(favour(held))
        rows.append([1.0 if i == lucky else 0.0 for i in range(n)])
        held = learned(held, rows[-1], [True] * n, rate, 0.0)
    assert regret(rows, rate) <= sqrt(steps * log(n) / 2.0)


def test_a_lesson_by_hand() -> None:
    # 1/2 and 1/2; the first gained ln 2 at rate 1: 2/3 and 1/3; with a floor of 1/10: 4/5 of that and 1/10
    assert learned((0.5, 0.5), (log(2.0), 0.0), (True, True), 1.0, 0.0) == pytest.approx((2 / 3, 1 / 3))
    assert learned((0.5, 0.5), (log(2.0), 0.0), (True, True), 1.0, 0.1) == pytest.approx((19 / 30, 11 / 30))
    assert learned((0.5, 0.5), (0.5, 0.0), (True, True), 4.0, 0.0)[0] == pytest.approx(1 / (1 + exp(-2)))


@given(weights, st.data(), st.floats(0.0, 100.0), st.sampled_from([0.0, 0.05, 0.3, 0.5]))
def test_a_lesson_keeps_the_weight_of_those_who_learn_and_the_others_as_they_are(
    before: Weights, data: st.DataObject, rate: float, floor: float
) -> None:
    n = len(before)
    gains = data.draw(st.lists(st.floats(-1.0, 1.0), min_size=n, max_size=n))
    is_in = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    after = learned(before, gains, is_in, rate, floor)
    assert sum(after) == pytest.approx(1.0)
    assert all(now == was for now, was, takes_part in zip(after, before, is_in, strict=True) if not takes_part)
    count = sum(is_in)
    if count > 1:
        mass = sum(was for was, takes_part in zip(before, is_in, strict=True) if takes_part)
        least = mass * min(floor, 1.0 / count)
        assert all(now >= least - EPS for now, takes_part in zip(after, is_in, strict=True) if takes_part)


@given(weights, st.floats(0.1, 100.0))
def test_equal_gains_teach_nothing_and_the_best_gains_weight(before: Weights, rate: float) -> None:
    n = len(before)
    assert learned(before, [0.25] * n, [True] * n, rate, 0.0) == pytest.approx(before)
    after = learned(before, [1.0] + [0.0] * (n - 1), [True] * n, rate, 0.0)
    assert after[0] > before[0]
    assert all(now < was for now, was in zip(after[1:], before[1:], strict=True))


@given(weights, st.floats(-1e6, 1e6))
def test_only_differences_of_gains_matter_however_large(before: Weights, shift: float) -> None:
    n = len(before)
    gains = [i / 10 for i in range(n)]
    shifted = learned(before, [g + shift for g in gains], [True] * n, 3.0, 0.0)
    assert shifted == pytest.approx(learned(before, gains, [True] * n, 3.0, 0.0), rel=1e-6)


def test_one_member_alone_keeps_its_weight() -> None:
    assert learned((0.3, 0.7), (5.0, 0.0), (True, False), 10.0, 0.1) == (0.3, 0.7)
    assert learned((0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (True, True, False), 1.0, 0.1) == (0.0, 0.0, 1.0)


def test_a_gain_is_the_return_of_what_was_held_less_the_cost_of_the_change() -> None:
    assert gain(-0.5, 0.02, 0.0, 10.0) == -0.01
    assert gain(1.0, 0.02, -2.0, 10.0) == pytest.approx(0.02 - 0.002)
    assert gain(1.0, 0.02, 2.0, 10.0) == gain(1.0, 0.02, -2.0, 10.0)


@given(weights, st.data(), st.floats(0.0, 1.0))
def test_a_weight_set_by_hand_is_that_weight_and_the_others_keep_their_ratios(
    before: Weights, data: st.DataObject, weight: float
) -> None:
    member = data.draw(st.integers(0, len(before) - 1))
    after = with_weight(before, member, weight)
    assert after[member] == weight
    assert sum(after) == pytest.approx(1.0)
    others = [(now, was) for i, (now, was) in enumerate(zip(after, before, strict=True)) if i != member]
    for now, was in others:
        assert now * others[0][1] == pytest.approx(others[0][0] * was)


def test_learning_begins_where_the_settings_say() -> None:
    names = ("a", "b", "c", "d")
    assert first_weights(EnsembleSettings(), names) == (0.25,) * 4
    assert first_weights(EnsembleSettings(weights={"a": 3.0, "c": 1.0}), names) == (0.75, 0.0, 0.25, 0.0)
