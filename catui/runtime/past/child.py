"""The seeker's process, as whoever started it has it: requests in, answers out, and how it ended."""

import asyncio
import socket
from collections import deque
from pathlib import Path
from typing import Protocol

from catui.offspring import Process, has_ended, hear, how, spawned
from catui.runtime.framing import framed, read_frame
from catui.runtime.past.messages import MOST

NICE = 5  # beside an engine on the same machine
LEAVE_S = 2.0
LINES = 20  # of its last words that are kept


class Way(Protocol):
    """The way to a seeker. It can be opened again, however it ended."""

    async def open(self) -> None:
        """A seeker that has heard nothing yet."""

    def send(self, payload: bytes) -> None:
        """Hand over a request; nothing happens where there is nobody."""

    async def receive(self) -> bytes | None:
        """Its next answer; None at its end."""

    async def fate(self) -> str:
        """How it ended."""

    async def close(self) -> None:
        """Let it go."""


class SeekerChild:
    """The seeker of one run as a child; it gives way to others by `nice`, and ends with its stream."""

    def __init__(self, directory: Path, cache: Path, nice: int = NICE) -> None:
        self.process: Process | None = None
        self._words = str(directory), str(cache), str(nice)
        self._reader = asyncio.StreamReader()
        self._writer: asyncio.StreamWriter | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._last_words: deque[str] = deque(maxlen=LINES)

    async def open(self) -> None:
        """Start the process. OSError: it cannot be started."""
        ours, theirs = socket.socketpair()
        try:
            self.process = spawned("catui.runtime.past.process", theirs, *self._words)
        except OSError:
            ours.close()
            raise
        self._last_words.clear()
        self._hearing = asyncio.create_task(hear(self.process, self._last_words.append))
        self._reader, self._writer = await asyncio.open_connection(sock=ours, limit=1 << 20)

    def send(self, payload: bytes) -> None:
        """Hand over a request."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(framed(payload))

    async def receive(self) -> bytes | None:
        """Its next answer."""
        return await read_frame(self._reader, MOST)

    async def fate(self) -> str:
        """Its exit code, and its last line where it left one."""
        await self.close()
        if self.process is None:
            return "the seeker was not started"
        words = f": {self._last_words[-1]}" if self._last_words else ""
        return f"the seeker ended with {how(self.process.returncode)}{words}"

    async def close(self) -> None:
        """Let the process go; one that does not end in time is killed."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        if self.process is not None and not await has_ended(self.process, LEAVE_S):
            self.process.kill()
            await has_ended(self.process, LEAVE_S)
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            await asyncio.wait([hearing], timeout=LEAVE_S)  # it hears the end of a process that has ended
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
