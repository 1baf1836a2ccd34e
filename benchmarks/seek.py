"""Time travel: from a request to the moment, at seeded random places of a run of a million events."""

import asyncio
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.figures import figure
from catui.config import load
from catui.domain.events import Event
from catui.domain.reports import Outputs
from catui.runtime.desk import new_session
from catui.runtime.journal import JournalReader
from catui.runtime.past.child import SeekerChild
from catui.runtime.past.client import SeekerClient
from catui.runtime.past.messages import Seek, ToSeq
from catui.runtime.startorder import Start

EVENTS = 1_000_000
MOMENTS = 200
TARGET_MS = 250.0


def events_wanted() -> int:
    """CATUI_BENCH_EVENTS, a million without it."""
    return int(os.environ.get("CATUI_BENCH_EVENTS", EVENTS))


async def made(runs: Path, events: int) -> Path:
    """A run on the embedded exchange in simulated time."""
    session = await new_session(Start("simulated:7", load(), None, runs))
    step = session.engine.process

    def counted(event: Event) -> Outputs:
        if session.engine.journal.seq >= events:
            session.stop("long enough")
        return step(event)

    session.engine.process = counted  # type: ignore[method-assign]  # the one place that every event passes
    await session.run()
    session.engine.journal.close()
    return session.engine.journal.directory


class Clocked:
    """A seeker, and how long its answers take."""

    def __init__(self, client: SeekerClient) -> None:
        self._client = client
        self._came = asyncio.Event()
        client.on_answer = self._came.set

    async def until_idle(self) -> float:
        """Wait until it has worked all the way ahead; how long that took, in seconds."""
        began = time.perf_counter()
        while not self._client.answers.working:
            await self._next()
        while self._client.answers.working:
            await self._next()
        return time.perf_counter() - began

    async def seek_ms(self, id: int, seq: int) -> float:
        """From the request to the moment."""
        began = time.perf_counter()
        self._client.ask(Seek(id, ToSeq(seq)))
        while self._client.answers.moment is None or self._client.answers.moment.id != id:
            await self._next()
        return (time.perf_counter() - began) * 1000

    async def _next(self) -> None:
        await self._came.wait()
        self._came.clear()


async def measured(directory: Path, cache: Path) -> bool:
    """Cold, with the journal's checkpoints alone; then warm, with the seeker's own."""
    last = JournalReader(directory).seal
    assert last is not None
    chance = random.Random(11)
    places = [chance.randint(1, last.events) for _ in range(MOMENTS)]
    client = SeekerClient(SeekerChild(directory, cache))
    await client.start()
    clocked = Clocked(client)
    figure("the first moment of all, its process included", await clocked.seek_ms(0, last.events), "ms")
    cold = [await clocked.seek_ms(1 + place, seq) for place, seq in enumerate(places)]
    took_s = await clocked.until_idle()
    warm = [await clocked.seek_ms(1001 + place, seq) for place, seq in enumerate(places)]
    back = [await clocked.seek_ms(2001 + off, last.events // 2 - off) for off in range(MOMENTS)]
    await client.close()
    told("cold", cold)
    figure("working ahead until all is near", took_s, "s")
    figure("its side file", size_mb(cache), "MB")
    told("warm", warm)
    told("one event back", back)
    return max(*cold, *warm) <= TARGET_MS


def size_mb(directory: Path) -> float:
    """What the files of a directory take."""
    return sum(file.stat().st_size for file in directory.iterdir()) / 1e6


def told(name: str, took_ms: list[float]) -> None:
    """Median, p99 and the worst of them."""
    figure(f"seek, {name}, p50", statistics.median(took_ms), "ms")
    figure(f"seek, {name}, p99", statistics.quantiles(took_ms, n=100)[98], "ms")
    figure(f"seek, {name}, max", max(took_ms), "ms", TARGET_MS)


def main() -> bool:
    """Any moment within a quarter of a second, from the first one on."""
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        directory = asyncio.run(made(Path(place) / "runs", events_wanted()))
        figure(f"a run of {events_wanted():,} events, made in", time.perf_counter() - began, "s")
        return asyncio.run(measured(directory, Path(place) / "cache"))
