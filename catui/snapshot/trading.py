"""What the desk holds and asks for: positions, orders, fills, alerts."""

from catui.domain.instrument import Instrument
from catui.domain.orders import Fill, Order
from catui.domain.reports import Account, Reports
from catui.domain.settings import Desk
from catui.snapshot.parts import Parts
from catui.snapshot.values import AlertView, FillView, OrderView, PositionView


def position(desk: Desk, reports: Reports, instrument: Instrument, unit: int) -> PositionView:
    """The holding of all owners together, at the mark, and what working orders could make of it.

    The average is that of the desk's own fills. Results are the sums of the owners' books: where these hold opposite
    sides, what the desk has closed is open still in both of them.
    """
    key, positions = instrument.key, reports.positions
    owners = positions.accounts.get(key, {}).values()
    lots = sum(account.lots for account in owners)
    cost = sum(account.cost_money for account in owners)
    held = positions.desk.get(key, Account())
    mark = positions.marks.get(key)
    notional = 0 if mark is None else lots * mark * unit
    working = [o for o in reports.orders.working.values() if o.intent.instrument == key]
    buys = sum(o.leaves_lots for o in working if o.intent.side.sign > 0)
    sells = sum(o.leaves_lots for o in working if o.intent.side.sign < 0)
    limit = 0 if not mark or mark <= 0 else desk.money(desk.risk.max_position_quote) // (mark * unit)
    return PositionView(
        instrument=key,
        lots=lots,
        average_ticks_x100=held.cost_money * 100 // (held.lots * unit) if held.lots else None,
        mark_ticks=mark,
        unrealised_money=notional - cost,
        realised_money=sum(account.realised_money for account in owners),
        fees_money=sum(account.fees_money for account in owners),
        notional_money=notional,
        worst_lots=max(abs(lots + buys), abs(lots - sells)),
        limit_lots=limit,
    )


def order_row(order: Order, parts: Parts) -> OrderView:
    """A working order, with its place in the queue where one is known, and the terms it is on its way to."""
    intent, wish, places = order.intent, parts.replacing.get(order.id), parts.queues.places
    return OrderView(
        id=order.id,
        instrument=intent.instrument,
        owner=intent.owner,
        side=intent.side.value,
        price_ticks=intent.limit_ticks,
        lots=order.lots,
        leaves_lots=order.leaves_lots,
        status=order.status.value,
        is_cancelling=order.pending is not None or order.wish_cancel,
        created_ns=order.created_ns,
        note=order.note,
        filled_value=order.filled_value,
        cause_seq=intent.cause_seq,
        purpose=intent.purpose,
        ahead_lots=places[order.id].ahead_lots if order.id in places else None,
        amend_lots=None if wish is None else wish.lots,
        amend_ticks=None if wish is None else wish.limit_ticks,
    )


def fill_row(fill: Fill, reports: Reports) -> FillView:
    """A fill, with whose order it was."""
    order = reports.orders.working.get(fill.order_id) or reports.orders.ended.get(fill.order_id)
    told = fill.execution
    return FillView(
        ts_ns=fill.ts_receive_ns,
        instrument=fill.instrument,
        side=fill.side.value,
        price_ticks=told.price_ticks,
        lots=told.lots,
        fee_money=fill.fee_money,
        owner="" if order is None else order.intent.owner,
        order_id=fill.order_id,
        is_maker=told.is_maker,
    )


def alerts(parts: Parts) -> tuple[AlertView, ...]:
    """Open ones first, the newest of them on top."""
    ordered = sorted(parts.reports.alerts.values(), key=lambda a: (a.cleared_ns is not None, -a.since_ns, a.id))
    return tuple(
        AlertView(
            a.id,
            a.severity,
            f"{a.scope.rpartition(':')[2]} {a.text}",
            a.since_ns,
            a.count,
            a.is_acknowledged,
            a.cleared_ns,
            a.kind,
            None if a.severity == "critical" else parts.muted.get(a.kind),
        )
        for a in ordered
    )
