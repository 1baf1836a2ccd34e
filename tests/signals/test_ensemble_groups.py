"""Ensembles of ensembles: groups are blended and learn by themselves, the ensemble above learns from what they say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons_world import METHODS
from signals_world import KEYS, Blending, desk

from catui.domain.ensembles import GroupSettings
from catui.domain.events import SetWeight
from catui.domain.moment import StrategyState
from catui.domain.settings import StrategySettings
from catui.ensemble import ensemble

NAMES = ("a", "b", "c", "d", "e")
EPS = 1e-9
QUICK: dict[str, Any] = {"learning_rate": 30.0, "cost_bps": 5.0, "half_life_ticks": 2.0, "turnover_penalty": 0.02}

unit = st.integers(-100, 100).map(lambda percent: percent / 100)
spoken = st.none() | unit
steps = st.lists(
    st.tuples(st.tuples(*[spoken] * len(NAMES)), st.integers(-300, 300).map(lambda bps: bps / 1e4)),
    min_size=1,
    max_size=8,
)
each_pair_of_methods = pytest.mark.parametrize(
    ("inner", "outer"), [(method, METHODS[(i + 2) % len(METHODS)]) for i, method in enumerate(METHODS)]
)


def blending(names: tuple[str, ...], groups: dict[str, GroupSettings] | None = None, **settings: Any) -> Blending:
    strategies = tuple(StrategySettings(name, "hold") for name in names)
    return Blending(ensemble(desk(strategies, groups=groups, **settings)), names)


def group(*members: str, method: str = "fixed", **settings: Any) -> GroupSettings:
    return GroupSettings(members=members, method=method, **(QUICK | settings))  # type: ignore[arg-type]  # one of METHODS


def grouped(inner: str = "fixed", outer: str = "fixed", names: tuple[str, ...] = NAMES, **settings: Any) -> Blending:
    """`a` alone, `b` and `d` in one group, `c` and `e` in another, as far as they are there."""
    floor = {"floor": settings["floor"]} if "floor" in settings else {}
    groups = {
        "one": group(*[name for name in ("b", "d") if name in names], method=inner, **floor),
        "two": group(*[name for name in ("e", "c") if name in names], method=inner, **floor),
    }
    return blending(names, groups, method=outer, **(QUICK | settings))


@given(
    told=st.lists(st.tuples(*[unit] * len(NAMES)), min_size=1, max_size=4),
    raw=st.lists(st.integers(1, 9).map(float), min_size=7, max_size=7),
)
def test_fixed_groups_are_the_flat_ensemble_of_the_products(told: list[Any], raw: list[float]) -> None:
    a, one, two, b, d, c, e = raw
    above = {"a": a, "one": one, "two": two}
    groups = {"one": group("b", "d", weights={"b": b, "d": d}), "two": group("c", "e", weights={"c": c, "e": e})}
    products = {"b": one * b / (b + d), "d": one * d / (b + d), "c": two * c / (c + e), "e": two * e / (c + e)}
    nested = blending(NAMES, groups, method="fixed", weights=above)
    flat = blending(NAMES, method="fixed", weights={"a": a, **products})
    for signals in told:  # all speak: a silent member leaves its weight to its group first, not to all
        one_target, other = nested.step(*signals), flat.step(*signals)
        assert one_target.weights == pytest.approx(other.weights, abs=EPS)
        assert one_target.parts == pytest.approx(other.parts, abs=EPS)
        assert one_target.exposure == pytest.approx(other.exposure, abs=EPS)


def test_groups_by_hand() -> None:
    target = grouped().step(1.0, 1.0, None, -0.5, 0.2)
    assert target.weights == pytest.approx((1 / 3, 1 / 6, 0.0, 1 / 6, 1 / 3))
    assert target.parts == pytest.approx((1 / 3, 1 / 6, 0.0, -1 / 12, 1 / 15))
    silent = grouped().step(None, None, None, None, None)
    assert (silent.weights, silent.parts, silent.exposure) == ((0.0,) * 5, (0.0,) * 5, 0.0)
    assert grouped().step(1.0, None, None, None, None).weights == (1.0, 0.0, 0.0, 0.0, 0.0)


@each_pair_of_methods
@given(told=steps)
def test_a_group_learns_as_if_it_were_alone_and_the_ensemble_from_what_the_groups_say(
    inner: str, outer: str, told: list[Any]
) -> None:
    nested = grouped(inner, outer)
    one, two = blending(("b", "d"), method=inner, **QUICK), blending(("e", "c"), method=inner, **QUICK)
    above = blending(("a", "one", "two"), method=outer, **QUICK)
    for (a, b, c, d, e), change in told:
        target = nested.step(a, b, c, d, e, log_return=change)
        of_one, of_two = one.step(b, d, log_return=change), two.step(e, c, log_return=change)
        first = None if b is None and d is None else of_one.exposure
        second = None if c is None and e is None else of_two.exposure
        whole = above.step(a, first, second, log_return=change)
        (b_in, d_in), (e_in, c_in), (alone, u, v) = of_one.weights, of_two.weights, whole.weights
        assert target.weights == (alone, u * b_in, v * c_in, u * d_in, v * e_in)
        assert target.exposure == pytest.approx(whole.exposure, abs=EPS)


@each_pair_of_methods
@given(told=steps)
def test_a_paused_member_equals_the_groups_without_it(inner: str, outer: str, told: list[Any]) -> None:
    five, four = grouped(inner, outer), grouped(inner, outer, ("a", "b", "c", "e"))
    for (a, b, c, d, e), change in told:
        with_it = five.step(a, b, c, d, e, log_return=change, states={"d": StrategyState.PAUSE})
        without = four.step(a, b, c, e, log_return=change)
        assert (with_it.weights[3], with_it.parts[3]) == (0.0, 0.0)
        assert [w for i, w in enumerate(with_it.weights) if i != 3] == pytest.approx(without.weights, abs=EPS)
        assert with_it.exposure == pytest.approx(without.exposure, abs=EPS)


@each_pair_of_methods
@given(told=steps, since=st.integers(0, 3))
def test_targets_of_groups_add_up_and_drains_only_shrink(inner: str, outer: str, told: list[Any], since: int) -> None:
    nested, before = grouped(inner, outer), 0.0
    for number, (signals, change) in enumerate(told):
        drains = {"d": StrategyState.DRAIN} if number >= since else {}
        target = nested.step(*signals, log_return=change, states=drains)
        speaks = [signal for signal in signals if signal is not None]
        assert sum(target.weights) == pytest.approx(1.0 if speaks else 0.0)
        assert target.exposure == pytest.approx(sum(target.parts), abs=EPS)
        if drains:
            assert abs(target.parts[3]) <= abs(before)
            assert target.parts[3] * before >= 0.0
        else:
            assert min(speaks, default=0.0) - EPS <= target.exposure <= max(speaks, default=0.0) + EPS
        before = target.parts[3]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NAMES)
def test_a_weight_set_by_hand_is_what_the_strategy_has_of_all(method: str, name: str) -> None:
    nested = grouped(method, method, floor=0.0)
    before = nested.step(1.0, 1.0, 1.0, 1.0, 1.0).weights
    nested.order(SetWeight(name, 0.6))
    place = NAMES.index(name)
    for key in KEYS:
        after = nested.step(1.0, 1.0, 1.0, 1.0, 1.0, key=key).weights
        assert after[place] == pytest.approx(0.6)
        rest = [(now, was) for i, (now, was) in enumerate(zip(after, before, strict=True)) if i != place]
        assert [now / was for now, was in rest] == pytest.approx([rest[0][0] / rest[0][1]] * 4)


def test_a_strategy_that_got_all_and_gives_some_back_shares_it_equally() -> None:
    nested = grouped()
    nested.order(SetWeight("b", 1.0))
    assert nested.step(1.0, 1.0, 1.0, 1.0, 1.0).weights == (0.0, 1.0, 0.0, 0.0, 0.0)
    nested.order(SetWeight("b", 0.4))
    assert nested.step(1.0, 1.0, 1.0, 1.0, 1.0).weights == pytest.approx((0.15, 0.4, 0.15, 0.15, 0.15))


def test_a_group_whose_members_all_have_nothing_keeps_their_ratios() -> None:
    nested = blending(("a", "b", "c"), {"one": group("b", "c", weights={"b": 3.0, "c": 1.0})}, method="fixed")
    nested.order(SetWeight("a", 1.0))
    nested.order(SetWeight("a", 1.0))
    assert nested.step(None, 1.0, 1.0).weights == (
        0.0,
        0.0,
        0.0,
    )  # what there is has been given to the one that is silent
    assert [one.memory for one in nested.state[0][1][KEYS[0]].groups] == [(0.75, 0.25)]
