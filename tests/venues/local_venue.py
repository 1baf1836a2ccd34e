"""A venue on this machine, by hand: it says what a test tells it to, and remembers what it was asked."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web
from venues_world import BTC, START_NS, snapshot

from catui.domain.events import Event, FeedStatus
from catui.domain.orders import Cause, Intent, Leg, Order, Side, Status
from catui.venues.binance.adapter import Account, Binance

KEY, SECRET = "the-key", "the-secret"
PATIENCE_S = 120.0  # a hang fails the test; nothing here is timed
Told = web.Response | Exception
ID = "ca7b1d00-0000-4000-8000-000000000001"

LISTING = {
    "symbols": [
        {"symbol": BTC.symbol, "status": "TRADING", "baseAsset": BTC.base, "quoteAsset": BTC.quote}
        | {
            "filters": [
                {"filterType": "PRICE_FILTER", "tickSize": "0.01000000"},
                {"filterType": "LOT_SIZE", "stepSize": "0.00001000", "minQty": "0.00001", "maxQty": "9000"},
            ]
        }
    ]
}


def bought(lots: int = 100) -> Order:
    """An order to buy, approved and not yet sent."""
    intent = Intent(BTC.key, Side.BUY, lots, 10_000, (Leg("momentum", lots),), "ensemble", 7)
    return Order(ID, intent, lots, Status.INTENDED, START_NS, START_NS, START_NS + 5_000_000_000, 7)


class Socket:
    """The venue's end of a stream: `say` to it, `hear` from it, `hang_up`."""

    def __init__(self, socket: web.WebSocketResponse, url: str) -> None:
        self._socket, self.url = socket, url
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def say(self, *texts: str) -> None:
        for text in texts:
            await self._socket.send_str(text)

    async def hang_up(self, code: int = 1001) -> None:
        await self._socket.close(code=code)


class LocalVenue:
    """HTTP and streams on a port that the system chose."""

    def __init__(self) -> None:
        self.port = 0
        self.depth: list[Told] = []  # answers, first come first served; the last one stays
        self.order: list[Told] = []
        self.requests: list[tuple[str, str, dict[str, str], str]] = []  # method, path, query, key
        self.skew_ms = 0
        self.streams: asyncio.Queue[Socket] = asyncio.Queue()
        self.users: asyncio.Queue[Socket] = asyncio.Queue()

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("X-MBX-APIKEY", "")
        self.requests.append((request.method, request.path, dict(parse_qsl(request.query_string)), key))
        match request.path:
            case "/api/v3/exchangeInfo":
                return web.json_response(LISTING)
            case "/api/v3/time":
                return web.json_response({"serverTime": now_ms() + self.skew_ms})
            case "/api/v3/depth":
                return self._next(self.depth, request)
            case _:
                return self._next(self.order, request)

    def _next(self, answers: list[Told], request: web.Request) -> web.Response:
        told = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(told, Exception):
            assert request.transport is not None
            request.transport.abort()  # the request was read, and nobody will say what became of it
            raise told
        return web.Response(status=told.status, text=told.text, headers=told.headers)

    def _stream(self, into: asyncio.Queue[Socket]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            ours = Socket(socket, str(request.rel_url))
            into.put_nowait(ours)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    ours.heard.put_nowait(message.data)
            return socket

        return serve

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator["LocalVenue"]:
        app = web.Application()
        app.router.add_get("/stream", self._stream(self.streams))
        app.router.add_get("/ws-api/v3", self._stream(self.users))
        app.router.add_route("*", "/{tail:.*}", self._ask)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            await runner.cleanup()

    def desk(self, *, account: bool = True, user: bool = False) -> Binance:
        """The adapter, set on this venue."""
        return Binance(
            rest_url=f"http://{self.authority}",
            stream_url=f"ws://{self.authority}",
            ws_api_url=f"ws://{self.authority}/ws-api/v3" if user else "",
            symbols=(BTC.symbol,),
            account=Account(KEY, SECRET) if account else None,
        )


class Ear:
    """Everything that an adapter's `events` says, one after the other."""

    def __init__(self, desk: Binance) -> None:
        self.events: list[Event] = []
        self._batches = desk.events()

    async def until(self, wanted: Callable[[Event], bool]) -> Event:
        """Listen until an event that is wanted; it is given back."""
        place = len(self.events)
        while True:
            for event in self.events[place:]:
                if wanted(event):
                    return event
            place = len(self.events)
            self.events += await anext(self._batches)

    async def to_the_end(self) -> None:
        """Listen until there is no more."""
        async for batch in self._batches:
            self.events += batch

    def words(self) -> list[str]:
        """The feed's states and the kinds of all other events, in order."""
        return [e.state.value if isinstance(e, FeedStatus) else type(e).__name__ for e in self.events]


def json_answer(told: object, status: int = 200, **headers: str) -> web.Response:
    return web.Response(status=status, text=json.dumps(told), headers=headers)


def depth_answer(last_id: int) -> web.Response:
    return web.Response(text=snapshot(last_id))


def now_ms() -> int:
    """The venue's clock is ours, in milliseconds, so that a skew is what a test makes it."""
    from catui.venues.wallclock import now_ns

    return now_ns() // 1_000_000


def is_cause(*causes: Cause) -> Callable[[Event], bool]:
    """Whether an event is a report of one of these."""
    return lambda event: getattr(event, "cause", None) in causes
