"""`catui exchange`: serve until interrupted, and say first where."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Coroutine

import msgspec

from catui.venues.simulated.exchange import Exchange
from catui.venues.simulated.launch import Ready
from catui.venues.simulated.server import serve


def serve_command(
    port: int, seed: int, symbols: tuple[str, ...], speed: float, *, as_json: bool = False, until_eof: bool = False
) -> None:
    """Serve on loopback. The first line is `Ready`, as JSON or in words. UsageError: see `serve`.

    `until_eof` ends it with its standard input: a child that no parent holds is not left behind.
    """

    def tell(ready: Ready) -> None:
        sys.stdout.write((msgspec.json.encode(ready).decode() if as_json else _words(ready, seed)) + "\n")
        sys.stdout.flush()

    exchange = Exchange(seed, symbols, time.time_ns())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(serve(exchange, "127.0.0.1", port, on_ready=tell, speed=speed), until_eof=until_eof))


async def _serve(serving: Coroutine[None, None, None], *, until_eof: bool) -> None:
    """Serve until cancelled, by SIGTERM or, if wanted, by the end of standard input."""
    task = asyncio.ensure_future(serving)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    if until_eof:
        loop.add_reader(sys.stdin.fileno(), task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


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
