"""The embedded exchange as a child process: started at once, its address asked for when it is needed.

Nothing is imported here but what starting takes: the exchange reads its code while whoever wants it reads its own.
"""

import asyncio
import subprocess
import sys
from collections import deque

import msgspec
from msgspec import Struct

from catui.errors import UsageError, VenueError
from catui.offspring import Process, first_line, has_ended, hear
from catui.text import printable

START_S = 15.0
LEAVE_S = 3.0
LINES = 5  # of its last words that are kept


class Wanted(Struct, frozen=True):
    """Which market: the seed of its script, its symbols, and its time over the wall's."""

    seed: int
    symbols: tuple[str, ...]
    speed: float


class Ready(Struct, frozen=True):
    """Where the exchange listens, and the paper account's credentials: its first line on stdout."""

    http_url: str
    ws_url: str
    symbols: tuple[str, ...]
    api_key: str
    api_secret: str


class Launched:
    """An exchange that starts. It ends when our end of its standard input closes, with us at the latest."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._last_words: deque[str] = deque(maxlen=LINES)
        self._hearing: asyncio.Task[None] | None = None

    async def ready(self) -> Ready:
        """Where it listens, once it does. VenueError: it did not start; its last words are in the message."""
        self._hearing = asyncio.create_task(hear(self._process, self._last_words.append))
        try:
            line = await asyncio.wait_for(first_line(self._process), START_S)
            return msgspec.json.decode(line, type=Ready)
        except (TimeoutError, msgspec.DecodeError):
            self._process.kill()
            await self._hearing  # to its last word
            await self.end()
            said = " ".join(self._last_words) or "no answer"
            raise VenueError(f"the embedded exchange did not start: {printable(said, 200)}") from None

    async def end(self) -> None:
        """Ask it to go; one that does not end in time is killed."""
        self._process.terminate()
        if not await has_ended(self._process, LEAVE_S):
            self._process.kill()
            await has_ended(self._process, LEAVE_S)
        if self._hearing is not None:
            self._hearing.cancel()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


def launch(wanted: Wanted) -> Launched:
    """Start the exchange, on a port that is free. OSError: it cannot be started."""
    words = "-m", "catui.venues.simulated.child", msgspec.json.encode(wanted).decode()
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, *words], stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
    return Launched(process)


def seed_of(text: str, default: int) -> int:
    """The seed in `simulated[:SEED]`, what is behind the colon. UsageError: it is no seed."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) < 2**32):
        raise UsageError(f"--source simulated:{printable(text)}: the seed must be 0 to {2**32 - 1}; e.g. simulated:7")
    return int(text)
