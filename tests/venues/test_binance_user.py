"""The user stream: execution reports to ours, the trap of the cancel's id, and what ends a subscription."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from venues_world import BTC

from catui.domain.events import Report
from catui.domain.instrument import Instrument
from catui.domain.orders import Cause, Execution
from catui.errors import MessageError, VenueError
from catui.venues.binance.user import UserCodec

ETH = Instrument("binance", "ETHUSDT", "ETH", "USDT", "0.01", "0.0001")
NOW = 1_709_654_403_000_000_000


def frame(**told: Any) -> str:
    """An execution report by hand: a partial fill of order `ours`, wrapped as the WebSocket API does."""
    event = {"e": "executionReport", "E": 1709654401000, "s": "BTCUSDT", "c": "ours", "C": "", "S": "BUY"}
    event |= {"x": "TRADE", "X": "PARTIALLY_FILLED", "r": "NONE", "i": 77, "l": "0.10000000", "z": "0.30000000"}
    event |= {"L": "64120.01000000", "n": "0.00007500", "N": "BTC", "T": 1709654401000, "t": 98, "m": False}
    return json.dumps({"subscriptionId": 0, "event": event | told})


def test_a_trade_is_a_fill_with_its_fee_to_the_last_digit() -> None:
    assert UserCodec((BTC,)).frame(frame(), NOW) == [
        Report(
            order_id="ours",
            ts_receive_ns=NOW,
            ts_event_ns=1_709_654_401_000_000_000,
            cause=Cause.FILL,
            source="stream",
            venue_id="77",
            cum_lots=30_000,
            execution=Execution("98", 6_412_001, 10_000, 75, 6, "BTC", is_maker=False),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("NEW", Cause.ACCEPTED),
        ("CANCELED", Cause.CANCELLED),
        ("EXPIRED", Cause.EXPIRED),
        ("TRADE_PREVENTION", Cause.EXPIRED),
        ("REJECTED", Cause.REJECTED),
    ],
)
def test_every_kind_of_report_has_its_cause(kind: str, cause: Cause) -> None:
    (report,) = UserCodec((BTC,)).frame(frame(x=kind, r="WOULD_MATCH"), NOW)
    assert (report.cause, report.execution, report.code) == (cause, None, "WOULD_MATCH")


def test_a_cancel_speaks_of_the_order_by_its_old_id() -> None:
    (asked,) = UserCodec((BTC,)).frame(frame(x="CANCELED", c="the-cancel", C="ours"), NOW)
    (unasked,) = UserCodec((BTC,)).frame(frame(x="CANCELED", c="ours", C=""), NOW)
    (filled,) = UserCodec((BTC,)).frame(frame(c="ours", C="another"), NOW)
    assert (asked.order_id, unasked.order_id, filled.order_id) == ("ours", "ours", "ours")


def test_a_fee_that_is_not_told_is_none() -> None:
    (report,) = UserCodec((BTC,)).frame(frame(n=None, N=None), NOW)
    assert report.execution is not None
    assert (report.execution.fee, report.execution.fee_asset) == (0, "")


@pytest.mark.parametrize(
    "odd", [{"L": "64120.001"}, {"L": "0"}, {"l": "-0.1"}, {"l": "1e5"}, {"n": "NaN"}, {"l": "0.000001"}]
)
def test_a_fill_that_cannot_be_read_is_an_error_and_not_a_fill(odd: dict[str, str]) -> None:
    codec = UserCodec((BTC,))
    with pytest.raises(MessageError, match="binance BTCUSDT execution 98"):
        codec.frame(frame(**odd), NOW)
    assert (codec.frames, codec.reports, codec.refused, codec.ignored) == (1, 0, 1, 0)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"event":5}', frame(T="x"), frame(i="77")])
def test_what_is_not_of_the_protocol_is_an_error_in_one_line(text: str) -> None:
    with pytest.raises(MessageError) as caught:
        UserCodec((BTC,)).frame(text, NOW)
    assert str(caught.value).isprintable()


def test_a_report_of_another_symbol_or_kind_is_passed_over() -> None:
    codec = UserCodec((BTC,))
    assert codec.frame(frame(s="DOGEUSDT"), NOW) == []
    assert codec.frame(frame(x="REPLACED"), NOW) == []
    assert codec.frame(frame(e="somethingNew"), NOW) == []
    assert (codec.frames, codec.ignored) == (3, 3)


def test_the_subscription_stands_when_it_is_acknowledged_and_not_before() -> None:
    codec = UserCodec((BTC,))
    codec.frame(frame(), NOW)
    assert not codec.is_subscribed
    assert codec.frame('{"id":"catui-user","status":200,"result":{"subscriptionId":0}}', NOW) == []
    assert codec.is_subscribed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '{"id":"catui-user","status":401,"error":{"code":-2015,"msg":"Invalid \\u001b API-key"}}',
            r"-2015 .*\\x1b API",
        ),
        ('{"id":null,"status":401,"error":{"code":-2015,"msg":"revoked"}}', "revoked"),
        ('{"event":{"e":"serverShutdown","E":1}}', "serverShutdown"),
        ('{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":1}}', "eventStreamTerminated"),
    ],
)
def test_a_subscription_that_is_refused_or_ends_is_an_error(text: str, words: str) -> None:
    codec = UserCodec((BTC,))
    with pytest.raises(VenueError, match=words):
        codec.frame(text, NOW)
    assert not codec.is_subscribed


def test_the_documented_messages_are_read(recording: Callable[[str], Path]) -> None:
    folder = recording("messages/binance/execution_report_new.json").parent
    codec, causes = UserCodec((ETH,)), {}
    for path in sorted(folder.glob("execution_report_*.json")) + sorted(folder.glob("*_wrapped.json")):
        told = json.loads(path.read_text())
        wrapped = told if "event" in told else {"subscriptionId": 0, "event": told}
        causes[path.stem] = [report.cause for report in codec.frame(json.dumps(wrapped), NOW)]
    assert causes["execution_report_trade"] == [Cause.FILL]
    assert causes["execution_report_canceled"] == [Cause.CANCELLED]
    assert causes["execution_report_new"] == [Cause.ACCEPTED]
    assert causes["execution_report_expired"] == [Cause.EXPIRED]
    assert causes["account_position_wrapped"] == causes["balance_update_wrapped"] == causes["list_status_wrapped"] == []
    assert codec.refused == 0
