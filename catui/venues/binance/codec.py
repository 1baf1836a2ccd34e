"""The codec: frames of market streams to events. Text in, events out, no socket; every frame is accounted for.

Prices and quantities become ticks and lots here, once, by the instrument's grid and from the venue's text. A message
that is not of the protocol, or does not lie on the grid, is refused whole: counted, its place kept, nothing applied.
"""

from collections.abc import Sequence

import msgspec

from catui.domain.events import BookDelta, BookSnapshot, Event, Gap, Level, Quote, Trade
from catui.domain.instrument import Instrument
from catui.domain.orders import Side
from catui.domain.units import Grid
from catui.errors import MessageError
from catui.text import printable
from catui.venues.binance import messages
from catui.venues.binance.counts import Counts
from catui.venues.binance.messages import BookTicker, DepthUpdate, Pair, TradePrint, time_ns
from catui.venues.binance.sync import Apply, BookSync, Hole, NeedSnapshot, Outcome, Replace, Rule, Stale

MAX_CACHED = 100_000
MAX_COUNT = 1 << 62

NOT_OF_THE_PROTOCOL = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


class OffGridError(Exception):
    """A text that is no decimal, off the grid, negative or beyond all measure."""


class Counter(dict[str, int]):
    """Texts to counts on one grid, remembered: a market repeats its prices."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self._grid = grid

    def __missing__(self, text: str) -> int:
        """Count a text that is new. OffGridError: it cannot be counted."""
        count = self._grid.count(text)
        if count is None or not 0 <= count < MAX_COUNT:
            raise OffGridError
        if len(self) >= MAX_CACHED:
            self.clear()
        self[text] = count
        return count


class Symbol:
    """What the codec keeps of one instrument."""

    def __init__(self, instrument: Instrument, rule: Rule) -> None:
        self.key = instrument.key
        self.instrument = instrument
        self.ticks = Counter(instrument.price_grid)
        self.lots = Counter(instrument.quantity_grid)
        self.sync = BookSync(rule)


class Codec:
    """Frames of one connection to events. `needs_snapshot()` names the symbols whose book wants a snapshot.

    `is_ending` says that the venue has announced to end this connection.
    """

    def __init__(self, instruments: tuple[Instrument, ...], rule: Rule = "spot") -> None:
        self.counts = Counts()
        self.first_refusal: str | None = None
        self.is_ending = False
        self._wanting: dict[str, None] = {}  # in the order of asking
        self._venue = instruments[0].venue if instruments else "binance"
        self._symbols = {i.symbol: Symbol(i, rule) for i in instruments}

    def frame(self, text: str | bytes, ts_receive_ns: int) -> list[Event]:
        """The events of one frame. What is refused is counted; the first refusal's words are kept."""
        self.counts.frames += 1
        try:
            return self._frame(text, ts_receive_ns)
        except MessageError as error:
            return self._refuse(str(error))
        except NOT_OF_THE_PROTOCOL as error:
            head = text[:512]
            shown = head if isinstance(head, str) else head.decode("utf-8", "replace")
            why = printable(str(error), 120)
            return self._refuse(f"{self._venue} frame {printable(shown)}: {why}; message refused")

    def snapshot(self, symbol: str, body: str | bytes, ts_receive_ns: int) -> list[Event]:
        """The events of an answer to GET depth: a new book, and the updates that waited for it."""
        self.counts.frames += 1
        try:
            return self._snapshot(symbol, body, ts_receive_ns)
        except MessageError as error:
            return self._refuse(str(error))
        except NOT_OF_THE_PROTOCOL as error:
            why = printable(str(error), 120)
            return self._refuse(f"{self._venue} {printable(symbol)} depth snapshot: {why}; message refused")

    def needs_snapshot(self) -> list[str]:
        """Symbols whose book wants a snapshot, until one has come that it can begin with."""
        return list(self._wanting)

    def reset(self) -> None:
        """A new connection: every book starts again."""
        for symbol in self._symbols.values():
            symbol.sync.reset()
        self._wanting.clear()
        self.is_ending = False

    def _frame(self, text: str | bytes, ts: int) -> list[Event]:
        try:
            told = messages.combined.decode(text)
        except msgspec.ValidationError:
            return self._bare(text, ts)
        return self._payload(told.stream, told.data, ts)

    def _payload(self, stream: str, data: bytes | msgspec.Raw | str, ts: int) -> list[Event]:
        kind = stream.partition("@")[2]
        if kind == "bookTicker":
            return self._quote(messages.book_ticker.decode(data), ts)
        if kind == "trade":
            return self._trade(messages.trade_print.decode(data), ts)
        if kind.startswith("depth") and (kind == "depth" or kind.startswith("depth@")):
            return self._depth(messages.depth_update.decode(data), ts)
        if stream == "!serverShutdown":
            return self._ending()
        self.counts.ignored += 1
        return []

    def _bare(self, text: str | bytes, ts: int) -> list[Event]:
        told = messages.bare.decode(text)
        if told.e == "trade":
            return self._trade(messages.trade_print.decode(text), ts)
        if told.e == "depthUpdate":
            return self._depth(messages.depth_update.decode(text), ts)
        if told.e == "bookTicker" or (
            told.e is None and told.u is not None and told.s is not None and told.b is not msgspec.UNSET
        ):
            return self._quote(messages.book_ticker.decode(text), ts)
        if told.e == "serverShutdown" or (told.event is not None and told.event.e == "serverShutdown"):
            return self._ending()
        if told.e is not None or told.lastUpdateId is not None:
            self.counts.ignored += 1
            return []
        if told.code is not None or told.error is not None:
            fault = told.error or messages.Fault(told.code or 0, told.msg)
            raise MessageError(f"{self._venue}: the venue says: {fault.code} {printable(fault.msg, 120)}")
        if told.result is not msgspec.UNSET:
            self.counts.control += 1
            return []
        raise MessageError(f"{self._venue}: a frame of no known kind; message refused")

    def _quote(self, told: BookTicker, ts: int) -> list[Event]:
        symbol = self._symbols.get(told.s)
        if symbol is None:
            return self._foreign(told.s)
        ticks, lots = symbol.ticks, symbol.lots
        try:
            bid, bid_lots, ask, ask_lots = ticks[told.b], lots[told.B], ticks[told.a], lots[told.A]
        except OffGridError:
            raise _off_grid(symbol, "bookTicker", (told.b, told.a), (told.B, told.A)) from None
        if not (bid and ask):
            self.counts.ignored += 1  # one-sided: no quote, the book says which side is empty
            return []
        self.counts.quotes += 1
        return [Quote(symbol.key, ts, time_ns(told.E), bid, bid_lots, ask, ask_lots)]

    def _trade(self, told: TradePrint, ts: int) -> list[Event]:
        symbol = self._symbols.get(told.s)
        if symbol is None:
            return self._foreign(told.s)
        if told.X != "MARKET":
            self.counts.ignored += 1  # insurance fund and the like: no trade of the book
            return []
        try:
            ticks, lots = symbol.ticks[told.p], symbol.lots[told.q]
        except OffGridError:
            ticks = lots = 0
        if not (ticks and lots):
            raise _off_grid(symbol, f"trade {told.t}", (told.p,), (told.q,))
        self.counts.trades += 1
        taker = Side.SELL if told.m else Side.BUY
        return [Trade(symbol.key, ts, time_ns(told.T if told.T is not None else told.E), told.t, ticks, lots, taker)]

    def _depth(self, told: DepthUpdate, ts: int) -> list[Event]:
        symbol = self._symbols.get(told.s)
        if symbol is None:
            return self._foreign(told.s)
        levels = self._levels(symbol, told.b), self._levels(symbol, told.a)  # refused before its ids count
        outcomes = symbol.sync.update(told)
        if len(outcomes) == 1 and isinstance(outcomes[0], Apply):
            self.counts.deltas += 1
            return [BookDelta(symbol.key, ts, time_ns(told.E), told.u, *levels)]
        if not any(isinstance(outcome, Apply | Stale) for outcome in outcomes):
            self.counts.buffered += 1
        return self._events(symbol, outcomes, ts)

    def _snapshot(self, name: str, body: str | bytes, ts: int) -> list[Event]:
        symbol = self._symbols.get(name)
        if symbol is None:
            return self._foreign(name)
        told = messages.depth_snapshot.decode(body)
        self._levels(symbol, told.bids), self._levels(symbol, told.asks)
        waited = symbol.sync.waiting
        outcomes = symbol.sync.snapshot(told)
        self.counts.buffered -= waited - symbol.sync.waiting
        if not any(isinstance(outcome, Replace) for outcome in outcomes):
            self.counts.ignored += 1
        return self._events(symbol, outcomes, ts)

    def _events(self, symbol: Symbol, outcomes: list[Outcome], ts: int) -> list[Event]:
        events: list[Event] = []
        for outcome in outcomes:
            match outcome:
                case Apply(update=told):
                    self.counts.deltas += 1
                    bids, asks = self._levels(symbol, told.b), self._levels(symbol, told.a)
                    events.append(BookDelta(symbol.key, ts, time_ns(told.E), told.u, bids, asks))
                case Replace(snapshot=whole):
                    self.counts.snapshots += 1
                    self._wanting.pop(symbol.instrument.symbol, None)
                    bids, asks = self._levels(symbol, whole.bids), self._levels(symbol, whole.asks)
                    events.append(BookSnapshot(symbol.key, ts, None, whole.lastUpdateId, bids, asks))
                case Stale():
                    self.counts.stale += 1
                case Hole(expected=expected, got=got, reason=reason):
                    self.counts.gaps += 1
                    events.append(Gap(symbol.key, ts, reason, expected, got))
                case NeedSnapshot():
                    self._wanting[symbol.instrument.symbol] = None
        return events

    def _levels(self, symbol: Symbol, pairs: list[Pair]) -> tuple[Level, ...]:
        ticks, lots = symbol.ticks, symbol.lots
        try:
            return tuple([(ticks[price], lots[quantity]) for price, quantity in pairs])
        except OffGridError:
            raise _off_grid(symbol, "depth", [price for price, _ in pairs], [size for _, size in pairs]) from None

    def _foreign(self, name: str) -> list[Event]:
        """A symbol that was not asked for: not ours to judge."""
        self.counts.ignored += 1
        return []

    def _ending(self) -> list[Event]:
        """The venue ends this connection soon: time to open the next."""
        self.counts.control += 1
        self.is_ending = True
        return []

    def _refuse(self, why: str) -> list[Event]:
        self.counts.refused += 1
        if self.first_refusal is None:
            self.first_refusal = why
        return []


def _off_grid(symbol: Symbol, what: str, prices: Sequence[str], quantities: Sequence[str]) -> MessageError:
    """The refusal of a message, naming the first text that its grid cannot count, or that is 0 and must not be."""
    instrument = symbol.instrument
    where = f"{instrument.venue} {instrument.symbol} {what}"
    grids = (
        (instrument.price_grid, prices, "price", "tick"),
        (instrument.quantity_grid, quantities, "quantity", "lot"),
    )
    for grid, texts, name, step in grids:
        for text in texts:
            if grid.count(text) is None or text.startswith("-"):
                return MessageError(
                    f"{where}: {name} = {printable(text)}: not on {step} {grid.text(1)}; message refused"
                )
    return MessageError(f"{where}: a price or quantity of 0; message refused")
