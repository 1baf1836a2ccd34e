"""Keys in one piece: those that follow a key that asks go into its dialog or nowhere, and never to the desk."""

import pytest
from desk_driver import Driver, drive
from frozen_past import FrozenPast
from msgspec.structs import replace
from sample import halted_snapshot, sample_snapshot
from textual.events import Key
from textual.widgets import Input

from catui.console.keys.actions import ACTIONS, Action
from catui.console.keys.keymap import keymap
from catui.console.panes import PANES
from catui.console.screens.confirm import ConfirmScreen
from catui.console.screens.desk import DeskScreen
from catui.console.screens.leave import LeaveScreen
from catui.console.screens.pick import PickScreen
from catui.console.screens.ticket import TicketScreen
from catui.console.screens.typed import TypedScreen
from catui.console.screens.weight import WeightScreen
from catui.console.source import FrozenSource
from catui.domain import events
from catui.domain.events import TradingState
from catui.domain.orders import TICKETS

ASKS = [action for action in ACTIONS if action.keys and action.danger >= 2]


def field(driver: Driver, id: str) -> str:
    return driver.app.screen.query_one(f"#{id}", Input).value


@pytest.mark.parametrize("action", ASKS, ids=lambda each: each.id)
def test_no_letter_behind_a_key_that_asks_reaches_the_desk(action: Action) -> None:
    pane = action.scope[0] if action.scope else "strategies"
    down = 2 if action.id == "resume" else 0

    async def act(driver: Driver) -> None:
        await driver.press("r" if pane == "limits" else str(PANES[pane].number), *["down"] * down)
        await driver.burst(*keymap({}).of(action)[0].split(), *"pdxf")
        assert driver.sent == []
        assert driver.top() is not DeskScreen or action.form == "reload"  # here is no configuration

    desk = halted_snapshot() if action.id == "activate" else sample_snapshot()
    drive(act, replace(desk, orders=tuple(replace(each, purpose=TICKETS[0]) for each in desk.orders)))


def test_letters_typed_before_a_field_is_there_stand_in_it() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.burst("R", *"venue p is back")
        assert driver.top() is TypedScreen
        assert field(driver, "reason") == "venue p is back"
        assert driver.sent == []

    drive(act, halted_snapshot())


def test_a_whole_answer_in_one_piece_is_the_answer() -> None:
    async def act(driver: Driver) -> None:
        await driver.burst("5", "R", *"venue is backk", "backspace", "enter", *"ACTIVE", "enter")
        assert driver.top() is DeskScreen

    [sent] = drive(act, halted_snapshot()).sent
    assert (sent.action, sent.reason) == (events.SetTradingState(TradingState.ACTIVE), "venue is back")


def test_the_dialogs_of_one_command_take_their_keys_in_one_piece() -> None:
    async def act(driver: Driver) -> None:
        await driver.burst("5", "=", *"0.4", "enter", "y")
        assert driver.top() is DeskScreen

    assert [each.action for each in drive(act).sent] == [events.SetWeight("momentum", 0.4)]


def test_an_order_in_one_piece_is_the_one_that_was_typed() -> None:
    async def act(driver: Driver) -> None:
        ticket = ("o", *"0.25", "tab", "ctrl+u", *"60000", "tab", "right", "tab", "right", "enter")
        await driver.burst(*ticket)
        assert driver.top() is TicketScreen

    [sent] = drive(act).sent
    assert isinstance(sent.action, events.SubmitOrder)
    assert (sent.action.lots, sent.action.limit_ticks, sent.action.reduce_only) == (250, 600_000, True)
    assert sent.action.tif.value == "IOC"


def test_a_choice_typed_in_one_piece_is_the_one_that_was_named() -> None:
    async def act(driver: Driver) -> None:
        await driver.burst(":", *"no new orders", "enter")
        assert driver.top() is DeskScreen
        await driver.burst("i", *"sol", "enter")
        assert driver.app.desk.instrument == "kraken:SOLUSD"

    [sent] = drive(act).sent
    assert sent.action == events.SetTradingState(TradingState.HALTED)


def test_letters_behind_a_key_that_has_nothing_to_do_are_lost() -> None:
    active = replace(sample_snapshot(), trading_state=TradingState.ACTIVE.value)

    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.burst("R", *"pd")
        assert driver.top() is DeskScreen
        assert "nothing here for" in driver.footer()
        assert driver.sent == []
        await driver.press("p")
        assert driver.sent == [events.PauseStrategy("momentum")]

    drive(act, active)


def test_letters_behind_a_key_that_is_refused_are_lost_with_it() -> None:
    source = FrozenSource([sample_snapshot()])
    source.is_watching = True

    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.burst("R", *"jj")
        assert driver.app.desk.panes["strategies"].view.cursor == 0
        await driver.burst(*"jj")
        assert driver.app.desk.panes["strategies"].view.cursor == 2

    drive(act, source=source)


def test_the_emergency_row_works_between_a_key_and_its_dialog() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.burst("R", "p", "f7", "p", "f9")
        assert driver.sent == [events.CancelAll(), events.Kill()]
        assert field(driver, "reason") == "pp"

    drive(act, halted_snapshot())


def test_leaving_is_asked_about_and_the_answer_may_be_typed_at_once() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.burst("q", "p")
        assert driver.top() is LeaveScreen
        assert driver.sent == []
        await driver.press("n")
        await driver.burst("q", "n", "p")
        assert driver.top() is DeskScreen
        assert driver.sent == [events.PauseStrategy("momentum")]
        await driver.burst("q", "y")
        assert driver.source.stops == [True]

    drive(act)


def test_what_is_confirmed_at_once_is_sent_once() -> None:
    async def act(driver: Driver) -> None:
        await driver.burst("ctrl+r", "y", "y")
        assert driver.sent == [events.ResumeAll()]
        assert driver.top() is DeskScreen

    drive(act)


def test_between_two_dialogs_of_a_command_no_key_reaches_the_desk() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5", "=")
        assert driver.top() is WeightScreen
        await driver.write("0.4")
        dialog = driver.app.screen
        assert isinstance(dialog, WeightScreen)
        dialog.leave(events.SetWeight("momentum", 0.4))
        assert driver.top() is DeskScreen  # for a moment
        await driver.burst("p", "p")
        assert driver.top() is ConfirmScreen
        assert driver.sent == []
        await driver.press("y")
        assert driver.sent == [events.SetWeight("momentum", 0.4)]

    drive(act)


def test_an_action_picked_by_name_asks_before_another_key_is_heard() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.burst(":", *"ACTIVE")
        assert driver.top() is PickScreen
        assert field(driver, "typed") == "ACTIVE"
        dialog = driver.app.screen
        assert isinstance(dialog, PickScreen)
        dialog.leave("activate")
        await driver.burst("p", "p")
        assert driver.top() is TypedScreen
        assert driver.sent == []

    drive(act, halted_snapshot())


def test_a_list_that_is_still_to_come_takes_what_is_typed() -> None:
    past = FrozenPast()
    past.hold = True

    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.burst("'", *"pd")
        assert driver.top() is PickScreen
        assert field(driver, "typed") == "pd"
        assert driver.sent == []

    drive(act, open_past=lambda _: past)


def test_enter_twice_in_one_go_sends_one_order() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o")
        assert driver.top() is TicketScreen
        await driver.write("0.5")
        await driver.press("tab", "tab", "tab", "right")
        await driver.burst("enter", "enter")
        assert len(driver.sent) == 1

    drive(act)


def test_escape_with_a_key_close_behind_it_is_both_keys() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5", "slash", "q")
        driver.app.post_message(Key("alt+k", "k"))  # as terminals send it
        await driver.pilot.pause()
        view = driver.app.desk.panes["strategies"].view
        assert (view.filter, view.cursor) == ("", 2)  # one above the row that the filter had left
        assert "/q_" not in driver.footer()

    drive(act)


def test_a_key_that_is_mapped_with_alt_is_one_key() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5")
        driver.app.post_message(Key("alt+j", "j"))
        await driver.pilot.pause()
        assert driver.app.desk.panes["strategies"].view.cursor == 0
        assert driver.sent == [events.PauseStrategy("momentum")]

    drive(act, keys={"pause": "alt+j"})


def test_the_interrupt_leaves_nothing_and_says_what_does() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("ctrl+c")
        assert "q leaves" in driver.footer()
        assert driver.top() is DeskScreen
        assert driver.source.stops == []

    drive(act)


def test_keys_that_ask_nothing_are_all_heard_in_their_order() -> None:
    async def act(driver: Driver) -> None:
        await driver.burst("5", "j", "p", "j", "j", "d")
        assert driver.sent == [events.PauseStrategy("reversion"), events.DrainStrategy("quoting")]

    drive(act)
