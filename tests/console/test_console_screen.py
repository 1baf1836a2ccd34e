"""What is on the screen: the newest snapshot, what became of commands, and the truth about an engine that is silent."""

import asyncio
import gc
from io import StringIO
from typing import Any

import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import sample_snapshot, starting_snapshot
from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.drivers._writer_thread import WriterThread
from textual.events import Paste
from textual.geometry import Region
from textual.widgets import Input

from catui.console.app import CatuiApp
from catui.console.panes import PANES
from catui.console.render.line import Line
from catui.console.source import FrozenSource
from catui.console.widgets import pane
from catui.domain import events
from catui.errors import ConfigError
from catui.snapshot import LogView, Snapshot, View


def visible(driver: Driver) -> dict[str, list[Line]]:
    return {name: driver.app.desk.panes[name].lines for name in driver.app.desk.placed()}


def test_every_pane_is_drawn_at_its_place_in_lines_of_its_size() -> None:
    async def act(driver: Driver) -> None:
        rows = driver.screen()
        for name, region in driver.app.desk.placed().items():
            lines = driver.app.desk.panes[name].lines
            assert [line.cell_length for line in lines] == [region.width] * region.height, name
            shown = [row[region.x : region.right] for row in rows[region.y : region.bottom]]
            assert shown == [line.text for line in lines], name

    for size in ((80, 24), (120, 40), (200, 60), (60, 15), (30, 5), (3, 2)):
        drive(act, size=size)


def test_what_is_on_the_screen_after_many_snapshots_is_what_a_full_repaint_shows() -> None:
    desk = sample_snapshot()
    later = replace(desk, seq=9, pnl_money=-5, strategies=desk.strategies[:2], orders=(), trades=desk.trades[3:])

    async def act(driver: Driver) -> None:
        for snapshot in (later, desk, starting_snapshot(), later):
            await driver.show(snapshot)
        changed = driver.screen()
        await driver.press("ctrl+l")
        assert driver.screen() == changed

    drive(act, desk)


def test_only_changed_lines_are_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sample_snapshot()
    asked: list[tuple[str, tuple[Region, ...]]] = []

    async def act(driver: Driver) -> None:
        before = {name: list(lines) for name, lines in visible(driver).items()}
        monkeypatch.setattr(
            pane.PaneWidget, "refresh", lambda self, *regions, **_: asked.append((self.pane.name, regions))
        )
        driver.source.show(replace(desk, seq=desk.seq + 1, pnl_money=desk.pnl_money + 10_000))
        driver.app.frame()
        for name, lines in visible(driver).items():
            differ = [y for y, line in enumerate(lines) if line != before[name][y]]
            painted = [region.y for each, regions in asked if each == name for region in regions]
            assert painted == differ, name
            assert all(line is before[name][y] for y, line in enumerate(lines) if y not in differ), name
        assert sorted(name for name, _ in asked) == ["header", "pnl"]
        asked.clear()
        driver.app.frame()
        assert asked == []
        monkeypatch.undo()

    drive(act, desk)


def test_painting_makes_no_cyclic_garbage() -> None:
    desk = sample_snapshot()
    frames = [
        replace(desk, seq=n, pnl_money=desk.pnl_money + 10_000 * n, trades=desk.trades[n % 7 :]) for n in range(1, 61)
    ]

    def paint(driver: Driver, snapshots: list[Snapshot]) -> None:
        for snapshot in snapshots:
            driver.source.show(snapshot)
            driver.app.frame()
            screen = driver.app.screen
            screen._compositor.update_widgets({driver.app.desk.panes[name] for name in driver.app.desk.placed()})
            update: Any = screen._compositor.render_update(full=False)
            update.render_segments(driver.app.console)

    async def act(driver: Driver) -> None:
        assert len(driver.app.desk.placed()) >= 9  # a test of garbage on an empty screen proves nothing
        paint(driver, frames[:10])
        gc.collect()
        gc.freeze()  # what is there already is not looked at again
        gc.disable()
        try:
            left = []
            for start in range(10, 60, 10):
                paint(driver, frames[start : start + 10])
                left.append(gc.collect())
        finally:
            gc.enable()
            gc.unfreeze()
        assert sorted(left)[:-1] == [0, 0, 0, 0]  # into one of them another thread may have put its own

    drive(act, desk)


def test_zoom_gives_one_pane_the_body_and_escape_brings_all_back() -> None:
    async def act(driver: Driver) -> None:
        whole = driver.screen()
        await driver.press("5", "z")
        assert set(driver.app.desk.placed()) == {"header", "strategies", "footer"}
        await driver.press("4")
        assert set(driver.app.desk.placed()) == {"header", "positions", "footer"}
        await driver.press("escape", "1")
        assert driver.screen() == whole

    drive(act)


def test_a_pane_without_a_place_is_zoomed_by_its_key() -> None:
    async def act(driver: Driver) -> None:
        assert "limits" not in driver.app.desk.placed()
        await driver.press("r")
        assert set(driver.app.desk.placed()) == {"header", "limits", "footer"}
        await driver.press("escape")
        assert driver.app.desk.focused_pane == "book"
        await driver.press("r")
        assert driver.app.desk.focused_pane == "limits"

    drive(act)


def test_tab_goes_through_the_visible_panes_by_number_and_back() -> None:
    async def act(driver: Driver) -> None:
        seen = []
        for _ in range(8):
            seen.append(driver.app.desk.focused_pane)
            await driver.press("tab")
        assert seen == ["book", "trades", "chart", "positions", "strategies", "orders", "alerts", "pnl"]
        await driver.press("shift+tab")
        assert driver.app.desk.focused_pane == "pnl"

    drive(act)


def test_focus_and_cursor_survive_a_resize() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5", "j")
        await driver.pilot.resize_terminal(200, 60)
        await driver.pilot.resize_terminal(40, 8)
        await driver.pilot.resize_terminal(80, 24)
        await driver.press("p")
        assert driver.app.desk.focused_pane == "strategies"
        assert driver.sent == [events.PauseStrategy("reversion")]

    drive(act)


def test_the_engine_is_asked_for_the_instrument_and_the_depth_that_are_seen() -> None:
    async def act(driver: Driver) -> None:
        await driver.press(
            "right_square_bracket", "right_square_bracket", "right_square_bracket", "left_square_bracket"
        )
        await driver.press("i")
        await driver.write("eth")
        await driver.press("enter")

    views = drive(act, size=(200, 90)).views
    names = [view.instrument for view in views if view.instrument]
    assert names == [
        "binance:ETHUSDT",
        "kraken:SOLUSD",
        "binance:BTCUSDT",
        "kraken:SOLUSD",
        "binance:ETHUSDT",
    ]
    assert views[-1].depth > View().depth


def test_the_view_is_said_again_once_the_engine_listens() -> None:
    class Slow(FrozenSource):
        """Hears nothing until it has started."""

        async def start(self) -> None:
            self.ready = asyncio.Event()
            await self.ready.wait()
            self.views.clear()

    source = Slow([sample_snapshot()])

    async def act(driver: Driver) -> None:
        assert [view.scale_s for view in source.views] == [1, 60]  # before anything was drawn, and behind it
        source.ready.set()
        await driver.pilot.pause()
        assert source.views == [View("", 40, 50, 60, 96)]

    drive(act, source=source)


def test_under_a_dialog_only_what_changes_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    render = Compositor.render_update

    def counted(compositor: Compositor, **how: Any) -> object:
        painted.append(sum(region.area for region in compositor._dirty_regions))
        return render(compositor, **how)

    monkeypatch.setattr(Compositor, "render_update", counted)
    desk = sample_snapshot()

    async def act(driver: Driver) -> None:
        for keys in ((), ("question_mark",), ("escape", "o", "enter")):
            await driver.press(*keys)
            painted.clear()
            for pnl in (1, 2, 3):
                await driver.show(replace(desk, pnl_money=pnl * 10**desk.money_digits))
            assert painted
            assert max(painted) < 120 * 40 / 2, keys
            assert "P&L +3.00" in driver.screen()[0]  # and nothing that changes is left out

    drive(act, desk)


def test_a_terminal_that_is_behind_is_given_no_more_frames_and_then_the_newest() -> None:
    desk = sample_snapshot()

    async def act(driver: Driver) -> None:
        slow = WriterThread(StringIO())  # not started: it takes nothing
        driver.app._driver._writer_thread = slow  # type: ignore[union-attr]  # what the driver of a real terminal has
        slow.write("a frame on its way")
        said = LogView(1, desk.now_ns, "info", "fill", "filled meanwhile")
        for pnl in (1, 2):
            await driver.show(replace(desk, pnl_money=pnl * 10**desk.money_digits, log=(said,)))
        assert "P&L +1,204.51" in driver.screen()[0]
        assert driver.app.log_lines.lines()[-1].text == "filled meanwhile"  # it is read all the same
        slow._queue.get()
        async with asyncio.timeout(10):
            while "P&L +2.00" not in driver.screen()[0]:  # by itself, without the clock
                await driver.pilot.pause(0.01)

    drive(act, desk)


def test_price_steps_grow_and_shrink_and_the_book_can_be_centred() -> None:
    async def act(driver: Driver) -> None:
        book = driver.app.desk.panes["book"]
        shown = book.view.auto_ticks
        assert shown == 5  # what its depth suggests: the first step is from there
        await driver.press("plus")
        assert book.view.group_ticks == 10
        assert any("×1.00" in row for row in driver.screen())
        await driver.press("minus", "minus", "minus")
        assert book.view.group_ticks == 1
        await driver.press("minus")
        assert book.view.group_ticks == 0
        await driver.press("c")
        assert book.view.centre_ticks is not None

    drive(act)


def test_a_command_is_sent_then_answered_and_the_way_back_is_named() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5", "p")
        assert "sent: pause momentum .." in driver.footer()
        driver.clock.now_s += 1.9
        await driver.draw()
        assert "NO ANSWER" not in driver.footer()
        driver.clock.now_s += 0.2
        await driver.draw()
        assert "NO ANSWER for 2s: pause momentum" in driver.footer()
        driver.source.answer(True, "")
        await driver.draw()
        assert "ok: pause momentum; p: let a paused strategy" in driver.footer()
        driver.clock.now_s += 6.1
        await driver.draw()
        assert "ok:" not in driver.footer()
        assert len(driver.sent) == 1  # never sent again by itself

    drive(act, size=(160, 40))


def test_a_refusal_stands_in_the_footer_with_its_reason() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "x")
        driver.source.answer(False, "order is \x1b[31mfilled")
        await driver.draw()
        assert "REFUSED: cancel SELL" in driver.footer()
        assert "\\x1b[31mfilled" in driver.footer()
        assert "\x1b" not in "".join(driver.screen())

    drive(act, size=(200, 60))


def test_a_command_that_cannot_be_sent_says_so() -> None:
    class Broken(FrozenSource):
        async def send(self, *_: object, **__: object) -> str:
            raise BrokenPipeError("the engine hung up")

    async def act(driver: Driver) -> None:
        await driver.press("f9")
        assert "NOT SENT" in driver.footer()

    drive(act, source=Broken([sample_snapshot()]))


def test_a_silent_engine_is_said_after_a_second_and_not_believed_after_three() -> None:
    async def act(driver: Driver) -> None:
        def header() -> str:
            return "".join(driver.screen()[:2])

        book = driver.app.desk.panes["book"]
        lively = list(book.lines)
        driver.source.age = 0.9
        await driver.draw()
        assert "engine" not in header()
        driver.source.age = 1.2
        await driver.draw()
        assert "engine 1s ago" in header()
        assert book.lines == lively
        driver.source.age = 7.0
        await driver.draw()
        assert "ENGINE SILENT 7s, it may be trading; F9 leaves a kill file" in header()
        assert book.lines != lively  # dimmed
        assert [line.text for line in book.lines] == [line.text for line in lively]
        driver.source.age = 0.0
        await driver.draw()
        assert book.lines == lively

    drive(act)


@pytest.mark.parametrize(("ended", "is_whole"), [("the operator halted it", True), ("", False)])
def test_what_a_run_showed_last_is_bright_where_it_said_so_itself_however_it_ended(ended: str, is_whole: bool) -> None:
    class Ended(FrozenSource):
        is_over = False

        def ended(self) -> int | None:
            return 3 if self.is_over else None

    source = Ended([sample_snapshot()])

    async def act(driver: Driver) -> None:
        book = driver.app.desk.panes["book"]
        lively = list(book.lines)
        source.is_over = True
        await driver.show(replace(sample_snapshot(), ended=ended))
        assert (book.lines == lively) == is_whole

    drive(act, source=source)


def test_what_a_closed_screen_had_drawn_is_forgotten() -> None:
    async def act(driver: Driver) -> None:
        def kept() -> int:
            gc.collect()
            return sum(isinstance(each, StylesCache) for each in gc.get_objects())

        await driver.press("question_mark", "escape", "colon", "escape")
        before = kept()
        await driver.press(*["question_mark", "escape", "colon", "escape"] * 3)
        assert kept() == before

    drive(act)


def test_before_the_first_snapshot_every_pane_says_that_it_waits() -> None:
    source = FrozenSource([])
    source.words = "starting: handshake"

    async def act(driver: Driver) -> None:
        rows = driver.screen()
        assert "starting: handshake" in rows[0]
        assert sum("waiting for the engine" in row for row in rows) >= 4
        assert "F9 KILL" in rows[-1]
        await driver.press(*"123456789", "j", "x", "p", "s", "plus", "question_mark", "escape", "i", "escape")
        assert driver.sent == []
        await driver.show(sample_snapshot())
        assert "PAPER" in driver.screen()[0]

    drive(act, source=source)


def test_an_engine_that_does_not_start_is_said_on_the_screen() -> None:
    class Missing(FrozenSource):
        async def start(self) -> None:
            raise OSError("no such venue \x9b2J")

    async def act(driver: Driver) -> None:
        assert "engine did not start: OSError: no such venue \\x9b2J" in driver.screen()[0]

    drive(act, source=Missing([]))


def test_a_pane_that_fails_leaves_the_others_and_after_three_times_is_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def broken(*_: object) -> list[Line]:
        calls.append(1)
        raise ZeroDivisionError("[/b] \x1b in the data")

    async def act(driver: Driver) -> None:
        widget = driver.app.desk.panes["strategies"]
        widget.pane = replace(widget.pane, render=broken)
        for seq in range(5):
            await driver.show(replace(sample_snapshot(), seq=seq))
        text = "\n".join(driver.screen())
        assert len(calls) == 3
        assert "ERROR, see log" in text
        assert "left off" in text
        assert "4 Positions" in text
        assert f"seq {4:,}" in text  # the header goes on
        widget.pane = PANES["strategies"]
        await driver.press("ctrl+l")
        assert "ERROR" not in "\n".join(driver.screen())

    monkeypatch.setattr(pane.log, "exception", lambda *_: None)
    drive(act, size=(200, 60))


def test_every_theme_dresses_panes_and_dialogs_and_the_circle_closes() -> None:
    async def act(driver: Driver) -> None:
        first = {name: list(lines) for name, lines in visible(driver).items()}
        texts = [line.text for lines in first.values() for line in lines[:-1]]
        worn = []
        while "catui-dark" not in worn:
            await driver.press("T", "question_mark", "escape")
            worn.append(driver.app.theme)
            driver.clock.now_s += 10
            await driver.draw()
            assert [line.text for lines in visible(driver).values() for line in lines[:-1]] == texts, worn[-1]
            assert (visible(driver) == first) == (worn[-1] == "catui-dark"), worn[-1]
        assert len(worn) == len(set(worn)) == 6

    drive(act)


def test_an_unknown_theme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"console\.theme = 'drak': is no theme; known are .*dark"):
        CatuiApp(FrozenSource([]), theme="drak")


def test_what_a_terminal_could_obey_cannot_be_pasted_into_a_field() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("R")
        for text in ("a\x1b[31mb", "a\u202eb", "a\x9b2J", "x" * 500):
            driver.app.post_message(Paste(text))
            await driver.pilot.pause()
        await driver.write("Grüße, 東京")
        assert any("Grüße, 東京" in row for row in driver.screen())
        field = driver.app.focused
        assert isinstance(field, Input)
        assert field.value == "Grüße, 東京"

    drive(act, replace(sample_snapshot(), trading_state="REDUCING"))


def test_leaving_asks_while_something_is_at_stake_and_ends_the_run_once() -> None:
    async def with_orders(driver: Driver) -> None:
        await driver.press("q")
        text = "\n".join(driver.screen())
        assert "4 orders work" in text
        assert "2 positions are open" in text
        await driver.press("enter")
        assert driver.source.closes == 0
        await driver.press("q", "y")
        assert driver.app.return_code == 0

    async def with_nothing(driver: Driver) -> None:
        await driver.press("ctrl+q")
        assert driver.app.return_code == 0

    async def when_halted_by_risk(driver: Driver) -> None:
        driver.source.exit_code = 3
        await driver.press("q")
        assert driver.app.return_code == 3

    assert drive(with_orders).closes == 1
    assert drive(with_nothing, starting_snapshot()).closes == 1
    assert drive(when_halted_by_risk).closes == 1
    assert drive(with_nothing, source=FrozenSource([])).closes == 1


def test_an_engine_that_died_is_said_and_dims_the_screen() -> None:
    async def act(driver: Driver) -> None:
        driver.source.exit_code, driver.source.words = 1, "engine died with exit code 1: MemoryError"
        await driver.draw()
        assert "engine died with exit code 1" in "".join(driver.screen()[:2])

    drive(act, size=(160, 50))


def test_hostile_text_reaches_no_cell() -> None:
    evil = "[@click=app.quit]x[/] [/] \x1b]0;t\x07 \x9b2J \u202e \U0001f468\u200d\U0001f469 e" + "\u0301" * 50
    desk = sample_snapshot()
    hostile = replace(
        desk,
        trading_reason=evil,
        source=evil,
        strategies=tuple(replace(row, name=evil, reason=evil, state="PAUSE") for row in desk.strategies),
        orders=tuple(replace(row, note=evil, owner=evil, id=evil) for row in desk.orders),
        alerts=tuple(replace(row, text=evil, id=evil) for row in desk.alerts),
        feeds=tuple(replace(row, name=evil, detail=evil) for row in desk.feeds),
        limits=tuple(replace(row, check=evil, scope=evil, code=evil) for row in desk.limits),
        instruments=tuple(replace(row, symbol=evil, venue=evil) for row in desk.instruments),
        refusals=tuple(replace(row, check=evil, last_text=evil) for row in desk.refusals),
    )

    async def act(driver: Driver) -> None:
        for keys in (
            (),
            ("5", "p"),
            ("escape", "6", "x"),
            ("i",),
            ("escape", "r", "O"),
            ("escape", "q"),
            ("escape", "R"),
        ):
            await driver.press(*keys)
            assert not [
                c for row in driver.screen() for c in row if c < " " or "\x7f" <= c <= "\x9f" or c in "\u202e\u200d"
            ]
        assert driver.app.is_running

    drive(act, hostile, size=(200, 60))
    drive(act, hostile, size=(80, 24))
