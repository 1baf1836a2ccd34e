"""The engine in the console's own process: a thread for places without children, a task for tests."""

import asyncio
import contextlib
import os
import sys
import threading

from catui.domain.events import Action
from catui.errors import CatuiError, UsageError
from catui.preview import PreviewView
from catui.runtime.desk import new_session
from catui.runtime.process import CLOSE_S
from catui.runtime.publish import Peer, Publisher
from catui.runtime.session import Session
from catui.runtime.slot import Slot
from catui.runtime.startorder import Start
from catui.runtime.wire import Preview, Previewed, Progress, Published, decode_to_console
from catui.snapshot import Snapshot, View

SWITCH_S = 0.0005  # so that painting holds the engine's thread up for no longer


class TaskHost(Slot):
    """The engine as a task on the loop it is started from."""

    def __init__(self, start: Start, author: str = "operator") -> None:
        super().__init__()
        self._start = start
        self._session: Session | None = None
        self._publisher: Publisher | None = None
        self._peer = Peer(author, "control")
        self._commands = 0
        self._showing: list[asyncio.Task[None]] = []
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the source and go."""
        try:
            self._session = await new_session(self._start)
        except CatuiError as error:
            self._ended, self._status = error.exit_code, str(error)
            return
        self._publisher = Publisher(self._session)
        self._publisher.peers.append(self._peer)
        self._showing = [
            asyncio.create_task(self._publisher.run()),
            asyncio.create_task(self._peer.pump(self._receive)),
        ]
        self._running = asyncio.create_task(self._run(self._session))

    def set_view(self, view: View) -> None:
        """What the next snapshots hold."""
        self._peer.look = view

    def preview(self, id: str, action: Action) -> None:
        """Ask the session what it would say."""
        if self._publisher is not None:
            self._publisher.preview(self._peer, Preview(id, action))

    async def send(
        self, action: Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """Put a command into the session's queue."""
        self._commands += 1
        id = f"{self._peer.name}-{os.getpid()}-{self._commands}"
        if self._session is not None:
            self._session.command(action, self._peer.name, reason, seen_seq, id, expected)
        return id

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly."""
        if self._session is None or self._running is None:
            return
        self._session.stop("console left")
        await asyncio.wait([self._running], timeout=CLOSE_S)
        for task in (*self._showing, self._running):
            task.cancel()
        await asyncio.gather(*self._showing, self._running, return_exceptions=True)

    async def _receive(self, payload: bytes) -> None:
        match decode_to_console(payload):
            case Published(snapshot=snapshot):
                self._show(snapshot)
            case Previewed(id=id, view=view):
                self._previewed = (id, view)
            case Progress(text=text):
                self._status = text
            case _:
                pass

    async def _run(self, session: Session) -> None:
        try:
            seal = await session.run()
            self._status, self._ended = f"run {session.name}: {seal.reason}", 0
        except CatuiError as error:
            self._status, self._ended = str(error), error.exit_code
        finally:
            session.engine.journal.close()


class ThreadHost(Slot):
    """The engine in a thread with its own loop: where no child process is allowed."""

    def __init__(self, start: Start, author: str = "operator") -> None:
        super().__init__()
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

    def preview(self, id: str, action: Action) -> None:
        """Ask in the engine's loop."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._inner.preview, id, action)

    def previewed(self) -> tuple[str, PreviewView] | None:
        return self._inner.previewed()

    async def send(
        self, action: Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """Hand a command over to the engine's loop."""
        if self._loop is None:
            raise UsageError("the engine's thread has not started")
        sending = asyncio.run_coroutine_threadsafe(self._inner.send(action, reason, seen_seq, expected), self._loop)
        return await asyncio.wrap_future(sending)

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly and join the thread."""
        if self._loop is not None and self._leave is not None:
            self._loop.call_soon_threadsafe(self._leave.set)
            await asyncio.to_thread(self._thread.join, CLOSE_S)

    def _main(self) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_S)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(self._live())
        finally:
            sys.setswitchinterval(usual)

    async def _live(self) -> None:
        self._loop, self._leave = asyncio.get_running_loop(), asyncio.Event()
        await self._inner.start()
        self._ready.set()
        await self._leave.wait()
        await self._inner.close()
