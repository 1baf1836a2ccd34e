"""REST by hand: what is refused, in which order, and what an accepted request is answered."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from simulated_world import START_NS, Client

from catui.errors import UsageError
from catui.venues.simulated.checks import signature
from catui.venues.simulated.exchange import Exchange

SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
LIMIT = {"timeInForce": "GTC", "quantity": "0.001", "price": "50000"}


@pytest.fixture
def client() -> Client:
    return Client(Exchange(7, ("BTCUSDT",), START_NS))


def test_signatures_are_those_of_the_venues_documentation() -> None:
    query, body = b"symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC", b"quantity=1&price=0.1&recvWindow=5000"
    stamp = b"&timestamp=1499827319559"
    together = "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"
    assert signature(SECRET, query + body + stamp) == together
    assert (
        signature(SECRET, query + b"&" + body + stamp)
        == "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"price": ""}, -1105),
        ({"price": "1e5"}, -1100),
        ({"newClientOrderId": "x" * 37}, -1100),
        ({"newClientOrderId": "a b"}, -1100),
        ({"colour": "red"}, -1104),
        ({"symbol": "NOPE"}, -1121),
        ({"timeInForce": "GTX"}, -1115),
        ({"type": "STOP_LOSS"}, -1116),
        ({"side": "HOLD"}, -1117),
        ({"stopPrice": "1"}, -1106),
        ({"type": "LIMIT_MAKER"}, -1106),
        ({"quantity": None}, -1102),
        ({"quantity": "0.123456789"}, -1111),
        ({"price": "50000.001"}, -1013),
        ({"price": "0"}, -1013),
        ({"quantity": "0.000001"}, -1013),
        ({"quantity": "0.00001"}, -1013),
        ({"selfTradePreventionMode": "EXPIRE_TAKER"}, -1013),
        ({"quantity": "1000"}, -1013),
        ({"quantity": "190", "price": "47000"}, 200),
        ({"quantity": "180", "price": "50000", "side": "SELL"}, 200),
        ({"type": "MARKET", "timeInForce": None, "price": None, "quantity": None}, -1128),
    ],
)
def test_what_is_wrong_with_an_order_is_said_by_its_code(client: Client, values: dict[str, Any], code: int) -> None:
    wanted = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", **LIMIT, **values}
    status, body = client.call("POST", "order", True, **{k: v for k, v in wanted.items() if v is not None})
    if code == 200:
        assert status == 200
    else:
        assert (status, body["code"]) == (400, code)
        assert set(body) == {"code", "msg"}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"price": "50000.001"}, "PRICE_FILTER"),
        ({"quantity": "0.0000101"}, "LOT_SIZE"),
        ({"quantity": "0.00009"}, "NOTIONAL"),
        ({"quantity": "1000"}, "NOTIONAL"),
    ],
)
def test_a_filter_is_named(client: Client, values: dict[str, str], name: str) -> None:
    _, body = client.order("BUY", **{**LIMIT, **values})
    assert body == {"code": -1013, "msg": f"Filter failure: {name}"}


def test_a_notional_of_exactly_the_minimum_passes(client: Client) -> None:
    assert client.order("BUY", timeInForce="GTC", quantity="0.0001", price="50000")[0] == 200
    _, body = client.order("BUY", timeInForce="GTC", quantity="0.0001", price="49999.99")
    assert body["msg"] == "Filter failure: NOTIONAL"


def test_the_two_hundredth_open_order_is_the_last() -> None:
    client = Client(Exchange(7, ("BTCUSDT",), START_NS, orders_per_10_s=1000))
    answers = [client.order("BUY", **LIMIT) for _ in range(201)]
    assert [status for status, _ in answers] == [200] * 200 + [400]
    assert answers[-1][1]["msg"] == "Filter failure: MAX_NUM_ORDERS"
    client.call("DELETE", "openOrders", True, symbol="BTCUSDT")
    assert client.order("BUY", **LIMIT)[0] == 200


def test_key_then_time_then_signature(client: Client) -> None:
    exchange, now_ms = client.exchange, START_NS // 1_000_000
    key = exchange.paper.key

    def code(key: str, stamp: int, **extra: object) -> tuple[int, int]:
        query = urlencode({"timestamp": stamp, "signature": "00", **extra})
        answer = exchange.handle("GET", "/api/v3/account", query, "", {"x-mbx-apikey": key}, START_NS)
        return answer.status, int(answer.text.split(":")[1].split(",")[0])

    assert code("short", 0) == (401, -2014)
    assert code("k" * 64, 0) == (401, -2015)
    assert code(key, now_ms - 5001) == (400, -1021)
    assert code(key, now_ms - 5001, recvWindow=6000) == (400, -1022)
    assert code(key, now_ms - 5000) == (400, -1022)
    assert code(key, now_ms + 1000) == (400, -1021)
    assert code(key, now_ms + 999) == (400, -1022)
    assert code(key, now_ms, recvWindow=60001) == (400, -1131)
    assert code(key, now_ms * 1000) == (400, -1022)


def test_the_signature_covers_query_then_body_as_they_came(client: Client) -> None:
    exchange, now_ms = client.exchange, START_NS // 1_000_000
    query, body = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC", f"quantity=1&price=50000&timestamp={now_ms}"
    headers = {"x-mbx-apikey": exchange.paper.key}
    good = signature(exchange.paper.secret, (query + body).encode())
    for where in ("query", "body"):
        parts = {"query": query, "body": body}
        parts[where] += f"&signature={good}"
        answer = exchange.handle("POST", "/api/v3/order", parts["query"], parts["body"], headers, START_NS)
        assert answer.status == 200
    other = body.replace("quantity=1", "quantity=2") + f"&signature={good}"
    answer = exchange.handle("POST", "/api/v3/order", query, other, headers, START_NS)
    assert (answer.status, answer.text[:13]) == (400, '{"code":-1022')


def test_a_parameter_given_twice_is_refused(client: Client) -> None:
    answer = client.exchange.handle("GET", "/api/v3/depth", "symbol=BTCUSDT&symbol=BTCUSDT", "", {}, START_NS)
    assert '"code":-1101' in answer.text


def test_a_parameter_in_query_and_body_counts_as_the_query_has_it(client: Client) -> None:
    answer = client.exchange.handle("GET", "/api/v3/depth", "symbol=BTCUSDT&limit=3", "limit=4", {}, START_NS)
    assert len(json.loads(answer.text)["bids"]) == 3


def test_orders_of_others_are_as_if_absent() -> None:
    exchange = Exchange(7, ("BTCUSDT",), START_NS, accounts=("paper", "other"))
    mine, other = Client(exchange), Client(exchange, 1)
    _, order = mine.order("BUY", newClientOrderId="same", **LIMIT)
    assert other.order("BUY", newClientOrderId="same", **LIMIT)[0] == 200
    key = {"symbol": "BTCUSDT", "orderId": order["orderId"]}
    assert other.call("GET", "order", True, **key)[1]["code"] == -2013
    assert other.call("DELETE", "order", True, **key)[1]["code"] == -2011
    assert [row["orderId"] for row in mine.call("GET", "openOrders", True)[1]] == [order["orderId"]]
    assert len(other.call("DELETE", "openOrders", True, symbol="BTCUSDT")[1]) == 1
    assert mine.call("GET", "order", True, **key)[1]["status"] == "NEW"


def test_the_life_of_an_order_as_rest_tells_it(client: Client) -> None:
    _, order = client.order("BUY", newClientOrderId="mine-1", **LIMIT)
    assert (order["status"], order["fills"], order["clientOrderId"]) == ("NEW", [], "mine-1")
    assert set(order) == {
        *("symbol", "orderId", "orderListId", "clientOrderId", "transactTime", "price", "origQty", "executedQty"),
        *("origQuoteOrderQty", "cummulativeQuoteQty", "status", "timeInForce", "type", "side", "workingTime"),
        *("selfTradePreventionMode", "fills"),
    }
    assert client.order("BUY", newClientOrderId="mine-1", **LIMIT)[1] == {"code": -2010, "msg": "Duplicate order sent."}
    key = {"symbol": "BTCUSDT", "origClientOrderId": "mine-1"}
    _, found = client.call("GET", "order", True, **key)
    assert (found["orderId"], found["isWorking"], found["price"]) == (order["orderId"], True, "50000.00000000")
    _, listed = client.call("GET", "openOrders", True)
    assert listed == [found]
    _, gone = client.call("DELETE", "order", True, newClientOrderId="bye", **key)
    assert (gone["status"], gone["clientOrderId"], gone["origClientOrderId"]) == ("CANCELED", "bye", "mine-1")
    assert client.call("DELETE", "order", True, **key) == (400, {"code": -2011, "msg": "Unknown order sent."})
    _, found = client.call("GET", "order", True, **key)
    assert (found["status"], found["isWorking"]) == ("CANCELED", False)
    assert client.call("GET", "openOrders", True) == (200, [])
    _, nothing = client.call("GET", "order", True, symbol="BTCUSDT", orderId=10**9)
    assert nothing == {"code": -2013, "msg": "Order does not exist."}


def test_a_filled_order_shows_in_the_trades_and_the_balances(client: Client) -> None:
    _, order = client.order("BUY", kind="MARKET", quantity="0.5")
    assert (order["status"], order["executedQty"]) == ("FILLED", "0.50000000")
    assert sum(float(fill["qty"]) for fill in order["fills"]) == 0.5
    _, trades = client.call("GET", "myTrades", True, symbol="BTCUSDT")
    assert [t["id"] for t in trades] == [fill["tradeId"] for fill in order["fills"]]
    assert {t["commissionAsset"] for t in trades} == {"BTC"}
    _, account = client.call("GET", "account", True)
    balances = {row["asset"]: row for row in account["balances"]}
    assert balances["BTC"] == {"asset": "BTC", "free": "500.49975000", "locked": "0.00000000"}
    assert float(balances["USDT"]["free"]) == pytest.approx(10_000_000 - float(order["cummulativeQuoteQty"]))


def test_orders_without_a_fill_are_counted_and_fills_give_back(client: Client) -> None:
    exchange = Exchange(7, ("BTCUSDT",), START_NS, orders_per_10_s=3)
    client = Client(exchange)
    assert [client.order("BUY", **LIMIT)[0] for _ in range(3)] == [200, 200, 200]
    status, body = client.order("BUY", **LIMIT)
    assert (status, body["code"]) == (429, -1015)
    exchange.advance(START_NS + 10_000_000_000)
    assert [client.order("BUY", kind="MARKET", quantity="0.001")[0] for _ in range(5)] == [200] * 5


def test_a_test_order_is_checked_and_does_nothing(client: Client) -> None:
    wanted = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", **LIMIT}
    assert client.call("POST", "order/test", True, **wanted) == (200, {})
    assert client.call("GET", "openOrders", True) == (200, [])
    assert client.call("POST", "order/test", True, **{**wanted, "price": "0.001"})[1]["code"] == -1013


def test_weight_is_counted_a_minute_and_too_much_of_it_refused(client: Client) -> None:
    exchange = client.exchange
    answer = exchange.handle("GET", "/api/v3/depth", "symbol=BTCUSDT&limit=5000", "", {}, START_NS)
    assert answer.headers["X-MBX-USED-WEIGHT-1M"] == "250"
    for _ in range(24):
        answer = exchange.handle("GET", "/api/v3/depth", "symbol=BTCUSDT&limit=5000", "", {}, START_NS)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    answer = exchange.handle("GET", "/api/v3/ping", "", "", {}, START_NS + 60_000_000_000)
    assert (answer.status, answer.headers["X-MBX-USED-WEIGHT"]) == (200, "1")


def test_public_routes_answer_in_the_venues_shape(client: Client) -> None:
    client.exchange.advance(START_NS + 30_000_000_000)
    assert client.call("GET", "ping") == (200, {})
    assert client.call("GET", "time") == (200, {"serverTime": START_NS // 1_000_000 + 30_000})
    _, information = client.call("GET", "exchangeInfo", symbol="BTCUSDT")
    [symbol] = information["symbols"]
    assert [row["filterType"] for row in symbol["filters"]] == [
        "PRICE_FILTER",
        "LOT_SIZE",
        "NOTIONAL",
        "MAX_NUM_ORDERS",
    ]
    assert symbol["filters"][0]["tickSize"] == "0.01000000"
    _, depth = client.call("GET", "depth", symbol="BTCUSDT", limit=5)
    assert len(depth["bids"]) == len(depth["asks"]) == 5
    assert float(depth["bids"][0][0]) < float(depth["asks"][0][0])
    _, ticker = client.call("GET", "ticker/bookTicker", symbol="BTCUSDT")
    assert [ticker["bidPrice"], ticker["bidQty"]] == depth["bids"][0]
    _, trades = client.call("GET", "trades", symbol="BTCUSDT", limit=3)
    assert [row["id"] for row in trades] == list(range(trades[0]["id"], trades[0]["id"] + 3))
    _, average = client.call("GET", "avgPrice", symbol="BTCUSDT")
    assert abs(float(average["price"]) / float(trades[-1]["price"]) - 1) < 0.01
    assert client.call("GET", "nothing")[0] == 404


def test_an_unknown_symbol_is_a_usage_error_that_names_the_known() -> None:
    with pytest.raises(UsageError, match=r"DOGEUSDT: not traded here; known are BTCUSDT, ETHUSDT, SOLUSDT"):
        Exchange(7, ("DOGEUSDT",), START_NS)
