"""What ties the console to its engine: whether it is heard, what to do when it is not, and how the two part."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from catui.console.screens.dialog import Question
from catui.console.screens.leave import LeaveScreen
from catui.console.screens.lost import FailedScreen, LostScreen
from catui.console.screens.token import TokenScreen
from catui.console.words.spoken import at_work
from catui.snapshot import Snapshot

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

LATE_S = 1.0  # from here the age of the last snapshot is told
SILENT_S = 3.0  # from here nothing on the screen is to be believed


class Bond:
    """What the app does about its engine as such: the start, silence, loss, control, leaving."""

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app
        self._failure = ""
        self._has_told_loss = False
        self._is_detaching = False
        self._ending: asyncio.Task[None] | None = None

    def doings(self) -> dict[str, Callable[[], None]]:
        """By the action's id."""
        return {"control": self._ask_for_control, "quit": self._quit}

    @property
    def words(self) -> str:
        """How the engine is doing, in one line."""
        return self._failure or self._app.source.status()

    def start(self) -> None:
        """Start the engine in the background."""
        self._run(self._started(self._app.source.start), "start")

    def silence(self) -> tuple[bool, str]:
        """Whether the screen is old, and what the header says of it."""
        source = self._app.source
        if self._failure:
            return True, self._failure
        snapshot = source.latest()
        if source.ended() is not None:
            has_last_word = snapshot is not None and bool(snapshot.ended)
            return source.ended() != 0 and not has_last_word, source.status()
        age_s = source.age_s()
        if snapshot is None or age_s < LATE_S:
            return False, ""
        if age_s < SILENT_S:
            return False, f"engine {age_s:.0f}s ago"
        return True, f"ENGINE SILENT {age_s:.0f}s, it may be trading; {self._app.label('kill')} leaves a kill file"

    def refusal(self) -> str:
        """Why nothing may be sent from here; empty where it may."""
        if self._app.source.may_command():
            return ""
        return f"READ ONLY, nothing was sent; {self._app.label('control')} asks for control"

    def leave_kill_order(self) -> bool:
        """A kill where a command would not be read: by a file. False where it would, or where that is all there is."""
        source = self._app.source
        is_lost = bool(source.lost())
        is_silent = source.latest() is not None and source.age_s() >= SILENT_S
        if not is_lost and not is_silent:
            return False
        is_laid = self._app.kills.lay_file()
        self._app.frame()
        return is_laid or is_lost

    def tell_loss(self) -> None:
        """Ask once what to do about an engine that is gone, or never ran."""
        source = self._app.source
        has_failed = source.latest() is None and bool(self._failure or source.ended())
        lines = source.lost() or ((self.words,) if has_failed else ())
        if lines and not self._has_told_loss and self._ending is None:
            dialog, is_guest = FailedScreen if has_failed else LostScreen, not source.owns()
            self._app.open(dialog(lines, is_guest), self._answered_loss)
        self._has_told_loss = bool(lines)

    async def close(self) -> None:
        """Part from the engine, once, however often it is asked for."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._app.source.close(stop=self._is_end))
        await asyncio.shield(self._ending)

    @property
    def _is_end(self) -> bool:
        """Whether leaving ends the run."""
        return self._app.source.owns() and not self._is_detaching

    def _run(self, work: Awaitable[None], name: str) -> None:
        self._app.run_worker(work, name=name, group="engine", exit_on_error=False)

    async def _started(self, start: Callable[[], Awaitable[None]]) -> None:
        self._failure = ""
        try:
            await start()
        except Exception as error:  # said on the screen: an engine that cannot start is no reason to lose the terminal
            self._failure = f"engine did not start: {type(error).__name__}: {error}"
        self._has_told_loss = False  # if it is gone still, or again, that is to be asked about again
        self._app.say_view_again()

    def _answered_loss(self, answer: str | None) -> None:
        if answer == "recover":
            self._run(self._started(self._app.source.recover), "recover")
        elif answer == "leave":
            self._leave_cleanly()

    def _ask_for_control(self) -> None:
        if self._app.source.may_command():
            self._app.say("this console has control already")
        else:
            self._app.open(TokenScreen(self._app.source.claim), self._answered_token)

    def _answered_token(self, is_given: bool | None) -> None:
        self._app.say("control is given" if is_given else "still read only")

    def _quit(self) -> None:
        source = self._app.source
        snapshot = source.latest()
        if self._ending is not None:
            self._app.leave(0)
        elif snapshot is not None and source.owns() and source.ended() is None and at_stake(snapshot):
            question = Question("Leave the desk?", at_stake, lambda _: True)
            self._app.open(LeaveScreen(question, snapshot, source.can_detach()), self._answered_quit)
        else:
            self._leave_cleanly()

    def _answered_quit(self, answer: str | None) -> None:
        self._is_detaching = answer == "detach"
        if answer is not None:
            self._leave_cleanly()

    def _leave_cleanly(self) -> None:
        doing = "the engine ends the run" if self._is_end else "the engine goes on"
        self._app.say(f"leaving: {doing}; q again does not wait to see it")
        self._run(self._left(), "leave")

    async def _left(self) -> None:
        try:
            await self._app.close_source()
        finally:
            self._app.leave(self._app.source.ended() or 0)


def at_stake(snapshot: Snapshot) -> tuple[str, ...]:
    """What a person should know before leaving: empty when nothing is."""
    held = sum(each.lots != 0 for each in snapshot.positions)
    facts = (
        (snapshot.badge == "LIVE", "real money"),
        (bool(snapshot.orders), at_work(len(snapshot.orders))),
        (held > 0, "1 position is open" if held == 1 else f"{held} positions are open"),
    )
    return tuple(text for is_so, text in facts if is_so)
