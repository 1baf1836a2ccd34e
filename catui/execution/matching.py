"""The paper venue's matching: our orders against the real market, which does not see them.

    arrival   LIMIT that reaches the other touch: filled at the touch's price, up to its lots (taker);
              the rest of an IOC expires, the rest of a GTC rests at its limit; LIMIT_MAKER is rejected instead
    resting   filled at its limit (maker) when the other touch reaches it, up to that touch's lots, or when a trade
              prints through it, up to the trade's lots; a print at its price fills nothing, for our place is unknown

Lots of a touch that were taken stay taken until the book speaks again; of two orders the better price comes first, then
the earlier. Conservative where it must guess: never a better price than the order's limit while resting.
"""

from typing import NamedTuple

from msgspec import Struct

from catui.domain.events import Trade
from catui.domain.moment import Market
from catui.domain.orders import Order, OrderType, Side, TimeInForce


class Resting(Struct, frozen=True):
    """An order at the paper venue: what is left of it, and what was filled."""

    order: Order
    leaves_lots: int
    cum_lots: int = 0


class Taken(Struct, frozen=True, gc=False):
    """What we took of the touches of one state of the book, told at `quote_ns`."""

    quote_ns: int | None
    bid_lots: int = 0
    ask_lots: int = 0


class Match(NamedTuple):
    """A fill to be: the order before it, at what price, how much, and on which side of the fee schedule."""

    resting: Resting
    price_ticks: int
    lots: int
    is_maker: bool


def touch_left(market: Market, taken: Taken | None, side: Side) -> tuple[int, int] | None:
    """The other side's touch for an order of `side`, `(price_ticks, lots left)`; None without a valid book."""
    if not market.is_valid:
        return None
    fresh = taken is None or taken.quote_ns != market.quote_ns
    if side is Side.BUY:
        price, lots, used = market.ask_ticks, market.ask_lots, 0 if fresh or taken is None else taken.ask_lots
    else:
        price, lots, used = market.bid_ticks, market.bid_lots, 0 if fresh or taken is None else taken.bid_lots
    return None if price is None else (price, max(0, lots - used))


def take(market: Market, taken: Taken | None, side: Side, lots: int) -> Taken:
    """The account of taken lots after an order of `side` took `lots` of the other touch."""
    if taken is None or taken.quote_ns != market.quote_ns:
        taken = Taken(market.quote_ns)
    if side is Side.BUY:
        return Taken(taken.quote_ns, taken.bid_lots, taken.ask_lots + lots)
    return Taken(taken.quote_ns, taken.bid_lots + lots, taken.ask_lots)


def reaches(side: Side, limit_ticks: int, price_ticks: int) -> bool:
    """Whether a limit of `side` may trade at `price_ticks`."""
    return price_ticks <= limit_ticks if side is Side.BUY else price_ticks >= limit_ticks


def is_refused(order: Order, market: Market, taken: Taken | None) -> bool:
    """Whether the order must rest and would trade at once."""
    touch = touch_left(market, taken, order.intent.side)
    is_maker_only = order.intent.type is OrderType.LIMIT_MAKER
    return is_maker_only and touch is not None and reaches(order.intent.side, order.intent.limit_ticks, touch[0])


def on_arrival(resting: Resting, market: Market, taken: Taken | None) -> Match | None:
    """What the order takes of the other touch when it arrives."""
    intent = resting.order.intent
    touch = touch_left(market, taken, intent.side)
    if touch is None or not reaches(intent.side, intent.limit_ticks, touch[0]):
        return None
    lots = min(resting.leaves_lots, touch[1])
    return Match(resting, touch[0], lots, is_maker=False) if lots else None


def on_book(book: tuple[Resting, ...], market: Market, taken: Taken | None) -> tuple[tuple[Match, ...], Taken | None]:
    """What the touches fill of the resting orders, and what is taken of them then."""
    matches = []
    for resting in by_priority(book):
        intent = resting.order.intent
        touch = touch_left(market, taken, intent.side)
        if touch is None or not reaches(intent.side, intent.limit_ticks, touch[0]):
            continue
        lots = min(resting.leaves_lots, touch[1])
        if lots:
            matches.append(Match(resting, intent.limit_ticks, lots, is_maker=True))
            taken = take(market, taken, intent.side, lots)
    return tuple(matches), taken


def on_trade(book: tuple[Resting, ...], trade: Trade) -> tuple[Match, ...]:
    """What a print through their limits fills of the resting orders, the trade's lots in all."""
    matches = []
    left = trade.lots
    for resting in by_priority(book):
        intent = resting.order.intent
        is_through = trade.price_ticks != intent.limit_ticks and reaches(
            intent.side, intent.limit_ticks, trade.price_ticks
        )
        lots = min(resting.leaves_lots, left)
        if is_through and lots:
            matches.append(Match(resting, intent.limit_ticks, lots, is_maker=True))
            left -= lots
    return tuple(matches)


def by_priority(book: tuple[Resting, ...]) -> list[Resting]:
    """The better limit first, then the earlier arrival; `book` is in the order of arrival."""
    return sorted(book, key=lambda r: -r.order.intent.limit_ticks * r.order.intent.side.sign)


def rests(order: Order) -> bool:
    """Whether what is left of it stays in the book."""
    return order.intent.tif is TimeInForce.GTC
