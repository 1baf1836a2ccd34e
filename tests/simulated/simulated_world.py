"""A small world for the tests of the embedded exchange: an empty book, accounts, and signed requests."""

import json
from typing import Any
from urllib.parse import urlencode

from catui.venues.simulated.book import Order
from catui.venues.simulated.checks import signature
from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.feed import Feed, user_stream
from catui.venues.simulated.ledger import Account
from catui.venues.simulated.listing import LISTINGS, UNIT
from catui.venues.simulated.market import Market

BTC = LISTINGS["BTCUSDT"]
START_NS = 1_767_225_600_000_000_000
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
STREAMS = ("btcusdt@trade", "btcusdt@aggTrade", "btcusdt@bookTicker", "btcusdt@depth@100ms", "btcusdt@depth")


def account(name: str, maker_rate: int = 20_000, taker_rate: int = 50_000) -> Account:
    """A watched account with 1,000,000 USDT and 100 BTC."""
    return Account(name, {"USDT": 1_000_000 * UNIT, "BTC": 100 * UNIT}, maker_rate, taker_rate, key=name)


class World:
    """An empty BTCUSDT book, accounts a and b, everything read."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.house = Account("house", {})
        self.market = Market(BTC, self.house, self.feed)
        self.a, self.b = account("a"), account("b")
        for stream in (*STREAMS, user_stream("a"), user_stream("b")):
            self.feed.read(stream)
        self.now_ns = START_NS
        self.made = 0

    def order(
        self, who: Account, sign: int, price: int, lots: int, kind: str = "LIMIT", tif: str = "GTC", budget: int = 0
    ) -> Order:
        """Submit an order a millisecond later; its `reason` says if it was refused."""
        self.made += 1
        self.now_ns += 1_000_000
        order = Order(who, sign, kind, price, lots, tif, f"{who.name}{self.made}", budget)
        self.market.submit(order, self.now_ns)
        self.market.publish_top(self.now_ns)
        return order

    def heard(self, stream: str) -> list[Any]:
        """The decoded events of one stream since the last look at any."""
        return [json.loads(frame.text) for frame in self.feed.take() if frame.stream == stream]

    def total(self) -> dict[str, int]:
        """free + locked of everybody, by asset."""
        owners = (self.a, self.b, self.house)
        return {asset: sum(o.free.get(asset, 0) + o.locked.get(asset, 0) for o in owners) for asset in ("USDT", "BTC")}


class Client:
    """Signed requests of one of the exchange's accounts, on its own clock."""

    def __init__(self, exchange: Exchange, number: int = 0) -> None:
        self.exchange = exchange
        self.account = exchange.accounts[number]

    def call(self, method: str, route: str, sign: bool = False, **values: object) -> tuple[int, Any]:
        """Status and decoded body of a request with everything in the query."""
        query, headers = urlencode(values), {}
        if sign:
            query = urlencode({**values, "timestamp": self.exchange.now_ns // 1_000_000})
            query += f"&signature={signature(self.account.secret, query.encode())}"
            headers = {"x-mbx-apikey": self.account.key}
        answer = self.exchange.handle(method, f"/api/v3/{route}", query, "", headers, self.exchange.now_ns)
        return answer.status, json.loads(answer.text)

    def order(self, side: str, kind: str = "LIMIT", **values: object) -> tuple[int, Any]:
        """A new BTCUSDT order."""
        return self.call("POST", "order", True, symbol="BTCUSDT", side=side, type=kind, **values)
