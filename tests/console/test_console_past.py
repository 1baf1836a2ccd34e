"""Time travel on the screen: each key, what the past refuses, and the way back to the live desk."""

import pytest
from desk_driver import Act, Driver, drive
from frozen_past import EVENTS, FIRST_NS, LIVE, MARKS, FrozenPast, snapshot_of, ts_of
from msgspec.structs import replace

from catui.console.keys.actions import ACTIONS, BY_ID
from catui.console.keys.keymap import keymap, name_of
from catui.console.panes import PANES, timeline
from catui.console.screens.desk import DeskScreen
from catui.console.screens.line import LineScreen
from catui.console.screens.pick import PickScreen
from catui.console.source import FrozenSource, Recorded
from catui.domain import events
from catui.domain.events import TradingState
from catui.runtime.marks import Kind
from catui.runtime.past.messages import Draw, Keep, Rest, Seek, ToMark, ToSeq, ToTime
from catui.snapshot import Snapshot

SECOND = 1_000_000_000
MAP = keymap({})
OF_PAST = [action for action in ACTIONS if action.is_of_past]


def keys(id: str) -> list[str]:
    """The first way to press an action."""
    return [name_of(part) for part in MAP.keys[id][0].split()]


def travel(act: Act, past: FrozenPast | None = None, **more: object) -> tuple[FrozenPast, FrozenSource]:
    """A console on a live desk, already in the past."""
    given = past or FrozenPast()

    async def there(driver: Driver) -> None:
        await driver.press("t")
        await act(driver)

    return given, drive(there, open_past=lambda run: given, **more)  # type: ignore[arg-type]


def seq_shown(driver: Driver) -> int:
    """Where the panes stand: the sample's result tells it."""
    snapshot: Snapshot | None = driver.app.past.snapshot()
    assert snapshot is not None
    return snapshot.pnl_money // int(10**snapshot.money_digits)


def test_t_enters_the_past_at_the_latest_moment_and_big_l_leaves_it() -> None:
    async def act(driver: Driver) -> None:
        assert seq_shown(driver) == EVENTS
        top = driver.screen()[0]
        for words in ("PAPER", "ACTIVE", "PAST  -00:00:00", f"seq {EVENTS}", "LIVE +1,204.51", "alerts 1!"):
            assert words in top, words
        await driver.press("L")
        assert driver.app.past.snapshot() is None
        assert "PAST" not in driver.screen()[0]
        assert "timeline" not in driver.app.desk.placed()
        await driver.press("L")
        assert "this is the live desk" in driver.footer()

    past, source = travel(act)
    assert (past.run, past.starts, past.closes) == (LIVE.run, 1, 1) or past.run == ""
    assert isinstance(past.asked[-1], Rest)
    assert source.sent == []


STEPS = {
    "event_back": (100, [99, 98]),
    "event_on": (100, [101, 102]),
    "second_back": (100, [96, 92]),
    "second_on": (100, [104, 108]),
    "minute_back": (100, [1, 1]),
    "minute_on": (30, [120, 120]),
    "mark_back": (100, [90, 60]),
    "mark_on": (30, [40, 60]),
}


@pytest.mark.parametrize("id", STEPS)
def test_a_step_goes_there_and_the_next_one_goes_on_from_it(id: str) -> None:
    start, seen = STEPS[id]

    async def act(driver: Driver) -> None:
        await driver.press("t")
        await driver.write(f"#{start}")
        await driver.press("enter")
        assert seq_shown(driver) == start
        for seq in seen:
            await driver.press(*keys(id))
            assert seq_shown(driver) == seq
            assert f"seq {seq} " in driver.screen()[0]

    travel(act)


def test_every_key_of_the_past_does_something_there_and_nothing_on_the_live_desk() -> None:
    shown = {*STEPS, "mark_kind", "play", "slower", "faster", "live"}
    assert shown == {action.id for action in OF_PAST}

    async def act(driver: Driver) -> None:
        for action in OF_PAST:
            if action.id != "live":
                await driver.press(*keys(action.id))
                assert "t enters the past first" in driver.footer(), action.id
        assert driver.sent == []

    past = FrozenPast()
    drive(act, open_past=lambda run: past)
    assert past.asked == []


def test_no_key_of_the_past_is_a_command_on_the_live_desk() -> None:
    commands = {name_of(key.split()[0]) for action in ACTIONS if action.is_order for key in action.keys}
    assert not commands & {name_of(key.split()[0]) for action in OF_PAST for key in action.keys}


def test_a_held_key_does_not_queue_but_goes_as_far_as_it_was_held() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        past.hold = True
        await driver.press(*["comma"] * 7)
        assert seq_shown(driver) == EVENTS  # not answered yet
        past.answer()
        await driver.draw()
        assert seq_shown(driver) == EVENTS - 7
        await driver.press(*["less_than_sign"] * 3)
        past.answer()
        await driver.draw()
        assert seq_shown(driver) == EVENTS - 7 - 12

    travel(act, past)


def test_marks_are_gone_to_by_kind_and_one_that_is_not_there_is_said() -> None:
    async def act(driver: Driver) -> None:
        seen, kinds = [], []
        for _ in range(6):
            await driver.press("vertical_line")
            seen.append(driver.footer().split("marks: ")[1].split()[0])
            kinds.append({*driver.screen()[-3][10:110]} - {" ", "^"})
            if seen[-1] == "fill":
                await driver.press("left_curly_bracket")
                assert seq_shown(driver) == 60
                assert "f filled BUY 0.200" in driver.screen()[-2]
                await driver.press("left_curly_bracket")
                assert seq_shown(driver) == 60
                assert "no earlier fill" in driver.footer()
        assert seen == ["order", "fill", "alert", "command", "bookmark", "all"]
        assert kinds == [{"o"}, {"f"}, {"!"}, {"c"}, {"b"}, {*"ocb!f"}]  # the timeline has the chosen ones
        await driver.press("L", "t", "right_curly_bracket")
        assert "no later mark" in driver.footer()

    past, _ = travel(act)
    assert ToMark(EVENTS, False, Kind.FILL) in past.sought


def test_played_time_is_engine_time_and_what_is_quiet_for_long_is_skipped_and_said() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("t")
        await driver.write("#50")
        await driver.press("enter", "space")
        driver.clock.now_s += 1.0
        await driver.draw()
        await driver.draw()
        assert seq_shown(driver) == 54
        for _ in range(2):
            await driver.press("right_parenthesis")
        assert "speed x4" in driver.footer()
        assert "play x4" in driver.screen()[-3]
        driver.clock.now_s += 0.375
        await driver.draw()
        await driver.draw()
        assert seq_shown(driver) == 61
        assert "nothing happened for 00:00:20: skipped" in driver.footer()
        await driver.press("space")
        driver.clock.now_s += 60.0
        await driver.draw()
        assert seq_shown(driver) == 61

    travel(act)


def test_speeds_go_from_a_quarter_to_a_thousand() -> None:
    async def act(driver: Driver) -> None:
        await driver.press(*["left_parenthesis"] * 9)
        assert "speed x1/4" in driver.footer()
        await driver.press(*["right_parenthesis"] * 20)
        assert "speed x1000" in driver.footer()
        await driver.press("t")
        await driver.write("start")
        await driver.press("enter", "space")
        driver.clock.now_s += 60.0
        for _ in range(3):
            await driver.draw()
        assert seq_shown(driver) == EVENTS
        assert "as far as the run goes" in driver.footer()
        assert "play" not in driver.screen()[-3]

    travel(act)


@pytest.mark.parametrize(
    ("typed", "seq"),
    [("#1", 1), ("#77", 77), ("#9,999", EVENTS), ("-5s", EVENTS - 20), ("-10h", 1), ("+1s", EVENTS), ("start", 1)],
)
def test_a_moment_is_typed(typed: str, seq: int) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("t")
        assert driver.top() is LineScreen
        await driver.write(typed)
        await driver.press("enter")
        assert driver.top() is DeskScreen
        assert seq_shown(driver) == seq

    travel(act)


def test_a_moment_that_is_none_stays_in_the_dialog_and_says_what_could_be_written() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("t")
        for wrong in ("yesterday", "25:00", "5m", "#", "#1e9", "--5m"):
            await driver.write(wrong)
            await driver.press("enter")
            assert driver.top() is LineScreen
            assert "14:03:07" in "".join(driver.screen())
            await driver.press("ctrl+u")
        await driver.press("escape")
        assert seq_shown(driver) == EVENTS

    travel(act)


REFUSED = [action for action in ACTIONS if action.is_order and action.keys and not action.is_emergency]


def test_in_the_past_no_command_is_sent_and_the_way_back_is_said() -> None:
    async def act(driver: Driver) -> None:
        for action in REFUSED:
            pane = action.scope[0] if action.scope else "book"
            await driver.press(str(PANES[pane].number), *keys(action.id))
            assert driver.top() is DeskScreen, action.id
            assert "you are at 14:03:07; L goes back to live" in driver.footer(), action.id
            assert driver.app.past.is_on
        assert driver.sent == []

    travel(act)


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("f6", events.SetTradingState(TradingState.REDUCING)),
        ("f7", events.CancelAll()),
        ("f8", events.SetTradingState(TradingState.HALTED)),
        ("f9", events.Kill()),
    ],
)
def test_the_emergency_row_goes_to_the_live_desk_and_acts_there(key: str, command: events.Action) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("t")
        await driver.write("#3")
        await driver.press("enter", "t", key)  # from within a dialog of the past
        assert not driver.app.past.is_on

    _, source = travel(act)
    assert [(each.action, each.seen_seq) for each in source.sent] == [(command, LIVE.seq)]


def test_the_live_half_goes_on_while_the_past_stands_still() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("comma")
        halted = replace(
            LIVE, pnl_money=-5 * 10**LIVE.money_digits, trading_state="HALTED", now_ns=LIVE.now_ns + 90 * SECOND
        )
        await driver.show(halted)
        top = driver.screen()[0]
        assert "LIVE -5.00" in top
        assert "LIVE HALTED" in top
        assert "PAST  -00:01:30" in top
        assert "ACTIVE" in top  # as it was then
        assert seq_shown(driver) == EVENTS - 1

    travel(act)


def test_the_log_stands_where_the_moment_does() -> None:
    async def act(driver: Driver) -> None:
        log = driver.app.log_lines
        for seq in (10, 50, 90):
            log.add(ts_of(seq), "info", "engine", f"line of event {seq}")
        await driver.press("t")
        await driver.write("#50")
        await driver.press("enter", "9", "z")
        rows = "\n".join(driver.screen())
        assert "line of event 10" in rows
        assert "line of event 50" in rows
        assert "line of event 90" not in rows
        await driver.press("L")
        assert "line of event 90" in "\n".join(driver.screen())

    travel(act)


def test_another_instrument_or_size_is_asked_for_of_the_same_moment() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("comma", "right_square_bracket")
        assert seq_shown(driver) == EVENTS - 1

    past, _ = travel(act)
    seeks = [each for each in past.asked if isinstance(each, Seek)]
    assert [each.target for each in seeks[-2:]] == [ToSeq(EVENTS - 1)] * 2
    assert [each.view.instrument for each in seeks[-2:]] == ["", LIVE.instruments[1].key]


def test_a_click_on_the_timeline_goes_to_the_end_of_that_part() -> None:
    async def act(driver: Driver) -> None:
        region = driver.app.desk.placed()["timeline"]
        count = timeline.cells(region.width)
        await driver.pilot.click("#pane-timeline", offset=(timeline.LABEL + 24, 0))
        await driver.pilot.pause()
        part_ns = (ts_of(EVENTS) - FIRST_NS) / count
        assert abs(snapshot_of(seq_shown(driver)).now_ns - FIRST_NS - 25 * part_ns) < 2 * part_ns
        before = seq_shown(driver)
        await driver.pilot.click("#pane-timeline", offset=(2, 0))  # the label
        await driver.pilot.pause()
        assert seq_shown(driver) == before

    past, _ = travel(act)
    assert isinstance(past.sought[-1], ToTime)


def test_a_bookmark_of_the_past_is_kept_beside_the_run_and_one_of_now_is_a_note_in_the_journal() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("comma", "M")
        await driver.write("here it turned")
        await driver.press("enter")
        assert "bookmark kept: here it turned" in driver.footer()
        await driver.press("t")
        await driver.write("start")
        await driver.press("enter", "apostrophe")
        assert driver.top() is PickScreen
        rows = "\n".join(driver.screen())
        assert "here it turned" in rows
        assert "look here (ann)" in rows
        await driver.press("enter")
        assert seq_shown(driver) == EVENTS - 1
        await driver.press("L", "M")
        await driver.write("and now")
        await driver.press("enter")

    past, source = travel(act)
    assert [each for each in past.asked if isinstance(each, Keep)] == [Keep(EVENTS - 1, "here it turned")]
    assert [each.action for each in source.sent] == [events.Note("and now")]


def test_the_bookmarks_of_a_live_desk_lead_into_the_past() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        await driver.press("apostrophe")
        assert driver.top() is PickScreen
        assert not driver.app.past.is_on
        await driver.press("enter")
        assert seq_shown(driver) == 20

    drive(act, open_past=lambda run: past)


def test_a_seeker_that_dies_is_said_and_t_starts_it_again_where_it_was() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        await driver.press("comma", "comma")
        past.die("the seeker ended with exit code -9")
        await driver.draw()
        assert "exit code -9; t starts it again" in driver.footer()
        assert seq_shown(driver) == EVENTS - 2  # what was seen stays
        await driver.press("comma")
        assert seq_shown(driver) == EVENTS - 2
        await driver.press("t")
        assert past.starts == 2
        assert driver.app.past.is_on
        await driver.press("comma")
        assert seq_shown(driver) == EVENTS - 4

    travel(act, past)


def test_what_takes_long_is_said_and_big_l_gives_up_waiting_for_it() -> None:
    past = FrozenPast()
    past.hold = True

    async def act(driver: Driver) -> None:
        await driver.press("t")
        past.answers.working = "stepping to it, 90,112 events to go"
        await driver.draw()
        assert "opening the past of this run: stepping to it, 90,112 events to go" in driver.footer()
        await driver.press("8", "x")
        assert "you are at" not in driver.footer()  # the live desk is still the one that is seen
        await driver.press("L")
        past.answer()
        await driver.draw()
        assert driver.app.past.snapshot() is None
        assert "opening" not in driver.footer()

    drive(act, open_past=lambda run: past)


def test_a_run_that_cannot_be_opened_is_said_with_the_reason() -> None:
    past = FrozenPast()
    past.hold = True

    async def act(driver: Driver) -> None:
        await driver.press("t")
        past.answers.opened = None
        past.refuse("run r: journal.db is no journal of catui")
        past.die("the seeker ended with exit code 4")
        await driver.draw()
        assert "journal.db is no journal of catui; t starts it again" in driver.footer()

    drive(act, open_past=lambda run: past)


def test_a_refusal_of_the_seeker_is_said_and_nothing_moves() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        past.hold = True
        await driver.press("comma")
        past.refuse("run r: block at 77 cannot be unpacked\x1b[2J")
        await driver.draw()
        assert "block at 77 cannot be unpacked\\x1b" in driver.footer()
        assert seq_shown(driver) == EVENTS

    travel(act, past)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_warning_about_the_run_is_seen_at_every_size(size: tuple[int, int]) -> None:
    async def act(driver: Driver) -> None:
        assert "recorded by other cod" in driver.screen()[0]
        if size[1] >= 30:
            assert "recorded by other code: what is shown may not be what was" in driver.screen()[-2]

    travel(act, FrozenPast(warning="recorded by other code: what is shown may not be what was"), size=size)


def test_a_desk_without_a_record_says_that_there_is_no_past() -> None:
    async def act(driver: Driver) -> None:
        for key in ("t", "apostrophe"):
            await driver.press(key)
            assert "there is no past to look at from here" in driver.footer()

    drive(act)


def test_a_growing_run_redraws_its_timeline_once_a_second_and_keeps_its_cells() -> None:
    past = FrozenPast(is_sealed=False)

    async def act(driver: Driver) -> None:
        await driver.draw()
        [first] = [each for each in past.asked if isinstance(each, Draw)]
        assert past.answers.reach is not None
        assert (
            past.answers.reach.ts_ns < first.until_ns <= FIRST_NS + (past.answers.reach.ts_ns - FIRST_NS) * 9 // 8 + 1
        )
        past.answers.reach = replace(past.answers.reach, seq=EVENTS + 1)
        await driver.draw()
        driver.clock.now_s += 1.0
        await driver.draw()
        await driver.draw()
        again = [each for each in past.asked if isinstance(each, Draw)]
        assert [(each.cells, each.from_ns, each.until_ns) for each in again] == [
            (first.cells, first.from_ns, first.until_ns)
        ] * 2

    travel(act, past)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_rows_of_the_screen_in_the_past(size: tuple[int, int]) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("t")
        await driver.write("#60")
        await driver.press("enter")
        rows = driver.screen()
        assert len(rows) == size[1]
        assert rows[0].startswith(" PAPER ")
        for words in ("PAST  -00:00:35", "seq 60", "14:02:32.120Z", "LIVE +1,204.51"):
            assert words in rows[0], (size, words)
        region = driver.app.desk.placed()["timeline"]
        density, marks = rows[region.y], rows[region.y + 1]
        assert density.startswith("14:02:17 ")
        assert density.rstrip().endswith("14:03:07Z")
        assert density.count("|") == 1
        assert marks.startswith("all ")
        assert [letter for letter in marks[10:-10] if letter != " "] == ["c", "b", "o", "f", "!"]
        assert marks[density.index("|")] == "f"
        if region.height == 3:
            assert rows[region.y + 2].startswith(" f filled BUY 0.200 BTCUSDT 60,123.00   o SELL 0.150")
        assert "L live" in rows[-1]
        assert "x cancel" not in rows[-1]
        assert rows[-1].rstrip().endswith("F9 KILL")

    travel(act, size=size)


def test_without_an_engine_the_badge_is_replay_and_nothing_is_commanded() -> None:
    past = FrozenPast()

    async def act(driver: Driver) -> None:
        top = driver.screen()[0]
        assert top.startswith(" REPLAY ")
        assert "LIVE" not in top
        assert "PAST  -00:00:00" in top
        await driver.press("comma")
        assert seq_shown(driver) == EVENTS - 1
        for key in ("f8", "f9", "R"):
            await driver.press(key)
            assert "a recorded run takes no command" in driver.footer()
            assert driver.app.past.is_on
        await driver.press("L")
        assert seq_shown(driver) == EVENTS  # the end of the run: there is no other now

    drive(act, source=Recorded("r"), open_past=lambda run: past)  # type: ignore[arg-type]


def test_marks_of_the_frozen_past_cover_every_kind() -> None:
    assert {mark.kind for mark in MARKS} == set(Kind)
    assert all(BY_ID[id].is_of_past for id in STEPS)
