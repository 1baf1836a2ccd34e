"""Recording: every frame of a venue to a tape, before anything looks at it."""

import asyncio
import contextlib
import signal
from pathlib import Path

from catui.config import Config
from catui.errors import UsageError
from catui.runtime.source import open_source
from catui.venues.binance.adapter import Binance
from catui.venues.tape import TapeWriter


def record(source: str, config: Config, out: Path, duration_s: float | None) -> int:
    """Record until the time is over or a signal comes; how many records were written.

    UsageError: a source that is a recording itself, or a file that is there already.
    """
    if not source.startswith(("simulated", "binance")):
        raise UsageError(f"--source {source}: is a recording already; record simulated or binance")
    return asyncio.run(_record(source, config, out, duration_s))


async def _record(source: str, config: Config, out: Path, duration_s: float | None) -> int:
    opened = await open_source(source, config, 1.0)
    venue = opened.venue
    assert isinstance(venue, Binance)
    symbols = tuple(i.symbol for i in opened.instruments)
    writer = TapeWriter(out, "binance-spot", symbols, opened.instruments)
    venue.tap(writer.record)
    reading = asyncio.create_task(_read(venue))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, reading.cancel)
    with contextlib.suppress(asyncio.CancelledError, TimeoutError):
        await asyncio.wait_for(reading, duration_s)
    await venue.close()
    writer.close()
    return writer.records


async def _read(venue: Binance) -> None:
    async for _ in venue.events():
        pass
