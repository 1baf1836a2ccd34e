"""From a key to a command: exactly the one that is meant, in its scope, after the questions that are due."""

import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import halted_snapshot, sample_snapshot, starting_snapshot
from textual.events import Key

from catui.console.keys.actions import ACTIONS, BY_ID, Action, Context
from catui.console.keys.keymap import keymap, name_of
from catui.console.panes import PANES
from catui.console.screens import override
from catui.console.screens.confirm import ConfirmScreen
from catui.console.screens.desk import DeskScreen
from catui.console.screens.help import HelpScreen
from catui.console.screens.leave import LeaveScreen
from catui.console.screens.override import OverrideScreen
from catui.console.screens.pick import PickScreen
from catui.console.screens.typed import TypedScreen
from catui.console.screens.weight import WeightScreen
from catui.console.source import FrozenSource
from catui.console.words.spoken import typed_words
from catui.domain import events
from catui.domain.events import TradingState
from catui.domain.fixed import FIXED
from catui.snapshot import Snapshot

BTC = "binance:BTCUSDT"
ORDERS = [action for action in ACTIONS if action.is_order and action.keys]
PAUSED = 2  # row of the paused strategy

# What each key means on the sample desk: the pane it is pressed in, how far the cursor is moved, what is then sent.
SENT: dict[str, tuple[str, int, events.Action]] = {
    "reducing": ("book", 0, events.SetTradingState(TradingState.REDUCING)),
    "cancel_all": ("book", 0, events.CancelAll(None)),
    "halt": ("book", 0, events.SetTradingState(TradingState.HALTED)),
    "kill": ("book", 0, events.Kill()),
    "pause": ("strategies", 1, events.PauseStrategy("reversion")),
    "drain": ("strategies", 3, events.DrainStrategy("quoting")),
    "pause_all": ("trades", 0, events.PauseAll()),
    "cancel": ("orders", 1, events.CancelOrder("c7-000131")),
    "cancel_here": ("book", 0, events.CancelAll(BTC)),
    "flatten": ("positions", 1, events.Flatten("binance:ETHUSDT")),
    "flatten_all": ("book", 0, events.Flatten(None)),
    "acknowledge": ("alerts", 1, events.AckAlert("unknown_order c7-000119")),
    "mute": ("alerts", 0, events.MuteAlert("stale_feed", 900)),
    "unmute": ("alerts", 2, events.MuteAlert("paused", 0)),
    "acknowledge_all": ("alerts", 0, events.AckAlert(None)),
    "end_override": ("limits", 0, events.EndOverride("o1")),
}
ASKED: dict[str, tuple[str, int, events.Action]] = {
    "resume": ("strategies", PAUSED, events.ResumeStrategy("imbalance")),
    "resume_all": ("book", 0, events.ResumeAll()),
    "weight": ("strategies", 0, events.SetWeight("momentum", 0.4)),
    "release": ("strategies", 0, events.ResumeStrategy("momentum")),
    "activate": ("book", 0, events.SetTradingState(TradingState.ACTIVE)),
    "reopen": ("book", 0, events.SetTradingState(TradingState.REDUCING)),
    "override": ("limits", 0, events.OverrideLimit("P18", BTC, 100, 900, 100)),
}
MAP = keymap({})


def keys_of(action: Action) -> list[list[str]]:
    """Every way to press an action."""
    return [[name_of(part) for part in key.split()] for key in MAP.of(action)]


async def focus(driver: Driver, pane: str, down: int = 0) -> None:
    await driver.press({"limits": "r", "pnl": "dollar_sign"}.get(pane, str(PANES[pane].number)), *["down"] * down)


def test_the_tables_of_this_file_name_every_action_that_sends() -> None:
    tickets = {action.id for action in ACTIONS if action.form in ("ticket", "reload")}  # in files of their own
    assert SENT.keys() | ASKED.keys() | tickets == {action.id for action in ACTIONS if action.is_order}
    assert SENT.keys() == {action.id for action in ACTIONS if action.is_order and action.danger <= 1}


@pytest.mark.parametrize("id", sorted(SENT))
def test_in_its_scope_a_key_sends_exactly_its_command_at_once(id: str) -> None:
    pane, down, command = SENT[id]
    ways = keys_of(BY_ID[id])

    async def act(driver: Driver) -> None:
        await focus(driver, pane, down)
        for way in ways:
            await driver.press(*way)

    source = drive(act)
    assert [each.action for each in source.sent] == [command] * len(ways)
    assert {each.seen_seq for each in source.sent} == {sample_snapshot().seq}


def test_out_of_its_scope_a_key_sends_nothing() -> None:
    async def act(driver: Driver) -> None:
        for pane in ("trades", "strategies", "limits"):  # the rest of it is a property of the table
            await focus(driver, pane)
            for action in ORDERS:
                taken = {each.id for each in ACTIONS if each.keys == action.keys and pane in (*each.scope, "")}
                if action.scope and pane not in action.scope and not taken:
                    for way in keys_of(action):
                        await driver.press(*way)
            assert driver.sent == [], pane
            assert driver.top() is DeskScreen, pane
            await driver.press("escape")

    drive(act)


def test_a_key_with_nothing_under_the_cursor_sends_nothing_and_says_so() -> None:
    async def act(driver: Driver) -> None:
        for pane, key in (("strategies", "d"), ("orders", "x"), ("alerts", "a"), ("limits", "backspace")):
            await focus(driver, pane)
            await driver.press(key)
            assert "nothing here" in driver.footer(), pane
            await driver.press("escape")
        assert driver.sent == []

    drive(act, replace(starting_snapshot(), strategies=(), limits=()))


@pytest.mark.parametrize("id", [id for id in sorted(ASKED) if BY_ID[id].danger == 2 and not BY_ID[id].form])
def test_what_raises_risk_is_sent_by_y_and_by_no_other_key(id: str) -> None:
    pane, down, command = ASKED[id]

    async def act(driver: Driver) -> None:
        await focus(driver, pane, down)
        for refusal in ("enter", "escape", "n"):
            await driver.press(*keys_of(BY_ID[id])[0])
            assert driver.top() is ConfirmScreen
            await driver.press("space", "x", "Y")
            assert driver.top() is ConfirmScreen
            await driver.press(refusal)
            assert driver.top() is DeskScreen
            assert driver.sent == []
        await driver.press(*keys_of(BY_ID[id])[0], "y")
        assert driver.sent == [command]

    drive(act)


@pytest.mark.parametrize(
    ("id", "words", "state"), [("activate", "ACTIVE", "REDUCING"), ("reopen", "REDUCING", "HALTED")]
)
def test_the_way_up_needs_a_reason_and_the_exact_words(id: str, words: str, state: str) -> None:
    async def act(driver: Driver) -> None:
        await driver.press(*keys_of(BY_ID[id])[0])
        assert driver.top() is TypedScreen
        await driver.press("enter")
        await driver.write("venue is back")
        await driver.press("enter")
        for wrong in (words.lower(), words[:-1]):
            await driver.write(wrong)
            await driver.press("enter")
            assert driver.top() is TypedScreen
            await driver.press("ctrl+u")
        assert driver.sent == []
        await driver.write(words)
        await driver.press("enter")
        assert driver.top() is DeskScreen

    source = drive(act, replace(sample_snapshot(), trading_state=state))
    assert [(each.action, each.reason) for each in source.sent] == [(ASKED[id][2], "venue is back")]


def test_a_quarantined_strategy_is_released_by_its_name_and_a_reason() -> None:
    desk = sample_snapshot()
    quarantined = replace(desk.strategies[0], state="QUAR", author="desk", reason="ZeroDivisionError in step")

    async def act(driver: Driver) -> None:
        await driver.press("5", "p")
        assert driver.top() is TypedScreen
        assert any("QUAR by desk: ZeroDivisionError in step" in row for row in driver.screen())
        await driver.write("mended")
        await driver.press("enter")
        await driver.write("momentum")
        await driver.press("enter")

    source = drive(act, replace(desk, strategies=(quarantined, *desk.strategies[1:])))
    assert [(each.action, each.reason) for each in source.sent] == [(ASKED["release"][2], "mended")]


def test_leaving_the_typed_dialog_sends_nothing() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("R")
        await driver.write("venue is back")
        await driver.press("escape")
        assert driver.top() is DeskScreen
        assert driver.sent == []

    drive(act, halted_snapshot())


def test_resuming_all_with_real_money_must_be_typed() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("ctrl+r")
        assert driver.top() is TypedScreen

    drive(act, replace(sample_snapshot(), badge="LIVE"))


def test_loosening_a_halt_raises_risk_and_is_asked_about() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("f6")
        assert driver.top() is TypedScreen
        assert driver.sent == []

    drive(act, halted_snapshot())


def test_a_desk_that_trades_cannot_be_activated() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("R")
        assert driver.top() is DeskScreen
        assert driver.sent == []

    drive(act)


def test_a_weight_is_typed_and_then_asked_about() -> None:
    async def act(driver: Driver) -> None:
        await focus(driver, "strategies")
        await driver.press("equals_sign")
        for wrong in ("1.5", "-1", "0,4", "nan", "", "1e-1"):
            await driver.write(wrong)
            await driver.press("enter")
            assert driver.top() is WeightScreen, wrong
            await driver.press("ctrl+u")
        await driver.write("0.4")
        await driver.press("enter")
        assert driver.top() is ConfirmScreen
        assert any("momentum 0.62 -> 0.40" in row for row in driver.screen())
        assert driver.sent == []
        await driver.press("y")

    assert [each.action for each in drive(act).sent] == [ASKED["weight"][2]]


async def fill_override(driver: Driver, extra: str = "0.1", ttl: str = "", budget: str = "") -> None:
    await driver.press("r", "O")
    await driver.write(extra)
    await driver.press("tab")
    if ttl:
        await driver.press("ctrl+u")
        await driver.write(ttl)
    await driver.press("tab")
    await driver.write(budget)
    await driver.press("enter")


def test_an_override_is_a_form_a_reason_and_the_limit_with_its_new_value() -> None:
    async def act(driver: Driver) -> None:
        await fill_override(driver)
        assert driver.top() is TypedScreen
        assert any("1.100 -> 1.200 lots" in row for row in driver.screen())
        await driver.write("rolling")
        await driver.press("enter")
        assert any("at least 8 are needed" in row for row in driver.screen())
        await driver.write(" over")
        await driver.press("enter")
        assert any("type P18 BTCUSDT 1.200" in row for row in driver.screen())
        for wrong in ("P18 BTCUSDT", "P18 BTCUSDT 1.100", "P18 BTCUSDT 1.2"):
            await driver.write(wrong)
            await driver.press("enter")
            assert driver.sent == []
            await driver.press("ctrl+u")
        await driver.write("P18 BTCUSDT 1.200")
        await driver.press("enter")

    [sent] = drive(act).sent
    assert (sent.action, sent.reason, sent.expected) == (ASKED["override"][2], "rolling over", 1_100)


@pytest.mark.parametrize(
    ("extra", "ttl", "budget"),
    [
        ("0", "", ""),
        ("-1", "", ""),
        ("0.1005", "", ""),  # off the grid of lots
        ("1e3", "", ""),
        ("", "", ""),
        ("0.1", "soon", ""),
        ("0.1", "0s", ""),
        ("0.1", "15m", "none"),
    ],
)
def test_an_override_off_its_grid_stays_in_the_form(extra: str, ttl: str, budget: str) -> None:
    async def act(driver: Driver) -> None:
        await fill_override(driver, extra, ttl, budget)
        assert driver.top() is OverrideScreen
        await driver.press("escape")
        assert driver.top() is DeskScreen
        assert driver.sent == []

    drive(act)


def test_keys_pressed_faster_than_a_dialog_closes_mean_nothing_more() -> None:
    async def act(driver: Driver) -> None:
        for key in ("y", "n", "escape", "enter"):
            await driver.press("5", "g", "j", "j", "p")
            for name in (key, "y", "escape", "n"):
                driver.app.post_message(Key(name, None))
            await driver.pilot.pause()
            assert driver.top() is DeskScreen
            assert driver.sent == [events.ResumeStrategy("imbalance")]
            assert driver.app.is_running

    drive(act)


def test_words_of_an_override_are_its_new_value_in_the_limits_own_unit() -> None:
    desk = sample_snapshot()
    gross = events.OverrideLimit("P19", "desk", 5 * 10 ** (desk.money_digits + 2), 900, 1)
    orders = events.OverrideLimit("P25", "desk", 10, 900, 1)
    assert typed_words(gross, desk) == "P19 desk 100500.00"
    assert typed_words(orders, desk) == "P25 desk 60"


def test_a_fixed_limit_has_no_override() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("r", "G", "O")
        assert driver.top() is DeskScreen
        assert "cannot be overridden" in driver.footer()

    drive(act)


def test_an_override_of_money_names_the_currency() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("r", "j", "j", "O")
        assert any("how much more (USDT)" in row for row in driver.screen())
        await driver.write("500")
        await driver.press("enter")
        assert any("override P19 desk by 500.00 USDT for 15m" in row for row in driver.screen())

    drive(act)


def test_help_begins_with_the_keys_of_the_pane_it_was_asked_in() -> None:
    async def act(driver: Driver) -> None:
        for pane, words in (("4", ("IN POSITIONS", "f F", "close this position")), ("7", ("IN ALERTS", "acknowledge"))):
            await driver.press(pane, "question_mark")
            rows = "\n".join(driver.screen())
            assert all(word in rows for word in words)
            assert rows.index(words[0]) < rows.index("STOP")
            await driver.press("escape")

    drive(act)


def test_the_pane_says_why_a_check_is_never_overridden() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("r")
        screen = "\n".join(driver.screen())
        for check, (code, why) in FIXED.items():
            assert f"{check} {code}: {why}" in screen

    drive(act)


DIALOGS: dict[str, tuple[type, tuple[str, ...]]] = {
    "help": (HelpScreen, ("question_mark",)),
    "palette": (PickScreen, ("ctrl+p",)),
    "instrument": (PickScreen, ("i",)),
    "quit": (LeaveScreen, ("q",)),
    "resume": (ConfirmScreen, ("5", "j", "j", "p")),
    "weight": (WeightScreen, ("5", "equals_sign")),
    "override": (OverrideScreen, ("r", "O")),
    "typed": (TypedScreen, ("R",)),
}


@pytest.mark.parametrize("dialog", DIALOGS)
def test_the_emergency_row_works_in_every_dialog(dialog: str) -> None:
    kind, keys = DIALOGS[dialog]

    async def act(driver: Driver) -> None:
        await driver.press(*keys)
        assert driver.top() is kind
        await driver.press("f7", "f8", "f9", "ctrl+k")
        assert driver.top() is kind

    state = "REDUCING" if dialog == "typed" else "ACTIVE"
    sent = [each.action for each in drive(act, replace(sample_snapshot(), trading_state=state)).sent]
    assert sent == [events.CancelAll(), events.SetTradingState(TradingState.HALTED), events.Kill(), events.Kill()]


def test_the_emergency_row_works_before_the_first_snapshot_and_on_a_screen_too_small() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("f6", "f9")
        assert driver.sent == [events.SetTradingState(TradingState.REDUCING), events.Kill()]

    drive(act, source=FrozenSource([]))
    drive(act, size=(30, 6))


def test_a_remapped_emergency_key_works_in_a_dialog_and_the_old_one_does_not() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("ctrl+p", "f8", "f12")
        assert driver.sent == [events.SetTradingState(TradingState.HALTED)]

    drive(act, keys={"halt": "f12"})


def test_on_a_screen_too_small_no_key_acts_on_a_row_that_is_not_seen() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5")
        await driver.pilot.resize_terminal(40, 10)
        await driver.press("p", "d", "6", "x", "4", "f", "F")
        assert driver.sent == []

    drive(act)


def test_a_chord_waits_a_second_and_a_half_and_says_what_it_would_do() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("4", "f")
        assert "F: close +0.420" in driver.footer()
        driver.clock.now_s += 1.4
        await driver.draw()
        assert "F: close +0.420" in driver.footer()
        driver.clock.now_s += 0.1
        await driver.draw()
        assert "F: close" not in driver.footer()
        await driver.press("F")  # arms the other chord, closes nothing
        driver.clock.now_s += 1.6
        await driver.press("f")
        assert driver.sent == []

    drive(act)


def test_when_the_target_goes_the_dialog_says_so_and_yes_is_off() -> None:
    def with_imbalance(state: str) -> Snapshot:
        desk = sample_snapshot()
        rows = tuple(replace(each, state=state) if each.name == "imbalance" else each for each in desk.strategies)
        return replace(desk, strategies=rows)

    async def act(driver: Driver) -> None:
        await driver.press("5", "j", "j", "p")
        await driver.show(with_imbalance("RUN"))
        assert any("has changed" in row for row in driver.screen())
        await driver.press("y")
        assert driver.top() is ConfirmScreen
        await driver.show(with_imbalance("PAUSE"))
        await driver.press("y")
        assert driver.sent == [events.ResumeStrategy("imbalance")]

    drive(act)


def test_a_raised_limit_ends_the_override_that_was_decided_on_the_old_one() -> None:
    desk = sample_snapshot()
    other = replace(desk, limits=(replace(desk.limits[0], limit=500), *desk.limits[1:]))

    async def act(driver: Driver) -> None:
        await fill_override(driver)
        await driver.show(other)
        await driver.write("rolling over")
        await driver.press("enter")
        assert any("has changed" in row for row in driver.screen())
        assert driver.sent == []

    drive(act)


def test_the_cursor_stays_on_its_order_while_others_come_and_go() -> None:
    desk = sample_snapshot()
    newer = replace(desk.orders[0], id="c7-000200", created_ns=desk.now_ns)

    async def act(driver: Driver) -> None:
        await driver.press("6", "j", "j")
        await driver.show(replace(desk, orders=(newer, *desk.orders)))
        await driver.press("x")
        await driver.show(replace(desk, orders=desk.orders[1:]))
        await driver.press("s", "s", "x")
        assert driver.sent == [events.CancelOrder("c7-000132")] * 2

    drive(act)


def test_the_seen_sequence_is_that_of_the_picture_decided_on() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5", "j", "j", "p")
        await driver.show(replace(sample_snapshot(), seq=77))
        await driver.press("y")

    assert [each.seen_seq for each in drive(act).sent] == [77]


def test_an_action_of_the_palette_is_the_keys_action_with_its_question() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("ctrl+p")
        await driver.write("resume")
        await driver.press("enter")
        assert driver.top() is ConfirmScreen
        await driver.press("n", "colon")
        await driver.write("no new orders")
        await driver.press("down", "enter")
        assert driver.sent == [events.Kill()]

    drive(act)


def test_a_click_moves_the_cursor_and_sends_nothing() -> None:
    async def act(driver: Driver) -> None:
        for name, region in driver.app.desk.placed().items():
            for y in range(1, region.height, 5):
                await driver.pilot.click(offset=(region.x + 5, region.y + y), times=2)
            if PANES[name].number:
                assert driver.app.desk.focused_pane == name
        assert driver.sent == []
        await driver.pilot.click(offset=(60, driver.app.desk.placed()["strategies"].y + 3))
        await driver.press("p")
        assert driver.sent == [events.PauseStrategy("reversion")]

    drive(act)


@pytest.mark.parametrize("id", [id for id, action in BY_ID.items() if action.command and action.scope])
def test_there_is_no_command_for_a_row_that_is_gone(id: str) -> None:
    build = BY_ID[id].command
    assert build is not None
    gone = build(Context(sample_snapshot(), BY_ID[id].scope[0], "gone"))
    assert gone is None or gone == events.AckAlert(None)
    if BY_ID[id].id != "acknowledge_all":
        assert build(Context(sample_snapshot(), BY_ID[id].scope[0], None)) is None


def test_a_flat_position_is_not_closed() -> None:
    desk = sample_snapshot()
    flat = replace(desk, positions=(replace(desk.positions[0], lots=0), *desk.positions[1:]))
    build = BY_ID["flatten"].command
    assert build is not None
    assert build(Context(desk, "positions", BTC)) == events.Flatten(BTC)
    assert build(Context(flat, "positions", BTC)) is None


@pytest.mark.parametrize(
    ("row", "text", "units"),
    [
        (0, "0.001", 1),  # lots of 0.001
        (0, "1.1", 1100),
        (1, "0.001", 1),  # lots of 0.0010, written with four decimals
        (1, "0.0125", None),
        (1, "0.0120", 12),
        (2, "100", 1_000_000),  # money with four digits
        (2, "0.00001", None),
        (3, "5", 5),
        (3, "5.5", None),
        (3, "-5", None),
        (3, "0", None),
        (3, "five", None),
    ],
)
def test_a_number_is_read_in_the_limits_unit_exactly_or_not_at_all(row: int, text: str, units: int | None) -> None:
    desk = sample_snapshot()
    assert override.units(text, desk.limits[row], desk) == units
