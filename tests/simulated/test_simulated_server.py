"""The exchange on real loopback sockets: streams, orders, user events, faults, and a reader that does not read."""

import asyncio
import contextlib
import json
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from yarl import URL

from catui.errors import UsageError
from catui.venues.simulated import server
from catui.venues.simulated.checks import signature
from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.launch import Ready
from catui.venues.simulated.server import serve

LIMIT_S = 120.0  # a hang fails the test; nothing here is timed
STREAMS = "btcusdt@trade/btcusdt@bookTicker/btcusdt@depth@100ms"


@contextlib.asynccontextmanager
async def running(speed: float = 1.0) -> AsyncIterator[Ready]:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[Ready] = loop.create_future()
    exchange = Exchange(7, ("BTCUSDT", "ETHUSDT"), time.time_ns())
    task = asyncio.create_task(serve(exchange, "127.0.0.1", 0, on_ready=ready.set_result, speed=speed))
    try:
        yield await asyncio.wait_for(ready, LIMIT_S)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def within(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), LIMIT_S))


def signed(ready: Ready, **values: object) -> str:
    query = urlencode({**values, "timestamp": time.time_ns() // 1_000_000})
    return f"{query}&signature={signature(ready.api_secret, query.encode())}"


async def call(ready: Ready, method: str, route: str, query: str = "") -> tuple[int, Any]:
    url = f"{ready.http_url}/api/v3/{route}" + (f"?{query}" if query else "")
    headers = {"X-MBX-APIKEY": ready.api_key}
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.request(method, URL(url, encoded=True), headers=headers) as answer,
    ):
        assert answer.content_type == "application/json"
        return answer.status, json.loads(await answer.read())


async def received(connection: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(connection.recv(), LIMIT_S))


async def logged_on(ready: Ready, connection: ClientConnection, **changed: object) -> Any:
    now_ms = time.time_ns() // 1_000_000
    params: dict[str, object] = {"timestamp": now_ms, "recvWindow": 5000, "apiKey": ready.api_key, **changed}
    payload = "&".join(f"{name}={params[name]}" for name in sorted(params))
    params.setdefault("signature", signature(ready.api_secret, payload.encode()))
    request = {"id": "1", "method": "userDataStream.subscribe.signature", "params": params}
    await connection.send(json.dumps(request))
    return await received(connection)


def test_a_combined_stream_carries_every_kind_in_its_wrapping() -> None:
    async def test() -> None:
        async with running() as ready, connect(f"{ready.ws_url}/stream?streams={STREAMS}", proxy=None) as stream:
            wanted = set(STREAMS.split("/"))
            last: int | None = None
            for _ in range(400):
                message = await received(stream)
                assert set(message) == {"stream", "data"}
                wanted.discard(message["stream"])
                if message["stream"] == "btcusdt@depth@100ms":
                    assert last is None or message["data"]["U"] == last + 1
                    last = message["data"]["u"]
                if not wanted:
                    break
            assert not wanted

    within(test)


def test_control_messages_change_what_a_raw_connection_carries() -> None:
    async def test() -> None:
        async with running() as ready, connect(f"{ready.ws_url}/ws/0", proxy=None) as stream:
            await stream.send('{"method":"LIST_SUBSCRIPTIONS","id":3}')
            assert await received(stream) == {"result": [], "id": 3}
            await stream.send('{"method":"SUBSCRIBE","params":["btcusdt@bookTicker","nope@trade"],"id":"a-b"}')
            assert await received(stream) == {"result": None, "id": "a-b"}
            assert set(await received(stream)) == {"u", "s", "b", "B", "a", "A"}
            await stream.send('{"method":"SUBSCRIBE","params":"x","id":5}')
            await stream.send("{")
            replies: list[Any] = []
            while len(replies) < 2:
                message = await received(stream)
                if "code" in message:
                    replies.append(message)
            assert [reply["code"] for reply in replies] == [2, 3]
            await stream.send('{"method":"UNSUBSCRIBE","params":["btcusdt@bookTicker","nope@trade"],"id":null}')
            while (await received(stream)) != {"result": None, "id": None}:
                pass
            async with connect(f"{ready.ws_url}/ws/btcusdt@bookTicker", proxy=None) as other:
                for _ in range(3):
                    await received(other)
            await (await stream.ping())  # what was sent before has come
            await stream.close()
            with pytest.raises(ConnectionClosed):
                await stream.recv()

    within(test)


def test_an_order_is_placed_filled_and_cancelled_and_its_owner_hears_of_it_in_order() -> None:
    async def test() -> None:
        async with running() as ready, connect(f"{ready.ws_url}/ws-api/v3", proxy=None) as user:
            assert (await logged_on(ready, user))["result"] == {"subscriptionId": 0}
            assert (await logged_on(ready, user))["error"]["code"] == -2035
            limit = {"type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "50000"}
            values = {"symbol": "BTCUSDT", "side": "BUY", "newClientOrderId": "rests", **limit}
            status, resting = await call(ready, "POST", "order", signed(ready, **values))
            assert (status, resting["status"]) == (200, "NEW")
            values = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "0.01"}
            status, filled = await call(ready, "POST", "order", signed(ready, **values))
            assert (status, filled["status"]) == (200, "FILLED")
            values = {"symbol": "BTCUSDT", "orderId": resting["orderId"], "newClientOrderId": "cancels"}
            status, gone = await call(ready, "DELETE", "order", signed(ready, **values))
            assert (status, gone["status"]) == (200, "CANCELED")
            told: list[Any] = []
            while not told or told[-1].get("x") != "CANCELED":
                message = await received(user)
                assert message["subscriptionId"] == 0
                told.append(message["event"])
            position = await received(user)
            reports = [event for event in told if event["e"] == "executionReport"]
            kinds = [(event["x"], event["i"]) for event in reports]
            trades = [("TRADE", filled["orderId"])] * len(filled["fills"])
            assert kinds == [
                ("NEW", resting["orderId"]),
                ("NEW", filled["orderId"]),
                *trades,
                ("CANCELED", resting["orderId"]),
            ]
            assert [e["t"] for e in reports if e["x"] == "TRADE"] == [fill["tradeId"] for fill in filled["fills"]]
            assert (reports[-1]["c"], reports[-1]["C"]) == ("cancels", "rests")
            assert [row["a"] for row in position["event"]["B"]] == ["USDT"]
            assert all(set("eEscSofqpPFgCxXrilzLnNTtIwmMOZYQV") <= set(event) for event in reports)
            await user.send('{"id":2,"method":"userDataStream.unsubscribe","params":{"subscriptionId":0}}')
            assert (await received(user))["status"] == 200

    within(test)


def test_a_bad_signature_and_a_bad_filter_are_refused_over_the_wire() -> None:
    async def test() -> None:
        async with running() as ready, connect(f"{ready.ws_url}/ws-api/v3", proxy=None) as user:
            query = signed(ready, symbol="BTCUSDT")
            assert await call(ready, "GET", "openOrders", query.replace("symbol=B", "symbol=E")) == (
                400,
                {"code": -1022, "msg": "Signature for this request is not valid."},
            )
            values = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1"}
            status, body = await call(ready, "POST", "order", signed(ready, **values, price="50000.005"))
            assert (status, body) == (400, {"code": -1013, "msg": "Filter failure: PRICE_FILTER"})
            assert (await logged_on(ready, user, signature="00"))["error"]["code"] == -1022
            assert (await logged_on(ready, user, apiKey="k" * 64))["status"] == 401

    within(test)


def test_the_wall_clock_of_a_client_is_right_at_any_speed_of_the_market() -> None:
    async def test() -> None:
        async with running(speed=50.0) as ready:
            await asyncio.sleep(0.5)
            assert (await call(ready, "GET", "account", signed(ready)))[0] == 200
            before_ms = time.time_ns() // 1_000_000
            _, body = await call(ready, "GET", "time")
            assert before_ms - 1 <= body["serverTime"] <= time.time_ns() // 1_000_000 + 1

    within(test)


def test_more_than_five_messages_in_a_second_close_the_connection() -> None:
    async def test() -> None:
        async with running() as ready, connect(f"{ready.ws_url}/ws", proxy=None) as stream:
            with pytest.raises(ConnectionClosed) as closed:
                await _hasty(stream)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008

    within(test)


async def _hasty(connection: ClientConnection) -> None:
    """Six messages in a second, however slow the machine is."""
    for number in range(60):
        await connection.send(f'{{"method":"LIST_SUBSCRIPTIONS","id":{number}}}')
    await _drained(connection)


async def _drained(connection: ClientConnection) -> None:
    while True:
        await received(connection)


def test_a_connection_that_does_not_read_is_dropped_and_others_miss_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "QUEUE_FRAMES", 1000)

    async def test() -> None:
        loop = asyncio.get_running_loop()
        async with running(speed=60.0) as ready, contextlib.AsyncExitStack() as stack:
            deaf = stack.enter_context(_deaf(int(ready.http_url.rpartition(":")[2])))
            async with connect(f"{ready.ws_url}/ws/btcusdt@trade", proxy=None, max_queue=None) as stream:
                ids = [(await received(stream))["t"] for _ in range(1200)]
                assert ids == list(range(ids[0], ids[0] + len(ids)))
                while await loop.sock_recv(deaf, 1 << 16):  # it ends: nobody feeds it any more
                    pass

    within(test)


def _deaf(port: int) -> socket.socket:
    """A connection that asks for everything and has no room for it."""
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", port))
    streams = "/".join(f"{s}usdt@{k}" for s in ("btc", "eth") for k in ("trade", "bookTicker", "depth@100ms"))
    deaf.sendall(
        f"GET /stream?streams={streams} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    deaf.setblocking(False)
    return deaf


def test_a_port_in_use_is_one_line_that_says_whose() -> None:
    async def test() -> None:
        async with running() as ready:
            port = int(ready.http_url.rpartition(":")[2])
            exchange = Exchange(7, ("BTCUSDT",), time.time_ns())
            with pytest.raises(UsageError, match=rf"port {port}: used by pid {os.getpid()}; stop it or --port 0"):
                await serve(exchange, "127.0.0.1", port, on_ready=lambda _: None)

    within(test)


def test_only_loopback_is_served() -> None:
    async def test() -> None:
        with pytest.raises(UsageError, match="loopback only"):
            await serve(Exchange(7, ("BTCUSDT",), 0), "0.0.0.0", 0, on_ready=lambda _: None)

    within(test)
