"""The log: what a step did in lines for people, numbered, bounded, harmless; and what libraries warn of."""

import asyncio
import logging
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from run_world import ran

from catui.domain.events import (
    Action,
    Command,
    Event,
    FeedState,
    FeedStatus,
    Gap,
    OverrideLimit,
    PauseStrategy,
    ReplaceOrder,
    SubmitOrder,
    Tick,
)
from catui.domain.instrument import Instrument
from catui.domain.moment import CommandResult
from catui.domain.orders import Execution, Fill, Intent, Leg, Order, Side, Status, TimeInForce
from catui.domain.reports import Alert, OrderTable, Outputs
from catui.domain.settings import Desk, StrategySettings
from catui.runtime.logbook import AT_ONCE, KEPT, Logbook, libraries_heard
from catui.snapshot import View

BTC = Instrument("paper", "BTCUSDT", "BTC", "USDT", "0.10", "0.001")
DESK = Desk(1, (BTC,), (StrategySettings("momentum", "momentum"),))
INTENT = Intent(BTC.key, Side.BUY, 200, 601_230, (Leg("momentum", 200),), "ensemble", 7)
ORDER = Order("o-1", INTENT, 200, Status.LIVE, 0, 0, 0, 7)
QUIET, NO_ORDERS = Outputs(1), OrderTable()


class Step(NamedTuple):
    event: Event = Tick(5)
    outputs: Outputs = QUIET
    orders: OrderTable = NO_ORDERS


def told(*steps: Step) -> list[tuple[str, str, str]]:
    """Level, topic and text of the lines of a book after these steps."""
    book = Logbook(DESK)
    for step in steps:
        book.observe(*step)
    return [(line.level, line.topic, line.text) for line in book.behind(0)]


def test_a_command_stands_beside_its_answer() -> None:
    command = Command("c-1", "ann", 5, PauseStrategy("momentum"), "news")
    good = replace(QUIET, results=(CommandResult("c-1", True, "paused", "ann"),))
    bad = replace(QUIET, results=(CommandResult("c-1", False, "no such strategy", "ann"),))
    assert told(Step(command, good), Step(command, bad)) == [
        ("info", "command", "ann: pause_strategy momentum, news: ok, paused"),
        ("warning", "command", "ann: pause_strategy momentum, news: REFUSED, no such strategy"),
    ]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (SubmitOrder(BTC.key, Side.BUY, 200, 601_230), "submit_order BUY 0.200 BTCUSDT 60123.0 LIMIT GTC"),
        (
            SubmitOrder(BTC.key, Side.SELL, 1, 601_230, tif=TimeInForce.IOC, reduce_only=True),
            "submit_order SELL 0.001 BTCUSDT 60123.0 LIMIT IOC reduce_only",
        ),
        (ReplaceOrder("o-1", 300, 601_230), "replace_order o-1 to 300 lots at 601230 ticks"),
        (
            OverrideLimit("P18", BTC.key, 5_000 * 10**DESK.money_digits, 40, 7_500 * 10**DESK.money_digits),
            "override_limit P18 paper:BTCUSDT by 5000.00 USDT for 40 s, budget 7500.00 USDT",
        ),
        (OverrideLimit("P12", "desk", 50, 900, 50), "override_limit P12 desk by 50 bps for 900 s, budget 50 bps"),
    ],
)
def test_amounts_of_a_command_are_written_as_people_write_them(action: Action, words: str) -> None:
    step = Step(Command("c-1", "ann", 5, action), replace(QUIET, results=(CommandResult("c-1", True, "done", "ann"),)))
    assert told(step) == [("info", "command", f"ann: {words}: ok, done")]


def test_a_fill_says_what_at_which_price_and_who_rested() -> None:
    execution = Execution("f-1", 601_230, 200, 1, 8, "USDT", is_maker=True)
    fill = Fill("o-1", BTC.key, Side.BUY, execution, (Leg("momentum", 200),), 1, 5, 7)
    lines = told(Step(outputs=replace(QUIET, fills=(fill,))))
    assert lines == [("info", "fill", "filled BUY 0.200 BTCUSDT 60123.0 maker, order o-1")]


def test_every_end_of_an_order_is_told_once() -> None:
    first = OrderTable(ended={"o-1": replace(ORDER, status=Status.CANCELLED)})
    denied = replace(ORDER, id="o-2", status=Status.DENIED, note="halted")
    second = OrderTable(ended={**first.ended, "o-2": denied, "o-3": replace(ORDER, id="o-3", status=Status.FILLED)})
    assert told(Step(), Step(orders=first), Step(orders=first), Step(orders=second)) == [
        ("info", "order", "CANCELLED BUY 0.200 BTCUSDT 60123.0, order o-1"),
        ("warning", "order", "DENIED BUY 0.200 BTCUSDT 60123.0, order o-2: halted"),
        ("info", "order", "FILLED BUY 0.200 BTCUSDT 60123.0, order o-3"),
    ]


def test_alerts_feeds_and_gaps_are_told_with_their_weight() -> None:
    alert = Alert("stale_feed paper:BTCUSDT", "stale_feed", BTC.key, "critical", "nothing told for 3.2 s", 5)
    assert told(
        Step(outputs=replace(QUIET, alerts=(alert,))),
        Step(outputs=replace(QUIET, alerts=(replace(alert, cleared_ns=9),))),
        Step(FeedStatus("paper market", 5, FeedState.DOWN, "hung up")),
        Step(FeedStatus("paper market", 5, FeedState.LIVE)),
        Step(Gap(BTC.key, 5, "missed", 3, 7)),
    ) == [
        ("error", "alert", "critical: BTCUSDT nothing told for 3.2 s"),
        ("info", "alert", "over: critical: BTCUSDT nothing told for 3.2 s"),
        ("warning", "feed", "paper market DOWN: hung up"),
        ("info", "feed", "paper market LIVE"),
        ("warning", "gap", "BTCUSDT missed: expected 3, got 7"),
    ]


def test_a_quiet_step_says_nothing() -> None:
    assert told(Step(), Step()) == []


def filled(count: int) -> Logbook:
    book = Logbook(DESK)
    for n in range(count):
        book.add(n, "info", "engine", f"line {n + 1}")
    return book


def test_a_console_gets_every_line_once_and_in_order_by_naming_the_last_it_has() -> None:
    book, last, seen = filled(450), 0, []
    while lines := book.behind(last):
        assert len(lines) <= AT_ONCE
        seen += [line.number for line in lines]
        last = lines[-1].number
    assert seen == list(range(1, 451))
    book.add(0, "info", "engine", "more")
    assert [line.text for line in book.behind(last)] == ["more"]


def test_what_fell_out_of_the_ring_is_skipped_and_shows_as_a_hole_in_the_numbers() -> None:
    book = filled(KEPT + 30)
    assert book.behind(10)[0].number == 31
    assert book.behind(40)[0].number == 41


def test_a_console_that_knows_another_engine_gets_this_ones_from_the_start() -> None:
    assert [line.number for line in filled(3).behind(900)] == [1, 2, 3]


def test_a_line_obeys_no_terminal_and_has_an_end() -> None:
    book = Logbook(DESK)
    book.add(0, "info", "engine", "\x1b[31mred\n" + "x" * 10_000)
    [line] = book.behind(0)
    assert line.text.startswith("\\x1b[31mred\\n")
    assert len(line.text) == 200


def test_what_libraries_warn_of_is_heard_while_it_is_listened_to_and_no_longer() -> None:
    heard: list[tuple[str, str, str]] = []
    library = logging.getLogger("websockets.client")
    with libraries_heard(lambda *line: heard.append(line)):
        library.info("nothing")
        library.warning("ping %d ms late", 20)
        try:
            raise ConnectionResetError("gone")
        except ConnectionResetError:
            library.exception("closing")
        odd = logging.LogRecord("asyncio", logging.WARNING, "", 0, "%d ms", ("many",), None)
        logging.getLogger().handlers[-1].emit(odd)
    library.warning("after")
    assert heard[:2] == [
        ("warning", "websockets.client", "ping 20 ms late"),
        ("error", "websockets.client", "closing: ConnectionResetError: gone"),
    ]
    assert heard[2:] == [("warning", "asyncio", "%d ms (TypeError in its arguments)")]


def test_a_run_tells_its_story_to_whoever_looks(tmp_path: Path) -> None:
    session, _ = asyncio.run(ran(tmp_path, 20.0, keys=[PauseStrategy("momentum")]))
    lines = list(session.snapshot(View()).log)
    while more := session.snapshot(View(log_after=lines[-1].number)).log:
        lines += more
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert [line.topic for line in (lines[0], lines[-1])] == ["engine", "engine"]
    assert lines[-1].text == f"run {session.name} ends: duration"
    by_topic = {topic: [line.text for line in lines if line.topic == topic] for topic in ("command", "fill", "order")}
    assert by_topic["command"][0] == "operator: pause_strategy momentum, because it is a test: ok, momentum paused"
    assert len(by_topic["fill"]) == session.tally.fills
    assert len(by_topic["order"]) == len(session.engine.orders().ended)


def test_a_run_measures_itself_and_says_nothing_of_what_it_cannot(tmp_path: Path) -> None:
    session, _ = asyncio.run(ran(tmp_path, 5.0))
    health = session.snapshot(View()).health
    assert health.latency_max_us is not None
    assert health.latency_p99_us is not None
    assert health.latency_max_us >= health.latency_p99_us
    assert health.rss_bytes is None or health.rss_bytes > 10_000_000
    assert health.lag_us is None  # nothing is late where no clock runs


@pytest.mark.parametrize("number", [0, 3])
def test_nothing_is_behind_the_last_line(number: int) -> None:
    assert filled(number).behind(number) == ()
