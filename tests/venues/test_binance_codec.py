"""The codec on frames by hand: what each becomes, what is refused and in which words, and that none is lost."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venues_world import BTC, START_NS, accounted, depth, snapshot, ticker, trade

from catui.domain.events import BookDelta, BookSnapshot, Quote, Trade
from catui.domain.orders import Side
from catui.venues.binance import codec as codec_module
from catui.venues.binance.codec import Codec

NOW = START_NS
KEY = BTC.key


def refused(text: str | bytes) -> str:
    """The words with which a frame is refused, by itself."""
    codec = Codec((BTC,))
    assert codec.frame(text, NOW) == []
    assert (codec.counts.refused, codec.counts.frames) == (1, 1)
    assert codec.first_refusal is not None
    return codec.first_refusal


def test_a_ticker_is_a_quote_in_ticks_and_lots_without_a_venue_time() -> None:
    events = Codec((BTC,)).frame(ticker("61837.63000000", "61837.64000000", "3.78826000"), NOW)
    assert events == [Quote(KEY, NOW, None, 6183763, 378826, 6183764, 378826)]


def test_the_taker_of_a_trade_sold_where_the_buyer_was_the_maker() -> None:
    codec = Codec((BTC,))
    ns = 1723161255342000000
    assert codec.frame(trade(1), NOW) == [Trade(KEY, NOW, ns, 1, 6412000, 10000, Side.SELL)]
    assert codec.frame(trade(2, m=False), NOW) == [Trade(KEY, NOW, ns, 2, 6412000, 10000, Side.BUY)]


def test_raw_frames_are_read_as_combined_ones_are() -> None:
    combined, raw = Codec((BTC,)), Codec((BTC,))
    frames = [ticker(), trade(), depth(1, 2, [["100.00", "1"]]), depth(3, 4)]
    for text in frames:
        whole = json.loads(text)["data"]
        assert combined.frame(text, NOW) == raw.frame(json.dumps(whole), NOW)
        assert combined.frame(text.encode(), NOW) == raw.frame(json.dumps(whole | {"new": [1]}).encode(), NOW)
    assert combined.counts == raw.counts
    assert (combined.counts.quotes, combined.counts.trades, combined.counts.buffered) == (2, 2, 4)


def test_a_snapshot_and_its_updates_are_a_book() -> None:
    codec = Codec((BTC,))
    assert codec.frame(depth(9, 10, [["99.00", "2"]]), NOW) == []
    assert codec.needs_snapshot() == ["BTCUSDT"]
    assert codec.snapshot("BTCUSDT", snapshot(9), NOW) == [
        BookSnapshot(KEY, NOW, None, 9, ((10000, 100000),), ((10100, 100000),)),
        BookDelta(KEY, NOW, 1723161255208000000, 10, ((9900, 200000),), ()),
    ]
    assert codec.needs_snapshot() == []


def test_a_snapshot_that_is_refused_is_asked_for_again() -> None:
    codec = Codec((BTC,))
    codec.frame(depth(9, 10), NOW)
    for bad in ("<html>", "{}", snapshot(9, bids=[["1.001", "1"]]), snapshot(5)):
        assert codec.snapshot("BTCUSDT", bad, NOW) == []
        assert codec.needs_snapshot() == ["BTCUSDT"]
    assert len(codec.snapshot("BTCUSDT", snapshot(9), NOW)) == 2
    assert accounted(codec)


@pytest.mark.parametrize(
    ("price", "fault"),
    [
        ("64120.005", "price = 64120.005: not on tick 0.01"),
        ("-1", "price = -1: not on tick 0.01"),
        ("1e5", "price = 1e5: not on tick 0.01"),
        ("1_000", "price = 1_000: not on tick 0.01"),
        (" 5\n", "price =  5\\n: not on tick 0.01"),
        ("+5", "price = +5: not on tick 0.01"),
        (".5", "price = .5: not on tick 0.01"),
        ("٥", "price = ٥: not on tick 0.01"),
        ("NaN", "price = NaN: not on tick 0.01"),
        ("1e2000000", "price = 1e2000000: not on tick 0.01"),
        ("9" * 40, "price = " + "9" * 40 + ": not on tick 0.01"),
        ("\u202e12", "price = \\u202e12: not on tick 0.01"),
        ("0", "a price or quantity of 0"),
        ("0.00000000", "a price or quantity of 0"),
    ],
)
def test_a_price_that_cannot_be_counted_is_named_with_its_place(price: str, fault: str) -> None:
    assert refused(trade(price=price)) == f"binance BTCUSDT trade 8812: {fault}; message refused"


def test_a_quantity_off_its_lot_is_named_as_one() -> None:
    words = "binance BTCUSDT trade 8812: quantity = 0.000001: not on lot 0.00001; message refused"
    assert refused(trade(size="0.000001")) == words
    assert refused(ticker(size="-1")).startswith("binance BTCUSDT bookTicker: quantity = -1: not on lot")
    assert refused(depth(1, 2, [["1", "0.000001"]])).startswith("binance BTCUSDT depth: quantity = 0.000001")


HOSTILE = [
    "",
    "{",
    "null",
    "[]",
    "5",
    "\ufeff{}",
    "{}",
    '{"stream":"btcusdt@trade"}',
    '{"stream":"btcusdt@trade","data":null}',
    '{"stream":5,"data":{}}',
    '{"stream":"btcusdt@bookTicker","data":{}} trailing',
    trade(price=None),
    trade(price=64120.0),
    trade(number="8812"),
    trade(number=1 << 70),
    trade(m="yes"),
    trade(price="9" * 5000),
    trade().replace('"64120.00"', "NaN"),
    trade().replace('"64120.00"', "Infinity"),
    trade().replace("8812", "1e999"),
    trade().replace("8812", "9" * 5000),
    ticker(bid=["1"]),
    depth(1, 2, [["1"]]),
    depth(1, 2, [["1", "2", "3"]]),
    depth(1, 2, [[1, 2]]),
    depth(1, 2, {"1": "2"}),
    '{"stream":"btcusdt@trade","data":' + "[" * 100_000 + "]" * 100_000 + "}",
    "[" * 100_000,
    '{"a":' * 50_000 + "1" + "}" * 50_000,
    '{"result":}',
    '{"e":5}',
]


@pytest.mark.parametrize("text", HOSTILE, ids=[f"{n}" for n in range(len(HOSTILE))])
def test_what_is_not_of_the_protocol_is_refused_in_one_printable_line(text: str) -> None:
    words = refused(text)
    assert words.isprintable()
    assert len(words) < 330


@pytest.mark.parametrize("raw", [b"\xff\xfe{}", b'{"stream":"\xff@trade","data":{}}', b'{"e":"\xed\xa0\x80"}', b"\x00"])
def test_bytes_that_are_no_text_are_refused(raw: bytes) -> None:
    assert refused(raw).isprintable()


def test_a_venues_error_is_told_in_its_words_made_visible() -> None:
    words = refused('{"code":2,"msg":"Invalid \\u001b[31m request","id":1}')
    assert words == "binance: the venue says: 2 Invalid \\x1b[31m request"
    assert refused('{"error":{"code":3,"msg":"x"},"id":1}') == "binance: the venue says: 3 x"


@pytest.mark.parametrize(
    ("text", "fate"),
    [
        ('{"result":null,"id":1}', "control"),
        ('{"result":["btcusdt@trade"],"id":3}', "control"),
        ('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}', "control"),
        ('{"stream":"btcusdt@kline_1m","data":{"e":"kline"}}', "ignored"),
        ('{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade"}}', "ignored"),
        ('{"stream":"btcusdt@depth5@100ms","data":{"lastUpdateId":1,"bids":[],"asks":[]}}', "ignored"),
        ('{"e":"somethingNew","E":1}', "ignored"),
        ('{"lastUpdateId":1,"bids":[],"asks":[]}', "ignored"),
        (ticker().replace("BTCUSDT", "DOGEUSDT"), "ignored"),
        (trade(X="INSURANCE_FUND"), "ignored"),
        (ticker(bid="0.00000000"), "ignored"),
        ("{", "refused"),
        (ticker(), "quotes"),
        (trade(), "trades"),
        (depth(1, 2), "buffered"),
    ],
)
def test_every_frame_has_one_fate(text: str, fate: str) -> None:
    codec = Codec((BTC,))
    codec.frame(text, NOW)
    told = {name: count for name, count in codec.counts.as_dict().items() if count}
    assert told == {"frames": 1, fate: 1}


@pytest.mark.parametrize(
    "text",
    [
        '{"e":"serverShutdown","E":1}',
        '{"event":{"e":"serverShutdown","E":1}}',
        '{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}',
    ],
)
def test_an_announced_end_is_heard_in_each_of_its_forms(text: str) -> None:
    codec = Codec((BTC,))
    told = [codec.is_ending]
    codec.frame(text, NOW)
    told.append(codec.is_ending)
    codec.reset()
    assert [*told, codec.is_ending] == [False, True, False]


@pytest.mark.parametrize("venue_ms", [0, -1, 1723161255342123, 1 << 62])
def test_a_venue_time_that_cannot_be_is_none(venue_ms: int) -> None:
    (event,) = Codec((BTC,)).frame(trade(T=venue_ms), NOW)
    assert isinstance(event, Trade)
    assert event.ts_event_ns is None


def test_a_refused_update_leaves_a_hole_that_is_told() -> None:
    codec = Codec((BTC,))
    codec.frame(depth(9, 10), NOW)
    codec.snapshot("BTCUSDT", snapshot(9), NOW)
    assert codec.frame(depth(11, 12, [["1.001", "1"]]), NOW) == []
    codec.frame(depth(13, 14), NOW)
    assert (codec.counts.refused, codec.counts.gaps) == (1, 1)
    assert codec.needs_snapshot() == ["BTCUSDT"]


def test_the_memory_of_texts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec_module, "MAX_CACHED", 10)
    codec = Codec((BTC,))
    told = [codec.frame(ticker(f"{n}.25", f"{n}.50"), NOW) for n in range(1, 60)]
    assert [[event.bid_ticks for event in some if isinstance(event, Quote)] for some in told] == [
        [100 * n + 25] for n in range(1, 60)
    ]
    assert len(codec._symbols["BTCUSDT"].ticks) <= 10


REAL = [
    ticker("61837.63000000", "61837.64000000", "3.78826000"),
    trade(3735683259, "61837.63000000", "0.02000000"),
    depth(50093239189, 50093239202, [["61737.63000000", "0.00000000"]], [["61838.04000000", "0.32332000"]]),
]
ODD = st.sampled_from(
    ['"', "{", "}", "[", "]", ",", ":", "-", ".", "0", "9", "e", "null", "1e999", "NaN", "\\u0000", "\\ud800", "\x1b"]
)


@settings(max_examples=600)
@given(
    text=st.sampled_from(REAL),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), ODD), min_size=1, max_size=4),
)
def test_a_mutated_frame_is_an_event_or_refused_and_never_more(text: str, cuts: list[tuple[float, int, str]]) -> None:
    for place, width, odd in cuts:
        at = int(place * len(text))
        text = text[:at] + odd + text[at + width :]
    codec = Codec((BTC,))
    events = codec.frame(text, NOW)
    assert accounted(codec)
    assert len(events) <= 1
    for event in events:
        assert isinstance(event, Quote | Trade)
        assert min(event.bid_ticks, event.ask_ticks) > 0 if isinstance(event, Quote) else event.price_ticks > 0


@given(raw=st.binary(max_size=60))
def test_noise_is_refused(raw: bytes) -> None:
    codec = Codec((BTC,))
    assert codec.frame(raw, NOW) == []
    assert accounted(codec)
