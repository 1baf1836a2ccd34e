"""Travelling: where a console is in the past, where it wants to be, and whether it plays.

The seeker answers the newest request only, so that a held key does not queue: each step goes on from what was asked
for last, be it answered or not. Played time is engine time; stretches in which nothing happened are skipped and said.
"""

from collections.abc import Callable
from typing import Protocol

from catui.console.render.number import SECOND, how_long
from catui.console.render.view import PastView
from catui.console.words.when import When, target
from catui.runtime.journal import LAST
from catui.runtime.marks import Kind
from catui.runtime.past.client import Answers
from catui.runtime.past.messages import Draw, Keep, Moment, Refused, Rest, Seek, Target, ToMark, ToSeeker, ToSeq, ToTime
from catui.snapshot import View

SPEEDS = (
    (1, 4),
    (1, 2),
    (1, 1),
    (2, 1),
    (4, 1),
    (8, 1),
    (16, 1),
    (30, 1),
    (60, 1),
    (125, 1),
    (250, 1),
    (500, 1),
    (1000, 1),
)
REAL_TIME = SPEEDS.index((1, 1))
NOTHING_DRAWN = (0, 0, 0, None)
KINDS = (None, Kind.ORDER, Kind.FILL, Kind.ALERT, Kind.COMMAND, Kind.BOOKMARK)
SKIPPED_NS = 5 * SECOND  # a stretch without an event that is longer is not played
REDRAWN_S = 1.0  # how often the timeline of a run that grows is asked for again


class Past(Protocol):
    """A run's seeker, as the console sees it: `SeekerClient`, or a test's."""

    answers: Answers
    died: str
    on_answer: Callable[[], None]

    @property
    def is_running(self) -> bool:
        """Whether there is somebody to ask."""

    async def start(self) -> None:
        """Start it, or start it again."""

    def ask(self, message: ToSeeker) -> None:
        """Hand over a request."""

    async def close(self) -> None:
        """Let it go."""


class Travel:
    """One console's place in one run. `say(text, is_warning)` tells the person; nothing here draws."""

    def __init__(self, past: Past, say: Callable[[str, bool], None]) -> None:
        self.past = past
        self.is_on = False
        self.is_playing = False
        self.kind: Kind | None = None
        self._say = say
        self._speed = REAL_TIME
        self._view = View()
        self._id = 0  # of the newest request
        self._first_id = 0  # of this visit
        self._told_id = 0  # of the last answer that was looked at
        self._wanted: Target = ToSeq(LAST)
        self._pending: When | None = None
        self._refusal: Refused | None = None
        self._played: tuple[float, int] = (0.0, 0)  # the console's clock, and the moment it plays
        self._drawn: tuple[int, int, int, Kind | None] = NOTHING_DRAWN
        self._drawn_s = 0.0
        self._drawn_seq = 0

    @property
    def moment(self) -> Moment | None:
        """The newest answer of this visit."""
        moment = self.past.answers.moment
        return moment if self.is_on and moment is not None and moment.id >= self._first_id else None

    @property
    def is_waiting(self) -> bool:
        """Whether something was asked for that is not answered yet."""
        return self.moment is None or self.moment.id < self._id

    def enter(self, view: View, when: When | None = None) -> None:
        """Go into the past: to the latest moment, or to `when`, counted from there."""
        self.is_on, self._view = True, view
        self._first_id, self._pending = self._id + 1, when
        self._refusal = self.past.answers.refused
        self._drawn = NOTHING_DRAWN
        if when is None:
            self._seek(ToSeq(LAST))

    def again(self) -> None:
        """Ask once more for what was asked for last: the seeker was started anew."""
        self._drawn = NOTHING_DRAWN
        self._seek(self._wanted)

    def leave(self) -> None:
        """Back to the live desk; the seeker may rest."""
        self.is_on = self.is_playing = False
        self.past.ask(Rest())

    def look(self, view: View) -> None:
        """The same moment, with other things to be seen of it."""
        if self.is_on and view != self._view:
            self._view = view
            self._seek(self._wanted)

    def go(self, to: Target) -> None:
        """Go there, and stop playing."""
        if self.is_on:
            self.is_playing = False
            self._seek(to)

    def go_when(self, when: When) -> None:
        """Go to a moment as a person wrote it."""
        reach, moment = self.past.answers.reach, self.moment
        if reach is not None and moment is not None:
            self.go(target(when, moment.ts_ns, reach.ts_ns))

    def by_events(self, count: int) -> None:
        """So many events on; below 0, back."""
        reach, moment = self.past.answers.reach, self.moment
        if reach is None or moment is None:
            return
        here = self._wanted.seq if self.is_waiting and isinstance(self._wanted, ToSeq) else moment.seq
        self.go(ToSeq(min(max(here + count, 1), reach.seq)))

    def by_time(self, ns: int) -> None:
        """So much later; below 0, earlier."""
        reach, moment = self.past.answers.reach, self.moment
        if reach is None or moment is None:
            return
        here = self._wanted.ts_ns if self.is_waiting and isinstance(self._wanted, ToTime) else moment.ts_ns
        self.go(ToTime(min(max(here + ns, reach.first_ns), reach.ts_ns)))

    def to_mark(self, *, is_forward: bool) -> None:
        """To the next mark of the chosen kind, or the one before."""
        if self.moment is not None:
            self.go(ToMark(self.moment.seq, is_forward, self.kind))

    def next_kind(self) -> None:
        """Marks of another kind from now on."""
        self.kind = KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)]
        self._say(f"marks: {kind_name(self.kind)}", False)

    def toggle(self, now_s: float) -> None:
        """Play, or stop."""
        if self.moment is not None:
            self.is_playing = not self.is_playing
            self._played = now_s, self.moment.ts_ns

    def faster(self, steps: int) -> None:
        """Play faster; below 0, slower."""
        self._speed = min(max(self._speed + steps, 0), len(SPEEDS) - 1)
        self._say(f"speed {self.speed}", False)

    def keep(self, text: str) -> None:
        """A bookmark at the moment shown."""
        if self.moment is not None:
            self.past.ask(Keep(self.moment.seq, text))

    @property
    def speed(self) -> str:
        """The speed as it is shown: x1/4 to x1000."""
        up, down = SPEEDS[self._speed]
        return f"x{up}" if down == 1 else f"x{up}/{down}"

    def frame(self, now_s: float, cells: int) -> None:
        """Hear what was answered, play on, and keep the timeline of so many cells fresh."""
        if not self.is_on:
            return
        self._set_out()
        self._hear()
        if self.is_playing:
            self._play(now_s)
        self._draw(now_s, cells)

    def view(self) -> PastView | None:
        """What the header and the timeline show; None before the first moment."""
        moment, answers = self.moment, self.past.answers
        if moment is None or answers.reach is None:
            return None
        line = answers.timeline
        warning = self.past.died or (answers.opened.warning if answers.opened is not None else "")
        return PastView(
            seq=moment.seq,
            ts_ns=moment.ts_ns,
            last_seq=answers.reach.seq,
            last_ns=answers.reach.ts_ns,
            from_ns=line.from_ns if line is not None else 0,
            until_ns=line.until_ns if line is not None else 0,
            counts=line.counts if line is not None else (),
            kinds=line.kinds if line is not None else (),
            here=tuple((int(mark.kind), mark.text) for mark in moment.marks),
            kind=kind_name(self.kind),
            speed=self.speed,
            is_playing=self.is_playing,
            word=warning or answers.working,
            is_warning=bool(warning),
        )

    def _seek(self, to: Target) -> None:
        self._id += 1
        self._wanted = to
        self.past.ask(Seek(self._id, to, self._view))

    def _set_out(self) -> None:
        """Where to begin is counted from the end of the run, once that is known."""
        reach = self.past.answers.reach
        if self._pending is not None and reach is not None:
            when, self._pending = self._pending, None
            self._seek(target(when, reach.ts_ns, reach.ts_ns))

    def _hear(self) -> None:
        refused, moment = self.past.answers.refused, self.moment
        if refused is not None and refused is not self._refusal:
            self._refusal, self.is_playing = refused, False
            self._say(refused.text, True)
        if moment is not None and moment.id > self._told_id:
            self._told_id = moment.id
            if not moment.is_found and isinstance(self._wanted, ToMark):
                place = "later" if self._wanted.is_forward else "earlier"
                self._say(f"no {place} {'mark' if self.kind is None else kind_name(self.kind)}", False)
            if not self.is_waiting:
                self._wanted = ToSeq(moment.seq)  # whatever is asked of it later, the run may have grown by then

    def _play(self, now_s: float) -> None:
        """Move the moment on by what has passed, times the speed; ask for it once there is something new in it."""
        moment = self.moment
        if moment is None:
            return
        (then_s, ns), (up, down) = self._played, SPEEDS[self._speed]
        ns += int((now_s - then_s) * SECOND) * up // down
        self._played = now_s, ns
        if self.is_waiting:
            if isinstance(self._wanted, ToTime) and ns > self._wanted.ts_ns:
                self._seek(ToTime(ns))
        elif moment.next_ns is None:
            self.is_playing = False
            self._say("as far as the run goes", False)
        elif ns >= moment.next_ns:
            self._seek(ToTime(ns))
        elif moment.next_ns - moment.ts_ns > SKIPPED_NS:
            self._played = now_s, moment.next_ns
            self._seek(ToTime(moment.next_ns))
            self._say(f"nothing happened for {how_long(moment.next_ns - moment.ts_ns)}: skipped", False)

    def _draw(self, now_s: float, cells: int) -> None:
        reach = self.past.answers.reach
        if reach is None:
            return
        until_ns = reach.ts_ns if reach.is_sealed else rounded_up(reach.first_ns, reach.ts_ns)
        wanted = (cells, reach.first_ns, until_ns, self.kind)
        has_grown = reach.seq > self._drawn_seq and now_s - self._drawn_s >= REDRAWN_S
        if wanted != self._drawn or has_grown:
            self._drawn, self._drawn_s, self._drawn_seq = wanted, now_s, reach.seq
            self.past.ask(Draw(self._id, *wanted))


def kind_name(kind: Kind | None) -> str:
    """A kind of mark in a word."""
    return "all" if kind is None else kind.name.lower()


def rounded_up(first_ns: int, last_ns: int) -> int:
    """An end for a timeline that grows: up to an eighth of it is left free, so that its cells stay where they are."""
    unit = 1 << max((last_ns - first_ns).bit_length() - 4, 0)
    return first_ns + ((last_ns - first_ns) // unit + 1) * unit
