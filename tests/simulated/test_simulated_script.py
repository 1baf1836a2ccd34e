"""The script: the same for a seed however it is cut, alive, and readable by whoever joins late."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from urllib.parse import urlencode

from simulated_world import START_NS, SYMBOLS

from catui.venues.simulated.checks import signature
from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.script import MARKET, REPLY, USER, Script, ScriptRequest

SECOND_NS = 1_000_000_000
DIGEST = """
import hashlib
from catui.venues.simulated.script import Script
script = Script(7, ("BTCUSDT", "SOLUSDT"))
digest = hashlib.sha256()
for frame in script.frames(script.now_ns + 20_000_000_000):
    digest.update(repr(frame).encode())
print(digest.hexdigest())
"""


def digest(seed: int, cuts: int) -> str:
    script = Script(seed, ("BTCUSDT", "SOLUSDT"))
    start_ns, total = script.now_ns, hashlib.sha256()
    for cut in range(1, cuts + 1):
        for frame in script.frames(start_ns + 20 * SECOND_NS * cut // cuts):
            total.update(repr(frame).encode())
    return total.hexdigest()


def place(script: Script, **values: object) -> ScriptRequest:
    paper = script.exchange.paper
    query = urlencode({**values, "recvWindow": 60_000, "timestamp": script.now_ns // 1_000_000})
    query += f"&signature={signature(paper.secret, query.encode())}"
    return ScriptRequest("POST", "/api/v3/order", query, "", {"x-mbx-apikey": paper.key})


def test_equal_seeds_give_equal_bytes_however_time_is_cut_and_others_do_not() -> None:
    assert digest(7, 1) == digest(7, 37)
    assert digest(7, 1) != digest(8, 1)


def test_the_bytes_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hash_seed in ("0", "1")
    }
    assert digests == {digest(7, 1)}


def test_a_symbol_goes_its_own_way_whatever_others_are_traded() -> None:
    def frames(symbols: tuple[str, ...]) -> list[str]:
        script = Script(7, symbols, streams=("ethusdt@bookTicker", "ethusdt@trade"))
        return [frame.text for frame in script.frames(script.now_ns + 10 * SECOND_NS)]

    assert frames(("ETHUSDT",)) == frames(("BTCUSDT", "ETHUSDT", "SOLUSDT"))


def test_frames_come_in_time_order_and_trade_ids_without_a_hole() -> None:
    script = Script(7, SYMBOLS)
    frames = list(script.frames(script.now_ns + 20 * SECOND_NS))
    assert [frame.t_ns for frame in frames] == sorted(frame.t_ns for frame in frames)
    ids: dict[str, list[int]] = {}
    for frame in frames:
        message = json.loads(frame.text)
        if message["stream"].endswith("@trade"):
            ids.setdefault(message["stream"], []).append(message["data"]["t"])
    assert len(ids) == 3
    for seen in ids.values():
        assert seen == list(range(seen[0], seen[0] + len(seen)))


def test_the_market_looks_alive() -> None:
    exchange = Exchange(7, SYMBOLS, START_NS)
    for symbol in SYMBOLS:
        for kind in ("trade", "bookTicker"):
            exchange.feed.read(f"{symbol.lower()}@{kind}")
    counts: Counter[str] = Counter()
    spreads: Counter[bool] = Counter()
    seconds = 120
    levels = []
    for second in range(1, seconds + 1):
        exchange.advance(START_NS + second * SECOND_NS)
        counts.update(frame.stream for frame in exchange.take())
        for market in exchange.markets.values():
            bid, _, ask, _ = market.top
            spreads[1 <= ask - bid <= 5] += 1
            levels.append(min(len(market.book.bids.keys), len(market.book.asks.keys)))
    for symbol in SYMBOLS:
        name = symbol.lower()
        assert 10 <= counts[f"{name}@bookTicker"] / seconds <= 80
        assert 2 <= counts[f"{name}@trade"] / seconds <= 20
    assert spreads[True] / spreads.total() > 0.85
    assert sum(1 for count in levels if count >= 15) / len(levels) > 0.98
    assert all(market.top[0] != market.listing.start_ticks for market in exchange.markets.values())


def test_assets_are_conserved_through_a_busy_script() -> None:
    exchange = Exchange(7, SYMBOLS, START_NS)
    before = exchange.totals()
    exchange.advance(START_NS + 60 * SECOND_NS)
    assert exchange.totals() == before


def test_whoever_joins_late_finds_the_snapshot_between_two_depth_events_that_follow_each_other() -> None:
    exchange = Exchange(7, ("BTCUSDT",), START_NS)
    exchange.advance(START_NS + 5 * SECOND_NS + 33_000_000)
    exchange.feed.read("btcusdt@depth@100ms")
    exchange.advance(START_NS + 5 * SECOND_NS + 450_000_000)
    text = exchange.handle("GET", "/api/v3/depth", "symbol=BTCUSDT&limit=5000", "", {}, exchange.now_ns).text
    exchange.advance(START_NS + 15 * SECOND_NS)
    events = [json.loads(frame.text) for frame in exchange.take()]
    snapshot = json.loads(text)
    last = snapshot["lastUpdateId"]
    assert events[0]["u"] <= last
    kept = [event for event in events if event["u"] > last]
    assert kept[0]["U"] <= last + 1 <= kept[0]["u"]
    sides = {"b": dict(snapshot["bids"]), "a": dict(snapshot["asks"])}
    for before, after in pairwise(events):
        assert after["U"] == before["u"] + 1
    for event in kept:
        for name, side in sides.items():
            side.update(event[name])
    market = exchange.markets["BTCUSDT"]
    assert kept[-1]["u"] == market.book.update_id
    for name, there in (("b", market.book.bids), ("a", market.book.asks)):
        held = {float(price): float(lots) for price, lots in sides[name].items() if float(lots)}
        assert held == {price / 100: lots / 100_000 for price, lots in there.depth(10**6)}


def test_the_ids_of_depth_events_do_not_depend_on_who_listened_before() -> None:
    early, late = Exchange(7, ("BTCUSDT",), START_NS), Exchange(7, ("BTCUSDT",), START_NS)
    early.feed.read("btcusdt@depth@100ms")
    for exchange in (early, late):
        exchange.advance(START_NS + 5 * SECOND_NS + 33_000_000)
        exchange.take()
    late.feed.read("btcusdt@depth@100ms")
    for exchange in (early, late):
        exchange.advance(START_NS + 6 * SECOND_NS)
    assert early.take() == late.take() != []


def test_a_request_arrives_when_it_is_due_and_its_frames_lie_where_they_belong() -> None:
    script = Script(7, ("BTCUSDT",))
    start_ns = script.now_ns
    request = place(script, symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.4", newClientOrderId="one")
    due_ns = start_ns + 3 * SECOND_NS + 1
    script.send(due_ns, "r1", request)
    frames = list(script.frames(start_ns + 6 * SECOND_NS))
    assert [frame.t_ns for frame in frames] == sorted(frame.t_ns for frame in frames)
    [reply] = [frame for frame in frames if frame.connection == REPLY]
    assert (reply.t_ns, reply.tag, reply.status) == (due_ns, "r1", 200)
    events = [json.loads(frame.text) for frame in frames if frame.connection == USER]
    assert {event["subscriptionId"] for event in events} == {0}
    told = [event["event"].get("x", event["event"]["e"]) for event in events]
    assert told[0] == "NEW"
    assert told[-1] == "outboundAccountPosition"
    assert set(told[1:-1]) == {"TRADE"}
    own = {event["event"]["t"] for event in events if event["event"].get("x") == "TRADE"}
    public = [json.loads(f.text)["data"] for f in frames if f.connection == MARKET and f.t_ns == due_ns]
    assert {row["t"] for row in public if row.get("e") == "trade"} == own


def test_a_resting_order_at_the_touch_is_filled_by_the_background() -> None:
    script = Script(7, ("BTCUSDT",))
    list(script.frames(script.now_ns + SECOND_NS))
    bid = script.exchange.markets["BTCUSDT"].top[0]
    request = place(
        script, symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price=f"{bid / 100:.2f}"
    )
    script.send(script.now_ns, "r", request)
    events = [
        json.loads(f.text)["event"] for f in script.frames(script.now_ns + 300 * SECOND_NS) if f.connection == USER
    ]
    fills = [event for event in events if event.get("x") == "TRADE"]
    assert fills
    assert all(fill["m"] and fill["L"] == f"{bid / 100:.8f}" for fill in fills)
    assert fills[-1]["X"] == "FILLED"
