"""Marks: what stands out in a run, for whoever looks for a moment of it.

The engine writes them beside the events that caused them, in the same transaction. They are derived and no part of any
digest; but fills and alerts come from stepping, and a reader that had to step a whole run to find them would cost a
live desk as much again as the desk itself.
"""

from collections.abc import Iterator
from enum import IntEnum

from msgspec import Struct, to_builtins

from catui.domain.events import Action, Command, Event, Note, OverrideLimit, ReplaceOrder, SubmitOrder
from catui.domain.instrument import Instrument, money_text
from catui.domain.limits import OVERRIDABLE
from catui.domain.orders import Fill, Order
from catui.domain.reports import Alert, Outputs
from catui.domain.settings import Desk
from catui.text import printable

TEXT_CELLS = 120


class Kind(IntEnum):
    """What a mark is; the greater number weighs more where several share a place."""

    BOOKMARK = 1  # a person's note
    COMMAND = 2
    ORDER = 3  # approved
    FILL = 4
    ALERT = 5  # raised


class Mark(Struct, frozen=True, array_like=True):
    """One thing of note: event `seq`, at `ts_ns`, caused it."""

    seq: int
    ts_ns: int
    kind: Kind
    text: str


def marks_of(desk: Desk, seq: int, event: Event, outputs: Outputs) -> tuple[Mark, ...]:
    """The marks of one step: its command, its orders, its fills, the alerts that it raised."""
    if not (outputs.orders or outputs.fills or outputs.alerts or type(event) is Command):
        return ()
    ts_ns = event.ts_receive_ns
    return tuple(Mark(seq, ts_ns, kind, printable(text, TEXT_CELLS)) for kind, text in _told(desk, event, outputs))


def _told(desk: Desk, event: Event, outputs: Outputs) -> Iterator[tuple[Kind, str]]:
    if type(event) is Command:
        yield _command(desk, event)
    for order in outputs.orders:
        yield Kind.ORDER, f"{order_text(desk.by_key[order.intent.instrument], order)} by {order.intent.owner}"
    for fill in outputs.fills:
        yield Kind.FILL, f"filled {fill_text(desk.by_key[fill.instrument], fill)}"
    for alert in outputs.alerts:
        if alert.cleared_ns is None:
            yield Kind.ALERT, alert_text(alert)


def _command(desk: Desk, command: Command) -> tuple[Kind, str]:
    if isinstance(command.action, Note):
        return Kind.BOOKMARK, f"{command.action.text} ({command.author})"
    return Kind.COMMAND, command_text(desk, command)


def command_text(desk: Desk, command: Command) -> str:
    """Who wants what, and why, with amounts as people write them: `ann: pause_strategy momentum, too loud`."""
    words = _action(desk, command.action)
    return f"{command.author}: {words}{f', {command.reason}' if command.reason else ''}"


def _action(desk: Desk, action: Action) -> str:
    match action:
        case SubmitOrder(instrument=key, side=side, lots=lots, limit_ticks=ticks) if key in desk.by_key:
            of = desk.by_key[key]
            terms = f"{side.value} {of.quantity_text(lots)} {of.symbol} {of.price_text(ticks)}"
            closing = " reduce_only" if action.reduce_only else ""
            return f"submit_order {terms} {action.order_type.value} {action.tif.value}{closing}"
        case ReplaceOrder(order_id=id, lots=lots, limit_ticks=ticks):
            return f"replace_order {id} to {lots} lots at {ticks} ticks"  # of which instrument, the order knows
        case OverrideLimit(check=check, scope=scope, ttl_s=ttl_s):
            extra, budget = (_amount(desk, check, n) for n in (action.extra, action.budget))
            return f"override_limit {check} {scope} by {extra} for {ttl_s} s, budget {budget}"
        case _:
            values = to_builtins(action).values()
            return " ".join(str(value) for value in values if value is not None and value is not False)


def _amount(desk: Desk, check: str, count: int) -> str:
    """So much of what a check limits, with its unit."""
    unit = OVERRIDABLE.get(check, "")
    return f"{money_text(count, desk.money_digits)} {desk.quote}" if unit == "money" else f"{count} {unit}".rstrip()


def order_text(instrument: Instrument, order: Order) -> str:
    """An order's terms: `BUY 0.200 BTCUSDT 60123.50`."""
    price = instrument.price_text(order.intent.limit_ticks)
    return f"{order.intent.side.value} {instrument.quantity_text(order.lots)} {instrument.symbol} {price}"


def fill_text(instrument: Instrument, fill: Fill) -> str:
    """What was filled: `BUY 0.200 BTCUSDT 60123.50`."""
    told = fill.execution
    price, quantity = instrument.price_text(told.price_ticks), instrument.quantity_text(told.lots)
    return f"{fill.side.value} {quantity} {instrument.symbol} {price}"


def alert_text(alert: Alert) -> str:
    """An alert with its severity and the symbol it is about."""
    return f"{alert.severity}: {alert.scope.rpartition(':')[2]} {alert.text}"
