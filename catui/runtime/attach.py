"""Attaching: a console of an engine that runs in another process, or on another machine."""

import asyncio
import contextlib
import getpass
from collections.abc import Awaitable, Callable

from catui.errors import CatuiError
from catui.runtime.channel import Channel, StreamChannel
from catui.runtime.engines import Card, engines
from catui.runtime.framing import MAX_FRAME
from catui.runtime.remote import Remote
from catui.runtime.wire import Denied, Hello, Leave, Role, Welcome, WireError, decode_to_console, encode

OPEN_S = 5.0  # for the connection, and for the engine's first word
LEAVE_S = 1.0  # for the last word to leave

Reach = Callable[[], Awaitable[Channel]]  # opens the way to an engine. CatuiError: one line why it cannot


_TAKEN_UP = "if it has died, `catui run --resume` with the directory of its run takes it up"


class AttachError(CatuiError):
    """The engine cannot be reached, or does not take us in."""


def local(card: Card) -> Reach:
    """The way to an engine of this user, by its run: one that was taken up again is found under its new number."""

    async def reach() -> Channel:
        here = next((each for each in engines() if each.directory == card.directory), card)
        try:
            async with asyncio.timeout(OPEN_S):
                reader, writer = await asyncio.open_unix_connection(str(here.file("sock")))
        except (OSError, TimeoutError) as error:
            words = getattr(error, "strerror", None) or "does not answer"
            raise AttachError(f"run {card.run}: its engine cannot be reached: {words.lower()}; {_TAKEN_UP}") from None
        return StreamChannel(reader, writer, MAX_FRAME)

    return reach


def login_name() -> str:
    """Whose console this is, as the system has it."""
    with contextlib.suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return "console"


async def greet(channel: Channel, hello: Hello) -> Welcome:
    """Say who we are; what we are there. AttachError: the engine takes nobody in, or says nothing."""
    try:
        async with asyncio.timeout(OPEN_S):
            await channel.send(encode(hello))
            payload = await channel.receive()
    except (TimeoutError, ConnectionError):
        raise AttachError("the engine does not answer; catui kill stops it all the same") from None
    match None if payload is None else decode_to_console(payload):
        case Welcome() as welcome:
            return welcome
        case Denied(text=text):
            raise AttachError(f"the engine does not take us in: {text}")
        case _:
            raise AttachError("the engine closed the connection")


class AttachHost(Remote):
    """A guest: it leaves without a trace, and the engine goes on."""

    def __init__(self, reach: Reach, role: Role, token: Callable[[], str] = str, is_here: bool = True) -> None:
        super().__init__()
        self._reach, self._role, self._token = reach, role, token
        self._is_here = is_here  # whether the run's directory is on this machine
        self._reading: asyncio.Task[None] | None = None
        self._lost: tuple[str, ...] = ()
        self._is_closed = False

    async def start(self) -> None:
        """Connect and say who we are; what goes wrong is said in `status`, and `recover` tries again."""
        try:
            channel = await self._reach()
            try:
                self._welcome = await greet(channel, Hello(login_name(), self._role, self._token()))
            except BaseException:
                channel.close()
                raise
        except CatuiError as error:
            self._gone(str(error))
            return
        self._channel = channel
        self._reading = asyncio.create_task(self._live(channel))

    def owns(self) -> bool:
        """The run is somebody else's."""
        return False

    def can_detach(self) -> bool:
        """That is all a guest can do."""
        return True

    def lost(self) -> tuple[str, ...]:
        """How the connection ended."""
        return self._lost

    async def recover(self) -> None:
        """Connect again."""
        self._lost, self._ended, self._latest, self._status = (), None, None, "attaching"
        await self.start()

    def write_kill_file(self) -> str:
        """Leave a kill order in the run's directory, if that is on this machine."""
        if not self._is_here:
            run = "RUN" if self._welcome is None else self._welcome.run
            raise AttachError(f"run {run} is on another machine; there: catui kill {run}")
        return super().write_kill_file()

    async def close(self, stop: bool = True) -> None:
        """Say that we go; `stop` asks the engine to end the run."""
        channel = self._channel
        if channel is None or self._reading is None or self._is_closed:
            return
        self._is_closed = True
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(LEAVE_S):
                await channel.send(encode(Leave(stop)))
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        channel.close()

    async def _live(self, channel: Channel) -> None:
        try:
            await self._read(channel)
        except WireError as error:
            self._gone(str(error))
        finally:
            self._channel = None
            channel.close()
        if self._ended is None:
            self._gone("the connection ended without a word; the engine may go on")

    def _gone(self, words: str) -> None:
        self._status, self._ended = words, 1
        self._lost = (words,)
