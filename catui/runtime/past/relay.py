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
WATCHES = "this console may only watch: no bookmark was kept"

_asked: msgspec.msgpack.Decoder[AskedOfRun] = msgspec.msgpack.Decoder(AskedOfRun)


class Relay:
    """One console's past. `hand` gives a message to the console, and returns when it may have another."""

    def __init__(self, seeker: Way, hand: Callable[[PastTold | PastEnded], Awaitable[None]]) -> None:
        self._seeker = seeker
        self._hand = hand
        self._number = 0
        self._carrying: asyncio.Task[None] | None = None

    async def do(self, message: OfPast, *, may_keep: bool) -> None:
        """What the console wants of its past; `may_keep`: bookmarks beside the run too. WireError: no such request."""
        match message:
            case BeginPast(number=number):
                await self._begin(number)
            case AskPast(request=request):
                await self._ask(request, may_keep=may_keep)
            case EndPast():
                await self.end()

    async def end(self) -> None:
        """Let the seeker go."""
        carrying, self._carrying = self._carrying, None
        if carrying is not None:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
            await self._seeker.close()

    async def _begin(self, number: int) -> None:
        await self.end()
        self._number = number
        try:
            await self._seeker.open()
        except OSError as error:
            words = f"the seeker cannot be started: {(error.strerror or str(error)).lower()}"
            await self._hand(PastEnded(number, words))
            return
        self._carrying = asyncio.create_task(self._carry(number))

    async def _ask(self, request: bytes, *, may_keep: bool) -> None:
        try:
            asked = _asked.decode(request)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise WireError(f"no request to a seeker from afar: {error}") from None
        if isinstance(asked, Keep) and not may_keep:
            await self._hand(PastTold(self._number, encode(Refused(0, WATCHES))))
        else:
            self._seeker.send(request)

    async def _carry(self, number: int) -> None:
        while (answer := await self._seeker.receive()) is not None:
            await self._hand(PastTold(number, answer))
        await self._hand(PastEnded(number, await self._seeker.fate()))
