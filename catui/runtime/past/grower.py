"""Growing a branch, a slice of events at a time: the state at the fork, what may be changed, and the comparison."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from catui.core.fuse import plain
from catui.core.places import state_at
from catui.domain.moment import Control
from catui.domain.settings import Desk
from catui.errors import CatuiError
from catui.runtime.past.branch import Branch, Origin
from catui.runtime.past.changes import choices
from catui.runtime.past.comparison import Comparison
from catui.runtime.past.messages import Compared, Fork, FromSeeker, Grown, Offered, Prepare
from catui.runtime.past.states import SLICE, States
from catui.runtime.past.track import Track
from catui.snapshot import Snapshot, View
from catui.strategies.registry import Kinds


class NotBranched(CatuiError):
    """A branch that cannot be, with the reason in one line."""


class Grower:
    """Branches of one run. It reads the run's events and states, and has nothing to send with."""

    def __init__(
        self, desk: Desk, kinds: Kinds, track: Track, states: States, look: Callable[[int, Any, View], Snapshot]
    ) -> None:
        self._desk = desk
        self._kinds = kinds
        self._track = track
        self._states = states
        self._look = look
        self._origin: Origin | None = None  # of the last request: a person changes one value after another

    def grown(self, message: Prepare | Fork) -> Iterator[FromSeeker]:
        """The answers, a slice of work before each. NotBranched: the changes cannot be; IntegrityError: damage."""
        if not self._track.seq:
            raise NotBranched("no branch: the run has no event yet")
        seq = min(max(message.seq, 1), self._track.seq)
        yield from self._found(message.id, seq)
        assert self._origin is not None
        origin = self._origin
        offered = choices(origin.desk, self._kinds, self._look(seq, origin.state, View()))
        if isinstance(message, Prepare):
            yield Offered(message.id, seq, origin.ts_ns, self._track.seq, offered)
            return
        try:
            branch = Branch(origin, message.changes, offered)
        except ValueError as error:
            raise NotBranched(str(error)) from None
        yield from self._stepped(message, origin, branch)

    def _found(self, id: int, seq: int) -> Iterator[FromSeeker]:
        if self._origin is not None and self._origin.seq == seq:
            return
        walk = self._states.walk(seq)
        while True:
            try:
                next(walk)
            except StopIteration as done:
                machine = self._states.machine
                state = plain(machine, done.value)
                standing: Control = state_at(machine, state, "desk/control")
                desk = self._desk if standing.limits is None else replace(self._desk, risk=standing.limits)
                self._origin = Origin(desk, self._kinds, machine, seq, self._track.ts_at(seq), state)
                return
            yield Grown(id, 0, 0)

    def _stepped(self, fork: Fork, origin: Origin, branch: Branch) -> Iterator[FromSeeker]:
        last, until_ns = self._track.seq, self._track.ts_ns
        before = branch.run_reports
        compared = Comparison(branch, before, origin.ts_ns, until_ns, min(max(fork.points, 2), 4_000))
        events = last - origin.seq
        while branch.seq < last:
            part = list(self._track.events(branch.seq, min(branch.seq + SLICE, last)))
            turns = branch.turns(part)
            for event in part:
                compared.pass_times(event.ts_receive_ns)
                compared.take(next(turns))
            yield Grown(fork.id, branch.seq - origin.seq, events)
        run, other, control = compared.sides()
        yield Compared(
            id=fork.id,
            seq=origin.seq,
            last_seq=last,
            from_ns=origin.ts_ns,
            until_ns=until_ns,
            quote=self._desk.quote,
            money_digits=self._desk.money_digits,
            run=run,
            branch=other,
            control=control,
            difference=compared.difference,
            model_seq=branch.model_seq,
        )
