"""What a request must be before anybody looks at what it wants: its parameters, key, time and signature.

Signatures are HMAC SHA-256 over the raw bytes that came: the query without its `signature` pair, then the body without
it. The order of the checks is: syntax, key, time, signature.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple
from urllib.parse import parse_qsl

from catui.domain.units import parse_decimal
from catui.venues.simulated.ledger import Account

SCALE = 8
ID_PATTERN = r"^[a-zA-Z0-9-_]{1,36}$"
MAX_RECV_WINDOW_MS = 60_000
DEFAULT_RECV_WINDOW_MS = 5_000
AHEAD_MS = 1_000


class Refusal(Exception):
    """An answer other than 200: HTTP status, the venue's code and text."""

    def __init__(self, code: int, text: str, status: int = 400, retry_after_s: int = 0) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status
        self.retry_after_s = retry_after_s


class Kind(Enum):
    """The characters that a parameter's value may have."""

    DECIMAL = r"^([0-9]{1,18})(\.[0-9]{1,18})?$"
    INT = r"^[0-9]{1,18}$"
    ID = ID_PATTERN
    WORD = r"^[a-zA-Z0-9_]{1,40}$"
    LIST = r'^\[("[A-Z0-9]{1,20}")(,"[A-Z0-9]{1,20}")*\]$'
    HEX = r"^[a-zA-Z0-9+/=]{1,512}$"


_PATTERNS = {kind: re.compile(kind.value, re.ASCII) for kind in Kind}
SIGNED = {"timestamp": Kind.INT, "recvWindow": Kind.DECIMAL, "signature": Kind.HEX}


class Sent(NamedTuple):
    """The parameters of a request, and the payload that its signature must cover."""

    values: dict[str, str]
    payload: bytes


def sent(query: str, body: str) -> Sent:
    """Parameters of query and form body; one that is in both counts as the query has it.

    Refusal: -1101, a parameter twice in one of them.
    """
    values: dict[str, str] = {}
    for text in (body, query):
        pairs = parse_qsl(text, keep_blank_values=True)
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise Refusal(-1101, f"Duplicate values for parameter '{_shown(name)}' detected.")
        values.update(pairs)
    return Sent(values, (_unsigned(query) + _unsigned(body)).encode("utf-8", "surrogateescape"))


def _unsigned(text: str) -> str:
    return "&".join(pair for pair in text.split("&") if not pair.startswith("signature="))


def syntax(values: Mapping[str, str], known: Mapping[str, Kind], required: tuple[str, ...]) -> None:
    """Refusal: -1102 missing, -1105 empty, -1100 illegal characters, -1104 a parameter that the route does not read."""
    for name in required:
        if name not in values:
            raise Refusal(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
    for name, value in values.items():
        kind = known.get(name)
        if kind is None:
            read = sum(1 for other in values if other in known)
            text = f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{len(values)}'."
            raise Refusal(-1104, text)
        if not value:
            raise Refusal(-1105, f"Parameter '{name}' was empty.")
        if not _PATTERNS[kind].fullmatch(value):
            raise Refusal(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{kind.value}'.")


def owner(key: str, accounts: Mapping[str, Account]) -> Account:
    """The account of a key. Refusal: -2014 no key in form, -2015 a key that nobody has."""
    if not re.fullmatch(r"[A-Za-z0-9]{64}", key, re.ASCII):
        raise Refusal(-2014, "API-key format invalid.", 401)
    account = accounts.get(key)
    if account is None:
        raise Refusal(-2015, "Invalid API-key, IP, or permissions for action.", 401)
    return account


def timely(values: Mapping[str, str], clock_ms: int) -> None:
    """Refusal: -1021 outside of the window, -1131 a window over 60 s. `timestamp` may be in ms or us."""
    stamp = int(values["timestamp"])
    if stamp >= 10**14:
        stamp //= 1000
    window = float(values.get("recvWindow", DEFAULT_RECV_WINDOW_MS))
    if window > MAX_RECV_WINDOW_MS:
        raise Refusal(-1131, "recvWindow must be less than 60000.")
    if stamp >= clock_ms + AHEAD_MS:
        raise Refusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if clock_ms - stamp > window:
        raise Refusal(-1021, "Timestamp for this request is outside of the recvWindow.")


def signature(secret: str, payload: bytes) -> str:
    """HMAC SHA-256 in hex. The vector of the venue's documentation is in the tests."""
    return hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()


def authentic(secret: str, payload: bytes, given: str) -> None:
    """Refusal: -1022 a signature of something else. Hex in either case."""
    if not hmac.compare_digest(signature(secret, payload), given.lower()):
        raise Refusal(-1022, "Signature for this request is not valid.")


def amount(values: Mapping[str, str], name: str) -> int:
    """A decimal parameter in 10**-8. Refusal: -1111 more than 8 decimals, -1100 no plain decimal."""
    parsed = parse_decimal(values[name])
    if parsed is None:
        raise Refusal(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{Kind.DECIMAL.value}'.")
    digits, scale = parsed
    if scale > SCALE:
        raise Refusal(-1111, f"Parameter '{name}' has too much precision.")
    return int(digits * 10 ** (SCALE - scale))


def one_of(values: Mapping[str, str], name: str, known: tuple[str, ...], refusal: tuple[int, str]) -> str:
    """A parameter whose value is one of a few words. Refusal: `refusal`, code and text."""
    value = values[name]
    if value not in known:
        raise Refusal(*refusal)
    return value


def _shown(name: str) -> str:
    return name if name.isascii() and name.isalnum() else "?"
