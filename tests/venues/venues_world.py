"""A small world for the tests of venues: recorded frames, a slow and obvious book, its digest, and frames by hand."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from catui.domain.events import BookDelta, BookSnapshot, Event, Gap, Trade
from catui.domain.instrument import Instrument
from catui.domain.orders import Side
from catui.domain.units import decimal_text, parse_decimal
from catui.venues.binance.codec import Codec

BTC = Instrument("binance", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001", "5")
START_NS = 1_723_161_255_000_000_000


class Line(NamedTuple):
    """One record of a recording, read by the standard library alone."""

    t: int
    d: str
    u: str
    m: str


def lines(path: Path) -> Iterator[Line]:
    """The records behind the meta line."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        next(file)
        for text in file:
            told = json.loads(text)
            yield Line(told["t"], told["d"], told.get("u", ""), told.get("m", ""))


def write_tape(path: Path, records: Iterable[object], venue: str = "binance-spot", **meta: Any) -> Path:
    """A tape of these records, by the standard library alone; text stands for itself."""
    first = {"meta": {"venue": venue, "symbols": ["BTCUSDT"], **meta}}
    with gzip.open(path, "wt", encoding="utf-8", newline="\n") as file:
        for record in (first, *records):
            file.write((record if isinstance(record, str) else json.dumps(record)) + "\n")
    return path


def canonical(text: str) -> str:
    """A decimal without exponent and without trailing zeros."""
    parsed = parse_decimal(text)
    assert parsed is not None
    return decimal_text(*parsed)


class SlowBook:
    """A dictionary a side; the best is looked for among all levels. `digest` is over the top after every delta."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self.last_id = 0
        self.tops: list[list[str]] = []
        self.gaps: list[Gap] = []
        self._trades = hashlib.sha256()
        self.trades = 0

    def take(self, event: Event) -> None:
        """Follow an event."""
        match event:
            case BookSnapshot():
                self.bids, self.asks, self.last_id = dict(event.bids), dict(event.asks), event.last_id
            case BookDelta():
                for side, levels in ((self.bids, event.bids), (self.asks, event.asks)):
                    for price, lots in levels:
                        side.pop(price, None)
                        if lots:
                            side[price] = lots
                self.last_id = event.last_id
                self.tops.append(self.top())
            case Gap():
                self.gaps.append(event)
            case Trade():
                self.trades += 1
                at = canonical(self.instrument.price_text(event.price_ticks))
                size = canonical(self.instrument.quantity_text(event.lots))
                taker = "buy" if event.taker is Side.BUY else "sell"
                self._trades.update(f"{event.trade_id},{at},{size},{taker}\n".encode())

    def top(self) -> list[str]:
        """Best bid, its quantity, best ask, its quantity, as canonical texts."""
        shown: list[str] = []
        for side, best in ((self.bids, max), (self.asks, min)):
            if side:
                price = best(side)
                shown.append(canonical(self.instrument.price_text(price)))
                shown.append(canonical(self.instrument.quantity_text(side[price])))
            else:
                shown += ["-", "-"]
        return shown

    def top_sha256(self) -> str:
        """The digest of the recording's oracle."""
        return hashlib.sha256("".join(",".join(top) + "\n" for top in self.tops).encode()).hexdigest()

    def trades_sha256(self) -> str:
        """The digest of all trades."""
        return self._trades.hexdigest()

    def as_snapshot(self) -> str:
        """This book as the body of an answer to GET depth."""
        levels = [
            [[self.instrument.price_text(price), self.instrument.quantity_text(lots)] for price, lots in side.items()]
            for side in (self.bids, self.asks)
        ]
        return json.dumps({"lastUpdateId": self.last_id, "bids": levels[0], "asks": levels[1]})


def depth(first: int, last: int, bids: object = (), asks: object = (), before: int | None = None) -> str:
    """A depth update by hand, as `/stream` frames it."""
    told: dict[str, object] = {"e": "depthUpdate", "E": 1723161255208, "s": "BTCUSDT", "U": first, "u": last}
    told |= {"b": bids, "a": asks} if before is None else {"b": bids, "a": asks, "pu": before}
    return json.dumps({"stream": "btcusdt@depth@100ms", "data": told})


def snapshot(last_id: int, bids: object = (("100.00", "1"),), asks: object = (("101.00", "1"),)) -> str:
    """An answer to GET depth by hand."""
    return json.dumps({"lastUpdateId": last_id, "bids": bids, "asks": asks})


def ticker(bid: object = "100.00", ask: object = "101.00", size: object = "1.00000") -> str:
    """A bookTicker by hand."""
    told = {"u": 1, "s": "BTCUSDT", "b": bid, "B": size, "a": ask, "A": size}
    return json.dumps({"stream": "btcusdt@bookTicker", "data": told})


def trade(number: object = 8812, price: object = "64120.00", size: object = "0.1", **more: object) -> str:
    """A trade by hand."""
    told = {"e": "trade", "E": 1723161255343, "s": "BTCUSDT", "t": number, "p": price, "q": size, "T": 1723161255342}
    return json.dumps({"stream": "btcusdt@trade", "data": told | {"m": True, "M": True} | more})


def accounted(codec: Codec) -> bool:
    """Whether every frame has its fate: the sum of all counts but `gaps` is the number of frames."""
    counts = codec.counts.as_dict()
    return counts["frames"] == sum(count for name, count in counts.items() if name not in ("frames", "gaps"))
