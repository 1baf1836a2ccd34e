"""The market stage: one fold over everything that venues tell, by instrument."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from catui.core.machine import Machine, atom, named
from catui.domain.events import BookDelta, BookSnapshot, FeedState, FeedStatus, Gap, MarketEvent, Quote, Trade
from catui.domain.moment import Controlled, Market, Moment
from catui.domain.reports import Reports
from catui.domain.settings import Desk
from catui.domain.signals import Observation
from catui.market.book import changed_side, depth_lots, fault_of, whole_side
from catui.market.scale import lot_size, tick_size

DEPTH_LEVELS = 5
MARKET_FEED = " market"  # feeds are named `VENUE CHANNEL`; the user channel carries no books

Observations = tuple[tuple[str, Observation], ...]
Wire = tuple[Controlled, Reports]
MarketWire = tuple[tuple[Moment, Observations], Reports]


class MarketState(Struct, frozen=True):
    """Every market's latest state, and what each feed last said of itself."""

    markets: dict[str, Market]
    feeds: dict[str, FeedStatus] = field(default_factory=dict)


def market(desk: Desk) -> Machine[Any, Wire, MarketWire]:
    """Events to the moment: every market's latest state, and what this event told of one.

    A quote is an observation with `is_quote`; a trade one without, once the touch is known. A gap or a feed that is
    down makes a book invalid until the next snapshot. Events of instruments that the desk does not have are ignored.
    Law: a market depends on the events of its own instrument and feed only.
    """
    scales = {i.key: (tick_size(i), lot_size(i)) for i in desk.instruments}
    first = MarketState({key: Market(key) for key in scales})

    def step(state: MarketState, wire: Wire) -> tuple[MarketState, MarketWire]:
        controlled, reports = wire
        event = controlled.event
        changed: str | None = None
        seen: Observations = ()
        if isinstance(event, MarketEvent):
            before = state.markets.get(event.instrument)
            if before is not None:
                changed = before.instrument
                after = FOLDS[type(event)](before, event)
                state = MarketState({**state.markets, changed: after}, state.feeds)
                seen = _observed(after, event, *scales[changed])
        elif type(event) is FeedStatus:
            state = _feed_told(state, event)
        moment = Moment(
            event,
            event.ts_receive_ns,
            controlled.control,
            controlled.command,
            controlled.results,
            state.markets,
            changed,
        )
        return state, ((moment, seen), reports)

    return named("market", atom(first, step))


def _quote(market: Market, event: Quote) -> Market:
    """The touch. Where no book was ever told, quotes alone make a market valid; behind a gap no quote does."""
    why = market.why_invalid
    if market.book_id is not None or not market.gaps:
        why = _fault_of_touch(event.bid_ticks, event.ask_ticks)
        if market.book_id is not None:
            why = fault_of(market.bids, market.asks) or why
    return Market(
        market.instrument,
        event.bid_ticks,
        event.bid_lots,
        event.ask_ticks,
        event.ask_lots,
        market.last_ticks,
        market.last_lots,
        market.last_taker,
        market.last_trade_ns,
        event.ts_receive_ns,
        event.ts_event_ns or market.venue_ns,
        market.bids,
        market.asks,
        market.book_id,
        not why,
        why,
        market.gaps,
        market.ticks + 1,
    )


def _fault_of_touch(bid_ticks: int, ask_ticks: int) -> str:
    return "crossed: the quote" if bid_ticks >= ask_ticks else ""


def _trade(market: Market, event: Trade) -> Market:
    return replace(
        market,
        last_ticks=event.price_ticks,
        last_lots=event.lots,
        last_taker=event.taker,
        last_trade_ns=event.ts_receive_ns,
        venue_ns=event.ts_event_ns or market.venue_ns,
    )


def _delta(market: Market, event: BookDelta) -> Market:
    """A delta changes a book that is whole; behind a gap there is nothing to change until the next snapshot."""
    if market.book_id is None:
        return market
    bids = changed_side(market.bids, event.bids, is_bid=True)
    asks = changed_side(market.asks, event.asks, is_bid=False)
    return _with_book(replace(market, bids=bids, asks=asks), event)


def _snapshot(market: Market, event: BookSnapshot) -> Market:
    """A whole book; behind a gap its top is the touch, since the last quote may be from before it."""
    bids, asks = whole_side(event.bids, is_bid=True), whole_side(event.asks, is_bid=False)
    is_behind_gap = market.book_id is None and market.gaps > 0
    market = replace(market, bids=bids, asks=asks)
    if is_behind_gap and not fault_of(bids, asks):
        market = _with_top(market)
    return _with_book(market, event)


def _with_book(market: Market, event: BookDelta | BookSnapshot) -> Market:
    """The book's own facts; its top is the touch until a quote feed has said better."""
    fault = fault_of(market.bids, market.asks)
    if market.ticks == 0 and not fault:
        market = _with_top(market)
    elif market.bid_ticks is not None and market.ask_ticks is not None:
        fault = fault or _fault_of_touch(market.bid_ticks, market.ask_ticks)
    return replace(
        market,
        book_id=event.last_id,
        is_valid=not fault,
        why_invalid=fault,
        quote_ns=event.ts_receive_ns,
        venue_ns=event.ts_event_ns or market.venue_ns,
    )


def _with_top(market: Market) -> Market:
    return replace(
        market,
        bid_ticks=market.bids[0][0],
        bid_lots=market.bids[1][0],
        ask_ticks=market.asks[0][0],
        ask_lots=market.asks[1][0],
    )


def _gap(market: Market, event: Gap) -> Market:
    why = f"gap: {event.reason}"
    return replace(
        market, is_valid=False, why_invalid=why, gaps=market.gaps + 1, book_id=None, bids=([], []), asks=([], [])
    )


FOLDS: dict[type, Callable[[Market, Any], Market]] = {
    Quote: _quote,
    Trade: _trade,
    BookDelta: _delta,
    BookSnapshot: _snapshot,
    Gap: _gap,
}


def _feed_told(state: MarketState, event: FeedStatus) -> MarketState:
    """A market feed that is down makes every book invalid: what it missed is not known."""
    markets = state.markets
    if event.state is FeedState.DOWN and event.feed.endswith(MARKET_FEED):
        markets = {
            key: replace(
                market, is_valid=False, why_invalid=f"feed {event.feed} is down", book_id=None, gaps=market.gaps + 1
            )
            for key, market in markets.items()
        }
    return MarketState(markets, {**state.feeds, event.feed: event})


def _observed(market: Market, event: MarketEvent, tick: float, lot: float) -> Observations:
    """What a quote or a trade says to the signal path; nothing before the touch is known."""
    if not isinstance(event, Quote | Trade) or market.bid_ticks is None or market.ask_ticks is None:
        return ()
    is_quote = isinstance(event, Quote)
    trade_size = 0.0
    if isinstance(event, Trade):
        trade_size = event.taker.sign * event.lots * lot
    bid_lots, ask_lots = market.bid_lots, market.ask_lots
    if market.book_id is not None:
        bid_depth, ask_depth = depth_lots(market.bids, DEPTH_LEVELS), depth_lots(market.asks, DEPTH_LEVELS)
    else:
        bid_depth, ask_depth = bid_lots, ask_lots
    seen = Observation(
        event.ts_receive_ns / 1e9,
        is_quote,
        market.bid_ticks * tick,
        market.ask_ticks * tick,
        bid_lots * lot,
        ask_lots * lot,
        bid_depth * lot,
        ask_depth * lot,
        trade_size,
    )
    return ((market.instrument, seen),)
