"""Replay: recorded events as a venue, as fast as can be or at a pace."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from itertools import islice
from pathlib import Path

from catui.domain.events import Event
from catui.domain.instrument import Instrument
from catui.domain.orders import Request
from catui.errors import CatuiError
from catui.venues.tape import open_tape, with_ticks

BATCH = 256


async def paced(events: Iterable[Event], speed: float | None) -> AsyncIterator[list[Event]]:
    """`events` in batches: at `speed` times their own pace by receive time, or all at once (None).

    Pace is kept against the first event, so that small delays do not add up. An error of `events` comes after the
    batch of what was whole before it.
    """
    batch: list[Event] = []
    start_ns = began_ns = 0
    try:
        for event in events:
            if speed is not None:
                if not began_ns:
                    start_ns, began_ns = event.ts_receive_ns, time.monotonic_ns()
                wait_s = ((event.ts_receive_ns - start_ns) / speed - (time.monotonic_ns() - began_ns)) / 1e9
                if wait_s > 0.001:
                    if batch:
                        yield batch
                        batch = []
                    await asyncio.sleep(wait_s)
            batch.append(event)
            if len(batch) >= BATCH:
                yield batch
                batch = []
    except CatuiError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


class TapeVenue:
    """A recording as a venue: its events with ticks of its own time between; requests are the paper venue's."""

    name = "tape"

    def __init__(self, path: Path, speed: float | None, skip_events: int = 0) -> None:
        self.tape = open_tape(path)
        self.tape_instruments = self.tape.instruments
        self._speed = speed
        self._skip_events = skip_events

    async def instruments(self, symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
        """Those of the recording, whatever is asked."""
        return self.tape_instruments

    async def events(self) -> AsyncIterator[list[Event]]:
        """The recording's events. TapeError: damage, behind everything that is whole."""
        events = islice(with_ticks(self.tape.events()), self._skip_events, None)
        async for batch in paced(events, self._speed):
            yield batch

    async def send(self, request: Request) -> None:
        """Nothing leaves a tape."""

    def frames(self) -> dict[str, int]:
        """What became of every frame of the recording so far."""
        return self.tape.counts()

    async def close(self) -> None:
        """Nothing to close: the file is read through or dropped."""
