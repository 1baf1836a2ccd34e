"""The ensemble: a convex combination of those who run, weights that learn or obey, and drains that only shrink."""

from math import exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons_world import METHODS
from signals_world import BTC, ETH, KEYS, Blending, attended, described, desk, moment, on_wire

from catui.core.machine import Machine, resume, run, scan
from catui.domain.events import PauseAll, SetWeight
from catui.domain.moment import StrategyState
from catui.domain.settings import StrategySettings
from catui.domain.signals import Signals
from catui.ensemble import ensemble
from catui.ensemble.blend import blend, only_less, shares
from catui.ensemble.roster import called
from catui.runtime import statecodec

RUN, DRAIN, PAUSE, QUARANTINE = StrategyState
NAMES = ("a", "b", "c")
ALL = called({}, NAMES)
EPS = 1e-9

unit = st.integers(-100, 100).map(lambda percent: percent / 100)
positive = st.integers(1, 100).map(float)
raw_weights = st.lists(positive, min_size=1, max_size=5)
spoken = st.none() | unit
steps = st.lists(st.tuples(st.tuples(spoken, spoken, spoken), st.integers(-300, 300)), min_size=1, max_size=10)


QUICK: dict[str, Any] = {"learning_rate": 30.0, "cost_bps": 5.0, "half_life_ticks": 2.0, "turnover_penalty": 0.02}
every_method = pytest.mark.parametrize("method", METHODS)
THREE = {"a": 0.5, "b": 0.3, "c": 0.2}


def members(*names: str, **settings: Any) -> Blending:
    """An ensemble of members by these names."""
    strategies = tuple(StrategySettings(name, "hold") for name in names)
    return Blending(ensemble(desk(strategies, **settings)), names)


def learning(method: str, *names: str, floor: float = 0.05) -> Blending:
    """One that learns fast; its members begin with different weights, where the method takes any."""
    given = {} if method == "equal" else {name: THREE[name] for name in names}
    return members(*names, method=method, weights=given, floor=floor, **QUICK)


@given(raw_weights, unit)
def test_the_unanimous_get_what_they_want(raw: list[float], signal: float) -> None:
    _, exposure = blend(shares(raw, [True] * len(raw)), [signal] * len(raw))
    assert exposure == pytest.approx(signal, abs=EPS)


@given(st.lists(st.tuples(positive, unit), min_size=1, max_size=6))
def test_a_blend_lies_between_the_least_and_the_greatest_signal(pairs: list[tuple[float, float]]) -> None:
    raw, signals = zip(*pairs, strict=True)
    _, exposure = blend(shares(raw, [True] * len(raw)), signals)
    assert min(signals) - EPS <= exposure <= max(signals) + EPS
    assert -1.0 <= exposure <= 1.0


def test_rounding_never_passes_a_full_exposure() -> None:
    assert blend((0.5, 0.5000000000000002), (1.0, 1.0))[1] == 1.0
    assert blend((0.5, 0.5000000000000002), (-1.0, -1.0))[1] == -1.0


@given(st.lists(st.tuples(positive, spoken), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_members_is_irrelevant(pairs: list[tuple[float, float | None]], random: Any) -> None:
    def blended(of: list[tuple[float, float | None]]) -> tuple[list[float], float]:
        parts, exposure = blend(shares([w for w, _ in of], [s is not None for _, s in of]), [s for _, s in of])
        return sorted(parts), exposure

    mixed = random.sample(pairs, len(pairs))
    (parts, exposure), (mixed_parts, mixed_exposure) = blended(pairs), blended(mixed)
    assert mixed_parts == pytest.approx(parts, abs=EPS)
    assert mixed_exposure == pytest.approx(exposure, abs=EPS)


@given(
    st.lists(st.tuples(positive, st.lists(st.tuples(positive, unit), min_size=1, max_size=3)), min_size=1, max_size=3)
)
def test_an_ensemble_of_ensembles_is_one_with_multiplied_weights(
    groups: list[tuple[float, list[tuple[float, float]]]],
) -> None:
    outer = shares([w for w, _ in groups], [True] * len(groups))
    inner = [shares([w for w, _ in group], [True] * len(group)) for _, group in groups]
    wanted = [[s for _, s in group] for _, group in groups]
    _, nested = blend(outer, [blend(w, s)[1] for w, s in zip(inner, wanted, strict=True)])
    flat = [u * w for u, of in zip(outer, inner, strict=True) for w in of]
    assert sum(flat) == pytest.approx(1.0)
    assert blend(flat, [s for of in wanted for s in of])[1] == pytest.approx(nested, abs=EPS)


@every_method
@given(told=steps, stop=st.sampled_from([PAUSE, QUARANTINE]), floor=st.sampled_from([0.0, 0.05, 0.3]))
def test_a_paused_member_equals_the_ensemble_without_it(
    method: str, told: list[tuple[tuple[float | None, ...], int]], stop: StrategyState, floor: float
) -> None:
    three, two = learning(method, *NAMES, floor=floor), learning(method, "a", "c", floor=floor)
    for (a, b, c), bps in told:
        with_it = three.step(a, b, c, log_return=bps / 1e4, states={"b": stop})
        without = two.step(a, c, log_return=bps / 1e4)
        assert (with_it.weights[1], with_it.parts[1]) == (0.0, 0.0)
        assert with_it.weights[::2] == pytest.approx(without.weights, abs=EPS)
        assert with_it.parts[::2] == pytest.approx(without.parts, abs=EPS)
        assert with_it.exposure == pytest.approx(without.exposure, abs=EPS)


@every_method
@given(told=steps, order=st.permutations(range(3)))
def test_an_ensemble_that_learns_does_not_see_the_order_of_its_members(
    method: str, told: list[Any], order: list[int]
) -> None:
    plain, mixed = learning(method, *NAMES), learning(method, *[NAMES[i] for i in order])
    for signals, bps in told:
        one = plain.step(*signals, log_return=bps / 1e4)
        other = mixed.step(*[signals[i] for i in order], log_return=bps / 1e4)
        assert [one.weights[i] for i in order] == pytest.approx(other.weights, abs=EPS)
        assert one.exposure == pytest.approx(other.exposure, abs=EPS)


@every_method
@given(told=steps)
def test_a_target_adds_up(method: str, told: list[tuple[tuple[float | None, ...], int]]) -> None:
    blending = learning(method, *NAMES)
    for signals, bps in told:
        target = blending.step(*signals, log_return=bps / 1e4)
        speaks = [signal for signal in signals if signal is not None]
        assert sum(target.weights) == pytest.approx(1.0 if speaks else 0.0)
        assert list(target.parts) == [w * (s or 0.0) for w, s in zip(target.weights, signals, strict=True)]
        assert target.exposure == pytest.approx(sum(target.parts), abs=EPS)
        assert min(speaks, default=0.0) - EPS <= target.exposure <= max(speaks, default=0.0) + EPS
        assert target.signals == signals


@every_method
@given(told=st.lists(st.tuples(unit, st.integers(-300, 300)), min_size=1, max_size=10))
def test_what_all_want_is_done_whatever_was_learned(method: str, told: list[tuple[float, int]]) -> None:
    blending = learning(method, *NAMES)
    for signal, bps in told:
        target = blending.step(signal, signal, signal, log_return=bps / 1e4)
        assert target.exposure == pytest.approx(signal, abs=EPS)


@given(steps, steps)
def test_instruments_learn_by_themselves(one: list[Any], other: list[Any]) -> None:
    together, alone = members(*NAMES), members(*NAMES)
    for (signals, bps), (theirs, their_bps) in zip(one, other, strict=False):
        together.step(*theirs, log_return=their_bps / 1e4, key=ETH.key)
        assert together.step(*signals, log_return=bps / 1e4) == alone.step(*signals, log_return=bps / 1e4)


def test_learning_by_hand() -> None:
    """Rate 10 and no cost: over a return of 5 % the one who was long has e^1 times the weight of the one short."""
    blending = members("up", "down", learning_rate=10.0, floor=0.0, cost_bps=0.0)
    assert blending.step(1.0, -1.0, log_return=0.05).weights == (0.5, 0.5)  # nothing was held over that return
    second = blending.step(1.0, -1.0, log_return=0.05)
    assert second.weights == pytest.approx((1 / (1 + exp(-1)), 1 / (1 + exp(1))))
    assert second.exposure == pytest.approx((1 - exp(-1)) / (1 + exp(-1)))
    assert blending.step(1.0, -1.0, log_return=-0.05).weights == pytest.approx((0.5, 0.5))


def test_a_return_judges_what_was_held_over_it_and_not_what_is_wanted_now() -> None:
    blending = members("up", "down", learning_rate=10.0, floor=0.0, cost_bps=0.0)
    blending.step(1.0, -1.0)
    assert blending.step(-1.0, 1.0, log_return=0.05).weights == pytest.approx((1 / (1 + exp(-1)), 1 / (1 + exp(1))))


def test_turning_a_signal_over_costs_by_hand() -> None:
    """100 bps of a change by 2 are 0.02: with rate 50 a factor of e^-1; what was held earned nothing."""
    blending = members("calm", "busy", learning_rate=50.0, floor=0.0, cost_bps=100.0)
    blending.step(1.0, 1.0)
    assert blending.step(1.0, -1.0).weights == pytest.approx((1 / (1 + exp(-1)), 1 / (1 + exp(1))))


def test_a_members_first_signal_is_not_judged() -> None:
    blending = members("a", "b", learning_rate=10.0, floor=0.0, cost_bps=100.0)
    blending.step(1.0, None, log_return=0.1)
    assert blending.step(1.0, 1.0, log_return=0.1).weights == (0.5, 0.5)
    blending.step(-1.0, 1.0, states={"a": PAUSE})
    assert blending.step(-1.0, 1.0, log_return=0.1).weights == (0.5, 0.5)


def test_fixed_weights_stay_what_they_are() -> None:
    blending = members("a", "b", method="fixed", weights={"a": 3.0, "b": 1.0})
    for _ in range(3):
        assert blending.step(1.0, -1.0, log_return=0.1).weights == (0.75, 0.25)


def test_members_that_do_not_speak_leave_their_weight_to_the_others() -> None:
    target = members(*NAMES, method="fixed").step(1.0, None, -0.5)
    assert (target.weights, target.parts, target.exposure) == ((0.5, 0.0, 0.5), (0.5, 0.0, -0.25), 0.25)
    silent = members(*NAMES).step(None, None, None)
    assert (silent.weights, silent.parts, silent.exposure) == ((0.0,) * 3, (0.0,) * 3, 0.0)


@pytest.mark.parametrize("method", [method for method in METHODS if method != "equal"])
def test_a_weight_set_by_hand_holds_for_all_instruments(method: str) -> None:
    blending = learning(method, *NAMES, floor=0.0)  # a floor would lift the one at 0.1
    blending.step(1.0, 1.0, 1.0)
    blending.order(SetWeight("b", 0.65))
    for key in KEYS:  # the second one has not been seen before
        assert blending.step(1.0, 1.0, 1.0, key=key).weights == pytest.approx((0.25, 0.65, 0.1))


def test_a_weight_set_by_hand_is_learned_on_from_there() -> None:
    blending = members("up", "down", learning_rate=10.0, floor=0.0, cost_bps=0.0)
    blending.step(1.0, -1.0)
    blending.order(SetWeight("up", 0.8))
    assert blending.step(1.0, -1.0, log_return=0.05).weights[0] == pytest.approx(0.8 / (0.8 + 0.2 * exp(-1)))


def test_a_member_that_got_all_and_gives_some_back_shares_it_equally() -> None:
    blending = members(*NAMES, method="fixed")
    blending.order(SetWeight("a", 1.0))
    assert blending.step(1.0, 1.0, 1.0).weights == (1.0, 0.0, 0.0)
    blending.order(SetWeight("a", 0.5))
    assert blending.step(1.0, 1.0, 1.0).weights == (0.5, 0.25, 0.25)


def test_other_commands_change_no_weight() -> None:
    blending = members(*NAMES)
    blending.step(1.0, 0.5, -1.0)
    before = blending.state
    blending.order(PauseAll())
    assert blending.state == before


def test_a_draining_member_only_shrinks_by_hand() -> None:
    blending = members("a", "b", method="fixed")
    assert blending.step(0.5, 1.0).parts == (0.25, 0.5)
    parts = [blending.step(signal, 1.0, states={"a": DRAIN}).parts[0] for signal in (1.0, 0.25, 0.5, -1.0, 1.0)]
    assert parts == [0.25, 0.125, 0.125, 0.0, 0.0]
    assert blending.step(1.0, 1.0, states={"a": DRAIN}).exposure == 0.5
    assert blending.step(1.0, 1.0).parts == (0.5, 0.5)


def test_a_member_that_drains_before_it_held_anything_wants_nothing() -> None:
    target = members("a", "b", method="fixed").step(1.0, 1.0, states={"a": DRAIN})
    assert (target.parts, target.exposure) == ((0.0, 0.5), 0.5)


@every_method
@given(told=steps, since=st.integers(0, 5))
def test_a_draining_members_part_never_grows_nor_turns(method: str, told: list[Any], since: int) -> None:
    blending, before = learning(method, *NAMES), 0.0
    for number, (signals, bps) in enumerate(told):
        target = blending.step(*signals, log_return=bps / 1e4, states={"b": DRAIN} if number >= since else {})
        if number >= since:
            assert abs(target.parts[1]) <= abs(before)
            assert target.parts[1] * before >= 0.0
        assert target.exposure == pytest.approx(sum(target.parts), abs=EPS)
        before = target.parts[1]


@given(st.lists(st.tuples(unit, unit, st.booleans()), max_size=6))
def test_shrinking_is_idempotent_and_leaves_the_others_alone(rows: list[tuple[float, float, bool]]) -> None:
    parts, before, drains = [[row[i] for row in rows] for i in range(3)]
    kept, exposure = only_less(parts, before, [bool(d) for d in drains])
    assert only_less(kept, before, [bool(d) for d in drains]) == (kept, exposure)
    for part, was, drain, now in zip(parts, before, drains, kept, strict=True):
        assert now == part if not drain else min(0.0, was) <= now <= max(0.0, was)


def wires(told: list[Any]) -> list[Any]:
    """A wire a step, of the two instruments in turn."""
    return [
        on_wire(attended(((KEYS[i % 2], Signals(described(100.0, log_return=bps / 1e4), signals)),), ALL))
        for i, (signals, bps) in enumerate(told)
    ]


@every_method
@given(past=steps, future=steps, other=steps)
def test_targets_depend_on_the_past_only(method: str, past: list[Any], future: list[Any], other: list[Any]) -> None:
    machine = learning(method, *NAMES).machine
    one, two = wires(past + future), wires(past + other)
    assert _targets(machine, one)[: len(past)] == _targets(machine, two)[: len(past)]


@every_method
@given(first=steps, second=steps)
def test_the_ensemble_goes_on_from_where_it_was(method: str, first: list[Any], second: list[Any]) -> None:
    machine, told, cut = learning(method, *NAMES).machine, wires(first + second), len(first)
    state, _ = scan(machine, told[:cut])
    again = resume(machine, statecodec.decode(statecodec.encode(state)))
    assert _targets(machine, told) == _targets(machine, told[:cut]) + _targets(again, told[cut:])


def _targets(machine: Machine[Any, Any, Any], told: list[Any]) -> list[Any]:
    return [targets for (_, targets), _ in run(machine, told)]


def test_no_signals_leave_everything_as_it_is() -> None:
    blending = members(*NAMES)
    blending.step(1.0, 0.5, -1.0, key=BTC.key)
    at = moment({}, NAMES)
    after, ((same, targets), _) = blending.machine.step(blending.state, on_wire((), at))
    assert after == blending.state
    assert same is at
    assert targets == ()
