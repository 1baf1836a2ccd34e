"""The past in the console: its keys, its dialogs, and what the screen shows instead of the live desk."""

from bisect import bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from catui.console.keys.actions import Action
from catui.console.modes.travel import Past, Travel
from catui.console.panes import timeline
from catui.console.panes.alerts import open_alerts
from catui.console.render.number import MINUTE, SECOND, clock
from catui.console.render.view import LogLine, PastView
from catui.console.screens.line import LineScreen
from catui.console.screens.pick import PickScreen
from catui.console.words.when import When, read
from catui.runtime.marks import TEXT_CELLS
from catui.runtime.past.messages import Bookmarks, ToSeq, ToTime
from catui.snapshot import Snapshot, View
from catui.text import printable

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

Lines = tuple[LogLine, ...]
OpenPast = Callable[[str], Past]  # by the run's name
NOWHERE = "there is no past to look at from here"


class PastMode:
    """What the app does about the past. Without an engine (`is_replay`) there is nothing else."""

    def __init__(self, app: "CatuiApp", open_past: OpenPast | None, *, is_replay: bool, at: When | None) -> None:
        self.is_replay = is_replay
        self._app = app
        self._open_past = open_past
        self._at = at
        self._travel: Travel | None = None
        self._run = ""
        self._list: PickScreen | None = None  # of bookmarks, which are still to come
        self._told_death = ""
        self._note = ""  # of a bookmark that is being kept
        self._log: tuple[Lines, int, Lines] = (), 0, ()  # whole, up to when, and that much of it
        self._shown: tuple[Snapshot, Snapshot] | None = None  # as it came, as it is shown

    def doings(self) -> dict[str, Callable[[], None]]:
        """What the past's keys do, by the action's id."""
        return {
            "past": self._enter_or_go,
            "live": self._to_live,
            "event_back": lambda: self._there(lambda travel: travel.by_events(-1)),
            "event_on": lambda: self._there(lambda travel: travel.by_events(1)),
            "second_back": lambda: self._there(lambda travel: travel.by_time(-SECOND)),
            "second_on": lambda: self._there(lambda travel: travel.by_time(SECOND)),
            "minute_back": lambda: self._there(lambda travel: travel.by_time(-MINUTE)),
            "minute_on": lambda: self._there(lambda travel: travel.by_time(MINUTE)),
            "mark_back": lambda: self._there(lambda travel: travel.to_mark(is_forward=False)),
            "mark_on": lambda: self._there(lambda travel: travel.to_mark(is_forward=True)),
            "mark_kind": lambda: self._there(Travel.next_kind),
            "play": lambda: self._there(lambda travel: travel.toggle(self._app.now_s())),
            "slower": lambda: self._there(lambda travel: travel.faster(-1)),
            "faster": lambda: self._there(lambda travel: travel.faster(1)),
            "bookmark": self._ask_note,
            "bookmarks": self._want_list,
        }

    @property
    def is_on(self) -> bool:
        """Whether the screen shows the past."""
        return self._travel is not None and self._travel.moment is not None

    def snapshot(self) -> Snapshot | None:
        """The desk at the moment; None where the live one is to be shown. A run without its engine is a replay."""
        moment = None if self._travel is None else self._travel.moment
        if moment is None or not self.is_replay:
            return None if moment is None else moment.snapshot
        if self._shown is None or self._shown[0] is not moment.snapshot:
            self._shown = moment.snapshot, replace(moment.snapshot, badge="REPLAY")
        return self._shown[1]

    def lines(self, lines: Lines) -> Lines:
        """The log as far as it had come at the moment; the same object until one of the two moves on."""
        moment = None if self._travel is None else self._travel.moment
        if moment is None:
            return lines
        log, ts_ns, _ = self._log
        if lines is not log or moment.ts_ns != ts_ns:
            cut = lines[: bisect_right(lines, moment.ts_ns, key=lambda line: line.ts_ns)]
            self._log = lines, moment.ts_ns, cut
        return self._log[2]

    def view(self, live: Snapshot | None) -> PastView | None:
        """Where the screen stands, and the live desk beside it."""
        view = None if self._travel is None else self._travel.view()
        if view is None or live is None:
            return view
        return replace(
            view,
            last_seq=max(view.last_seq, live.seq),
            last_ns=max(view.last_ns, live.now_ns),
            live_pnl_money=live.pnl_money,
            live_digits=live.money_digits,
            live_state=live.trading_state,
            live_alerts=open_alerts(live),
        )

    def doing(self) -> str:
        """What the seeker is about before the first moment is there."""
        travel = self._travel
        if travel is None or not travel.is_on or self.is_on:
            return ""
        return f"opening the past of this run: {travel.past.answers.working or travel.past.died or 'reading it'}"

    def start(self) -> None:
        """A run without an engine is all past."""
        if self.is_replay:
            self._enter("", self._at)

    def frame(self) -> None:
        """Hear the seeker, play on."""
        travel = self._travel
        if travel is None:
            return
        travel.frame(self._app.now_s(), timeline.cells(self._app.desk.size.width))
        if travel.past.died and travel.past.died != self._told_death and (travel.is_on or self._list is not None):
            self._told_death = travel.past.died
            travel.is_playing = False
            if self._list is not None:
                self._list.leave(None)
            self._app.tell(f"{self.fault(travel)}; {self._app.label('past')} starts it again", is_warning=True)
        kept = travel.past.answers.bookmarks
        if self._note and kept is not None and any(mark.text == self._note for mark in kept.marks):
            self._app.tell(f"bookmark kept: {self._note}")
            self._note = ""
        if self._list is not None and kept is not None:
            _list_bookmarks(self._list, kept)
            self._list = None

    def way(self) -> Travel | None:
        """The way into the past of the run on the screen, entered or not; None where there is none."""
        live = self._app.source.latest()
        return self._of("" if live is None else live.run)

    async def ready(self, travel: Travel) -> None:
        """A seeker that runs, and what it said is drawn."""
        if not travel.past.is_running:
            self._told_death = ""
            await travel.past.start()
        self._app.frame()

    def visit(self, seq: int) -> None:
        """Go to an event, from the live desk or from any moment."""
        if self._travel is not None and self._travel.is_on:
            self._there(lambda travel: travel.go(ToSeq(seq)))
        else:
            live = self._app.source.latest()
            self._enter("" if live is None else live.run, ToSeq(seq))

    def fault(self, travel: Travel) -> str:
        """How the seeker ended; why it could not open the run is worth more than its exit code."""
        answers = travel.past.answers
        return answers.refused.text if answers.opened is None and answers.refused is not None else travel.past.died

    def look(self, view: View) -> None:
        """What is on the screen has changed."""
        if self._travel is not None:
            self._travel.look(view)

    def click(self, x: int) -> None:
        """A click on the timeline goes there."""
        widget = self._app.desk.panes["timeline"]
        ts_ns = timeline.time_at(widget.view, widget.size.width, x)
        if ts_ns is not None:
            self._there(lambda travel: travel.go(ToTime(ts_ns)))

    def here(self) -> tuple[str, int] | None:
        """The run and the event that the screen shows, the newest of the live desk; None where there is nothing yet."""
        if self._travel is not None and self._travel.moment is not None:
            return self._run, self._travel.moment.seq
        live = self._app.source.latest()
        return None if live is None or self.is_replay else (live.run, live.seq)

    def leave(self) -> None:
        """Back to the live desk."""
        if self._travel is not None:
            self._travel.leave()

    def refusal(self, action: Action) -> str:
        """Why a command is not sent; empty where it may be."""
        if self.is_replay:
            return "a recorded run takes no command"
        moment = None if self._travel is None else self._travel.moment
        if moment is None or action.is_emergency:
            return ""
        return f"you are at {clock(moment.ts_ns)}; {self._app.label('live')} goes back to live"

    async def close(self) -> None:
        """Let the seeker go."""
        if self._travel is not None:
            await self._travel.past.close()

    # --- the keys ---------------------------------------------------------------------------------------------------

    def _there(self, do: Callable[[Travel], None]) -> None:
        if self._travel is not None and self._travel.is_on:
            do(self._travel)
            self._app.frame()
        else:
            self._app.say(f"{self._app.label('past')} enters the past first")

    def _enter_or_go(self) -> None:
        travel = self._travel
        if travel is not None and travel.is_on and travel.past.is_running:
            self._app.open(LineScreen("Go to a moment", "#1180233, 14:03:07, -5m, start, end", _fault_of), self._typed)
        else:
            live = self._app.source.latest()
            self._enter("" if live is None else live.run)

    def _typed(self, text: str | None) -> None:
        if text is not None:
            when = read(text)
            self._there(lambda travel: travel.go_when(when))

    def _to_live(self) -> None:
        if self.is_replay:
            self._there(lambda travel: travel.go_when(read("end")))
        elif self._travel is not None and self._travel.is_on:
            self.leave()
        else:
            self._app.say("this is the live desk")

    def _enter(self, run: str, when: When | None = None) -> None:
        """Open the run's seeker if there is none, and go in."""
        travel = self._of(run)
        if travel is None:
            self._app.say(NOWHERE)
            return
        self._app.run_worker(self._open(travel, when), name="past", group="past", exit_on_error=False)

    async def _open(self, travel: Travel, when: When | None) -> None:
        was_on = travel.is_on
        await self.ready(travel)
        if was_on:
            travel.again()
        else:
            travel.enter(self._app.desk.view_wanted(), when)
        self._app.frame()

    def _of(self, run: str) -> Travel | None:
        """The way into a run's past; None where there is none."""
        if self._open_past is None or not (run or self.is_replay):
            return None
        if self._travel is None or run != self._run:
            if self._travel is not None:
                self._app.run_worker(self._travel.past.close(), name="past", group="past", exit_on_error=False)
            past = self._open_past(run)
            past.on_answer = self._answered
            self._run, self._travel = run, Travel(past, self._app.tell)
        return self._travel

    def _answered(self) -> None:
        """Draw what was answered, in the app's own turn."""
        self._app.call_later(self._app.frame)

    def _ask_note(self) -> None:
        title = "Bookmark this moment" if self.is_on else "Bookmark now, in the journal"
        self._app.open(LineScreen(title, "a note", lambda _: ""), self._noted)

    def _noted(self, text: str | None) -> None:
        if text is None:
            return
        note = text or "bookmark"
        if self._travel is not None and self.is_on:
            self._note = printable(note, TEXT_CELLS)
            self._travel.keep(note)
            self._app.frame()
        elif not self.is_replay:
            self._app.commands.note(note)

    def _want_list(self) -> None:
        travel = self.way()
        if travel is None:
            self._app.say(NOWHERE)
            return
        self._list = PickScreen("Bookmarks", ())
        self._app.open(self._list, self._picked)
        self._app.run_worker(self.ready(travel), name="past", group="past", exit_on_error=False)

    def _picked(self, seq: str | None) -> None:
        self._list = None
        if seq is not None:
            self.visit(int(seq))


def _list_bookmarks(screen: PickScreen, kept: Bookmarks) -> None:
    """The newest on top."""
    screen.offer([(str(mark.seq), f"{clock(mark.ts_ns, 3)}Z  {mark.text}") for mark in reversed(kept.marks)])


def _fault_of(text: str) -> str:
    try:
        read(text)
    except ValueError as error:
        return f"{text!r} {error}"
    return ""
