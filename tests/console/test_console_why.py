"""Why on the screen: what each pane asks, how the tree is walked, and where it leads."""

import pytest
from desk_driver import SIZE, Act, Driver, drive
from frozen_past import EVENTS, LIVE, TREE, FrozenPast
from msgspec.structs import replace

from catui.console.look.layout import header_rows
from catui.console.panes import PANES
from catui.console.render.text import Cell, cells
from catui.console.render.tree import branches, lines_of, wrapped
from catui.console.screens.desk import DeskScreen
from catui.console.screens.why import WhyScreen
from catui.runtime.past.messages import Explain, Explained, Refused, ToSeq
from catui.why import Node, Subject

FILL = LIVE.fills[0]
FILL_ID = f"{FILL.order_id} {FILL.ts_ns} {FILL.price_ticks} {FILL.lots}"
ASKED = {
    "positions": ("4",),
    "strategies": ("5",),
    "orders": ("6",),
    "alerts": ("7",),
}


def asking(act: Act, past: FrozenPast | None = None, size: tuple[int, int] = SIZE) -> FrozenPast:
    """A console on a live desk whose past answers."""
    given = past or FrozenPast()
    drive(act, open_past=lambda _: given, size=size)
    return given


def subjects(past: FrozenPast) -> list[tuple[Subject, int]]:
    """What was asked about, and as of which event."""
    return [(each.subject, each.seq) for each in past.asked if isinstance(each, Explain)]


def test_w_asks_about_the_row_under_the_cursor_as_of_the_picture() -> None:
    async def act(driver: Driver) -> None:
        for keys in (("6",), ("6", "right"), ("right",), ("4",), ("5",), ("7",)):
            await driver.press(*keys, "w")
            assert driver.top() is WhyScreen, keys
            await driver.press("escape")
            assert driver.top() is DeskScreen
        assert driver.sent == []

    asked = subjects(asking(act))
    assert [subject for subject, _ in asked] == [
        Subject("order", sorted(LIVE.orders, key=lambda row: row.status != "UNKNOWN")[0].id),
        Subject("fill", FILL_ID),
        Subject("refusal", LIVE.refusals[0].check),
        Subject("position", LIVE.positions[0].instrument),
        Subject("target", LIVE.shown),
        Subject("alert", LIVE.alerts[0].id),
    ]
    assert {seq for _, seq in asked} == {LIVE.seq}


@pytest.mark.parametrize("pane", [pane.name for pane in PANES.values() if pane.number])
def test_w_asks_or_says_that_there_is_nothing_to_ask_about(pane: str) -> None:
    async def act(driver: Driver) -> None:
        driver.app.desk.go_to(pane)
        await driver.draw()
        await driver.press("w")
        is_asked = driver.top() is WhyScreen
        assert is_asked or "point at an order, a fill" in driver.footer()
        assert is_asked == (len([each for each in past.asked if isinstance(each, Explain)]) == 1)

    past = FrozenPast()
    asking(act, past)


def test_an_order_of_ours_in_the_book_is_asked_about_by_its_price() -> None:
    own = next(order for order in LIVE.orders if order.instrument == LIVE.shown)

    async def act(driver: Driver) -> None:
        widget = driver.app.desk.panes["book"]
        widget.view = replace(widget.view, cursor_ticks=own.price_ticks)
        await driver.press("1", "w")
        assert driver.top() is WhyScreen

    [(subject, _)] = subjects(asking(act))
    assert subject == Subject("order", own.id)


def test_a_double_click_on_a_row_asks_as_w_does() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("4")
        region = driver.app.desk.placed()["positions"]
        await driver.pilot.click(offset=(region.x + 4, region.y + 3), times=2)
        await driver.pilot.pause()
        assert driver.top() is WhyScreen

    [(subject, _)] = subjects(asking(act))
    assert subject == Subject("position", LIVE.positions[1].instrument)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_whole_tree_can_be_read_line_by_line(size: tuple[int, int]) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "w")
        rows = driver.screen()
        text = "\n".join(rows)
        head = header_rows(*size)
        assert "Why" in rows[head]
        assert f"of seq {LIVE.seq:,}" in rows[head]
        assert "│order 0052 BUY 0.180 BTCUSDT" in text.replace("┃", "│")
        assert "├─verdict RESIZED 0.479 -> 0.180  P18 MAX_POSITION" in text
        assert "seq 60" in rows[head + 1]
        assert "│ ╰─limit 0.600 = 0.500 + override 0.100" in text
        assert "╰─? the event that caused it" in text
        assert all(cells(row) == size[0] for row in rows)
        assert "F9" in rows[-1]
        assert "PAPER" in rows[0]

    asking(act, size=size)


def test_enter_on_a_node_goes_to_its_moment() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "w", "G", "up", "enter")  # the quote before the last line
        assert driver.top() is DeskScreen
        assert driver.app.past.is_on
        assert " seq 59 " in driver.screen()[0]

    past = asking(act)
    assert [each for each in past.sought if each != ToSeq(EVENTS)][-1] == ToSeq(59)


def test_enter_where_there_is_no_event_stays() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "w", "G", "enter")
        assert driver.top() is WhyScreen
        await driver.press("w")
        assert driver.top() is DeskScreen

    assert asking(act).sought == []


def test_in_the_past_it_asks_as_of_that_moment_and_enter_goes_on_from_there() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("t", "left_curly_bracket", "6", "w")
        await driver.press("enter")
        assert " seq 60 " in driver.screen()[0]

    past = asking(act)
    assert subjects(past)[0][1] == 90
    assert past.sought[-1] == ToSeq(60)


def test_what_cannot_be_told_is_said_in_its_place() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        past.hold = True
        await driver.press("6", "w")
        assert any("stepping the run again" in row for row in driver.screen())
        past.answers.take(Explained(1, None, "block 7 is damaged"))
        await driver.draw()
        assert any("? block 7 is damaged" in row for row in driver.screen())
        await driver.press("escape", "w")
        past.answers.take(Refused(0, "no run there"))
        past.answers.opened = None
        past.die("it ended")
        await driver.draw()
        assert any("? no run there" in row for row in driver.screen())

    asking(act, past)


def test_without_a_past_it_says_so() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "w")
        assert driver.top() is DeskScreen
        assert "no past to look at from here" in driver.footer()

    drive(act)


def test_the_emergency_row_works_over_the_tree() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "w", "f8")
        assert len(driver.sent) == 1

    asking(act)


def test_foreign_text_in_a_tree_is_harmless() -> None:
    evil = Node("\x1b[31m[/] \u202e\x9b2J", 5, "", (), (Node("a\nb\tc", 6),))
    for branch in branches(evil):
        for _, text, _ in lines_of(branch, 40):
            assert text.isprintable()


@pytest.mark.parametrize("width", [1, 2, 17, 40, 78, 198])
def test_wrapping_loses_no_word_and_keeps_to_the_width(width: int) -> None:
    for branch in branches(TREE):
        words = " ".join(text for _, text, _ in lines_of(branch, width))
        assert words.replace(" ", "") == branch.node.text.replace(" ", "")
        for before, text, seq in lines_of(branch, width):
            assert width < 40 or cells(before) + cells(text) + cells(seq) <= width
    assert all(cells(piece) <= 3 for piece in wrapped(Cell("漢字漢字 long words"), 3, 3))
