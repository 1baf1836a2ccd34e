"""From the venue's reports to the matching model: a state of a desk that sends, going on in one that fills on paper."""

from typing import Any

from msgspec.structs import replace

from catui.core.machine import Compose, Feedback, Machine, Named
from catui.domain.events import Report
from catui.domain.orders import Cancel, Cause, Order, Status, Submit
from catui.domain.reports import Reports
from catui.domain.settings import Desk
from catui.execution.latency import Arrival, due_ns
from catui.execution.matching import Resting
from catui.execution.paper import PaperState

STAGE = "execution"


def on_paper(desk: Desk) -> Desk:
    """The same desk, filled in process."""
    return replace(desk, execution=replace(desk.execution, mode="paper"))


def taken_over(machine: Machine[Any, Any, Any], state: Any, latency_ms: int, now_ns: int) -> Any:
    """A plain state of a desk on a venue, as the state of its desk `on_paper`: working orders rest in the model.

    What the venue has not accepted yet arrives `latency_ms` from now, and so does what it has not cancelled yet. What
    was filled and not told is not known here: the model decides it again.
    """
    body, reports = state
    assert isinstance(reports, Reports)
    working = tuple(reports.orders.working.values())
    due = now_ns + latency_ms * 1_000_000
    queue = tuple(Arrival(due, request) for order in working for request in _on_its_way(order))
    books: dict[str, tuple[Resting, ...]] = {}
    for order in working:
        if order.status is Status.LIVE:
            key = order.intent.instrument
            books[key] = (*books.get(key, ()), Resting(order, order.leaves_lots, order.cum_lots))
    paper = PaperState(queue=queue, due_ns=due_ns(queue), books=books)
    left = tuple(
        Report(order.id, now_ns, now_ns, Cause.BYTES_LEFT, "paper", cum_lots=0)
        for order in working
        if order.status is Status.INTENDED
    )
    assert isinstance(machine, Named)
    assert isinstance(machine.machine, Feedback)
    return with_stage(machine.machine.body, body, STAGE, paper), replace(
        reports, executions=(*reports.executions, *left)
    )


def _on_its_way(order: Order) -> tuple[Submit | Cancel, ...]:
    sent: tuple[Submit | Cancel, ...] = () if order.status is Status.LIVE else (Submit(order),)
    return (*sent, Cancel(order)) if order.pending is not None else sent


def with_stage(machine: Machine[Any, Any, Any], state: Any, stage: str, value: Any) -> Any:
    """The state of a path with another one in the place of a stage's."""
    match machine:
        case Named(name=name) if name == stage:
            return value
        case Compose(before=before, after=after):
            first, second = state
            return with_stage(before, first, stage, value), with_stage(after, second, stage, value)
        case _:
            return state
