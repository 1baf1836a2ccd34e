"""What flows where: the last seconds of a run stepped again, with an ear at every named place.

The desk itself is not asked and not held up: this is a copy, in the seeker's process. Its events, rates and values are
the run's; its times are the copy's own, which steps the signal path by closures where the desk has one flat text.
"""

from collections import deque
from collections.abc import Generator
from statistics import median_low
from time import perf_counter_ns
from typing import Any

from catui.core.fuse import plain
from catui.core.machine import Machine, Named, Step
from catui.core.places import places
from catui.core.plan import EVERY_KEY
from catui.core.tapped import tapped
from catui.domain.events import Event
from catui.domain.reports import Outputs
from catui.domain.settings import Desk
from catui.runtime.past.messages import Flowed, Wire
from catui.runtime.past.states import SLICE, States
from catui.runtime.past.track import Track
from catui.why.passing import kept, passed
from catui.why.wording import Wording

WINDOW_NS = 5_000_000_000
MOST_EVENTS = 4_096  # of a busy run the window is as short as that


class Heard:
    """Of one place: when something passed and how long that step took, in ns; the words for the last that did."""

    def __init__(self) -> None:
        self.steps: deque[tuple[int, int]] = deque()
        self.last = ""

    def forget(self, until_ns: int) -> None:
        """Drop what was at or before a time."""
        while self.steps and self.steps[0][0] <= until_ns:
            self.steps.popleft()


class Follower:
    """A copy of the desk that goes along with whoever looks at its wires.

    Asked for a moment a little behind the last one, it goes on from there; for another one, or another instrument, it
    begins anew. Law: the state that it comes to is the run's.
    """

    def __init__(self, desk: Desk, machine: Machine[Any, Event, Outputs], track: Track, states: States) -> None:
        self.state: Any = None  # plain, after event `seq`
        self.seq = 0
        self._heard: dict[str, Heard] = {}
        self._whole = machine
        self._machine = tapped(machine, self._tap)
        self._track, self._states = track, states
        self._say = Wording(desk)
        self._key = ""
        self._began_seq = self._began_ns = self._now_ns = self._own_ns = 0

    def upto(self, id: int, seq: int, key: str) -> Generator[int, None, Flowed]:
        """What flowed in the seconds up to event `seq`, a slice at a time; each turn says how many events are left."""
        until_ns = self._track.ts_at(seq)
        if not self._is_near(seq, key, until_ns):
            yield from self._begin(seq, key, until_ns)
        at, state, step = self.seq, self.state, self._machine.step
        self.state = None  # what is not finished is begun anew
        for event in self._track.events(at, seq):
            self._now_ns = event.ts_receive_ns
            state, _ = step(state, event)
            at += 1
            if at % SLICE == 0:
                yield seq - at
        self.seq, self.state = seq, state
        return self._told(id, until_ns)

    def _is_near(self, seq: int, key: str, until_ns: int) -> bool:
        if self.state is None or key != self._key or not 0 <= seq - self.seq <= MOST_EVENTS:
            return False
        return until_ns - self._track.ts_at(self.seq) <= WINDOW_NS

    def _begin(self, seq: int, key: str, until_ns: int) -> Generator[int, None, None]:
        start = min(max(self._track.seq_at(until_ns - WINDOW_NS), seq - MOST_EVENTS, 0), seq)
        state = yield from self._states.walk(start)
        self.seq, self.state = start, plain(self._whole, state)
        self._key, self._began_seq, self._began_ns = key, start, self._track.ts_at(start)
        for heard in self._heard.values():
            heard.steps.clear()
            heard.last = ""

    def _told(self, id: int, until_ns: int) -> Flowed:
        since_ns = max(until_ns - WINDOW_NS, self._began_ns)
        first = max(self._track.seq_at(since_ns), self._began_seq)
        words = self._kept()
        wires = []
        for path, heard in self._heard.items():
            heard.forget(since_ns)
            p50_us = median_low([took_ns for _, took_ns in heard.steps]) / 1000 if heard.steps else None
            wires.append(Wire(path, len(heard.steps), p50_us, heard.last, words.get(path, "")))
        return Flowed(id, self.seq, self._key, until_ns - since_ns, self.seq - first, tuple(wires))

    def _kept(self) -> dict[str, str]:
        """The words for what each place keeps, by its path in the plan."""
        return {
            place.path.replace(f"/{self._key}/", f"/{EVERY_KEY}/"): kept(place.state, self._key, self._say)
            for place in places(self._whole, self.state)
            if isinstance(place.node, Named)
        }

    def _tap(self, path: str, step: Step[Any, Any, Any]) -> Step[Any, Any, Any]:
        heard = self._heard.setdefault(path, Heard())

        def listening(state: Any, a: Any) -> tuple[Any, Any]:
            own_ns, began = self._own_ns, perf_counter_ns()
            state, b = step(state, a)
            ended = perf_counter_ns()
            words = passed(b, self._key, self._say)
            if words is not None:
                heard.steps.append((self._now_ns, ended - began - (self._own_ns - own_ns)))
                heard.last = words or heard.last
            self._own_ns += perf_counter_ns() - ended  # listening within is no part of the places around
            return state, b

        return listening
