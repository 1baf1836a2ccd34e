"""The background traders of a symbol, each with a stream of chance of its own: `Random(f"{seed}/{symbol}/{name}")`.

    maker      a ladder on both sides around the latent value; sticky, re-pegged when the value has left it
    passive    single orders near the touch, some better than it, cancelled after seconds
    noise      takers of small size, bought a little more often while the touch is below the value
    follower   takers in the direction of the last seconds' move

A text seed is the same in every process, and switching one trader off does not shift the others. `turn` acts on the
market and says when to be called again. The constants make a script that looks alive; they are no estimate.
"""

from random import Random
from typing import Protocol

from catui.venues.simulated.book import Order
from catui.venues.simulated.fair import FairValue
from catui.venues.simulated.ledger import Account
from catui.venues.simulated.market import Market

NS = 1_000_000_000

LADDER = 22  # levels a side that the maker keeps, at least
LADDER_MOST = 30
LADDER_BPS = 12.0  # how deep they reach
REPEG_BPS = 0.3
SPREADS = (1, 1, 1, 2, 2, 3, 5)  # ticks, drawn with equal chances
MAKER_RATE = 26.0  # turns a second
PASSIVE_RATE = 8.0
PASSIVE_MOST = 12
NOISE_RATE = 3.6
FOLLOWER_RATE = 2.0
FOLLOWER_BPS = 1.2
TAKER_BPS = 20.0  # the worst price a background taker accepts, from the touch


class Trader(Protocol):
    """Somebody who trades now and then."""

    def turn(self, now_ns: int) -> int:
        """Act at `now_ns`; the time of the next turn, later than it."""


class Maker:
    """Quotes both sides. Sizes lean to where the value is; a price is left when the value has moved away from it."""

    def __init__(self, market: Market, account: Account, random: Random, fair: FairValue) -> None:
        self._market = market
        self._account = account
        self._random = random
        self._fair = fair
        self._quotes: tuple[dict[int, Order], dict[int, Order]] = ({}, {})  # bids, asks, by price
        ticks = market.listing.start_ticks
        self._threshold = max(1.0, ticks * REPEG_BPS * 1e-4)
        span = ticks * LADDER_BPS * 1e-4
        self._distances = [max(i, round(span * (i / (LADDER - 1)) ** 2)) for i in range(LADDER)]
        self._bid = self._ask = 0

    def turn(self, now_ns: int) -> int:
        """Re-peg if the value has left the quotes; else renew one of them."""
        random = self._random
        value = self._fair.at(now_ns)
        middle = (self._bid + self._ask) / 2
        lean = max(-1.0, min(1.0, (value - middle) / self._threshold))
        if abs(value - middle) > self._threshold:
            spread = random.choice(SPREADS)
            self._bid = max(1, round(value - spread / 2))
            self._ask = self._bid + spread
            for sign in (1, -1):
                self._leave_crossed(sign, now_ns)
            lean = 0.0
        else:
            sign = 1 if random.random() < 0.5 else -1
            self._renew(sign, min(int(random.expovariate(0.8)), LADDER - 1), lean, now_ns)
        for sign in (1, -1):
            self._quote(sign, self._bid if sign > 0 else self._ask, lean, now_ns)
            self._fill_up(sign, now_ns)
        self._market.publish_top(now_ns)
        return now_ns + 1 + int(random.expovariate(MAKER_RATE * self._fair.regime.pace) * NS)

    def _side(self, sign: int) -> dict[int, Order]:
        return self._quotes[0 if sign > 0 else 1]

    def _leave_crossed(self, sign: int, now_ns: int) -> None:
        """Cancel the own quotes that are better than the new touch."""
        quotes, touch = self._side(sign), self._bid if sign > 0 else self._ask
        for price in [price for price in quotes if (price - touch) * sign > 0]:
            self._cancel(quotes, price, now_ns)

    def _renew(self, sign: int, step: int, lean: float, now_ns: int) -> None:
        quotes = self._side(sign)
        price = (self._bid if sign > 0 else self._ask) - sign * self._distances[step]
        if price in quotes:
            self._cancel(quotes, price, now_ns)
        self._quote(sign, price, lean, now_ns)

    def _quote(self, sign: int, price: int, lean: float, now_ns: int) -> None:
        """Have an order at `price`, unless there is one that still rests."""
        quotes = self._side(sign)
        order = quotes.get(price)
        if price < 1 or (order is not None and order.is_resting):
            return
        touch = self._bid if sign > 0 else self._ask
        depth = 1.0 + 2.0 * min(1.0, abs(touch - price) / (self._distances[-1] or 1))
        size = self._random.lognormvariate(0.0, 0.8) * depth * (1.0 + 0.6 * lean * sign)
        lots = max(1, int(size * self._market.listing.size_lots))
        order = Order(self._account, sign, "LIMIT", price, lots)
        self._market.submit(order, now_ns)
        if order.is_resting:
            quotes[price] = order
        else:
            quotes.pop(price, None)

    def _fill_up(self, sign: int, now_ns: int) -> None:
        """Keep the number of levels: more behind the last one, or the last ones off."""
        quotes = self._side(sign)
        if len(quotes) > LADDER_MOST:
            for price in [price for price, order in quotes.items() if not order.is_resting]:
                del quotes[price]
            while len(quotes) > LADDER_MOST:
                self._cancel(quotes, min(quotes) if sign > 0 else max(quotes), now_ns)
        touch = self._bid if sign > 0 else self._ask
        side = self._market.book.side(sign)
        if len(side.keys) >= LADDER:
            return
        for distance in self._distances:
            self._quote(sign, touch - sign * distance, 0.0, now_ns)

    def _cancel(self, quotes: dict[int, Order], price: int, now_ns: int) -> None:
        order = quotes.pop(price)
        if order.is_resting:
            self._market.cancel(order, now_ns)


class Passive:
    """Single resting orders near the touch: they join it, better it by a tick, or wait behind it."""

    def __init__(self, market: Market, account: Account, random: Random, fair: FairValue) -> None:
        self._market = market
        self._account = account
        self._random = random
        self._fair = fair
        self._orders: list[Order] = []

    def turn(self, now_ns: int) -> int:
        """Cancel one of its orders, or place one."""
        random, market = self._random, self._market
        self._orders = [order for order in self._orders if order.is_resting]
        if self._orders and random.random() < len(self._orders) / PASSIVE_MOST:
            market.cancel(self._orders.pop(random.randrange(len(self._orders))), now_ns)
        else:
            bid, _, ask, _ = market.top
            if bid and ask:
                sign = 1 if random.random() < 0.5 else -1
                better = 1 if ask - bid > 1 and random.random() < 0.3 else 0
                behind = 0 if better else int(random.expovariate(1.0) * 0.00006 * bid)
                price = (bid if sign > 0 else ask) + sign * (better - behind)
                lots = max(1, int(random.lognormvariate(-1.5, 1.0) * market.listing.size_lots))
                order = Order(self._account, sign, "LIMIT", max(1, price), lots)
                market.submit(order, now_ns)
                if order.is_resting:
                    self._orders.append(order)
        market.publish_top(now_ns)
        return now_ns + 1 + int(random.expovariate(PASSIVE_RATE * self._fair.regime.pace) * NS)


def _take(market: Market, account: Account, sign: int, lots: int, now_ns: int) -> None:
    """Take at most `lots`, no worse than `TAKER_BPS` from the touch."""
    best = market.book.side(-sign).best
    if best is not None:
        price = max(1, best + sign * max(1, int(best * TAKER_BPS * 1e-4)))
        market.submit(Order(account, sign, "LIMIT", price, max(1, lots), tif="IOC"), now_ns)
        market.publish_top(now_ns)


class Noise:
    """Takers without an idea, but for a lean: more buy while the touch is below the value."""

    def __init__(self, market: Market, account: Account, random: Random, fair: FairValue) -> None:
        self._market = market
        self._account = account
        self._random = random
        self._fair = fair

    def turn(self, now_ns: int) -> int:
        """Take a little."""
        random, listing = self._random, self._market.listing
        bid, _, ask, _ = self._market.top
        if bid and ask:
            middle = (bid + ask) / 2
            lean = max(-0.3, min(0.3, (self._fair.ticks - middle) / middle * 1e4 * 0.5))
            sign = 1 if random.random() < 0.5 + lean else -1
            _take(self._market, self._account, sign, int(random.lognormvariate(-2.5, 1.4) * listing.size_lots), now_ns)
        return now_ns + 1 + int(random.expovariate(NOISE_RATE * self._fair.regime.pace) * NS)


class Follower:
    """Takes in the direction in which the middle has moved away from its own mean of the last seconds."""

    def __init__(self, market: Market, account: Account, random: Random, fair: FairValue) -> None:
        self._market = market
        self._account = account
        self._random = random
        self._fair = fair
        self._mean = float(market.listing.start_ticks)

    def turn(self, now_ns: int) -> int:
        """Look, and take if the move is large enough."""
        random, market = self._random, self._market
        bid, _, ask, _ = market.top
        if bid and ask:
            middle = (bid + ask) / 2
            self._mean += (middle - self._mean) * 0.2
            move_bps = (middle - self._mean) / self._mean * 1e4
            if abs(move_bps) > FOLLOWER_BPS:
                lots = int(random.lognormvariate(-1.2, 1.0) * market.listing.size_lots)
                _take(market, self._account, 1 if move_bps > 0 else -1, lots, now_ns)
        return now_ns + 1 + int(random.expovariate(FOLLOWER_RATE * self._fair.regime.pace) * NS)


NAMES = ("maker", "passive", "noise", "follower")


def traders(seed: int, market: Market, accounts: dict[str, Account], start_ns: int) -> tuple[Trader, ...]:
    """The traders of one symbol, in the order of their first turns."""
    symbol = market.listing.symbol

    def chance(name: str) -> Random:
        return Random(f"{seed}/{symbol}/{name}")

    fair = FairValue(chance("fair"), market.listing.start_ticks, market.listing.volatility, start_ns)
    return (
        Maker(market, accounts["maker"], chance("maker"), fair),
        Passive(market, accounts["passive"], chance("passive"), fair),
        Noise(market, accounts["noise"], chance("noise"), fair),
        Follower(market, accounts["follower"], chance("follower"), fair),
    )
