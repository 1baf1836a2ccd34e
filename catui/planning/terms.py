"""What planning is made from: the desk's settings in ticks, lots, money and nanoseconds, and the prices they give."""

from msgspec import Struct

from catui.domain.instrument import Instrument
from catui.domain.moment import Market
from catui.domain.orders import Side
from catui.domain.settings import Desk

LEAST_PAUSE_NS = 250_000_000  # between two intents of one instrument: a refused one is not asked at each quote

STYLES = ("join", "cross")


class Terms(Struct, frozen=True):
    """Money in units of the desk's money digits. `max_order_money` bounds one order: more goes in slices."""

    instruments: dict[str, Instrument]
    unit_money: dict[str, int]
    min_notional_money: dict[str, int]
    position_money: int
    max_order_money: int
    strategies: tuple[str, ...]
    is_joining: bool
    min_change: float
    ttl_ns: int
    collar_bps: int
    pause_ns: int

    @staticmethod
    def of(desk: Desk) -> "Terms":
        """ValueError: a style that is neither of `STYLES`, a position that is not above 0, a number below 0."""
        plan = desk.planning
        if plan.style not in STYLES:
            raise ValueError(f"planning.style must be one of {', '.join(STYLES)}, got {plan.style!r}")
        if not 0 <= plan.min_change <= 1:
            raise ValueError(f"planning.min_change must be a share of a full position in [0, 1], got {plan.min_change}")
        if not 0 <= plan.collar_bps < 10_000:
            raise ValueError(f"planning.collar_bps must be in [0, 10000) bps, got {plan.collar_bps}")
        if plan.order_ttl_ms <= 0:
            raise ValueError(f"planning.order_ttl_ms must be above 0 ms, got {plan.order_ttl_ms}")
        if desk.money(plan.position_quote) <= 0:
            raise ValueError(f"planning.position_quote must be above 0 {desk.quote}, got {plan.position_quote}")
        return Terms(
            instruments=desk.by_key,
            unit_money=desk.unit_money,
            min_notional_money={i.key: desk.money(i.min_notional) for i in desk.instruments},
            position_money=desk.money(plan.position_quote),
            max_order_money=desk.money(desk.risk.max_order_notional_quote),
            strategies=desk.strategy_names,
            is_joining=plan.style == "join",
            min_change=plan.min_change,
            ttl_ns=plan.order_ttl_ms * 1_000_000,
            collar_bps=plan.collar_bps,
            pause_ns=max(LEAST_PAUSE_NS, desk.risk.duplicate_window_ms * 1_000_000),
        )


def near_ticks(market: Market, side: Side) -> int | None:
    """The price of the side's own touch: it rests there. None while it is unknown."""
    return market.bid_ticks if side is Side.BUY else market.ask_ticks


def far_ticks(market: Market, side: Side, collar_bps: int) -> int | None:
    """The other side's touch and `collar_bps` beyond it, cut to the tick towards the touch: the worst price allowed."""
    if side is Side.BUY:
        return None if market.ask_ticks is None else market.ask_ticks + market.ask_ticks * collar_bps // 10_000
    return None if market.bid_ticks is None else market.bid_ticks - market.bid_ticks * collar_bps // 10_000


def slice_lots(terms: Terms, market: Market, lots: int, limit_ticks: int) -> int:
    """`lots`, or what of them one order may carry: the fat-finger bound refuses, so what is larger goes in slices."""
    price = max(limit_ticks, market.mark_ticks or 0)
    if price <= 0:
        return 0
    most = terms.max_order_money // (price * terms.unit_money[market.instrument])
    venue_most = terms.instruments[market.instrument].max_lots or most
    return min(lots, most, venue_most)
