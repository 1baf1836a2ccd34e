"""A desk on which everything moves: snapshots for what paints them, and the app shown a prepared one at a time."""

import sys
from collections.abc import Collection
from pathlib import Path

from msgspec.structs import replace

from catui.console.app import CatuiApp
from catui.snapshot import BookView, LevelView, LogView, Snapshot

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "console_render"))
from sample import sample_snapshot

SAMPLE = sample_snapshot()
FRAME_NS = 1_000_000_000 // 12
CENT = 10 ** (SAMPLE.money_digits - 2)


def moving(number: int) -> Snapshot:
    """The sample desk at frame `number`: no pane keeps a row that a busy market would change.

    The market walks up and down by a few ticks, every size, result, signal and clock moves, the tape and the log grow.
    """
    now_ns = SAMPLE.now_ns + number * FRAME_NS
    step = 5 * ((number * 7919) % 5 - 2)
    money = CENT * ((number * 7919) % 9973 + 1)
    swing = ((number * 31) % 41 - 20) / 1000
    tape = SAMPLE.trades[-(number % len(SAMPLE.trades)) :] + SAMPLE.trades[: -(number % len(SAMPLE.trades))]
    chart = SAMPLE.chart
    assert chart is not None
    return replace(
        SAMPLE,
        seq=SAMPLE.seq + number * 400,
        now_ns=now_ns,
        equity_money=SAMPLE.equity_money + money,
        pnl_money=SAMPLE.pnl_money + money,
        realised_money=SAMPLE.realised_money + money,
        unrealised_money=SAMPLE.unrealised_money - money,
        fees_money=SAMPLE.fees_money + money,
        markets=tuple(replace(each, last_ticks=(each.last_ticks or 0) + step) for each in SAMPLE.markets),
        book=_book(number, step),
        trades=tuple(
            replace(each, ts_ns=now_ns - n * 1_000_000, lots=each.lots + number) for n, each in enumerate(tape)
        ),
        positions=tuple(
            replace(each, unrealised_money=each.unrealised_money + money, worst_lots=each.worst_lots + number % 90)
            for each in SAMPLE.positions
        ),
        strategies=tuple(
            replace(each, signal=(each.signal or 0.0) + swing, pnl_money=each.pnl_money + money, weight=0.3 + swing)
            for each in SAMPLE.strategies
        ),
        orders=tuple(replace(each, leaves_lots=1 + number % 190) for each in SAMPLE.orders),
        alerts=tuple(replace(each, text=f"{number} {each.text}") for each in SAMPLE.alerts),
        feeds=tuple(replace(each, age_ns=(number * 7919) % 900 * 1_000_000) for each in SAMPLE.feeds),
        equity=tuple(
            replace(each, equity_money=each.equity_money + CENT * ((number * 31 + n) % 997))
            for n, each in enumerate(SAMPLE.equity)
        ),
        chart=replace(
            chart,
            candles=tuple(replace(c, close=c.close + (number + c.ago) % 7, high=c.high + 7) for c in chart.candles),
        ),
        health=replace(
            SAMPLE.health, events_per_s=4_000.0 + number % 900, latency_p99_us=900.0 + number % 700, queue=number % 30
        ),
        log=(LogView(number + 1, now_ns, "info", "market", f"frame {number} is drawn"),),
    )


def _book(number: int, step: int) -> BookView:
    book = SAMPLE.book
    return replace(
        book,
        bids=_levels(book.bids, number, step),
        asks=_levels(book.asks, number, step),
        bid_ticks=book.bids[0].price_ticks + step,
        ask_ticks=book.asks[0].price_ticks + step,
        last_ticks=book.bids[0].price_ticks + step,
        imbalance=((number * 31) % 199 - 99) / 100,
        age_ns=(number * 13) % 900 * 1_000_000,
    )


def _levels(levels: tuple[LevelView, ...], number: int, step: int) -> tuple[LevelView, ...]:
    return tuple(
        LevelView(each.price_ticks + step, each.lots + (number * 37 + 11 * n) % 900) for n, each in enumerate(levels)
    )


def assert_all_move(app: CatuiApp, before: dict[str, list[str]], may_rest: Collection[str] = ()) -> None:
    """Every pane of the desk is on the screen, fills its place and has drawn something else than `before`,
    but for those that may rest.

    A figure of speed or of garbage means nothing without it. AssertionError: the pane, and what is wrong with it.
    """
    for name, region in app.desk.placed().items():
        widget = app.desk.panes[name]
        shown = app.screen.find_widget(widget).visible_region
        assert shown.size == region.size, f"{name} is not on the screen: {shown} of {region}"
        assert len(widget.lines) == region.height, f"{name} has not been drawn"
        assert name == "footer" or name in may_rest or texts(app)[name] != before[name], f"{name} does not move"


def texts(app: CatuiApp) -> dict[str, list[str]]:
    """What each pane of the desk has drawn."""
    return {name: [line.text for line in app.desk.panes[name].lines] for name in app.desk.placed()}
