"""Snapshots to consoles: twelve a second, and out of turn after a command, at most thirty, however many consoles look.

One clock makes one snapshot a turn. Consoles that look at the same share it; those that look at something else take
turns, so that a further console costs the desk nothing. A console that has not taken its last snapshot gets none until
it has: it drops snapshots, and nobody waits for it.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable

from catui.runtime.session import Session
from catui.runtime.wire import Ended, Preview, Previewed, Progress, Published, Role, ToConsole, encode
from catui.snapshot import ConsoleView, View
from catui.text import printable

PERIOD_S = 1 / 12
LEAST_S = 1 / 30
WORDS = 64  # that may wait for one console: a peer that does not even take these is gone


class Peer:
    """A console as the engine has it: who it is, what it looks at, and what it has not taken yet."""

    def __init__(self, name: str, role: Role) -> None:
        self.name, self.role = name, role
        self.look = View()
        self.dropped = 0
        self.turn = 0  # when it last had one
        self.is_owed = False  # it asked for something: it goes first
        self.asked: Preview | None = None  # what it asked last and was not answered yet
        self.answered_s = 0.0  # when it last was
        self._picture: bytes | None = None
        self._load: bytes | None = None  # something large of its own
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._words: deque[bytes] = deque()
        self._is_over = False
        self._ready = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def is_free(self) -> bool:
        """Whether it has taken the last snapshot."""
        return self._picture is None

    def show(self, picture: bytes) -> None:
        """The newest snapshot, in the place of one that was not taken; none behind the last words."""
        if not self._is_over:
            self._picture = picture
            self._wake()

    def tell(self, message: ToConsole) -> None:
        """A word for this console alone. Told ahead of snapshots, and never in the place of one."""
        if len(self._words) < WORDS:
            self._words.append(encode(message))
            self._wake()

    async def hand(self, message: ToConsole) -> None:
        """Something large, behind words and snapshots; returns once it is taken, so that nothing of it gathers here."""
        await self._has_room.wait()
        self._has_room.clear()
        self._load = encode(message)
        self._wake()
        await self._has_room.wait()

    def bid(self, *messages: ToConsole) -> None:
        """The last words: nothing is shown behind them."""
        self._picture, self._load, self._is_over = None, None, True
        self._words += map(encode, messages)
        self._wake()

    async def pump(self, send: Callable[[bytes], Awaitable[None]]) -> None:
        """Hand over whatever there is, for as long as there is somebody."""
        try:
            while True:
                await self._ready.wait()
                while self._words:
                    await send(self._words.popleft())
                if (picture := self._picture) is not None:
                    await send(picture)
                    self._picture = None if self._picture is picture else self._picture
                if (load := self._load) is not None:
                    await send(load)
                    self._load = None
                    self._has_room.set()
                if not self._words and self._picture is None:
                    self._ready.clear()
                    self._idle.set()
        except ConnectionError:
            self._idle.set()  # there is nobody to wait for

    async def taken(self, seconds: float) -> None:
        """Wait until everything is handed over, but no longer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    def _wake(self) -> None:
        self._ready.set()
        self._idle.clear()


class Publisher:
    """The one clock of a session, and the consoles it draws for."""

    def __init__(self, session: Session) -> None:
        self.peers: list[Peer] = []
        self._session = session
        self._turn = 0
        self._urgent = asyncio.Event()
        session.on_urgent = self._urgent.set

    def publish(self) -> None:
        """One snapshot, for the consoles whose turn it is."""
        due = self._due()
        self._session.consoles = tuple(ConsoleView(p.name, p.role, p.dropped) for p in self.peers)
        if due:
            picture = encode(self._made(due[0].look))
            for peer in due:
                peer.show(picture)
        for peer in self.peers:
            if peer.asked is not None:
                self._answer(peer, peer.asked)

    def preview(self, peer: Peer, asked: Preview) -> None:
        """Answer, at once or with the next turn: a person who types faster has only the last one answered."""
        peer.asked = asked
        if asyncio.get_running_loop().time() - peer.answered_s >= LEAST_S:
            self._answer(peer, asked)

    def _answer(self, peer: Peer, asked: Preview) -> None:
        peer.asked, peer.answered_s = None, asyncio.get_running_loop().time()
        peer.tell(Previewed(asked.id, self._session.preview(asked.action, peer.name)))

    def end(self, ended: Ended) -> None:
        """Every console's last snapshot, and how the run ended."""
        for peer in self.peers:
            peer.bid(self._made(peer.look), ended)

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            self.publish()
            await asyncio.sleep(LEAST_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PERIOD_S - LEAST_S):
                    await self._urgent.wait()
            self._urgent.clear()

    def _due(self) -> list[Peer]:
        """Who gets the next snapshot: the longest without one, and whoever looks at the same."""
        for _ in self.peers:
            first = min(self.peers, key=lambda peer: (not peer.is_owed, peer.turn))
            group = [peer for peer in self.peers if peer.look == first.look]
            self._turn += 1
            for peer in group:
                peer.turn, peer.is_owed = self._turn, False
                peer.dropped += not peer.is_free
            if free := [peer for peer in group if peer.is_free]:
                return free
        return []

    def _made(self, look: View) -> ToConsole:
        """A snapshot; a fault in making it is told instead: what trades must not end by what is shown."""
        try:
            return Published(self._session.snapshot(look))
        except Exception as error:
            return Progress(f"the snapshot failed: {printable(f'{type(error).__name__}: {error}', 120)}")
