"""Branches in the console: what is asked before one grows, and where a person goes from what came of it."""

from typing import TYPE_CHECKING

from catui.console.modes.past import NOWHERE, OpenPast
from catui.console.modes.travel import Past
from catui.console.render.number import clock
from catui.console.screens.compared import ComparedScreen
from catui.console.screens.growing import Answer, GrowingScreen
from catui.console.screens.line import LineScreen
from catui.console.screens.pick import PickScreen
from catui.console.screens.talk import Talk
from catui.runtime.past.messages import Compared, Fork, Offered, Prepare, Refused, Rest
from catui.runtime.past.whatif import Change, Choice, Path

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

POINTS = 800  # times at which equities are looked at: more than a screen has columns of dots
RUN, AS_IT_WAS = "run", "as it was"
NAME_CELLS = 34
FAR = "B works on the desk's own machine only"  # a branch is grown from the record
CALLS = ("strategy", "parameter")  # words of a path that its other words do not need


class BranchMode:
    """What the app does about branches: a seeker of its own grows them, so that the past stays at hand.

    `is_near` False: the run's record is on another machine, and work without end is not asked of that one.
    """

    def __init__(self, app: "CatuiApp", open_past: OpenPast | None, *, is_near: bool = True) -> None:
        self._app = app
        self._is_near = is_near
        self._open_past = open_past
        self._past: Past | None = None
        self._id = 0

    def start(self) -> None:
        """Ask what shall be otherwise from the moment that is shown."""
        here = self._app.past.here()
        if self._open_past is None or here is None or not self._is_near:
            self._app.say(NOWHERE if self._is_near else FAR)
            return
        branching = self._branched(self._open_past(here[0]), here[1], Talk(self._app))
        self._app.run_worker(branching, name="branch", group="branch", exit_on_error=False)

    def frame(self) -> None:
        """What a seeker has answered, to the dialog that waits for it."""
        top = self._app.screen
        if isinstance(top, GrowingScreen) and self._past is not None:
            top.hear(self._past.answers, self._past.died)

    async def close(self) -> None:
        """Let the seeker go."""
        if self._past is not None:
            await self._past.close()
            self._past = None

    def _answered(self) -> None:
        """Draw what was answered, in the app's own turn."""
        self._app.call_later(self._app.frame)

    async def _branched(self, past: Past, seq: int, talk: Talk) -> None:
        try:
            with talk:
                await self.close()
                self._past = past
                past.on_answer = self._answered
                await past.start()
                await self._compared(past, seq, talk)
        finally:
            await self.close()

    async def _compared(self, past: Past, seq: int, talk: Talk) -> None:
        self._id += 1
        offered = await self._answer(past, Prepare(self._id, seq), f"What if, from seq {seq:,}", talk)
        if isinstance(offered, Refused):
            self._app.say(offered.text, is_warning=True)
        if not isinstance(offered, Offered):
            return
        changes: dict[Path, str] = {}
        opened = past.answers.opened
        fault = opened.warning if opened is not None else ""
        while await self._chosen(offered, changes, fault, talk):
            self._id += 1
            given = tuple(Change(path, value) for path, value in changes.items())
            fork = Fork(self._id, offered.seq, given, POINTS)
            found = await self._answer(past, fork, f"What if, from seq {offered.seq:,}: {_count(len(given))}", talk)
            fault = found.text if isinstance(found, Refused) else ""
            if not isinstance(found, Compared):
                continue
            warning = past.answers.opened.warning if past.answers.opened is not None else ""
            word = await talk.ask(ComparedScreen(found, given, self._app.palette, warning))
            if word == "go" and found.difference is not None:
                self._app.past.visit(found.difference.seq)
            if word != "again":
                return

    async def _answer(self, past: Past, request: Prepare | Fork, title: str, talk: Talk) -> Answer | None:
        """What came of a request; None where nobody would wait: then the work on it has ended too."""
        past.answers.refused = None
        past.ask(request)
        screen = GrowingScreen(title, request.id)
        self._app.call_later(self._app.frame)  # it may be answered already
        found = await talk.ask(screen)
        if found is None:
            past.ask(Rest())
        return found

    async def _chosen(self, offered: Offered, changes: dict[Path, str], fault: str, talk: Talk) -> bool:
        """Let a person change `changes`; whether the branch shall grow."""
        by_name = {choice.name: choice for choice in offered.choices}
        while True:
            screen = PickScreen(_title(offered, fault), [_begin(changes), *_rows(offered.choices, changes)])
            picked = await talk.ask(screen)
            if picked is None or picked == RUN:
                return picked == RUN
            fault = ""
            choice = by_name[picked]
            value = await talk.ask(_form(choice))
            if value in ("", AS_IT_WAS):
                changes.pop(choice.path, None)
            elif value is not None:
                changes[choice.path] = value


def _title(offered: Offered, fault: str) -> str:
    events = offered.last_seq - offered.seq
    words = f"What if, from seq {offered.seq:,} {clock(offered.ts_ns, 3)}Z: {events:,} events behind it so far"
    return f"{words}\n! {fault}" if fault else words


def _begin(changes: dict[Path, str]) -> tuple[str, str]:
    return RUN, f"run it with {_count(len(changes))}"


def _count(changes: int) -> str:
    return f"{changes} change{'' if changes == 1 else 's'}" if changes else "nothing changed"


def _rows(choices: tuple[Choice, ...], changes: dict[Path, str]) -> list[tuple[str, str]]:
    """What is changed stands first."""
    ordered = sorted(choices, key=lambda choice: choice.path not in changes)
    return [(choice.name, _row(choice, changes.get(choice.path))) for choice in ordered]


def _row(choice: Choice, value: str | None) -> str:
    name = " ".join(choice.path[1:] if choice.path[0] in CALLS else choice.path)
    now = choice.now if value is None else f"{choice.now} -> {value}"
    return f"{'> ' if value is not None else '  '}{name:<{NAME_CELLS}} {now} {choice.unit}".rstrip()


def _form(choice: Choice) -> PickScreen | LineScreen:
    """Where the new value is picked, or typed."""
    title = f"{choice.name}, now {choice.now} {choice.unit}".rstrip()
    if choice.kind == "option":
        return PickScreen(title, [(each, each) for each in (*choice.options, AS_IT_WAS) if each != choice.now])
    label = f"{choice.range}; empty: as it was\n{choice.text}".rstrip()
    return LineScreen(title, label, lambda text: choice.fault(text) if text else "")
