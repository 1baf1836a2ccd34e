"""Caps: how much of an order may be. Each reads the intent as it was wanted; the smallest holds."""

from catui.domain.events import TradingState
from catui.domain.legs import scale_legs
from catui.domain.orders import Intent, Side
from catui.domain.settings import Desk
from catui.risk.limits import PASS, Cap, Check, Context, Reading
from catui.risk.wording import Wording


def caps(desk: Desk) -> tuple[Check, ...]:
    """Every cap of the desk, by its number."""
    say = Wording(desk)
    return (
        max_order(desk, say),
        max_position(desk, say),
        max_strategy_position(desk, say),
        gross_exposure(desk, say),
        reduce_only(say),
    )


def max_order(desk: Desk, say: Wording) -> Check:
    """The worth of one order at its limit price. Source: RTS 6 (2017/589), article 15(1)(c)."""
    most, units = desk.money(desk.risk.max_order_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        limit = most + context.extra("P17", intent.instrument)
        unit = intent.limit_ticks * units.get(intent.instrument, 1)
        if unit <= 0:
            return PASS  # P08 refuses it
        notional = intent.lots * unit
        what = f"worth {say.money(notional)}"
        return Cap(limit // unit, say.reason("P17", "MAX_ORDER_QTY", notional, limit, "money", intent, what))

    return Check("P17", "MAX_ORDER_QTY", "cap", read)


def max_position(desk: Desk, say: Wording) -> Check:
    """The desk's worst case in one instrument: the position if everything on this side fills."""
    most, units = desk.money(desk.risk.max_position_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        key = intent.instrument
        limit = most + context.extra("P18", key)
        unit = _mark(context, intent) * units.get(key, 1)
        worst = context.worst_lots(key, intent.side)
        measured = (worst + intent.lots) * unit
        what = f"worst case {say.money(measured)}"
        reason = say.reason("P18", "MAX_POSITION", measured, limit, "money", intent, what)
        return Cap(limit // unit - worst if unit > 0 else 0, reason)

    return Check("P18", "MAX_POSITION", "cap", read)


def max_strategy_position(desk: Desk, say: Wording) -> Check:
    """Each strategy's worst case in one instrument: its position, its shares of what works, its leg of this order."""
    most, units = desk.money(desk.risk.max_strategy_position_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        key, unit = intent.instrument, _mark(context, intent) * units.get(intent.instrument, 1)
        tightest: Cap | None = None
        for leg in intent.legs:
            if not leg.lots:
                continue
            sign = 1 if leg.lots > 0 else -1
            limit = most + context.extra("P18", leg.strategy)
            held = sign * context.held.get(key, {}).get(leg.strategy, 0) + _working_share(
                context, key, leg.strategy, sign
            )
            room = limit // unit - held if unit > 0 else 0
            allowed = max(0, room) * intent.lots // abs(leg.lots)
            measured = (held + abs(leg.lots)) * unit
            if tightest is None or allowed < tightest.lots:
                what = f"{leg.strategy} worst case {say.money(measured)}"
                reason = say.reason("P18", "MAX_POSITION", measured, limit, "money", intent, what)
                tightest = Cap(allowed, reason)
        return PASS if tightest is None else tightest

    return Check("P18", "MAX_POSITION", "cap", read)


def gross_exposure(desk: Desk, say: Wording) -> Check:
    """The sum of all instruments' worst cases. What closes a position passes. Source: RTS 6, article 15(4)."""
    most, units = desk.money(desk.risk.max_gross_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        key = intent.instrument
        limit = most + context.extra("P19")
        unit = _mark(context, intent) * units.get(key, 1)
        others = gross_money(context, units, without=key)
        worst = context.worst_lots(key, intent.side)
        room = (limit - others) // unit - worst if unit > 0 else 0
        measured = others + (worst + intent.lots) * unit
        what = f"gross worst case {say.money(measured)}"
        reason = say.reason("P19", "GROSS_EXPOSURE", measured, limit, "money", intent, what)
        return Cap(max(room, context.reducible_lots(intent)), reason)

    return Check("P19", "GROSS_EXPOSURE", "cap", read)


def reduce_only(say: Wording) -> Check:
    """REDUCING, or an intent that says so: at most what closes the position, never through zero."""

    def read(context: Context, intent: Intent, _: int) -> Reading:
        if context.trading_state is TradingState.ACTIVE and not intent.reduce_only:
            return PASS
        most = context.reducible_lots(intent)
        why = "the intent is" if intent.reduce_only else "the desk is REDUCING:"
        what = f"{why} reduce-only, {most:,} lots can be closed"
        return Cap(most, say.reason("P23", "REDUCE_ONLY", intent.lots, most, "lots", intent, what))

    return Check("P23", "REDUCE_ONLY", "cap", read)


def gross_money(context: Context, units: dict[str, int], without: str = "") -> int:
    """The worst case of every instrument at its mark, summed."""
    total = 0
    for key, unit in units.items():
        mark = context.market(key).mark_ticks or context.marks.get(key)
        if key != without and mark:
            total += max(0, context.worst_lots(key, Side.BUY), context.worst_lots(key, Side.SELL)) * mark * unit
    return total


def _mark(context: Context, intent: Intent) -> int:
    """The price at which exposure counts: the mark, and the order's own price where that is higher."""
    return max(context.market(intent.instrument).mark_ticks or 0, intent.limit_ticks, 0)


def _working_share(context: Context, key: str, strategy: str, sign: int) -> int:
    """What a strategy's shares of the orders at work add towards one side."""
    total = 0
    for order in context.working:
        if order.instrument == key:
            total += sum(max(0, sign * leg.lots) for leg in order.legs if leg.strategy == strategy)
    return total


def working_legs(intent: Intent, leaves_lots: int) -> tuple[tuple[str, int], ...]:
    """The legs of what is left of an order."""
    if intent.lots <= 0:
        return ()
    return tuple((leg.strategy, leg.lots) for leg in scale_legs(intent.legs, intent.lots, leaves_lots))
