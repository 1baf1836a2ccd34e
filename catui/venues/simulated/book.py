"""A limit order book with price-time priority: the better price first, then the earlier order, at the maker's price.

Prices are ticks, quantities lots. A side keeps its prices as keys that rise towards the best one (bids as they are,
asks negated), so that both sides share one code and the best is the last.
"""

from bisect import bisect_left, insort
from typing import NamedTuple

from catui.venues.simulated.ledger import Account


class Order:
    """An order and what became of it. `sign` is +1 for BUY, -1 for SELL; `price` 0: a market order, no limit.

    `leaves` are the lots that may still match, `filled` those that are settled, `cumulative` the money they came to.
    `locked` is what its account holds back for it, `budget` the amount of a market order by amount; 10**-8 all.
    """

    __slots__ = (
        "account",
        "budget",
        "client_id",
        "created_ms",
        "cumulative",
        "filled",
        "fills",
        "id",
        "is_resting",
        "kind",
        "leaves",
        "locked",
        "lots",
        "price",
        "reason",
        "sign",
        "status",
        "tif",
        "updated_ms",
    )

    def __init__(
        self,
        account: Account,
        sign: int,
        kind: str,
        price: int,
        lots: int,
        tif: str = "GTC",
        client_id: str = "",
        budget: int = 0,
    ) -> None:
        self.account = account
        self.sign = sign
        self.kind = kind
        self.tif = tif
        self.price = price
        self.lots = lots
        self.budget = budget
        self.client_id = client_id
        self.id = 0
        self.leaves = lots
        self.filled = 0
        self.cumulative = 0
        self.locked = 0
        self.status = "NEW"
        self.reason = ""
        self.is_resting = False
        self.created_ms = self.updated_ms = 0
        self.fills: list[Fill] = []

    @property
    def side(self) -> str:
        """BUY or SELL."""
        return "BUY" if self.sign > 0 else "SELL"


class Match(NamedTuple):
    """One maker order hit: at its price, for so many lots."""

    maker: Order
    price: int
    lots: int


class Fill(NamedTuple):
    """One order's part in a trade, as its account sees it; `commission` in 10**-8 of `asset`."""

    trade_id: int
    price: int
    lots: int
    commission: int
    asset: str
    is_maker: bool
    time_ms: int


class Level:
    """The orders of one price in order of arrival, and their lots together."""

    __slots__ = ("lots", "orders")

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self.lots = 0


class BookSide:
    """One side: `keys` rise towards the best price, `changed` holds each price's lots since the last `take`."""

    __slots__ = ("changed", "keys", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[int, Level] = {}
        self.changed: dict[int, int] = {}

    @property
    def best(self) -> int | None:
        """The best price, None if the side is empty."""
        return self.keys[-1] * self.sign if self.keys else None

    def top(self) -> tuple[int, int]:
        """Best price and its lots, (0, 0) if the side is empty."""
        if not self.keys:
            return 0, 0
        price = self.keys[-1] * self.sign
        return price, self.levels[price].lots

    def depth(self, limit: int) -> list[tuple[int, int]]:
        """At most `limit` levels, best first."""
        sign = self.sign
        return [(key * sign, self.levels[key * sign].lots) for key in self.keys[: -limit - 1 : -1]]

    def take_changes(self) -> dict[int, int]:
        """Every price that changed since the last call, with its last quantity; best first."""
        changed, self.changed = self.changed, {}
        return dict(sorted(changed.items(), reverse=self.sign > 0))


class Book:
    """Both sides, and the counter `update_id`: +1 for every change of a price level."""

    __slots__ = ("asks", "bids", "update_id")

    def __init__(self) -> None:
        self.bids = BookSide(1)
        self.asks = BookSide(-1)
        self.update_id = 0

    def side(self, sign: int) -> BookSide:
        """The side on which orders of `sign` rest."""
        return self.bids if sign > 0 else self.asks

    def crosses(self, sign: int, price: int) -> bool:
        """Whether an order at `price` would match at once."""
        best = self.side(-sign).best
        return best is not None and (not price or (price - best) * sign >= 0)

    def available(self, sign: int, price: int) -> int:
        """The lots that an order of `sign` at `price` (0: any) could take now."""
        total = 0
        for level_price, lots in self.side(-sign).depth(1 << 30):
            if price and (price - level_price) * sign < 0:
                break
            total += lots
        return total

    def cost(self, sign: int, lots: int) -> int:
        """Ticks x lots that taking `lots`, or as many as there are, would trade for."""
        value = 0
        for price, there in self.side(-sign).depth(1 << 30):
            taken = min(lots, there)
            value += taken * price
            lots -= taken
            if not lots:
                break
        return value

    def affordable(self, sign: int, money: int) -> int:
        """The lots that `money` (ticks x lots) trades for, rounded down at each level."""
        total = 0
        for price, there in self.side(-sign).depth(1 << 30):
            lots = min(there, money // price)
            total += lots
            money -= lots * price
            if lots < there:
                break
        return total

    def match(self, taker: Order) -> list[Match]:
        """Trade `taker` against the other side, best price first, oldest order first; its rest stays in `leaves`."""
        matches: list[Match] = []
        side = self.side(-taker.sign)
        while taker.leaves and side.keys:
            price = side.keys[-1] * side.sign
            if taker.price and (taker.price - price) * taker.sign < 0:
                break
            level = side.levels[price]
            maker = next(iter(level.orders.values()))
            lots = min(taker.leaves, maker.leaves)
            taker.leaves -= lots
            maker.leaves -= lots
            level.lots -= lots
            if not maker.leaves:
                maker.is_resting = False
                del level.orders[maker.id]
                if not level.orders:
                    side.keys.pop()
                    del side.levels[price]
            self._changed(side, price, level.lots)
            matches.append(Match(maker, price, lots))
        return matches

    def rest(self, order: Order) -> None:
        """Put what is left of `order` at the end of its price's queue."""
        side, price = self.side(order.sign), order.price
        level = side.levels.get(price)
        if level is None:
            level = side.levels[price] = Level()
            insort(side.keys, price * side.sign)
        level.orders[order.id] = order
        level.lots += order.leaves
        order.is_resting = True
        self._changed(side, price, level.lots)

    def remove(self, order: Order) -> None:
        """Take a resting order out."""
        side, price = self.side(order.sign), order.price
        level = side.levels[price]
        del level.orders[order.id]
        level.lots -= order.leaves
        order.is_resting = False
        if not level.orders:
            del side.keys[bisect_left(side.keys, price * side.sign)]
            del side.levels[price]
        self._changed(side, price, level.lots)

    def _changed(self, side: BookSide, price: int, lots: int) -> None:
        self.update_id += 1
        side.changed[price] = lots
