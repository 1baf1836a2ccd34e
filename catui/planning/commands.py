"""What the operator's command asks of planning: cancels, an order of his own, positions to flatten."""

from typing import NamedTuple, assert_never

from catui.domain.events import (
    AckAlert,
    Action,
    CancelAll,
    CancelOrder,
    DrainStrategy,
    EndOverride,
    Flatten,
    Kill,
    MuteAlert,
    Note,
    OverrideLimit,
    PauseAll,
    PauseStrategy,
    Quarantine,
    ReloadConfig,
    ReplaceOrder,
    ResumeAll,
    ResumeStrategy,
    SetTradingState,
    SetWeight,
    SubmitOrder,
)
from catui.domain.orders import Intent, Leg
from catui.domain.reports import Amend, Reports
from catui.planning.replacing import successor
from catui.planning.working import is_of_ensemble, is_of_strategy


class Asked(NamedTuple):
    """A command, in planning's words. `flatten` names instruments."""

    cancels: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    flatten: tuple[str, ...] = ()
    amends: tuple[Amend, ...] = ()


def asked(action: Action, reports: Reports, instruments: tuple[str, ...], seq: int) -> Asked:
    """The command in planning's words; most commands ask nothing here."""
    working = reports.orders.working.values()
    match action:
        case Kill():
            return Asked(cancels=tuple(o.id for o in working))
        case PauseStrategy(strategy=name) | DrainStrategy(strategy=name) | Quarantine(strategy=name):
            return Asked(cancels=tuple(o.id for o in working if is_of_strategy(o, name)))
        case PauseAll():
            return Asked(cancels=tuple(o.id for o in working if is_of_ensemble(o)))
        case CancelOrder(order_id=order_id):
            return Asked(cancels=(order_id,) if order_id in reports.orders.working else ())
        case CancelAll(instrument=key):
            return Asked(cancels=tuple(o.id for o in working if key in (None, o.intent.instrument)))
        case Flatten(instrument=key):
            keys = instruments if key is None else (key,)
            return Asked(
                cancels=tuple(o.id for o in working if o.intent.instrument in keys),
                flatten=tuple(k for k in keys if is_held(reports, k) or is_working(reports, k)),
            )
        case SubmitOrder():
            return Asked(intents=(ticket(action, seq),))
        case ReplaceOrder(order_id=order_id, lots=lots, limit_ticks=limit_ticks):
            order = reports.orders.working.get(order_id)
            intent = None if order is None else successor(order, lots, limit_ticks, seq)
            return Asked(amends=() if intent is None else (Amend(order_id, intent),))
        case (
            SetTradingState()
            | ResumeStrategy()
            | ResumeAll()
            | SetWeight()
            | OverrideLimit()
            | EndOverride()
            | AckAlert()
            | MuteAlert()
            | ReloadConfig()
            | Note()
        ):
            return Asked()
        case _:
            assert_never(action)


def ticket(order: SubmitOrder, seq: int) -> Intent:
    """The operator's own order: it passes the gate like any other, and its fills are booked to `manual`."""
    return Intent(
        instrument=order.instrument,
        side=order.side,
        lots=order.lots,
        limit_ticks=order.limit_ticks,
        legs=(Leg("manual", order.side.sign * order.lots),),
        owner="manual",
        cause_seq=seq,
        type=order.order_type,
        tif=order.tif,
        reduce_only=order.reduce_only,
        purpose="ticket",
    )


def is_working(reports: Reports, key: str) -> bool:
    """Whether any order of the instrument is at work."""
    return any(order.intent.instrument == key for order in reports.orders.working.values())


def is_held(reports: Reports, key: str) -> bool:
    """Whether anybody on the desk holds the instrument."""
    return any(account.lots for account in reports.positions.accounts.get(key, {}).values())
