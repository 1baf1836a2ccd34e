"""The order stage: reports first, then cancels, then new orders; the table after all of them."""

from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from catui.core.machine import Machine, atom, named
from catui.domain.events import Kill, Report
from catui.domain.moment import Moment
from catui.domain.orders import (
    Approved,
    Cancel,
    Cause,
    Execution,
    Fill,
    Order,
    Pending,
    Query,
    Refused,
    Request,
    Resized,
    Status,
    Submit,
    Verdict,
)
from catui.domain.reports import Anomaly, Handled, Judged, OrderTable, Reports, RiskState
from catui.domain.settings import Desk
from catui.orders.booking import Booking
from catui.orders.chase import NEVER, Chase, asked, due_ns, is_in_doubt
from catui.orders.ids import MAX_OWNER, MAX_RUN, Identity, order_id, owners, parse
from catui.orders.lifecycle import Change, after
from catui.orders.reported import Told, told

KEPT_ENDED = 1_000

Wire = tuple[tuple[Moment, Judged], Reports]
HandledWire = tuple[tuple[Moment, Handled], Reports]


class OrdersState(Struct, frozen=True):
    """The table, what was booked of each order in it, the orders in doubt, and the answer to a step without work."""

    idle: Handled
    table: OrderTable = OrderTable()
    executions: dict[str, tuple[Execution, ...]] = field(default_factory=dict)
    chases: dict[str, Chase] = field(default_factory=dict)
    due_ns: int = NEVER
    duplicates: int = 0  # T9: reports and fills told twice


class Terms(Struct, frozen=True):
    """What the stage is made from: the run, the owners' indices in ids, how long a request may arrive, and booking."""

    run_id: int
    owners: dict[str, int]
    valid_ns: int
    booking: Booking


class Work(NamedTuple):
    """A step under way: the state so far, and what it has to say."""

    state: OrdersState
    requests: tuple[Request, ...] = ()
    fills: tuple[Fill, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()


def orders(desk: Desk) -> Machine[Any, Wire, HandledWire]:
    """Verdicts to requests; reports to fills; every order from its approval to its end.

    One step: the paper venue's reports of the last step, this event if it is a report, the questions that are due,
    the cancels of the plan, then an order for each approved verdict. Cancels leave before new orders.
    No warm-up. Nothing raises on data: a report that no row allows is answered with an Anomaly.
    ValueError: a run number that is no 32 bits. Law: no status but by the table of `lifecycle`.
    """
    if not 0 <= desk.run_id <= MAX_RUN:
        raise ValueError(f"run_id must be a number of 32 bits, got {desk.run_id}")
    terms = Terms(
        run_id=desk.run_id,
        owners=owners(desk.strategy_names),
        valid_ns=desk.execution.recv_window_ms * 1_000_000,
        booking=Booking(desk.by_key, desk.money_digits),
    )

    def step(state: OrdersState, wire: Wire) -> tuple[OrdersState, HandledWire]:
        (moment, judged), reports = wire
        is_report = type(moment.event) is Report
        is_asked = judged.verdicts or judged.cancels or judged.lapsed
        if not (is_report or is_asked or reports.executions or moment.now_ns >= state.due_ns):
            idle = state.idle
            if idle.risk is not judged.risk:
                idle = Handled((), (), (), (), state.table, judged.risk)
                state = replace(state, idle=idle)
            return state, ((moment, idle), reports)
        work = Work(state)
        for report in reports.executions:
            work = _hear(terms, work, report, moment)
        if isinstance(moment.event, Report):
            work = _hear(terms, work, moment.event, moment)
        if moment.now_ns >= work.state.due_ns:
            work = _ask_again(work, moment.now_ns)
        for cancelled in judged.cancels:
            work = _cancel(work, cancelled, moment)
        for verdict in judged.verdicts:
            work = _submit(terms, work, verdict, moment)
        return _published(work, judged, moment, reports)

    return named("orders", atom(OrdersState(Handled((), (), (), (), OrderTable(), RiskState())), step))


def _published(work: Work, judged: Judged, moment: Moment, reports: Reports) -> tuple[OrdersState, HandledWire]:
    table, risk = work.state.table, judged.risk
    handled = Handled(judged.verdicts, work.requests, work.fills, work.anomalies, table, risk, judged.lapsed)
    state = replace(work.state, idle=Handled((), (), (), (), table, risk))
    return state, ((moment, handled), reports)


def _hear(terms: Terms, work: Work, report: Report, moment: Moment) -> Work:
    """One report, to the order that it names."""
    state = work.state
    order = state.table.working.get(report.order_id) or state.table.ended.get(report.order_id)
    if order is None:
        anomaly = _unknown(terms.run_id, state.table, report)
        return work._replace(anomalies=(*work.anomalies, anomaly))
    known = state.executions.get(order.id, ())
    heard = told(terms.booking, order, known, report, now_ns=moment.now_ns, seq=moment.control.seq)
    if heard.fill is not None:
        state = replace(state, executions={**state.executions, order.id: (*known, heard.fill.execution)})
    state = replace(_kept(state, heard.order), duplicates=state.duplicates + heard.is_duplicate)
    state = _counted(state, order, heard, report)
    state = _chased(state, heard, moment.now_ns)
    fills = work.fills if heard.fill is None else (*work.fills, heard.fill)
    return Work(state, work.requests + heard.requests, fills, work.anomalies + heard.anomalies)


def _unknown(run_id: int, table: OrderTable, report: Report) -> Anomaly:
    """A report of an order that the table does not hold: not ours, long ended, or a fault that halts (R10)."""
    identity = parse(report.order_id)
    if identity is None:
        return Anomaly("foreign order", report.order_id, f"{report.cause.value} of an order that is not ours")
    is_past = identity.run_id == run_id and identity.sequence < table.sequence
    if is_past and report.cause is not Cause.FILL:
        return Anomaly("forgotten order", report.order_id, f"{report.cause.value} of an order that ended long ago")
    text = f"{report.cause.value} of an order with our tag that the table does not hold"
    return Anomaly("unknown order", report.order_id, text, is_integrity=True)


def _kept(state: OrdersState, order: Order) -> OrdersState:
    """The state with `order` in its place: working, or among the last ended ones."""
    table = state.table
    if not order.status.is_terminal:
        return replace(state, table=replace(table, working={**table.working, order.id: order}))
    working = table.working
    if order.id in working:
        working = {key: value for key, value in working.items() if key != order.id}
    ended = {**table.ended, order.id: order}
    executions = state.executions
    if len(ended) > KEPT_ENDED:
        oldest = next(iter(ended))
        del ended[oldest]
        executions = {key: value for key, value in executions.items() if key != oldest}
    return replace(state, table=replace(table, working=working, ended=ended), executions=executions)


def _counted(state: OrdersState, before: Order, heard: Told, report: Report) -> OrdersState:
    """Rejections in a row: one more at the end REJECTED, none after an acceptance or a fill."""
    row = state.table.rejects_in_row
    if heard.order.status is Status.REJECTED and before.status is not Status.REJECTED:
        return replace(state, table=replace(state.table, rejects_in_row=row + 1))
    if row and (heard.fill is not None or report.cause is Cause.ACCEPTED):
        return replace(state, table=replace(state.table, rejects_in_row=0))
    return state


def _chased(state: OrdersState, heard: Told, now_ns: int) -> OrdersState:
    """The chases with this order's begun, kept or dropped."""
    order, chase = heard.order, state.chases.get(heard.order.id)
    if chase is None and not heard.is_in_doubt:
        return state
    if chase is None:
        chase = Chase(now_ns)
    chase = replace(chase, known_lots=max(chase.known_lots, heard.known_lots))
    chases = {key: value for key, value in state.chases.items() if key != order.id}
    if is_in_doubt(chase, order):
        chases[order.id] = chase
    return _with_chases(state, chases)


def _with_chases(state: OrdersState, chases: dict[str, Chase]) -> OrdersState:
    return replace(state, chases=chases, due_ns=due_ns(chases))


def _ask_again(work: Work, now_ns: int) -> Work:
    """The questions that are due: what became of it, and the cancel that was not taken, again."""
    state, requests = work.state, work.requests
    chases = {}
    for key, chase in state.chases.items():
        order = state.table.working[key]
        chases[key] = later = asked(chase, now_ns)
        if later.tries == chase.tries:
            continue
        if order.wish_cancel and order.pending is None:
            order = replace(order, pending=Pending("cancel", now_ns), updated_ns=now_ns)
            state = _kept(state, order)
            requests = (*requests, Cancel(order))
        if order.status is Status.UNKNOWN or order.cum_lots < chase.known_lots:
            requests = (*requests, Query(order))
    return work._replace(state=_with_chases(state, chases), requests=requests)


def _cancel(work: Work, cancelled: str, moment: Moment) -> Work:
    """T12: an INTENDED order ends without a byte; another gets the wish and one pending cancel; a kill repeats it."""
    order = work.state.table.working.get(cancelled)
    if order is None:
        return work  # it ended in this very step
    is_kill = moment.command is not None and isinstance(moment.command.action, Kill)
    if order.pending is not None and not is_kill:
        return work
    status = after(order.status, Change.CANCEL_ASKED) or order.status
    pending = None if status.is_terminal else Pending("cancel", moment.now_ns)
    order = replace(order, status=status, wish_cancel=True, pending=pending, updated_ns=moment.now_ns)
    requests = work.requests if status.is_terminal else (*work.requests, Cancel(order))
    state = _kept(work.state, order)
    if status.is_terminal and order.id in state.chases:
        state = _with_chases(state, {key: chase for key, chase in state.chases.items() if key != order.id})
    return work._replace(state=state, requests=requests)


def _submit(terms: Terms, work: Work, verdict: Verdict, moment: Moment) -> Work:
    """T1: an order of its own id for an approved intent; a refused one stays a verdict."""
    match verdict:
        case Refused():
            return work
        case Approved(intent=intent, lots=lots) | Resized(intent=intent, lots=lots):
            pass
    table = work.state.table
    owner = terms.owners.get(intent.owner, MAX_OWNER)
    order = Order(
        id=order_id(Identity(terms.run_id, owner, table.sequence)),
        intent=intent,
        lots=lots,
        status=Status.INTENDED,
        created_ns=moment.now_ns,
        updated_ns=moment.now_ns,
        valid_until_ns=moment.now_ns + terms.valid_ns,
        seq=moment.control.seq,
    )
    table = replace(table, working={**table.working, order.id: order}, sequence=table.sequence + 1)
    return work._replace(state=replace(work.state, table=table), requests=(*work.requests, Submit(order)))
