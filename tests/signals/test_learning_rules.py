"""Every rule: weights on the simplex whatever is learned, who takes no part untouched; two lessons by hand each."""

from math import exp, inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons_world import LEARNING, METHODS, Rows, any_gain, equal, floors, held, lesson, rows_of, rule_by, weights

from catui.ensemble.exponentiated_gradient import gradient
from catui.ensemble.follow_the_leader import FARTHEST, followed, projected
from catui.ensemble.inverse_volatility import inverse_volatility
from catui.ensemble.weights import Weights, with_weight

EPS = 1e-9

every_rule = pytest.mark.parametrize("name", LEARNING)
every_method = pytest.mark.parametrize("name", METHODS)


@every_rule
@given(told=rows_of(any_gain | st.none(), most=10), floor=floors, data=st.data())
def test_weights_stay_on_the_simplex_whatever_is_learned(
    name: str, told: list[list[float | None]], floor: float, data: st.DataObject
) -> None:
    n = len(told[0])
    raw = data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n).filter(any))
    rule = rule_by(name, tuple(w / sum(raw) for w in raw), floor=floor)
    memory = rule.first
    for row in told:
        before, judged = rule.weights(memory), [g is not None for g in row]
        memory = lesson(rule, memory, [g or 0.0 for g in row], judged)
        after = rule.weights(memory)
        assert all(w >= 0.0 for w in after)
        assert sum(after) == pytest.approx(1.0)
        assert all(now == was for now, was, i in zip(after, before, judged, strict=True) if not i)


@every_rule
@given(rows=rows_of(any_gain).filter(lambda rows: len(rows) > 3), floor=floors)
def test_nobody_falls_below_the_floor(name: str, rows: Rows, floor: float) -> None:
    n = len(rows[0])
    rule = rule_by(name, equal(n), floor=floor)
    for after in held(rule, rows)[1:]:
        assert min(after) >= min(floor, 1.0 / n) - EPS


@every_rule
@given(rows=rows_of(st.floats(-0.05, 0.05)), floor=st.sampled_from([0.0, 0.1]), out=st.integers(0, 4))
def test_who_takes_no_part_is_as_if_not_there(name: str, rows: Rows, floor: float, out: int) -> None:
    n = len(rows[0])
    out = min(out, n - 1)
    raw = [1.0 + i for i in range(n)]
    rest = [w for i, w in enumerate(raw) if i != out]
    with_it = rule_by(name, tuple(w / sum(raw) for w in raw), floor=floor)
    without = rule_by(name, tuple(w / sum(rest) for w in rest), floor=floor)
    one, other = with_it.first, without.first
    for row in rows:
        one = lesson(with_it, one, row, [i != out for i in range(n)])
        if n > 2:
            other = lesson(without, other, [g for i, g in enumerate(row) if i != out])
        left = [w for i, w in enumerate(with_it.weights(one)) if i != out]
        assert [w / sum(left) for w in left] == pytest.approx(without.weights(other), abs=EPS)


@every_rule
@given(rows=rows_of(st.floats(-0.05, 0.05)), data=st.data())
def test_the_order_of_members_does_not_matter(name: str, rows: Rows, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(rows[0]))))
    plain = held(rule_by(name, equal(len(order))), rows)
    mixed = held(rule_by(name, equal(len(order))), [[row[i] for i in order] for row in rows])
    for one, other in zip(plain, mixed, strict=True):
        assert [one[i] for i in order] == pytest.approx(other, abs=EPS)


@every_method
@given(rows=rows_of(st.floats(-0.05, 0.05)), data=st.data(), weight=st.floats(0.0, 1.0))
def test_weights_set_by_hand_hold_and_are_learned_on_from_there(
    name: str, rows: Rows, data: st.DataObject, weight: float
) -> None:
    n = len(rows[0])
    rule = rule_by(name, equal(n))
    memory = rule.first
    for row in rows:
        memory = lesson(rule, memory, row) if rule.learned is not None else memory
    wanted = with_weight(rule.weights(memory), data.draw(st.integers(0, n - 1)), weight)
    memory = rule.told(memory, wanted)
    assert rule.weights(memory) == wanted
    if rule.learned is not None and name != "inverse_volatility":  # which turns them into risk budgets: see below
        memory = lesson(rule, memory, [0.0] * n)  # equal gains: nobody is better
        assert rule.weights(memory) == pytest.approx(wanted, abs=0.02)


# ---- exponentiated gradient


def test_two_lessons_of_eg_by_hand() -> None:
    """Relatives 1 and 1/2 from equal weights: the blend is worth 3/4, the gradient 4/3 and 2/3."""
    rule = rule_by("exponentiated_gradient", (0.5, 0.5), rate=1.5)
    first = lesson(rule, rule.first, [log(1.0), log(0.5)])
    p = 1.0 / (1.0 + exp(-1.5 * 2.0 / 3.0))
    assert rule.weights(first) == pytest.approx((p, 1.0 - p))
    second = lesson(rule, first, [log(0.5), log(1.0)])
    wealth = p * 0.5 + (1.0 - p)
    odds = p / (1.0 - p) * exp(1.5 * (0.5 - 1.0) / wealth)
    assert rule.weights(second) == pytest.approx((odds / (1.0 + odds), 1.0 / (1.0 + odds)))


def test_a_blend_that_is_worth_nothing_teaches_nothing() -> None:
    assert gradient((1.0, 0.0), (-1e6, 0.0), (True, True)) == (0.0, 0.0)
    rule = rule_by("exponentiated_gradient", (1.0, 0.0))
    assert rule.weights(lesson(rule, rule.first, [-1e6, 0.0])) == (1.0, 0.0)


@given(rows_of(st.floats(-1e-4, 1e-4), most=15))
def test_on_small_gains_eg_is_hedge(rows: Rows) -> None:
    n = len(rows[0])
    eg, hedge = rule_by("exponentiated_gradient", equal(n), rate=2.0), rule_by("multiplicative", equal(n), rate=2.0)
    assert held(eg, rows)[-1] == pytest.approx(held(hedge, rows)[-1], abs=1e-6)


# ---- inverse volatility


def test_two_lessons_of_inverse_volatility_by_hand() -> None:
    """Half-life 1: known from the first lesson on; the second weighs the first square by 1/3 and its own by 2/3."""
    rule = inverse_volatility((0.5, 0.5), 1.0, 0.0)
    first = rule.learned(rule.first, (0.01, -0.03), (True, True)) if rule.learned else rule.first
    assert rule.weights(first) == pytest.approx((0.75, 0.25))
    second = rule.learned(first, (0.03, 0.03), (True, True)) if rule.learned else first
    one, other = sqrt((0.0001 + 2.0 * 0.0009) / 3.0), 0.03
    assert second.squares == pytest.approx((one * one, other * other))
    assert rule.weights(second) == pytest.approx((other / (one + other), one / (one + other)))


def test_budgets_multiply_and_a_weight_set_by_hand_is_a_budget() -> None:
    rule = rule_by("inverse_volatility", (0.8, 0.2))
    memory = rule.first
    for _ in range(4):
        memory = lesson(rule, memory, [0.02, 0.01])
    assert rule.weights(memory) == pytest.approx((0.8 / 0.02 / 60.0, 0.2 / 0.01 / 60.0))
    memory = rule.told(memory, (0.3, 0.7))
    memory = lesson(rule, memory, [0.02, 0.01])
    assert rule.weights(memory) == pytest.approx((0.3, 0.7))  # the risks are what they were
    for _ in range(60):
        memory = lesson(rule, memory, [0.02, 0.02])  # the second has become as wild as the first
    assert rule.weights(memory) == pytest.approx((0.3 * 2.0 / 1.3, 0.7 / 1.3))


def test_who_is_not_known_yet_keeps_its_weight_and_the_others_share_theirs() -> None:
    rule = rule_by("inverse_volatility", (0.25, 0.25, 0.5))
    memory = lesson(rule, rule.first, [0.01, 0.03, 0.0])
    assert rule.weights(memory) == (0.25, 0.25, 0.5)  # one lesson is not yet a half-life of two
    memory = lesson(rule, memory, [0.01, 0.03, 0.0])
    assert rule.weights(memory) == pytest.approx((0.375, 0.125, 0.5))  # the third has never earned anything
    memory = rule.told(memory, (0.375, 0.125, 0.5))
    memory = lesson(rule, memory, [0.01, 0.03, 0.01])
    assert memory.budgets[2] == 0.5
    assert sum(memory.budgets) == pytest.approx(1.0)


def test_a_half_life_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"half_life_ticks must be above 0 ticks, got 0\.0"):
        inverse_volatility((0.5, 0.5), 0.0, 0.0)


# ---- the regularised leader


def test_two_lessons_of_the_leader_by_hand() -> None:
    """Rate 1/2 from equal weights: a gain of 1 moves the leader by 1/4 each way; at a penalty the weights lag by it."""
    rule = rule_by("follow_the_leader", (0.5, 0.5), rate=0.5, penalty=0.0)
    first = lesson(rule, rule.first, [1.0, 0.0])
    assert rule.weights(first) == pytest.approx((0.75, 0.25))
    assert rule.weights(lesson(rule, first, [1.0, 0.0])) == pytest.approx((1.0, 0.0))
    lagging = rule_by("follow_the_leader", (0.5, 0.5), rate=0.5, penalty=0.1 * sqrt(2.0))
    first = lesson(lagging, lagging.first, [1.0, 0.0])
    assert (first.leader, first.weights) == (pytest.approx((0.75, 0.25)), pytest.approx((0.65, 0.35)))
    second = lesson(lagging, first, [0.0, 0.2])
    assert (second.leader, second.weights) == (pytest.approx((0.7, 0.3)), pytest.approx((0.65, 0.35)))  # stands still


def naive_projection(values: list[float], mass: float) -> list[float]:
    """By sorting: Duchi and others (2008), figure 1."""
    ordered, total, theta = sorted(values, reverse=True), 0.0, 0.0
    for count, value in enumerate(ordered, start=1):
        total += value
        if value - (total - mass) / count > 0.0:
            theta = (total - mass) / count
    return [max(v - theta, 0.0) for v in values]


@given(
    st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=8),
    st.floats(0.01, 1.0),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_the_projection_is_the_nearest_point_of_the_simplex(values: list[float], mass: float, mask: list[bool]) -> None:
    judged = tuple(mask[: len(values)])
    found = projected(tuple(values), judged, mass)
    inside = [v for v, i in zip(values, judged, strict=True) if i]
    assert [x for x, i in zip(found, judged, strict=True) if i] == pytest.approx(naive_projection(inside, mass))
    assert all(x == 0.0 for x, i in zip(found, judged, strict=True) if not i)


@given(weights, weights, st.floats(0.0, 1.5))
def test_the_weights_stop_at_the_penalty_from_the_leader(before: Weights, leader: Weights, penalty: float) -> None:
    n = min(len(before), len(leader))
    was, to = (tuple(w / sum(x[:n]) for w in x[:n]) for x in (before, leader))
    now = followed(was, to, (True,) * n, penalty, 0.0)
    gap = sqrt(sum((q - w) * (q - w) for w, q in zip(was, to, strict=True)))
    left = sqrt(sum((q - w) * (q - w) for w, q in zip(now, to, strict=True)))
    assert left == pytest.approx(min(gap, penalty), abs=1e-7)
    assert sum(now) == pytest.approx(1.0)


def test_a_step_too_far_is_a_step_to_the_corner() -> None:
    for worst in (FARTHEST, -1e308, -inf):
        assert projected((0.1, 0.9 + worst), (True, True), 1.0) == (1.0, 0.0)
