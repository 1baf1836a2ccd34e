"""The state at a sequence number: the nearest one before it that is known, and the events behind it stepped again."""

from collections import OrderedDict
from collections.abc import Generator
from time import perf_counter_ns
from typing import Any, NamedTuple, TypeVar

from catui.core.fuse import plain
from catui.core.machine import Machine
from catui.domain.events import Event
from catui.domain.reports import Outputs
from catui.runtime.past.checkpoints import Checkpoints
from catui.runtime.past.track import Track
from catui.why import Transition

R = TypeVar("R")

SLICE = 256  # events between two looks at what else there is to do
BUDGET_NS = 90_000_000  # for a moment far from any other: a third of what a person may wait, on a machine that is busy
LONG = 4  # intervals that a walk may take before it leaves checkpoints of its own
HELD = 40  # states in memory, one each SLICE events of what was stepped last: what is between two of the journal's
DECODING = 1_000  # what reading a checkpoint costs, in events


class Walk(NamedTuple):
    """A state on its way: `seq` says how far it has come."""

    seq: int
    state: Any


class States:
    """States by sequence number, 0 for the beginning.

    Law: equal to stepping every event from the start, wherever it starts from. What was stepped last stays in memory,
    one plain state each `SLICE` events, so that a step back is a look-up and at most `SLICE` steps.
    """

    def __init__(
        self, machine: Machine[Any, Event, Outputs], track: Track, checkpoints: Checkpoints, interval: int = 0
    ) -> None:
        self.machine = machine
        self.checkpoints = checkpoints
        self._step_ns = 30_000.0
        self._interval = interval
        self._track = track
        self._held: OrderedDict[int, Any] = OrderedDict()
        self._here: Walk | None = None  # where the last walk came to, its signal path still running

    def at(self, seq: int) -> Any:
        """The state after event `seq`. IntegrityError: a block on the way is damaged."""
        return _ended(self.walk(seq))

    def transition(self, seq: int) -> Transition:
        """The step of event `seq`, from 1 to the last. IntegrityError: a block on the way is damaged."""
        return _ended(self.stepping(seq))

    def stepping(self, seq: int) -> Generator[int, None, Transition]:
        """The same, a slice at a time, as `walk` goes."""
        before = plain(self.machine, (yield from self.walk(seq - 1)))
        event = self._track.event(seq)
        after, outputs = self.machine.step(before, event)
        return Transition(seq, event, before, plain(self.machine, after), outputs)

    @property
    def interval(self) -> int:
        """Events between checkpoints: reading one and stepping as many takes `BUDGET_NS`; fixed when first asked for.

        Where a state is so large that reading it takes most of that, half of the time goes into stepping.
        """
        if not self._interval:
            room_ns = max(BUDGET_NS - self.checkpoints.read_ns, self.checkpoints.read_ns)
            self._interval = max(int(room_ns / self._step_ns) // SLICE, 1) * SLICE
        return self._interval

    def walk(self, seq: int) -> Generator[int, None, Any]:
        """The state after event `seq`, a slice at a time: each turn says how many events are left.

        Another walk may be begun before this one has ended; this one must then not be taken up again.
        """
        at, state = self._start(seq)
        is_long = seq - at > LONG * self.interval
        while at < seq:
            until = min((at // SLICE + 1) * SLICE, seq)
            state = self.stepped(Walk(at, state), until)
            at = until
            self._here = Walk(at, state)
            if at % SLICE == 0:
                self._hold(at, plain(self.machine, state))
                if is_long and at - self.checkpoints.before(at) >= self.interval:
                    self.checkpoints.put(at, self._held[at])
            yield seq - at
        self._here = Walk(at, state)
        return state

    def stepped(self, walk: Walk, seq: int) -> Any:
        """The walk's state, stepped on to event `seq`."""
        step, state = self.machine.step, walk.state
        began = perf_counter_ns()
        for event in self._track.events(walk.seq, seq):
            state, _ = step(state, event)
        if seq - walk.seq == SLICE:
            self._step_ns += ((perf_counter_ns() - began) / SLICE - self._step_ns) / 8
        return state

    def _start(self, seq: int) -> Walk:
        """The cheapest state at or before `seq`: in memory, or read and decoded."""
        held = max((each for each in self._held if each <= seq), default=-1)
        if self._here is not None and held <= self._here.seq <= seq:
            held = self._here.seq
        if held >= 0 and seq - held <= seq - self.checkpoints.before(seq) + DECODING:
            if self._here is not None and held == self._here.seq:
                return self._here
            self._held.move_to_end(held)
            return Walk(held, self._held[held])
        at, state = self.checkpoints.state(seq)
        self._hold(at, state)
        return Walk(at, state)

    def _hold(self, seq: int, state: Any) -> None:
        self._held[seq] = state
        self._held.move_to_end(seq)
        while len(self._held) > HELD:
            self._held.popitem(last=False)


def _ended(walk: Generator[int, None, R]) -> R:
    """What a walk comes to."""
    while True:
        try:
            next(walk)
        except StopIteration as done:
            found: R = done.value
            return found
