"""One connection's subscriptions, sans-IO: control messages in, replies out, and how a frame looks on it.

Market connections carry public streams, raw (`/ws`) or wrapped (`/stream`). User connections are the WebSocket API, as
far as a user's own events need it. A misspelt stream is acknowledged and stays silent, as at the venue.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from catui.venues.simulated.checks import SIGNED, Kind, Refusal, authentic, owner, syntax, timely
from catui.venues.simulated.feed import Feed, Frame, user_stream
from catui.venues.simulated.ledger import Account

METHODS = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")
SUBSCRIBE_SIGNED = "userDataStream.subscribe.signature"
UNSUBSCRIBE = "userDataStream.unsubscribe"

Id = int | str | None


def wrapped(stream: str, text: str) -> str:
    """A frame of a combined connection."""
    return f'{{"stream":"{stream}","data":{text}}}'


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _message(text: str) -> dict[str, Any] | None:
    """The object that a control message is; None if it is none."""
    try:
        message = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _id_of(message: dict[str, Any]) -> Id:
    """The message's id: an int, text of at most 36 characters, or null."""
    number = message.get("id")
    is_known = isinstance(number, int) or (isinstance(number, str) and len(number) <= 36)
    return number if is_known else None


class MarketConnection:
    """Which streams one connection reads. `close` gives them back."""

    def __init__(self, feed: Feed, streams: tuple[str, ...] = (), is_combined: bool = False) -> None:
        self._feed = feed
        self.is_combined = is_combined
        self.streams: dict[str, None] = {}
        for stream in streams:
            self._join(stream)

    def receive(self, text: str) -> str:
        """The reply to one control message."""
        message = _message(text)
        if message is None:
            return '{"code":3,"msg":"Invalid JSON: expected value at line 1 column 1"}'
        number, method, params = _id_of(message), message.get("method"), message.get("params", [])
        if method not in METHODS or not isinstance(params, list):
            return _json({"code": 2, "msg": "Invalid request: unknown variant or missing field", "id": number})
        match method:
            case "LIST_SUBSCRIPTIONS":
                return _json({"result": list(self.streams), "id": number})
            case "SET_PROPERTY" | "GET_PROPERTY":
                return self._property(method, params, number)
            case _:
                return self._change(method, params, number)

    def wrap(self, frame: Frame) -> str:
        """`frame` as this connection carries it."""
        return wrapped(frame.stream, frame.text) if self.is_combined else frame.text

    def close(self) -> None:
        """Read nothing any more."""
        for stream in tuple(self.streams):
            self._leave(stream)

    def _change(self, method: str, params: list[Any], number: Id) -> str:
        if not params or not all(isinstance(stream, str) and 0 < len(stream) <= 100 for stream in params):
            return _json({"code": 2, "msg": "Invalid request: params must be stream names", "id": number})
        for stream in params:
            if method == "SUBSCRIBE":
                self._join(stream)
            else:
                self._leave(stream)
        return _json({"result": None, "id": number})

    def _property(self, method: str, params: list[Any], number: Id) -> str:
        if not params or params[0] != "combined":
            return _json({"code": 0, "msg": "Unknown property", "id": number})
        if method == "GET_PROPERTY":
            return _json({"result": self.is_combined, "id": number})
        if len(params) != 2 or not isinstance(params[1], bool):
            return _json({"code": 1, "msg": "Invalid value type: expected Boolean", "id": number})
        self.is_combined = params[1]
        return _json({"result": None, "id": number})

    def _join(self, stream: str) -> None:
        if stream not in self.streams and not stream.startswith("user:"):
            self.streams[stream] = None
            self._feed.read(stream)

    def _leave(self, stream: str) -> None:
        if stream in self.streams:
            del self.streams[stream]
            self._feed.leave(stream)


class UserConnection:
    """A connection to the WebSocket API, with at most one subscription an account."""

    def __init__(self, feed: Feed, accounts: Mapping[str, Account]) -> None:
        self._feed = feed
        self._accounts = accounts
        self._next_id = 0
        self.subscriptions: dict[int, str] = {}  # id -> stream

    @property
    def streams(self) -> tuple[str, ...]:
        """The user streams that this connection reads."""
        return tuple(self.subscriptions.values())

    def receive(self, text: str, clock_ms: int) -> str:
        """The reply to one request."""
        message = _message(text)
        method = message.get("method") if message is not None else None
        if message is None or not isinstance(method, str):
            return '{"id":null,"status":400,"error":{"code":-1000,"msg":"Request is not a JSON object with a method."}}'
        number = _id_of(message)
        params = message.get("params", {})
        try:
            result = self._answer(method.removeprefix("v3/"), params if isinstance(params, dict) else {}, clock_ms)
        except Refusal as refusal:
            error = {"code": refusal.code, "msg": refusal.text}
            return _json({"id": number, "status": refusal.status, "error": error, "rateLimits": []})
        return _json({"id": number, "status": 200, "result": result, "rateLimits": []})

    def wrap(self, frame: Frame) -> str:
        """`frame` under the id of its subscription."""
        number = next(i for i, stream in self.subscriptions.items() if stream == frame.stream)
        return f'{{"subscriptionId":{number},"event":{frame.text}}}'

    def close(self) -> None:
        """Read nothing any more."""
        for number in tuple(self.subscriptions):
            self._feed.leave(self.subscriptions.pop(number))

    def _answer(self, method: str, params: dict[str, Any], clock_ms: int) -> object:
        match method:
            case "ping":
                return {}
            case "time":
                return {"serverTime": clock_ms}
            case "userDataStream.subscribe.signature":
                return {"subscriptionId": self._subscribe(params, clock_ms)}
            case "userDataStream.unsubscribe":
                self._unsubscribe(params.get("subscriptionId"))
                return {}
            case _:
                raise Refusal(-1000, "Method is not served here.")

    def _subscribe(self, params: dict[str, Any], clock_ms: int) -> int:
        """Check key, time and signature, over all parameters sorted by name."""
        values = {name: _text(value) for name, value in params.items()}
        syntax(values, {**SIGNED, "apiKey": Kind.HEX}, ("apiKey", "timestamp", "signature"))
        account = owner(values["apiKey"], self._accounts)
        timely(values, clock_ms)
        given = values.pop("signature")
        payload = "&".join(f"{name}={values[name]}" for name in sorted(values))
        authentic(account.secret, payload.encode(), given)
        stream = user_stream(account.name)
        if stream in self.subscriptions.values():
            raise Refusal(-2035, "The account is subscribed on this connection already.")
        number, self._next_id = self._next_id, self._next_id + 1
        self.subscriptions[number] = stream
        self._feed.read(stream)
        return number

    def _unsubscribe(self, number: object) -> None:
        """One subscription, or all of the connection."""
        numbers = tuple(self.subscriptions) if number is None else (number,)
        for one in numbers:
            if isinstance(one, int) and one in self.subscriptions:
                self._feed.leave(self.subscriptions.pop(one))


def _text(value: object) -> str:
    """A parameter as it is signed."""
    return value if isinstance(value, str) else _json(value)
