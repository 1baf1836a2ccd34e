"""The seeker: answers for one run, the newest request only; between requests it checks the journal and works ahead.

It does one short piece at a time, so that whoever drives it can listen in between. It only reads the run; its own
states go to the cache, its bookmarks to a file beside the run.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterator
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, assert_never, cast

from catui.core.inspection import leaves_at
from catui.core.plan_of import plan_of
from catui.errors import IntegrityError
from catui.pipeline import pipeline
from catui.runtime.desk import code_hash
from catui.runtime.journal import JournalReader
from catui.runtime.past.ahead import ahead
from catui.runtime.past.causes import told
from catui.runtime.past.checkpoints import Checkpoints
from catui.runtime.past.follower import Follower
from catui.runtime.past.grower import Grower, NotBranched
from catui.runtime.past.markers import Markers
from catui.runtime.past.messages import (
    Bookmarks,
    Draw,
    Explain,
    Explained,
    Flowed,
    Follow,
    Fork,
    FromSeeker,
    Grown,
    Inspect,
    Inspected,
    Keep,
    Moment,
    Opened,
    Prepare,
    Reach,
    Refused,
    Rest,
    Seek,
    Target,
    Timeline,
    ToMark,
    ToSeeker,
    ToSeq,
    ToTime,
    Working,
)
from catui.runtime.past.shelf import Shelf
from catui.runtime.past.states import States
from catui.runtime.past.track import Track
from catui.snapshot import HealthView, Snapshot, View
from catui.snapshot.parts import parts_of
from catui.snapshot.whole import Shown, view
from catui.text import printable
from catui.why.account import account

Badge = Literal["PAPER", "SIM", "REPLAY", "LIVE"]

MOST_CELLS = 2_000
MOST_LEAVES = 1_000
LATE = 8  # looks for an event that the journal of a live run has not got yet
TOLD_EVERY = 8_192  # events of a long walk between two words about it
GROWN_EVERY = 2_048  # events of a branch between two words about it


class Seeker:
    """One run's past. UsageError, IntegrityError: there is no such run, or no journal of it can be read.

    `hear` takes a request, `work` does a piece of what there is to do and gives what is to be said; `follow` looks for
    what a live run has written since. `interval` fixes the distance of checkpoints, which is measured otherwise.
    """

    def __init__(self, directory: Path, cache: Path, interval: int = 0) -> None:
        self._reader = JournalReader(directory)
        self._manifest = self._reader.manifest
        code = code_hash()
        is_same_code = self._manifest.code_hash == code
        kinds = self._manifest.load_own().kinds
        self._machine = pipeline(self._manifest.desk, kinds)
        self._track = Track(self._reader)
        self._markers = Markers(self._reader)
        self._shelf = Shelf.open(cache, self._manifest, code)
        checkpoints = Checkpoints(self._reader, self._shelf, self._machine.init, is_same_code=is_same_code)
        self.states = States(self._machine, self._track, checkpoints, interval)
        self._grower = Grower(self._manifest.desk, kinds, self._track, self.states, self.snapshot)
        self._warning = "" if is_same_code else "recorded by other code: what is shown may not be what was"
        self._seek: Seek | None = None
        self._walk: tuple[Seek, int, bool, Generator[int, None, Any]] | None = None
        self._question: Explain | Inspect | None = None
        self._late = 0
        self._telling: tuple[Explain | Inspect, Generator[int, None, FromSeeker]] | None = None
        self._follower = Follower(self._manifest.desk, self._machine, self._track, self.states)
        self._follow: Follow | None = None
        self._following: tuple[int, Generator[int, None, Flowed]] | None = None
        self._draw: Draw | None = None
        self._growing: tuple[int, Iterator[FromSeeker]] | None = None  # a branch, or what is needed to begin one
        self._told_reach = self._reach()
        self._said: list[FromSeeker] = [*self._opening()]
        self._looked_at = 0
        self._rests = True
        self._jobs: list[Callable[[], Iterator[str]]] = [self._checked, self._worked_ahead]
        self._job: Iterator[str] | None = None
        self._word = ""

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for an answer."""
        asked = self._seek, self._walk, self._telling, self._follow, self._following, self._draw, self._growing
        return any(each is not None for each in asked) or self._can_tell or bool(self._said)

    @property
    def is_busy(self) -> bool:
        """Whether there is anything to do now, be it ahead of time."""
        return self.is_asked or (not self._rests and (self._job is not None or bool(self._jobs)))

    def hear(self, message: ToSeeker) -> None:
        """Take a request: of seeks and of timelines that wait, only the newest is kept."""
        match message:
            case Seek():
                self._seek, self._rests, self._growing = message, False, None
            case Explain() | Inspect():
                self._question, self._late, self._growing = message, 0, None
            case Follow():
                self._follow, self._growing = message, None
            case Draw():
                self._draw = message
            case Keep():
                self._keep(message)
            case Rest():
                self._rests, self._growing = True, None
            case Prepare() | Fork():
                self.follow()
                self._growing = message.id, self._grower.grown(message)
            case _:
                assert_never(message)

    def work(self) -> list[FromSeeker]:
        """One piece of work, and what there is to say."""
        try:
            if self._walk is not None:
                self._go_on()
            elif self._telling is not None:
                self._tell_on(self._telling[1])
            elif self._following is not None:
                self._follow_on(self._following[1])
            elif self._seek is not None:
                self._set_out(self._seek)
            elif self._question is not None and self._can_tell:
                self._telling = self._question, self._told(self._question)
                self._question = None
            elif self._follow is not None:
                seq = self._bounded(self._follow.seq)
                told = self._follower.upto(self._follow.id, seq, self._follow.instrument)
                self._following, self._follow = (self._follow.id, told), None
            elif self._draw is not None:
                self._say(self._timeline(self._draw))
                self._draw = None
            elif self._growing is not None:
                self._grow(self._growing[1])
            elif not self._rests:
                self._work_ahead()
        except Exception as error:  # damage, or a pipeline of other code: said, and the next request may go well
            self._fail(error)
        said, self._said = self._said, []
        return said

    def follow(self) -> None:
        """Take in what was written since."""
        try:
            has_grown = self._track.follow()
            if has_grown and self._markers.follow():
                self._say(Bookmarks(self._markers.bookmarks()))
            self.states.checkpoints.follow()
            reach = self._reach()
            self._late += 1
        except (IntegrityError, sqlite3.Error) as error:
            self._fail(error)
            return
        if reach != self._told_reach:
            self._told_reach = reach
            self._say(reach)
        if has_grown and self._worked_ahead not in self._jobs:
            self._jobs.append(self._worked_ahead)

    def close(self) -> None:
        self._shelf.close()
        self._reader.close()

    # --- moments ----------------------------------------------------------------------------------------------------

    def _set_out(self, seek: Seek) -> None:
        self.follow()
        self._seek = None
        seq, is_found = self._resolved(seek.target)
        self._looked_at = seq
        self._walk = (seek, seq, is_found, self.states.walk(seq))

    def _go_on(self) -> None:
        assert self._walk is not None
        seek, seq, is_found, walk = self._walk
        try:
            left = next(walk)
        except StopIteration as done:
            self._walk = None
            self._say(self._moment(seek, seq, is_found, done.value))
            return
        if self._seek is not None and left > 2 * self.states.interval:
            self._walk = None  # far from done, and nobody waits for it any more
        elif left > TOLD_EVERY and left % TOLD_EVERY < 256:
            self._say(Working(f"stepping to it, {left:,} events to go"))

    def _resolved(self, target: Target) -> tuple[int, bool]:
        """The event that a target means, and whether there is one."""
        match target:
            case ToSeq(seq=seq):
                found = seq
            case ToTime(ts_ns=ts_ns):
                found = self._track.seq_at(ts_ns)
            case ToMark(from_seq=seq, is_forward=is_forward, kind=kind):
                look = self._markers.next if is_forward else self._markers.previous
                marked = look(seq, kind)
                if marked is None or marked > self._track.seq:
                    return self._bounded(seq), False
                found = marked
            case _:
                assert_never(target)
        return self._bounded(found), True

    def _bounded(self, seq: int) -> int:
        return min(max(seq, 1), self._track.seq)

    def _moment(self, seek: Seek, seq: int, is_found: bool, state: Any) -> Moment:
        track, ts_ns = self._track, self._track.ts_at(seq)
        return Moment(
            id=seek.id,
            seq=seq,
            ts_ns=ts_ns,
            snapshot=self.snapshot(seq, state, seek.view),
            next_ns=track.ts_at(seq + 1) if seq < track.seq else None,
            marks=self._markers.at(seq),
            is_found=is_found,
        )

    def snapshot(self, seq: int, state: Any, look: View) -> Snapshot:
        """What the console showed of this state. Nothing in it that only a live engine knows: no health, no answers."""
        seal = self._reader.seal
        shown = Shown(
            run=self._manifest.run,
            source=self._manifest.source,
            badge=cast(Badge, self._manifest.badge),
            now_ns=self._track.ts_at(seq),
            health=HealthView(journal="--"),
            ended=seal.reason if seal is not None and seq == seal.events else "",
        )
        return view(self._manifest.desk, parts_of(self._machine, state), look, shown)

    # --- causes -----------------------------------------------------------------------------------------------------

    @property
    def _can_tell(self) -> bool:
        """Whether what waits can be told: the journal of a live run is a little behind its screen."""
        asked = self._question
        return asked is not None and (asked.seq <= self._track.seq or self._told_reach.is_sealed or self._late > LATE)

    def _told(self, asked: Explain | Inspect) -> Generator[int, None, FromSeeker]:
        seq = self._bounded(asked.seq)
        match asked:
            case Explain():
                story = account(self._manifest.desk, self._machine, asked.subject, seq)
                return Explained(asked.id, (yield from told(self.states, self._track, story)))
            case Inspect():
                state = yield from self.states.walk(seq)
                found = leaves_at(self._machine, state, asked.path) if asked.path else ()
                return Inspected(asked.id, seq, plan_of(self._machine, state), found[:MOST_LEAVES], len(found))

    def _tell_on(self, telling: Generator[int, None, FromSeeker]) -> None:
        try:
            next(telling)
        except StopIteration as done:
            self._telling = None
            self._say(done.value)
            return
        if self._question is not None:
            self._telling = None  # something else is asked about now

    def _follow_on(self, following: Generator[int, None, Flowed]) -> None:
        """To its end before anything else: its walk must not meet another."""
        try:
            next(following)
        except StopIteration as done:
            self._following = None
            self._say(done.value)

    # --- the rest ---------------------------------------------------------------------------------------------------

    def _grow(self, growing: Iterator[FromSeeker]) -> None:
        told = next(growing, None)
        if told is None:
            self._growing = None
        elif not isinstance(told, Grown) or told.done % GROWN_EVERY == 0:
            self._say(told)

    def _timeline(self, draw: Draw) -> Timeline:
        cells = min(max(draw.cells, 1), MOST_CELLS)
        span_ns = draw.until_ns - draw.from_ns
        borders = [draw.from_ns + place * span_ns // cells for place in range(1, cells)]
        edges = [0, *(self._track.seq_at(ts_ns) for ts_ns in borders), self._track.seq]
        pairs = list(pairwise(edges))
        kinds = tuple(self._markers.weightiest(start, end, draw.kind) for start, end in pairs)
        return Timeline(draw.id, draw.from_ns, draw.until_ns, tuple(end - start for start, end in pairs), kinds)

    def _keep(self, keep: Keep) -> None:
        seq = self._bounded(keep.seq)
        try:
            self._markers.keep(seq, self._track.ts_at(seq), keep.text)
        except (OSError, IntegrityError) as error:
            self._say(Refused(0, f"bookmark not kept: {printable(str(error), 120)}"))
        self._say(Bookmarks(self._markers.bookmarks()))

    def _work_ahead(self) -> None:
        if self._job is None:
            self._job = self._jobs.pop(0)() if self._jobs else iter(())
        word = next(self._job, None)
        if word is None:
            self._job = None
            word = ""
        if word != self._word:
            self._word = word
            self._say(Working(word))

    def _checked(self) -> Iterator[str]:
        """The whole chain of the journal, as it was when the run was opened; behind damage nothing is shown."""
        last, end = 0, self._track.seq
        try:
            for last in self._reader.chain(blake2b(digest_size=16)):
                yield f"checking the journal {last * 100 // max(end, 1)}%"
        except IntegrityError as error:
            self._track.cut(last)
            self._warning = f"damaged: {printable(str(error), 160)}"
            self._said += self._opening()

    def _worked_ahead(self) -> Iterator[str]:
        for percent in ahead(self.states, self._track, lambda: self._looked_at):
            yield f"preparing {percent}%"

    def _opening(self) -> Iterator[FromSeeker]:
        yield Opened(self._manifest.run, self._manifest.source, self._warning)
        yield self._reach()
        yield Bookmarks(self._markers.bookmarks())

    def _reach(self) -> Reach:
        return Reach(self._track.first_ns, self._track.seq, self._track.ts_ns, self._reader.seal is not None)

    def _say(self, message: FromSeeker) -> None:
        self._said.append(message)

    def _fail(self, error: Exception) -> None:
        """Say what went wrong, and leave what was in hand."""
        is_plain = isinstance(error, IntegrityError | NotBranched)
        words = printable(str(error) if is_plain else f"{type(error).__name__}: {error}", 200)
        if self._telling is not None:
            (question, _), self._telling = self._telling, None
            is_why = isinstance(question, Explain)
            self._say(Explained(question.id, None, words) if is_why else Inspected(question.id, 0, None, fault=words))
            return
        if self._following is not None:
            (id, _), self._following = self._following, None
            self._say(Flowed(id, 0, "", 0, 0, (), words))
            return
        asked = self._walk[0] if self._walk is not None else self._draw
        id = asked.id if asked is not None else self._growing[0] if self._growing is not None else 0
        self._walk, self._draw, self._job, self._growing = None, None, None, None
        self._say(Refused(id, words))
