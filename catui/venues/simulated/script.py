"""The exchange in simulated time, without a socket: what the connections would carry, in time order.

A request is given the moment at which it arrives; its reply is a frame among the others, stamped with that moment.
Equal seeds and equal requests give equal bytes, in any process.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.feed import user_stream
from catui.venues.simulated.routes import Answer
from catui.venues.simulated.streams import wrapped

START_NS = 1_767_225_600_000_000_000  # 2026-01-01T00:00:00Z

MARKET = "market"  # the combined stream
USER = "user"  # the WebSocket API with one subscription
REPLY = "reply"  # answers of REST


class ScriptFrame(NamedTuple):
    """What one connection carries at a moment. `tag` and `status` are those of a reply, else "" and 0."""

    t_ns: int
    connection: str
    text: str
    tag: str = ""
    status: int = 0


class ScriptRequest(NamedTuple):
    """A REST request. `headers` have lower-case names."""

    method: str
    path: str
    query: str = ""
    body: str = ""
    headers: dict[str, str] = {}  # noqa: RUF012  (a NamedTuple's default, never changed)


class Script:
    """An exchange, one combined market connection, one user connection of its paper account, and REST.

    `streams` defaults to trades, touch and 100 ms depth of every symbol.
    """

    def __init__(
        self, seed: int, symbols: tuple[str, ...], start_ns: int = START_NS, streams: tuple[str, ...] | None = None
    ) -> None:
        self.exchange = Exchange(seed, symbols, start_ns)
        kinds = ("trade", "bookTicker", "depth@100ms")
        self.streams = streams or tuple(f"{symbol.lower()}@{kind}" for symbol in symbols for kind in kinds)
        self._user = user_stream(self.exchange.paper.name)
        for stream in (*self.streams, self._user):
            self.exchange.feed.read(stream)
        self._requests: list[tuple[int, int, str, ScriptRequest]] = []
        self._sent = 0

    @property
    def now_ns(self) -> int:
        """The exchange's clock."""
        return self.exchange.now_ns

    def send(self, at_ns: int, tag: str, request: ScriptRequest) -> None:
        """Let `request` arrive at `at_ns`, or now if that is past; `frames` carries the reply, marked with `tag`."""
        self._sent += 1
        heappush(self._requests, (max(at_ns, self.now_ns), self._sent, tag, request))

    def request(self, request: ScriptRequest) -> Answer:
        """Answer a request now; the frames it causes come with the next `frames`."""
        return self._handle(request, self.now_ns)

    def frames(self, until_ns: int) -> Iterator[ScriptFrame]:
        """All frames up to `until_ns`, that moment included, one moment after the other.

        Between two frames the caller may `send`: nothing later than the frame at hand has happened yet, but for the
        rest of its moment.
        """
        exchange = self.exchange
        while True:
            due_ns = self._requests[0][0] if self._requests else until_ns + 1
            if min(due_ns, exchange.next_ns) > until_ns:
                break
            if due_ns < exchange.next_ns:
                at_ns, _, tag, request = heappop(self._requests)
                answer = self._handle(request, at_ns)
                yield from self._taken()
                yield ScriptFrame(at_ns, REPLY, answer.text, tag, answer.status)
            else:
                exchange.advance(exchange.next_ns)
                yield from self._taken()
        exchange.advance(until_ns)
        yield from self._taken()

    def _taken(self) -> Iterator[ScriptFrame]:
        for t_ns, stream, text in self.exchange.take():
            if stream == self._user:
                yield ScriptFrame(t_ns, USER, f'{{"subscriptionId":0,"event":{text}}}')
            else:
                yield ScriptFrame(t_ns, MARKET, wrapped(stream, text))

    def _handle(self, request: ScriptRequest, at_ns: int) -> Answer:
        method, path, query, body, headers = request
        return self.exchange.handle(method, path, query, body, headers, at_ns)
