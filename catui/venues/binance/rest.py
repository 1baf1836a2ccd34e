"""Order entry without a socket: requests to HTTP, answers to reports. Whoever has a connection drives it.

A request is a conversation: it yields what to send and is sent the answer, until its reports are known. What an answer
proves is said in one table; what proves nothing is UNKNOWN, and nothing is ever sent twice.
"""

from collections.abc import Generator
from typing import Any, NamedTuple, assert_never
from urllib.parse import urlencode

import msgspec

from catui.domain.events import Report
from catui.domain.instrument import Instrument
from catui.domain.orders import Cancel, Cause, Execution, Order, OrderType, Query, Request, Submit
from catui.domain.units import parse_decimal
from catui.text import printable
from catui.venues.binance.messages import time_ns
from catui.venues.secret import Secret

# The request was refused before or by the engine: no order can come of it (docs: errors.md).
DEFINITE = frozenset({-1002, -1013, -1014, -1015, -1020, -1021, -1022, -2010, -2014, -2015})
LIMITED = frozenset({403, 418, 429})  # never reached the engine
DUPLICATE = "Duplicate order sent."  # an order with this id is open: ask for it
NO_SUCH_ORDER = -2013


class HttpRequest(NamedTuple):
    """What to send: the query is signed and complete; the body is empty."""

    method: str
    path: str
    query: str


class HttpAnswer(NamedTuple):
    """What came back; `status` 0: nothing did, and `text` says why. `wait_s` is what Retry-After asks for."""

    status: int
    text: str
    wait_s: float = 0.0


Conversation = Generator[HttpRequest, tuple[HttpAnswer, int], list[Report]]


class OrderReply(msgspec.Struct, frozen=True):
    """What order routes answer, as far as it matters here."""

    orderId: int
    status: str = ""
    executedQty: str = "0"


class TradeReply(msgspec.Struct, frozen=True):
    """One of our fills, from GET myTrades."""

    id: int
    price: str
    qty: str
    commission: str
    commissionAsset: str
    isMaker: bool
    time: int


class ErrorReply(msgspec.Struct, frozen=True):
    """The venue's error: the code is stable, the text is not."""

    code: int
    msg: str = ""


class Entry:
    """Builds and reads the conversations of one account."""

    def __init__(self, instruments: tuple[Instrument, ...], secret: Secret) -> None:
        self._instruments = {i.key: i for i in instruments}
        self._secret = secret

    def converse(self, request: Request, venue_ms: int, skew_ms: int = 0) -> Conversation:
        """The conversation for a request. `venue_ms` is the venue's clock now, `skew_ms` that clock less ours."""
        match request:
            case Submit(order=order):
                return self._submit(order, skew_ms)
            case Cancel(order=order):
                return self._cancel(order, venue_ms)
            case Query(order=order):
                return self._query(order, venue_ms)
            case _:
                assert_never(request)

    def signed(self, params: dict[str, str]) -> str:
        """The query with its signature over exactly its bytes."""
        query = urlencode(params)
        return f"{query}&signature={self._secret.sign(query)}"

    def _submit(self, order: Order, skew_ms: int) -> Conversation:
        """A new order. Its timestamp is its approval's, so that the venue refuses one that comes too late."""
        instrument, intent = self._instruments[order.intent.instrument], order.intent
        params = {"symbol": instrument.symbol, "side": intent.side.value, "type": intent.type.value}
        if intent.type is OrderType.LIMIT:
            params["timeInForce"] = intent.tif.value
        params |= {
            "quantity": instrument.quantity_text(order.lots),
            "price": instrument.price_text(intent.limit_ticks),
            "newClientOrderId": order.id,
            "newOrderRespType": "ACK",
            "recvWindow": str((order.valid_until_ns - order.created_ns) // 1_000_000),
            "timestamp": str(order.created_ns // 1_000_000 + skew_ms),
        }
        answer, now_ns = yield HttpRequest("POST", "/api/v3/order", self.signed(params))
        if answer.status == 200 and (reply := _decoded(answer.text, OrderReply)) is not None:
            return [_report(order, now_ns, Cause.ACCEPTED, venue_id=str(reply.orderId))]
        if (error := _refusal(answer)) is not None:
            return [_report(order, now_ns, Cause.REJECTED, code=str(error.code), text=error.msg)]
        return [_report(order, now_ns, Cause.NO_ANSWER, code=str(answer.status), text=answer.text)]

    def _cancel(self, order: Order, venue_ms: int) -> Conversation:
        """Cancel by our id. "Unknown order" proves nothing: it may have filled, or not be there yet."""
        instrument = self._instruments[order.intent.instrument]
        params = {"symbol": instrument.symbol, "origClientOrderId": order.id, "timestamp": str(venue_ms)}
        answer, now_ns = yield HttpRequest("DELETE", "/api/v3/order", self.signed(params))
        if answer.status == 200 and (reply := _decoded(answer.text, OrderReply)) is not None:
            done = instrument.quantity_grid.count(reply.executedQty)
            return [_report(order, now_ns, Cause.CANCELLED, venue_id=str(reply.orderId), cum_lots=done)]
        error = _error(answer)
        if error is not None and 400 <= answer.status < 500:
            return [_report(order, now_ns, Cause.CANCEL_REJECTED, code=str(error.code), text=error.msg)]
        return [_report(order, now_ns, Cause.CANCEL_UNKNOWN, code=str(answer.status), text=answer.text)]

    def _query(self, order: Order, venue_ms: int) -> Conversation:
        """Ask what became of an order: its fills first, by id, then its status. A failed question is no evidence."""
        instrument = self._instruments[order.intent.instrument]
        params = {"symbol": instrument.symbol, "origClientOrderId": order.id, "timestamp": str(venue_ms)}
        answer, now_ns = yield HttpRequest("GET", "/api/v3/order", self.signed(params))
        error = _error(answer)
        if error is not None and error.code == NO_SUCH_ORDER:
            return [_report(order, now_ns, Cause.NOT_FOUND, source="query", code=str(error.code), text=error.msg)]
        reply = _decoded(answer.text, OrderReply) if answer.status == 200 else None
        if reply is None:
            return []
        done = instrument.quantity_grid.count(reply.executedQty)
        fills: list[Report] = []
        if done is not None and done > order.cum_lots:
            params = {"symbol": instrument.symbol, "orderId": str(reply.orderId), "timestamp": str(venue_ms)}
            answer, now_ns = yield HttpRequest("GET", "/api/v3/myTrades", self.signed(params))
            trades = _decoded(answer.text, list[TradeReply]) if answer.status == 200 else None
            fills = [] if trades is None else _fills(order, instrument, trades, now_ns, str(reply.orderId))
        cause = STATUS_CAUSES.get(reply.status)
        if cause is None:
            return fills
        told = _report(order, now_ns, cause, source="query", venue_id=str(reply.orderId), cum_lots=done)
        return [*fills, told]


STATUS_CAUSES = {
    "NEW": Cause.ACCEPTED,
    "PARTIALLY_FILLED": Cause.ACCEPTED,
    "CANCELED": Cause.CANCELLED,
    "EXPIRED": Cause.EXPIRED,
    "EXPIRED_IN_MATCH": Cause.EXPIRED,
    "REJECTED": Cause.REJECTED,
}  # FILLED is said by its fills


def execution(
    instrument: Instrument, fill_id: int, price: str, quantity: str, fee: str, fee_asset: str, *, is_maker: bool
) -> Execution | None:
    """A fill from the venue's texts; None if one of them is no number of this instrument."""
    ticks, lots = instrument.price_grid.count(price), instrument.quantity_grid.count(quantity)
    commission = parse_decimal(fee)
    if ticks is None or lots is None or ticks <= 0 or lots <= 0 or commission is None:
        return None
    return Execution(str(fill_id), ticks, lots, commission[0], commission[1], printable(fee_asset, 20), is_maker)


def _fills(order: Order, instrument: Instrument, trades: list[TradeReply], now_ns: int, venue_id: str) -> list[Report]:
    reports = []
    for t in trades:
        told = execution(instrument, t.id, t.price, t.qty, t.commission, t.commissionAsset, is_maker=t.isMaker)
        if told is not None:
            at_ns = time_ns(t.time)
            reports.append(Report(order.id, now_ns, at_ns, Cause.FILL, "query", venue_id=venue_id, execution=told))
    return reports


def _report(
    order: Order,
    now_ns: int,
    cause: Cause,
    *,
    source: str = "reply",
    venue_id: str = "",
    cum_lots: int | None = None,
    code: str = "",
    text: str = "",
) -> Report:
    words = printable(text, 120)
    return Report(order.id, now_ns, None, cause, source, venue_id, cum_lots, None, printable(code, 20), words)


def _decoded(text: str, kind: Any) -> Any:
    """The answer by its type; None if it is not of that type: an answer that cannot be read proves nothing."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, RecursionError):
        return None


def _error(answer: HttpAnswer) -> ErrorReply | None:
    found = _decoded(answer.text, ErrorReply) if answer.status >= 400 else None
    return found if isinstance(found, ErrorReply) else None


def _refusal(answer: HttpAnswer) -> ErrorReply | None:
    """The error that proves that no order came of the request; None where nothing is proven."""
    error = _error(answer)
    if answer.status in LIMITED:
        return error or ErrorReply(answer.status, "limited")
    if error is None or not 400 <= answer.status < 500 or error.msg == DUPLICATE:
        return None
    return error if error.code in DEFINITE or -1199 <= error.code <= -1100 else None
