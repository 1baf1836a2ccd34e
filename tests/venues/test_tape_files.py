"""Tapes: what is whole is read, damage is named by line and byte, and what is written is read back."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from venues_world import BTC, START_NS, depth, snapshot, ticker, trade, write_tape

from catui.domain.events import BookSnapshot, Event, Quote, Tick, Trade
from catui.errors import CatuiError, TapeError, UsageError
from catui.venues import tape as tape_module
from catui.venues.tape import TapeWriter, info, open_tape, with_ticks

SECOND = 1_000_000_000


def frame(text: str, t: int = START_NS) -> dict[str, object]:
    return {"t": t, "d": "in", "c": "ws", "m": text}


def read(path: Path) -> tuple[list[Event], str]:
    """The events of a tape, and the words of its damage."""
    events: list[Event] = []
    try:
        for event in open_tape(path).events():
            events.append(event)
    except TapeError as error:
        return events, str(error)
    return events, ""


def packed(path: Path, text: bytes) -> Path:
    path.write_bytes(gzip.compress(text, mtime=0))
    return path


META = b'{"meta":{"venue":"binance-spot","symbols":["BTCUSDT"]}}\n'


def line(number: int) -> bytes:
    return json.dumps(frame(trade(number), START_NS + number)).encode() + b"\n"


# --- what is whole ---------------------------------------------------------------------------------------------------


def test_records_become_events_in_file_order_at_a_time_that_never_steps_back(tmp_path: Path) -> None:
    records = [frame(trade(n), START_NS + t) for n, t in ((1, 5), (2, 3), (3, 9))]
    events, damage = read(write_tape(tmp_path / "a.gz", records))
    assert [(e.trade_id, e.ts_receive_ns - START_NS) for e in events if isinstance(e, Trade)] == [
        (1, 5),
        (2, 5),
        (3, 9),
    ]
    assert damage == ""
    assert info(tmp_path / "a.gz").backsteps == 1


def test_a_snapshot_over_http_begins_the_book(tmp_path: Path) -> None:
    url = "https://api.binance.com/api/v3/depth?limit=1000&symbol=BTCUSDT"
    http = {"t": START_NS, "d": "http", "c": "rest", "u": url, "m": snapshot(9)}
    asked = {"t": START_NS, "d": "http", "c": "rest", "u": "https://api.binance.com/api/v3/time", "m": "{}"}
    opened = {"t": START_NS, "d": "open", "c": "ws", "u": "wss://x"}
    path = write_tape(tmp_path / "a.gz", [opened, frame(depth(9, 10)), asked, http, frame(depth(11, 11))])
    tape = open_tape(path)
    events = list(tape.events())
    assert [type(event).__name__ for event in events] == ["BookSnapshot", "BookDelta", "BookDelta"]
    assert isinstance(events[0], BookSnapshot)
    told = info(path)
    assert told.records == {"open": 1, "in": 2, "http": 2}
    assert told.channels == {"depth@100ms": 2}
    assert (told.frames["frames"], told.frames["deltas"], told.frames["snapshots"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("prices", "tick"),
    [
        (("100", "101"), "1"),
        (("100.10", "101.00"), "0.1"),
        (("100.12000000", "101.00000000"), "0.01"),
        (("100.000000010", "101"), "0.00000001"),
        (("100.1", "101.005"), "0.001"),
    ],
)
def test_the_grid_is_the_finest_that_occurs(prices: tuple[str, str], tick: str, tmp_path: Path) -> None:
    path = write_tape(tmp_path / "a.gz", [frame(ticker(*prices, size="2.5000")), frame(ticker("1", "2", "1"))])
    (found,) = open_tape(path).instruments
    assert (found.tick_size, found.lot_size) == (tick, "0.1")
    assert len(read(path)[0]) == 2


@pytest.mark.parametrize(
    ("symbol", "base", "quote"),
    [
        ("BTCUSDT", "BTC", "USDT"),
        ("ETHBTC", "ETH", "BTC"),
        ("BTCUSDC", "BTC", "USDC"),
        ("RUNEEUR", "RUNE", "EUR"),
        ("BNBFDUSD", "BNB", "FDUSD"),
        ("ABCXYZ", "ABC", "XYZ"),
    ],
)
def test_a_symbol_is_split_at_its_currency(symbol: str, base: str, quote: str, tmp_path: Path) -> None:
    records = [frame(ticker().replace("BTCUSDT", symbol))]
    (found,) = open_tape(write_tape(tmp_path / "a.gz", records, symbols=[symbol])).instruments
    assert (found.base, found.quote) == (base, quote)


def test_a_refused_message_is_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = [trade(2, price="NaN"), "{", trade(3).replace('"64120.00"', "1e999"), '{"e":']
    path = write_tape(tmp_path / "a.gz", [frame(text) for text in (trade(1), *bad, trade(4))])
    events, damage = read(path)
    assert [event.trade_id for event in events if isinstance(event, Trade)] == [1, 4]
    assert damage == ""
    told = info(path)
    assert (told.frames["refused"], told.damage) == (4, None)
    assert told.first_refusal == "binance BTCUSDT trade 2: price = NaN: not on tick 1; message refused"


def test_damage_ends_a_command_with_4() -> None:
    assert TapeError("").exit_code == 4


# --- damage ----------------------------------------------------------------------------------------------------------


def test_a_truncated_tape_gives_what_is_whole_and_says_where_it_ends(tmp_path: Path) -> None:
    whole = META + b"".join(line(n) for n in range(1, 2001))
    path = packed(tmp_path / "x.tape", whole)
    path.write_bytes(path.read_bytes()[:-2000])
    events, damage = read(path)
    count = len(events)
    assert 0 < count < 2000
    start = len(META) + sum(len(line(n)) for n in range(1, count + 1))
    ends = f"x.tape: ends inside record {count + 1:,} (byte {start:,}): {count:,} records before it are whole"
    assert damage == ends
    assert info(path).damage == ends
    assert info(path).records == {"in": count}


def test_a_tape_that_was_cut_before_it_was_packed_says_the_same(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tape", META + line(1) + line(2)[:40])
    events, damage = read(path)
    assert len(events) == 1
    byte = len(META + line(1))
    assert damage == f"x.tape: ends inside record 2 (byte {byte}): 1 records before it are whole"


def test_a_line_that_is_no_record_is_named_with_its_text(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tape", META + line(1) + b'{"t": \x1b[31m}\n' + line(2))
    events, damage = read(path)
    assert len(events) == 1
    assert damage.startswith(f'x.tape:3 (byte {len(META + line(1))}): {{"t": \\x1b[31m}}: JSON is malformed')
    assert damage.endswith("; 1 records before it are whole")
    assert damage.isprintable()


@pytest.mark.parametrize(
    "bad", [b"\xff\xfe\n", b"[]\n", b'{"t":"1","d":"in"}\n', b'{"t":1}\n', b"[" * 100_000 + b"\n", b"\n", b"NaN\n"]
)
def test_whatever_stands_there_instead_of_a_record_is_damage(bad: bytes, tmp_path: Path) -> None:
    events, damage = read(packed(tmp_path / "x.tape", META + line(1) + bad + line(2)))
    assert len(events) == 1
    assert damage.startswith("x.tape:3 ")
    assert damage.isprintable()
    assert len(damage) < 330


def test_corrupt_bytes_are_damage_and_not_a_crash(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tape", META + b"".join(line(n) for n in range(1, 2001)))
    raw = bytearray(path.read_bytes())
    for place in range(len(raw) // 2, len(raw) // 2 + 64):
        raw[place] ^= 0xA5
    path.write_bytes(bytes(raw))
    events, damage = read(path)
    assert len(events) < 2000
    assert damage.startswith("x.tape")
    assert "records before it are whole" in damage


def test_a_checksum_that_fails_at_the_end_is_told_behind_every_event(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tape", META + line(1) + line(2))
    raw = bytearray(path.read_bytes())
    raw[-6] ^= 0xFF
    path.write_bytes(bytes(raw))
    events, damage = read(path)
    assert len(events) == 2
    assert damage.startswith("x.tape: is corrupt in or before record 3")


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape_module, "MAX_LINE", 1000)
    events, damage = read(packed(tmp_path / "x.tape", META + line(1) + b" " * 1_000_000))
    assert len(events) == 1
    assert damage.startswith("x.tape:3 ")


def gzipped(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "x.tape: is no tape"),
        (b"not gzip at all", "x.tape: is no tape: Not a gzipped file"),
        (gzipped(b""), "x.tape: is no tape: its first line is no meta"),
        (gzipped(b"5\n"), "x.tape: is no tape: its first line is no meta"),
        (gzipped(b'{"t":1}\n'), "x.tape: is no tape: its first line is no meta"),
        (
            gzipped(b'{"meta":{"venue":"binance-spot","format":3}}\n'),
            "x.tape: format 3: this catui reads up to 1",
        ),
        (
            gzipped(b'{"meta":{"venue":"okx-v5"}}\n'),
            "venue okx-v5: this catui reads binance-spot and binance-usdm",
        ),
        (gzipped(b'{"meta":{"venue":"\\u001b"}}\n'), r"venue \x1b: this catui reads"),
    ],
    ids=range(8),
)
def test_what_is_no_tape_of_ours_is_said_so(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.tape"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        open_tape(path)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_path_that_holds_nothing_to_read_is_said_so(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "no\x1bne", r"no\x1bne: not found"), (tmp_path, "is a directory")):
        with pytest.raises(UsageError) as caught:
            open_tape(path)
        assert words in str(caught.value)


@pytest.mark.parametrize(
    "instruments", [[], [{"venue": "binance", "symbol": "BTCUSDT", "base": "BTC", "quote": "USDT"}]]
)
def test_an_empty_tape_says_how_to_record_one(instruments: list[dict[str, str]], tmp_path: Path) -> None:
    grids = [one | {"tick_size": "0.01", "lot_size": "0.01"} for one in instruments]
    path = write_tape(tmp_path / "x.tape", [], instruments=grids)
    with pytest.raises(CatuiError, match=r"x\.tape: holds no (records|prices); record one: catui record") as caught:
        list(open_tape(path).events())
    assert caught.value.exit_code == 1


def test_a_grid_that_cannot_be_is_no_meta(tmp_path: Path) -> None:
    wrong = {"venue": "b", "symbol": "X", "base": "X", "quote": "Y", "tick_size": "0", "lot_size": "1"}
    with pytest.raises(UsageError, match="first line is no meta"):
        open_tape(write_tape(tmp_path / "x.tape", [frame(trade())], instruments=[wrong]))


@given(data=st.data())
def test_any_prefix_of_a_tape_gives_a_prefix_of_its_events(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = gzip.compress(META + b"".join(line(n) for n in range(1, 40)), mtime=0)
    path = tmp_path_factory.mktemp("cut") / "x.tape"
    path.write_bytes(whole)
    expected, _ = read(path)
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        events, _ = read(path)
    except CatuiError:
        return
    assert events == expected[: len(events)]


# --- ticks -----------------------------------------------------------------------------------------------------------


def quotes(*seconds: float) -> Iterator[Event]:
    for second in seconds:
        yield Quote(BTC.key, int(second * SECOND), None, 1, 1, 2, 1)


def test_ticks_stand_between_events_at_whole_quarters_of_a_second() -> None:
    told = [(type(e).__name__[0], e.ts_receive_ns / SECOND) for e in with_ticks(quotes(10.1, 10.2, 10.5, 11.1))]
    expected = [
        ("Q", 10.1),
        ("Q", 10.2),
        ("T", 10.25),
        ("T", 10.5),
        ("Q", 10.5),
        ("T", 10.75),
        ("T", 11.0),
        ("Q", 11.1),
    ]
    assert told == expected


def test_a_long_silence_is_a_hundred_ticks_and_no_more() -> None:
    told = list(with_ticks(quotes(0.0, 86_400.0)))
    ticks = [event for event in told if isinstance(event, Tick)]
    assert len(ticks) == 100
    assert ticks[-1].ts_receive_ns == 86_400 * SECOND
    assert ticks[1].ts_receive_ns - ticks[0].ts_receive_ns == 250_000_000


@given(gaps=st.lists(st.floats(0, 5), min_size=1, max_size=30))
def test_ticks_keep_the_order_of_time_and_leave_the_events_as_they_are(gaps: list[float]) -> None:
    times, now = [], 1.0
    for gap in gaps:
        now += gap
        times.append(now)
    told = list(with_ticks(quotes(*times)))
    assert [event for event in told if not isinstance(event, Tick)] == list(quotes(*times))
    stamps = [event.ts_receive_ns for event in told]
    assert stamps == sorted(stamps)
    assert all(event.ts_receive_ns % 250_000_000 == 0 for event in told if isinstance(event, Tick))


# --- writing ---------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_back_with_its_instruments(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    writer = TapeWriter(path, "binance-spot", ("BTCUSDT",), (BTC,))
    writer.record(START_NS, "open", "market", "wss://x", "")
    for n in range(1, 4):
        writer.record(START_NS + n, "in", "market", "", trade(n))
    assert not path.exists()
    writer.close()
    assert [one.name for one in tmp_path.iterdir()] == ["day.jsonl.gz"]
    tape = open_tape(path)
    assert tape.instruments == (BTC,)
    assert tape.meta.program.startswith("catui ")
    assert [event.trade_id for event in tape.events() if isinstance(event, Trade)] == [1, 2, 3]
    assert writer.records == 4


def test_a_record_keeps_the_words_to_the_letter(tmp_path: Path) -> None:
    words = ['{"x":1.10}', "é\u2028\u202e", "\\u0000 \x1b", '"', ""]
    writer = TapeWriter(tmp_path / "a.gz", "binance-spot", (), ())
    for text in words:
        writer.record(1, "in", "c", "", text)
    writer.close()
    with gzip.open(tmp_path / "a.gz", "rt", encoding="utf-8", newline="\n") as file:
        assert [json.loads(text).get("m", "") for text in file][1:] == words


def test_a_writer_that_is_killed_loses_its_tail_only(tmp_path: Path) -> None:
    writer = TapeWriter(tmp_path / "a.gz", "binance-spot", ("BTCUSDT",), (BTC,))
    for n in range(1, 1001):
        writer.record(START_NS + n, "in", "market", "", trade(n))
    on_disk = (tmp_path / "a.gz.part").read_bytes()
    (tmp_path / "killed.gz").write_bytes(on_disk)
    events, damage = read(tmp_path / "killed.gz")
    assert len(events) >= 768
    assert "ends inside record" in damage
    writer.close()
    assert len(read(tmp_path / "a.gz")[0]) == 1000


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        TapeWriter(path, "binance-spot", (), ())
    assert path.read_text() == "mine"


def test_a_disk_that_refuses_is_told_with_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no such file or directory"):
        TapeWriter(tmp_path / "none" / "a.gz", "binance-spot", (), ())
    writer = TapeWriter(tmp_path / "a.gz", "binance-spot", (), ())
    writer.record(1, "in", "c", "", "x")

    def full(_: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(writer._file, "write", full)
        with pytest.raises(CatuiError, match=r"a\.gz\.part: no space left on device; 1 records are written"):
            writer.record(2, "in", "c", "", "y")
    writer.close()


def test_the_same_records_are_the_same_events_twice(recording: Callable[[str], Path]) -> None:
    path = recording("binance/spot_alts_20211012.jsonl.gz")
    assert list(open_tape(path).events()) == list(open_tape(path).events())
    assert zlib.crc32(repr(info(path)).encode()) == zlib.crc32(repr(info(path)).encode())
