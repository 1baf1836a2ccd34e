"""How many lots stand before our resting orders: the risk-averse queue model, told by the book and the prints.

A venue tells levels, not orders, so that the place in a queue is an estimate. This one is an upper bound: whoever
cancels is taken to have stood behind us.

    acceptance   ahead = what the book then known shows at our price; 0 where it is known to show nothing
    print        ahead - lots, at our price; 0 for a print through it; at least 0
    level        min(ahead, what is shown less what is left of our own order)
    maker fill   0: it is our turn
    gap          None: not known; the next whole book begins again, with everything in it before us

Law: with every change of the book told, never below the true queue; equal to it as long as nobody cancels. What joins
between the book that is known and our arrival is not seen: on a feed of 100 ms the estimate may be that much too low.
Sources: the risk-averse queue model of hftbacktest; Rigtorp, *Estimating order queue position* (2013); Moallemi and
Yuan, *A model for queue position valuation in a limit order book* (2016), for what such a place is worth.
"""

from bisect import bisect_left
from operator import neg

from msgspec import Struct, field

from catui.core.machine import Machine, atom
from catui.domain.events import BookDelta, BookSnapshot, FeedStatus, Report, Trade
from catui.domain.moment import Market, Moment
from catui.domain.orders import Order, Side, Status
from catui.domain.reports import Handled
from catui.domain.settings import Desk
from catui.monitoring.scene import Scene


class Place(Struct, frozen=True, gc=False):
    """One resting order's: the lots before it (None: not known), and when the venue took it, by the venue's clock."""

    ahead_lots: int | None
    accepted_ns: int | None = None


class Reach(Struct, frozen=True, gc=False):
    """Of a held book: its time by the venue's clock, and how deep its last snapshot was; None: that side was empty."""

    book_ns: int | None
    lowest_bid_ticks: int | None
    highest_ask_ticks: int | None


class Queues(Struct, frozen=True):
    """Books by instrument, places by order."""

    books: dict[str, Reach] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


def queues(desk: Desk) -> Machine[Queues, Scene, Scene]:
    """Scenes pass unchanged; the state is every resting order's place in its queue.

    At a venue the book shows our own orders, once it is later than their acceptance; on paper it never does.
    Law: it means what `identity` means, so that it decides nothing.
    """
    is_shown = desk.execution.mode == "venue"

    def step(held: Queues, scene: Scene) -> tuple[Queues, Scene]:
        moment, booked, reports = scene
        handled = booked.executed.handled
        is_book = type(moment.event) in (BookDelta, BookSnapshot)
        books = _reached(held.books, moment) if is_book else held.books
        places = held.places
        if places and (moment.changed is not None or type(moment.event) is FeedStatus):
            places = _told(books, places, moment, handled, is_shown=is_shown)
        if handled.orders is not reports.orders:
            places = _with_new(books, places, moment, handled, is_shown=is_shown)
        return (held if books is held.books and places is held.places else Queues(books, places)), scene

    return atom(Queues(), step)


def shown_lots(market: Market, reach: Reach | None, side: Side, price_ticks: int) -> int | None:
    """What the held book has at a price of `side`, ours included; None: no book, or deeper than it is known."""
    if market.book_id is None or reach is None:
        return None
    is_bid = side is Side.BUY
    prices, lots = market.bids if is_bid else market.asks
    place = bisect_left(prices, -price_ticks if is_bid else price_ticks, key=neg if is_bid else None)
    if place < len(prices) and prices[place] == price_ticks:
        return lots[place]
    deepest = reach.lowest_bid_ticks if is_bid else reach.highest_ask_ticks
    is_within = deepest is not None and (price_ticks - deepest) * side.sign >= 0
    return 0 if place == 0 or is_within else None


def _reached(books: dict[str, Reach], moment: Moment) -> dict[str, Reach]:
    """The books after one was told; of instruments that the desk has."""
    event, key = moment.event, moment.changed
    if isinstance(event, BookSnapshot) and key is not None:
        bids, asks = moment.markets[key].bids[0], moment.markets[key].asks[0]
        return {**books, key: Reach(event.ts_event_ns, bids[-1] if bids else None, asks[-1] if asks else None)}
    if isinstance(event, BookDelta) and key in books:
        before = books[key]
        return {**books, key: Reach(event.ts_event_ns, before.lowest_bid_ticks, before.highest_ask_ticks)}
    return books


def _told(
    books: dict[str, Reach], places: dict[str, Place], moment: Moment, handled: Handled, *, is_shown: bool
) -> dict[str, Place]:
    """The places after what this event told of their market; the same object where it told them nothing."""
    after: dict[str, Place] = {}
    for id, place in places.items():
        order = handled.orders.working.get(id)
        if order is not None and moment.changed in (None, order.intent.instrument):
            market, reach = moment.markets[order.intent.instrument], books.get(order.intent.instrument)
            ahead = _moved(place, order, moment, market, reach, is_shown=is_shown)
            if ahead != place.ahead_lots:
                after[id] = Place(ahead, place.accepted_ns)
    return {**places, **after} if after else places


def _moved(
    place: Place, order: Order, moment: Moment, market: Market, reach: Reach | None, *, is_shown: bool
) -> int | None:
    """What stands before one order after an event of its market."""
    event, ahead = moment.event, place.ahead_lots
    if market.book_id is None or reach is None:
        return None
    if isinstance(event, Trade) and ahead is not None and _is_later(event, place, reach):
        return max(0, ahead - _passed(order, event, ahead))
    if isinstance(event, BookDelta | BookSnapshot):
        bound = _bound(order, place.accepted_ns, market, reach, is_shown=is_shown)
        return bound if ahead is None else ahead if bound is None else min(ahead, bound)
    return ahead


def _is_later(trade: Trade, place: Place, reach: Reach) -> bool:
    """Whether a print is not in the book yet and behind our arrival, by the venue's clock where it has one."""
    told = [ns for ns in (reach.book_ns, place.accepted_ns) if ns is not None]
    return trade.ts_event_ns is None or all(trade.ts_event_ns > ns for ns in told)


def _passed(order: Order, trade: Trade, ahead: int) -> int:
    """How many of those before an order a print took: its lots at our price, all of them where it went through."""
    side = order.intent.side
    if trade.taker is side:
        return 0
    beyond = (order.intent.limit_ticks - trade.price_ticks) * side.sign
    return 0 if beyond < 0 else trade.lots if beyond == 0 else ahead


def _bound(order: Order, accepted_ns: int | None, market: Market, reach: Reach, *, is_shown: bool) -> int | None:
    """The most that can stand before an order by the book alone; ours is in it from behind its acceptance on."""
    lots = shown_lots(market, reach, order.intent.side, order.intent.limit_ticks)
    if lots is None:
        return None
    is_in_it = is_shown and accepted_ns is not None and reach.book_ns is not None and reach.book_ns > accepted_ns
    return max(0, lots - order.leaves_lots) if is_in_it else lots


def _with_new(
    books: dict[str, Reach], places: dict[str, Place], moment: Moment, handled: Handled, *, is_shown: bool
) -> dict[str, Place]:
    """A place for every order that rests, in the order of the table; none for one that does not."""
    turns = {fill.order_id for fill in handled.fills if fill.execution.is_maker}
    after: dict[str, Place] = {}
    for id, order in handled.orders.working.items():
        if order.status is Status.LIVE:
            place = places.get(id) or _entered(books, order, moment, is_shown=is_shown)
            after[id] = Place(0, place.accepted_ns) if id in turns else place
    return after


def _entered(books: dict[str, Reach], order: Order, moment: Moment, *, is_shown: bool) -> Place:
    """An order at its acceptance: behind all that the book shows, and behind what a newer quote shows of its touch."""
    event, intent, accepted_ns = moment.event, order.intent, None
    if is_shown and isinstance(event, Report) and event.order_id == order.id:
        accepted_ns = event.ts_event_ns
    market, reach = moment.markets.get(intent.instrument), books.get(intent.instrument)
    if market is None or reach is None:
        return Place(None, accepted_ns)
    bound = _bound(order, accepted_ns, market, reach, is_shown=is_shown)
    is_bid = intent.side is Side.BUY
    touch, lots = (market.bid_ticks, market.bid_lots) if is_bid else (market.ask_ticks, market.ask_lots)
    is_touch = bound is not None and touch == intent.limit_ticks
    return Place(max(bound or 0, lots) if is_touch else bound, accepted_ns)
