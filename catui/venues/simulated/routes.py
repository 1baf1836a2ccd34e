"""The REST routes under `/api/v3`, sans-IO: a request's parts in, status, headers and JSON text out."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from catui.venues.simulated import messages, orders
from catui.venues.simulated.book import Order
from catui.venues.simulated.checks import SIGNED, Kind, Refusal, authentic, owner, sent, syntax, timely
from catui.venues.simulated.ledger import Account
from catui.venues.simulated.limits import ORDERS_PER_DAY, WEIGHT_PER_MINUTE, OrderCounts, Weights
from catui.venues.simulated.listing import UNIT, amount_text
from catui.venues.simulated.market import AVERAGE_MINUTES, Market

PREFIX = "/api/v3/"
MAX_DEPTH = 5_000
MAX_ROWS = 1_000

ORDER_KEY = {"symbol": Kind.WORD, "orderId": Kind.INT, "origClientOrderId": Kind.ID}
CANCEL_KEY = {**ORDER_KEY, "newClientOrderId": Kind.ID, "cancelRestrictions": Kind.WORD}
LIMITED = {"symbol": Kind.WORD, "limit": Kind.INT}


class Answer(NamedTuple):
    """What a request is answered: HTTP status, headers beside the content type, JSON text."""

    status: int
    headers: dict[str, str]
    text: str


class Call(NamedTuple):
    """One request on its way through a route. `account` is None where a route is public."""

    values: dict[str, str]
    account: Account | None
    now_ns: int
    clock_ms: int

    @property
    def owner(self) -> Account:
        """The account of a signed request."""
        assert self.account is not None
        return self.account


class Route(NamedTuple):
    """`weight`, whether it is signed, what it reads and what it needs."""

    handle: Callable[[Call], object]
    weight: int
    known: dict[str, Kind]
    required: tuple[str, ...] = ()
    is_signed: bool = False


class Routes:
    """The routes over the markets of an exchange. `accounts` is by key."""

    def __init__(self, markets: dict[str, Market], accounts: dict[str, Account], orders_per_10_s: int) -> None:
        self._markets = markets
        self._accounts = accounts
        self._orders_per_10_s = orders_per_10_s
        self._weights = Weights()
        self._counts = {account.name: OrderCounts(orders_per_10_s) for account in accounts.values()}
        self._made_ids = 0
        self._table = self._routes()

    def handle(
        self, method: str, path: str, query: str, body: str, headers: dict[str, str], now_ns: int, clock_ns: int
    ) -> Answer:
        """Answer one request at `now_ns`; times are checked against `clock_ns`."""
        route = self._table.get((method, path.removeprefix(PREFIX))) if path.startswith(PREFIX) else None
        if route is None:
            return Answer(404, {}, '{"code":-1000,"msg":"Not found."}')
        extra: dict[str, str] = {}
        try:
            status, result = 200, self._answer(route, query, body, headers, now_ns, clock_ns // 1_000_000, extra)
        except Refusal as refusal:
            status, result = refusal.status, {"code": refusal.code, "msg": refusal.text}
            if refusal.retry_after_s:
                extra["Retry-After"] = str(refusal.retry_after_s)
        used = str(self._weights.used)
        text = result if isinstance(result, str) else msgspec.json.encode(result).decode()
        return Answer(status, {"X-MBX-USED-WEIGHT": used, "X-MBX-USED-WEIGHT-1M": used, **extra}, text)

    def _answer(
        self,
        route: Route,
        query: str,
        body: str,
        headers: dict[str, str],
        now_ns: int,
        clock_ms: int,
        extra: dict[str, str],
    ) -> object:
        parameters = sent(query, body)
        values = parameters.values
        self._weights.use(self._weight(route, values), clock_ms)
        account: Account | None = None
        if route.is_signed:
            syntax(values, {**route.known, **SIGNED}, (*route.required, "timestamp", "signature"))
            account = owner(headers.get("x-mbx-apikey", ""), self._accounts)
            timely(values, clock_ms)
            authentic(account.secret, parameters.payload, values["signature"])
        else:
            syntax(values, route.known, route.required)
        result = route.handle(Call(values, account, now_ns, clock_ms))
        if route.handle == self._new_order and account is not None:
            counts = self._counts[account.name]
            extra["X-MBX-ORDER-COUNT-10S"] = str(counts.recent)
            extra["X-MBX-ORDER-COUNT-1D"] = str(counts.today)
        return result

    def _weight(self, route: Route, values: dict[str, str]) -> int:
        limit = values.get("limit", "100")
        if route.handle == self._depth and limit.isascii() and limit.isdigit():
            return next((weight for most, weight in ((100, 5), (500, 25), (1000, 50)) if int(limit) <= most), 250)
        return route.weight

    def _routes(self) -> dict[tuple[str, str], Route]:
        symbol, key = {"symbol": Kind.WORD}, ("symbol",)
        information = {"symbol": Kind.WORD, "symbols": Kind.LIST, "permissions": Kind.WORD}
        trades = {**LIMITED, "orderId": Kind.INT, "fromId": Kind.INT, "startTime": Kind.INT, "endTime": Kind.INT}
        return {
            ("GET", "ping"): Route(lambda _: {}, 1, {}),
            ("GET", "time"): Route(lambda call: {"serverTime": call.clock_ms}, 1, {}),
            ("GET", "exchangeInfo"): Route(self._information, 20, information),
            ("GET", "depth"): Route(self._depth, 5, LIMITED, key),
            ("GET", "trades"): Route(self._trades, 25, LIMITED, key),
            ("GET", "avgPrice"): Route(self._average, 2, symbol, key),
            ("GET", "ticker/price"): Route(self._price, 2, symbol),
            ("GET", "ticker/bookTicker"): Route(self._ticker, 2, symbol),
            ("POST", "order"): Route(self._new_order, 1, orders.PARAMETERS, orders.REQUIRED, True),
            ("POST", "order/test"): Route(self._test_order, 1, orders.PARAMETERS, orders.REQUIRED, True),
            ("GET", "order"): Route(self._order, 4, ORDER_KEY, key, True),
            ("DELETE", "order"): Route(self._cancel, 1, CANCEL_KEY, key, True),
            ("GET", "openOrders"): Route(self._open_orders, 6, symbol, (), True),
            ("DELETE", "openOrders"): Route(self._cancel_all, 1, symbol, key, True),
            ("GET", "account"): Route(self._account, 20, {"omitZeroBalances": Kind.WORD}, (), True),
            ("GET", "myTrades"): Route(self._own_trades, 20, trades, key, True),
        }

    def _market(self, call: Call) -> Market:
        market = self._markets.get(call.values["symbol"])
        if market is None:
            raise Refusal(-1121, "Invalid symbol.")
        return market

    def _some(self, call: Call) -> list[Market] | None:
        """The market that is named; None if none is."""
        return [self._market(call)] if "symbol" in call.values else None

    def _information(self, call: Call) -> object:
        markets = self._some(call)
        if "symbols" in call.values:
            names = msgspec.json.decode(call.values["symbols"], type=list[str])
            markets = [self._market(call._replace(values={"symbol": name})) for name in names]
        if markets is None:
            markets = list(self._markets.values())
        return {
            "timezone": "UTC",
            "serverTime": call.clock_ms,
            "rateLimits": self._rate_limits(),
            "exchangeFilters": [],
            "symbols": [messages.symbol_information(market.listing) for market in markets],
            "sors": [],
        }

    def _rate_limits(self) -> list[dict[str, object]]:
        rows = (
            ("REQUEST_WEIGHT", "MINUTE", 1, WEIGHT_PER_MINUTE),
            ("ORDERS", "SECOND", 10, self._orders_per_10_s),
            ("ORDERS", "DAY", 1, ORDERS_PER_DAY),
        )
        return [{"rateLimitType": t, "interval": i, "intervalNum": n, "limit": limit} for t, i, n, limit in rows]

    def _depth(self, call: Call) -> object:
        market = self._market(call)
        limit = _limit(call, 100, MAX_DEPTH)
        book = market.book
        bids, asks = book.bids.depth(limit), book.asks.depth(limit)
        return messages.depth_snapshot(market.listing, book.update_id, bids, asks)

    def _trades(self, call: Call) -> object:
        market = self._market(call)
        unit = market.listing
        return [
            {
                "id": made.trade_id,
                "price": amount_text(made.price * unit.price_unit),
                "qty": amount_text(made.lots * unit.lot_unit),
                "quoteQty": amount_text(made.price * made.lots * unit.money_unit),
                "time": made.time_ms,
                "isBuyerMaker": made.buyer_is_maker,
                "isBestMatch": True,
            }
            for made in list(market.prints)[-_limit(call, 500, MAX_ROWS) :]
        ]

    def _average(self, call: Call) -> object:
        price = self._market(call).average_price()
        return {"mins": AVERAGE_MINUTES, "price": amount_text(price), "closeTime": call.clock_ms}

    def _price(self, call: Call) -> object:
        markets = self._some(call)
        rows = [
            {"symbol": market.listing.symbol, "price": amount_text(market.last_price)}
            for market in markets or self._markets.values()
        ]
        return rows[0] if markets else rows

    def _ticker(self, call: Call) -> object:
        markets = self._some(call)
        rows = []
        for market in markets or self._markets.values():
            (bid, bid_lots, ask, ask_lots), listing = market.top, market.listing
            rows.append(
                {
                    "symbol": listing.symbol,
                    "bidPrice": amount_text(bid * listing.price_unit),
                    "bidQty": amount_text(bid_lots * listing.lot_unit),
                    "askPrice": amount_text(ask * listing.price_unit),
                    "askQty": amount_text(ask_lots * listing.lot_unit),
                }
            )
        return rows[0] if markets else rows

    def _test_order(self, call: Call) -> object:
        orders.wanted(call.values, self._market(call), call.owner, "test")
        return {}

    def _new_order(self, call: Call) -> object:
        market = self._market(call)
        self._made_ids += 1
        order, response = orders.wanted(call.values, market, call.owner, f"catui-{self._made_ids:012d}")
        counts = self._counts[call.owner.name]
        counts.check(call.clock_ms)
        if (order.account.name, order.client_id) in market.open:
            raise Refusal(-2010, "Duplicate order sent.")
        refused = market.submit(order, call.now_ns)
        if refused:
            raise Refusal(-2010, orders.REFUSALS[refused])
        counts.count(order)
        market.publish_top(call.now_ns)
        return messages.order_reply(market.listing, order, response)

    def _find(self, call: Call, market: Market) -> Order | None:
        """The order that is named, if it is the caller's: an open one first, else the latest with that id."""
        values, name = call.values, call.owner.name
        if "orderId" in values:
            order = market.orders.get(int(values["orderId"]))
            return order if order is not None and order.account.name == name else None
        if "origClientOrderId" not in values:
            raise Refusal(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!")
        client_id = values["origClientOrderId"]
        found = market.open.get((name, client_id))
        mine = (o for o in reversed(market.orders.values()) if o.client_id == client_id and o.account.name == name)
        return found or next(mine, None)

    def _order(self, call: Call) -> object:
        market = self._market(call)
        order = self._find(call, market)
        if order is None:
            raise Refusal(-2013, "Order does not exist.")
        return messages.order_status(market.listing, order)

    def _cancel(self, call: Call) -> object:
        market = self._market(call)
        order = self._find(call, market)
        if order is None or not order.is_resting:
            raise Refusal(-2011, "Unknown order sent.")
        only = call.values.get("cancelRestrictions")
        if only is not None and only not in ("ONLY_NEW", "ONLY_PARTIALLY_FILLED"):
            raise Refusal(-1130, "Data sent for parameter 'cancelRestrictions' is not valid.")
        if only is not None and only != f"ONLY_{order.status}":
            raise Refusal(-2011, "Order was not canceled due to cancel restrictions.")
        return self._cancelled(call, market, order)

    def _cancelled(self, call: Call, market: Market, order: Order) -> object:
        self._made_ids += 1
        cancel_id = call.values.get("newClientOrderId", f"cancel-{self._made_ids:012d}")
        market.cancel(order, call.now_ns, cancel_id)
        market.publish_top(call.now_ns)
        return messages.cancel_reply(market.listing, order, cancel_id)

    def _mine(self, call: Call, market: Market) -> list[Order]:
        return sorted((o for (name, _), o in market.open.items() if name == call.owner.name), key=lambda o: o.id)

    def _open_orders(self, call: Call) -> object:
        markets = self._some(call) or self._markets.values()
        return [messages.order_status(m.listing, order) for m in markets for order in self._mine(call, m)]

    def _cancel_all(self, call: Call) -> object:
        market = self._market(call)
        mine = self._mine(call, market)
        if not mine:
            raise Refusal(-2011, "Unknown order sent.")
        return [self._cancelled(call, market, order) for order in mine]

    def _account(self, call: Call) -> object:
        account = call.owner
        omit_zero = call.values.get("omitZeroBalances") == "true"
        maker, taker = account.maker_rate, account.taker_rate
        return {
            "makerCommission": maker * 10_000 // UNIT,
            "takerCommission": taker * 10_000 // UNIT,
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {
                "maker": amount_text(maker),
                "taker": amount_text(taker),
                "buyer": messages.ZERO,
                "seller": messages.ZERO,
            },
            "canTrade": True,
            "canWithdraw": False,
            "canDeposit": False,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": call.now_ns // 1_000_000,
            "accountType": "SPOT",
            "balances": [
                {"asset": a, "free": amount_text(free), "locked": amount_text(account.locked[a])}
                for a, free in account.free.items()
                if not omit_zero or free or account.locked[a]
            ],
            "permissions": ["SPOT"],
            "uid": 1,
        }

    def _own_trades(self, call: Call) -> object:
        market, values = self._market(call), call.values
        first, since = int(values.get("fromId", 0)), int(values.get("startTime", 0))
        until = int(values.get("endTime", 10**18))
        order_id = int(values["orderId"]) if "orderId" in values else None
        rows = [
            messages.own_trade(market.listing, order, fill)
            for order, fill in market.trades
            if order.account is call.owner
            and fill.trade_id >= first
            and since <= fill.time_ms <= until
            and order_id in (None, order.id)
        ]
        limit = _limit(call, 500, MAX_ROWS)
        return rows[:limit] if "fromId" in values or "startTime" in values else rows[-limit:]


def _limit(call: Call, default: int, most: int) -> int:
    """`limit`, cut to what the route gives. Refusal: -1130 a limit of 0."""
    limit = int(call.values.get("limit", default))
    if not limit:
        raise Refusal(-1130, "Data sent for parameter 'limit' is not valid.")
    return min(limit, most)
