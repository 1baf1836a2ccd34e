"""A branch of a run: the events behind a moment stepped again, as they were and with something changed, side by side.

    run      state --event--> state --event--> ...                          what was
    branch   state --commands--> state' --event--> state' --event--> ...    what would have been

It cannot send: requests of all sides end here. Where the run's orders went to a venue, the branch hears the venue's
reports until its own requests differ from the run's; from that event on its fills come from the matching model, and
reports of the journal are moments in which nothing is told. Then there is a control beside it: the run with nothing
changed, which goes over to the model at that very event.

    branch - control    the effect of the change
    control - run       the model's own drift from the venue
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
    """Event `seq` through all: what the run did, the branch, and the control. The fork's own turn has no event."""

    seq: int
    event: Event | None
    run: tuple[Outputs, ...]
    branch: tuple[Outputs, ...]
    control: tuple[Outputs, ...]


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


class OnModel:
    """A desk that was on a venue, going on from a state of its `machine` there with the matching model."""

    def __init__(self, desk: Desk, kinds: Kinds, machine: Desked, state: Any, now_ns: int) -> None:
        self.state = taken_over(machine, plain(machine, state), desk.execution.latency_ms, now_ns)
        self.machine: Desked = pipeline(on_paper(desk), kinds)

    def hear(self, event: Event) -> Outputs:
        """The event from which on it is there: if that is a report, it was heard before anything differed."""
        self.state, outputs = self.machine.step(self.state, event)
        return outputs

    def step(self, event: Event) -> Outputs:
        """Any other event; a report of the venue's is a moment in which nothing is told."""
        return self.hear(Tick(event.ts_receive_ns) if type(event) is Report else event)


class Branch:
    """All sides, stepped together. Law: without a change the branch has the state of the run, to the byte.

    `control` is there once the branch is on the model, `model_seq` the event from which on it is.

    ValueError: a change that cannot be made, or that another shape of state would be needed for, in one line.
    """

    def __init__(self, origin: Origin, changes: tuple[Change, ...] = (), offered: tuple[Choice, ...] = ()) -> None:
        self.seq = origin.seq
        self.desk = changed(origin.desk, changes, offered)
        self.model_seq: int | None = None
        self.control: OnModel | None = None
        self._model: OnModel | None = None
        self._origin = origin
        self._run_state = origin.state
        is_same = self.desk == origin.desk
        self._branch: Desked = origin.machine if is_same else pipeline(self.desk, origin.kinds)
        if part := misfit(origin.machine, self._branch):
            raise ValueError(f"{part}: its state has another shape with this value, and cannot go on from here")
        self._branch_state = origin.state if is_same else _under(self._branch, origin.state, self.desk.risk)
        self._is_on_venue = origin.desk.execution.mode == "venue"
        if self._is_on_venue and self.desk.execution != origin.desk.execution:
            self._leave_venue(self._branch_state, origin.state, origin.ts_ns)
        self.fork = Turn(self.seq, None, (), tuple(self._command(origin.ts_ns, changes)), ())

    @property
    def run_reports(self) -> Reports:
        """What the run's last step left."""
        return _reports(self._run_state)

    @property
    def branch_reports(self) -> Reports:
        """What the branch's last step left."""
        return _reports(self._branch_state if self._model is None else self._model.state)

    @property
    def control_reports(self) -> Reports:
        """What the control's last step left; the run's, as long as there is no control."""
        return self.run_reports if self.control is None else _reports(self.control.state)

    @property
    def states(self) -> tuple[Any, Any]:
        """Both states, plain: the run's and the branch's."""
        there = (self._branch, self._branch_state) if self._model is None else (self._model.machine, self._model.state)
        return plain(self._origin.machine, self._run_state), plain(*there)

    def turns(self, events: Iterable[Event]) -> Iterator[Turn]:
        """All sides through the events behind the last one, in order."""
        step = self._origin.machine.step
        for event in events:
            self.seq += 1
            before = self._run_state
            self._run_state, run = step(before, event)
            branch = self._heard(event, run.requests, before)
            control = run
            if self.control is not None:
                control = (self.control.hear if self.model_seq == self.seq else self.control.step)(event)
            yield Turn(self.seq, event, (run,), (branch,), (control,))

    def _command(self, ts_ns: int, changes: tuple[Change, ...]) -> Iterator[Outputs]:
        for number, action in enumerate(commands(changes), 1):
            command = Command(f"{AUTHOR}-{number}", AUTHOR, ts_ns, action, "what if")
            outputs = self._heard(command, (), self._run_state)
            for result in outputs.results:
                if result.id == command.id and not result.ok:
                    raise ValueError(result.text)
            yield outputs

    def _heard(self, event: Event, expected: tuple[Request, ...], run_state: Any) -> Outputs:
        """One event through the branch; `expected` is what the run sent at it, `run_state` the run's state before."""
        if self._model is not None:
            return self._model.step(event)
        before = self._branch_state
        self._branch_state, outputs = self._branch.step(before, event)
        if self._is_on_venue and (outputs.requests or expected) and _sent(outputs.requests) != _sent(expected):
            return self._leave_venue(before, run_state, event.ts_receive_ns).hear(event)
        return outputs

    def _leave_venue(self, state: Any, run_state: Any, now_ns: int) -> OnModel:
        """The branch, and the run as its control, go on from these states with the matching model."""
        origin, self.model_seq = self._origin, self.seq
        self.control = OnModel(origin.desk, origin.kinds, origin.machine, run_state, now_ns)
        self._model = OnModel(self.desk, origin.kinds, self._branch, state, now_ns)
        return self._model


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
