"""What if, on the screen: from a moment to changes, to a branch that grows, to what differs."""

from collections.abc import Awaitable, Callable

import pytest
from desk_driver import SIZE, Driver, drive
from frozen_past import EVENTS, LIVE, FrozenPast, ts_of
from msgspec.structs import replace

from catui.console.look.themes import load_themes, palette, theme_dirs
from catui.console.modes.branch import FAR
from catui.console.panes.compared import KEYS_ROW, MODEL, by_check, figures, render
from catui.console.render.view import Size
from catui.console.screens.compared import ComparedScreen
from catui.console.screens.desk import DeskScreen
from catui.console.screens.growing import GrowingScreen
from catui.console.screens.line import LineScreen
from catui.console.screens.pick import PickScreen
from catui.console.source import FrozenSource, Recorded
from catui.runtime.past.messages import Compared, Fork, Grown, Moment, Prepare, Refused, Rest, ToSeq
from catui.runtime.past.whatif import Change

SIZES = [(80, 24), (120, 40), (200, 60)]
CHANGED = (Change(("risk", "max_order_quote"), "300"),)


def told(seq: int = 20) -> Compared:
    return FrozenPast().compared(Fork(1, seq, CHANGED))


Do = Callable[[Driver, list[FrozenPast]], Awaitable[None]]


def branch(
    act: Do, *, at: str = "", warning: str = "", size: tuple[int, int] = SIZE
) -> tuple[list[FrozenPast], FrozenSource]:
    """A console on which B was pressed, live or at a moment of the past; `act` and who asks get the pasts it opened."""
    opened: list[FrozenPast] = []

    def open_past(run: str) -> FrozenPast:
        opened.append(FrozenPast(run, warning=warning))
        return opened[-1]

    async def there(driver: Driver) -> None:
        if at:
            await driver.press("t")
            await driver.press("t")
            await driver.write(at)
            await driver.press("enter")
        await driver.press("B")
        await driver.draw()
        await act(driver, opened)

    return opened, drive(there, size=size, open_past=open_past)


def asked(past: FrozenPast) -> list[object]:
    return [each for each in past.asked if isinstance(each, Prepare | Fork | Rest)]


async def choose(driver: Driver, words: str) -> None:
    """Pick what shall be otherwise by typing part of its name."""
    await driver.write(words)
    await driver.press("enter")


def test_b_in_the_past_forks_there_and_enter_goes_to_what_differs() -> None:
    async def act(driver: Driver, opened: list[FrozenPast]) -> None:
        assert driver.top() is PickScreen
        assert any("What if, from seq 20 " in row and "100 events behind it" in row for row in driver.screen())
        await choose(driver, "max_order")
        assert driver.top() is LineScreen
        await driver.write("300")
        await driver.press("enter")
        assert any("> risk max_order_quote" in row and "5000 -> 300 USDT" in row for row in driver.screen())
        await driver.press("enter")
        await driver.draw()
        assert driver.top() is ComparedScreen
        rows = driver.screen()
        assert rows[0].startswith(" WHAT-IF ")
        assert "risk max_order_quote 300" in rows[1]
        assert rows[2].strip() == f"{MODEL} 30"
        await driver.press("enter")
        assert driver.top() is DeskScreen
        moment: Moment | None = opened[0].answers.moment
        assert moment is not None
        assert moment.seq == 30

    opened, source = branch(act, at="#20")
    assert source.sent == []
    assert asked(opened[1]) == [Prepare(1, 20), Fork(2, 20, CHANGED, 800)]
    assert opened[1].closes == 1


def test_b_on_the_live_desk_forks_at_the_newest_event() -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        assert driver.top() is PickScreen
        await driver.press("escape")
        assert driver.top() is DeskScreen

    opened, source = branch(act)
    assert [past.run for past in opened] == [LIVE.run]
    assert asked(opened[0]) == [Prepare(1, LIVE.seq)]
    assert source.sent == []


def test_b_on_a_recorded_run_forks_where_it_stands() -> None:
    opened: list[FrozenPast] = []

    def open_past(run: str) -> FrozenPast:
        opened.append(FrozenPast(run))
        return opened[-1]

    async def act(driver: Driver) -> None:
        await driver.draw()
        await driver.press("comma", "B")
        await driver.draw()
        await driver.press("enter")
        await driver.draw()
        assert driver.top() is ComparedScreen
        assert "nothing changed" in driver.screen()[1]

    drive(act, source=Recorded("run"), open_past=open_past)  # type: ignore[arg-type]  # no FrozenSource, and nothing is sent
    assert asked(opened[1]) == [Prepare(1, EVENTS - 1), Fork(2, EVENTS - 20, (), 800)]


@pytest.mark.parametrize("size", SIZES)
def test_a_console_from_afar_says_where_a_branch_is_grown(size: tuple[int, int]) -> None:
    opened: list[str] = []

    def open_past(run: str) -> FrozenPast:
        opened.append(run)
        return FrozenPast(run)

    async def act(driver: Driver) -> None:
        await driver.press("B")
        assert FAR in driver.footer()
        assert driver.top() is DeskScreen

    drive(act, size=size, open_past=open_past, can_branch=False)
    assert opened == []


def test_an_option_is_picked_and_taken_back() -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        await choose(driver, "momentum state")
        assert driver.top() is PickScreen
        listed = [row.partition("│")[2].partition("│")[0].strip() for row in driver.screen()]
        assert {"PAUSE", "DRAIN"} <= {*listed}
        assert "RUN" not in listed  # it is so already
        await choose(driver, "PAUSE")
        assert any("RUN -> PAUSE" in row for row in driver.screen())
        await choose(driver, "momentum state")
        await choose(driver, "as it was")
        assert not any("->" in row for row in driver.screen())
        await driver.press("enter")
        await driver.draw()

    opened, _ = branch(act, at="#20")
    assert asked(opened[1])[-1] == Fork(2, 20, (), 800)


@pytest.mark.parametrize(
    ("words", "value", "fault"),
    [
        ("gain", "1000", "must be 0.01 to 100"),
        ("max_order", "much", "no plain decimal amount of USDT"),
        ("max_open", "2.5", "is not a whole number; write 0 to 10000"),
    ],
)
def test_a_value_that_may_not_be_stays_with_the_mend(words: str, value: str, fault: str) -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        await choose(driver, words)
        await driver.write(value)
        await driver.press("enter")
        assert driver.top() is LineScreen
        assert any(fault in row for row in driver.screen())

    branch(act, at="#20")


def test_it_tells_how_far_it_is_and_escape_ends_it() -> None:
    async def act(driver: Driver, opened: list[FrozenPast]) -> None:
        past = opened[-1]
        past.hold = True
        await driver.press("enter")
        assert driver.top() is GrowingScreen
        past.answers.take(Grown(2, 25, 100))
        past.answers.take(told())  # of an older request: not what is waited for
        await driver.draw()
        assert any("25%  25 of 100 events" in row for row in driver.screen())
        await driver.press("escape")
        assert driver.top() is PickScreen
        assert isinstance(past.asked[-1], Rest)

    branch(act)


def test_what_the_seeker_refuses_is_said_above_the_choices() -> None:
    async def act(driver: Driver, opened: list[FrozenPast]) -> None:
        past = opened[-1]
        past.hold = True
        await driver.press("enter")
        past.answers.take(Refused(2, "momentum: its state has another shape with this value"))
        await driver.draw()
        assert driver.top() is PickScreen
        assert any("! momentum: its state has another shape" in row for row in driver.screen())
        await driver.press("enter")
        past.die("the seeker ended with exit code 3")
        await driver.draw()
        assert any("! the seeker ended with exit code 3" in row for row in driver.screen())

    branch(act)


def test_a_run_of_other_code_is_told_of_before_anything_is_chosen() -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        assert any("! recorded by other code" in row for row in driver.screen())

    branch(act, warning="recorded by other code")


def test_from_the_comparison_more_can_be_changed() -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        await choose(driver, "momentum state")
        await choose(driver, "PAUSE")
        await driver.press("enter")
        await driver.draw()
        await driver.press("B")
        assert driver.top() is PickScreen
        assert any("RUN -> PAUSE" in row for row in driver.screen())
        await driver.press("enter")
        await driver.draw()
        await driver.press("escape")
        assert driver.top() is DeskScreen

    opened, _ = branch(act, at="#20")
    assert [type(each) for each in asked(opened[1])] == [Prepare, Fork, Fork]


def test_the_emergency_row_works_over_a_comparison() -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        await driver.press("enter")
        await driver.draw()
        assert driver.top() is ComparedScreen
        await driver.press("f9")

    _, source = branch(act)
    assert [type(each.action).__name__ for each in source.sent] == ["Kill"]


def text_of(found: Compared, size: tuple[int, int], *, is_ascii: bool = False) -> list[str]:
    dressed = palette(load_themes(theme_dirs())["dark"], is_ascii)
    lines = render(found, CHANGED, KEYS_ROW, Size(*size), dressed)
    assert len(lines) == size[1]
    assert {each.cell_length for each in lines} == {size[0]}
    return [each.text for each in lines]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_ascii", [False, True])
def test_every_size_holds_the_figures_both_curves_and_what_differs(size: tuple[int, int], is_ascii: bool) -> None:
    rows = text_of(told(), size, is_ascii=is_ascii)
    whole = "\n".join(rows)
    for words in (
        "WHAT-IF",
        "A run",
        "B branch",
        "P&L",
        "max drawdown",
        "fees",
        "orders",
        "fills",
        "resized",
        "refusals",
    ):
        assert words in whole, words
    assert "first difference: seq 30" in whole
    assert "A  BUY 0.200 BTCUSDT 60,123.00 by quoting" in whole
    assert "B  nothing" in whole
    assert KEYS_ROW.strip() in rows[-1]
    ends = [row.rstrip()[-1:] for row in rows[10:]]
    assert "A" in ends
    assert "B" in ends
    assert whole.isascii() == is_ascii


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (60, 15), (300, 100)])
def test_it_is_drawn_at_any_size(size: tuple[int, int]) -> None:
    text_of(told(), size)
    text_of(replace(told(), difference=None, model_seq=None, until_ns=ts_of(20)), size)


def figures_of(found: Compared, name: str, width: int = 80) -> list[str]:
    [row] = [row for row in text_of(found, (width, 24)) if row.startswith(f" {name} ")]
    return row.split()


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_effect_of_a_change_is_the_branch_less_its_control_and_the_rest_is_the_model_s(width: int) -> None:
    rows = {each.name: each for each in (*figures(told()), *by_check(told()))}
    assert (rows["orders"].sides, rows["orders"].changes) == ((12, 8, 11), (-3, -1))
    assert [sum(each.changes) == each.branch - each.run for each in rows.values()] == [True] * len(rows)
    assert [each.name for each in by_check(told())] == ["  by P18", "  by P17"]
    assert figures_of(told(), "orders", width) == ["orders", "12", "8", "11", "-3", "-1"]
    assert figures_of(told(), "P&L", width) == ["P&L", "+203.00", "+101.50", "+182.70", "-81.20", "-20.30"]
    far = replace(told(), model_seq=1_204_498)
    assert any(f"{MODEL} 1,204,498 " in f"{row} " for row in text_of(far, (width, 24)))


def test_without_a_control_the_branch_is_held_to_the_run() -> None:
    alone = replace(told(), control=None, model_seq=None)
    assert figures_of(alone, "orders") == ["orders", "12", "8", "-4"]
    assert not any("C - A" in row for row in text_of(alone, (80, 24)))


@pytest.mark.parametrize("size", SIZES)
def test_a_run_of_other_code_is_told_on_the_comparison(size: tuple[int, int]) -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        await driver.press("enter")
        await driver.draw()
        assert driver.top() is ComparedScreen
        assert driver.screen()[2].startswith(" ! recorded by other code: ")

    branch(act, warning="recorded by other code: what is shown may not be what was", size=size)


def test_goes_to_a_moment_from_the_live_desk() -> None:
    async def act(driver: Driver, _: list[FrozenPast]) -> None:
        await driver.press("enter")
        await driver.draw()
        await driver.press("enter")
        await driver.draw()
        assert driver.app.past.is_on

    opened, _ = branch(act)
    assert [type(each) for each in opened] == [FrozenPast, FrozenPast]
    assert opened[1].sought[-1] == ToSeq(told(EVENTS - 20).difference.seq)  # type: ignore[union-attr]  # it has one
