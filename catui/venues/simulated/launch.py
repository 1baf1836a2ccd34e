"""The embedded exchange as a child process: started at once, its address asked for when it is needed.

Nothing is imported here but what starting takes: the exchange reads its code while whoever wants it reads its own.
"""

import asyncio
import contextlib
import sys

import msgspec
from msgspec import Struct

from catui.errors import UsageError, VenueError
from catui.text import printable

START_S = 15.0


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

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ready(self) -> Ready:
        """Where it listens, once it does. VenueError: it did not start; its last words are in the message."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), START_S)
            return msgspec.json.decode(line, type=Ready)
        except (TimeoutError, msgspec.DecodeError):
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            words = (await self._process.stderr.read()).decode("utf-8", "replace").strip()
            said = printable(words, 200) or "no answer"
            raise VenueError(f"the embedded exchange did not start: {said}") from None

    async def end(self) -> None:
        """Ask it to go, and wait a little."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 3)


async def launch(wanted: Wanted) -> Launched:
    """Start the exchange, on a port that is free."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "catui.venues.simulated.child", msgspec.json.encode(wanted).decode()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    return Launched(process)


def seed_of(text: str, default: int) -> int:
    """The seed in `simulated[:SEED]`, what is behind the colon. UsageError: it is no seed."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) < 2**32):
        raise UsageError(f"--source simulated:{printable(text)}: the seed must be 0 to {2**32 - 1}; e.g. simulated:7")
    return int(text)
