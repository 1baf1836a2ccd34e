"""When to connect again: bounded load on a venue whatever it does, and patience where it asks for it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import Close
from websockets.http11 import Response

from catui.venues.connection import Backoff, blocked_by, blocked_s, chances, is_loopback, open_websocket


def connects(lives_s: float, for_s: float, seed: str = "a") -> int:
    """How often a venue is tried in a time, if every connection lives so long."""
    backoff, chance, now_s, count = Backoff(), chances(seed), 0.0, 0
    while now_s < for_s:
        count += 1
        backoff = backoff.ended(lives_s)
        now_s += lives_s + backoff.delay_s(chance.random())
    return count


def test_a_venue_that_accepts_and_closes_is_tried_at_most_160_times_in_an_hour() -> None:
    counts = sorted(connects(0.0, 3600.0, f"seed-{n}") for n in range(100))
    assert counts[-1] <= 160
    assert 110 <= counts[50] <= 140


def test_a_connection_that_lived_a_minute_begins_again_at_no_delay_and_a_second_less_does_not() -> None:
    assert Backoff(9).ended(60.0).failures == 0
    assert Backoff(9).ended(59.0).failures == 10
    steady, flapping = connects(61.0, 36_000.0), connects(59.0, 36_000.0)
    assert steady > 580
    assert flapping < 430


def test_after_an_outage_a_hundred_clients_do_not_come_at_once() -> None:
    due = sorted(Backoff(6).delay_s(chances(f"client-{n}").random()) for n in range(100))
    assert due[-1] - due[0] > 25
    assert max(sum(1 for other in due if one <= other < one + 1) for one in due) < 15


@given(failures=st.integers(0, 10_000), chance=st.floats(0, 1, exclude_max=True), blocked=st.floats(0, 1e6))
def test_the_delay_is_bounded_and_never_shorter_than_what_was_asked(
    failures: int, chance: float, blocked: float
) -> None:
    delay_s = Backoff(failures, blocked).delay_s(chance)
    assert max(0.1, blocked) <= delay_s <= blocked + 60.0
    assert Backoff(failures + 1, blocked).delay_s(chance) <= 2 * delay_s + 0.1


def test_the_chances_of_one_connection_are_its_own() -> None:
    market, user = chances("binance/market"), chances("binance/user")
    first = [market.random() for _ in range(3)]
    user.random()
    again = chances("binance/market")
    assert [again.random() for _ in range(3)] == first
    assert chances("binance/user").random() != first[0]


@pytest.mark.parametrize(
    ("status", "told", "wait_s"),
    [
        (429, "7", 7.0),
        (418, "259200", 259_200.0),
        (403, None, 60.0),
        (429, "soon", 60.0),
        (429, "-5", 60.0),
        (429, "9" * 400, 60.0),
        (503, "7", 0.0),
        (200, None, 0.0),
    ],
)
def test_a_refusal_that_speaks_of_rates_is_obeyed_to_the_second(status: int, told: str | None, wait_s: float) -> None:
    headers = Headers() if told is None else Headers({"Retry-After": told})
    assert blocked_s(status, headers) == wait_s
    assert blocked_by(InvalidStatus(Response(status, "", headers))) == wait_s


def test_a_close_for_policy_is_waited_out_and_another_is_not() -> None:
    assert blocked_by(ConnectionClosedError(Close(1008, "too many"), None)) == 60.0
    assert blocked_by(ConnectionClosedError(Close(1001, "bye"), None)) == 0.0
    assert blocked_by(OSError("refused")) == 0.0


def test_a_ban_is_kept_through_the_next_try_only() -> None:
    banned = Backoff().ended(0.0, 300.0)
    assert banned.delay_s(0.0) == 300.0
    assert banned.ended(0.0).delay_s(0.0) == 0.1


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("ws://127.0.0.1:5", True),
        ("ws://localhost/x", True),
        ("ws://[::1]:5", True),
        ("wss://stream.binance.com:9443", False),
        ("ws://127.0.0.1.evil.example", False),
        ("ws://localhost@evil.example", False),
    ],
)
def test_loopback_is_judged_by_the_host_alone(url: str, near: bool) -> None:
    assert is_loopback(url) is near


def test_a_stream_without_tls_is_for_this_machine_only() -> None:
    with pytest.raises(ValueError, match="without TLS"):
        open_websocket("ws://stream.example/ws")


@pytest.mark.parametrize(("url", "compression"), [("ws://127.0.0.1:9/x", None), ("wss://stream.example/ws", "deflate")])
def test_every_default_of_the_websocket_is_set(
    url: str, compression: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, object] = {}
    monkeypatch.setattr(connect, "__init__", lambda _, url, **options: said.update(options, url=url))
    open_websocket(url)
    assert said == {
        "url": url,
        "proxy": None,
        "compression": compression,
        "max_size": 16 * 1024 * 1024,
        "max_queue": 1024,
        "open_timeout": 10.0,
        "ping_interval": 20,
        "ping_timeout": 20,
        "close_timeout": 1,
        "user_agent_header": None,
    }


def test_a_redirect_is_not_followed() -> None:
    async def opened() -> Exception | str:
        moved = InvalidStatus(Response(302, "", Headers({"Location": "ws://127.0.0.1:10/"})))
        told: Exception | str = open_websocket("ws://127.0.0.1:9/x").process_redirect(moved)
        return told

    assert isinstance(asyncio.run(opened()), InvalidStatus)
