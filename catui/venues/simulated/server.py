"""The exchange on sockets: REST under `/api/v3`, streams under `/ws` and `/stream`, user events under `/ws-api/v3`.

Loopback only. The script is paced by the wall clock times `speed`, and slips where the machine cannot keep up;
`timestamp` checks and GET `time` use the wall clock, so that a client need not know the speed. A connection that does
not read is dropped when its queue is full: a message is never left out.
"""

import asyncio
import contextlib
import errno
import socket
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl

from aiohttp import ClientConnectionError, WSCloseCode, WSMsgType, web

from catui.errors import UsageError
from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.feed import Frame
from catui.venues.simulated.launch import Ready
from catui.venues.simulated.ports import listener
from catui.venues.simulated.streams import MarketConnection, UserConnection

QUEUE_FRAMES = 10_000
SEND_BUFFER_BYTES = 256 * 1024  # the kernel's part of the queue, which grows to megabytes by itself
PING_EVERY_S = 20.0
PONG_WITHIN_S = 60.0
CONTROL_PER_S = 5
IDLE_S = 0.005  # the shortest sleep of the pacing loop
SLICE_S = 0.05  # of wall time, made and handed out at once
SLIP_SLICES = 40  # further behind than this the market's clock slips instead of catching up
MAX_BODY_BYTES = 64 * 1024
LOOPBACK = ("127.0.0.1", "localhost")


async def serve(
    exchange: Exchange, host: str, port: int, *, on_ready: Callable[[Ready], None], speed: float = 1.0
) -> None:
    """Serve until cancelled. `port` 0: any that is free; `on_ready` is told which.

    UsageError: a host that is not loopback, a port in use, a speed of 0 or less.
    """
    if host not in LOOPBACK:
        raise UsageError(f"host {host!r}: the embedded exchange listens on loopback only; use 127.0.0.1")
    if not speed > 0:
        raise UsageError(f"speed {speed:g}: must be above 0")
    server = _Server(exchange, speed)
    application = web.Application(client_max_size=MAX_BODY_BYTES)
    application.router.add_route("*", "/{tail:.*}", server.request)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await _start(site, port)
        on_ready(_ready(exchange, runner.addresses[0][1]))
        await server.pace()
    finally:
        await server.close()
        await runner.cleanup()


async def _start(site: web.TCPSite, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise UsageError(f"port {port}: {error.strerror or error}; try --port 0") from error
        pid = listener(port)
        who = f"used by pid {pid}" if pid else "in use"
        raise UsageError(f"port {port}: {who}; stop it or --port 0") from error


def _ready(exchange: Exchange, port: int) -> Ready:
    paper = exchange.paper
    return Ready(f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}", exchange.symbols, paper.key, paper.secret)


class _Subscriber:
    """One WebSocket connection: what it reads, and what waits for it."""

    def __init__(self, connection: MarketConnection | UserConnection, transport: asyncio.Transport | None) -> None:
        self.connection = connection
        self.socket = web.WebSocketResponse(autoping=False, compress=False, max_msg_size=MAX_BODY_BYTES)
        self.transport = transport
        if transport is not None:
            buffer = socket.SO_SNDBUF
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, buffer, SEND_BUFFER_BYTES)
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()
        self._is_over = False
        self._last_pong_s = 0.0

    def put(self, text: str) -> None:
        """Queue a frame; over the limit the connection is given up, with all that waits."""
        if self._is_over:
            return
        if len(self._waiting) >= QUEUE_FRAMES:
            self.end()
            if self.transport is not None:
                self.transport.abort()  # no close frame would get through what it has not read
        else:
            self._waiting.append(text)
            self._wake.set()

    def end(self) -> None:
        """Send nothing more."""
        self._is_over = True
        self._waiting.clear()
        self._wake.set()

    def pong(self) -> None:
        """The other side lives."""
        self._last_pong_s = time.monotonic()

    async def write(self) -> None:
        """Send what waits, ping in between, until the connection is closed or dropped."""
        self._last_pong_s = time.monotonic()
        next_ping_s = self._last_pong_s + PING_EVERY_S
        with contextlib.suppress(ClientConnectionError, ConnectionError):
            while not self.socket.closed and not self._is_over:
                while self._waiting and not self._is_over:
                    await self.socket.send_str(self._waiting.popleft())
                now_s = time.monotonic()
                if now_s - self._last_pong_s > PONG_WITHIN_S:
                    await self.socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"no pong")
                    return
                if now_s >= next_ping_s:
                    next_ping_s = now_s + PING_EVERY_S
                    await self.socket.ping()
                self._wake.clear()
                if not self._waiting and not self._is_over:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), next_ping_s - now_s)


class _Server:
    """The exchange, its subscribers, and the pace of its script."""

    def __init__(self, exchange: Exchange, speed: float) -> None:
        self._exchange = exchange
        self._speed = speed
        self._subscribers: list[_Subscriber] = []
        self._wall_offset_ns = time.time_ns() - time.monotonic_ns()
        self._rebase()

    def _rebase(self) -> None:
        """The market's clock goes on from where the script is."""
        self._start_ns = self._exchange.now_ns
        self._began_ns = time.monotonic_ns()

    def clock_ns(self) -> int:
        """The wall clock, steady since the start."""
        return self._wall_offset_ns + time.monotonic_ns()

    def market_ns(self) -> int:
        """The market's clock."""
        return self._start_ns + int((time.monotonic_ns() - self._began_ns) * self._speed)

    async def pace(self) -> None:
        """Run the script at its speed, and hand out what it says."""
        slice_ns = int(SLICE_S * 1e9 * self._speed)
        while True:
            if self.market_ns() - self._exchange.now_ns > slice_ns * SLIP_SLICES:
                self._rebase()
            self._exchange.advance(min(self.market_ns(), self._exchange.now_ns + slice_ns))
            self._hand_out(self._exchange.take())
            if self._exchange.next_ns <= self.market_ns():
                await asyncio.sleep(0)
                continue
            wait_s = (self._exchange.next_ns - self.market_ns()) / self._speed / 1e9
            await asyncio.sleep(max(IDLE_S, wait_s))

    async def close(self) -> None:
        """Give up every connection."""
        for subscriber in tuple(self._subscribers):
            with contextlib.suppress(ClientConnectionError, ConnectionError):
                await subscriber.socket.close(code=WSCloseCode.GOING_AWAY)

    async def request(self, request: web.Request) -> web.StreamResponse:
        """Any request: REST, or the beginning of a WebSocket."""
        path, _, query = request.raw_path.partition("?")
        if request.headers.get("Upgrade", "").lower() == "websocket":
            connection = self._connection(path, query)
            if connection is None:
                return web.Response(status=404)
            return await self._socket(request, _Subscriber(connection, request.transport))
        body = (await request.read()).decode("utf-8", "surrogateescape")
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = self._exchange.handle(request.method, path, query, body, headers, self.market_ns(), self.clock_ns())
        self._hand_out(self._exchange.take())
        return web.Response(
            text=answer.text, status=answer.status, headers=answer.headers, content_type="application/json"
        )

    def _connection(self, path: str, query: str) -> MarketConnection | UserConnection | None:
        feed = self._exchange.feed
        if path == "/ws-api/v3":
            return UserConnection(feed, {account.key: account for account in self._exchange.accounts})
        if path == "/stream":
            names = dict(parse_qsl(query)).get("streams", "")
            return MarketConnection(feed, tuple(name for name in names.split("/") if name), is_combined=True)
        if path == "/ws" or path.startswith("/ws/"):
            return MarketConnection(feed, tuple(name for name in path.split("/")[2:] if "@" in name))
        return None

    async def _socket(self, request: web.Request, subscriber: _Subscriber) -> web.StreamResponse:
        await subscriber.socket.prepare(request)
        self._subscribers.append(subscriber)
        writer = asyncio.create_task(subscriber.write())
        try:
            await self._read(subscriber)
        finally:
            self._subscribers.remove(subscriber)
            subscriber.connection.close()
            subscriber.end()
            await writer
        return subscriber.socket

    async def _read(self, subscriber: _Subscriber) -> None:
        """Answer control messages; more than five in a second close the connection."""
        recent: deque[float] = deque(maxlen=CONTROL_PER_S)
        async for message in subscriber.socket:
            now_s = time.monotonic()
            if message.type is WSMsgType.PING:
                await subscriber.socket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                subscriber.pong()
            if message.type is not WSMsgType.TEXT:
                continue
            if len(recent) == CONTROL_PER_S and now_s - recent[0] < 1.0:
                await subscriber.socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"too many messages")
                return
            recent.append(now_s)
            connection = subscriber.connection
            if isinstance(connection, UserConnection):
                subscriber.put(connection.receive(message.data, self.clock_ns() // 1_000_000))
            else:
                subscriber.put(connection.receive(message.data))

    def _hand_out(self, frames: list[Frame]) -> None:
        for frame in frames:
            for subscriber in self._subscribers:
                if frame.stream in subscriber.connection.streams:
                    subscriber.put(subscriber.connection.wrap(frame))
