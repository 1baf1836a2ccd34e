"""Planning, orders and the paper venue in a loop, with a gate that lets all through and a ledger of four lines."""

from typing import Any

import pytest
from paper_world import BTC, KEY, MS, NO_RISK

from catui.core.machine import feedback, lift, resume, run, scan
from catui.domain.events import Command, Event, Flatten, Quote, TradingState
from catui.domain.moment import Control, Market, Moment, Standing
from catui.domain.orders import Approved, Status
from catui.domain.reports import Account, Executed, Judged, Plan, Positions, Reports
from catui.domain.settings import Desk, ExecutionSettings, PlanningSettings, StrategySettings
from catui.domain.signals import Features, Target
from catui.execution import execution
from catui.orders import orders
from catui.planning import planning
from catui.runtime.statecodec import decode, digest, encode

FEATURES = Features(0.0, 60_000.0, 60_000.0, 0.0, 0.0, None, 0.0, 0.0, None, None)
STRATEGIES = (StrategySettings("up", "momentum"), StrategySettings("down", "mean_reversion"))
STANDINGS = {"up": Standing(), "down": Standing()}

Said = tuple[int, Event, tuple[float, float]]


def told(said: tuple[Said, Reports]) -> tuple[tuple[Moment, tuple[tuple[str, Target], ...]], Reports]:
    """The wire into planning: a market at 60,000.00, 400 lots a side, and what the two strategies want."""
    (seq, event, parts), reports = said
    now_ns = event.ts_receive_ns
    market = Market(KEY, 6_000_000, 400, 6_000_001, 400, quote_ns=now_ns, is_valid=True)
    command = event if isinstance(event, Command) else None
    control = Control(TradingState.ACTIVE, "", STANDINGS, seq)
    moment = Moment(event, now_ns, control, command, (), {KEY: market}, KEY if command is None else None)
    targets = () if command else ((KEY, Target(FEATURES, parts, parts, parts, sum(parts))),)
    return (moment, targets), reports


def approved(wire: tuple[tuple[Moment, Plan], Reports]) -> tuple[tuple[Moment, Judged], Reports]:
    (moment, plan), reports = wire
    return (moment, Judged(tuple(Approved(i, i.lots) for i in plan.intents), plan.cancels, NO_RISK)), reports


def booked(wire: tuple[tuple[Moment, Executed], Reports]) -> tuple[Reports, Reports]:
    (_, executed), reports = wire
    lots = {name: account.lots for name, account in reports.positions.accounts.get(KEY, {}).items()}
    for fill in executed.handled.fills:
        for leg in fill.legs:
            lots[leg.strategy] = lots.get(leg.strategy, 0) + leg.lots
    accounts = {name: Account(n) for name, n in lots.items()}
    positions = Positions({KEY: accounts}, {KEY: Account(sum(lots.values()))})
    after = Reports(positions=positions, orders=executed.handled.orders, executions=executed.executions)
    return after, after


def loop(desk: Desk) -> Any:
    path = lift(told) >> planning(desk) >> lift(approved) >> orders(desk) >> execution(desk) >> lift(booked)
    return feedback(Reports(), path)


def quotes(count: int, parts: tuple[float, float], start: int = 0) -> list[Said]:
    times = [(start + i) * 100 * MS for i in range(count)]
    return [(start + i, Quote(KEY, t, None, 6_000_000, 400, 6_000_001, 400), parts) for i, t in enumerate(times)]


def test_the_loop_reaches_the_target_and_a_flatten_leaves_it() -> None:
    desk = Desk(
        7,
        (BTC,),
        STRATEGIES,
        planning=PlanningSettings(position_quote="1000", style="cross", min_change=0.01),
        execution=ExecutionSettings(mode="paper"),
    )
    flatten = (80, Command("f", "operator", 80 * 100 * MS, Flatten()), (0.0, 0.0))
    after = run(loop(desk), [*quotes(80, (1.0, -0.25)), flatten, *quotes(40, (0.0, 0.0), start=81)])
    accounts = after[79].positions.accounts[KEY]
    # a full position of 1,000 at 60,000.00 is 1,666 lots; a quarter of it, 416.5, rounds to 416
    assert (accounts["up"].lots, accounts["down"].lots) == (1_666, -416)
    steps = [r.positions.desk[KEY].lots for r in after[:80]]
    assert steps == sorted(steps)
    assert {0, 400, 800, 1_200, 1_250} >= set(steps)
    assert {account.lots for account in after[-1].positions.accounts[KEY].values()} == {0}
    assert after[-1].orders.working == {}
    assert {o.status for o in after[-1].orders.ended.values()} <= {Status.FILLED, Status.EXPIRED}


def test_a_resting_order_is_renewed_when_its_time_is_over() -> None:
    desk = Desk(7, (BTC,), STRATEGIES, execution=ExecutionSettings(mode="paper"))
    after = run(loop(desk), quotes(60, (0.5, 0.0)))
    assert [o.status for o in after[-1].orders.ended.values()] == [Status.CANCELLED] * 2
    assert [o.status for o in after[-1].orders.working.values()] == [Status.LIVE]
    assert after[-1].positions.desk[KEY].lots == 0


@pytest.mark.parametrize("cut", [1, 7, 23, 41])
def test_the_loop_resumes_from_the_bytes_of_its_state(cut: int) -> None:
    desk = Desk(7, (BTC,), STRATEGIES, execution=ExecutionSettings(mode="paper"))
    day = [*quotes(30, (0.5, 0.0)), *quotes(30, (-0.5, 0.1), start=30)]
    state, whole = scan(loop(desk), day)
    before, first = scan(loop(desk), day[:cut])
    after, rest = scan(resume(loop(desk), decode(encode(before))), day[cut:])
    assert first + rest == whole
    assert digest(after) == digest(state)
