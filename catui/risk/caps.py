"""Caps: how much of an order may be. Each reads the intent as it was wanted; the smallest holds."""

from catui.domain.orders import Intent, Side
from catui.domain.settings import Desk
from catui.risk.limits import PASS, Cap, Check, Context, Pass, Reading
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
        notional = intent.lots * unit
        if unit <= 0 or limit // unit >= intent.lots:
            return Pass(notional, limit, "money")  # a price that is none: P08 refuses it
        reason = say.reason("P17", "MAX_ORDER_QTY", notional, limit, "money", intent, f"worth {say.money(notional)}")
        return Cap(limit // unit, reason)

    return Check("P17", "MAX_ORDER_QTY", "cap", read)


def max_position(desk: Desk, say: Wording) -> Check:
    """The desk's worst case in one instrument: the position if everything on this side fills.

    Source: MAR (SEC 15c3-5), (c)(1)(i).
    """
    most, units = desk.money(desk.risk.max_position_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        key = intent.instrument
        limit, unit = most + context.extra("P18", key), _price_ticks(context, intent) * units.get(key, 1)
        worst = context.worst_lots(key, intent.side)
        room = limit // unit - worst
        measured = (worst + intent.lots) * unit
        if room >= intent.lots:
            return Pass(measured, limit, "money")
        what = f"worst case {say.money(measured)}"
        return Cap(room, say.reason("P18", "MAX_POSITION", measured, limit, "money", intent, what))

    return Check("P18", "MAX_POSITION", "cap", read)


def max_strategy_position(desk: Desk, say: Wording) -> Check:
    """Each strategy's worst case in one instrument: its position, its shares of what works, its leg of this order.

    An order is cut as a whole, until every leg has room. The operator's own legs have the desk's limits only: what
    closes a strategy's position by hand must pass.
    """
    names = frozenset(desk.strategy_names)
    most, units = desk.money(desk.risk.max_strategy_position_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        key, unit = intent.instrument, _price_ticks(context, intent) * units.get(intent.instrument, 1)
        tightest: Cap | None = None
        for leg in intent.legs:
            if not leg.lots or leg.strategy not in names:
                continue
            side, wanted = Side.of(leg.lots), abs(leg.lots)
            limit = most + context.extra("P18", key, leg.strategy)
            worst = side.sign * context.held.get(key, {}).get(leg.strategy, 0)
            worst += context.share_lots(key, leg.strategy, side)
            allowed = max(0, limit // unit - worst) * intent.lots // wanted
            if allowed < (intent.lots if tightest is None else tightest.lots):
                measured = (worst + wanted) * unit
                what = f"{leg.strategy} worst case {say.money(measured)}"
                reason = say.reason("P18", "MAX_POSITION", measured, limit, "money", intent, what)
                tightest = Cap(allowed, reason)
        return PASS if tightest is None else tightest

    return Check("P18", "MAX_POSITION", "cap", read)


def gross_exposure(desk: Desk, say: Wording) -> Check:
    """The sum of all instruments' worst cases. What closes a position passes. Source: RTS 6, article 15(4).

    Where something is held or works and nobody knows a price of it, only what closes passes.
    """
    most, units = desk.money(desk.risk.max_gross_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        key = intent.instrument
        limit, unit = most + context.extra("P19"), _price_ticks(context, intent) * units.get(key, 1)
        worst = context.worst_lots(key, intent.side)
        others = gross_money(context, {k: u for k, u in units.items() if k != key})
        room = 0 if others is None else (limit - others) // unit - worst
        room = max(room, context.reducible_lots(intent))
        measured = (others or 0) + (worst + intent.lots) * unit
        if room >= intent.lots:
            return Pass(measured, limit, "money")
        what = "no price of another position" if others is None else f"gross worst case {say.money(measured)}"
        return Cap(room, say.reason("P19", "GROSS_EXPOSURE", measured, limit, "money", intent, what))

    return Check("P19", "GROSS_EXPOSURE", "cap", read)


def reduce_only(say: Wording) -> Check:
    """REDUCING, or an intent that says so: at most what closes the position, never through zero."""

    def read(context: Context, intent: Intent, _: int) -> Reading:
        if not context.is_reduce_only(intent):
            return PASS
        most = context.reducible_lots(intent)
        if most >= intent.lots:
            return Pass(intent.lots, most, "lots")
        whose = "the intent" if intent.reduce_only else "the desk is REDUCING: it"
        what = f"{whose} may only reduce, {most:,} lots can be closed"
        return Cap(most, say.reason("P23", "REDUCE_ONLY", intent.lots, most, "lots", intent, what))

    return Check("P23", "REDUCE_ONLY", "cap", read)


def exposure_money(context: Context, key: str, unit_money: int) -> int | None:
    """The larger worst case of one instrument; None: there is one, and nobody knows a price."""
    worst = max(0, context.worst_lots(key, Side.BUY), context.worst_lots(key, Side.SELL))
    if not worst:
        return 0
    price = context.price_ticks(key)
    return None if price is None else worst * price * unit_money


def gross_money(context: Context, units: dict[str, int]) -> int | None:
    """The worst cases of all these instruments, summed; None: one of them has no price."""
    total = 0
    for key, unit in units.items():
        exposure = exposure_money(context, key, unit)
        if exposure is None:
            return None
        total += exposure
    return total


def _price_ticks(context: Context, intent: Intent) -> int:
    """What the intent's exposure is counted at: the instrument's price, or its own limit where that is higher."""
    return max(context.price_ticks(intent.instrument) or 0, intent.limit_ticks, 1)
