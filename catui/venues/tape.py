"""Tapes: what a venue sent, word for word, one JSON object a line, gzipped; read, described, and written.

    {"meta": {"venue": "binance-spot", "symbols": ["BTCUSDT"], ...}}
    {"t": receive time in ns, "d": "in" | "out" | "http" | "open", "c": connection, "u": URL, "m": the text}

A damaged tape gives everything that is whole before the damage, and then says where and what it is.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

import catui
from catui.domain.events import Event, Tick
from catui.domain.instrument import MAX_MONEY_DIGITS, Instrument
from catui.domain.units import parse_decimal
from catui.errors import CatuiError, TapeError, UsageError
from catui.text import printable
from catui.venues.binance import messages
from catui.venues.binance.codec import NOT_OF_THE_PROTOCOL, Codec
from catui.venues.binance.sync import Rule

RULES: dict[str, Rule] = {"binance-spot": "spot", "binance-usdm": "futures"}
QUOTES = ("USDT", "USDC", "FDUSD", "TUSD", "BUSD", "EUR", "TRY", "GBP", "BRL", "USD", "BTC", "ETH", "BNB")
TICK_NS = 250_000_000
MAX_LINE = 64 * 1024 * 1024
READ_BYTES = 1 << 18
RECORD_ONE = "record one: catui record --source binance --out FILE"
FORMAT = 1
PADS = tuple("0" * max(8 - decimals, 0) for decimals in range(19))  # what is left of eight decimals


class Meta(Struct, frozen=True):
    """The first line: whose words these are. `format` above 1 is a newer catui's."""

    venue: str
    symbols: tuple[str, ...] = ()
    format: int = 1
    program: str = ""
    instruments: tuple[Instrument, ...] = ()


class Head(Struct, frozen=True):
    """The first line as it stands."""

    meta: Meta


class Record(Struct, frozen=True, gc=False):
    """A line: when, which way, on which connection, and the words."""

    t: int
    d: str
    c: str = ""
    u: str = ""
    m: str = ""


_head = msgspec.json.Decoder(Head)
_record = msgspec.json.Decoder(Record)


class Tape:
    """A recording: its instruments, its records, its events."""

    def __init__(self, path: Path, meta: Meta, instruments: tuple[Instrument, ...]) -> None:
        self.path = path
        self.meta = meta
        self.instruments = instruments
        self._codec = Codec(instruments, RULES[meta.venue])
        self._not_frames = 0

    def events(self) -> Iterator[Event]:
        """The events of all frames, in file order. TapeError: damage, behind everything that is whole before it."""
        codec, last_ns = self._codec, 0
        for record in _records(self.path):
            last_ns = max(last_ns, record.t)  # a clock that was set back: order is what counts
            if record.d == "in":
                yield from codec.frame(record.m, last_ns)
            elif record.d == "http" and "/depth" in record.u:
                yield from codec.snapshot(_symbol_of(record.u), record.m, last_ns)
            else:
                self._not_frames += 1

    def counts(self) -> dict[str, int]:
        """What became of every frame so far; `frames` is the sum of the others but `gaps`."""
        return self._codec.counts.as_dict()

    @property
    def first_refusal(self) -> str | None:
        """The words of the first message that was refused."""
        return self._codec.first_refusal


class Finest:
    """The most decimals seen of one symbol's prices and quantities."""

    def __init__(self) -> None:
        self.price = self.quantity = 0

    def see(self, prices: tuple[str, ...], quantities: tuple[str, ...]) -> None:
        """Widen to what these texts need. What ends early, or is padded to eight decimals, need not be parsed."""
        for text in prices:
            is_padded = text[-9:-8] == "." and text.endswith(PADS[self.price])
            if not is_padded and len(text) - text.rfind(".") - 1 > self.price:
                self.price = max(self.price, _decimals(text))
        for text in quantities:
            is_padded = text[-9:-8] == "." and text.endswith(PADS[self.quantity])
            if not is_padded and len(text) - text.rfind(".") - 1 > self.quantity:
                self.quantity = max(self.quantity, _decimals(text))

    def levels(self, pairs: list[messages.Pair]) -> None:
        """Widen to what these levels need."""
        for price, quantity in pairs:
            self.see((price,), (quantity,))

    def snapshot(self, body: str) -> None:
        """Widen to what a whole book needs."""
        try:
            told = messages.depth_snapshot.decode(body)
        except msgspec.DecodeError:
            return
        self.levels(told.bids + told.asks)


def _decimals(text: str) -> int:
    parsed = parse_decimal(text)
    return 0 if parsed is None else parsed[1]


class TapeInfo(Struct, frozen=True):
    """What a recording holds."""

    file: str
    venue: str
    symbols: tuple[str, ...]
    records: dict[str, int]
    channels: dict[str, int]
    span_s: float
    frames: dict[str, int]
    damage: str | None
    first_refusal: str | None
    backsteps: int


def open_tape(path: Path) -> Tape:
    """Open a recording; a first pass finds the grid of instruments that it does not name.

    UsageError: no such file, not a tape, a venue that this version does not read. CatuiError: it holds no prices.
    """
    meta = _meta(path)
    if meta.venue not in RULES:
        raise UsageError(f"{path.name}: venue {printable(meta.venue)}: this catui reads {' and '.join(RULES)}")
    instruments = meta.instruments or _finest(path, meta)
    if not instruments:
        raise CatuiError(f"{path.name}: holds no prices; {RECORD_ONE}")
    first = instruments[0].quote  # a desk counts in one currency: the first symbol's
    return Tape(path, meta, tuple(i for i in instruments if i.quote == first))


def info(path: Path) -> TapeInfo:
    """Read a recording from end to end and say what it holds, damage included."""
    meta = _meta(path)
    records: dict[str, int] = {}
    channels: dict[str, int] = {}
    first_ns = last_ns = backsteps = 0
    damage = None
    try:
        for record in _records(path):
            records[record.d] = records.get(record.d, 0) + 1
            backsteps += record.t < last_ns
            first_ns, last_ns = first_ns or record.t, max(last_ns, record.t)
            if record.d == "in":
                channel = _channel(record.m)
                channels[channel] = channels.get(channel, 0) + 1
    except TapeError as error:
        damage = str(error)
    frames: dict[str, int] = {}
    refusal = None
    if meta.venue in RULES:
        tape = open_tape(path)
        try:
            for _ in tape.events():
                pass
        except TapeError as error:
            damage = damage or str(error)
        frames, refusal = tape.counts(), tape.first_refusal
    span_s = (last_ns - first_ns) / 1e9
    return TapeInfo(path.name, meta.venue, meta.symbols, records, channels, span_s, frames, damage, refusal, backsteps)


def with_ticks(events: Iterable[Event], every_ns: int = TICK_NS) -> Iterator[Event]:
    """`events` with a Tick at every whole `every_ns` of time that passes between them, at most 100 in a row.

    Deterministic by the events' own times.
    """
    due_ns: int | None = None
    for event in events:
        now_ns = event.ts_receive_ns
        if due_ns is None:
            due_ns = now_ns - now_ns % every_ns + every_ns
        if now_ns - due_ns > 100 * every_ns:
            due_ns = now_ns - now_ns % every_ns - 99 * every_ns
        while due_ns <= now_ns:
            yield Tick(due_ns)
            due_ns += every_ns
        yield event


class TapeWriter:
    """Writes a recording: aside first, under its own name when closed; flushed, so that a kill loses the tail only."""

    def __init__(self, path: Path, venue: str, symbols: tuple[str, ...], instruments: tuple[Instrument, ...]) -> None:
        if path.exists():
            raise UsageError(f"--out {path}: is there already; choose another name")
        meta = Meta(venue, symbols, FORMAT, f"catui {catui.__version__}", instruments)
        self.path, self._aside = path, path.with_name(path.name + ".part")
        self.records = 0
        try:
            self._file = gzip.open(self._aside, "wb", compresslevel=6)  # noqa: SIM115  # open for as long as we record
        except OSError as error:
            raise UsageError(f"--out {path}: {(error.strerror or str(error)).lower()}") from None
        self._write(Head(meta))

    def record(self, t: int, d: str, c: str, u: str, m: str) -> None:
        """One frame, word for word."""
        line: dict[str, Any] = {"t": t, "d": d, "c": c}
        if u:
            line["u"] = u
        if m:
            line["m"] = m
        self._write(line)
        self.records += 1

    def close(self) -> None:
        """Finish the file and give it its name. CatuiError: the disk refused; what was written stays aside."""
        try:
            self._file.close()
            self._aside.rename(self.path)
        except OSError as error:
            raise self._refused(error) from None

    def _write(self, line: object) -> None:
        try:
            self._file.write(msgspec.json.encode(line) + b"\n")
            if self.records % 256 == 255:
                self._file.flush()
        except OSError as error:
            raise self._refused(error) from None

    def _refused(self, error: OSError) -> CatuiError:
        why = (error.strerror or str(error)).lower()
        return CatuiError(f"{self._aside}: {why}; {self.records:,} records are written")


def _meta(path: Path) -> Meta:
    try:
        with gzip.open(path, "rb") as file:
            line = file.readline(1 << 20)
    except FileNotFoundError:
        raise UsageError(f"tape {printable(str(path), 200)}: not found") from None
    except IsADirectoryError:
        raise UsageError(f"tape {printable(str(path), 200)}: is a directory") from None
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path.name}: is no tape: {printable(str(error), 120)}") from None
    try:
        meta = _head.decode(line).meta
    except msgspec.DecodeError as error:
        raise UsageError(f"{path.name}: is no tape: its first line is no meta ({printable(str(error), 120)})") from None
    if meta.format > FORMAT:
        raise UsageError(f"{path.name}: format {meta.format}: this catui reads up to {FORMAT}; upgrade")
    return meta


def _records(path: Path) -> Iterator[Record]:
    """The lines behind the first. TapeError: names line, byte of the unpacked text, and what is wrong there.

    CatuiError: there are none.
    """
    whole, byte = 0, 0
    decode = _record.decode
    try:
        with gzip.open(path, "rb") as packed:
            lines = _lines(packed)
            byte = len(next(lines)) + 1
            for line in lines:
                try:
                    record = decode(line)
                except NOT_OF_THE_PROTOCOL as error:
                    why, shown = printable(str(error), 120), printable(line[:60].decode("utf-8", "replace"))
                    fault = f"{path.name}:{whole + 2} (byte {byte:,}): {shown}: {why}"
                    raise TapeError(f"{fault}; {whole:,} records before it are whole") from None
                yield record
                whole += 1
                byte += len(line) + 1
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        how = "ends inside" if isinstance(error, EOFError) else "is corrupt in or before"
        fault = f"{path.name}: {how} record {whole + 1:,} (byte {byte:,})"
        raise TapeError(f"{fault}: {whole:,} records before it are whole") from None
    if not whole:
        raise CatuiError(f"{path.name}: holds no records; {RECORD_ONE}")


def _lines(packed: gzip.GzipFile) -> Iterator[bytes]:
    """Whole lines, without their ends, as far as they can be unpacked. EOFError: there is something behind the last.

    A line that exceeds MAX_LINE is cut there, so that nothing can fill the memory.
    """
    parts: list[bytes] = []
    size = 0
    while part := packed.read1(READ_BYTES):  # not more than is there: what is whole comes before an error
        first, *others = part.split(b"\n")
        parts.append(first)
        size += len(first)
        if others:
            yield b"".join(parts)
            yield from others[:-1]
            parts, size = [others[-1]], len(others[-1])
        elif size > MAX_LINE:
            yield b"".join(parts)[:MAX_LINE]
            parts, size = [], 0
    if size:
        raise EOFError


def _finest(path: Path, meta: Meta) -> tuple[Instrument, ...]:
    """The grid of every symbol: the finest decimals that occur in its texts. What damage hides is not counted."""
    finest: dict[str, Finest] = {}
    try:
        for record in _records(path):
            if record.d == "http" and "/depth" in record.u:
                finest.setdefault(_symbol_of(record.u), Finest()).snapshot(record.m)
            elif record.d == "in":
                _refine(finest, record.m)
    except TapeError:
        pass  # told when the events are read
    venue = "binance" if meta.venue == "binance-spot" else meta.venue
    symbols = [symbol for symbol in meta.symbols or finest if symbol in finest]
    return tuple(_instrument(venue, symbol, finest[symbol].price, finest[symbol].quantity) for symbol in symbols)


def _refine(finest: dict[str, Finest], text: str) -> None:
    """What one frame adds. A frame that is not of the protocol adds nothing; it is refused when events are read."""
    try:
        stream, data = "", msgspec.Raw(text.encode())
        if text.startswith('{"stream"'):
            told = messages.combined.decode(text)
            stream, data = told.stream.partition("@")[2], told.data
        else:
            bare = messages.bare.decode(text)
            stream = {"depthUpdate": "depth", "trade": "trade"}.get(bare.e or "", "bookTicker" if bare.u else "")
        if stream == "bookTicker":
            quote = messages.book_ticker.decode(data)
            finest.setdefault(quote.s, Finest()).see((quote.b, quote.a), (quote.B, quote.A))
        elif stream == "trade":
            trade = messages.trade_print.decode(data)
            finest.setdefault(trade.s, Finest()).see((trade.p,), (trade.q,))
        elif stream.startswith("depth"):
            depth = messages.depth_update.decode(data)
            finest.setdefault(depth.s, Finest()).levels(depth.b + depth.a)
    except (msgspec.DecodeError, RecursionError):
        return


def _instrument(venue: str, symbol: str, price: int, quantity: int) -> Instrument:
    if price + quantity > MAX_MONEY_DIGITS:
        raise UsageError(f"{symbol}: {price} + {quantity} decimals are finer than 1e-{MAX_MONEY_DIGITS}")
    quote = next((q for q in QUOTES if symbol.endswith(q) and len(symbol) > len(q)), symbol[-3:])
    return Instrument(venue, symbol, symbol[: -len(quote)], quote, _step(price), _step(quantity))


def _step(decimals: int) -> str:
    return "1" if decimals == 0 else f"0.{'1'.rjust(decimals, '0')}"


def _symbol_of(url: str) -> str:
    found = re.search(r"[?&]symbol=([A-Za-z0-9]+)", url)
    return found[1].upper() if found else ""


_STREAM = re.compile(r'"stream": ?"[^"@]*@?([^"]{1,40})"')


def _channel(text: str) -> str:
    found = _STREAM.search(text[:120])
    return printable(found[1]) if found else "bare"
