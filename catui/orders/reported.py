"""One report to one order: the table's row, its guard, and what the couplings make of the rest."""

from typing import NamedTuple

from msgspec.structs import replace

from catui.domain.events import Report
from catui.domain.orders import Cancel, Cause, Execution, Fill, Order, Pending, Query, Request, Status
from catui.domain.reports import Anomaly
from catui.orders.booking import Booking, book
from catui.orders.lifecycle import NEXT, WORKING, Change, after, change_of, is_integrity

LAG_NS = 2_000_000_000  # a venue's reads may lag this far behind its orders, its clock's skew included


class Told(NamedTuple):
    """What a report came to. `is_in_doubt`: ask again until somebody answers; `known_lots`: the venue's total."""

    order: Order
    fill: Fill | None = None
    requests: tuple[Request, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    is_duplicate: bool = False
    is_in_doubt: bool = False
    known_lots: int = 0


def told(
    booking: Booking, order: Order, executions: tuple[Execution, ...], report: Report, *, now_ns: int, seq: int
) -> Told:
    """`order` after `report`; `executions` are those booked for it before. Nothing raises, whatever the report says.

    Law: money moves by new fill ids only, and by each of them once; a terminal status stays.
    """
    if report.cause is Cause.FILL:
        heard = _filled(booking, order, executions, report, seq)
    else:
        heard = _moved(order, report)
    return _settled(order, heard, report, now_ns)


def _moved(order: Order, report: Report) -> Told:
    """A report that moves no money."""
    change = change_of(report.cause, order.cum_lots, 0, order.lots)
    status = after(order.status, change)
    is_working = order.status in WORKING
    if status is None or (change is Change.CANCEL_UNKNOWN and is_working and order.pending is None):
        return _illegal(order, change)
    if change is Change.NOT_FOUND and is_working and not _is_proof(order, report):
        return Told(order)
    if change in (Change.CANCELLED, Change.EXPIRED) and is_working:
        return _ended(order, status, report)
    if change is Change.CANCEL_REJECTED and is_working:
        return Told(replace(order, pending=None), requests=(Query(order),), is_in_doubt=True)
    if change is Change.CANCEL_UNKNOWN and is_working:
        return Told(replace(order, pending=None), is_in_doubt=True)
    moved = replace(order, status=status)
    return Told(
        moved,
        anomalies=(_anomaly(order, change),) if is_integrity(order.status, change) else (),
        is_duplicate=NEXT[order.status, change].name == "T9",
        is_in_doubt=status is Status.UNKNOWN,
    )


def _is_proof(order: Order, report: Report) -> bool:
    """Whether "not found" is evidence: nothing filled, and the request can no longer arrive (T24)."""
    return order.cum_lots == 0 and report.ts_receive_ns > order.valid_until_ns + LAG_NS


def _ended(order: Order, status: Status, report: Report) -> Told:
    """T13, T19, T20: the end counts once its total is ours; where it is larger the fills come first."""
    total = order.cum_lots if report.cum_lots is None else report.cum_lots
    if total > order.cum_lots:
        return Told(order)
    ended = replace(order, status=status)
    if total == order.cum_lots:
        return Told(ended)
    text = f"{order.intent.instrument}: ended with {total} lots filled, we booked {order.cum_lots}"
    return Told(ended, anomalies=(Anomaly("total below ours", order.id, text),))


def _filled(booking: Booking, order: Order, executions: tuple[Execution, ...], report: Report, seq: int) -> Told:
    """T7 to T11, T21, T22: a new fill is booked wherever the order is."""
    execution = report.execution
    if execution is None or execution.lots <= 0 or execution.price_ticks <= 0 or not execution.fill_id:
        anomaly = Anomaly("malformed fill", order.id, f"{order.intent.instrument}: {execution}")
        return Told(order, requests=(Query(order),), anomalies=(anomaly,))
    # Known per order, not per instrument: a venue gives both sides of a trade one id, and both may be ours.
    known = next((e for e in executions if e.fill_id == execution.fill_id), None)
    if known == execution:
        return Told(order, is_duplicate=True)
    if known is not None:
        text = f"{order.intent.instrument}: fill {execution.fill_id} was {known}, now {execution}"
        anomaly = Anomaly("changed fill", order.id, text, is_integrity=True)
        return Told(order, requests=(Query(order),), anomalies=(anomaly,))
    change = change_of(report.cause, order.cum_lots, execution.lots, order.lots)
    fill, is_valued = book(booking, order, execution, report.ts_receive_ns, seq)
    anomalies = []
    if is_integrity(order.status, change):
        anomalies.append(_anomaly(order, change))
    if change is Change.OVERFILL:
        excess = order.cum_lots + execution.lots - order.lots
        anomalies.append(Anomaly("overfill", order.id, f"{order.intent.instrument}: {excess} lots too many"))
    if not is_valued:
        text = f"{order.intent.instrument}: fee of fill {execution.fill_id} in {execution.fee_asset} has no price"
        anomalies.append(Anomaly("unvalued fee", order.id, text))
    booked = replace(
        order,
        status=after(order.status, change) or order.status,
        cum_lots=order.cum_lots + execution.lots,
        filled_value=order.filled_value + execution.price_ticks * execution.lots,
        fee_money=order.fee_money + fill.fee_money,
        fill_ids=(*order.fill_ids, execution.fill_id),
    )
    return Told(booked, fill=fill, anomalies=tuple(anomalies))


def _settled(before: Order, heard: Told, report: Report, now_ns: int) -> Told:
    """The couplings: an end answers every pending request, a late ack meets the wish, a larger total is asked for."""
    order, requests = heard.order, heard.requests
    is_terminal = order.status.is_terminal
    pending = None if is_terminal else order.pending
    is_cancelled_again = order.wish_cancel and order.status is Status.LIVE and before.status is not Status.LIVE
    if is_cancelled_again:
        pending = Pending("cancel", now_ns)
    order = replace(
        order,
        pending=pending,
        updated_ns=now_ns,
        venue_id=order.venue_id or report.venue_id,
        note=f"{report.code} {report.text}".strip() or order.note,
    )
    if is_cancelled_again:
        requests = (*requests, Cancel(order))
    known_lots = report.cum_lots or 0
    if known_lots > order.cum_lots:
        requests = (*requests, Query(order))
    is_in_doubt = not is_terminal and (heard.is_in_doubt or known_lots > order.cum_lots)
    return heard._replace(order=order, requests=requests, known_lots=known_lots, is_in_doubt=is_in_doubt)


def _illegal(order: Order, change: Change) -> Told:
    """A cell that no row claims. Bytes of a voided order are taken back at once: a cancel never harms."""
    is_voided = order.status is Status.CANCELLED and change is Change.BYTES_LEFT
    return Told(order, requests=(Cancel(order),) if is_voided else (), anomalies=(_anomaly(order, change),))


def _anomaly(order: Order, change: Change) -> Anomaly:
    text = f"{order.intent.instrument}: {change.value} while {order.status.value}"
    is_halt = is_integrity(order.status, change)
    return Anomaly("crossed wires" if is_halt else "illegal report", order.id, text, is_integrity=is_halt)
