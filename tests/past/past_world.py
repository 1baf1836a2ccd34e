"""A run with everything in it, what its console was shown while it ran, and every state that it had."""

import asyncio
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "runtime"))
from run_world import SIMULATED, press, quick

from catui.core.fuse import plain
from catui.domain.events import Action, Event, Note, OverrideLimit, PauseStrategy, ResumeStrategy
from catui.domain.reports import Outputs
from catui.pipeline import pipeline
from catui.runtime.desk import new_session
from catui.runtime.journal import JournalReader
from catui.runtime.marks import Mark, marks_of
from catui.runtime.past.messages import FromSeeker, Moment, Refused, Seek, Target, ToSeeker
from catui.runtime.past.seeker import Seeker
from catui.runtime.startorder import Start
from catui.snapshot import Snapshot, View

KEYS: tuple[Action, ...] = (
    PauseStrategy("momentum"),
    Note("a look at this"),
    ResumeStrategy("momentum"),
    OverrideLimit("P29", "desk", 10_000_000_000, 60, 5),
)
LOOK = View(depth=12, trades=9)
EVERY = 37  # events between two frames that are recorded


class Recorded:
    """A sealed run: its directory, the frames of a console that watched it, and its states by stepping."""

    def __init__(self, directory: Path, frames: list[Snapshot]) -> None:
        self.directory = directory
        self.frames = frames
        self.reader = JournalReader(directory)
        self.machine = pipeline(self.reader.manifest.desk)
        self.events: list[Event] = list(self.reader.events())

    @cached_property
    def states(self) -> list[Any]:
        """The state after each event, from the beginning on, stepped one by one."""
        return [plain(self.machine, state) for state, _ in self.steps()]

    @cached_property
    def marks(self) -> list[Mark]:
        """Every mark, by a scan of the whole run."""
        desk = self.reader.manifest.desk
        steps = zip(self.steps(), [None, *self.events], strict=True)
        return [
            mark
            for seq, ((_, outputs), event) in enumerate(steps)
            if outputs is not None and event is not None
            for mark in marks_of(desk, seq, event, outputs)
        ]

    def steps(self) -> Iterator[tuple[Any, Outputs | None]]:
        state = self.machine.init
        yield state, None
        for event in self.events:
            state, outputs = self.machine.step(state, event)
            yield state, outputs


async def _ran(runs: Path, seconds: float, keys: tuple[Action, ...]) -> tuple[Path, list[Snapshot]]:
    session = await new_session(Start(SIMULATED, quick(), None, runs))
    press(session, keys)
    frames: list[Snapshot] = []
    step = session.engine.process

    def watched(event: Event) -> Outputs:
        outputs = step(event)
        if session.engine.journal.seq % EVERY == 0:
            frames.append(session.snapshot(LOOK))
        return outputs

    session.engine.process = watched  # type: ignore[method-assign]  # the one place that every event passes
    await session.run(seconds)
    frames.append(session.snapshot(LOOK))
    session.engine.journal.close()
    return session.engine.journal.directory, frames


def recorded(runs: Path, seconds: float = 15.0, keys: tuple[Action, ...] = KEYS) -> Recorded:
    """A run on the embedded exchange in simulated time."""
    return Recorded(*asyncio.run(_ran(runs, seconds, keys)))


def answers(seeker: Seeker, *asked: ToSeeker) -> list[FromSeeker]:
    """What a seeker says to requests, once it has no more to do for them; it works no further ahead."""
    said: list[FromSeeker] = []
    for each in asked:
        seeker.hear(each)
    while seeker.is_asked:
        said += seeker.work()
    return said


def sought(seeker: Seeker, target: Target, look: View = LOOK) -> Moment:
    """The moment that a seeker finds."""
    [found] = [each for each in answers(seeker, Seek(1, target, look)) if isinstance(each, Moment | Refused)]
    assert isinstance(found, Moment), found
    return found


def worked_ahead(seeker: Seeker) -> list[FromSeeker]:
    """Let the seeker do all there is to do."""
    said: list[FromSeeker] = []
    while seeker.is_busy:
        said += seeker.work()
    return said
