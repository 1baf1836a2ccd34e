"""A console beside others: what it may do, what it shows of them, how it goes, what it does without its engine."""

from functools import partial

import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import sample_snapshot

from catui.console.commands.kill_watch import VERIFIED
from catui.console.keys.actions import ACTIONS
from catui.console.screens.desk import DeskScreen
from catui.console.screens.lost import FailedScreen, LostScreen
from catui.console.screens.token import TokenScreen
from catui.console.screens.unheard import UnheardScreen
from catui.console.source import FrozenSource
from catui.console.words.outbox import ANSWER_S
from catui.domain import events
from catui.errors import UsageError
from catui.snapshot import ConsoleView, ResultView, Snapshot

ANN, BEN = ConsoleView("ann", "control"), ConsoleView("ben", "watch")


def watched() -> FrozenSource:
    """An engine that another console started, and on which this one may only look."""
    source = FrozenSource([replace(sample_snapshot(), consoles=(ANN, BEN))])
    source.is_owner, source.is_watching = False, True
    return source


def test_a_console_that_may_only_watch_says_so_and_sends_nothing() -> None:
    async def act(driver: Driver) -> None:
        assert "PAPER read only" in driver.screen()[0]
        for action in ACTIONS:
            if action.is_order:
                driver.app.commands.order(action, driver.app.desk.context())
        await driver.press("f9", "5", "p")
        assert driver.sent == []
        assert "READ ONLY, nothing was sent; U asks for control" in driver.footer()

    drive(act, source=watched())


def test_the_header_names_the_consoles_once_there_are_two() -> None:
    async def alone(driver: Driver) -> None:
        await driver.show(replace(sample_snapshot(), consoles=(ANN,)))
        assert "consoles" not in "".join(driver.screen()[:2])
        assert "read only" not in driver.screen()[0]

    async def together(driver: Driver) -> None:
        assert "consoles 2: ann, ben (watch)" in "".join(driver.screen()[:2])

    async def narrow(driver: Driver) -> None:
        assert "2 consoles" in driver.screen()[0]

    calm = replace(sample_snapshot(), consoles=(ANN, BEN), overrides=(), feeds=())
    drive(alone, size=(200, 60))
    drive(together, calm, size=(200, 60))
    drive(narrow, replace(calm, badge="PAPER", markets=(), alerts=()), size=(100, 24))


def test_what_another_console_asked_is_said_with_its_author_and_only_when_it_is_news() -> None:
    def answered(desk: Snapshot, *results: ResultView) -> Snapshot:
        return replace(desk, results=results)

    old = ResultView("ann-1", True, "momentum paused", "ann")
    desk = answered(sample_snapshot(), old)

    async def act(driver: Driver) -> None:
        assert "ann" not in driver.footer()
        await driver.show(answered(desk, old, ResultView("ann-2", True, "HALTED", "ann")))
        assert "ann: HALTED" in driver.footer()
        await driver.show(answered(desk, old, ResultView("ben-1", False, "no strategy \x1b", "ben")))
        assert "ben: REFUSED: no strategy \\x1b" in driver.footer()
        await driver.press("f8")
        driver.source.answer(True, "HALTED")
        await driver.draw()
        assert "ok: halt" in driver.footer()

    drive(act, desk, size=(160, 40))


def test_a_guest_leaves_at_once_and_the_engine_goes_on() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("q")
        assert driver.app.return_code == 0

    source = watched()
    source.is_watching = False
    drive(act, source=source)
    assert source.stops == [False]


def test_the_owner_may_end_the_run_detach_or_stay() -> None:
    async def stay_then(driver: Driver, key: str) -> None:
        await driver.press("q")
        assert "d leave it running" in "\n".join(driver.screen())
        await driver.press("n")
        assert driver.source.stops == []
        await driver.press("q", key)
        assert driver.app.return_code == 0

    for key, is_end in (("y", True), ("d", False)):
        source = drive(partial(stay_then, key=key))
        assert source.stops == [is_end]


def test_a_signal_ends_the_run_of_the_owner_and_leaves_that_of_others() -> None:
    async def act(driver: Driver) -> None:
        await driver.app.close_source()

    assert drive(act).stops == [True]
    assert drive(act, source=watched()).stops == [False]


def test_where_the_engine_is_silent_the_kill_key_leaves_a_kill_order() -> None:
    async def act(driver: Driver) -> None:
        driver.source.age = 3.5
        await driver.press("f9")
        assert "KILL FILE WRITTEN, not yet obeyed: /runs/frozen/kill" in driver.footer()
        assert (driver.source.kills, driver.sent) == (1, [])
        await driver.press("f8")
        assert driver.sent == [events.SetTradingState(events.TradingState.HALTED)]  # it may yet be read

    drive(act, size=(160, 40))


FAR = "run r-7 is on another machine; there: catui kill r-7"


class Far(FrozenSource):
    """An engine on another machine."""

    def write_kill_file(self) -> str:
        """It cannot be left from here."""
        raise UsageError(FAR)


def test_a_kill_order_that_cannot_be_left_is_sent_all_the_same() -> None:
    async def act(driver: Driver) -> None:
        driver.source.age = 3.5
        await driver.press("f9")
        assert driver.sent == [events.Kill()]
        assert driver.top() is UnheardScreen

    drive(act, source=Far([sample_snapshot()]))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_kill_without_an_answer_says_what_to_do_where_no_file_can_be_left(size: tuple[int, int]) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("f9")
        driver.clock.now_s += ANSWER_S - 0.1
        await driver.draw()
        assert driver.top() is not UnheardScreen
        driver.clock.now_s += 0.1
        await driver.draw()
        assert driver.top() is UnheardScreen
        for words in ("NOT VERIFIED", *FAR.split("; ")):
            assert any(words in row for row in driver.screen()), words
        await driver.press("f9")
        assert driver.sent == [events.Kill(), events.Kill()]
        await driver.show(halted(driver, orders=True))
        assert any("HALTED; 1 order works still" in row for row in driver.screen())
        await driver.show(halted(driver))
        assert any(VERIFIED in row for row in driver.screen())
        await driver.press("escape")
        await driver.draw()
        assert driver.top() is not UnheardScreen
        assert VERIFIED in driver.footer()

    drive(act, size=size, source=Far([sample_snapshot()]))


def test_a_kill_without_an_answer_lays_the_file_where_it_can_be_left() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("f9")
        driver.clock.now_s += ANSWER_S
        await driver.draw()
        await driver.draw()
        assert driver.source.kills == 1
        assert driver.sent == [events.Kill()]

    drive(act)


def test_a_kill_is_done_when_the_desk_s_own_picture_says_so_and_not_when_it_is_refused() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("f9")
        driver.source.answer(True, "HALTED; cancelling all")  # the picture does not say so yet
        await driver.draw()
        assert VERIFIED not in driver.footer()
        await driver.show(halted(driver))
        assert VERIFIED in driver.footer()
        await driver.press("f9")
        driver.source.answer(False, "a replay takes no commands")
        driver.clock.now_s += ANSWER_S
        await driver.draw()
        assert (driver.source.kills, driver.top()) == (0, DeskScreen)

    drive(act)


def halted(driver: Driver, *, orders: bool = False) -> Snapshot:
    """The desk after the last command was done."""
    shown, done = sample_snapshot(), "HALTED; cancelling all"
    results = tuple(ResultView(sent.id, True, done) for sent in driver.source.sent)
    return replace(shown, trading_state="HALTED", orders=shown.orders[:1] if orders else (), results=results)


def test_an_engine_that_is_gone_is_asked_about_once_and_can_be_taken_up() -> None:
    async def act(driver: Driver) -> None:
        driver.source.lost_words, driver.source.exit_code = ("exit code -9", "Killed \x1b[2J"), 1
        await driver.draw()
        assert driver.top() is LostScreen
        text = "\n".join(driver.screen())
        assert "exit code -9" in text
        assert "Killed \\x1b[2J" in text
        await driver.press("escape")
        await driver.draw()
        assert driver.top() is not LostScreen  # asked once
        await driver.press("f9")
        assert driver.source.kills == 1
        driver.source.lost_words = ()
        await driver.draw()
        driver.source.lost_words = ("again",)
        await driver.draw()
        await driver.press("r")
        assert driver.source.recoveries == 1
        assert len(driver.source.views) >= 2  # what is seen is said anew

    drive(act)


class Unmended(FrozenSource):
    """An engine that cannot be taken up."""

    async def recover(self) -> None:
        """Count it, and be gone still."""
        await super().recover()
        self.lost_words = ("no such file",)


def test_an_engine_that_cannot_be_taken_up_is_asked_about_again() -> None:
    async def act(driver: Driver) -> None:
        driver.source.lost_words = ("the connection ended",)
        await driver.draw()
        await driver.press("r")
        await driver.draw()
        assert driver.top() is LostScreen
        assert "no such file" in "\n".join(driver.screen())

    drive(act, source=Unmended([sample_snapshot()]))


def test_a_guest_says_what_it_knows_that_the_connection_is_lost() -> None:
    guest = FrozenSource([sample_snapshot()])
    guest.is_owner = False

    async def act(driver: Driver) -> None:
        driver.source.lost_words = ("the connection ended",)
        await driver.draw()
        text = "\n".join(driver.screen())
        assert "The connection is lost" in text
        assert "r connect again" in text

    drive(act, source=guest)


def test_control_is_asked_for_with_a_token_that_is_not_shown() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("U")
        assert driver.top() is TokenScreen
        await driver.write("wrong")
        assert "wrong" not in "\n".join(driver.screen())
        assert "PID.control" in "\n".join(driver.screen())
        await driver.press("enter")
        assert "not the token" in "\n".join(driver.screen())
        await driver.write("open")
        await driver.press("enter")
        assert driver.source.claims == ["wrong", "open"]
        assert "control is given" in driver.footer()
        assert "read only" not in driver.screen()[0]
        await driver.press("f8")
        assert len(driver.sent) == 1
        await driver.press("U")
        assert "has control already" in driver.footer()

    drive(act, source=watched())


def test_an_engine_that_never_ran_says_why_in_whole_and_is_started_again() -> None:
    never = FrozenSource([], ended=2)
    never.words = "tape /a/very/long/way/" + "down/" * 40 + "day.gz: not found"

    async def act(driver: Driver) -> None:
        await driver.draw()
        assert driver.top() is FailedScreen
        assert "day.gz: not found" in "\n".join(driver.screen())
        await driver.press("r")
        assert driver.source.recoveries == 1

    drive(act, source=never, size=(80, 24))
