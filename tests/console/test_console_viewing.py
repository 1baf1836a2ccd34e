"""The keys that look: panes in tabs, lists in panes, cursors that stay where they are, scales, and what changed."""

import re

from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import NOW_NS, SECOND, sample_snapshot, usd
from textual.events import MouseScrollDown

from catui.console.render.line import Line
from catui.domain import events
from catui.snapshot import LogView, Snapshot

DESK = sample_snapshot()


def placed(driver: Driver) -> set[str]:
    return set(driver.app.desk.placed())


def rows_of(driver: Driver, pane: str) -> list[str]:
    return [line.text for line in driver.app.desk.panes[pane].lines]


def pointed(driver: Driver, pane: str) -> list[str]:
    return [row for row in rows_of(driver, pane) if row[1] == ">"]


def styles_of(line: Line) -> set[object]:
    return {segment.style for segment in line}


def test_a_number_brings_a_pane_forward_in_the_box_that_it_shares() -> None:
    async def act(driver: Driver) -> None:
        assert {"orders", "alerts", "health"} & placed(driver) == {"orders"}
        await driver.press("8")
        assert {"orders", "alerts", "health"} & placed(driver) == {"health"}
        assert driver.app.desk.focused_pane == "health"
        assert any("6 Orders 4?" in row and "7 Alerts 1!" in row and "8 Health" in row for row in driver.screen())
        await driver.press("6")
        assert {"orders", "alerts", "health"} & placed(driver) == {"orders"}

    drive(act, size=(80, 24))


def test_leaving_zoom_brings_the_pane_forward_that_was_zoomed() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("z", "8")
        assert placed(driver) == {"header", "health", "footer"}
        await driver.press("escape")
        assert "health" in placed(driver)
        assert driver.app.desk.focused_pane == "health"

    drive(act, size=(80, 24))


def test_left_and_right_turn_to_the_lists_of_a_pane() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6")
        assert any("UNKNOWN ?" in row for row in rows_of(driver, "orders"))
        await driver.press("l")
        assert any("14:02:26.120" in row and "-1.20" in row for row in rows_of(driver, "orders"))
        await driver.press("right")
        assert any("P18 MAX_POSITION" in row and "12" in row for row in rows_of(driver, "orders"))
        await driver.press("x")
        assert driver.sent == []  # a refusal is no order
        await driver.press("l")
        assert any("UNKNOWN ?" in row for row in rows_of(driver, "orders"))
        await driver.press("left", "h", "l", "l", "x")
        assert driver.sent == [events.CancelOrder("c7-000119")]

    drive(act, size=(160, 50))


def test_the_scale_of_the_chart_is_asked_of_the_engine() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("3", "minus", "minus", "plus", "plus", "plus", "plus", "plus")

    views = drive(act).views
    scales = [view.scale_s for view in views]
    assert [scale for n, scale in enumerate(scales) if n == 0 or scale != scales[n - 1]] == [
        1,  # before there is anything to draw
        60, 15, 5, 15, 60, 300,
    ]  # fmt: skip


def test_the_chart_opens_at_the_second_and_grows_until_a_person_chooses() -> None:
    def after(seconds: int) -> Snapshot:
        return replace(DESK, equity=(replace(DESK.equity[0], ts_ns=DESK.now_ns - seconds * SECOND),))

    async def act(driver: Driver) -> None:
        for seconds in (5, 60, 600, 6_000):
            await driver.show(after(seconds))
        await driver.press("3", "minus")
        for seconds in (60, 60_000):
            await driver.show(after(seconds))

    scales = [view.scale_s for view in drive(act, snapshot=after(1)).views]
    assert [scale for n, scale in enumerate(scales) if n == 0 or scale != scales[n - 1]] == [1, 5, 60, 15]


def test_the_chart_turns_to_candles_and_back() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("3")
        line = rows_of(driver, "chart")
        await driver.press("C")
        assert "candles 1m" in rows_of(driver, "chart")[0]
        assert rows_of(driver, "chart") != line
        await driver.press("C")
        assert rows_of(driver, "chart") == line

    drive(act)


def test_the_cursor_on_the_chart_reads_the_past_and_stays_in_its_time() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("3", "h", "h", "left", "l")
        assert "14:01:00Z" in rows_of(driver, "chart")[-2]
        later = replace(DESK, now_ns=NOW_NS + 60 * SECOND)
        await driver.show(later)
        assert "14:01:00Z" in rows_of(driver, "chart")[-2]
        await driver.press("c")
        assert "14:04:00Z" in rows_of(driver, "chart")[-2]

    drive(act, size=(200, 60))


def test_profit_and_loss_has_a_key_and_by_room_a_table_of_causes() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("dollar_sign")
        assert driver.app.desk.focused_pane == "pnl"
        assert not any("by strategy" in row for row in rows_of(driver, "pnl"))
        await driver.press("z")
        assert any("by strategy" in row for row in rows_of(driver, "pnl"))

    drive(act)


def test_the_cursor_in_the_book_cancels_our_order_at_its_price_and_nothing_elsewhere() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("x")
        assert driver.sent == []
        await driver.press("j", "x")
        assert driver.sent == []
        assert "nothing here" in driver.footer()
        await driver.press("j", "j", "x")
        assert driver.sent == [events.CancelOrder("c7-000131")]
        assert driver.app.desk.context().price_ticks == 601_225
        await driver.press("c")
        assert driver.app.desk.context().price_ticks is None
        assert pointed(driver, "book") == []

    drive(act)


def test_a_row_that_is_gone_is_pointed_at_no_more_and_nor_is_the_next_one() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "j")
        assert driver.app.desk.context().row == "c7-000131"
        left = tuple(order for order in DESK.orders if order.id != "c7-000131")
        await driver.show(replace(DESK, orders=left))
        assert pointed(driver, "orders") == []
        await driver.press("x")
        assert driver.sent == []
        assert "nothing here for: cancel this order; up or down picks a row" in driver.footer()
        await driver.press("j", "x")
        assert len(driver.sent) == 1

    drive(act)


def test_a_cursor_stays_on_its_row_and_the_row_on_its_line_when_others_come() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("2", "j", "j", "j")
        [row] = pointed(driver, "trades")
        y = rows_of(driver, "trades").index(row)
        new = tuple(replace(DESK.trades[0], ts_ns=NOW_NS + n) for n in range(5, 0, -1))
        await driver.show(replace(DESK, trades=new + DESK.trades))
        assert pointed(driver, "trades") == [row]
        assert rows_of(driver, "trades").index(row) == y
        await driver.press("g")
        newest = replace(DESK.trades[0], ts_ns=NOW_NS + SECOND)
        await driver.show(replace(DESK, trades=(newest, *new, *DESK.trades)))
        assert "14:03:08.120" in pointed(driver, "trades")[0]  # at the top it follows the tape

    drive(act)


def better(name: str, money: float) -> Snapshot:
    rows = tuple(replace(row, pnl_money=usd(money)) if row.name == name else row for row in DESK.strategies)
    return replace(DESK, strategies=rows)


def test_a_sorted_list_keeps_its_order_while_the_cursor_is_in_it() -> None:
    def order(driver: Driver) -> list[str]:
        names = ("momentum", "reversion", "imbalance", "quoting")
        return [name for row in rows_of(driver, "strategies") for name in names if name in row[:12]]

    async def act(driver: Driver) -> None:
        await driver.press("5", "s", "s", "s", "S")
        assert order(driver) == ["momentum", "quoting", "reversion", "imbalance"]
        await driver.show(better("imbalance", 5_000.0))
        assert order(driver) == ["momentum", "quoting", "reversion", "imbalance"]
        await driver.press("4")
        assert order(driver) == ["imbalance", "momentum", "quoting", "reversion"]
        await driver.press("5", "S")
        assert order(driver) == ["reversion", "quoting", "momentum", "imbalance"]

    drive(act)


def test_what_changed_is_marked_for_one_frame_and_only_that() -> None:
    async def act(driver: Driver) -> None:
        widget = driver.app.desk.panes["strategies"]
        quiet = list(widget.lines)
        await driver.show(better("quoting", 241.0))
        marked = [y for y, line in enumerate(widget.lines) if line != quiet[y]]
        [y] = marked
        ground = driver.app.palette.changed.bgcolor
        changed = [part for part in widget.lines[y] if part.style and part.style.bgcolor == ground]
        assert [part.text.strip() for part in changed] == ["+241.00"]
        await driver.draw()
        assert widget.lines[y].text == "".join(part.text for part in widget.lines[y])
        assert not [part for part in widget.lines[y] if part.style and part.style.bgcolor == ground]

    drive(act)


def test_a_quantity_that_changed_is_marked_in_the_ladder_and_its_neighbours_are_not() -> None:
    async def act(driver: Driver) -> None:
        first, second, *rest = DESK.book.bids
        book = replace(DESK.book, bids=(first, replace(second, lots=second.lots + 1), *rest))
        await driver.show(replace(DESK, book=book))
        ground = driver.app.palette.changed.bgcolor
        lines = driver.app.desk.panes["book"].lines
        marked = [
            (y, part.text.strip())
            for y, line in enumerate(lines)
            for part in line
            if part.style and part.style.bgcolor == ground
        ]
        assert len({y for y, _ in marked}) == 1
        assert "".join(text for _, text in marked) == "4.318"

    drive(act)


def test_the_wheel_scrolls_and_a_click_places_the_cursor_without_a_command() -> None:
    async def act(driver: Driver) -> None:
        top = rows_of(driver, "trades")[2]
        await driver.pilot._post_mouse_events([MouseScrollDown], "#pane-trades")
        assert rows_of(driver, "trades")[2] != top
        await driver.pilot.click("#pane-book", offset=(20, 4))
        assert driver.app.desk.focused_pane == "book"
        assert driver.app.desk.context().price_ticks is not None
        assert driver.sent == []

    drive(act)


def lines(first: int, last: int) -> tuple[LogView, ...]:
    return tuple(LogView(n, NOW_NS, "info", "engine", f"line {n}") for n in range(first, last + 1))


def test_every_line_of_the_engine_is_asked_for_once_and_kept() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("9")
        await driver.show(replace(DESK, log=lines(1, 5)))
        assert driver.source.views[-1].log_after == 5
        await driver.show(replace(DESK, log=lines(1, 5)))
        await driver.show(replace(DESK, log=lines(6, 9)))
        assert driver.source.views[-1].log_after == 9
        assert re.findall(r"line (\d+)", "".join(rows_of(driver, "log"))) == [str(n) for n in range(1, 10)]

    drive(act, size=(80, 50))


def test_the_log_follows_until_the_cursor_goes_up_and_again_at_its_end() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("9", "z")
        await driver.show(replace(DESK, log=lines(1, 60)))
        assert "line 60" in pointed(driver, "log")[0]
        await driver.press("k", "k")
        assert "held, G follows" in rows_of(driver, "log")[0]
        y = [row[1] for row in rows_of(driver, "log")].index(">")
        await driver.show(replace(DESK, log=lines(61, 70)))
        assert "line 58" in pointed(driver, "log")[0]
        assert [row[1] for row in rows_of(driver, "log")].index(">") == y
        await driver.press("G")
        await driver.show(replace(DESK, log=lines(71, 75)))
        assert "line 75" in pointed(driver, "log")[0]

    drive(act, size=(80, 24))


def test_what_the_console_said_stands_in_the_log_too() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("9", "T")
        assert any("console" in row and "theme" in row for row in rows_of(driver, "log"))

    drive(act, size=(80, 50))


def test_a_list_that_follows_the_newest_row_follows_the_newest_match_and_then_the_newest_again() -> None:
    lines = tuple(LogView(n, NOW_NS, "info", "fill", f"line {n} {'odd' if n % 2 else 'even'}") for n in range(1, 9))

    async def act(driver: Driver) -> None:
        await driver.show(replace(DESK, log=lines))
        await driver.press("9", "z")
        await driver.press("slash", *"odd", "enter")
        assert "line 7 odd" in pointed(driver, "log")[0]
        more = LogView(9, NOW_NS, "info", "fill", "line 9 odd")
        await driver.show(replace(DESK, log=(more,)))
        assert "line 9 odd" in pointed(driver, "log")[0]
        await driver.show(replace(DESK, log=(LogView(10, NOW_NS, "info", "fill", "line 10 even"),)))
        await driver.press("slash", "ctrl+u", "enter")
        assert "line 10 even" in pointed(driver, "log")[0]

    drive(act)
