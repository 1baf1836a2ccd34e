"""A snapshot of any day: rows sum to totals, lists are in their order, and every word of a market has its reason."""

import re
from typing import Any

import msgspec
import pytest
from desk_world import DESK, KEYS, MS, Happening, Watch, days
from hypothesis import given, settings
from msgspec.structs import replace
from test_desk_pipeline import BUSY, quote, watched

from catui.core.machine import Machine, lift
from catui.domain import events as ev
from catui.domain.kind import Kind
from catui.domain.orders import Side
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features
from catui.pipeline import pipeline
from catui.snapshot import BookView, HealthView, PositionView, Snapshot, StrategyView, View
from catui.snapshot.parts import parts_of
from catui.snapshot.whole import Shown, view
from catui.strategies.registry import KINDS

UNIT = DESK.unit_money[KEYS[0]]


def seen(watch: Watch, look: View | None = None, later_ms: int = 0) -> Snapshot:
    shown = Shown("run", "simulated", "PAPER", watch.now_ns + later_ms * MS)
    return view(watch.desk, parts_of(watch.machine, watch.state), look or View(), shown)


def book_of(*happenings: Happening, later_ms: int = 0) -> BookView:
    return seen(watched(list(happenings)), later_ms=later_ms).book


@settings(max_examples=60)
@given(days)
def test_the_rows_of_any_day_sum_to_its_totals(day: list[Happening]) -> None:
    watch = watched(BUSY + day)
    snapshot = seen(watch)
    rows = snapshot.positions
    assert sum(row.realised_money for row in rows) == snapshot.realised_money
    assert sum(row.fees_money for row in rows) == snapshot.fees_money
    assert sum(row.unrealised_money for row in rows) == snapshot.unrealised_money
    assert sum(row.pnl_money for row in snapshot.strategies) == snapshot.pnl_money
    assert snapshot.pnl_money == snapshot.realised_money - snapshot.fees_money + snapshot.unrealised_money
    assert snapshot.equity_money == DESK.money(DESK.start_equity_quote) + snapshot.pnl_money
    assert 0 <= snapshot.drawdown_money <= snapshot.max_drawdown_money
    assert snapshot.seq == len(watch.events)
    for key, row in zip(KEYS, rows, strict=True):
        held = sum(strategy.lots for strategy in seen(watch, View(instrument=key)).strategies)
        leaves = sum(order.leaves_lots for order in snapshot.orders if order.instrument == key)
        assert held == row.lots
        assert abs(row.lots) <= row.worst_lots <= abs(row.lots) + leaves


@settings(max_examples=60)
@given(days)
def test_the_lists_of_any_day_are_in_their_order_and_not_too_long(day: list[Happening]) -> None:
    snapshot = seen(watched(BUSY + day), View(depth=3, trades=7))
    for newest_first in ([t.ts_ns for t in snapshot.trades], [f.ts_ns for f in snapshot.fills]):
        assert newest_first == sorted(newest_first, reverse=True)
        assert 0 < len(newest_first) <= 7
    open_first = [(alert.cleared_ns is not None, -alert.since_ns) for alert in snapshot.alerts]
    assert open_first == sorted(open_first)
    times = [point.ts_ns for point in snapshot.equity]
    assert times == sorted(set(times))
    assert len(times) <= 600
    bids = [level.price_ticks for level in snapshot.book.bids]
    asks = [level.price_ticks for level in snapshot.book.asks]
    assert (bids, asks) == (sorted(bids, reverse=True), sorted(asks))
    assert max(len(bids), len(asks)) <= 3


@settings(max_examples=60)
@given(days)
def test_a_snapshot_of_any_day_is_whole_after_the_wire(day: list[Happening]) -> None:
    snapshot = seen(watched(BUSY[:12] + day))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(snapshot), type=Snapshot) == snapshot


@settings(max_examples=30)
@given(days)
def test_to_look_changes_nothing(day: list[Happening]) -> None:
    watch = watched(day)
    before = watch.state_digest()
    assert seen(watch, View(KEYS[1])) == seen(watch, View(KEYS[1]))
    assert watch.state_digest() == before


def test_before_the_first_event_the_desk_has_its_start_and_nothing_else() -> None:
    snapshot = seen(Watch())
    assert (snapshot.seq, snapshot.pnl_money) == (0, 0)
    assert snapshot.equity_money == DESK.money("10000")
    assert [market.state for market in snapshot.markets] == ["waiting", "waiting"]
    assert [strategy.state for strategy in snapshot.strategies] == ["WARM", "WARM"]
    assert [(p.lots, p.average_ticks_x100, p.mark_ticks, p.limit_lots) for p in snapshot.positions] == [
        (0, None, None, 0),
        (0, None, None, 0),
    ]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(snapshot), type=Snapshot) == snapshot


def test_a_position_by_hand() -> None:
    watch = Watch(replace(DESK, strategies=(DESK.strategies[0],)))
    for _ in range(4):
        watch.happen(quote())
    [row, flat] = seen(watch).positions
    fee = 10_001 * 10_000 * UNIT * 5 // 10_000
    assert row == PositionView(
        instrument=KEYS[0],
        lots=10_000,
        average_ticks_x100=1_000_100,  # bought at the ask, 100.01
        mark_ticks=10_000,
        unrealised_money=-10_000 * UNIT,
        realised_money=0,
        fees_money=fee,
        notional_money=10_000 * 10_000 * UNIT,
        worst_lots=10_000,
        limit_lots=200_000,  # 20,000 of quote at 100.00, in lots of 0.001
    )
    assert (flat.lots, flat.limit_lots) == (0, 0)


def test_a_short_position_has_its_average_above_zero() -> None:
    watch = Watch(replace(DESK, strategies=(StrategySettings("always", "hold", {"exposure": -1.0}),)))
    for _ in range(4):
        watch.happen(quote())
    row = seen(watch).positions[0]
    assert row.lots == -10_000
    assert row.average_ticks_x100 == 999_900  # sold at the bid, 99.99
    assert (row.notional_money, row.unrealised_money) == (-10_000 * 10_000 * UNIT, -10_000 * UNIT)


def test_the_average_is_of_what_the_desk_has_traded_though_the_books_hold_opposite_sides() -> None:
    watch = Watch(replace(DESK, strategies=(DESK.strategies[0],)))
    for step in (0, 0, 0, 0, -30):
        watch.happen(quote(step))
    watch.step(ev.Command("s", "me", watch.now_ns, ev.SubmitOrder(KEYS[0], Side.SELL, 9_000, 9_900)))
    for _ in range(2):
        watch.happen(quote())
    row = seen(watch).positions[0]
    assert row.lots == 1_000
    assert (
        row.average_ticks_x100 == 1_000_100
    )  # as bought; the books' net cost a lot is 102.89, more than was ever paid


def test_a_working_order_counts_for_the_worst_case_on_its_side() -> None:
    watch = Watch(replace(DESK, strategies=(DESK.strategies[0],)))
    for _ in range(4):
        watch.happen(quote())
    for side, lots in ((Side.BUY, 700), (Side.SELL, 300)):
        price = 9_990 if side is Side.BUY else 10_010
        watch.step(ev.Command(side.value, "me", watch.now_ns, ev.SubmitOrder(KEYS[0], side, lots, price)))
    snapshot = seen(watch)
    assert [(o.side, o.lots, o.leaves_lots, o.owner) for o in snapshot.orders] == [
        ("BUY", 700, 700, "manual"),
        ("SELL", 300, 300, "manual"),
    ]
    assert [row.worst_lots for row in snapshot.positions] == [10_700, 0]


def test_the_deepest_fall_stays_when_the_desk_recovers() -> None:
    watch = Watch(replace(DESK, strategies=(DESK.strategies[0],)))
    for step in (0, 0, 0, 0, -30, 90):
        watch.happen(quote(step))
    snapshot = seen(watch)
    fee = 10_001 * 10_000 * UNIT * 5 // 10_000
    assert (snapshot.drawdown_money, snapshot.max_drawdown_money) == (0, fee + 31 * 10_000 * UNIT)


def test_every_word_of_a_market_has_its_reason() -> None:
    assert book_of().state == "waiting"
    assert book_of(quote()).state == "ok"
    assert book_of(quote(), later_ms=2_000).state == "ok"
    assert book_of(quote(), later_ms=2_001).state == "stale"
    assert book_of(Happening("snapshot"), Happening("gap")).state == "gap"
    assert book_of(Happening("snapshot", half=-1)).state == "crossed"
    assert book_of(Happening("quote", half=-1)).state == "crossed"


def test_the_side_and_price_of_the_last_trade_and_the_imbalance_of_the_touch() -> None:
    told = book_of(Happening("quote", lots=3), Happening("trade", side=Side.SELL, step=2))
    assert (told.last_ticks, told.last_side) == (10_002, "SELL")
    assert told.imbalance == (3 - 4) / (3 + 4)


def test_a_book_with_one_side_is_told_so() -> None:
    watch = Watch()
    watch.step(ev.BookSnapshot(KEYS[0], watch.now_ns, None, 1, ((9_999, 5),), ()))
    told = seen(watch).book
    assert told.state == "one-sided"
    assert told.ask_ticks is None
    assert [(level.price_ticks, level.lots) for level in told.bids] == [(9_999, 5)]


def test_a_book_without_either_side_is_empty_and_in_a_gap_a_gap() -> None:
    watch = Watch()
    watch.step(ev.BookSnapshot(KEYS[0], watch.now_ns, None, 1, (), ()))
    assert (seen(watch).book.state, seen(watch).book.detail) == ("empty", "empty: no bids and no asks")
    watch.step(ev.Gap(KEYS[0], watch.now_ns, "a hole", 2, 4))
    assert (seen(watch).book.state, seen(watch).book.detail) == ("gap", "gap: a hole")
    watch.step(ev.BookSnapshot(KEYS[0], watch.now_ns, None, 9, (), ()))
    assert seen(watch).book.state == "empty"
    watch.step(ev.BookDelta(KEYS[0], watch.now_ns, None, 10, ((9_999, 5),), ()))
    assert seen(watch).book.state == "one-sided"
    watch.step(ev.BookDelta(KEYS[0], watch.now_ns, None, 11, (), ((10_001, 5),)))
    assert seen(watch).book.state == "ok"


def test_an_unknown_instrument_is_answered_by_the_first() -> None:
    assert seen(watched(BUSY[:3]), View("paper:NONE")) == seen(watched(BUSY[:3]), View(KEYS[0]))


def test_our_fills_stand_among_the_prints() -> None:
    watch = watched(BUSY)
    watch.happen(Happening("trade", lots=9))
    [newest, *rest] = seen(watch).trades
    assert (newest.is_ours, newest.lots) == (False, 9)
    assert {trade.is_ours for trade in rest} == {True}
    assert seen(watch, View(KEYS[1])).trades == ()


def test_a_fill_names_who_wanted_it() -> None:
    snapshot = seen(watched(BUSY))
    assert {fill.owner for fill in snapshot.fills} == {"ensemble"}
    assert len({fill.order_id for fill in snapshot.fills}) == len(snapshot.fills)


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (ev.PauseStrategy("always"), "PAUSE"),
        (ev.Quarantine("always", "it raised"), "QUAR"),
        (ev.DrainStrategy("always"), "DRAIN"),
    ],
)
def test_a_strategy_stands_where_it_was_put_by_whom_and_why(action: ev.Action, state: str) -> None:
    watch = watched(BUSY)
    watch.step(ev.Command("p", "ann", watch.now_ns, action, "too loud"))
    by_name = {row.name: row for row in seen(watch).strategies}
    assert (by_name["always"].state, by_name["back"].state) == (state, "RUN")
    assert (by_name["always"].author, by_name["always"].since_ns) == ("ann", watch.now_ns)
    assert by_name["always"].reason


def test_a_strategy_that_failed_in_its_cell_is_shown_with_its_error() -> None:
    watch = watched(BUSY)
    parts = parts_of(watch.machine, watch.state)
    assert parts.cells == {"always": "", "back": ""}
    failed = parts._replace(cells={"always": "", "back": "ZeroDivisionError"})
    rows = view(DESK, failed, View(), Shown("run", "simulated", "PAPER", watch.now_ns)).strategies
    assert [(row.name, row.state, row.reason) for row in rows] == [
        ("always", "RUN", ""),
        ("back", "QUAR", "ZeroDivisionError"),
    ]


def test_a_failure_on_one_instrument_is_told_though_the_next_goes_on() -> None:
    def broken() -> Machine[Any, Features, float | None]:
        return lift(lambda x: 1.0 / (x.mid - 100.0) / 1e9)  # which is the first mid of the first instrument

    of = replace(DESK, strategies=(DESK.strategies[0], StrategySettings("bad", "broken")))
    watch = Watch(of, pipeline(of, {**KINDS, "broken": Kind(broken)}))
    for key in KEYS * 3:
        watch.happen(replace(quote(), key=key))
    row = seen(watch).strategies[1]
    assert (row.name, row.state, row.signal, row.weight) == ("bad", "QUAR", None, 0.0)
    assert re.fullmatch(r"test_snapshot_laws\.py:\d+: ZeroDivisionError: float division by zero", row.reason)
    assert [r.state for r in seen(watch).strategies] == ["RUN", "QUAR"]


def test_a_strategy_stands_since_the_run_began_until_somebody_moves_it() -> None:
    watch = watched(BUSY)
    assert {row.since_ns for row in seen(watch).strategies} == {watch.events[0].ts_receive_ns}


def test_what_the_operator_holds_has_a_row_of_its_own() -> None:
    watch = watched(BUSY[:3] + [replace(quote(), key=KEYS[1])] * 2)
    watch.step(ev.Command("s", "ann", watch.now_ns, ev.SubmitOrder(KEYS[1], Side.BUY, 10, 402)))
    for _ in range(3):
        watch.happen(replace(quote(), key=KEYS[1]))
    row = seen(watch, View(KEYS[1])).strategies[-1]
    assert isinstance(row, StrategyView)
    assert (row.name, row.state, row.lots, row.weight) == ("manual", "HAND", 10, None)


def test_limits_say_which_of_them_a_person_may_widen() -> None:
    by_check = {row.check: row for row in seen(watched(BUSY)).limits}
    assert by_check["P28"].may_override
    assert by_check["P28"].limit == DESK.risk.max_drawdown_bps
    assert by_check["P19"].used == 10_003 * 10_000 * UNIT  # as the gate saw it: at the mark of the step before


def test_an_override_in_force_is_shown_with_what_is_left_of_it() -> None:
    watch = watched(BUSY)
    widened = ev.OverrideLimit("P28", "desk", 500, 60, 700)
    watch.step(ev.Command("w", "ann", watch.now_ns, widened, "a wild morning"))
    [row] = seen(watch).overrides
    assert (row.check, row.scope, row.extra, row.budget_left) == ("P28", "desk", 500, 700)
    assert (row.author, row.reason, row.until_ns) == ("ann", "a wild morning", watch.now_ns + 60_000 * MS)


def test_an_order_that_is_to_go_says_so() -> None:
    watch = watched(BUSY[:4])
    watch.step(ev.Command("s", "ann", watch.now_ns, ev.SubmitOrder(KEYS[0], Side.BUY, 100, 9_990)))
    [order] = seen(watch).orders
    assert not order.is_cancelling
    watch.step(ev.Command("c", "ann", watch.now_ns, ev.CancelOrder(order.id)))
    assert [(row.id, row.is_cancelling) for row in seen(watch).orders] == [(order.id, True)]


def test_feeds_are_as_old_as_the_newest_quote_and_count_all_gaps() -> None:
    watch = watched([Happening("quote", key=KEYS[1]), Happening("snapshot", wait_ms=300)])
    assert [row.age_ns for row in seen(watch, later_ms=40).feeds] == [40 * MS]
    for key in (*KEYS, KEYS[0]):
        watch.happen(Happening("gap", key=key, wait_ms=0))
        watch.happen(Happening("snapshot", key=key, wait_ms=0))
    [row] = seen(watch, later_ms=40).feeds
    assert (row.name, row.state, row.age_ns, row.gaps) == ("paper", "LIVE", 40 * MS, 3)
    watch.step(ev.FeedStatus("paper market", watch.now_ns, ev.FeedState.DOWN, "hung up"))
    [row] = seen(watch).feeds
    assert (row.name, row.state, row.detail, row.gaps) == (
        "pap market",
        "DOWN",
        "hung up",
        5,
    )  # and with its feed each book is lost


def test_an_alert_names_its_instrument_by_its_symbol_until_it_clears() -> None:
    watch = watched([Happening("snapshot"), Happening("gap")])
    [alert] = [alert for alert in seen(watch).alerts if alert.text.startswith("ONEUSDT ")]
    assert (alert.cleared_ns, alert.since_ns, alert.is_acknowledged) == (None, watch.now_ns, False)
    watch.step(ev.Command("a", "ann", watch.now_ns, ev.AckAlert(alert.id)))
    assert [row.is_acknowledged for row in seen(watch).alerts if row.id == alert.id] == [True]


def test_a_muted_kind_says_until_when_and_a_critical_alert_is_never_muted() -> None:
    watch = watched([Happening("snapshot"), Happening("gap")])
    watch.step(ev.Command("m", "ann", watch.now_ns, ev.MuteAlert("feed_gap", 60)))
    [alert] = [alert for alert in seen(watch).alerts if alert.kind == "feed_gap"]
    assert (alert.muted_until_ns, alert.cleared_ns) == (watch.now_ns + 60_000 * MS, None)
    parts = parts_of(watch.machine, watch.state)
    assert parts.muted == {"feed_gap": watch.now_ns + 60_000 * MS}
    alerts = {id: replace(a, severity="critical") for id, a in parts.reports.alerts.items()}
    critical = parts._replace(reports=replace(parts.reports, alerts=alerts))
    shown = view(DESK, critical, View(), Shown("run", "simulated", "PAPER", watch.now_ns))
    assert {row.muted_until_ns for row in shown.alerts} == {None}


def test_what_was_refused_is_counted_with_its_last_words() -> None:
    watch = watched(BUSY[:4])
    for lots in (5_000_000, 6_000_000):
        watch.step(ev.Command(f"s{lots}", "ann", watch.now_ns, ev.SubmitOrder(KEYS[0], Side.BUY, lots, 9_990)))
    by_check = {row.check: row for row in seen(watch).refusals}
    assert by_check["P16"].count == 2
    assert by_check["P16"].last_text.startswith("P16 ")


def test_results_and_health_are_shown_as_they_were_measured() -> None:
    watch = watched(BUSY)
    results = watch.step(ev.Command("p", "ann", watch.now_ns, ev.PauseStrategy("nobody"))).results
    shown = Shown("run", "simulated", "PAPER", 1, results, HealthView(queue=3), "stopped")
    snapshot = view(DESK, parts_of(watch.machine, watch.state), View(), shown)
    assert [(row.id, row.ok) for row in snapshot.results] == [("p", False)]
    assert "nobody" in snapshot.results[0].text
    assert (snapshot.health.queue, snapshot.ended, snapshot.now_ns) == (3, "stopped", 1)
