"""The picture that a command was decided on: what raises risk must be decided on a fresh one.

What lowers risk passes from any picture.
"""

from catui.control.reload import is_looser
from catui.control.trading import is_loosening
from catui.domain.events import (
    Command,
    OverrideLimit,
    ReloadConfig,
    ReplaceOrder,
    ResumeAll,
    ResumeStrategy,
    SetTradingState,
    SetWeight,
    SubmitOrder,
)
from catui.domain.moment import Control
from catui.domain.orders import is_bolder
from catui.domain.reports import Reports
from catui.domain.settings import Desk

SAMPLE_NS = 1_000_000_000
OLD_NS = 5_000_000_000
KEPT = OLD_NS // SAMPLE_NS + 1

Pictures = tuple[tuple[int, int], ...]


def remembered(pictures: Pictures, seq: int, now_ns: int) -> Pictures:
    """The pictures with this event's, if the last one is a second old; as many as tell five seconds."""
    if pictures and now_ns - pictures[-1][1] < SAMPLE_NS:
        return pictures
    return (*pictures, (seq, now_ns))[-KEPT:]


def picture_fault(desk: Desk, state: Control, reports: Reports, command: Command) -> str | None:
    """Why a command may not be acted upon, being decided on what is no longer so; None where it may.

    `seen_seq` must be of this run and not older than five seconds of it, to a second; `expected`, if it is said, must
    be so still. A command without `seen_seq` comes from no picture, and is judged by the rest alone.
    """
    if not is_raising(desk, state, reports, command):
        return None
    seen, now_ns = command.seen_seq, command.ts_receive_ns
    if seen is not None and seen > state.seq:
        return "it was decided on a picture that this run has not shown"
    old = max((seq for seq, at_ns in state.pictures if now_ns - at_ns >= OLD_NS), default=0)
    if seen is not None and seen < old:
        return f"it was decided on a picture more than {OLD_NS // 1_000_000_000} s old; look again"
    return _number_fault(desk, reports, command)


def is_raising(desk: Desk, state: Control, reports: Reports, command: Command) -> bool:
    """Whether the desk could do more after it than before."""
    match command.action:
        case ResumeStrategy() | ResumeAll() | SetWeight() | OverrideLimit():
            return True
        case SubmitOrder(reduce_only=is_closing):
            return not is_closing
        case ReplaceOrder(order_id=order_id, lots=lots, limit_ticks=limit_ticks):
            order = reports.orders.working.get(order_id)
            return order is not None and is_bolder(
                order.intent.side, lots, limit_ticks, than_lots=order.lots, than_ticks=order.intent.limit_ticks
            )
        case ReloadConfig(settings=settings):
            return is_looser(desk, state.limits, settings.risk)
        case SetTradingState(state=wanted):
            return is_loosening(state, wanted)
        case _:
            return False


def _number_fault(desk: Desk, reports: Reports, command: Command) -> str | None:
    """What `expected` says, against what is."""
    expected = command.expected
    if expected is None:
        return None
    match command.action:
        case ReplaceOrder(order_id=order_id):
            order = reports.orders.working[order_id]
            key, now, what = order.intent.instrument, order.leaves_lots, "were left of it"
        case SubmitOrder(instrument=key):
            account = reports.positions.desk.get(key)
            now, what = 0 if account is None else account.lots, "were held"
        case OverrideLimit(check=check, scope=scope):
            limits = [each.limit for each in reports.risk.usage if (each.check, each.scope) == (check, scope)]
            is_so = not limits or limits == [expected]
            return None if is_so else f"the limit was {expected:,} when it was decided, now it is {limits[0]:,}"
        case _:
            return None
    instrument = desk.by_key.get(key)
    if now == expected or instrument is None:
        return None
    then, here = instrument.quantity_text(expected), instrument.quantity_text(now)
    return f"{then} {instrument.base} {what} when it was decided, now {here}; look again"
