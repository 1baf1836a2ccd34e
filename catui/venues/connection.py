"""Connections: when to try again, and how a WebSocket is opened. The only place that opens one.

The delay before the n-th try in a row is uniform in [0, min(60 s, 0.5 s * 2^n)], at least 100 ms; n grows with every
failure and with every connection that did not live for 60 s. What the venue asks for, or a refusal that speaks of
rates, is waited for at least. What libraries leave open is closed here: no proxy from the environment, a bounded
message, no compression on loopback, no redirect followed.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

MAX_MESSAGE = 16 * 1024 * 1024
LEAST_S, FIRST_S, MOST_S = 0.1, 0.5, 60.0
STEADY_S = 60.0
OPEN_S = 10.0
BLOCKED_S = 60.0  # after a refusal that speaks of rates and gives no time
MOST_BLOCKED_S = 3 * 24 * 3600.0  # the longest ban a venue speaks of
BLOCKING_STATUSES = (403, 418, 429)
POLICY_VIOLATION = 1008
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Backoff:
    """How often in a row a connection did not hold. Frozen; time and chance come from outside.

    A connection is tried, ends after `lived_s`, and `delay_s` later is tried again: that is the whole supervisor.
    """

    failures: int = 0
    blocked_s: float = 0.0  # what the venue wants to be left alone for

    def delay_s(self, chance: float) -> float:
        """Seconds to wait, for a chance in [0, 1). Law: never less than what the venue asked for.

        >>> Backoff(0).delay_s(0.5), Backoff(20).delay_s(0.5), Backoff(0, 30.0).delay_s(0.5)
        (0.25, 30.0, 30.25)
        """
        return max(LEAST_S, self.blocked_s + chance * min(MOST_S, FIRST_S * 2.0 ** min(self.failures, 20)))

    def ended(self, lived_s: float, blocked_s: float = 0.0) -> "Backoff":
        """After a connection that lived so long; 0 for one that never opened."""
        return Backoff(0 if lived_s >= STEADY_S else self.failures + 1, min(blocked_s, MOST_BLOCKED_S))


def chances(seed: str) -> random.Random:
    """A stream of chances of its own: one for each connection, so that none shifts another's."""
    return random.Random(seed)


def blocked_s(status: int, headers: Mapping[str, str]) -> float:
    """How long an HTTP answer wants us to stay away: Retry-After in seconds, or a default after a refusal by rate.

    >>> blocked_s(429, {"Retry-After": "7"}), blocked_s(418, {}), blocked_s(200, {"Retry-After": "7"})
    (7.0, 60.0, 0.0)
    """
    if status not in BLOCKING_STATUSES:
        return 0.0
    told = headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 9 else BLOCKED_S


def blocked_by(error: Exception) -> float:
    """How long the end of a WebSocket wants us to stay away; 0 for one that says nothing of rates."""
    if isinstance(error, InvalidStatus):
        return blocked_s(error.response.status_code, error.response.headers)
    if isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code == POLICY_VIOLATION:
        return BLOCKED_S
    return 0.0


def is_loopback(url: str) -> bool:
    """Whether an address is this machine."""
    return urlsplit(url).hostname in LOOPBACK


class _NoRedirect(connect):
    """A venue's stream does not move: a redirect would carry our headers to whoever it names."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Refuse every redirect."""
        return exc


def open_websocket(url: str, without_tls: bool = False) -> Any:
    """`async with open_websocket(url) as socket`, with every default set. ValueError: plain ws:// off this machine,
    unless somebody has said that this is what they want."""
    near = is_loopback(url)
    if url.startswith("ws://") and not near and not without_tls:
        raise ValueError("a stream without TLS is for this machine only")
    return _NoRedirect(
        url,
        proxy=None,
        compression=None if near else "deflate",
        max_size=MAX_MESSAGE,
        max_queue=1024,
        open_timeout=OPEN_S,
        ping_interval=20,
        ping_timeout=20,
        close_timeout=1,
        user_agent_header=None,
    )
