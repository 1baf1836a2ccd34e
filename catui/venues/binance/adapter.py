"""The Binance Spot adapter: sockets on one side, `Venue` on the other. The embedded exchange is reached by it, too.

    market stream --> codec ----------+
    depth snapshots (REST) --> codec --+--> one queue --> events()
    user stream --> user codec --------+
    send(request) --> conversation ----+    what became of a request is a Report, like everything else

A reader stamps a frame and hands it on, nothing else. When a stream ends, `FeedStatus` DOWN comes first, then the
supervisor waits its delay and connects again, every book from the start. Whoever is too slow for the market loses the
connection, and never a message out of the middle.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from urllib.parse import urlencode

import msgspec
from websockets.exceptions import WebSocketException

from catui.domain.events import Event, FeedState, FeedStatus, Report
from catui.domain.instrument import Instrument
from catui.domain.orders import Cause, Request, Submit
from catui.errors import UsageError, VenueError
from catui.text import printable
from catui.venues.binance.client import Client
from catui.venues.binance.codec import Codec
from catui.venues.binance.listing import instruments_of
from catui.venues.binance.rest import Entry, HttpRequest
from catui.venues.binance.user import UserCodec
from catui.venues.connection import OPEN_S, Backoff, blocked_by, chances, open_websocket
from catui.venues.secret import Secret
from catui.venues.wallclock import now_ns

STREAMS = ("depth@100ms", "bookTicker", "trade")
DEPTH_LIMIT = 1000
SILENT_S = 70.0  # a market stream without a word for so long is dead, whatever its socket says
MAX_WAITING = 20_000  # batches that the desk has not taken yet
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
        self._failure: BaseException | None = None
        self._is_closed = False
        self._client = Client(rest_url, "" if account is None else account.key)
        self._codec: Codec | None = None
        self._users: UserCodec | None = None
        self._entry: Entry | None = None
        self._skew_ms = 0  # venue's clock less ours
        self._fetching: dict[str, asyncio.Task[None]] = {}

    @property
    def name(self) -> str:
        """The venue's name in instrument keys."""
        return self._venue_name

    async def instruments(self, symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
        """The instruments of `symbols`. UsageError: one that the venue does not list; VenueError: no answer."""
        query = urlencode({"symbols": "[" + ",".join(f'"{s}"' for s in symbols) + "]"})
        answer = await self._client.ask(HttpRequest("GET", "/api/v3/exchangeInfo", query))
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
        """Everything the venue tells, until `close`. `instruments` comes first. Raises what ended a reader."""
        self._start(self._supervise("market", self._market))
        if self._account is not None and self._ws_api_url:
            self._start(self._supervise("user", self._user))
        while not (self._is_closed and self._queue.empty()):
            batch = await self._queue.get()
            while not self._queue.empty():
                batch += self._queue.get_nowait()
            if batch:
                yield batch
            if self._failure is not None:
                raise self._failure

    async def send(self, request: Request) -> None:
        """Send once. A new order's BYTES_LEFT is told right before the write; without a write, NOTHING_LEFT."""
        if self._entry is None:
            if isinstance(request, Submit):
                self._tell([_ours(request, Cause.NOTHING_LEFT, "no account")])
            return
        written = False

        def before_write() -> None:
            nonlocal written
            if isinstance(request, Submit) and not written:
                self._tell([_ours(request, Cause.BYTES_LEFT)])
            written = True

        talk = self._entry.converse(request, now_ns() // 1_000_000 + self._skew_ms, self._skew_ms)
        try:
            step = next(talk)
            while True:
                answer = await self._client.ask(step, before_write)
                if isinstance(request, Submit) and not written:
                    self._tell([_ours(request, Cause.NOTHING_LEFT, f"no connection: {answer.text}")])
                    return
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
        """End every connection, and with them `events`."""
        self._is_closed = True
        tasks = [*self._tasks, *self._fetching.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.close()
        self._queue.put_nowait([])

    # --- streams ----------------------------------------------------------------------------------------------------

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        self._tasks = [*(one for one in self._tasks if not one.done()), task]
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A reader never ends by itself: what ended it is for `events` to raise."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = error
            self._queue.put_nowait([])

    async def _supervise(self, feed: str, read: Callable[[], Awaitable[None]]) -> None:
        """Keep a stream alive for ever: it is read until it ends, then its delay is waited out."""
        backoff, chance = Backoff(), chances(f"{self.name}/{feed}")
        while True:
            began_ns, blocked_s = now_ns(), 0.0
            self._status(feed, FeedState.CONNECTING)
            why = "closed by the venue"
            try:
                await read()
            except TimeoutError:
                why = "silent"
            except (OSError, WebSocketException, VenueError) as error:
                why, blocked_s = printable(str(error) or type(error).__name__, 120), blocked_by(error)
            self._status(feed, FeedState.DOWN, why)
            backoff = backoff.ended((now_ns() - began_ns) / 1e9, blocked_s)
            await asyncio.sleep(backoff.delay_s(chance.random()))

    async def _market(self) -> None:
        """Read the market stream until it ends. TimeoutError: it is silent; VenueError: the desk cannot keep up."""
        assert self._codec is not None
        self._codec.reset()
        streams = "/".join(f"{symbol.lower()}@{kind}" for symbol in self._symbols for kind in STREAMS)
        url, clock = f"{self._stream_url}/stream?streams={streams}", asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(SILENT_S) as silence, open_websocket(url) as socket:
                self._tap("open", "market", url, "")
                self._status("market", FeedState.LIVE)
                async for text in socket:
                    silence.reschedule(clock() + SILENT_S)
                    self._heard(text)
                    if self._codec.is_ending:
                        return
        finally:
            for task in self._fetching.values():  # a snapshot belongs to the connection that it was asked for
                task.cancel()
            self._fetching.clear()

    def _heard(self, text: str | bytes) -> None:
        assert self._codec is not None
        stamp = now_ns()
        self._tap("in", "market", "", text, stamp)
        events = self._codec.frame(text, stamp)
        if events:
            if self._queue.qsize() > MAX_WAITING:
                raise VenueError("more than the desk can take: the connection is dropped")
            self._queue.put_nowait(events)
        for symbol in self._codec.needs_snapshot():
            if symbol not in self._fetching:
                self._fetching[symbol] = self._start(self._fetched(symbol))

    async def _fetched(self, symbol: str) -> None:
        """Ask for a snapshot of a book until one has come that it can begin with."""
        assert self._codec is not None
        query = urlencode({"symbol": symbol, "limit": str(DEPTH_LIMIT)})
        backoff, chance = Backoff(), chances(f"{self.name}/{symbol}")
        while symbol in self._codec.needs_snapshot():
            answer = await self._client.ask(HttpRequest("GET", "/api/v3/depth", query))
            if answer.status == 200:
                stamp = now_ns()
                self._tap("http", "rest", f"{self._rest_url}/api/v3/depth?{query}", answer.text, stamp)
                events = self._codec.snapshot(symbol, answer.text, stamp)
                if events:
                    self._queue.put_nowait(events)
                if symbol not in self._codec.needs_snapshot():
                    break
            backoff = backoff.ended(0.0, answer.wait_s)
            await asyncio.sleep(backoff.delay_s(chance.random()))
        self._fetching.pop(symbol, None)

    async def _user(self) -> None:
        """Read the user stream until it ends. VenueError: deaf is dead; the orders must be asked."""
        assert self._users is not None
        self._users.is_subscribed = is_live = False
        async with asyncio.timeout(OPEN_S) as patience, open_websocket(self._ws_api_url) as socket:
            await socket.send(self._subscription())
            async for text in socket:
                reports = self._users.frame(text, now_ns())
                if self._users.is_subscribed and not is_live:
                    is_live = True
                    patience.reschedule(None)
                    self._status("user", FeedState.LIVE)
                self._tell(reports)

    def _subscription(self) -> str:
        assert self._account is not None
        params = {"apiKey": self._account.key, "timestamp": str(now_ns() // 1_000_000 + self._skew_ms)}
        payload = "&".join(f"{name}={value}" for name, value in sorted(params.items()))
        signature = self._account.secret.sign(payload)
        told = ",".join(f'"{name}":"{value}"' for name, value in params.items())
        method = "userDataStream.subscribe.signature"
        return f'{{"id":"{SUBSCRIBE_ID}","method":"{method}","params":{{{told},"signature":"{signature}"}}}}'

    async def _measure_clock(self) -> None:
        """The venue's clock against ours, at half the way of one question."""
        before = now_ns()
        answer = await self._client.ask(HttpRequest("GET", "/api/v3/time", ""))
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


def _ours(request: Submit, cause: Cause, text: str = "") -> Report:
    """What our own socket says of a new order."""
    return Report(request.order.id, now_ns(), None, cause, "socket", text=printable(text, 120))
