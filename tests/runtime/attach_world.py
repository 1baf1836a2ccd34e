"""Engines to attach to, consoles that remember what they were shown, and peers that behave badly."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catui.domain.events import Command
from catui.runtime.attach import AttachHost, local
from catui.runtime.desk import new_session
from catui.runtime.door import Door
from catui.runtime.engines import Card, engines
from catui.runtime.framing import MAX_FRAME, framed, read_frame
from catui.runtime.journal import JournalReader
from catui.runtime.listen import attended
from catui.runtime.manifest import Seal
from catui.runtime.session import Session
from catui.runtime.startorder import Start
from catui.runtime.wire import (
    Denied,
    Ended,
    Hello,
    Published,
    Role,
    ToConsole,
    ToEngine,
    Welcome,
    decode_to_console,
    encode,
)
from catui.snapshot import Snapshot

Run = Callable[..., Coroutine[Any, Any, Seal]]
DEADLINE_S = 120.0  # far beyond what anything here takes
STEP_S = 0.01


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime directory of this test's own, with a path that is short enough for a socket."""
    directory = Path(tempfile.mkdtemp(prefix="catui-", dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(directory))
    yield directory / "catui"
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Lasting"]:
    """An engine that outlives its consoles: one for every test that leaves it as it was."""
    directory = Path(tempfile.mkdtemp(prefix="catui-", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(directory))
        running = Engine(tmp_path_factory.mktemp("home"))
        card = asyncio.run(running.card())
    yield Lasting(running, card, directory)
    asyncio.run(running.close())
    shutil.rmtree(directory)


@pytest.fixture
def desk(lasting: "Lasting", monkeypatch: pytest.MonkeyPatch) -> "Lasting":
    """That engine, where it is looked for."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(lasting.directory))
    return lasting


async def until(seen: Callable[[], Any]) -> Any:
    """What `seen` gives, once it gives something."""
    for _ in range(int(DEADLINE_S / STEP_S)):
        found = seen()
        if found:
            return found
        await asyncio.sleep(STEP_S)
    raise AssertionError("nothing came")


class Console(AttachHost):
    """An attached console that keeps every snapshot it was shown, by sequence number."""

    def __init__(self, card: Card, role: Role = "control") -> None:
        super().__init__(local(card), role)
        self.seen: dict[int, Snapshot] = {}

    def _show(self, snapshot: Snapshot) -> None:
        super()._show(snapshot)
        self.seen[snapshot.seq] = snapshot

    @property
    def desk(self) -> Snapshot:
        """What it shows."""
        assert self._latest is not None, self.status()
        return self._latest

    def vanish(self) -> None:
        """Go without a word."""
        assert self._channel is not None
        self._channel.close()

    @property
    def name(self) -> str:
        """As the engine calls it."""
        assert self._welcome is not None, self.status()
        return self._welcome.name

    async def answer(self, id: str) -> tuple[bool, str, str]:
        """Whether a command was done, in which words, and whose it was."""

        def found() -> tuple[bool, str, str] | None:
            results = self._latest.results if self._latest is not None else ()
            return next(((r.ok, r.text, r.author) for r in results if r.id == id), None)

        answered: tuple[bool, str, str] = await until(found)
        return answered


@asynccontextmanager
async def attached(card: Card, role: Role = "control") -> AsyncIterator[Console]:
    """A console that is in and has seen the desk."""
    console = Console(card, role)
    await console.start()
    try:
        await until(lambda: console.latest() or console.lost())
        yield console
    finally:
        await console.close(stop=False)


class Raw:
    """A peer that says what it likes, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @staticmethod
    async def knock(card: Card) -> "Raw":
        """Connect, and say nothing."""
        return Raw(*await asyncio.open_unix_connection(str(card.file("sock"))))

    @staticmethod
    async def enter(card: Card, name: str = "raw", role: Role = "control") -> "Raw":
        """Connect and be let in."""
        raw = await Raw.knock(card)
        raw.say(Hello(name, role))
        assert isinstance(await raw.hear(), Welcome)
        return raw

    def say(self, *messages: ToEngine) -> None:
        """Send messages."""
        self.writer.write(b"".join(framed(encode(message)) for message in messages))

    async def hear(self) -> ToConsole | None:
        """The engine's next message; None: it hung up."""
        payload = await asyncio.wait_for(read_frame(self.reader, MAX_FRAME), DEADLINE_S)
        return None if payload is None else decode_to_console(payload)

    async def denied(self) -> Denied:
        """What the engine denies next; snapshots on the way are passed over."""
        while not isinstance(message := await self.hear(), Denied):
            assert isinstance(message, Published), message
        return message

    async def hung_up(self) -> bool:
        """Wait until the engine ends the connection."""
        while await self.hear() is not None:
            pass
        return True

    def close(self) -> None:
        """Go without a word."""
        self.writer.transport.abort()


@asynccontextmanager
async def here(start: Start) -> AsyncIterator[tuple[Session, Door, Card, Run]]:
    """An engine in this very process, open to consoles, which runs when it is told to."""
    session = await new_session(start)
    faults: list[str] = []
    async with attended(session, faults.append) as door:
        assert faults == []
        [card] = [each for each in engines() if each.run == session.name]
        try:
            yield session, door, card, session.run
        finally:
            await door.close(Ended(0, "the test is over"))
            session.engine.journal.close()


class Engine:
    """`catui run` in a process of its own, for a user who has nothing yet."""

    def __init__(self, home: Path, *words: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CATUI_")}
        self.runs = home / "runs"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "catui", "run", "--json", "--runs", str(self.runs), *QUICK, *words],
            env={**kept, "HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    async def card(self) -> Card:
        """Its card, once it listens."""
        pid = self.process.pid
        found: Card = await until(lambda: next((card for card in engines() if card.pid == pid), None))
        return found

    async def end(self) -> dict[str, Any]:
        """Wait for its end: the summary, with the exit code in it."""
        out, err = await asyncio.to_thread(self.process.communicate, None, DEADLINE_S)
        assert self.process.returncode in (0, 3), err
        summary: dict[str, Any] = json.loads(out.splitlines()[-1])
        return {**summary, "code": self.process.returncode}

    async def close(self) -> None:
        """End it cleanly, if it has not ended: the journal is sealed."""
        self.process.terminate()
        await asyncio.to_thread(self.process.communicate, None, DEADLINE_S)


class Lasting(NamedTuple):
    """A running engine, its card, and the directory in which it is announced."""

    engine: Engine
    card: Card
    directory: Path


QUICK = (
    *("--set", "strategies.momentum.fast_half_life_ticks=3", "--set", "strategies.momentum.slow_half_life_ticks=9"),
    *("--set", "features.warm_up_ticks=3", "--set", "planning.min_change=0.05"),
)


@asynccontextmanager
async def engine(home: Path, *words: str) -> AsyncIterator[tuple[Engine, Card]]:
    """An engine that listens."""
    running = Engine(home, *words)
    try:
        yield running, await running.card()
    finally:
        await running.close()


def commands(directory: Path) -> list[Command]:
    """Every command in a run's journal."""
    reader = JournalReader(directory)
    found = [event for event in reader.events() if isinstance(event, Command)]
    reader.close()
    return found


def refused_socket(path: Path) -> None:
    """What a dead process leaves: a socket with nobody behind it."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
