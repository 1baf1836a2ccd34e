"""The embedded exchange as a venue: over loopback sockets in real time, or scripted in simulated time.

Either way the words are Binance Spot's and pass through its adapter's own codecs; nothing is taken from inside.
"""

import asyncio
from collections.abc import AsyncIterator
from heapq import heappop, heappush

from catui.domain.events import Event, FeedState, FeedStatus, Report, Tick
from catui.domain.instrument import Instrument
from catui.domain.orders import Cause, Request, Submit
from catui.errors import UsageError
from catui.text import printable
from catui.venues.binance.adapter import Account, Binance
from catui.venues.binance.codec import Codec
from catui.venues.binance.listing import instruments_of
from catui.venues.binance.rest import Conversation, Entry, HttpAnswer, HttpRequest
from catui.venues.binance.user import UserCodec
from catui.venues.secret import Secret
from catui.venues.simulated.launch import Launched, Ready
from catui.venues.simulated.script import MARKET, REPLY, USER, Script, ScriptRequest

STEP_NS = 5_000_000  # what the script runs before the desk is asked: no more than its requests take to arrive
TICK_NS = 100_000_000


class EmbeddedExchange(Binance):
    """Binance's adapter on an exchange that was started for it, and that ends with it."""

    def __init__(self, ready: Ready, launched: Launched) -> None:
        super().__init__(
            rest_url=ready.http_url,
            stream_url=ready.ws_url,
            ws_api_url=f"{ready.ws_url}/ws-api/v3",
            symbols=ready.symbols,
            account=Account(ready.api_key, ready.api_secret),
            name="simulated",
        )
        self._launched = launched

    async def close(self) -> None:
        """End the connections, then the exchange."""
        await super().close()
        await self._launched.end()


class ScriptedVenue:
    """The exchange in simulated time: deterministic for a seed and the desk's requests, as fast as the desk steps.

    It runs in lockstep: the next moment is made when the desk has stepped the last one, and a request arrives
    `latency_ms` after the moment that it was decided in.
    """

    name = "simulated"

    def __init__(self, seed: int, symbols: tuple[str, ...], latency_ms: int) -> None:
        self._script = Script(seed, symbols)
        self._symbols = symbols
        self._latency_ns = max(latency_ms * 1_000_000, STEP_NS)
        self._codec = Codec(())
        self._users = UserCodec(())
        self._entry: Entry | None = None
        self._key = ""
        self._talks: dict[str, Conversation] = {}
        self._sent = 0
        self._told: list[tuple[int, int, Report]] = []  # ours, between the frames

    async def instruments(self, symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
        """What exchangeInfo lists. UsageError: a symbol that the exchange does not have."""
        answer = self._script.request(ScriptRequest("GET", "/api/v3/exchangeInfo"))
        listed = {i.symbol: i for i in instruments_of(answer.text, self.name)}
        missing = [printable(symbol) for symbol in symbols if symbol not in listed]
        if missing:
            raise UsageError(f"simulated: no {', '.join(missing)}; there are {', '.join(listed)}")
        found = tuple(listed[symbol] for symbol in symbols)
        paper = self._script.exchange.paper
        self._codec, self._users, self._key = Codec(found), UserCodec(found), paper.key
        self._entry = Entry(found, Secret(paper.secret))
        return found

    async def events(self) -> AsyncIterator[list[Event]]:
        """The script's frames as events, with a Tick each 100 ms of its time."""
        now_ns = self._script.now_ns
        yield [
            FeedStatus("simulated market", now_ns, FeedState.LIVE),
            FeedStatus("simulated user", now_ns, FeedState.LIVE),
        ]
        while True:
            until_ns = now_ns + STEP_NS
            events = self._step(until_ns)
            if until_ns % TICK_NS < STEP_NS:
                events.append(Tick(until_ns))
            now_ns = until_ns
            if events:
                yield events
            else:
                await asyncio.sleep(0)

    async def send(self, request: Request) -> None:
        """Let a request set out; it arrives after the latency."""
        assert self._entry is not None
        now_ns = self._script.now_ns
        if isinstance(request, Submit):
            self._tell(Report(request.order.id, now_ns, None, Cause.BYTES_LEFT, "socket"))
        talk = self._entry.converse(request, (now_ns + self._latency_ns) // 1_000_000)
        self._sent += 1
        self._ask(f"ask-{self._sent}", talk, next(talk))

    def frames(self) -> dict[str, int]:
        """What became of every market frame."""
        return self._codec.counts.as_dict()

    async def close(self) -> None:
        """Nothing to close."""

    def _ask(self, tag: str, talk: Conversation, step: HttpRequest) -> None:
        self._talks[tag] = talk
        request = ScriptRequest(step.method, step.path, step.query, "", {"x-mbx-apikey": self._key})
        self._script.send(self._script.now_ns + self._latency_ns, tag, request)

    def _tell(self, report: Report) -> None:
        heappush(self._told, (report.ts_receive_ns, len(self._told), report))

    def _step(self, until_ns: int) -> list[Event]:
        events: list[Event] = []
        while self._told:
            events.append(heappop(self._told)[2])
        for frame in self._script.frames(until_ns):
            if frame.connection == MARKET:
                events += self._codec.frame(frame.text, frame.t_ns)
            elif frame.connection == USER:
                events += self._users.frame(frame.text, frame.t_ns)
            elif frame.connection == REPLY:
                events += self._replied(frame.tag, HttpAnswer(frame.status, frame.text), frame.t_ns)
        for symbol in self._codec.needs_snapshot():
            body = self._script.request(ScriptRequest("GET", "/api/v3/depth", f"symbol={symbol}&limit=1000"))
            events += self._codec.snapshot(symbol, body.text, until_ns)
        return events

    def _replied(self, tag: str, answer: HttpAnswer, now_ns: int) -> list[Report]:
        talk = self._talks.pop(tag)
        try:
            self._ask(tag, talk, talk.send((answer, now_ns)))
        except StopIteration as done:
            reports: list[Report] = done.value
            return reports
        return []
