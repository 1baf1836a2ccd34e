"""Recorded sessions of Binance: books and trades to the digest of an independent checker, and what a fault makes."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from venues_world import BTC, Line, SlowBook, accounted, lines, write_tape

from catui.domain.events import BookDelta, BookSnapshot, Event, Gap, Quote
from catui.domain.instrument import Instrument
from catui.venues.binance.codec import Codec
from catui.venues.binance.sync import Rule
from catui.venues.tape import open_tape

Recording = Callable[[str], Path]

SPOT, USDM, ALTS = "spot_btcusdt_20240808", "usdm_btcusdt_20240808", "spot_alts_20211012"
FINE_BTC = Instrument("binance", "BTCUSDT", "BTC", "USDT", "0.01", "0.000001")  # the recording has six decimals
USDM_BTC = Instrument("binance-usdm", "BTCUSDT", "BTC", "USDT", "0.1", "0.001")
ALT_COINS = tuple(
    Instrument("binance", base + quote, base, quote, "0.00000001", "0.0001")
    for base, quote in (("NKN", "USDT"), ("BLZ", "ETH"), ("LRC", "BTC"), ("RUNE", "EUR"))
)
GRIDS = {SPOT: ("binance:BTCUSDT", "0.01", "0.000001"), USDM: ("binance-usdm:BTCUSDT", "0.1", "0.001")}


def oracle(recording: Recording, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(recording(f"oracle/binance__{name}.json").read_text())
    return told


@cache
def records(path: Path, first: int) -> tuple[Line, ...]:
    """The first records of a recording."""
    found = []
    for line in lines(path):
        found.append(line)
        if len(found) == first:
            break
    return tuple(found)


def depth_only(path: Path, count: int) -> list[Line]:
    """The first depth updates of a recording, and its snapshots."""
    found = [line for line in records(path, 12_000) if line.d == "http" or "@depth" in line.m[:60]]
    return found[:count]


def decode(codec: Codec, some: Iterable[Line]) -> Iterator[Event]:
    for line in some:
        if line.d == "http":
            yield from codec.snapshot(line.u.partition("symbol=")[2].partition("&")[0], line.m, line.t)
        elif line.d == "in":
            yield from codec.frame(line.m, line.t)


def book_of(codec: Codec, some: Iterable[Line], instrument: Instrument = FINE_BTC) -> SlowBook:
    book = SlowBook(instrument)
    for event in decode(codec, some):
        book.take(event)
    return book


@pytest.mark.parametrize("name", [SPOT, USDM])
def test_a_recorded_session_gives_the_book_and_the_trades_of_its_oracle(recording: Recording, name: str) -> None:
    told = oracle(recording, name)
    expected = told["symbols"]["BTCUSDT"]
    tape = open_tape(recording(f"binance/{name}.jsonl.gz"))
    assert [(one.key, one.tick_size, one.lot_size) for one in tape.instruments] == [GRIDS[name]]
    book, quotes, last_ns = SlowBook(tape.instruments[0]), 0, 0
    for event in tape.events():
        assert event.ts_receive_ns >= last_ns
        last_ns = event.ts_receive_ns
        quotes += isinstance(event, Quote)
        book.take(event)
    counts = tape.counts()
    assert book.top_sha256() == expected["top_sha256"]
    assert book.trades_sha256() == expected["trades_sha256"]
    assert [[500 * (n + 1), *top] for n, top in enumerate(book.tops[499::500])] == expected["every_500"]
    assert (book.top(), [len(book.bids), len(book.asks)]) == (expected["final_top"], expected["levels"])
    assert (counts["deltas"], counts["stale"], counts["gaps"]) == (expected["book_events"], told["checks"]["stale"], 0)
    assert (book.trades, quotes) == (expected["trades"], told["checks"]["ch:bookTicker"])
    assert counts["refused"] == 0
    assert tape.first_refusal is None


def test_four_books_on_one_connection_are_each_the_oracles(recording: Recording) -> None:
    expected = oracle(recording, ALTS)["symbols"]
    codec = Codec(ALT_COINS)
    books = {coin.key: SlowBook(coin) for coin in ALT_COINS}
    for event in decode(codec, lines(recording(f"binance/{ALTS}.jsonl.gz"))):
        if isinstance(event, BookSnapshot | BookDelta | Gap):
            books[event.instrument].take(event)
    for coin in ALT_COINS:
        assert books[coin.key].top_sha256() == expected[coin.symbol]["top_sha256"], coin.symbol
        assert books[coin.key].top() == expected[coin.symbol]["final_top"]
    counts = codec.counts
    assert (counts.deltas, counts.stale, counts.gaps, counts.refused, counts.snapshots) == (172, 5, 0, 0, 4)
    assert accounted(codec)
    assert codec.needs_snapshot() == []


def test_the_first_updates_of_the_spot_session_are_stale_stale_and_then_applied(recording: Recording) -> None:
    some = depth_only(recording(f"binance/{SPOT}.jsonl.gz"), 6)
    codec = Codec((FINE_BTC,))
    book = book_of(codec, some)
    assert codec.counts.stale == 2
    assert book.tops[0] == ["61837.63", "3.78826", "61837.64", "1.6052"]
    assert book.last_id == 50093239407


def served(path: Path, upto: int, rule: Rule = "spot") -> str:
    """The reference book as a snapshot, after the first `upto` depth records."""
    return book_of(Codec((FINE_BTC,), rule), depth_only(path, upto)).as_snapshot()


def test_a_missing_update_is_one_gap_and_nothing_is_told_of_the_book_until_a_snapshot(recording: Recording) -> None:
    path = recording(f"binance/{SPOT}.jsonl.gz")
    whole = depth_only(path, 60)
    missing = next(n for n, line in enumerate(whole) if '"U":50093239238' in line.m)
    codec = Codec((FINE_BTC,))
    events = list(decode(codec, whole[:missing] + whole[missing + 1 : 40]))
    gap = next(n for n, event in enumerate(events) if isinstance(event, Gap))
    assert (events[gap].expected, events[gap].got) == (50093239238, 50093239408)  # type: ignore[union-attr]  # it is a Gap
    assert not events[gap + 1 :]
    assert codec.needs_snapshot() == ["BTCUSDT"]
    healed = SlowBook(FINE_BTC)
    for event in codec.snapshot("BTCUSDT", served(path, 35), 0):
        healed.take(event)
    for event in decode(codec, whole[40:]):
        healed.take(event)
    assert healed.tops == book_of(Codec((FINE_BTC,)), whole).tops[-len(healed.tops) :]
    assert len(healed.tops) == 25
    assert codec.needs_snapshot() == []
    assert codec.counts.gaps == 1
    assert accounted(codec)


@pytest.mark.parametrize("place", [5, 20, 59])
def test_an_update_that_comes_twice_is_stale_and_changes_nothing(recording: Recording, place: int) -> None:
    whole = depth_only(recording(f"binance/{SPOT}.jsonl.gz"), 80)
    once, twice = Codec((FINE_BTC,)), Codec((FINE_BTC,))
    expected = book_of(once, whole).top_sha256()
    doubled = book_of(twice, [*whole[: place + 1], *whole[place:]])
    assert doubled.top_sha256() == expected
    assert twice.counts.stale == once.counts.stale + 1
    assert not doubled.gaps


def test_two_updates_in_the_wrong_order_are_one_gap_and_one_stale(recording: Recording) -> None:
    path = recording(f"binance/{SPOT}.jsonl.gz")
    whole = depth_only(path, 80)
    codec, book = Codec((FINE_BTC,)), SlowBook(FINE_BTC)
    for event in decode(codec, [*whole[:30], whole[31]]):
        book.take(event)
    assert len(book.gaps) == 1
    stale = codec.counts.stale
    for event in (*codec.snapshot("BTCUSDT", served(path, 31), 0), *decode(codec, [whole[30], *whole[32:]])):
        book.take(event)
    assert (len(book.gaps), codec.counts.stale - stale) == (1, 1)
    assert book.top() == book_of(Codec((FINE_BTC,)), whole).top()


@pytest.mark.parametrize("waiting", [1, 3, 10, 1000])
def test_however_late_the_snapshot_comes_the_book_is_the_same(recording: Recording, waiting: int) -> None:
    path = recording(f"binance/{SPOT}.jsonl.gz")
    some = depth_only(path, 1100)
    expected = book_of(Codec((FINE_BTC,)), some).top_sha256()
    updates, whole = [line for line in some if line.d == "in"], next(line for line in some if line.d == "http")
    codec = Codec((FINE_BTC,))
    assert book_of(codec, [*updates[:waiting], whole, *updates[waiting:]]).top_sha256() == expected
    assert codec.counts.buffered == 0
    assert accounted(codec)


def test_futures_by_the_rule_of_spot_fail_at_the_second_update(recording: Recording) -> None:
    some = depth_only(recording(f"binance/{USDM}.jsonl.gz"), 30)
    right = book_of(Codec((USDM_BTC,), "futures"), some, USDM_BTC)
    wrong = book_of(Codec((USDM_BTC,), "spot"), some, USDM_BTC)
    assert right.tops[:3] == [
        ["61800.2", "2.909", "61800.3", "1.072"],
        ["61800.2", "2.89", "61800.3", "1.088"],
        ["61800.2", "2.862", "61800.3", "1.135"],
    ]
    assert (len(right.gaps), len(wrong.tops), len(wrong.gaps)) == (0, 1, 1)


def test_a_lost_futures_update_is_told_by_the_chain_of_ids(recording: Recording) -> None:
    some = depth_only(recording(f"binance/{USDM}.jsonl.gz"), 30)
    book = book_of(Codec((USDM_BTC,), "futures"), some[:20] + some[21:], USDM_BTC)
    told = [json.loads(line.m)["data"] for line in some[19:22]]
    assert [(gap.expected, gap.got) for gap in book.gaps] == [(told[0]["u"], told[2]["pu"])]


def test_a_tape_finds_symbol_currency_and_grid_in_the_texts(recording: Recording) -> None:
    (found,) = open_tape(recording(f"binance/{ALTS}.jsonl.gz")).instruments  # one currency: the first symbol's
    assert (found.symbol, found.base, found.quote) == ("NKNUSDT", "NKN", "USDT")
    assert (found.tick_size, found.lot_size) == ("0.00001", "0.1")  # bids such as 0.25974 lie deep in the snapshot


def test_a_price_off_a_given_grid_is_refused_and_named(recording: Recording, tmp_path: Path) -> None:
    some = records(recording(f"binance/{SPOT}.jsonl.gz"), 200)
    coarse = {"venue": "binance", "symbol": "BTCUSDT", "base": "BTC", "quote": "USDT"}
    coarse |= {"tick_size": "0.1", "lot_size": "0.000001"}
    path = write_tape(tmp_path / "coarse.gz", [line._asdict() for line in some], instruments=[coarse])
    tape = open_tape(path)
    list(tape.events())
    assert tape.counts()["refused"] > 100
    assert (tape.first_refusal or "").endswith("price = 61737.63000000: not on tick 0.1; message refused")
    assert BTC.symbol in (tape.first_refusal or "")
