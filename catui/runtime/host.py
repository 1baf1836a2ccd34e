"""Hosts: where the engine of a console runs. `process` is the default, `thread` for places without children.

    ProcessHost   a child process and one end of a socket pair: one C call that keeps the console up cannot touch it
    ThreadHost    a thread with its own loop
    TaskHost      a task on the console's own loop: for tests

Each shows the same face to the console: the latest snapshot, commands in, a view, and how the engine is doing.
"""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from typing import Protocol

import msgspec

from catui.domain.events import Action
from catui.errors import CatuiError, UsageError
from catui.runtime.desk import Start, new_session
from catui.runtime.publish import Publisher
from catui.runtime.session import Session
from catui.runtime.startorder import StartOrder, encode_order
from catui.runtime.wire import Ask, Ended, Leave, Look, Progress, Published, ToConsole, ToEngine, frame, read_to_console
from catui.snapshot import Snapshot, View
from catui.text import printable
from catui.venues.wallclock import now_ns

CLOSE_S = 8.0  # a clean end cancels orders and may wait for the venue


class Host(Protocol):
    """An engine as a console sees it."""

    def latest(self) -> Snapshot | None:
        """The newest snapshot; None before the first."""

    def age_s(self) -> float:
        """Seconds since a snapshot came, by our clock."""

    def status(self) -> str:
        """One line: starting, running, or how it ended."""

    def ended(self) -> int | None:
        """The exit code, once the engine has ended."""

    def set_view(self, view: View) -> None:
        """What the console shows."""

    async def send(self, action: Action, reason: str = "", seen_seq: int | None = None) -> str:
        """A command; its id, under which the answer will stand in `Snapshot.results`."""

    async def start(self) -> None:
        """Start the engine; returns when it runs or has failed."""

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly, or leave it (`stop` False)."""

    def owns(self) -> bool:
        """Whether the engine was started from here."""

    def can_detach(self) -> bool:
        """Whether it can go on without us."""

    def may_command(self) -> bool:
        """Whether it takes our commands."""

    async def claim(self, token: str) -> str:
        """Ask for control; empty once it is given, else why not."""

    def lost(self) -> tuple[str, ...]:
        """What is known of an engine that went without a word."""

    async def recover(self) -> None:
        """Take up what was lost."""

    def write_kill_file(self) -> str:
        """Leave a kill order in the run's directory; the file."""


class _Slot:
    """What every host keeps: one snapshot, overwritten; one line of status."""

    def __init__(self, author: str) -> None:
        self.author = author
        self._latest: Snapshot | None = None
        self._came_ns = now_ns()
        self._status = "starting"
        self._ended: int | None = None
        self._commands = 0

    def latest(self) -> Snapshot | None:
        return self._latest

    def age_s(self) -> float:
        return (now_ns() - self._came_ns) / 1e9

    def status(self) -> str:
        return self._status

    def ended(self) -> int | None:
        return self._ended

    def owns(self) -> bool:
        return True

    def can_detach(self) -> bool:
        return False

    def may_command(self) -> bool:
        return True

    async def claim(self, token: str) -> str:
        return "" if self.may_command() else "nobody here gives control"

    def lost(self) -> tuple[str, ...]:
        return ()

    async def recover(self) -> None:
        raise UsageError("this engine cannot be taken up from here")

    def write_kill_file(self) -> str:
        raise UsageError("the engine runs in this very process; where it does not answer, end the process")

    def _show(self, snapshot: Snapshot) -> None:
        self._latest, self._came_ns, self._status = snapshot, now_ns(), "running"

    def _next_id(self) -> str:
        self._commands += 1
        return f"{self.author}-{os.getpid()}-{self._commands}"


class ProcessHost(_Slot):
    """The engine as a child in a process group of its own, its stderr in a pipe."""

    def __init__(self, order: StartOrder, author: str = "operator") -> None:
        super().__init__(author)
        self._order = order
        self._child: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._last_words: deque[str] = deque(maxlen=20)
        self._is_closed = False

    async def start(self) -> None:
        """Start the child and hand it the start order."""
        ours, theirs = socket.socketpair()
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "catui.runtime.child",
            str(theirs.fileno()),
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        theirs.close()
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        self._writer.write(encode_order(self._order))
        self._tasks = [asyncio.create_task(self._read(reader)), asyncio.create_task(self._hear())]

    def set_view(self, view: View) -> None:
        """Tell the engine what is visible."""
        self._write(Look(view))

    async def send(self, action: Action, reason: str = "", seen_seq: int | None = None) -> str:
        """Send a command over the socket."""
        id = self._next_id()
        self._write(Ask(id, self.author, action, reason, seen_seq))
        return id

    async def close(self, stop: bool = True) -> None:
        """Say that we go, and wait for the run's end; a child that does not end in time is told again by signal."""
        if self._child is None or self._is_closed:
            return
        self._is_closed = True
        self._write(Leave(stop))
        if stop and not await self._wait(CLOSE_S):
            self._child.terminate()
            if not await self._wait(2.0):
                self._child.kill()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()

    async def _wait(self, seconds: float) -> bool:
        """Whether the child has ended within `seconds`."""
        assert self._child is not None
        try:
            await asyncio.wait_for(self._child.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _write(self, message: ToEngine) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(frame(message))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            match await read_to_console(reader):
                case Published(snapshot=snapshot):
                    self._show(snapshot)
                case Progress(text=text):
                    self._status = text
                case Ended(exit_code=code, text=text):
                    self._ended, self._status = code, text
                case None:
                    break
        if self._ended is None and self._child is not None:
            await self._wait(2.0)
            died = self._child.returncode
            words = " | ".join(self._last_words)
            self._ended = 1 if died is None else died
            self._status = f"engine died with exit code {died}" + (f": {words}" if words else "")

    async def _hear(self) -> None:
        """The child's stderr never reaches the terminal: its last lines are kept for the status."""
        assert self._child is not None
        assert self._child.stderr is not None
        while line := await self._child.stderr.readline():
            self._last_words.append(printable(line.decode("utf-8", "replace").strip(), 200))


class TaskHost(_Slot):
    """The engine as a task on the loop it is started from."""

    def __init__(self, start: Start, author: str = "operator") -> None:
        super().__init__(author)
        self._start = start
        self._session: Session | None = None
        self._publisher: Publisher | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Open the source and go."""
        try:
            self._session = await new_session(self._start)
        except CatuiError as error:
            self._ended, self._status = error.exit_code, str(error)
            return
        self._publisher = Publisher(self._session, self._receive)
        self._tasks = [asyncio.create_task(self._publisher.run()), asyncio.create_task(self._run(self._session))]

    def set_view(self, view: View) -> None:
        """What the next snapshots hold."""
        if self._publisher is not None:
            self._publisher.look = view

    async def send(self, action: Action, reason: str = "", seen_seq: int | None = None) -> str:
        """Put a command into the session's queue."""
        id = self._next_id()
        if self._session is not None:
            self._session.command(action, self.author, reason, seen_seq, id)
        return id

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly."""
        if self._session is None:
            return
        self._session.stop("console left")
        publishing, running = self._tasks
        await asyncio.wait([running], timeout=CLOSE_S)
        publishing.cancel()
        running.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _receive(self, payload: bytes) -> None:
        match msgspec.msgpack.decode(payload[4:], type=ToConsole):
            case Published(snapshot=snapshot):
                self._show(snapshot)
            case Progress(text=text) | Ended(text=text):
                self._status = text

    async def _run(self, session: Session) -> None:
        try:
            seal = await session.run()
            self._status, self._ended = f"run {session.name}: {seal.reason}", 0
        except CatuiError as error:
            self._status, self._ended = str(error), error.exit_code
        finally:
            session.engine.journal.close()


class ThreadHost(_Slot):
    """The engine in a thread with its own loop: where no child process is allowed."""

    def __init__(self, start: Start, author: str = "operator") -> None:
        super().__init__(author)
        self._inner = TaskHost(start, author)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._leave: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._main, name="catui-engine", daemon=True)

    def latest(self) -> Snapshot | None:
        return self._inner.latest()

    def age_s(self) -> float:
        return self._inner.age_s()

    def status(self) -> str:
        return self._inner.status()

    def ended(self) -> int | None:
        return self._inner.ended()

    async def start(self) -> None:
        """Start the thread; returns when the engine runs or has failed."""
        self._thread.start()
        await asyncio.to_thread(self._ready.wait)

    def set_view(self, view: View) -> None:
        """What the next snapshots hold."""
        self._inner.set_view(view)

    async def send(self, action: Action, reason: str = "", seen_seq: int | None = None) -> str:
        """Hand a command over to the engine's loop."""
        if self._loop is None:
            return self._next_id()
        sending = asyncio.run_coroutine_threadsafe(self._inner.send(action, reason, seen_seq), self._loop)
        return await asyncio.wrap_future(sending)

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly and join the thread."""
        if self._loop is not None and self._leave is not None:
            self._loop.call_soon_threadsafe(self._leave.set)
            await asyncio.to_thread(self._thread.join, CLOSE_S)

    def _main(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._live())

    async def _live(self) -> None:
        self._loop, self._leave = asyncio.get_running_loop(), asyncio.Event()
        await self._inner.start()
        self._ready.set()
        await self._leave.wait()
        await self._inner.close()
