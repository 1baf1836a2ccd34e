"""The whole desk, on arbitrary days: exact money, nothing while halted, nothing without its intent, and it replays."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from desk_world import ACTIONS, DESK, KEYS, Happening, Watch, days
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from catui.control import control
from catui.core.fuse import fused_stages, plain
from catui.core.machine import Machine, resume, run, scan
from catui.domain import events as ev
from catui.domain.ensembles import GroupSettings, RegimeSettings
from catui.domain.events import TradingState
from catui.domain.orders import Side, Status
from catui.domain.settings import Desk
from catui.ensemble import ensemble
from catui.features import features
from catui.pipeline import pipeline, signals
from catui.runtime import statecodec
from catui.strategies import strategies


def watched(day: list[Happening]) -> Watch:
    watch = Watch()
    for happening in day:
        watch.happen(happening)
    return watch


def quote(step: int = 0, wait_ms: int = 300, lots: int = 50_000) -> Happening:
    return Happening("quote", step=step, wait_ms=wait_ms, lots=lots)


BUSY = [quote(step=3 if i % 4 < 2 else -3) for i in range(40)]


@settings(max_examples=150)
@given(days)
def test_every_step_of_any_day_keeps_every_law(day: list[Happening]) -> None:
    watched(day)


@settings(max_examples=40)
@given(days)
def test_a_busy_morning_and_any_afternoon_keep_every_law(day: list[Happening]) -> None:
    watch = watched(BUSY + day)
    assert watch.fills > 0


@pytest.mark.parametrize("kind", get_args(ev.Action), ids=lambda kind: kind.__name__)
def test_a_day_may_bring_every_kind_of_command(kind: type[ev.Action]) -> None:
    as_drawn = settings(max_examples=2_000, phases=[Phase.generate])
    assert isinstance(find(ACTIONS, lambda action: isinstance(action, kind), settings=as_drawn), kind)


def test_a_day_may_bring_commands_that_the_desk_obeys() -> None:
    watch = watched(BUSY[:8])
    obeyed = (ev.OverrideLimit("P28", "desk", 500, 60, 10**12), ev.EndOverride(""), ev.CancelOrder(""))
    for action in obeyed:
        watch.step(ev.Command("s", "operator", watch.now_ns, ev.SubmitOrder(KEYS[0], Side.BUY, 100, 9_990)))
        told = watch.happen(Happening("command", action=action, pick=1))
        assert [result.ok for result in told.results] == [True]


def test_a_busy_day_trades_on_both_strategies() -> None:
    watch = watched(BUSY)
    accounts = watch.reports().positions.accounts[KEYS[0]]
    assert watch.fills >= 5
    assert {"always", "back"} <= set(accounts)
    assert any(len(fill.legs) == 2 for outputs in watch.outputs for fill in outputs.fills)


@settings(max_examples=30)
@given(days, days, days)
def test_what_comes_later_changes_nothing_before(past: list[Happening], one: list[Happening], two: list[Any]) -> None:
    first, second = watched(BUSY[:20] + past + one), watched(BUSY[:20] + past + two)
    count = 20 + len(past)
    assert first.outputs[:count] == second.outputs[:count]


def test_a_day_in_parts_is_the_day() -> None:
    machine = pipeline(DESK)

    @settings(max_examples=30)
    @given(days, st.integers(0, 60))
    def same(day: list[Happening], cut: int) -> None:
        whole = watched(BUSY + day)
        cut = min(cut, len(whole.events))
        state, before = scan(machine, whole.events[:cut])
        kept = statecodec.decode(statecodec.encode(plain(machine, state)))
        after_state, after = scan(resume(machine, kept), whole.events[cut:])
        assert before + after == whole.outputs
        assert statecodec.digest(plain(machine, after_state)) == whole.state_digest()

    same()


GROUPS = {"one": GroupSettings(members=("back",), method="inverse_volatility", half_life_ticks=5.0)}


REGIME = RegimeSettings("volatility_ratio", 2.0, 2.0, 1.0, 0.0, {"back": "calm"})


@pytest.mark.parametrize(
    "desk", [DESK, replace(DESK, ensembles=GROUPS, regime=REGIME)], ids=["flat", "groups and regimes"]
)
def test_the_signal_path_is_one_text_and_means_its_stages(desk: Desk) -> None:
    stages = features(desk) >> strategies(desk) >> ensemble(desk)
    fused: Machine[Any, Any, Any] = signals(desk)
    assert type(fused) is type(fused_stages(stages, fused.inputs, fused.example))  # type: ignore[attr-defined]  # a FusedStages

    @settings(max_examples=20)
    @given(days)
    def same(day: list[Happening]) -> None:
        wires = _wires(watched(BUSY + day).events)
        state, outputs = scan(stages, wires)
        fused_state, fused_outputs = scan(fused, wires)
        assert repr(fused_outputs) == repr(outputs)
        assert statecodec.encode(plain(fused, fused_state)) == statecodec.encode(state)

    same()


def _wires(events: list[Any]) -> list[Any]:
    """What reaches the signal path, with the reports left as they were at the start."""
    from catui.domain.reports import Reports
    from catui.ensemble import roster
    from catui.market import market

    return run(control(DESK) >> market(DESK) >> roster(DESK), [(event, Reports()) for event in events])


def test_a_halted_desk_approves_nothing_and_cancels_all() -> None:
    watch = watched(BUSY)
    watch.step(ev.Command("h", "operator", watch.now_ns, ev.SetTradingState(TradingState.HALTED)))
    for happening in BUSY * 2:
        assert watch.happen(happening).orders == ()
    assert watch.reports().orders.working == {}


def test_the_first_order_by_hand() -> None:
    watch = Watch(replace(DESK, strategies=(DESK.strategies[0],)))
    told = [watch.happen(quote(wait_ms=300)) for _ in range(4)]
    [order] = [order for outputs in told for order in outputs.orders]
    assert order.intent.side is Side.BUY
    assert order.lots == 10_000  # 1,000 of quote at a mid of 100.00, in lots of 0.001
    [fill] = [fill for outputs in told for fill in outputs.fills]
    notional = 10_001 * 10_000  # at the ask, in units of 0.01 x 0.001
    unit = DESK.unit_money[KEYS[0]]
    assert (fill.execution.price_ticks, fill.execution.lots) == (10_001, 10_000)
    assert fill.fee_money == notional * unit * 5 // 10_000
    positions = watch.reports().positions
    assert positions.unrealised_money == -1 * 10_000 * unit  # marked at the mid, bought at the ask
    assert positions.equity_money == DESK.money("10000") - 10_000 * unit - fill.fee_money
    assert [o.status for o in watch.reports().orders.ended.values()] == [Status.FILLED]


def test_a_report_is_first_used_in_the_step_after_it() -> None:
    watch = Watch(replace(DESK, strategies=(DESK.strategies[0],)))
    seen: dict[str, list[int]] = {"order": [], "fill": []}
    for number in range(6):
        outputs = watch.happen(quote(wait_ms=300))
        seen["order"] += [number] * len(outputs.orders)
        seen["fill"] += [number] * len(outputs.fills)
    assert min(seen["fill"]) > min(seen["order"])


DIGEST = """
from test_desk_pipeline import BUSY, watched
print(watched(BUSY * 3).state_digest())
"""


def test_the_order_of_hashes_does_not_matter() -> None:
    here = str(Path(__file__).parent)
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": here},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(told) == 1


@pytest.mark.parametrize("name", ["always", "back"])
def test_a_paused_strategy_wants_nothing_more(name: str) -> None:
    watch = watched(BUSY)
    watch.step(ev.Command("p", "operator", watch.now_ns, ev.PauseStrategy(name)))
    for happening in BUSY:
        watch.happen(happening)
    told = watch.outputs[len(BUSY) :]
    assert all(leg.strategy != name for outputs in told for order in outputs.orders for leg in order.intent.legs)
    late = [leg for outputs in told[5:] for fill in outputs.fills for leg in fill.legs]  # what was under way has ended
    assert all(leg.strategy != name for leg in late)
