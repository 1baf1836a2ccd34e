"""Replacing: an order in other terms, as two orders of which never both can fill.

    asked       the gate judges the successor as if the old order had ended; if it passes, the old one is cancelled
    confirmed   the successor goes out, for what the old one left of the wish

A cancel that is not confirmed within 5 s ends the replacing, and the plan says so: the cancel stands, and nothing comes
after it.
"""

from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from catui.domain.events import CancelAll, CancelOrder, Command, Flatten, Kill, ReplaceOrder, TradingState
from catui.domain.moment import Moment
from catui.domain.orders import Intent, Leg, Order, Status
from catui.domain.reports import Amend, Reports

PATIENCE_NS = 5_000_000_000
NEVER_THERE = (Status.REJECTED, Status.DENIED)


class Replacing(Struct, frozen=True, gc=False):
    """An order on its way to other terms: of which instrument, what it shall be in all, at what price, since when."""

    instrument: str
    lots: int
    limit_ticks: int
    since_ns: int


def successor(order: Order, lots: int, limit_ticks: int, seq: int) -> Intent | None:
    """What goes out in an order's place: `lots` less what of it has filled; None where nothing is left of that."""
    left = lots - order.cum_lots
    if left <= 0:
        return None
    legs = (Leg("manual", order.intent.side.sign * left),)
    return replace(order.intent, lots=left, limit_ticks=limit_ticks, legs=legs, cause_seq=seq, purpose="amend")


def begun(wanted: ReplaceOrder, amends: tuple[Amend, ...], now_ns: int) -> dict[str, Replacing]:
    """The replacings that a command begins, by the id of the order that goes."""
    return {a.order_id: Replacing(a.intent.instrument, wanted.lots, wanted.limit_ticks, now_ns) for a in amends}


class Succeeded(NamedTuple):
    """The replacings still on their way, the successors that go out now, and the orders whose replacing has lapsed."""

    left: dict[str, Replacing]
    intents: tuple[Intent, ...] = ()
    lapsed: tuple[str, ...] = ()


def succeed(pending: dict[str, Replacing], moment: Moment, reports: Reports) -> Succeeded:
    """What became of replacings: an order that has ended is succeeded, one that takes too long lapses.

    One whose order works and is not being cancelled was refused by the gate. None survives HALTED, nor a command that
    cancels its order.
    """
    left: dict[str, Replacing] = {}
    intents, lapsed = [], []
    if moment.control.trading_state is TradingState.HALTED:
        return Succeeded(left)
    for id, wish in pending.items():
        if _is_revoked(id, wish, moment.command):
            continue
        if moment.now_ns - wish.since_ns > PATIENCE_NS:
            lapsed.append(id)
            continue
        order = reports.orders.working.get(id)
        if order is not None and order.wish_cancel:
            left[id] = wish
        ended = reports.orders.ended.get(id)
        if ended is not None and ended.status not in NEVER_THERE:
            intent = successor(ended, wish.lots, wish.limit_ticks, moment.control.seq)
            intents += [] if intent is None else [intent]
    return Succeeded(left, tuple(intents), tuple(lapsed))


def _is_revoked(id: str, wish: Replacing, command: Command | None) -> bool:
    """Whether this step's command wants the order gone for good."""
    match None if command is None else command.action:
        case Kill():
            return True
        case CancelOrder(order_id=order_id):
            return order_id == id
        case CancelAll(instrument=key) | Flatten(instrument=key):
            return key in (None, wish.instrument)
        case _:
            return False
