"""The engine as a child of the console: a process of its own at the other end of a socket pair.

One C call that keeps the console up cannot touch it, and the console may leave while it goes on.
"""

import asyncio
import contextlib
from collections import deque
from pathlib import Path

from msgspec.structs import replace

from catui.offspring import Process, has_ended, hear, how
from catui.runtime.channel import StreamChannel
from catui.runtime.framing import MAX_FRAME
from catui.runtime.launch import Child, launch
from catui.runtime.remote import Remote
from catui.runtime.startorder import StartOrder
from catui.runtime.wire import HALTED, Leave, WireError, encode

CLOSE_S = 8.0  # a clean end cancels orders and may wait for the venue
ENDINGS = (0, HALTED)  # exit codes of a run that was sealed
LINES = 40  # of its stderr that are kept


class ProcessHost(Remote):
    """Starts the child, and takes up its run by another one if it dies. `child` is one that is under way already."""

    def __init__(self, order: StartOrder, child: Child | None = None) -> None:
        super().__init__()
        self._order = order
        self._ahead = child
        self._child: Process | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._last_words: deque[str] = deque(maxlen=LINES)
        self._lost: tuple[str, ...] = ()
        self._is_closed = False

    async def start(self) -> None:
        """Listen to the child; one is started if none is under way."""
        child, self._ahead = self._ahead or launch(self._order), None
        self._child = child.process
        reader, writer = await asyncio.open_connection(sock=child.socket, limit=1 << 20)
        self._channel = channel = StreamChannel(reader, writer, MAX_FRAME)
        hearing = asyncio.create_task(hear(self._child, self._last_words.append))
        self._tasks = [hearing, asyncio.create_task(self._live(self._child, channel, hearing))]

    def can_detach(self) -> bool:
        """The child can go on without us."""
        return True

    def lost(self) -> tuple[str, ...]:
        """How the child died, and its last lines."""
        return self._lost

    async def recover(self) -> None:
        """Another child, which takes up the run, REDUCING; the same start again where there was no run yet."""
        if self._welcome is not None:
            self._order = replace(self._order, resume=self._welcome.directory)
        self._lost, self._ended, self._latest, self._status = (), None, None, "taking up the run"
        self._last_words.clear()
        await self.start()

    async def close(self, stop: bool = True) -> None:
        """Say that we go, and wait for the run's end; a child that does not end in time is told again by signal."""
        if self._child is None or self._channel is None or self._is_closed:
            return
        self._is_closed = True
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(1):
                await self._channel.send(encode(Leave(stop)))
        if stop and not await has_ended(self._child, CLOSE_S):
            self._child.terminate()
            if not await has_ended(self._child, 2.0):
                self._child.kill()
        await asyncio.wait(self._tasks, timeout=1.0 if stop else 0)  # for its last word: with what code it ended
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if isinstance(self._channel, StreamChannel):
            await self._channel.finish()

    async def _live(self, child: Process, channel: StreamChannel, hearing: "asyncio.Task[None]") -> None:
        """Read until the child has no more to say; one that neither said how it ended nor ended well has died."""
        try:
            await self._read(channel)
        except WireError as error:
            self._last_words.append(str(error))
        finally:
            channel.close()
        if self._ended is not None:
            return
        await has_ended(child, 2.0)
        await asyncio.wait([hearing], timeout=1.0)
        run = "before it had a run" if self._welcome is None else f"run {Path(self._welcome.directory).name}"
        if child.returncode in ENDINGS:  # it ended well, while we could not listen
            self._ended, self._status = child.returncode, f"{run} has ended"
            return
        self._lost = (f"the engine died, {how(child.returncode)}; {run}", *self._last_words)
        self._ended = 1
        self._status = " | ".join(dict.fromkeys((self._lost[0], self._lost[-1])))
