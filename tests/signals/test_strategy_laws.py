"""Strategies: the symmetries that every registered kind must have, and each kind by hand."""

from math import e, exp, sqrt, tanh
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signals_world import (
    BTC,
    KEYS,
    SPEAKING,
    SYMMETRIC,
    attended,
    described,
    desk,
    keyed_groups,
    on_wire,
    path,
    quote,
    through,
)

from catui.core.machine import Machine, resume, run, scan
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features, Observation
from catui.features import features
from catui.features.stage import described as features_of
from catui.strategies import strategies
from catui.strategies.mean_reversion import mean_reversion
from catui.strategies.momentum import momentum
from catui.strategies.registry import build, warm_up_ticks

Groups = list[tuple[tuple[str, Observation], ...]]
WARM_UP = 3

every_kind = pytest.mark.parametrize("settings", SPEAKING, ids=lambda s: str(s.kind))
every_symmetric_kind = pytest.mark.parametrize("settings", SYMMETRIC, ids=lambda s: str(s.kind))
basis_points = st.lists(st.integers(-200, 200), min_size=1, max_size=24).map(lambda bps: [b / 1e4 for b in bps])


def told(mids: list[float], from_s: float = 0.0) -> list[Features]:
    """The features of quotes at `mids`, a second apart."""
    seen = [quote(mid, from_s + i) for i, mid in enumerate(mids)]
    return [x for x in run(features_of(5.0, 2.0, WARM_UP), seen) if x is not None]


def signals(settings: StrategySettings, mids: list[float], from_s: float = 0.0) -> list[float | None]:
    return run(build(settings), told(mids, from_s))


@every_kind
@given(changes=basis_points)
def test_signals_are_bounded_by_one_and_come_with_the_warm_up(settings: StrategySettings, changes: list[float]) -> None:
    waits_for_volatility = WARM_UP if settings.kind == "momentum" else 1
    first = max(warm_up_ticks(settings), waits_for_volatility)
    for number, signal in enumerate(signals(settings, path(changes)), start=1):
        assert (signal is None) == (number < first)
        assert signal is None or -1.0 <= signal <= 1.0


@every_symmetric_kind
@given(changes=basis_points)
def test_mirrored_returns_mirror_the_signal(settings: StrategySettings, changes: list[float]) -> None:
    one, other = signals(settings, path(changes)), signals(settings, path([-r for r in changes]))
    assert [None if x is None else -x for x in other] == pytest.approx(one, abs=1e-6)


@every_kind
@given(changes=basis_points, power=st.integers(-20, 20))
def test_signals_are_blind_to_the_scale_of_prices(settings: StrategySettings, changes: list[float], power: int) -> None:
    mids = path(changes)
    assert signals(settings, [mid * 2.0**power for mid in mids]) == signals(settings, mids)


@every_kind
@given(changes=basis_points, from_s=st.floats(0.0, 2e9))
def test_signals_are_independent_of_absolute_time(
    settings: StrategySettings, changes: list[float], from_s: float
) -> None:
    assert signals(settings, path(changes), from_s) == signals(settings, path(changes))


@every_symmetric_kind
@given(price=st.floats(1e-6, 1e6), quotes=st.integers(1, 40))
def test_a_constant_price_gives_no_signal(settings: StrategySettings, price: float, quotes: int) -> None:
    assert {x for x in signals(settings, [price] * quotes) if x is not None} <= {0.0}


@every_kind
@given(past=basis_points, future=basis_points, other=basis_points)
def test_signals_depend_on_the_past_only(
    settings: StrategySettings, past: list[float], future: list[float], other: list[float]
) -> None:
    seen = len(path(past))
    assert signals(settings, path(past + future))[:seen] == signals(settings, path(past + other))[:seen]


@every_kind
@given(first=basis_points, second=basis_points)
def test_signals_go_on_from_where_they_were(
    settings: StrategySettings, first: list[float], second: list[float]
) -> None:
    all_told = told(path(first + second))
    strategy, cut = build(settings), len(first)
    state, _ = scan(strategy, all_told[:cut])
    assert run(strategy, all_told) == run(strategy, all_told[:cut]) + run(resume(strategy, state), all_told[cut:])


def test_momentum_goes_with_a_trend_and_mean_reversion_against_it() -> None:
    follow, revert, _ = SPEAKING
    rising = path([0.001] * 30)
    assert all(x is None or x > 0.3 for x in signals(follow, rising))
    assert all(x is None or x < -0.3 for x in signals(revert, rising))


def test_momentum_by_hand() -> None:
    seen = [described(1.0, 0.5), described(e, 0.5), described(e * e, None), described(1.0, 0.0)]
    slow = 1.0 - 0.5**0.5  # what the slow mean moves, of half-life 2; the fast one moves 1/2
    second = tanh(0.1 * (0.5 - slow) / (0.5 * sqrt(2.0)))
    assert run(momentum(1.0, 2.0, 0.1), seen) == pytest.approx([None, second, None, 0.0])


def test_mean_reversion_by_hand() -> None:
    # half-life 1, a = 1/2; x = 0, 1, 0; m = 0, 1/2, 1/4; v = 0, 1/4, 3/16; z = -, 1, -1/sqrt(3)
    seen = [described(mid) for mid in (1.0, e, 1.0)]
    assert run(mean_reversion(1.0, 2.0), seen) == pytest.approx([0.0, -0.5, 0.5 / sqrt(3.0)])
    assert run(mean_reversion(1.0, 0.5), seen) == [0.0, -1.0, 1.0]


def test_mean_reversion_matches_the_exponentially_weighted_moments() -> None:
    mids = path([0.01, -0.02, 0.005, 0.03, -0.01, 0.0, 0.004])
    a, first = 1.0 - 0.5 ** (1.0 / 4.0), mids[0]
    weights = [(1.0 - a) ** len(mids[1:])] + [a * (1.0 - a) ** (len(mids) - 1 - i) for i in range(1, len(mids))]
    logs = [0.0, 0.01, -0.01, -0.005, 0.025, 0.015, 0.015, 0.019]
    assert mids == pytest.approx([first * exp(x) for x in logs])
    mean = sum(w * x for w, x in zip(weights, logs, strict=True))
    variance = sum(w * (x - mean) * (x - mean) for w, x in zip(weights, logs, strict=True))
    last = run(mean_reversion(4.0, 3.0), [described(mid) for mid in mids])[-1]
    assert last == pytest.approx(-(logs[-1] - mean) / sqrt(variance) / 3.0)


@given(keyed_groups)
def test_the_stage_gives_every_strategys_signal_in_the_desks_order(groups: Groups) -> None:
    of = desk(warm_up_ticks=WARM_UP)
    seen = through(features(of), groups)
    told_by = through(strategies(of), seen)
    for key in KEYS:
        mine = [x for group in seen for k, x in group if k == key]
        alone = zip(*[run(build(settings), mine) for settings in of.strategies], strict=True) if mine else ()
        assert [s.values for group in told_by for k, s in group if k == key] == list(alone)
        assert [s.features for group in told_by for k, s in group if k == key] == mine


def test_no_features_leave_the_state_alone() -> None:
    stage: Machine[Any, Any, Any] = strategies(desk())
    state, _ = scan(stage, [on_wire(attended(((BTC.key, described(100.0)),)))])
    after, ((_, group), _) = stage.step(state, on_wire(()))
    assert group == ()
    assert after == state
