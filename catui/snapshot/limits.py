"""Every limit that is a number: how much of it is used, measured as its check measures it."""

from collections.abc import Iterator

from catui.control import limit_of
from catui.domain.instrument import Instrument
from catui.domain.moment import Market
from catui.domain.orders import Order
from catui.domain.settings import Desk
from catui.snapshot.parts import Parts
from catui.snapshot.values import LimitView


def limits(desk: Desk, parts: Parts, shown: Instrument, now_ns: int) -> Iterator[LimitView]:
    """First what the gate counts for the desk, then the limits of single orders of the shown instrument."""
    for usage in parts.reports.risk.usage:
        may = limit_of(desk, usage.check) is not None
        yield LimitView(usage.check, usage.code, usage.scope, usage.used, usage.limit, usage.unit, may)
    yield from _of_orders(desk, parts, shown, now_ns)


def _of_orders(desk: Desk, parts: Parts, instrument: Instrument, now_ns: int) -> Iterator[LimitView]:
    """The age of the book; of the orders at work the farthest from the reference price, and the largest."""
    key, unit = instrument.key, desk.unit_money[instrument.key]
    market = parts.market.markets[key]
    orders = [order for order in parts.reports.orders.working.values() if order.intent.instrument == key]
    stale_ms, collar_bps, most, capped = (_widened(desk, check, key, parts) for check in ("P10", "P12", "P16", "P17"))
    away = max((_away_bps(market, order, collar_bps) for order in orders), default=0)
    wanted = max((o.intent.lots * o.intent.limit_ticks * unit for o in orders), default=0)
    sent = max((o.lots * o.intent.limit_ticks * unit for o in orders), default=0)
    yield LimitView("P10", "STALE_DATA", key, _age_ms(market, stale_ms, now_ns), stale_ms, "ms", True)
    yield LimitView("P12", "PRICE_COLLAR", key, away, collar_bps, "bps", True)
    yield LimitView("P16", "FAT_FINGER", key, wanted, most, "money", True)
    yield LimitView("P17", "MAX_ORDER_QTY", key, sent, capped, "money", True)


def _widened(desk: Desk, check: str, key: str, parts: Parts) -> int:
    """The limit with the overrides in force."""
    extra = sum(o.extra for o in parts.reports.risk.overrides if o.check == check and o.scope in ("desk", key))
    return (limit_of(desk, check, key) or 0) + extra


def _age_ms(market: Market, stale_ms: int, now_ns: int) -> int:
    """How long the book was not heard of; one that never was is older than any limit."""
    return stale_ms + 1 if market.quote_ns is None else (now_ns - market.quote_ns) // 1_000_000


def _away_bps(market: Market, order: Order, collar_bps: int) -> int:
    """Distance of an order's price from the mid, else the last trade; without either it is outside of any collar."""
    last = None if market.last_ticks is None else 2 * market.last_ticks
    twice = last if market.mid_half_ticks is None else market.mid_half_ticks
    if twice is None or twice <= 0:
        return collar_bps + 1
    return -(-abs(2 * order.intent.limit_ticks - twice) * 10_000 // twice)
