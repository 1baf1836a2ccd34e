"""The engine in the console's own process: a thread for places without children, a task for tests.

Both speak with it over a socket pair, as with a child, and others attach to it as to any engine.
"""

import asyncio
import contextlib
import socket
import sys
import threading

from catui.errors import UsageError
from catui.runtime.channel import StreamChannel
from catui.runtime.framing import MAX_FRAME
from catui.runtime.process import CLOSE_S
from catui.runtime.remote import Remote
from catui.runtime.serving import run_for
from catui.runtime.startorder import Start, StartOrder, order_of
from catui.runtime.wire import Leave, WireError, encode

SWITCH_S = 0.0005  # so that painting holds the engine's thread up for no longer


async def _engine(theirs: socket.socket, order: StartOrder) -> None:
    await run_for(await asyncio.open_connection(sock=theirs), order)


class TaskHost(Remote):
    """The engine as a task on the loop it is started from."""

    def __init__(self, start: Start) -> None:
        super().__init__()
        self._order = order_of(start)
        self._stream: StreamChannel | None = None
        self._reading: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin, and listen to it."""
        ours, theirs = socket.socketpair()
        self._begin(theirs)
        self._channel = self._stream = StreamChannel(*await asyncio.open_connection(sock=ours), MAX_FRAME)
        self._reading = asyncio.create_task(self._live(self._stream))

    async def close(self, stop: bool = True) -> None:
        """End the run: it cannot go on without this process."""
        if self._stream is None or self._reading is None:
            return
        stream, self._stream = self._stream, None
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(1):
                await stream.send(encode(Leave(stop=True)))
        await self._gone()
        await asyncio.wait([self._reading], timeout=1.0)  # for its last word: with what code it ended
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await stream.finish()

    def write_kill_file(self) -> str:
        """Nobody would look for it. UsageError: always."""
        raise UsageError("the engine runs in this very process: where it does not answer, end the process")

    def _begin(self, theirs: socket.socket) -> None:
        self._running = asyncio.create_task(_engine(theirs, self._order))

    async def _gone(self) -> None:
        """Wait for its end, but not for ever."""
        if self._running is not None:
            await asyncio.wait([self._running], timeout=CLOSE_S)
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _live(self, channel: StreamChannel) -> None:
        words = "the engine ended without a word"
        try:
            await self._read(channel)
        except WireError as error:
            words = str(error)
        if self._ended is None:
            self._ended, self._status = 1, words


class ThreadHost(TaskHost):
    """The engine in a thread with its own loop: where no child process is allowed."""

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self._thread: threading.Thread | None = None

    def _begin(self, theirs: socket.socket) -> None:
        self._thread = threading.Thread(target=self._main, args=(theirs,), name="catui-engine", daemon=True)
        self._thread.start()

    async def _gone(self) -> None:
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, CLOSE_S)

    def _main(self, theirs: socket.socket) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_S)
        try:
            asyncio.run(_engine(theirs, self._order))
        finally:
            sys.setswitchinterval(usual)
