"""Order entry: what is signed and sent, to the byte; and what each answer proves."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from venues_world import BTC

from catui.domain.events import Report
from catui.domain.orders import Cancel, Cause, Intent, Leg, Order, OrderType, Query, Request, Side, Status, Submit
from catui.venues.binance.rest import Entry, HttpAnswer, HttpRequest
from catui.venues.secret import Secret

NOW = 1_499_827_319_559_000_000
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"  # of the venue's documentation
ENTRY = Entry((BTC,), Secret(SECRET))
ID = "ca7b1d00-0000-4000-8000-000000000001"


def order(kind: OrderType = OrderType.LIMIT, cum_lots: int = 0, lots: int = 12_300) -> Order:
    intent = Intent(BTC.key, Side.BUY, lots, 6_412_001, (Leg("momentum", lots),), "ensemble", 7, kind)
    status = Status.SENT
    return Order(ID, intent, lots, status, NOW, NOW, NOW + 5_000_000_000, 7, cum_lots, venue_id="5")


def talk(request: Request, *answers: HttpAnswer, skew_ms: int = 0) -> tuple[list[HttpRequest], list[Report]]:
    """What a request sends, given these answers, and what it reports."""
    conversation = ENTRY.converse(request, NOW // 1_000_000, skew_ms)
    sent = [next(conversation)]
    for answer in answers:
        try:
            sent.append(conversation.send((answer, NOW)))
        except StopIteration as done:
            return sent, done.value
    raise AssertionError("the conversation wants more answers")


def told(request: Request, *answers: HttpAnswer) -> list[tuple[Cause, str]]:
    return [(report.cause, report.code) for report in talk(request, *answers)[1]]


def error(status: int, code: int, text: str = "") -> HttpAnswer:
    return HttpAnswer(status, json.dumps({"code": code, "msg": text}))


def test_the_signature_is_the_documented_one() -> None:
    query = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
    query += "&timestamp=1499827319559"
    expected = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    assert Secret(SECRET).sign(query) == expected
    assert ENTRY.signed(dict(parse_qsl(query))) == f"{query}&signature={expected}"
    split = query.replace("GTC&", "GTC")  # query and body, without a separator
    assert Secret(SECRET).sign(split) == "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"


def test_the_websocket_signature_is_the_documented_one() -> None:
    payload = (
        "apiKey=vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A&price=52000.00&quantity=0.01000000"
        "&recvWindow=100&side=SELL&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
    )
    assert Secret(SECRET).sign(payload) == "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24"


def test_a_new_order_says_its_terms_from_integers_and_until_when_it_holds() -> None:
    sent, _ = talk(Submit(order()), HttpAnswer(200, '{"orderId": 5}'))
    (request,) = sent
    query, _, signature = request.query.rpartition("&signature=")
    assert (request.method, request.path) == ("POST", "/api/v3/order")
    assert query == (
        "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.12300&price=64120.01"
        f"&newClientOrderId={ID}&newOrderRespType=ACK&recvWindow=5000&timestamp=1499827319559"
    )
    assert signature == Secret(SECRET).sign(query)


def test_a_maker_order_says_no_time_in_force_and_the_timestamp_is_the_venues() -> None:
    sent, _ = talk(Submit(order(OrderType.LIMIT_MAKER)), HttpAnswer(200, '{"orderId": 5}'), skew_ms=-1270)
    params = dict(parse_qsl(sent[0].query))
    assert params["type"] == "LIMIT_MAKER"
    assert "timeInForce" not in params
    assert params["timestamp"] == str(NOW // 1_000_000 - 1270)


ACCEPTED = HttpAnswer(200, '{"symbol":"BTCUSDT","orderId":5,"clientOrderId":"x","transactTime":1}')


def test_an_answer_with_an_order_id_is_an_acceptance() -> None:
    (report,) = talk(Submit(order()), ACCEPTED)[1]
    assert (report.cause, report.order_id, report.venue_id, report.source) == (Cause.ACCEPTED, ID, "5", "reply")


@pytest.mark.parametrize(
    "answer",
    [
        error(400, -1013, "Filter failure: LOT_SIZE"),
        error(400, -1014),
        error(429, -1015, "Too many new orders"),
        error(400, -1020),
        error(400, -1021, "Timestamp for this request is outside of the recvWindow."),
        error(400, -1022),
        error(400, -1002),
        error(400, -1100),
        error(400, -1121, "Invalid symbol."),
        error(400, -1199),
        error(400, -2010, "Account has insufficient balance for requested action."),
        error(401, -2014),
        error(401, -2015),
        error(418, -1003),
        HttpAnswer(429, "<html>slow down</html>"),
        HttpAnswer(403, "<html>firewall</html>"),
    ],
)
def test_a_definite_rejection_is_rejected(answer: HttpAnswer) -> None:
    (report,) = talk(Submit(order()), answer)[1]
    assert report.cause is Cause.REJECTED
    assert report.code in {str(answer.status), answer.text.partition('"code": ')[2].partition(",")[0]}


@pytest.mark.parametrize(
    "answer",
    [
        HttpAnswer(0, "TimeoutError"),
        HttpAnswer(200, ""),
        HttpAnswer(200, "<html>"),
        HttpAnswer(200, "{}"),
        HttpAnswer(200, '{"orderId":"5"}'),
        HttpAnswer(200, "[" * 100_000),
        HttpAnswer(302, ""),
        HttpAnswer(400, "<html>"),
        HttpAnswer(408, "{}"),
        HttpAnswer(502, "<html>bad gateway</html>"),
        error(500, -1013),
        error(503, -1008),
        error(400, -1000),
        error(400, -1001),
        error(400, -1006),
        error(400, -1007, "Timeout waiting for response from backend server."),
        error(400, -2010, "Duplicate order sent."),
        error(400, -9999, "new and unknown"),
        error(409, -2021),
    ],
)
def test_what_proves_nothing_is_unknown(answer: HttpAnswer) -> None:
    assert told(Submit(order()), answer) == [(Cause.NO_ANSWER, str(answer.status))]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (error(400, -2011, "Unknown order sent."), Cause.CANCEL_REJECTED),
        (error(429, -1003), Cause.CANCEL_REJECTED),
        (error(400, -1021), Cause.CANCEL_REJECTED),
        (error(500, -1000), Cause.CANCEL_UNKNOWN),
        (HttpAnswer(0, "ServerDisconnectedError"), Cause.CANCEL_UNKNOWN),
        (HttpAnswer(200, "{}"), Cause.CANCEL_UNKNOWN),
        (HttpAnswer(504, ""), Cause.CANCEL_UNKNOWN),
        (HttpAnswer(400, "<html>"), Cause.CANCEL_UNKNOWN),
    ],
)
def test_a_cancel_that_is_not_confirmed_cancels_nothing(answer: HttpAnswer, cause: Cause) -> None:
    assert [found for found, _ in told(Cancel(order()), answer)] == [cause]


def test_a_confirmed_cancel_says_what_was_filled_before_it() -> None:
    answer = HttpAnswer(200, '{"orderId":5,"status":"CANCELED","executedQty":"0.00100000","clientOrderId":"c"}')
    sent, (report,) = talk(Cancel(order()), answer)
    assert (report.cause, report.cum_lots, report.order_id) == (Cause.CANCELLED, 100, ID)
    assert sent[0].method == "DELETE"
    assert f"origClientOrderId={ID}" in sent[0].query


def test_an_order_that_is_not_found_is_told_as_that() -> None:
    assert told(Query(order()), error(400, -2013, "Order does not exist.")) == [(Cause.NOT_FOUND, "-2013")]


@pytest.mark.parametrize("answer", [HttpAnswer(0, ""), HttpAnswer(500, "{}"), error(400, -1021), HttpAnswer(200, "{}")])
def test_a_question_that_failed_is_no_evidence(answer: HttpAnswer) -> None:
    assert told(Query(order()), answer) == []


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("NEW", Cause.ACCEPTED),
        ("CANCELED", Cause.CANCELLED),
        ("EXPIRED", Cause.EXPIRED),
        ("EXPIRED_IN_MATCH", Cause.EXPIRED),
        ("REJECTED", Cause.REJECTED),
    ],
)
def test_a_found_orders_status_is_told_as_a_query(status: str, cause: Cause) -> None:
    (report,) = talk(Query(order()), HttpAnswer(200, json.dumps({"orderId": 5, "status": status})))[1]
    assert (report.cause, report.source) == (cause, "query")


def test_a_status_that_is_new_to_us_is_no_evidence() -> None:
    assert told(Query(order()), HttpAnswer(200, '{"orderId":5,"status":"PENDING_SOMETHING"}')) == []


FILLS = json.dumps(
    [
        {"id": 28, "price": "64120.00", "qty": "0.001", "commission": "0.00000075", "commissionAsset": "BTC"}
        | {"isMaker": False, "time": 1499827319600},
        {"id": 29, "price": "64119.99", "qty": "0.12200", "commission": "0.0000915", "commissionAsset": "BTC"}
        | {"isMaker": True, "time": 1499827319700},
    ]
)


def test_fills_that_we_have_not_had_are_asked_for_and_come_before_the_status() -> None:
    found = HttpAnswer(200, '{"orderId":5,"status":"CANCELED","executedQty":"0.12300"}')
    sent, reports = talk(Query(order()), found, HttpAnswer(200, FILLS))
    assert [request.path for request in sent] == ["/api/v3/order", "/api/v3/myTrades"]
    assert [report.cause for report in reports] == [Cause.FILL, Cause.FILL, Cause.CANCELLED]
    first, second = reports[0].execution, reports[1].execution
    assert first is not None
    assert second is not None
    assert (first.fill_id, first.price_ticks, first.lots, first.fee, first.fee_digits) == ("28", 6412000, 100, 75, 8)
    assert (second.lots, second.fee, second.fee_digits, second.is_maker) == (12200, 915, 7, True)


def test_an_order_that_is_filled_is_said_by_its_fills_alone() -> None:
    found = HttpAnswer(200, '{"orderId":5,"status":"FILLED","executedQty":"0.12300"}')
    assert told(Query(order()), found, HttpAnswer(200, FILLS)) == [(Cause.FILL, ""), (Cause.FILL, "")]
    assert told(Query(order()), found, HttpAnswer(500, "")) == []


def test_fills_that_we_have_had_are_not_asked_for() -> None:
    found = HttpAnswer(200, '{"orderId":5,"status":"PARTIALLY_FILLED","executedQty":"0.001"}')
    sent, reports = talk(Query(order(cum_lots=100)), found)
    assert len(sent) == 1
    assert [(report.cause, report.cum_lots) for report in reports] == [(Cause.ACCEPTED, 100)]


def test_the_venues_words_are_made_visible_before_anyone_reads_them() -> None:
    (report,) = talk(Submit(order()), error(400, -2010, "\x1b[2J\u202eno"))[1]
    assert report.text == "\\x1b[2J\\u202eno"


def test_the_documented_replies_are_read(recording: Callable[[str], Path]) -> None:
    def body(name: str) -> HttpAnswer:
        return HttpAnswer(200, recording(f"messages/binance/{name}.json").read_text())

    assert talk(Submit(order()), body("new_order_full_response"))[1][0].cause is Cause.ACCEPTED
    assert talk(Cancel(order()), body("cancel_order_response"))[1][0].cause is Cause.CANCELLED
    assert talk(Query(order()), body("order_response"))[1][0].cause is Cause.ACCEPTED
