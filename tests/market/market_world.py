"""Two instruments, hand-made and random market events, and the plain book of the tests: a dictionary a side."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from catui.core.machine import Machine
from catui.domain.events import (
    BookDelta,
    BookSnapshot,
    Event,
    FeedState,
    FeedStatus,
    Gap,
    Level,
    MarketEvent,
    Quote,
    Trade,
    TradingState,
)
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Controlled, Market, Moment
from catui.domain.orders import Side
from catui.domain.reports import Reports
from catui.domain.settings import Desk, StrategySettings
from catui.domain.signals import Observation
from catui.market import market
from catui.market.book import BookSide

BTC = Instrument("paper", "BTCUSDT", "BTC", "USDT", tick_size="0.5", lot_size="0.25")
ETH = Instrument("paper", "ETHUSDT", "ETH", "USDT", tick_size="0.01", lot_size="1")
B, E = BTC.key, ETH.key
ELSEWHERE = "paper:DOGEUSDT"
DESK = Desk(7, (BTC, ETH), (StrategySettings("up", "momentum"),))
CONTROL = Control(TradingState.ACTIVE, "", {}, 1)
REPORTS = Reports()
S = 1_000_000_000
Seen = tuple[tuple[str, Observation], ...]


class Session:
    """The market stage with its state, driven event by event."""

    def __init__(self, desk: Desk = DESK) -> None:
        self.machine: Machine[Any, Any, Any] = market(desk)
        self.state: Any = self.machine.init

    def tell(self, *events: Event) -> tuple[Moment, Seen]:
        """The moment after the last of `events`, and what was observed at it."""
        for event in events:
            wire = Controlled(event, CONTROL, None, ()), REPORTS
            self.state, ((moment, seen), reports) = self.machine.step(self.state, wire)
            assert reports is REPORTS
            assert (moment.event, moment.now_ns, moment.control) == (event, event.ts_receive_ns, CONTROL)
        return moment, seen

    def market(self, *events: Event, key: str = B) -> Market:
        """One market after `events`."""
        moment, _ = self.tell(*events)
        return moment.markets[key]


def quote(bid: int = 100, ask: int = 102, key: str = B, at_ns: int = S, bid_lots: int = 8, ask_lots: int = 4) -> Quote:
    return Quote(key, at_ns, None, bid, bid_lots, ask, ask_lots)


def trade(price: int = 101, lots: int = 2, taker: Side = Side.BUY, key: str = B, at_ns: int = S) -> Trade:
    return Trade(key, at_ns, None, 1, price, lots, taker)


def snapshot(
    bids: tuple[Level, ...] = ((100, 5),), asks: tuple[Level, ...] = ((102, 3),), key: str = B, last_id: int = 1
) -> BookSnapshot:
    return BookSnapshot(key, S, None, last_id, bids, asks)


def delta(
    bids: tuple[Level, ...] = (), asks: tuple[Level, ...] = (), key: str = B, last_id: int = 2, at_ns: int = S
) -> BookDelta:
    return BookDelta(key, at_ns, None, last_id, bids, asks)


def gap(key: str = B) -> Gap:
    return Gap(key, S, "a hole", 5, 9)


def feed(state: FeedState, name: str = "paper market") -> FeedStatus:
    return FeedStatus(name, S, state)


def side_of(levels: dict[int, int], *, is_bid: bool) -> BookSide:
    """A side the slow way: sorted from the dictionary, best first."""
    prices = sorted(levels, reverse=is_bid)
    return prices, [levels[price] for price in prices]


def put(levels: dict[int, int], changes: Iterable[Level]) -> dict[int, int]:
    """The dictionary after a delta: absolute lots, 0 removes."""
    after = dict(levels)
    for price, lots in changes:
        after.pop(price, None)
        if lots:
            after[price] = lots
    return after


# Few prices, so that most changes meet a level; 0 lots in a third of them.
few_prices = st.integers(1, 12)
changes = st.lists(st.tuples(few_prices, st.sampled_from([0, 0, 1, 2, 3, 7])), max_size=8).map(tuple)
whole = st.dictionaries(few_prices, st.integers(1, 9), max_size=10)

keys = st.sampled_from([B, E])
sides = st.sampled_from(list(Side))


def _touch(bid: int, ask: int, key: str, lots: int) -> Quote:
    return quote(bid, ask, key, bid_lots=lots)


def _levels(base: int) -> st.SearchStrategy[tuple[Level, ...]]:
    return st.dictionaries(st.integers(base, base + 8), st.integers(1, 9), max_size=5).map(lambda d: tuple(d.items()))


market_events: st.SearchStrategy[MarketEvent] = st.one_of(
    st.builds(_touch, st.integers(95, 104), st.integers(99, 108), keys, st.integers(1, 9)),
    st.builds(trade, st.integers(95, 108), st.integers(1, 9), sides, keys),
    st.builds(snapshot, _levels(93), _levels(100), keys),
    st.builds(delta, changes, changes, keys),
    st.builds(gap, keys),
)
feed_events = st.builds(
    feed, st.sampled_from(list(FeedState)), st.sampled_from(["paper market", "paper user", "paper"])
)
