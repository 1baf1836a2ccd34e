"""One symbol: orders meet the book, fills settle in the ledger, and the world hears of it.

An action (a request, a trader's turn) is one transaction: reports in order, one account report for each account it
touched, its prints, then the touch if it moved. A transient touch within an action is not told.
"""

from collections import deque

from catui.venues.simulated import messages
from catui.venues.simulated.book import Book, Fill, Match, Order
from catui.venues.simulated.feed import Feed, user_stream
from catui.venues.simulated.ledger import Account, commission
from catui.venues.simulated.listing import Listing

HISTORY = 1_000  # orders and trades of watched accounts that can still be asked for: the most that one answer may hold
PRINTS = 1_000
AVERAGE_MINUTES = 5

EXPIRY = {
    "FOK": "UNFILLED_FOK_ORDER_EXPIRED",
    "IOC": "UNFILLED_IOC_QUANTITY_EXPIRED",
    "GTC": "INSUFFICIENT_LIQUIDITY",
}


class Print:
    """A public trade, as GET `trades` tells it."""

    __slots__ = ("buyer_is_maker", "lots", "price", "time_ms", "trade_id")

    def __init__(self, trade_id: int, price: int, lots: int, time_ms: int, buyer_is_maker: bool) -> None:
        self.trade_id = trade_id
        self.price = price
        self.lots = lots
        self.time_ms = time_ms
        self.buyer_is_maker = buyer_is_maker


class Diffs:
    """The changes of levels since the last event of one depth stream; ids go on whoever listens."""

    __slots__ = ("asks", "bids", "last_id", "stream")

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.last_id = 0
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}


class Market:
    """A symbol's book, records and streams. Amounts are in 10**-8, prices in ticks, quantities in lots."""

    def __init__(self, listing: Listing, house: Account, feed: Feed) -> None:
        self.listing = listing
        self.house = house
        self.feed = feed
        self.book = Book()
        self.orders: dict[int, Order] = {}  # of watched accounts
        self.open: dict[tuple[str, str], Order] = {}  # of watched accounts, by account and client id
        self.trades: deque[tuple[Order, Fill]] = deque(maxlen=HISTORY)
        self.prints: deque[Print] = deque(maxlen=PRINTS)
        self._minutes: deque[tuple[int, int, int]] = deque(maxlen=AVERAGE_MINUTES)  # minute, ticks x lots, lots
        self._last_order_id = 0
        self._last_trade_id = 0
        self._last_aggregate_id = 0
        self._last_execution_id = 0
        self._told_top: tuple[int, int, int, int] = (0, 0, 0, 0)
        name = listing.symbol.lower()
        self._trade_stream, self._aggregate_stream = f"{name}@trade", f"{name}@aggTrade"
        self._ticker_stream = f"{name}@bookTicker"
        self._fast, self._slow = Diffs(f"{name}@depth@100ms"), Diffs(f"{name}@depth")

    @property
    def top(self) -> tuple[int, int, int, int]:
        """Best bid and its lots, best ask and its lots; 0 where a side is empty."""
        return self.book.bids.top() + self.book.asks.top()

    @property
    def last_price(self) -> int:
        """The price of the latest trade, in 10**-8; the start price before any."""
        ticks = self.prints[-1].price if self.prints else self.listing.start_ticks
        return ticks * self.listing.price_unit

    def average_price(self) -> int:
        """The volume-weighted price of the last minutes with trades, in 10**-8; the start price before any."""
        lots = sum(minute[2] for minute in self._minutes)
        value = sum(minute[1] for minute in self._minutes)
        unit = self.listing.price_unit
        return value * unit // lots if lots else self.listing.start_ticks * unit

    def submit(self, order: Order, now_ns: int) -> str:
        """Match `order`, then rest or expire what is left. The answer is "" or why the engine refused it.

        FOK: all or nothing. IOC and market orders: the rest expires. LIMIT_MAKER: refused if it would match.
        """
        listing, book, now_ms = self.listing, self.book, now_ns // 1_000_000
        self._last_order_id += 1
        order.id = self._last_order_id
        order.created_ms = order.updated_ms = now_ms
        if order.budget:
            order.lots = order.leaves = book.affordable(order.sign, order.budget // listing.money_unit)
        refusal = self._refusal(order)
        if refusal:
            order.status, order.reason = "REJECTED", refusal
            if order.account.is_watched:
                self._report(order, "REJECTED", now_ns, reject=refusal)
            return refusal
        is_taken = order.tif != "FOK" or book.available(order.sign, order.price) >= order.lots
        matches = book.match(order) if is_taken else []
        rests = bool(order.leaves) and order.kind != "MARKET" and order.tif == "GTC"
        if rests:
            book.rest(order)
        if order.account.is_watched:
            self._remember(order)
            self._report(order, "NEW", now_ns, is_working=True)
        if matches:
            self._settle_all(order, matches, now_ns)
        if not rests and order.status != "FILLED":
            self._expire(order, now_ns)
        self._account_reports(order, matches, now_ns)
        return ""

    def cancel(self, order: Order, now_ns: int, cancel_id: str = "") -> None:
        """Take a resting order out of the book and give back what it locked."""
        self.book.remove(order)
        self._release(order)
        order.status = "CANCELED"
        order.updated_ms = now_ns // 1_000_000
        if order.account.is_watched:
            del self.open[order.account.name, order.client_id]
            self._report(order, "CANCELED", now_ns, client_id=cancel_id, original_id=order.client_id)
            self._account_reports(order, [], now_ns)

    def publish_top(self, now_ns: int) -> None:
        """Tell the touch if it is not what was told last."""
        top = self.book.bids.top() + self.book.asks.top()
        if top != self._told_top:
            self._told_top = top
            if self._ticker_stream in self.feed.readers and top[1] and top[3]:
                text = messages.book_ticker(self.listing, self.book.update_id, top[:2], top[2:])
                self.feed.emit(now_ns, self._ticker_stream, text)

    def publish_depth(self, now_ns: int, is_second: bool) -> None:
        """Tell the levels that changed: each 100 ms, and each whole second what changed in it."""
        book = self.book
        bids, asks = book.bids.take_changes(), book.asks.take_changes()
        self._slow.bids.update(bids)
        self._slow.asks.update(asks)
        self._fast.bids, self._fast.asks = bids, asks
        self._tell(self._fast, now_ns)
        if is_second:
            self._tell(self._slow, now_ns)

    def _tell(self, diffs: Diffs, now_ns: int) -> None:
        first, last = diffs.last_id + 1, self.book.update_id
        if last >= first and diffs.stream in self.feed.readers:
            bids, asks = diffs.bids.items(), diffs.asks.items()
            text = messages.depth_update(self.listing, now_ns // 1_000_000, (first, last), bids, asks)
            self.feed.emit(now_ns, diffs.stream, text)
        diffs.last_id = last
        diffs.bids, diffs.asks = {}, {}

    def _refusal(self, order: Order) -> str:
        """Why the engine takes no such order, "" if it does; what it needs is locked then."""
        listing, book = self.listing, self.book
        if order.kind == "LIMIT_MAKER" and book.crosses(order.sign, order.price):
            return "WOULD_MATCH_IMMEDIATELY"
        if order.sign < 0:
            asset, amount = listing.base, order.lots * listing.lot_unit
        elif order.price:
            asset, amount = listing.quote, order.price * order.lots * listing.money_unit
        else:
            asset, amount = listing.quote, book.cost(order.sign, order.lots) * listing.money_unit
        if not order.account.lock(asset, amount):
            return "INSUFFICIENT_BALANCES"
        order.locked = amount
        return ""

    def _settle_all(self, taker: Order, matches: list[Match], now_ns: int) -> None:
        now_ms, readers, listing = now_ns // 1_000_000, self.feed.readers, self.listing
        prints: list[str] = []
        groups: list[list[int]] = []  # of one price: price, lots, first id, last id
        for match in matches:
            self._last_trade_id += 1
            trade_id = self._last_trade_id
            self._settle(taker, match, trade_id, now_ns)
            self.prints.append(Print(trade_id, match.price, match.lots, now_ms, taker.sign < 0))
            self._count(now_ms // 60_000, match.price * match.lots, match.lots)
            if self._trade_stream in readers:
                prints.append(messages.trade(listing, now_ms, trade_id, match.price, match.lots, taker.sign < 0))
            if groups and groups[-1][0] == match.price:
                groups[-1][1] += match.lots
                groups[-1][3] = trade_id
            else:
                groups.append([match.price, match.lots, trade_id, trade_id])
        for text in prints:
            self.feed.emit(now_ns, self._trade_stream, text)
        for price, lots, first, last in groups:
            self._last_aggregate_id += 1
            if self._aggregate_stream in readers:
                ids, number = (first, last), self._last_aggregate_id
                text = messages.aggregate_trade(listing, now_ms, number, price, lots, ids, taker.sign < 0)
                self.feed.emit(now_ns, self._aggregate_stream, text)

    def _settle(self, taker: Order, match: Match, trade_id: int, now_ns: int) -> None:
        """Move the assets of one trade; commission from what each side receives goes to the house."""
        listing, maker = self.listing, match.maker
        buyer, seller = (taker, maker) if taker.sign > 0 else (maker, taker)
        base, cost = match.lots * listing.lot_unit, match.price * match.lots * listing.money_unit
        held = (buyer.price or match.price) * match.lots * listing.money_unit
        buyer.account.spend(listing.quote, cost)
        if held > cost:
            buyer.account.unlock(listing.quote, held - cost)
        buyer.locked -= held
        seller.account.spend(listing.base, base)
        seller.locked -= base
        for order, asset, amount in ((buyer, listing.base, base), (seller, listing.quote, cost)):
            account, is_maker = order.account, order is maker
            fee = commission(amount, account.maker_rate if is_maker else account.taker_rate)
            account.receive(asset, amount - fee)
            if fee:
                self.house.receive(asset, fee)
            order.filled += match.lots
            order.cumulative += cost
            order.status = "FILLED" if order.filled == order.lots else "PARTIALLY_FILLED"
            order.updated_ms = now_ns // 1_000_000
            if account.is_watched:
                fill = Fill(trade_id, match.price, match.lots, fee, asset, is_maker, order.updated_ms)
                self._fill_report(order, fill, now_ns)

    def _fill_report(self, order: Order, fill: Fill, now_ns: int) -> None:
        order.fills.append(fill)
        self.trades.append((order, fill))
        if order.status == "FILLED":
            self.open.pop((order.account.name, order.client_id), None)
        self._report(order, "TRADE", now_ns, fill=fill, is_working=order.is_resting)

    def _expire(self, order: Order, now_ns: int) -> None:
        self._release(order)
        order.status = "EXPIRED"
        order.reason = EXPIRY[order.tif]
        if order.account.is_watched:
            self.open.pop((order.account.name, order.client_id), None)
            self._report(order, "EXPIRED", now_ns)

    def _release(self, order: Order) -> None:
        if order.locked:
            order.account.unlock(self.listing.base if order.sign < 0 else self.listing.quote, order.locked)
            order.locked = 0

    def _remember(self, order: Order) -> None:
        self.orders[order.id] = order
        self.open[order.account.name, order.client_id] = order
        if len(self.orders) > HISTORY:
            oldest = next((i for i, kept in self.orders.items() if not kept.is_resting), None)
            if oldest is not None:
                del self.orders[oldest]

    def _report(
        self,
        order: Order,
        execution: str,
        now_ns: int,
        *,
        fill: Fill | None = None,
        client_id: str = "",
        original_id: str = "",
        reject: str = "NONE",
        is_working: bool = False,
    ) -> None:
        self._last_execution_id += 1
        stream = user_stream(order.account.name)
        if stream in self.feed.readers:
            text = messages.execution_report(
                self.listing,
                order,
                execution,
                now_ns // 1_000_000,
                self._last_execution_id,
                fill=fill,
                client_id=client_id,
                original_id=original_id,
                reject=reject,
                is_working=is_working,
            )
            self.feed.emit(now_ns, stream, text)

    def _account_reports(self, order: Order, matches: list[Match], now_ns: int) -> None:
        for account in dict.fromkeys([order.account, *(match.maker.account for match in matches)]):
            stream = user_stream(account.name)
            if account.is_watched and account.touched and stream in self.feed.readers:
                self.feed.emit(now_ns, stream, messages.account_position(account, account.touched, now_ns // 1_000_000))
            account.touched.clear()

    def _count(self, minute: int, value: int, lots: int) -> None:
        if self._minutes and self._minutes[-1][0] == minute:
            _, old_value, old_lots = self._minutes[-1]
            self._minutes[-1] = (minute, old_value + value, old_lots + lots)
        else:
            self._minutes.append((minute, value, lots))
