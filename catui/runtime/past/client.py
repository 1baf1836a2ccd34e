"""The console's end: starts the seeker, hands it requests, keeps the newest of each of its answers."""

import asyncio
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from catui.runtime.framing import read_frame
from catui.runtime.past.messages import (
    Bookmarks,
    Compared,
    Explained,
    FromSeeker,
    Grown,
    Inspected,
    Moment,
    Offered,
    Opened,
    Reach,
    Refused,
    Timeline,
    ToSeeker,
    Working,
    frame,
    read_from_seeker,
)
from catui.text import printable

LEAVE_S = 2.0


class Answers:
    """The newest of each answer: polled, never queued."""

    def __init__(self) -> None:
        self.opened: Opened | None = None
        self.reach: Reach | None = None
        self.moment: Moment | None = None
        self.explained: Explained | None = None
        self.inspected: Inspected | None = None
        self.timeline: Timeline | None = None
        self.bookmarks: Bookmarks | None = None
        self.refused: Refused | None = None
        self.working = ""
        self.offered: Offered | None = None
        self.grown: Grown | None = None
        self.compared: Compared | None = None

    def take(self, message: FromSeeker) -> None:
        """Put an answer into its place."""
        match message:
            case Opened():
                self.opened = message
            case Reach():
                self.reach = message
            case Moment():
                self.moment = message
            case Explained():
                self.explained = message
            case Inspected():
                self.inspected = message
            case Timeline():
                self.timeline = message
            case Bookmarks():
                self.bookmarks = message
            case Working(text=text):
                self.working = text
            case Refused():
                self.refused = message
            case Offered():
                self.offered = message
            case Grown():
                self.grown = message
            case Compared():
                self.compared = message


class SeekerClient:
    """The seeker of one run, as a child. It may die: then `died` says so, and `start` starts it again."""

    def __init__(self, directory: Path, cache: Path) -> None:
        self.answers = Answers()
        self.died = ""  # how, once it has
        self.on_answer: Callable[[], None] = lambda: None
        self._directory = directory
        self._cache = cache
        self._child: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._last_words: deque[str] = deque(maxlen=20)

    @property
    def is_running(self) -> bool:
        """Whether there is somebody to ask."""
        return self._writer is not None and not self.died

    async def start(self) -> None:
        """Start the child, or start it again; what was known of the run stays until it says better."""
        await self.close()
        ours, theirs = socket.socketpair()
        self._child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "catui.runtime.past.process", str(theirs.fileno())),
            *(str(self._directory), str(self._cache)),
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        theirs.close()
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        self.died = ""
        self._tasks = [asyncio.create_task(self._read(reader)), asyncio.create_task(self._hear())]

    def ask(self, message: ToSeeker) -> None:
        """Hand over a request; nothing happens where there is nobody to ask."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(frame(message))

    async def close(self) -> None:
        """Let the child go; it ends with its stream."""
        if self._child is None:
            return
        if self._writer is not None:
            self._writer.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await asyncio.wait_for(self._child.wait(), LEAVE_S)
        except TimeoutError:
            self._child.kill()
            await self._child.wait()
        self._child, self._writer = None, None

    async def _read(self, reader: asyncio.StreamReader) -> None:
        assert self._child is not None
        while (payload := await read_frame(reader)) is not None:
            try:
                self.answers.take(read_from_seeker(payload))
                self.on_answer()
            except msgspec.DecodeError as error:
                self._last_words.append(printable(f"it spoke another language: {error}", 200))
                break
        if self._writer is not None:
            self._writer.close()
        code = await self._child.wait()
        words = f": {self._last_words[-1]}" if self._last_words else ""
        self.died = f"the seeker ended with exit code {code}{words}"
        self.on_answer()

    async def _hear(self) -> None:
        """The child's stderr never reaches the terminal."""
        assert self._child is not None
        assert self._child.stderr is not None
        while line := await self._child.stderr.readline():
            self._last_words.append(printable(line.decode("utf-8", "replace").strip(), 200))
