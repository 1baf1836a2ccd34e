"""`catui exchange`: serve until interrupted, and say first where."""

import asyncio
import contextlib
import sys
import time

import msgspec

from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.server import Ready, serve


def serve_command(port: int, seed: int, symbols: tuple[str, ...], speed: float, as_json: bool) -> None:
    """Serve on loopback. The first line is `Ready`, as JSON or in words. UsageError: see `serve`."""

    def tell(ready: Ready) -> None:
        sys.stdout.write((msgspec.json.encode(ready).decode() if as_json else _words(ready, seed)) + "\n")
        sys.stdout.flush()

    exchange = Exchange(seed, symbols, time.time_ns())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(exchange, "127.0.0.1", port, on_ready=tell, speed=speed))


def _words(ready: Ready, seed: int) -> str:
    return "\n".join(
        (
            f"the embedded exchange: {', '.join(ready.symbols)}, seed {seed}, paper money; Ctrl+C ends it",
            f"  REST        {ready.http_url}/api/v3",
            f"  streams     {ready.ws_url}/stream?streams={ready.symbols[0].lower()}@trade",
            f"  user events {ready.ws_url}/ws-api/v3",
            f"  key         {ready.api_key}",
            f"  secret      {ready.api_secret}",
        )
    )
