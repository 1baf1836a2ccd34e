"""The adapter on real sockets, against a venue on this machine that does what venues do on bad days."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from local_venue import ID, KEY, PATIENCE_S, SECRET, Ear, LocalVenue, bought, depth_answer, is_cause, json_answer
from venues_world import BTC, depth, ticker, trade

from catui.domain.events import BookDelta, BookSnapshot, Event, FeedState, FeedStatus, Quote, Report
from catui.domain.orders import Cancel, Cause, Query, Submit
from catui.errors import CatuiError, UsageError, VenueError
from catui.venues import connection
from catui.venues.binance import adapter as adapter_module
from catui.venues.binance.adapter import Binance
from catui.venues.tape import TapeWriter, open_tape

Play = Callable[[LocalVenue], Awaitable[None]]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are tried again at once."""
    monkeypatch.setattr(connection, "LEAST_S", 0.0)
    monkeypatch.setattr(connection, "FIRST_S", 0.0)


def play(scene: Play) -> None:
    """Serve a venue for a scene."""

    async def played() -> None:
        async with asyncio.timeout(PATIENCE_S), LocalVenue().served() as venue:
            await scene(venue)

    asyncio.run(played())


def is_feed(state: FeedState, feed: str = "binance market") -> Callable[[Event], bool]:
    return lambda event: isinstance(event, FeedStatus) and event.state is state and event.feed == feed


def is_a(kind: type) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, kind)


# --- market data -----------------------------------------------------------------------------------------------------


def test_frames_become_events_and_every_one_is_accounted_for() -> None:
    async def scene(venue: LocalVenue) -> None:
        venue.depth = [depth_answer(9)]
        desk = venue.desk(account=False)
        (found,) = await desk.instruments((BTC.symbol,))
        assert (found.key, found.tick_size, found.lot_size) == ("binance:BTCUSDT", "0.01", "0.00001")
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.LIVE))
        stream = await venue.streams.get()
        assert stream.url == "/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade"
        await stream.say(depth(9, 10), ticker(), trade(), "{", depth(11, 12))
        await ear.until(lambda event: isinstance(event, BookDelta) and event.last_id == 12)
        kinds = ear.words()
        assert kinds[:2] == ["CONNECTING", "LIVE"]
        assert sorted(kinds[2:]) == ["BookDelta", "BookDelta", "BookSnapshot", "Quote", "Trade"]
        stamps = [event.ts_receive_ns for event in ear.events]
        assert stamps == sorted(stamps)
        counts = desk.frames()
        assert counts["frames"] == sum(n for name, n in counts.items() if name not in ("frames", "gaps")) == 6
        assert counts["refused"] == 1
        await desk.close()

    play(scene)


def test_a_snapshot_is_asked_for_until_one_fits() -> None:
    async def scene(venue: LocalVenue) -> None:
        bad = [web.Response(status=500), web.Response(text="<html>"), depth_answer(3), web.Response(status=502)]
        venue.depth = [*bad, depth_answer(10)]
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.LIVE))
        await (await venue.streams.get()).say(depth(9, 10), depth(11, 12))
        await ear.until(is_a(BookSnapshot))
        assert [path for _, path, _, _ in venue.requests].count("/api/v3/depth") == 5
        await desk.close()

    play(scene)


def test_a_hole_is_a_gap_and_then_a_new_book() -> None:
    async def scene(venue: LocalVenue) -> None:
        venue.depth = [depth_answer(9), depth_answer(20)]
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.LIVE))
        stream = await venue.streams.get()
        await stream.say(depth(9, 10))
        await ear.until(is_a(BookDelta))
        await stream.say(depth(15, 16), depth(17, 25))
        await ear.until(lambda event: isinstance(event, BookDelta) and event.last_id == 25)
        assert ear.words()[2:] == ["BookSnapshot", "BookDelta", "Gap", "BookSnapshot", "BookDelta"]
        await desk.close()

    play(scene)


@pytest.mark.parametrize("how", ["hang up", "announced"])
def test_a_stream_that_ends_is_down_first_and_then_begins_again_with_a_new_book(how: str) -> None:
    async def scene(venue: LocalVenue) -> None:
        venue.depth = [depth_answer(9), depth_answer(99)]
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.LIVE))
        stream = await venue.streams.get()
        await stream.say(depth(9, 10))
        await ear.until(is_a(BookDelta))
        if how == "hang up":
            await stream.hang_up()
        else:
            await stream.say('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}')
        await ear.until(is_feed(FeedState.DOWN))
        await ear.until(is_feed(FeedState.LIVE))
        await (await venue.streams.get()).say(depth(98, 100))
        await ear.until(lambda event: isinstance(event, BookDelta) and event.last_id == 100)
        expected = ["BookSnapshot", "BookDelta", "DOWN", "CONNECTING", "LIVE", "BookSnapshot", "BookDelta"]
        assert ear.words()[2:] == expected
        await desk.close()

    play(scene)


def test_a_silent_stream_is_a_dead_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter_module, "SILENT_S", 0.05)

    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        down = await ear.until(is_feed(FeedState.DOWN))
        assert isinstance(down, FeedStatus)
        assert down.detail == "silent"
        await desk.close()

    play(scene)


def test_a_desk_that_cannot_keep_up_loses_the_connection_and_no_message_out_of_the_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(adapter_module, "MAX_WAITING", 5)

    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.LIVE))
        stream = await venue.streams.get()
        await stream.say(*(ticker(f"{n}.00", "9999") for n in range(1, 40)))
        await venue.streams.get()  # it came back, while the desk was not listening
        await ear.until(is_feed(FeedState.DOWN))
        bids = [event.bid_ticks for event in ear.events if isinstance(event, Quote)]
        assert bids == [100 * n for n in range(1, len(bids) + 1)]
        assert len(bids) < 10
        await desk.close()

    play(scene)


def test_a_venue_that_is_not_there_is_told_and_tried_again() -> None:
    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        desk._stream_url = "ws://127.0.0.1:1"
        ear = Ear(desk)
        for _ in range(3):
            down = await ear.until(is_feed(FeedState.DOWN))
            assert isinstance(down, FeedStatus)
            assert down.detail.isprintable()
        await desk.close()

    play(scene)


def test_close_ends_the_events() -> None:
    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.LIVE))
        listening = asyncio.create_task(ear.to_the_end())
        await desk.close()
        await listening

    play(scene)


def test_what_fails_in_a_reader_is_raised_by_events_and_not_swallowed() -> None:
    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))

        def full(*_: object) -> None:
            raise CatuiError("no space left on device")

        desk.tap(full)
        ear = Ear(desk)
        with pytest.raises(CatuiError, match="no space"):
            await ear.to_the_end()
        await desk.close()

    play(scene)


def test_what_is_tapped_is_a_tape_of_the_same_events(tmp_path: Path) -> None:
    async def scene(venue: LocalVenue) -> None:
        venue.depth = [depth_answer(9)]
        desk = venue.desk(account=False)
        found = await desk.instruments((BTC.symbol,))
        writer = TapeWriter(tmp_path / "day.gz", "binance-spot", (BTC.symbol,), found)
        desk.tap(writer.record)
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.LIVE))
        stream = await venue.streams.get()
        await stream.say(depth(9, 10), ticker())
        await ear.until(is_a(BookDelta))
        await stream.say(trade())
        await ear.until(lambda event: type(event).__name__ == "Trade")
        await desk.close()
        writer.close()
        live = [event for event in ear.events if not isinstance(event, FeedStatus)]
        assert list(open_tape(tmp_path / "day.gz").events()) == live

    play(scene)


def test_the_environment_names_no_proxy_to_us(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ws_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(account=False)
        await desk.instruments((BTC.symbol,))
        await Ear(desk).until(is_feed(FeedState.LIVE))
        await desk.close()

    play(scene)


def test_a_symbol_that_is_not_listed_is_the_users_fault_and_no_answer_the_venues() -> None:
    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk()
        with pytest.raises(UsageError, match="DOGEUSDT: not traded there now"):
            await desk.instruments(("DOGEUSDT",))
        await desk.close()
        gone = Binance(rest_url="http://127.0.0.1:1", stream_url="ws://127.0.0.1:1", symbols=("BTCUSDT",))
        with pytest.raises(VenueError, match="no list of instruments: ClientConnectorError"):
            await gone.instruments(("BTCUSDT",))
        await gone.close()

    play(scene)


# --- requests --------------------------------------------------------------------------------------------------------


async def sent(venue: LocalVenue, desk: Binance, *requests: Submit | Cancel | Query) -> list[Report]:
    """What is reported of requests."""
    await desk.instruments((BTC.symbol,))
    ear = Ear(desk)
    await ear.until(is_feed(FeedState.LIVE))
    for request in requests:
        await desk.send(request)
    await desk.close()
    await ear.to_the_end()
    return [event for event in ear.events if isinstance(event, Report)]


def causes(reports: list[Report]) -> list[Cause]:
    assert {(report.order_id, report.ts_event_ns) for report in reports} <= {(ID, None)}
    return [report.cause for report in reports]


def test_an_order_leaves_and_is_accepted_with_the_key_and_a_right_signature() -> None:
    async def scene(venue: LocalVenue) -> None:
        venue.order = [json_answer({"orderId": 5})]
        venue.skew_ms = 600_000
        reports = await sent(venue, venue.desk(), Submit(bought()))
        assert causes(reports) == [Cause.BYTES_LEFT, Cause.ACCEPTED]
        method, path, query, key = venue.requests[-1]
        assert (method, path, key) == ("POST", "/api/v3/order", KEY)
        signature = query.pop("signature")
        payload = "&".join(f"{name}={value}" for name, value in query.items())
        assert signature == hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
        late_ms = int(query["timestamp"]) - bought().created_ns // 1_000_000
        assert abs(late_ms - 600_000) < 60_000  # the venue's clock, but for half the time that a question takes

    play(scene)


def test_an_order_whose_answer_is_lost_has_left_and_is_unknown() -> None:
    async def scene(venue: LocalVenue) -> None:
        venue.order = [ConnectionError()]
        assert causes(await sent(venue, venue.desk(), Submit(bought()))) == [Cause.BYTES_LEFT, Cause.NO_ANSWER]
        assert [method for method, _, _, _ in venue.requests].count("POST") == 1  # and is not sent again

    play(scene)


def test_an_order_that_finds_no_connection_has_not_left() -> None:
    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk()
        await desk.instruments((BTC.symbol,))
        await desk._client.close()
        desk._client._url = "http://127.0.0.1:1"
        ear = Ear(desk)
        await desk.send(Submit(bought()))
        report = await ear.until(is_a(Report))
        assert isinstance(report, Report)
        assert (report.cause, report.text) == (Cause.NOTHING_LEFT, "no connection: ClientConnectorError")
        await desk.close()
        await ear.to_the_end()
        assert len([event for event in ear.events if isinstance(event, Report)]) == 1

    play(scene)


def test_without_an_account_no_byte_of_an_order_leaves() -> None:
    async def scene(venue: LocalVenue) -> None:
        reports = await sent(venue, venue.desk(account=False), Submit(bought()), Cancel(bought()), Query(bought()))
        assert causes(reports) == [Cause.NOTHING_LEFT]
        assert not [path for _, path, _, _ in venue.requests if path == "/api/v3/order"]

    play(scene)


def test_a_redirect_is_not_followed_and_carries_no_key() -> None:
    async def scene(venue: LocalVenue) -> None:
        async with LocalVenue().served() as thief:
            thief.order = [json_answer({"orderId": 5})]
            place = f"http://{thief.authority}/api/v3/order"
            venue.order = [web.Response(status=307, headers={"Location": place})]
            reports = await sent(venue, venue.desk(), Submit(bought()))
            assert causes(reports) == [Cause.BYTES_LEFT, Cause.NO_ANSWER]
            assert thief.requests == []

    play(scene)


def test_cancels_and_questions_speak_of_the_order_by_our_id() -> None:
    async def scene(venue: LocalVenue) -> None:
        found = {"orderId": 5, "status": "NEW", "executedQty": "0"}
        venue.order = [json_answer(found), json_answer(found)]
        reports = await sent(venue, venue.desk(), Cancel(bought()), Query(bought()))
        assert causes(reports) == [Cause.CANCELLED, Cause.ACCEPTED]
        asked = [(method, query["origClientOrderId"]) for method, path, query, _ in venue.requests if "order" in path]
        assert asked == [("DELETE", ID), ("GET", ID)]

    play(scene)


def test_an_answer_that_is_too_large_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catui.venues.binance.client.MAX_ANSWER", 10_000)

    async def scene(venue: LocalVenue) -> None:
        venue.order = [json_answer({"orderId": 5, "more": "x" * 100_000})]
        reports = await sent(venue, venue.desk(), Submit(bought()))
        assert causes(reports) == [Cause.BYTES_LEFT, Cause.NO_ANSWER]

    play(scene)


# --- the user stream -------------------------------------------------------------------------------------------------


def filled() -> str:
    event = {"e": "executionReport", "s": "BTCUSDT", "c": ID, "x": "TRADE", "i": 5, "l": "0.001", "L": "100.00"}
    return json.dumps({"subscriptionId": 0, "event": event | {"z": "0.001", "n": "0.1", "N": "USDT", "t": 3}})


def test_fills_come_by_the_user_stream_once_its_signed_subscription_is_acknowledged() -> None:
    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(user=True)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        await ear.until(is_feed(FeedState.CONNECTING, "binance user"))
        listening = asyncio.create_task(ear.until(is_cause(Cause.FILL)))
        stream = await venue.users.get()
        told = json.loads(await stream.heard.get())
        params = told["params"]
        payload = f"apiKey={params['apiKey']}&timestamp={params['timestamp']}"
        assert told["method"] == "userDataStream.subscribe.signature"
        assert params["signature"] == hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
        assert not [event for event in ear.events if is_feed(FeedState.LIVE, "binance user")(event)]
        await stream.say(json.dumps({"id": told["id"], "status": 200, "result": {"subscriptionId": 0}}), filled())
        fill = await listening
        assert isinstance(fill, Report)
        assert fill.execution is not None
        assert (fill.order_id, fill.execution.lots, fill.source) == (ID, 100, "stream")
        assert [event for event in ear.events if is_feed(FeedState.LIVE, "binance user")(event)]
        await desk.close()

    play(scene)


@pytest.mark.parametrize(
    "words",
    [
        '{"id":"catui-user","status":401,"error":{"code":-2015,"msg":"Invalid API-key"}}',
        '{"event":{"e":"serverShutdown","E":1}}',
        "{",
        filled().replace("100.00", "100.001"),
    ],
)
def test_a_user_stream_that_is_deaf_or_cannot_be_read_begins_again(words: str) -> None:
    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(user=True)
        await desk.instruments((BTC.symbol,))
        ear = Ear(desk)
        listening = asyncio.create_task(ear.until(is_feed(FeedState.DOWN, "binance user")))
        await (await venue.users.get()).say(words)
        down = await listening
        assert isinstance(down, FeedStatus)
        assert down.detail
        listening = asyncio.create_task(ear.until(is_feed(FeedState.CONNECTING, "binance user")))
        assert await (await venue.users.get()).heard.get()
        await listening
        await desk.close()

    play(scene)


def test_an_acknowledgement_that_does_not_come_ends_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter_module, "OPEN_S", 0.05)

    async def scene(venue: LocalVenue) -> None:
        desk = venue.desk(user=True)
        await desk.instruments((BTC.symbol,))
        down = await Ear(desk).until(is_feed(FeedState.DOWN, "binance user"))
        assert isinstance(down, FeedStatus)
        assert down.detail == "silent"
        await desk.close()

    play(scene)


def test_neither_key_nor_secret_is_told_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def scene(venue: LocalVenue) -> None:
        venue.order = [ConnectionError(), web.Response(status=500), json_answer({"code": -2010, "msg": "no"}, 400)]
        reports = await sent(venue, venue.desk(), *[Submit(bought())] * 3, Cancel(bought()))
        assert len(reports) == 7
        ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.")]
        told = repr(reports) + "".join(ours)
        assert SECRET not in told
        assert "signature" not in told

    play(scene)
