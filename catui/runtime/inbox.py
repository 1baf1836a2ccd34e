"""The one queue of a run: what arrives first is stepped first."""

import asyncio
from collections import deque

from catui.domain.events import Event

ROOM = 64  # batches that a source may be ahead


class Inbox:
    """Batches of events in the order of their arrival. Only the source waits for room; nothing is ever dropped."""

    def __init__(self) -> None:
        self._batches: deque[list[Event]] = deque()
        self._arrived = asyncio.Event()
        self._stepped = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def __len__(self) -> int:
        return len(self._batches)

    def put(self, batch: list[Event]) -> None:
        """Commands, ticks and our own reports: they never wait."""
        self._batches.append(batch)
        self._stepped.clear()
        self._arrived.set()

    def put_first(self, batch: list[Event]) -> None:
        """What has to be known before everything that waits; nothing, where there is nothing."""
        if batch:
            self.put(batch)
            self._batches.rotate(1)

    async def offer(self, batch: list[Event]) -> None:
        """The source's: waits while it is too far ahead."""
        await self._room.wait()
        self.put(batch)
        if len(self._batches) >= ROOM:
            self._room.clear()

    async def emptied(self) -> None:
        """Wait until everything has been taken and stepped."""
        await self._stepped.wait()

    async def take(self) -> list[Event]:
        """The next batch; waits for one."""
        while not self._batches:
            self._arrived.clear()
            self._stepped.set()
            await self._arrived.wait()
        batch = self._batches.popleft()
        if len(self._batches) < ROOM:
            self._room.set()
        return batch
