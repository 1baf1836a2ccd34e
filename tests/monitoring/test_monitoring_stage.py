"""The stage: who looks when, what leaves in the outputs, and what the next step is told."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitoring_world import (
    IDLE,
    MONEY,
    MS,
    NOW,
    POSITIONS,
    A,
    S,
    Watched,
    anomaly,
    command,
    desk,
    fill,
    lost,
    market,
    order,
    quote,
    refused,
    scene,
    trade,
)
from msgspec.structs import replace

from catui.core.machine import atom, lift, run
from catui.domain.events import AckAlert, BookDelta, BookSnapshot, Event, Gap, Report, Tick, TradingState
from catui.domain.moment import CommandResult
from catui.domain.orders import Approved, Cancel, Cause, Query, Submit
from catui.domain.reports import Booked, Executed, OrderTable, Positions, RiskState
from catui.monitoring.scene import Detector, Finding, Findings, Scene
from catui.monitoring.stage import SAMPLE_NS, samplers, together, watchers

STALE, CROSSED, OVERFILL = f"stale_feed {A}", f"crossed_book {A}", "anomaly overfill"


def silent(event: Event) -> Scene:
    return scene(event, markets=[market(quote_ns=NOW - 10 * S)], now_ns=event.ts_receive_ns)


def crossed(event: Event) -> Scene:
    return scene(event, markets=[market(why_invalid="one-sided: no bids", quote_ns=event.ts_receive_ns)])


def delta(now_ns: int) -> BookDelta:
    return BookDelta(A, now_ns, None, 2, (), ())


# Who looks when


@pytest.mark.parametrize("event_at", [Tick, quote, trade, delta])
def test_samplers_look_four_times_a_second_whatever_comes(event_at: Callable[[int], Event]) -> None:
    watched = Watched()
    watched.see(scene())
    watched.see(silent(event_at(NOW + SAMPLE_NS - 1)))
    assert watched.open() == []
    watched.see(silent(event_at(NOW + SAMPLE_NS)))
    assert watched.open() == [STALE]
    assert SAMPLE_NS == 250 * MS


@given(st.lists(st.integers(1, 400 * MS), max_size=60))
def test_samples_are_never_nearer_than_a_quarter_of_a_second(gaps_ns: list[int]) -> None:
    watched, now_ns, due = Watched(), NOW, []
    for gap_ns in gaps_ns:
        now_ns += gap_ns
        watched.see(scene(now_ns=now_ns))
        due.append(watched.state[1].due_ns)
    looked = sorted(set(due))
    assert all(late - early >= SAMPLE_NS for early, late in itertools.pairwise(looked))


@pytest.mark.parametrize("event", [Gap(A, NOW + 1, "lost", 3, 5), BookSnapshot(A, NOW + 1, None, 1, (), ())])
def test_watchers_look_at_every_step_that_is_not_mere_market_data(event: Event) -> None:
    watched = Watched()
    watched.see(scene())
    watched.see(crossed(event))
    assert watched.open() == [CROSSED]


@pytest.mark.parametrize("event", [quote(NOW + 1), trade(NOW + 1), delta(NOW + 1)])
def test_watchers_leave_mere_market_data_to_the_next_sample(event: Event) -> None:
    watched = Watched()
    watched.see(scene())
    watched.see(crossed(event))
    assert watched.open() == []
    watched.see(crossed(quote(NOW + SAMPLE_NS)))
    assert watched.open() == [CROSSED]


def test_watchers_look_at_market_data_that_caused_something() -> None:
    eventful = [
        replace(IDLE, fills=(fill("o1"),)),
        replace(IDLE, verdicts=(refused("P18"),)),
        replace(IDLE, anomalies=(anomaly("overfill"),)),
    ]
    for handled in eventful:
        watched = Watched()
        watched.see(scene())
        seen = crossed(quote(NOW + 1))
        watched.see(seen._replace(booked=Booked(Executed(handled, (), ()), POSITIONS)))
        assert CROSSED in watched.open()


def test_a_ledger_that_does_not_add_up_is_seen_in_its_own_step() -> None:
    watched = Watched()
    watched.see(scene())
    outputs = watched.see(scene(quote(NOW + 1), positions=Positions(residual_money=1)))
    assert [alert.id for alert in outputs.alerts] == ["ledger desk"]
    assert watched.reports.tighten == (TradingState.HALTED, "R02: the ledgers differ by 1")


def test_detectors_side_by_side_tell_in_their_order_and_keep_their_own_states() -> None:
    def counting(kind: str) -> Detector:
        def look(count: int, _: Scene) -> tuple[int, Findings]:
            return count + 1, (Finding(kind, "desk", "info", "on", str(count)),)

        return atom(0, look)

    def mute(_: Scene) -> Findings:
        return ()

    found = run(together((("a", counting("a")), ("mute", lift(mute)), ("b", counting("b")))), [scene(), scene()])
    assert [[(f.kind, f.text) for f in step] for step in found] == [[("a", "0"), ("b", "0")], [("a", "1"), ("b", "1")]]


def test_every_detector_takes_part_once() -> None:
    names = [name for name, _ in (*samplers(desk()), *watchers(desk()))]
    assert len(names) == len(set(names)) == 14


# What the next step is told


def test_a_quiet_quote_returns_the_very_same_reports_and_state() -> None:
    watched = Watched()
    watched.see(scene())
    state, reports = watched.state, watched.reports
    watched.see(scene(quote(NOW + 1)))
    assert watched.reports is reports
    ((metrics, candles), queues), watch = watched.state
    ((metrics_before, candles_before), queues_before), watch_before = state
    assert metrics is metrics_before
    assert candles is candles_before
    assert queues is queues_before
    assert watch is watch_before


def test_a_sample_that_finds_nothing_new_returns_the_very_same_reports() -> None:
    watched = Watched()
    watched.see(scene())
    reports = watched.reports
    watched.see(scene(quote(NOW + SAMPLE_NS)))
    assert watched.reports is reports


def test_reports_carry_what_this_step_left() -> None:
    watched = Watched()
    table, state, ledger = OrderTable(sequence=3), RiskState(refusals={"P18": 1}), Positions(equity_money=5)
    said = (Report("o1", NOW, None, Cause.ACCEPTED, "paper"),)
    handled = replace(IDLE, orders=table, risk=state)
    watched.see(scene(quote())._replace(booked=Booked(Executed(handled, (), said), ledger)))
    reports = watched.reports
    assert reports.executions is said
    assert reports.orders is table
    assert reports.risk is state
    assert reports.positions is ledger
    assert (reports.alerts, reports.tighten) == ({}, None)


@pytest.mark.parametrize("gap_ns", [1, SAMPLE_NS])
def test_a_demand_is_made_once_and_gone_at_the_next_step_without_its_cause(gap_ns: int) -> None:
    watched = Watched()
    watched.see(scene(handled=replace(IDLE, anomalies=(anomaly("crossed wires", is_integrity=True),))))
    assert watched.reports.tighten is not None
    watched.see(scene(quote(NOW + gap_ns)))
    assert watched.reports.tighten is None


def test_a_loss_reduces_within_a_quarter_of_a_second() -> None:
    watched = Watched(desk(risk={"max_daily_loss_quote": "1000"}))
    watched.see(scene())
    watched.see(scene(quote(NOW + SAMPLE_NS), positions=lost(1000 * MONEY)))
    assert watched.reports.tighten == (TradingState.REDUCING, "R01: loss at its limit")


# What leaves


def test_outputs_carry_requests_of_the_executed_stage_and_orders_of_the_handled_one() -> None:
    bought, sold = order("bought"), order("sold")
    handled = replace(IDLE, requests=(Submit(bought), Cancel(sold), Query(sold), Submit(sold)))
    handled = replace(handled, verdicts=(Approved(bought.intent, 10),), fills=(fill("f"),), anomalies=(anomaly(),))
    seen = scene(quote())
    results = (CommandResult("c1", True, "noted"),)
    seen = seen._replace(
        moment=seen.moment._replace(results=results), booked=Booked(Executed(handled, (Cancel(sold),), ()), POSITIONS)
    )
    outputs = Watched().see(seen)
    assert outputs.seq == 7
    assert outputs.requests == (Cancel(sold),)
    assert outputs.orders == (bought, sold)
    assert (outputs.verdicts, outputs.fills, outputs.anomalies) == (handled.verdicts, handled.fills, handled.anomalies)
    assert outputs.results == results


def test_requests_leave_at_a_quiet_quote_too() -> None:
    watched = Watched()
    watched.see(scene())
    wanted = (Cancel(order("old")),)
    outputs = watched.see(scene(quote(NOW + 1))._replace(booked=Booked(Executed(IDLE, wanted, ()), POSITIONS)))
    assert (outputs.seq, outputs.requests, outputs.orders) == (7, wanted, ())


def test_an_anomaly_is_told_once_seen_by_a_person_cleared_and_forgotten() -> None:
    watched = Watched()
    odd = replace(IDLE, anomalies=(anomaly("overfill"),))
    assert [a.id for a in watched.see(scene(handled=odd)).alerts] == [OVERFILL]
    assert watched.see(scene(now_ns=NOW + S, handled=odd)).alerts == ()
    assert watched.see(scene(now_ns=NOW + 90 * S)).alerts == ()
    assert watched.open() == [OVERFILL]
    (told,) = watched.see(scene(command(AckAlert(OVERFILL), NOW + 100 * S))).alerts
    assert (told.id, told.cleared_ns, told.is_acknowledged) == (OVERFILL, NOW + 100 * S, True)
    assert watched.see(scene(now_ns=NOW + 159 * S)).alerts == ()
    assert list(watched.reports.alerts) == [OVERFILL]
    watched.see(scene(now_ns=NOW + 160 * S))
    assert watched.reports.alerts == {}


def test_a_stale_feed_is_told_when_it_is_raised_and_when_it_clears() -> None:
    watched = Watched()
    ages_s = [0, 2, 4, 2, 1]
    told = []
    for second, age_s in enumerate(ages_s):
        now_ns = NOW + second * S
        seen = scene(Tick(now_ns), markets=[market(quote_ns=now_ns - age_s * S)])
        told.append([(a.id, a.cleared_ns is None) for a in watched.see(seen).alerts])
    assert told == [[], [], [(STALE, True)], [], [(STALE, False)]]


@given(st.lists(st.tuples(st.integers(1, S), st.integers(0, 9)), max_size=40))
def test_replay_in_two_parts_tells_the_same(steps: list[tuple[int, int]]) -> None:
    now_ns, seen = NOW, []
    for gap_ns, age_s in steps:
        now_ns += gap_ns
        seen.append(scene(Tick(now_ns), markets=[market(quote_ns=now_ns - age_s * S)]))
    whole, parted = Watched(), Watched()
    expected = [whole.see(each) for each in seen]
    half = len(seen) // 2
    first = [parted.see(each) for each in seen[:half]]
    resumed = Watched()
    resumed.state, resumed.reports = parted.state, parted.reports
    assert first + [resumed.see(each) for each in seen[half:]] == expected
    assert resumed.reports == whole.reports
