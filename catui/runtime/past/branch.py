"""A branch of a run: the events behind a moment stepped again, as they were and with something changed, side by side.

    run      state --event--> state --event--> ...                          what was
    branch   state --commands--> state' --event--> state' --event--> ...    what would have been

It cannot send: requests of either side end here. Where the run's orders went to a venue, the branch hears the venue's
reports until its own requests differ from the run's; from that event on its fills come from the matching model, and
reports of the journal are moments in which nothing is told.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from catui.core.fuse import plain
from catui.core.machine import Feedback, Machine, Named
from catui.core.places import state_at
from catui.domain.events import Command, Event, Report, Tick
from catui.domain.moment import Control
from catui.domain.orders import Request
from catui.domain.reports import Outputs, Reports
from catui.domain.settings import Desk, RiskSettings
from catui.pipeline import pipeline
from catui.runtime.past.changes import changed, commands
from catui.runtime.past.onpaper import on_paper, taken_over, with_stage
from catui.runtime.past.shape import misfit
from catui.runtime.past.whatif import Change, Choice
from catui.strategies.registry import Kinds

AUTHOR = "what-if"
Desked = Machine[Any, Event, Outputs]


class Turn(NamedTuple):
    """Event `seq` through both: what the run did, and what the branch did. The fork's own turn has no event."""

    seq: int
    event: Event | None
    run: tuple[Outputs, ...]
    branch: tuple[Outputs, ...]


class Origin(NamedTuple):
    """Where a branch leaves its run: a plain state, the event it stands behind, that one's time, and the machine.

    The desk is that of the run with the limits of that moment.
    """

    desk: Desk
    kinds: Kinds
    machine: Desked
    seq: int
    ts_ns: int
    state: Any


class Branch:
    """Both sides, stepped together. Law: without a change the branch has the state of the run, to the byte.

    ValueError: a change that cannot be made, or that another shape of state would be needed for, in one line.
    """

    def __init__(self, origin: Origin, changes: tuple[Change, ...] = (), offered: tuple[Choice, ...] = ()) -> None:
        self.seq = origin.seq
        self.desk = changed(origin.desk, changes, offered)
        self.model_seq: int | None = None  # the event from which on fills come from the matching model
        self._kinds = origin.kinds
        self._run, self._run_state = origin.machine, origin.state
        is_same = self.desk == origin.desk
        self._branch: Desked = origin.machine if is_same else pipeline(self.desk, origin.kinds)
        if part := misfit(origin.machine, self._branch):
            raise ValueError(f"{part}: its state has another shape with this value, and cannot go on from here")
        self._branch_state = origin.state if is_same else _under(self._branch, origin.state, self.desk.risk)
        self._is_on_venue = origin.desk.execution.mode == "venue"
        if self._is_on_venue and self.desk.execution != origin.desk.execution:
            self._leave_venue(origin.state, origin.ts_ns)
        self.fork = Turn(self.seq, None, (), tuple(self._command(origin.ts_ns, changes)))

    @property
    def run_reports(self) -> Reports:
        """What the run's last step left."""
        return _reports(self._run_state)

    @property
    def branch_reports(self) -> Reports:
        """What the branch's last step left."""
        return _reports(self._branch_state)

    @property
    def states(self) -> tuple[Any, Any]:
        """Both states, plain: the run's and the branch's."""
        return plain(self._run, self._run_state), plain(self._branch, self._branch_state)

    def turns(self, events: Iterable[Event]) -> Iterator[Turn]:
        """Both sides through the events behind the last one, in order."""
        step = self._run.step
        for event in events:
            self.seq += 1
            self._run_state, run = step(self._run_state, event)
            yield Turn(self.seq, event, (run,), (self._heard(event, run.requests),))

    def _command(self, ts_ns: int, changes: tuple[Change, ...]) -> Iterator[Outputs]:
        for number, action in enumerate(commands(changes), 1):
            command = Command(f"{AUTHOR}-{number}", AUTHOR, ts_ns, action, "what if")
            outputs = self._heard(command, ())
            for result in outputs.results:
                if result.id == command.id and not result.ok:
                    raise ValueError(result.text)
            yield outputs

    def _heard(self, event: Event, expected: tuple[Request, ...]) -> Outputs:
        """One event through the branch; `expected` is what the run sent at it."""
        if self.model_seq is not None and type(event) is Report:
            event = Tick(event.ts_receive_ns)
        before = self._branch_state
        self._branch_state, outputs = self._branch.step(before, event)
        if self._is_on_venue and (outputs.requests or expected) and _sent(outputs.requests) != _sent(expected):
            self._leave_venue(plain(self._branch, before), event.ts_receive_ns)
            self._branch_state, outputs = self._branch.step(self._branch_state, event)
        return outputs

    def _leave_venue(self, state: Any, now_ns: int) -> None:
        """Go on from this plain state with the matching model."""
        latency_ms = self.desk.execution.latency_ms
        self._branch_state = taken_over(self._branch, state, latency_ms, now_ns)
        self._branch = pipeline(on_paper(self.desk), self._kinds)
        self._is_on_venue, self.model_seq = False, self.seq


def _under(machine: Desked, state: Any, limits: RiskSettings) -> Any:
    """A plain state with these limits, where a person had taken over others than it was started with."""
    standing: Control = state_at(machine, state, "desk/control")
    if standing.limits is None:
        return state
    assert isinstance(machine, Named)
    assert isinstance(machine.machine, Feedback)
    body, reports = state
    return with_stage(machine.machine.body, body, "control", replace(standing, limits=limits)), reports


def _sent(requests: tuple[Request, ...]) -> list[tuple[object, ...]]:
    """What of requests a venue would act upon: kinds and terms, without what they were decided on."""
    told: list[tuple[object, ...]] = []
    for request in requests:
        order = request.order
        intent = order.intent
        terms = (intent.instrument, intent.side, order.lots, intent.limit_ticks, intent.type, intent.tif)
        told.append((type(request), order.id, *terms))
    return told


def _reports(state: Any) -> Reports:
    _, reports = state
    assert isinstance(reports, Reports)
    return reports
