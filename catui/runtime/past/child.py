"""The seeker's process, as whoever started it has it: requests in, answers out, and how it ended."""

import asyncio
import socket
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Protocol

from catui.runtime.framing import framed, read_frame
from catui.runtime.past.messages import MOST
from catui.text import printable

NICE = 5  # beside an engine on the same machine
LEAVE_S = 2.0


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
        self.process: asyncio.subprocess.Process | None = None
        self._words = str(directory), str(cache), str(nice)
        self._reader = asyncio.StreamReader()
        self._writer: asyncio.StreamWriter | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._last_words: deque[str] = deque(maxlen=20)

    async def open(self) -> None:
        """Start the process. OSError: it cannot be started."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self.process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "catui.runtime.past.process", str(theirs.fileno()), *self._words),
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
            except BaseException:
                ours.close()
                raise
        self._last_words.clear()
        self._reader, self._writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        self._hearing = asyncio.create_task(self._hear(self.process))

    def send(self, payload: bytes) -> None:
        """Hand over a request."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(framed(payload))

    async def receive(self) -> bytes | None:
        """Its next answer."""
        return await read_frame(self._reader, MOST)

    async def fate(self) -> str:
        """Its exit code, and its last line where it left one."""
        if self.process is None:
            return "the seeker was not started"
        if self._writer is not None:
            self._writer.close()
        code = await self.process.wait()
        words = f": {self._last_words[-1]}" if self._last_words else ""
        return f"the seeker ended with exit code {code}{words}"

    async def close(self) -> None:
        """Let the process go; one that does not end in time is killed."""
        process, writer, self._writer = self.process, self._writer, None
        if process is None or writer is None or self._hearing is None:
            return
        writer.close()
        try:
            await asyncio.wait_for(process.wait(), LEAVE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        finally:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        """Its stderr never reaches the terminal."""
        assert process.stderr is not None
        while line := await process.stderr.readline():
            self._last_words.append(printable(line.decode("utf-8", "replace").strip(), 200))
