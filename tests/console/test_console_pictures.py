"""Pictures of the console, compared cell by cell; look at a new one before it is kept."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import at_rest
import pytest
from frozen_past import FrozenPast
from msgspec.structs import replace
from textual.pilot import Pilot
from ticket_answers import Verdict, source

from catui.console.app import CatuiApp
from catui.console.source import FrozenSource
from catui.snapshot import ConsoleView, LogView, Snapshot

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import NOW_NS, SECOND, halted_snapshot, levels, sample_snapshot, starting_snapshot

SnapCompare = Callable[..., bool]
WIDE = (120, 40)


class Pictured(CatuiApp):
    """A console that runs on a loop whose rest can be waited for."""

    def run(self, **how: Any) -> int | None:
        """As the toolkit runs it."""
        with at_rest.runner() as runner:
            return super().run(**how, loop=runner.get_loop())


PLAIN = sample_snapshot()
STALE = replace(PLAIN, book=replace(PLAIN.book, state="stale", age_ns=3_200_000_000, detail="no message for 3.2 s"))
GAP = replace(
    PLAIN,
    book=replace(PLAIN.book, state="gap", bids=(), asks=(), bid_ticks=None, ask_ticks=None, detail="snapshot asked"),
)
CROSSED = replace(PLAIN, book=replace(PLAIN.book, state="crossed", bids=levels(601_250, -5, 40, 11), bid_ticks=601_250))
ONE_SIDED = replace(PLAIN, book=replace(PLAIN.book, state="one-sided", asks=(), ask_ticks=None))
QUARANTINED = replace(
    PLAIN,
    strategies=(
        replace(PLAIN.strategies[0], state="QUAR", author="the desk", reason="ZeroDivisionError at seq 1,204,498"),
        *PLAIN.strategies[1:],
    ),
)
WARMING = replace(
    PLAIN,
    strategies=tuple(
        replace(each, state="WARM", signal=None, contribution=None, weight=None) for each in PLAIN.strategies
    ),
)
REDUCING = replace(PLAIN, trading_state="REDUCING", trading_reason="P29 DAILY_LOSS 80% used")
UNKNOWN = replace(PLAIN, orders=tuple(replace(each, status="UNKNOWN") for each in PLAIN.orders))
TALKING = replace(
    PLAIN,
    log=(
        LogView(1, NOW_NS - 9 * SECOND, "info", "engine", "run 20260109T140305Z-binance begins: binance"),
        LogView(2, NOW_NS - 7 * SECOND, "info", "feed", "binance market LIVE"),
        LogView(3, NOW_NS - 5 * SECOND, "warning", "gap", "BTCUSDT: got 811, wanted 805; a snapshot is asked for"),
        LogView(4, NOW_NS - 4 * SECOND, "info", "order", "c7-000118 BUY 0.200 BTCUSDT 60,122.50 by quoting: LIVE"),
        LogView(5, NOW_NS - 3 * SECOND, "info", "command", "ann: pause imbalance, 'news': ok"),
        LogView(6, NOW_NS - 2 * SECOND, "error", "websockets", "connection lost: \x1b[31m is shown, not obeyed"),
        LogView(7, NOW_NS - 1 * SECOND, "info", "fill", "BUY 0.200 BTCUSDT 60,123.00 maker"),
    ),
)
EMPTY = replace(PLAIN, positions=(), orders=(), fills=(), alerts=(), trades=(), refusals=(), overrides=())
TWO = replace(PLAIN, consoles=(ConsoleView("ann", "control"), ConsoleView("bob", "watch", 3)))
MINE = replace(PLAIN, badge="LIVE")

PICTURES: dict[str, tuple[Snapshot | None, tuple[int, int], str, tuple[str, ...]]] = {
    "desk_80x24": (sample_snapshot(), (80, 24), "dark", ()),
    "desk_120x40": (sample_snapshot(), WIDE, "dark", ()),
    "desk_200x60": (sample_snapshot(), (200, 60), "dark", ()),
    "desk_light": (sample_snapshot(), WIDE, "light", ()),
    "desk_mono": (PLAIN, (80, 24), "mono", ()),
    "desk_high_contrast": (PLAIN, (80, 24), "high-contrast", ()),
    "desk_colour_blind": (PLAIN, (80, 24), "colour-blind", ()),
    "desk_red_green": (PLAIN, (80, 24), "red-green", ()),
    "real_money": (MINE, (80, 24), "dark", ()),
    "stale": (STALE, (80, 24), "dark", ()),
    "gap": (GAP, (80, 24), "dark", ()),
    "crossed": (CROSSED, (80, 24), "dark", ()),
    "one_sided": (ONE_SIDED, (80, 24), "dark", ()),
    "quarantined": (QUARANTINED, (80, 24), "dark", ("5",)),
    "empty": (EMPTY, WIDE, "dark", ()),
    "two_consoles": (TWO, WIDE, "dark", ()),
    "override_in_force": (PLAIN, (80, 24), "dark", ("r", "j")),
    "book_zoomed": (PLAIN, (80, 24), "dark", ("z",)),
    "chart_zoomed": (PLAIN, (80, 24), "dark", ("3", "z")),
    "orders_zoomed": (PLAIN, (80, 24), "dark", ("6", "z")),
    "alerts_zoomed": (PLAIN, (80, 24), "dark", ("7", "z")),
    "health_zoomed": (PLAIN, (80, 24), "dark", ("8", "z")),
    "trades_zoomed": (PLAIN, (80, 24), "dark", ("2",)),
    "positions_zoomed": (PLAIN, (80, 24), "dark", ("4", "z")),
    "strategies_zoomed": (PLAIN, (80, 24), "dark", ("5", "z")),
    "log_zoomed": (TALKING, (80, 24), "dark", ("9", "z")),
    "warming": (WARMING, (80, 24), "dark", ("5",)),
    "reducing": (REDUCING, (80, 24), "dark", ()),
    "unknown_order": (UNKNOWN, WIDE, "dark", ("6",)),
    "limits": (PLAIN, WIDE, "dark", ("r",)),
    "pick_instrument": (PLAIN, (80, 24), "dark", ("i",)),
    "leave": (PLAIN, (80, 24), "dark", ("q",)),
    "halted_live": (halted_snapshot(), (80, 24), "dark", ()),
    "starting": (starting_snapshot(), WIDE, "dark", ()),
    "before_the_first_snapshot": (None, (80, 24), "dark", ()),
    "too_small": (sample_snapshot(), (40, 10), "dark", ()),
    "help": (sample_snapshot(), (80, 50), "dark", ("question_mark",)),
    "palette": (sample_snapshot(), (80, 24), "dark", ("colon",)),
    "override": (sample_snapshot(), (80, 24), "dark", ("r", "O", "0", ".", "1")),
    "confirm": (sample_snapshot(), (80, 24), "dark", ("5", "j", "j", "p")),
    "typed": (replace(sample_snapshot(), trading_state="REDUCING"), (80, 24), "dark", ("R",)),
    "typed_mono": (replace(sample_snapshot(), trading_state="REDUCING"), (80, 24), "mono", ("R",)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_is_the_one_that_was_kept(name: str, snap_compare: SnapCompare) -> None:
    snapshot, size, theme, press = PICTURES[name]
    source = FrozenSource([] if snapshot is None else [snapshot])
    app = Pictured(source, theme=theme, clock=False, now_s=lambda: 0.0)
    assert snap_compare(app, terminal_size=size, press=press)


@pytest.mark.parametrize("size", [(80, 24), WIDE], ids=["80x24", "120x40"])
def test_the_picture_of_the_past_is_the_one_that_was_kept(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    app = Pictured(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())
    assert snap_compare(app, terminal_size=size, press=("t", "left_curly_bracket", "left_curly_bracket", "space"))


def test_the_picture_of_why_is_the_one_that_was_kept(snap_compare: SnapCompare) -> None:
    app = Pictured(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())
    assert snap_compare(app, terminal_size=WIDE, press=("6", "w", "j", "j"))


def test_the_picture_of_a_branch_is_the_one_that_was_kept(snap_compare: SnapCompare) -> None:
    app = Pictured(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())
    assert snap_compare(app, terminal_size=WIDE, press=("B", "enter"))


@pytest.mark.parametrize("size", [(80, 24), WIDE], ids=["80x24", "120x40"])
def test_the_picture_of_the_wiring_is_the_one_that_was_kept(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    app = Pictured(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())

    async def flowing(pilot: Pilot[int]) -> None:
        await pilot.press("W")
        for _ in range(2):  # asked what flows, and told
            app.frame()
            await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=flowing, press=("tab", "tab"))


def test_the_picture_of_a_silent_engine_is_the_one_that_was_kept(snap_compare: SnapCompare) -> None:
    app = Pictured(FrozenSource([PLAIN], age_s=7.0), clock=False, now_s=lambda: 0.0)
    assert snap_compare(app, terminal_size=(80, 24))


def test_the_picture_in_ascii_is_the_one_that_was_kept(snap_compare: SnapCompare) -> None:
    app = Pictured(FrozenSource([PLAIN]), is_ascii=True, clock=False, now_s=lambda: 0.0)
    assert snap_compare(app, terminal_size=(80, 24))


@pytest.mark.parametrize("verdict", ["APPROVED", "RESIZED", "REFUSED"])
def test_the_picture_of_a_ticket_is_the_one_that_was_kept(verdict: Verdict, snap_compare: SnapCompare) -> None:
    app = Pictured(source(verdict), clock=False, now_s=lambda: 0.0)

    async def judged(pilot: Pilot[int]) -> None:
        await pilot.press("o", "0", ".", "5")
        app.frame()
        await pilot.pause()

    assert snap_compare(app, terminal_size=(80, 24), run_before=judged)
