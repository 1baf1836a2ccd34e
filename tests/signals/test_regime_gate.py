"""Regimes: measured as the naive sums say, held by two thresholds, and a gate that only ever leaves out."""

from math import sqrt
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from signals_world import BTC, KEYS, Blending, desk

from catui.core.machine import run
from catui.core.places import state_at
from catui.domain.ensembles import GroupSettings, RegimeSettings
from catui.domain.events import SetWeight
from catui.domain.moment import StrategyState
from catui.domain.settings import StrategySettings
from catui.ensemble import ensemble
from catui.ensemble.regime import Regime, hysteresis, name_of, persistence, turbulence

NAMES = ("a", "b", "c")
EPS = 1e-9
TREND = RegimeSettings("variance_ratio", 1.0, 4.0, 1.2, 0.3, {"a": "trend", "b": "range"})

changes = st.lists(st.integers(-100, 100).map(lambda bps: bps / 1e4), min_size=1, max_size=40)


def blending(regime: RegimeSettings, groups: dict[str, GroupSettings] | None = None, **settings: Any) -> Blending:
    strategies = tuple(StrategySettings(name, "hold") for name in NAMES)
    of = desk(strategies, groups=groups, **settings)
    return Blending(ensemble(replace(of, regime=regime)), NAMES)


def regime_of(blended: Blending, key: str = BTC.key) -> Regime:
    found = state_at(blended.machine, blended.state, f"ensemble/{key}/regime")
    assert isinstance(found, Regime)
    return found


# ---- the measures


@given(changes)
def test_the_variance_ratio_is_what_the_naive_sums_give(told: list[float]) -> None:
    fast, slow = 2.0, 6.0
    move, keep = 1.0 - 0.5 ** (1.0 / fast), 0.5 ** (1.0 / slow)
    said = run(persistence(fast, slow), told)
    for t in range(len(told)):
        if t + 1 < slow:
            assert said[t] is None
            continue
        means = [sum(move * (1.0 - move) ** (n - k) * told[k] for k in range(n + 1)) for n in range(t + 1)]
        upper = sum(keep ** (t - n) * means[n] ** 2 for n in range(t + 1)) * (2.0 - move) / move
        lower = sum(keep ** (t - n) * told[n] ** 2 for n in range(t + 1))
        assert said[t] == pytest.approx(upper / lower if lower > 0.0 else 1.0, abs=EPS)


@given(changes)
def test_the_volatility_ratio_is_what_the_naive_sums_give(told: list[float]) -> None:
    fast, slow = 2.0, 6.0

    def mean_square(half_life: float, t: int) -> float:
        weights = [0.5 ** ((t - n) / half_life) for n in range(t + 1)]
        return float(sum(w * told[n] ** 2 for n, w in enumerate(weights)) / sum(weights))

    said = run(turbulence(fast, slow), told)
    for t in range(len(told)):
        if t + 1 < slow:
            assert said[t] is None
        else:
            slowly = mean_square(slow, t)
            assert said[t] == pytest.approx(sqrt(mean_square(fast, t) / slowly) if slowly > 0.0 else 1.0)


def ratio_after(moves: list[float]) -> float:
    said: list[float | None] = run(persistence(10.0, 200.0), moves)
    assert said[-1] is not None
    return said[-1]


def test_a_random_walk_has_a_ratio_of_one_a_trend_more_and_a_bounce_less() -> None:
    random = Random(3)
    noise = [random.gauss(0.0, 1e-4) for _ in range(20_000)]
    assert ratio_after(noise) == pytest.approx(1.0, abs=0.35)
    drifting, bouncing, last = [], [], 0.0
    for x in noise:
        last = 0.5 * last + x
        drifting.append(last)
    for x in noise:
        last = -0.5 * last + x
        bouncing.append(last)
    decay = 0.5 ** (1.0 / 10.0)
    expected = [1.0 + 2.0 * decay * rho / (1.0 - decay * rho) for rho in (0.5, -0.5)]  # 1 + 2 sum_k decay^k rho^k
    assert ratio_after(drifting) == pytest.approx(expected[0], rel=0.35)
    assert ratio_after(bouncing) == pytest.approx(expected[1], rel=0.35)


@pytest.mark.parametrize("measure", [persistence, turbulence])
@given(told=changes, power=st.integers(-20, 20))
def test_measures_are_blind_to_scale_and_sign(measure: Any, told: list[float], power: int) -> None:
    said = run(measure(2.0, 4.0), told)
    scaled = run(measure(2.0, 4.0), [-x * 2.0**power for x in told])
    assert [x is None for x in scaled] == [x is None for x in said]
    assert [x for x in scaled if x is not None] == pytest.approx([x for x in said if x is not None])


@pytest.mark.parametrize("measure", [persistence, turbulence])
def test_where_nothing_moves_the_ratio_is_one(measure: Any) -> None:
    assert run(measure(2.0, 4.0), [0.0] * 6) == [None] * 3 + [1.0] * 3


@pytest.mark.parametrize("measure", [persistence, turbulence])
def test_half_lives_the_wrong_way_round_are_refused(measure: Any) -> None:
    with pytest.raises(ValueError, match=r"above 0 and below slow_half_life_ticks \(4 ticks\), got 4"):
        measure(4.0, 4.0)
    with pytest.raises(ValueError, match="leave must be at most enter"):
        hysteresis(1.0, 1.1)


# ---- the two thresholds


def test_the_regime_holds_between_its_thresholds_by_hand() -> None:
    ratios = [None, 1.3, 1.6, 1.3, 1.1, 1.0, 1.3, 1.5, 1.51, None]
    told = [now.is_upper for now in run(hysteresis(1.5, 1.1), ratios)]
    assert told == [None, False, True, True, True, False, False, False, True, True]


@given(st.lists(st.none() | st.floats(0.0, 3.0), max_size=40))
def test_it_never_turns_between_the_thresholds(ratios: list[float | None]) -> None:
    before = None
    for ratio, now in zip(ratios, run(hysteresis(1.5, 1.1), ratios), strict=True):
        if ratio is None or (before is not None and 1.1 <= ratio <= 1.5):
            assert now.is_upper is before
        elif ratio > 1.5 or ratio < 1.1:
            assert now.is_upper is (ratio > 1.5)
        before = now.is_upper


def test_a_regime_has_the_name_of_its_measure() -> None:
    for measure, names in (("variance_ratio", ("range", "trend")), ("volatility_ratio", ("calm", "turbulent"))):
        settings = RegimeSettings(measure)  # type: ignore[arg-type]  # one of the measures
        assert [name_of(settings, Regime(1.0, up)) for up in (None, False, True)] == ["", *names]


# ---- the gate

UP, DOWN = [0.001] * 12, [0.001, -0.001] * 6  # moves that go on, moves that go back


def told(blended: Blending, moves: list[float], **states: Any) -> Any:
    target = None
    for change in moves:
        target = blended.step(0.5, -0.5, 0.1, log_return=change, **states)
    return target


def test_who_is_bound_takes_part_in_its_regime_alone() -> None:
    blended = blending(TREND, method="fixed", weights={"a": 0.5, "b": 0.3, "c": 0.2})
    first = blended.step(0.5, -0.5, 0.1)
    assert first.weights == (0.0, 0.0, 1.0)  # not known yet: only who is bound to none
    assert first.signals == (0.5, -0.5, 0.1)
    trend = told(blended, UP)
    assert name_of(TREND, regime_of(blended)) == "trend"
    assert trend.weights == pytest.approx((5 / 7, 0.0, 2 / 7))
    ranging = told(blended, DOWN)
    assert name_of(TREND, regime_of(blended)) == "range"
    assert ranging.weights == pytest.approx((0.0, 0.6, 0.4))
    assert told(blended, UP).weights == trend.weights  # its weight again


def test_who_is_left_out_learns_nothing_and_keeps_its_weight() -> None:
    blended = blending(TREND, learning_rate=50.0)
    told(blended, UP)
    before = blended.state[0][1][BTC.key][1][1].memory
    told(blended, UP)
    after = blended.state[0][1][BTC.key][1][1].memory
    assert after[1] == before[1]
    assert after[0] != before[0]


@pytest.mark.parametrize("groups", [{}, {"one": GroupSettings(members=("a", "b"))}])
@given(moves=changes)
def test_a_gated_member_is_a_paused_one(groups: dict[str, GroupSettings], moves: list[float]) -> None:
    gated, plain = blending(TREND, groups), blending(RegimeSettings(), groups)
    for change in moves:
        one = gated.step(0.5, -0.5, 0.1, log_return=change)
        now = name_of(TREND, regime_of(gated))
        out = {name: StrategyState.PAUSE for name, regime in TREND.members.items() if regime != now}
        assert one == plain.step(0.5, -0.5, 0.1, log_return=change, states=out)


@given(moves=changes)
def test_the_gate_lets_nobody_in_whom_a_person_stopped(moves: list[float]) -> None:
    blended = blending(TREND)
    for change in moves:
        target = blended.step(0.5, -0.5, 0.1, log_return=change, states={"a": StrategyState.PAUSE})
        assert target.weights[0] == 0.0


def test_instruments_have_regimes_of_their_own_and_a_weight_set_by_hand_moves_none() -> None:
    blended = blending(TREND, method="fixed")
    told(blended, UP)
    blended.step(0.5, -0.5, 0.1, key=KEYS[1])
    before = regime_of(blended)
    blended.order(SetWeight("a", 0.4))
    assert regime_of(blended) == before
    assert regime_of(blended, KEYS[1]) == Regime()
    assert blended.step(0.5, -0.5, 0.1, log_return=0.001).weights[0] == pytest.approx(0.4 / 0.7)
