"""The wiring on the screen: its keys, a strategy's keys on its box, the state of a box, what flows, the past."""

import re

import pytest
from desk_driver import SIZE, Act, Driver, drive
from frozen_past import LIVE, FrozenPast
from msgspec.structs import replace

from catui.console.screens.confirm import ConfirmScreen
from catui.console.screens.desk import DeskScreen
from catui.console.screens.fields import FieldsScreen
from catui.console.screens.wiring import WiringScreen
from catui.console.source import FrozenSource
from catui.domain import events
from catui.runtime.past.messages import Flowed, Follow, Inspect, Inspected


def wired(act: Act, size: tuple[int, int] = SIZE) -> tuple[FrozenPast, FrozenSource]:
    """A console on a live desk that shows its wiring."""
    past = FrozenPast()

    async def there(driver: Driver) -> None:
        await driver.press("W")
        assert driver.top() is WiringScreen
        await act(driver)

    return past, drive(there, open_past=lambda _: past, size=size)


def screen(driver: Driver) -> WiringScreen:
    top = driver.app.screen
    assert isinstance(top, WiringScreen)
    return top


async def go(driver: Driver, path: str) -> None:
    """Tab to a box."""
    for _ in range(40):
        box = screen(driver).box()
        assert box is not None
        if box.path == path:
            return
        await driver.press("tab")
    raise AssertionError(path)


def test_big_w_shows_the_machine_and_leaves_it() -> None:
    async def act(driver: Driver) -> None:
        text = "\n".join(driver.screen())
        assert " strategies x3 " in text
        assert " z^-1 " in text
        assert "> target +0.391" in text
        await driver.press("W")
        assert driver.top() is DeskScreen
        await driver.press("W", "escape")
        assert driver.top() is DeskScreen

    past, _ = wired(act)
    assert [(each.path, each.seq) for each in past.asked if isinstance(each, Inspect)] == [("", LIVE.seq)] * 2


def test_arrows_go_from_box_to_box() -> None:
    async def act(driver: Driver) -> None:
        await go(driver, "desk/control")
        seen = []
        for key in ("right", "right", "right", "left", "down", "up"):
            await driver.press(key)
            box = screen(driver).box()
            assert box is not None
            seen.append(box.name)
            assert any(f">{box.name}" in row for row in driver.screen())
        assert seen[:4] == ["market", "roster", "features", "roster"]
        assert seen[4] != "roster"

    wired(act)


def test_p_on_a_strategys_box_is_the_same_command_as_in_its_pane() -> None:
    async def act(driver: Driver) -> None:
        await go(driver, "desk/strategies/*/momentum")
        await driver.press("p")
        assert driver.sent == [events.PauseStrategy("momentum")]
        assert driver.top() is WiringScreen

    wired(act)


def test_letting_a_strategy_trade_again_is_asked_about_there_too() -> None:
    async def act(driver: Driver) -> None:
        await go(driver, "desk/strategies/*/imbalance")
        await driver.press("p")
        assert driver.top() is ConfirmScreen
        await driver.press("enter")
        assert driver.sent == []
        await driver.press("p", "y")
        assert driver.sent == [events.ResumeStrategy("imbalance")]

    wired(act)


def test_a_strategys_keys_mean_nothing_on_another_box() -> None:
    async def act(driver: Driver) -> None:
        await go(driver, "desk/ensemble")
        await driver.press("p", "d", "equals_sign", "x")
        assert driver.sent == []
        assert driver.top() is WiringScreen

    wired(act)


def test_enter_shows_the_state_of_a_box_by_path() -> None:
    async def act(driver: Driver) -> None:
        await go(driver, "desk/strategies/*/momentum")
        await driver.press("enter")
        assert driver.top() is FieldsScreen
        text = "\n".join(driver.screen())
        assert f"desk/strategies/{LIVE.shown}/momentum  3 values" in text
        assert "├─0/mean  0.25" in text
        assert "╰─0/since  --" in text
        await driver.press("escape")
        assert driver.top() is WiringScreen

    past, _ = wired(act)
    last = [each for each in past.asked if isinstance(each, Inspect)][-1]
    assert (last.path, last.seq) == (f"desk/strategies/{LIVE.shown}/momentum", LIVE.seq)


def test_what_is_folded_is_opened_and_closed_again() -> None:
    async def act(driver: Driver) -> None:
        await go(driver, "desk/strategies")
        assert any("strategies x3 [...]" in row for row in driver.screen())
        await driver.press("enter")
        assert any(" momentum " in row for row in driver.screen())
        await go(driver, "desk/strategies/*/momentum")
        await driver.press("p", "escape")
        assert driver.sent == [events.PauseStrategy("momentum")]
        assert any("strategies x3 [...]" in row for row in driver.screen())

    wired(act, size=(80, 24))


def test_new_readings_are_shown_as_they_come() -> None:
    async def act(driver: Driver) -> None:
        await driver.show(replace(LIVE, pnl_money=0))
        assert any("P&L 0.00" in row and "│" in row for row in driver.screen()[3:])

    wired(act)


def test_in_the_past_it_shows_that_moment_and_takes_no_command() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        await driver.press("t", "left_curly_bracket", "W")
        assert any("seq 90 " in row and "Wiring" in row for row in driver.screen())
        await go(driver, "desk/strategies/*/momentum")
        await driver.press("p")
        assert driver.sent == []
        assert "goes back to live" in driver.footer()
        await driver.press("enter")
        assert any("seen  90" in row for row in driver.screen())

    drive(act, open_past=lambda _: past)


def test_from_a_cause_big_w_shows_its_box() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("escape", "6", "w", "down", "W")
        box = screen(driver).box()
        assert box is not None
        assert box.path == "desk/risk"

    wired(act)


def test_a_click_takes_the_cursor_to_a_box_and_two_look_inside() -> None:
    async def act(driver: Driver) -> None:
        row, line = next((y, line) for y, line in enumerate(driver.screen()) if " features x3 " in line)
        x = line.index("features")
        await driver.pilot.click(offset=(x, row))
        box = screen(driver).box()
        assert box is not None
        assert box.name == "features"
        await driver.pilot.click(offset=(x, row), times=2)
        await driver.pilot.pause()
        assert driver.top() is FieldsScreen

    wired(act)


def test_the_emergency_row_works_over_the_wiring() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("f7")
        assert driver.sent == [events.CancelAll()]

    wired(act)


def test_a_machine_that_cannot_be_read_is_said() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        past.hold = True
        await driver.press("W")
        assert any("reading the machine" in row for row in driver.screen())
        past.answers.take(Inspected(1, 0, None, fault="block 7 is damaged"))
        await driver.draw()
        assert any("block 7 is damaged" in row for row in driver.screen())

    drive(act, open_past=lambda _: past)


def test_without_a_past_it_says_so() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("W")
        assert driver.top() is DeskScreen
        assert "no past to look at from here" in driver.footer()

    drive(act)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
def test_it_is_drawn_at_every_size(size: tuple[int, int]) -> None:
    async def act(driver: Driver) -> None:
        assert all(len(row) == size[0] for row in driver.screen())
        await driver.press("tab", "tab", "down", "up", "escape")

    wired(act, size=size)


def follows(past: FrozenPast) -> list[Follow]:
    return [each for each in past.asked if isinstance(each, Follow)]


def test_what_flows_is_asked_once_a_second_and_only_while_it_is_looked_at() -> None:
    async def act(driver: Driver) -> None:
        await driver.draw()
        assert len(follows(past)) == 1
        await driver.draw()
        assert len(follows(past)) == 1
        driver.clock.now_s += 1.0
        await driver.draw()
        assert len(follows(past)) == 2
        await driver.press("W")
        driver.clock.now_s += 1.0
        await driver.draw()
        assert len(follows(past)) == 2

    past = FrozenPast()

    async def there(driver: Driver) -> None:
        assert follows(past) == []
        await driver.press("W")
        await act(driver)

    drive(there, open_past=lambda _: past)
    assert {(each.instrument, each.seq) for each in follows(past)} == {(LIVE.shown, LIVE.seq)}


def test_the_wires_say_what_flowed_and_whose_rates_and_times_these_are() -> None:
    async def act(driver: Driver) -> None:
        await driver.draw()
        await driver.draw()
        text = "\n".join(driver.screen())
        assert "rates and times by a copy, 440 events of 5.0s  seq" in text
        assert re.search(r"│21/s 6us +│", text)  # of the market, 106 steps in five seconds
        assert "some state" in text
        assert "> target +0.391" in text

    wired(act)


def test_where_there_is_no_room_the_box_under_the_cursor_says_it_below() -> None:
    async def act(driver: Driver) -> None:
        await driver.draw()
        await driver.draw()
        await go(driver, "desk/features")
        *_, last, _ = driver.screen()
        assert "━ 5.2/s 12us  Enter looks inside" in last
        assert any("> target +0.391" in row for row in driver.screen())

    wired(act, size=(80, 24))


def test_a_fault_of_the_copy_is_said_and_takes_nothing_away() -> None:
    async def act(driver: Driver) -> None:
        past.hold = True
        driver.clock.now_s += 1.0
        await driver.draw()
        past.answers.take(Flowed(follows(past)[-1].id, 0, LIVE.shown, 0, 0, (), "block 7 is damaged"))
        await driver.draw()
        text = "\n".join(driver.screen())
        assert "wires ? block 7 is damaged" in text
        assert "> target +0.391" in text

    past = FrozenPast()

    async def there(driver: Driver) -> None:
        await driver.press("W")
        await driver.draw()
        await act(driver)

    drive(there, open_past=lambda _: past)
