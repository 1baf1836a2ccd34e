"""Hedge: multiplicative weights by hand, and what a lesson leaves as it was; weights by settings and by hand."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons_world import floors, of_judged, weights

from catui.domain.ensembles import EnsembleSettings
from catui.ensemble.hedge import raised
from catui.ensemble.weights import Weights, first_weights, gain, with_weight

EPS = 1e-9


def learned(
    before: Weights, gains: list[float], rate: float, floor: float = 0.0, judged: list[bool] | None = None
) -> Weights:
    is_in = [True] * len(before) if judged is None else judged
    return raised(before, of_judged(gains, is_in), tuple(is_in), rate, floor)


def test_a_lesson_by_hand() -> None:
    # 1/2 and 1/2; the first gained ln 2 at rate 1: 2/3 and 1/3; with a floor of 1/10: 4/5 of that and 1/10
    assert learned((0.5, 0.5), [log(2.0), 0.0], 1.0) == pytest.approx((2 / 3, 1 / 3))
    assert learned((0.5, 0.5), [log(2.0), 0.0], 1.0, 0.1) == pytest.approx((19 / 30, 11 / 30))
    assert learned((0.5, 0.5), [0.5, 0.0], 4.0)[0] == pytest.approx(1 / (1 + exp(-2)))


@given(weights, st.data(), st.floats(0.01, 100.0), floors)
def test_a_lesson_keeps_the_weight_of_those_who_learn_and_the_others_as_they_are(
    before: Weights, data: st.DataObject, rate: float, floor: float
) -> None:
    n = len(before)
    gains = data.draw(st.lists(st.floats(-1.0, 1.0), min_size=n, max_size=n))
    is_in = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    after = learned(before, gains, rate, floor, is_in)
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
    assert learned(before, [0.25] * n, rate) == pytest.approx(before)
    after = learned(before, [1.0] + [0.0] * (n - 1), rate)
    assert after[0] > before[0]
    assert all(now < was for now, was in zip(after[1:], before[1:], strict=True))


@given(weights, st.floats(-1e6, 1e6))
def test_only_differences_of_gains_matter_however_large(before: Weights, shift: float) -> None:
    gains = [i / 10 for i in range(len(before))]
    shifted = learned(before, [g + shift for g in gains], 3.0)
    assert shifted == pytest.approx(learned(before, gains, 3.0), rel=1e-6)


def test_one_member_alone_keeps_its_weight() -> None:
    assert learned((0.3, 0.7), [5.0, 0.0], 10.0, 0.1, [True, False]) == (0.3, 0.7)
    assert learned((0.0, 0.0, 1.0), [1.0, 0.0, 0.0], 1.0, 0.1, [True, True, False]) == (0.0, 0.0, 1.0)


def test_a_best_member_that_weighs_next_to_nothing_is_no_proportion_of_anything() -> None:
    assert learned((1.0, 1e-305), [-1e308, 0.0], 1.0) == (1.0, 1e-305)
    assert learned((1.0, 1e-290), [-1e308, 0.0], 1.0) == (0.0, 1.0)


def test_a_rate_of_nothing_learns_nothing_and_lifts_nobody_to_the_floor() -> None:
    assert learned((0.01, 0.99), [1e308, -1e308], 0.0, 0.3) == (0.01, 0.99)


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
