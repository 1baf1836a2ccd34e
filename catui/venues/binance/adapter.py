"""The Binance Spot adapter: sockets on one side, `Venue` on the other. The embedded exchange is reached by it, too.

    market stream --> codec ----------+
    depth snapshots (REST) --> codec --+--> one queue --> events()
    user stream --> user codec --------+
    send(request) --> conversation ----+    what became of a request is a Report, like everything else

A reader stamps a frame and hands it on, nothing else. When a stream ends, `FeedStatus` DOWN comes first, then the
supervisor waits its delay and connects again, every book from the start.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlencode

import aiohttp
from websockets.exceptions import WebSocketException

from catui.domain.events import Event, FeedState, FeedStatus, Report
from catui.domain.instrument import Instrument
from catui.domain.orders import Cause, Request, Submit
from catui.errors import MessageError, UsageError, VenueError
from catui.text import printable
from catui.venues.binance.codec import Codec
from catui.venues.binance.listing import instruments_of
from catui.venues.binance.rest import Entry, HttpAnswer, HttpRequest
from catui.venues.binance.user import UserCodec
from catui.venues.connection import Backoff, chances, is_loopback, open_websocket
from catui.venues.secret import Secret
from catui.venues.wallclock import now_ns

STREAMS = ("depth@100ms", "bookTicker", "trade")
DEPTH_LIMIT = 1000
SNAPSHOT_PAUSE_S = 0.25  # between two tries for one symbol
SUBSCRIBE_ID = "catui-user"

FrameTap = Callable[[int, str, str, str, str], None]  # t, direction, connection, url, text


class Account:
    """A key and its secret: what orders need."""

    def __init__(self, key: str, secret: str) -> None:
        self.key = key
        self.secret = Secret(secret)


class Binance:
    """Binance Spot at configurable addresses. Without an account: market data only."""

    def __init__(
        self,
        *,
        rest_url: str,
        stream_url: str,
        symbols: tuple[str, ...],
        ws_api_url: str = "",
        account: Account | None = None,
        name: str = "binance",
    ) -> None:
        self._venue_name = name
        self._rest_url, self._stream_url, self._ws_api_url = rest_url, stream_url, ws_api_url
        self._symbols = symbols
        self._account = account
        self._on_frame: FrameTap | None = None
        self._queue: asyncio.Queue[list[Event]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._http: aiohttp.ClientSession | None = None
        self._codec: Codec | None = None
        self._users: UserCodec | None = None
        self._entry: Entry | None = None
        self._skew_ms = 0  # venue's clock less ours
        self._fetching: set[str] = set()

    @property
    def name(self) -> str:
        """The venue's name in instrument keys."""
        return self._venue_name

    async def instruments(self, symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
        """The instruments of `symbols`. UsageError: one that the venue does not list; VenueError: no answer."""
        query = urlencode({"symbols": "[" + ",".join(f'"{s}"' for s in symbols) + "]"})
        answer = await self._ask(HttpRequest("GET", "/api/v3/exchangeInfo", query))
        if answer.status != 200:
            why = printable(answer.text, 120) if answer.status == 0 else f"status {answer.status}"
            if answer.status == 400:
                raise UsageError(f"{self.name}: one of {', '.join(symbols)} is not listed there")
            raise VenueError(f"{self.name} at {self._rest_url}: no list of instruments: {why}")
        listed = {i.symbol: i for i in instruments_of(answer.text, self.name)}
        missing = [printable(s) for s in symbols if s not in listed]
        if missing:
            raise UsageError(f"{self.name}: {', '.join(missing)}: not traded there now")
        found = tuple(listed[symbol] for symbol in symbols)
        self._codec = Codec(found)
        self._users = UserCodec(found)
        if self._account is not None:
            self._entry = Entry(found, self._account.secret)
            await self._measure_clock()
        return found

    async def events(self) -> AsyncIterator[list[Event]]:
        """Everything the venue tells, until `close`. `instruments` comes first."""
        self._tasks = [asyncio.create_task(self._supervise("market", self._market))]
        if self._account is not None and self._ws_api_url:
            self._tasks.append(asyncio.create_task(self._supervise("user", self._user)))
        while True:
            batch = await self._queue.get()
            while not self._queue.empty():
                batch += self._queue.get_nowait()
            yield batch

    async def send(self, request: Request) -> None:
        """Send once. A new order's BYTES_LEFT is told right before the write; what is not answered is told, too."""
        if self._entry is None or self._account is None:
            if isinstance(request, Submit):
                order = request.order
                self._tell([Report(order.id, now_ns(), None, Cause.NOTHING_LEFT, "socket", text="no account")])
            return
        if isinstance(request, Submit):
            self._tell([Report(request.order.id, now_ns(), None, Cause.BYTES_LEFT, "socket")])
        talk = self._entry.converse(request, now_ns() // 1_000_000 + self._skew_ms)
        try:
            step = next(talk)
            while True:
                answer = await self._ask(step)
                step = talk.send((answer, now_ns()))
        except StopIteration as done:
            self._tell(done.value)

    def tap(self, on_frame: FrameTap) -> None:
        """Tell every frame to `on_frame` from now on, before it is read."""
        self._on_frame = on_frame

    def frames(self) -> dict[str, int]:
        """What became of every frame."""
        return {} if self._codec is None else self._codec.counts.as_dict()

    async def close(self) -> None:
        """End every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
            self._http = None

    # --- streams ----------------------------------------------------------------------------------------------------

    async def _supervise(self, feed: str, read: Callable[[], Awaitable[None]]) -> None:
        """Keep a stream alive for ever: it is read until it ends, then its delay is waited out."""
        backoff, chance = Backoff(), chances(f"{self.name}/{feed}")
        while True:
            began_ns = now_ns()
            self._status(feed, FeedState.CONNECTING)
            why = "closed by the venue"
            try:
                await read()
            except (OSError, WebSocketException, TimeoutError, VenueError) as error:
                why = printable(str(error) or type(error).__name__, 120)
            self._status(feed, FeedState.DOWN, why)
            backoff = backoff.ended((now_ns() - began_ns) / 1e9)
            await asyncio.sleep(backoff.delay_s(chance.random()))

    async def _market(self) -> None:
        assert self._codec is not None
        self._codec.reset()
        streams = "/".join(f"{symbol.lower()}@{kind}" for symbol in self._symbols for kind in STREAMS)
        url = f"{self._stream_url}/stream?streams={streams}"
        async with open_websocket(url) as socket:
            self._tap("open", "market", url, "")
            self._status("market", FeedState.LIVE)
            async for text in socket:
                stamp = now_ns()
                self._tap("in", "market", "", text, stamp)
                events = self._codec.frame(text, stamp)
                if events:
                    self._queue.put_nowait(events)
                for symbol in self._codec.needs_snapshot():
                    self._fetch(symbol)

    def _fetch(self, symbol: str) -> None:
        """Ask for a snapshot of a book, unless one is on its way."""
        if symbol not in self._fetching:
            self._fetching.add(symbol)
            self._tasks.append(asyncio.create_task(self._fetched(symbol)))
            self._tasks = [task for task in self._tasks if not task.done()]

    async def _fetched(self, symbol: str) -> None:
        assert self._codec is not None
        query = urlencode({"symbol": symbol, "limit": str(DEPTH_LIMIT)})
        try:
            while True:
                answer = await self._ask(HttpRequest("GET", "/api/v3/depth", query))
                if answer.status == 200:
                    url = f"{self._rest_url}/api/v3/depth?{query}"
                    stamp = now_ns()
                    self._tap("http", "rest", url, answer.text, stamp)
                    events = self._codec.snapshot(symbol, answer.text, stamp)
                    if events:
                        self._queue.put_nowait(events)
                    if symbol not in self._codec.needs_snapshot():
                        return
                await asyncio.sleep(SNAPSHOT_PAUSE_S)
        finally:
            self._fetching.discard(symbol)

    async def _user(self) -> None:
        assert self._users is not None
        assert self._account is not None
        async with open_websocket(self._ws_api_url) as socket:
            await socket.send(self._subscription())
            self._status("user", FeedState.LIVE)
            async for text in socket:
                try:
                    reports = self._users.frame(text, now_ns())
                except MessageError as error:
                    raise VenueError(str(error)) from None  # deaf is dead: reconnect, and ask
                if reports:
                    self._queue.put_nowait(list(reports))

    def _subscription(self) -> str:
        assert self._account is not None
        params = {"apiKey": self._account.key, "timestamp": str(now_ns() // 1_000_000 + self._skew_ms)}
        payload = "&".join(f"{name}={value}" for name, value in sorted(params.items()))
        signature = self._account.secret.sign(payload)
        told = ",".join(f'"{name}":"{value}"' for name, value in params.items())
        method = "userDataStream.subscribe.signature"
        return f'{{"id":"{SUBSCRIBE_ID}","method":"{method}","params":{{{told},"signature":"{signature}"}}}}'

    # --- requests ---------------------------------------------------------------------------------------------------

    async def _ask(self, request: HttpRequest) -> HttpAnswer:
        """One HTTP request, once. No answer is an answer of status 0."""
        if self._http is None:
            self._http = aiohttp.ClientSession(
                trust_env=not is_loopback(self._rest_url),
                timeout=aiohttp.ClientTimeout(total=10, connect=5),
                headers={} if self._account is None else {"X-MBX-APIKEY": self._account.key},
            )
        url = f"{self._rest_url}{request.path}" + (f"?{request.query}" if request.query else "")
        try:
            async with self._http.request(request.method, url, allow_redirects=False) as response:
                return HttpAnswer(response.status, await response.text())
        except (aiohttp.ClientError, TimeoutError, OSError, UnicodeDecodeError) as error:
            return HttpAnswer(0, type(error).__name__)  # its text may hold the URL, and with it the signature

    async def _measure_clock(self) -> None:
        """The venue's clock against ours, at half the way of one question."""
        import msgspec

        before = now_ns()
        answer = await self._ask(HttpRequest("GET", "/api/v3/time", ""))
        after = now_ns()
        if answer.status == 200:
            with contextlib.suppress(msgspec.DecodeError, KeyError):
                told = msgspec.json.decode(answer.text, type=dict[str, int])
                self._skew_ms = told["serverTime"] - (before + after) // 2_000_000

    def _status(self, feed: str, state: FeedState, detail: str = "") -> None:
        self._queue.put_nowait([FeedStatus(f"{self.name} {feed}", now_ns(), state, detail)])

    def _tell(self, reports: list[Report]) -> None:
        if reports:
            self._queue.put_nowait(list(reports))

    def _tap(self, direction: str, connection: str, url: str, text: str | bytes, stamp: int | None = None) -> None:
        if self._on_frame is not None:
            words = text if isinstance(text, str) else text.decode("utf-8", "replace")
            self._on_frame(now_ns() if stamp is None else stamp, direction, connection, url, words)
