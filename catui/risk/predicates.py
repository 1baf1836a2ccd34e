"""Predicates: checks that say yes or no. All are evaluated; order is irrelevant; none has a memory."""

from catui.domain.events import TradingState
from catui.domain.moment import StrategyState
from catui.domain.orders import Intent, Side
from catui.domain.settings import Desk
from catui.risk.limits import PASS, Check, Context, Pass, Reading, Refuse
from catui.risk.wording import Wording


def predicates(desk: Desk) -> tuple[Check, ...]:
    """Every predicate of the desk, by its number."""
    say = Wording(desk)
    return (
        trading_state(say),
        strategy_state(say),
        warming_up(desk, say),
        grid(say),
        minimum(desk, say),
        stale_data(desk, say),
        book_invalid(say),
        price_collar(desk, say),
        fat_finger(desk, say),
        open_orders(desk, say),
        self_trade(say),
        drawdown(desk, say),
        daily_loss(desk, say),
    )


def trading_state(say: Wording) -> Check:
    """HALTED refuses every order. (REDUCING is a cap: see P23.) Source: RTS 6 (2017/589), article 12."""

    def read(context: Context, intent: Intent, _: int) -> Reading:
        if context.trading_state is not TradingState.HALTED:
            return PASS
        return Refuse(say.reason("P01", "TRADING_STATE", 2, 1, "", intent, "the desk is HALTED"))

    return Check("P01", "TRADING_STATE", "predicate", read)


def strategy_state(say: Wording) -> Check:
    """A strategy that does not run (it drains, is paused or quarantined) may only close what it holds.

    Its closers that already work are counted: two orders cannot carry it through zero together.
    """

    def read(context: Context, intent: Intent, _: int) -> Reading:
        held = context.held.get(intent.instrument, {})
        for leg in intent.legs:
            standing = context.strategies.get(leg.strategy)
            if standing is None or standing.state is StrategyState.RUN or not leg.lots:
                continue
            side = Side.of(leg.lots)
            against = -side.sign * held.get(leg.strategy, 0)
            most = max(0, against - context.share_lots(intent.instrument, leg.strategy, side))
            if abs(leg.lots) > most:
                what = f"{leg.strategy} is {standing.state.value} and wants {abs(leg.lots):,} lots"
                return Refuse(say.reason("P02", "STRATEGY_STATE", abs(leg.lots), most, "lots", intent, what))
        return PASS

    return Check("P02", "STRATEGY_STATE", "predicate", read)


def warming_up(desk: Desk, say: Wording) -> Check:
    """No strategy trades an instrument before its features are warm; the operator may."""
    names, limit = frozenset((*desk.strategy_names, "ensemble")), desk.features.warm_up_ticks

    def read(context: Context, intent: Intent, _: int) -> Reading:
        seen = context.market(intent.instrument).ticks
        if intent.owner not in names:
            return PASS
        if seen >= limit:
            return Pass(seen, limit, "ticks")
        return Refuse(say.reason("P03", "WARMING_UP", seen, limit, "ticks", intent, f"{seen} quotes seen"))

    return Check("P03", "WARMING_UP", "predicate", read, is_least=True)


def grid(say: Wording) -> Check:
    """A price and a quantity above 0, of an instrument that the desk has, and legs that sum to the order.

    On the grid they are by type.
    """

    def read(_: Context, intent: Intent, __: int) -> Reading:
        if intent.lots <= 0 or intent.limit_ticks <= 0 or say.instrument(intent.instrument) is None:
            what = f"{intent.lots} lots at {intent.limit_ticks} ticks is no order of this desk"
            return Refuse(say.reason("P08", "GRID", min(intent.lots, intent.limit_ticks), 1, "", intent, what))
        wanted, legs = intent.side.sign * intent.lots, sum(leg.lots for leg in intent.legs)
        if legs != wanted:
            what = f"the legs sum to {legs} lots, the order to {wanted}"
            return Refuse(say.reason("P08", "GRID", legs, wanted, "", intent, what))
        return PASS

    return Check("P08", "GRID", "predicate", read)


def minimum(desk: Desk, say: Wording) -> Check:
    """The venue's least quantity and notional, of the capped quantity."""
    units = desk.unit_money
    least_money = {i.key: desk.money(i.min_notional) for i in desk.instruments}

    def read(_: Context, intent: Intent, lots: int) -> Reading:
        instrument = say.instrument(intent.instrument)
        if instrument is None or lots <= 0:
            return PASS  # P08 and the caps say so
        notional, least = lots * intent.limit_ticks * units[intent.instrument], least_money[intent.instrument]
        if lots < instrument.min_lots:
            what = f"{lots} lots left"
            return Refuse(say.reason("P09", "MINIMUM", lots, instrument.min_lots, "lots", intent, what))
        if notional < least:
            return Refuse(
                say.reason("P09", "MINIMUM", notional, least, "money", intent, f"worth {say.money(notional)}")
            )
        return Pass(notional, least, "money")

    return Check("P09", "MINIMUM", "predicate", read, is_least=True)


def stale_data(desk: Desk, say: Wording) -> Check:
    """Nothing opens on a book that has not been heard of for too long."""
    limit_ms = desk.risk.stale_ms

    def read(context: Context, intent: Intent, _: int) -> Reading:
        limit = limit_ms + context.extra("P10", intent.instrument)
        heard_ns = context.market(intent.instrument).quote_ns
        age_ms = limit + 1 if heard_ns is None else (context.now_ns - heard_ns) // 1_000_000
        if age_ms <= limit or context.is_reducing(intent):
            return Pass(age_ms, limit, "ms")
        what = "nothing heard yet" if heard_ns is None else f"last heard {age_ms:,} ms ago"
        return Refuse(say.reason("P10", "STALE_DATA", age_ms, limit, "ms", intent, what))

    return Check("P10", "STALE_DATA", "predicate", read)


def book_invalid(say: Wording) -> Check:
    """No order on a book that has a gap, is crossed or has one side only."""

    def read(context: Context, intent: Intent, _: int) -> Reading:
        market = context.market(intent.instrument)
        if market.is_valid:
            return PASS
        return Refuse(say.reason("P11", "BOOK_INVALID", 1, 0, "", intent, market.why_invalid))

    return Check("P11", "BOOK_INVALID", "predicate", read)


def price_collar(desk: Desk, say: Wording) -> Check:
    """The limit price within a collar round the reference: the mid, else the last trade, else refused.

    distance = 10,000 |2 price - 2 reference| / (2 reference) in bps, rounded up. Source: RTS 6, article 15(1)(a).
    """
    collar_bps = desk.risk.price_collar_bps

    def read(context: Context, intent: Intent, _: int) -> Reading:
        limit = collar_bps + context.extra("P12", intent.instrument)
        market = context.market(intent.instrument)
        last = None if market.last_ticks is None else 2 * market.last_ticks
        twice = last if market.mid_half_ticks is None else market.mid_half_ticks
        if twice is None or twice <= 0:
            return Refuse(say.reason("P12", "PRICE_COLLAR", limit + 1, limit, "bps", intent, "no reference price"))
        away = -(-abs(2 * intent.limit_ticks - twice) * 10_000 // twice)
        if away <= limit:
            return Pass(away, limit, "bps")
        side = "above" if 2 * intent.limit_ticks > twice else "below"
        price, reference = say.price(intent.instrument, intent.limit_ticks), say.price(intent.instrument, twice // 2)
        what = f"price {price} is {away:,} bps {side} reference {reference}"
        return Refuse(say.reason("P12", "PRICE_COLLAR", away, limit, "bps", intent, what))

    return Check("P12", "PRICE_COLLAR", "predicate", read)


def fat_finger(desk: Desk, say: Wording) -> Check:
    """The notional of one order as wanted; never trimmed: cutting a wrong number does not make it right.

    Source: RTS 6, article 15(1)(b).
    """
    most, units = desk.money(desk.risk.max_order_notional_quote), desk.unit_money

    def read(context: Context, intent: Intent, _: int) -> Reading:
        limit = most + context.extra("P16", intent.instrument)
        notional = intent.lots * intent.limit_ticks * units.get(intent.instrument, 1)
        if notional <= limit:
            return Pass(notional, limit, "money")
        return Refuse(say.reason("P16", "FAT_FINGER", notional, limit, "money", intent, f"worth {say.money(notional)}"))

    return Check("P16", "FAT_FINGER", "predicate", read)


def open_orders(desk: Desk, say: Wording) -> Check:
    """How many orders may work: on the desk, and of one instrument. Reductions pass."""
    at_desk, of_one = desk.risk.max_open_orders, desk.risk.max_open_orders_instrument

    def read(context: Context, intent: Intent, _: int) -> Reading:
        if context.is_reducing(intent):
            return PASS
        of_instrument = sum(w.instrument == intent.instrument for w in context.working)
        for count, most, extra, where in (
            (len(context.working), at_desk, context.extra("P25"), "on the desk"),
            (of_instrument, of_one, context.extra("P25", intent.instrument), "of the instrument"),
        ):
            if count + 1 > most + extra:
                what = f"{count + 1} orders {where} with this one"
                return Refuse(say.reason("P25", "OPEN_ORDERS", count + 1, most + extra, "orders", intent, what))
        return Pass(of_instrument + 1, of_one + context.extra("P25", intent.instrument), "orders")

    return Check("P25", "OPEN_ORDERS", "predicate", read)


def self_trade(say: Wording) -> Check:
    """An order that would meet one of our own, whichever strategy's, those being cancelled included."""

    def read(context: Context, intent: Intent, _: int) -> Reading:
        for other in context.working:
            if other.instrument != intent.instrument or other.side is intent.side:
                continue
            through = (intent.limit_ticks - other.limit_ticks) * intent.side.sign
            if through >= 0:
                verb = "buy" if other.side is Side.BUY else "sell"
                what = f"crosses our {verb} at {say.price(intent.instrument, other.limit_ticks)}"
                return Refuse(say.reason("P27", "SELF_TRADE", through, 0, "", intent, what))
        return PASS

    return Check("P27", "SELF_TRADE", "predicate", read)


def drawdown_bps(context: Context, start_money: int) -> int:
    """How far the desk stands below its best, in bps of the start equity, rounded up."""
    return -(-context.drawdown_money * 10_000 // max(start_money, 1))


def drawdown(desk: Desk, say: Wording) -> Check:
    """Nothing opens when the desk stands too far below its best, in bps of the start equity, rounded up."""
    start, most = desk.money(desk.start_equity_quote), desk.risk.max_drawdown_bps

    def read(context: Context, intent: Intent, _: int) -> Reading:
        limit = most + context.extra("P28")
        down = drawdown_bps(context, start)
        if down < limit or context.is_reducing(intent):
            return Pass(down, limit, "bps")
        return Refuse(say.reason("P28", "DRAWDOWN", down, limit, "bps", intent, f"{down:,} bps below the peak"))

    return Check("P28", "DRAWDOWN", "predicate", read)


def daily_loss(desk: Desk, say: Wording) -> Check:
    """Nothing opens when the desk has lost too much since 00:00 UTC."""
    most = desk.money(desk.risk.max_daily_loss_quote)

    def read(context: Context, intent: Intent, _: int) -> Reading:
        limit, lost = most + context.extra("P29"), -context.day_money
        if lost < limit or context.is_reducing(intent):
            return Pass(max(0, lost), limit, "money")
        return Refuse(say.reason("P29", "DAILY_LOSS", lost, limit, "money", intent, f"lost {say.money(lost)} today"))

    return Check("P29", "DAILY_LOSS", "predicate", read)
