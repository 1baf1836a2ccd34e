"""The queue estimate against the embedded exchange, which keeps every order by price and time: it knows the truth."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from queue_world import ASK, BID, KEY, Floor

from catui.domain.events import BookDelta, BookSnapshot, Trade
from catui.domain.orders import Side
from catui.venues.simulated.book import Order
from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.feed import Feed
from catui.venues.simulated.ledger import Account
from catui.venues.simulated.listing import LISTINGS, UNIT
from catui.venues.simulated.market import Market

START_NS = 1_767_225_600_000_000_000
MS = 1_000_000


class Truth:
    """An exchange's market, a floor that is told every change of it, and our orders on both.

    `look` tells what has happened since the last look: the prints, then the levels, then what became of our orders.
    """

    def __init__(self, market: Market, account: Account, now_ns: int) -> None:
        self.market, self.account, self.now_ns = market, account, now_ns
        self.floor = Floor()
        self.ours: dict[str, Order] = {}
        self.filled: dict[str, int] = {}
        self.seen_prints = 0
        market.book.bids.take_changes(), market.book.asks.take_changes()
        bids, asks = (tuple(side.depth(10_000)) for side in (market.book.bids, market.book.asks))
        self.floor.step(BookSnapshot(KEY, now_ns, now_ns, 1, bids, asks))

    def later(self) -> int:
        """The next millisecond: prints, books and acceptances have times of their own."""
        self.now_ns += MS
        self.floor.now_ns = self.now_ns
        return self.now_ns

    def look(self) -> None:
        floor, book = self.floor, self.market.book
        for told in [each for each in self.market.prints if each.trade_id > self.seen_prints]:
            self.seen_prints = told.trade_id
            taker, ns = ASK if told.buyer_is_maker else BID, self.later()
            floor.step(Trade(KEY, ns, ns, told.trade_id, told.price, told.lots, taker))
        bids, asks = (tuple(side.take_changes().items()) for side in (book.bids, book.asks))
        if bids or asks:
            ns = self.later()
            floor.step(BookDelta(KEY, ns, ns, book.update_id, bids, asks))
        for name, order in list(self.ours.items()):
            if order.filled > self.filled[name]:
                floor.filled(name, order.filled - self.filled[name])
                self.filled[name] = order.filled
                self.now_ns = floor.now_ns
            if not order.is_resting:
                del self.ours[name]

    def submit(self, sign: int, price: int, lots: int) -> None:
        """An order that must rest; the floor hears of it before the book that holds it."""
        self.later()
        order = Order(self.account, sign, "LIMIT_MAKER", price, lots, client_id=f"o{self.now_ns}")
        if not self.market.submit(order, self.now_ns):
            self.ours[order.client_id] = order
            self.filled[order.client_id] = 0
            self.floor.accepted(order.client_id, price, lots, Side.of(sign))
            self.now_ns = self.floor.now_ns
        self.look()

    def cancel(self, name: str) -> None:
        self.market.cancel(self.ours.pop(name), self.later())
        self.floor.ended(name)
        self.now_ns = self.floor.now_ns
        self.look()

    def ahead(self, name: str) -> int:
        """The truth: what is left of the orders that came to this price before."""
        order, before = self.ours[name], 0
        for other in self.market.book.side(order.sign).levels[order.price].orders.values():
            if other is order:
                return before
            before += other.leaves
        raise AssertionError("not in the book")


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_on_a_simulated_day_the_estimate_is_never_below_the_true_queue(seed: int) -> None:
    exchange = Exchange(seed, ("BTCUSDT",), START_NS)
    exchange.advance(START_NS)
    truth = Truth(exchange.markets["BTCUSDT"], exchange.paper, START_NS)
    random, known, exact = Random(seed), 0, 0
    for _ in range(900):
        exchange.advance(max(exchange.next_ns, truth.now_ns))
        truth.now_ns = max(truth.now_ns, exchange.now_ns)
        truth.look()
        bid, _, ask, _ = truth.market.top
        if bid and ask and random.random() < 0.1 and len(truth.ours) < 12:
            sign = random.choice((1, -1))
            away = random.randrange(-1, 30)
            truth.submit(sign, (bid if sign > 0 else ask) - sign * away, random.randrange(1, 400))
        if truth.ours and random.random() < 0.03:
            truth.cancel(random.choice(list(truth.ours)))
        for name in truth.ours:
            ahead = truth.floor.ahead(name)
            if ahead is not None:
                assert ahead >= truth.ahead(name)
                known, exact = known + 1, exact + (ahead == truth.ahead(name))
    assert known > 500  # the day had orders of ours, and their queues were known
    assert exact > known // 4  # and it is no idle bound


ACTS = st.lists(
    st.tuples(st.sampled_from(("join", "join", "take", "ours")), st.sampled_from((1, -1)), st.integers(0, 4),
              st.integers(1, 30)), min_size=5, max_size=60)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_where_nobody_cancels_the_estimate_is_the_true_queue(acts: list[tuple[str, int, int, int]]) -> None:
    others, ours = (Account(name, {"USDT": 10**9 * UNIT, "BTC": 10**6 * UNIT}, key=name) for name in ("them", "us"))
    market = Market(LISTINGS["BTCUSDT"], Account("house", {}), Feed())
    for sign in (1, -1):
        for away in (1, 3, 9):
            market.submit(Order(others, sign, "LIMIT", 6_000_000 - sign * away, 40), START_NS)
    truth = Truth(market, ours, START_NS)
    for what, sign, away, lots in acts:
        price = 6_000_000 - sign * (1 + 2 * away)
        if what == "ours":
            truth.submit(sign, price, lots)
        elif what == "join":
            market.submit(Order(others, sign, "LIMIT_MAKER", price, lots), truth.later())
        else:
            market.submit(Order(others, sign, "LIMIT", 0, lots, tif="IOC"), truth.later())
        truth.look()
        for name in truth.ours:
            assert truth.floor.ahead(name) == truth.ahead(name)
