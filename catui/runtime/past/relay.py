"""The seeker of a console from afar, at the engine's side: a process that only reads, one a console, ended with it.

The engine starts it and carries its bytes; it decodes no answer, and what the console does not take stays in the
seeker's socket, so that nothing of it waits here. Branches are not grown for others: they are work without end.
"""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from catui.runtime.past.child import Way
from catui.runtime.past.messages import AskedOfRun, Keep, Refused, encode
from catui.runtime.wire import AskPast, BeginPast, EndPast, OfPast, PastEnded, PastTold, WireError

NICE = 15  # beside the desk of others: it has what nobody else wants
MOST_WAITING = 256  # requests to a seeker that is being started, or let go
WATCHES = Refused(0, "this console may only watch: no bookmark was kept")

_asked: msgspec.msgpack.Decoder[AskedOfRun] = msgspec.msgpack.Decoder(AskedOfRun)


class Relay:
    """One console's past. `hand` gives a message to the console, and returns when it may have another.

    What the console wants is taken in at once and done by a task of its own: to start a seeker, or to wait for the end
    of one, must not hold up what the console says next, which may be a kill.
    """

    def __init__(self, seeker: Way, hand: Callable[[PastTold | PastEnded], Awaitable[None]]) -> None:
        self._seeker = seeker
        self._hand = hand
        self._wanted: asyncio.Queue[BeginPast | EndPast | Refused | bytes] = asyncio.Queue(MOST_WAITING)
        self._number = 0
        self._working: asyncio.Task[None] | None = None
        self._carrying: asyncio.Task[None] | None = None

    def want(self, message: OfPast, *, may_keep: bool) -> None:
        """What the console wants of its past; `may_keep`: bookmarks beside the run too.

        WireError: no request to a seeker from afar, or more of them than wait for one.
        """
        wanted = _judged(message.request, may_keep=may_keep) if isinstance(message, AskPast) else message
        if self._wanted.full():
            raise WireError(f"more than {MOST_WAITING} requests wait for the seeker")
        self._wanted.put_nowait(wanted)
        self._working = self._working or asyncio.create_task(self._work())

    async def end(self) -> None:
        """Let the seeker go, and do nothing more."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
        await self._let_go()

    async def _work(self) -> None:
        while True:
            match await self._wanted.get():
                case BeginPast(number=number):
                    await self._let_go()
                    await self._begin(number)
                case EndPast():
                    await self._let_go()
                case Refused() as refused:
                    await self._hand(PastTold(self._number, encode(refused)))
                case bytes() as request:
                    self._seeker.send(request)

    async def _begin(self, number: int) -> None:
        self._number = number
        try:
            await self._seeker.open()
        except OSError as error:
            words = f"the seeker cannot be started: {(error.strerror or str(error)).lower()}"
            await self._hand(PastEnded(number, words))
            return
        self._carrying = asyncio.create_task(self._carry(number))

    async def _let_go(self) -> None:
        carrying, self._carrying = self._carrying, None
        if carrying is not None:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
            await self._seeker.close()

    async def _carry(self, number: int) -> None:
        while (answer := await self._seeker.receive()) is not None:
            await self._hand(PastTold(number, answer))
        await self._hand(PastEnded(number, await self._seeker.fate()))


def _judged(request: bytes, *, may_keep: bool) -> bytes | Refused:
    """A request as it may go to the seeker. WireError: it is none that is answered from afar."""
    try:
        asked = _asked.decode(request)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"no request to a seeker from afar: {error}") from None
    return WATCHES if isinstance(asked, Keep) and not may_keep else request
