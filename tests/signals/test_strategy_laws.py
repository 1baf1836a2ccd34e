"""Strategies: what the stage makes of them, and kinds by hand."""

from math import e, exp, sqrt, tanh
from typing import Any

import pytest
from hypothesis import given
from signals_world import (
    BTC,
    KEYS,
    SPEAKING,
    attended,
    described,
    desk,
    keyed_groups,
    on_wire,
    path,
    quote,
    through,
)

from catui.core.machine import Machine, run, scan
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features, Observation
from catui.features import features
from catui.features.stage import described as features_of
from catui.strategies import strategies
from catui.strategies.mean_reversion import mean_reversion
from catui.strategies.momentum import momentum
from catui.strategies.registry import build

Groups = list[tuple[tuple[str, Observation], ...]]
WARM_UP = 3


def told(mids: list[float]) -> list[Features]:
    """The features of quotes at `mids`, a second apart."""
    seen = [quote(mid, float(i)) for i, mid in enumerate(mids)]
    return [x for x in run(features_of(5.0, 2.0, WARM_UP), seen) if x is not None]


def signals(settings: StrategySettings, mids: list[float]) -> list[float | None]:
    return run(build(settings), told(mids))


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
