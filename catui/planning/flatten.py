"""Flattening: once nothing of the instrument is at work, what the desk holds goes at the far touch."""

from msgspec import Struct

from catui.domain.legs import scale_legs
from catui.domain.moment import Moment
from catui.domain.orders import Intent, Leg, Side, TimeInForce
from catui.domain.reports import Reports
from catui.planning.commands import is_working
from catui.planning.terms import Terms, far_ticks, slice_lots

PATIENCE_NS = 5_000_000_000


class Flattening(Struct, frozen=True, gc=False):
    """A position on its way to flat: since when; the last attempt's time, and the order table's sequence before it."""

    since_ns: int
    planned_ns: int | None = None
    sequence: int = 0


def flatten(
    terms: Terms, pending: dict[str, Flattening], moment: Moment, reports: Reports
) -> tuple[dict[str, Flattening], tuple[Intent, ...]]:
    """The flattenings still on their way, and the intents of this step.

    Each waits until its instrument's orders have ended; what a slice or a thin touch left is tried again, with the
    pause between two intents, for 5 s in all. One that the gate refused ends there: a refusal is the answer.
    """
    left: dict[str, Flattening] = {}
    intents = []
    for key, flattening in pending.items():
        if moment.now_ns - flattening.since_ns > PATIENCE_NS:
            continue
        if is_working(reports, key):
            left[key] = flattening
            continue
        if flattening.planned_ns is not None and reports.orders.sequence == flattening.sequence:
            continue  # no order came of the attempt
        legs = _closing(reports, key)
        if sum(leg.lots for leg in legs) == 0:
            continue
        if flattening.planned_ns is not None and moment.now_ns - flattening.planned_ns < terms.pause_ns:
            left[key] = flattening
            continue
        intent = closing(terms, moment, reports, key)
        left[key] = flattening
        if intent is not None:
            intents.append(intent)
            left[key] = Flattening(flattening.since_ns, moment.now_ns, reports.orders.sequence)
    return left, tuple(intents)


def _closing(reports: Reports, key: str) -> tuple[Leg, ...]:
    """Minus what every owner holds."""
    accounts = reports.positions.accounts.get(key, {})
    return tuple(Leg(owner, -account.lots) for owner, account in accounts.items() if account.lots)


def closing(terms: Terms, moment: Moment, reports: Reports, key: str) -> Intent | None:
    """The order that closes a position, or the first slice of it; None where nothing is held, or no price known."""
    legs, market = _closing(reports, key), moment.markets.get(key)
    net = sum(leg.lots for leg in legs)
    if net == 0 or market is None:
        return None
    side = Side.of(net)
    limit_ticks = far_ticks(market, side, terms.collar_bps)
    if limit_ticks is None:
        return None
    lots = slice_lots(terms, market, abs(net), limit_ticks)
    if lots == 0:
        return None
    return Intent(
        instrument=market.instrument,
        side=side,
        lots=lots,
        limit_ticks=limit_ticks,
        legs=tuple(leg for leg in scale_legs(legs, abs(net), lots) if leg.lots),
        owner="manual",
        cause_seq=moment.control.seq,
        tif=TimeInForce.IOC,
        reduce_only=True,
        purpose="flatten",
    )
