"""Connections: when to try again, and how a WebSocket is opened. The only place that opens one.

The delay before the n-th try in a row is uniform in [0, min(60 s, 0.5 s * 2^n)], at least 100 ms; n grows with every
failure and with every connection that did not live for 60 s. What libraries leave open is closed here: no proxy from
the environment towards loopback, a bounded message, no compression on loopback, no redirect followed.
"""

import random
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

MAX_MESSAGE = 16 * 1024 * 1024
LEAST_S, FIRST_S, MOST_S = 0.1, 0.5, 60.0
STEADY_S = 60.0
OPEN_S = 10.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Backoff:
    """How often in a row a connection did not hold. Frozen; chance comes from outside."""

    failures: int = 0

    def delay_s(self, chance: float) -> float:
        """Seconds to wait, for a chance in [0, 1). Law: at most doubles from one failure to the next.

        >>> Backoff(0).delay_s(0.5), Backoff(20).delay_s(0.5)
        (0.25, 30.0)
        """
        return max(LEAST_S, chance * min(MOST_S, FIRST_S * 2.0 ** min(self.failures, 20)))

    def ended(self, lived_s: float) -> "Backoff":
        """After a connection that lived so long; 0 for one that never opened."""
        return Backoff() if lived_s >= STEADY_S else replace(self, failures=self.failures + 1)


def chances(seed: str) -> random.Random:
    """A stream of chances of its own: one for each connection, so that none shifts another's."""
    return random.Random(seed)


def is_loopback(url: str) -> bool:
    """Whether an address is this machine."""
    return urlsplit(url).hostname in LOOPBACK


class _NoRedirect(connect):
    """A venue's stream does not move: a redirect would carry our headers to whoever it names."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Refuse every redirect."""
        return exc


def open_websocket(url: str) -> Any:
    """`async with open_websocket(url) as socket`, with every default set. ValueError: plain ws:// off this machine."""
    near = is_loopback(url)
    if url.startswith("ws://") and not near:
        raise ValueError("a stream without TLS is for this machine only")
    return _NoRedirect(
        url,
        proxy=None if near else True,
        compression=None if near else "deflate",
        max_size=MAX_MESSAGE,
        max_queue=1024,
        open_timeout=OPEN_S,
        ping_interval=20,
        ping_timeout=20,
        close_timeout=1,
        user_agent_header=None,
    )


Socket = ClientConnection
