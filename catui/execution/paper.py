"""The execution stage: to a venue requests pass; on paper they end here, and reports come back one step late."""

from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from catui.core.machine import Machine, atom, named
from catui.domain.events import Report, Trade
from catui.domain.moment import Market, Moment
from catui.domain.orders import Cancel, Cause, Execution, Order, Query, Submit
from catui.domain.reports import Executed, Handled, OrderTable, Reports, RiskState
from catui.domain.settings import Desk
from catui.execution.fees import fee_money, rate_millibps
from catui.execution.latency import NEVER, Arrival, arrived, due_ns
from catui.execution.matching import Match, Resting, Taken, is_refused, on_arrival, on_book, on_trade, rests, take

MODES = ("paper", "venue")

Wire = tuple[tuple[Moment, Handled], Reports]
ExecutedWire = tuple[tuple[Moment, Executed], Reports]

_IDLE = Executed(Handled((), (), (), (), OrderTable(), RiskState()), (), ())


class PaperState(Struct, frozen=True):
    """Requests on their way, resting orders by instrument in order of arrival, touches we took, fills made."""

    idle: Executed = _IDLE
    queue: tuple[Arrival, ...] = ()
    due_ns: int = NEVER
    books: dict[str, tuple[Resting, ...]] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)
    fills: int = 0


class Schedule(Struct, frozen=True):
    """The paper venue's terms: fees in 1/1000 bps on money of `money_digits`, and the latency of every request."""

    maker_millibps: int
    taker_millibps: int
    money_digits: int
    unit_money: dict[str, int]
    quote: str
    latency_ns: int


class Work(NamedTuple):
    """A step under way: the state so far and the reports made."""

    state: PaperState
    reports: tuple[Report, ...] = ()


def execution(desk: Desk) -> Machine[Any, Wire, ExecutedWire]:
    """Requests to reports: `venue` passes them on, `paper` matches them against the market after `latency_ms`.

    The paper venue's reports are met by the order table at the next step, so that a fill in the step of its order
    cannot be expressed. ValueError: an unknown mode, a latency below 0, a fee that is no rate.
    Law: no report of an order but BYTES_LEFT before its latency is over; fills of an order never exceed its lots.
    """
    terms = desk.execution
    if terms.mode not in MODES:
        raise ValueError(f"execution.mode must be one of {', '.join(MODES)}, got {terms.mode!r}")
    if terms.latency_ms < 0:
        raise ValueError(f"execution.latency_ms must be at least 0 ms, got {terms.latency_ms}")
    schedule = Schedule(
        maker_millibps=rate_millibps(terms.maker_fee_bps),
        taker_millibps=rate_millibps(terms.taker_fee_bps),
        money_digits=desk.money_digits,
        unit_money=desk.unit_money,
        quote=desk.quote,
        latency_ns=terms.latency_ms * 1_000_000,
    )
    return named("execution", _paper(schedule) if terms.mode == "paper" else _venue())


def _venue() -> Machine[Any, Wire, ExecutedWire]:
    def step(idle: Executed, wire: Wire) -> tuple[Executed, ExecutedWire]:
        (moment, handled), reports = wire
        if idle.handled is not handled:
            idle = Executed(handled, handled.requests, ())
        return idle, ((moment, idle), reports)

    return atom(_IDLE, step)


def _paper(schedule: Schedule) -> Machine[Any, Wire, ExecutedWire]:
    def step(state: PaperState, wire: Wire) -> tuple[PaperState, ExecutedWire]:
        (moment, handled), reports = wire
        key = moment.changed
        if not handled.requests and moment.now_ns < state.due_ns and key not in state.books:
            idle = state.idle
            if idle.handled is not handled:
                idle = Executed(handled, (), ())
                state = replace(state, idle=idle)
            return state, ((moment, idle), reports)
        work = Work(state)
        if key is not None and key in state.books:
            work = _match(schedule, work, key, moment)
        if moment.now_ns >= work.state.due_ns:
            ready, queue = arrived(work.state.queue, moment.now_ns)
            work = work._replace(state=replace(work.state, queue=queue, due_ns=due_ns(queue)))
            for arrival in ready:
                work = _arrive(schedule, work, arrival, moment)
        work = _send(schedule, work, handled, moment)
        return work.state, ((moment, Executed(handled, (), work.reports)), reports)

    return atom(PaperState(), step)


def _send(schedule: Schedule, work: Work, handled: Handled, moment: Moment) -> Work:
    """Requests set out; the bytes of a new order have left."""
    if not handled.requests:
        return work
    due = moment.now_ns + schedule.latency_ns
    queue = work.state.queue + tuple(Arrival(due, request) for request in handled.requests)
    left = tuple(_report(r.order, Cause.BYTES_LEFT, moment, 0) for r in handled.requests if isinstance(r, Submit))
    return Work(replace(work.state, queue=queue, due_ns=due_ns(queue)), work.reports + left)


def _match(schedule: Schedule, work: Work, key: str, moment: Moment) -> Work:
    """The resting orders of an instrument against what this event told of it."""
    state, market = work.state, moment.markets[key]
    if isinstance(moment.event, Trade):
        matches = on_trade(state.books[key], moment.event)
    else:
        matches, taken = on_book(state.books[key], market, state.taken.get(key))
        if matches and taken is not None:
            work = work._replace(state=replace(state, taken={**state.taken, key: taken}))
    for match in matches:
        work, resting = _fill(schedule, work, match, moment)
        work = work._replace(state=_rested(work.state, resting))
    return work


def _arrive(schedule: Schedule, work: Work, arrival: Arrival, moment: Moment) -> Work:
    """A request is there: an order meets the touch, a cancel or a question meets the book."""
    order = arrival.request.order
    found = next((r for r in work.state.books.get(order.intent.instrument, ()) if r.order.id == order.id), None)
    cum_lots = found.cum_lots if found is not None else None
    match arrival.request:
        case Submit():
            return _enter(schedule, work, order, moment)
        case Cancel() if found is None:
            text = "no such order at work"
            return _say(work, _report(order, Cause.CANCEL_REJECTED, moment, None, code="UNKNOWN_ORDER", text=text))
        case Cancel():
            work = _say(work, _report(order, Cause.CANCELLED, moment, cum_lots))
            return work._replace(state=_removed(work.state, order))
        case Query():
            return _say(work, _report(order, Cause.ACCEPTED if found else Cause.NOT_FOUND, moment, cum_lots))


def _enter(schedule: Schedule, work: Work, order: Order, moment: Moment) -> Work:
    """A new order: rejected, or accepted, filled at the touch as far as that goes, and then resting or expired."""
    key = order.intent.instrument
    market, taken = moment.markets.get(key, Market(key)), work.state.taken.get(key)
    if is_refused(order, market, taken):
        text = "the order must rest and would trade at once"
        return _say(work, _report(order, Cause.REJECTED, moment, 0, code="WOULD_MATCH", text=text))
    resting = Resting(order, order.lots)
    work = _say(work, _report(order, Cause.ACCEPTED, moment, 0))
    match = on_arrival(resting, market, taken)
    if match is not None:
        work, resting = _fill(schedule, work, match, moment)
        used = take(market, taken, order.intent.side, match.lots)
        work = work._replace(state=replace(work.state, taken={**work.state.taken, key: used}))
    if resting.leaves_lots == 0:
        return work
    if not rests(order):
        text = "the rest of an order that does not rest"
        return _say(work, _report(order, Cause.EXPIRED, moment, resting.cum_lots, code="IOC_REST", text=text))
    books = work.state.books
    return work._replace(state=replace(work.state, books={**books, key: (*books.get(key, ()), resting)}))


def _fill(schedule: Schedule, work: Work, match: Match, moment: Moment) -> tuple[Work, Resting]:
    """The report of a fill, and the order after it."""
    order = match.resting.order
    number = work.state.fills + 1
    notional = match.price_ticks * match.lots * schedule.unit_money[order.intent.instrument]
    rate = schedule.maker_millibps if match.is_maker else schedule.taker_millibps
    told = Execution(
        fill_id=f"paper-{number}",
        price_ticks=match.price_ticks,
        lots=match.lots,
        fee=fee_money(notional, rate),
        fee_digits=schedule.money_digits,
        fee_asset=schedule.quote,
        is_maker=match.is_maker,
    )
    cum_lots = match.resting.cum_lots + match.lots
    report = replace(_report(order, Cause.FILL, moment, cum_lots), execution=told)
    work = Work(replace(work.state, fills=number), (*work.reports, report))
    return work, Resting(order, match.resting.leaves_lots - match.lots, cum_lots)


def _rested(state: PaperState, resting: Resting) -> PaperState:
    """The books with this order as it is now, in its place; without it, if nothing is left."""
    if resting.leaves_lots == 0:
        return _removed(state, resting.order)
    key = resting.order.intent.instrument
    book = tuple(resting if r.order.id == resting.order.id else r for r in state.books[key])
    return replace(state, books={**state.books, key: book})


def _removed(state: PaperState, order: Order) -> PaperState:
    """The books without this order; an instrument without orders has no book."""
    key = order.intent.instrument
    book = tuple(r for r in state.books[key] if r.order.id != order.id)
    books = {other: held for other, held in state.books.items() if other != key}
    return replace(state, books={**books, key: book} if book else books)


def _say(work: Work, report: Report) -> Work:
    return work._replace(reports=(*work.reports, report))


def _report(
    order: Order, cause: Cause, moment: Moment, cum_lots: int | None, *, code: str = "", text: str = ""
) -> Report:
    return Report(order.id, moment.now_ns, moment.now_ns, cause, "paper", cum_lots=cum_lots, code=code, text=text)
