"""The exchange: all symbols on one clock, sans-IO. Equal seeds and equal requests at equal times give equal frames.

Time is what `advance` and `handle` are told, and never goes back. However it is cut up, the script is the same.
"""

import hashlib
from heapq import heapify, heapreplace

from catui.errors import UsageError
from catui.text import printable
from catui.venues.simulated.feed import Feed, Frame
from catui.venues.simulated.ledger import Account
from catui.venues.simulated.listing import LISTINGS, UNIT
from catui.venues.simulated.market import Market
from catui.venues.simulated.routes import Answer, Routes
from catui.venues.simulated.traders import NAMES, Trader, traders

DEPTH_EVERY_NS = 100_000_000
SECOND_NS = 1_000_000_000
MAKER_RATE = 20_000  # 2 bps, in 10**-8
TAKER_RATE = 50_000  # 5 bps
PAPER_BALANCES = {"USDT": 10_000_000, "BTC": 500, "ETH": 5_000, "SOL": 100_000}
BACKGROUND_AMOUNT = 10**12  # of every asset, for each background trader: its balance is never what stops it


def credentials(seed: int, name: str) -> tuple[str, str]:
    """Key and secret of a paper account. They open nothing but a market of this seed on loopback."""
    return (
        hashlib.sha256(f"paper key {seed}/{name}".encode()).hexdigest(),
        hashlib.sha256(f"paper secret {seed}/{name}".encode()).hexdigest(),
    )


class Exchange:
    """Symbols, their background traders, and the accounts of whoever trades by request.

    UsageError: an unknown symbol, none, or one twice.
    """

    def __init__(
        self,
        seed: int,
        symbols: tuple[str, ...],
        start_ns: int,
        accounts: tuple[str, ...] = ("paper",),
        orders_per_10_s: int = 100,
    ) -> None:
        self.seed = seed
        self.symbols = _known(symbols)
        self.now_ns = start_ns
        self.feed = Feed()
        self.house = Account("house", {})
        self.background = {name: Account(name, self._background_balances()) for name in NAMES}
        self.accounts = tuple(self._paper(name) for name in accounts)
        self.markets = {symbol: Market(LISTINGS[symbol], self.house, self.feed) for symbol in self.symbols}
        self._routes = Routes(self.markets, {a.key: a for a in self.accounts}, orders_per_10_s)
        self._turns = self._first_turns(start_ns)

    @property
    def paper(self) -> Account:
        """The first account."""
        return self.accounts[0]

    def account(self, key: str) -> Account | None:
        """The account with this key."""
        return next((account for account in self.accounts if account.key == key), None)

    @property
    def next_ns(self) -> int:
        """When the script goes on."""
        return self._turns[0][0]

    def advance(self, to_ns: int) -> None:
        """Run the script up to `to_ns`, that moment included. A time in the past changes nothing."""
        turns = self._turns
        while turns[0][0] <= to_ns:
            now_ns, number, trader = turns[0]
            self.now_ns = now_ns
            heapreplace(turns, (trader.turn(now_ns), number, trader))
        self.now_ns = max(self.now_ns, to_ns)

    def handle(
        self, method: str, path: str, query: str, body: str, headers: dict[str, str], now_ns: int, clock_ns: int = 0
    ) -> Answer:
        """Answer a REST request at `now_ns`, after all that the script has before it.

        `headers` have lower-case names. `clock_ns` is the clock of `timestamp` checks where it is not the market's.
        """
        self.advance(now_ns)
        return self._routes.handle(method, path, query, body, headers, self.now_ns, clock_ns or self.now_ns)

    def take(self) -> list[Frame]:
        """The frames since the last call, in order."""
        return self.feed.take()

    def totals(self) -> dict[str, int]:
        """free + locked over every account and the house, by asset, in 10**-8."""
        totals: dict[str, int] = {}
        for account in (*self.accounts, *self.background.values(), self.house):
            for asset in account.free:
                totals[asset] = totals.get(asset, 0) + account.free[asset] + account.locked[asset]
        return totals

    def _background_balances(self) -> dict[str, int]:
        assets = dict.fromkeys(a for s in self.symbols for a in (LISTINGS[s].base, LISTINGS[s].quote))
        return dict.fromkeys(assets, BACKGROUND_AMOUNT * UNIT)

    def _paper(self, name: str) -> Account:
        key, secret = credentials(self.seed, name)
        balances = {asset: amount * UNIT for asset, amount in PAPER_BALANCES.items()}
        return Account(name, balances, MAKER_RATE, TAKER_RATE, key, secret)

    def _first_turns(self, start_ns: int) -> list[tuple[int, int, Trader]]:
        """The makers' ladders stand when the exchange opens; depth is told on the clock's 100 ms."""
        turns: list[tuple[int, int, Trader]] = []
        for market in self.markets.values():
            for trader in traders(self.seed, market, self.background, start_ns):
                turns.append((trader.turn(start_ns), len(turns), trader))
        turns.append((start_ns - start_ns % DEPTH_EVERY_NS + DEPTH_EVERY_NS, len(turns), _DepthClock(self.markets)))
        heapify(turns)
        return turns


class _DepthClock:
    """Tells the depth of all symbols each 100 ms."""

    def __init__(self, markets: dict[str, Market]) -> None:
        self._markets = markets

    def turn(self, now_ns: int) -> int:
        for market in self._markets.values():
            market.publish_depth(now_ns, is_second=now_ns % SECOND_NS == 0)
        return now_ns + DEPTH_EVERY_NS


def _known(symbols: tuple[str, ...]) -> tuple[str, ...]:
    known = ", ".join(LISTINGS)
    for symbol in symbols:
        if symbol not in LISTINGS:
            raise UsageError(f"simulated.symbols = {printable(symbol)}: not traded here; known are {known}")
    if not symbols or len(set(symbols)) < len(symbols):
        raise UsageError(f"simulated.symbols: give one or more, each once; known are {known}")
    return symbols
