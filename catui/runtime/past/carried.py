"""The way to a seeker at the engine's side: what it is asked and answers goes over the console's own connection."""

import asyncio
from collections.abc import Callable

from catui.runtime.wire import AskPast, BeginPast, EndPast, OfPast, PastEnded, PastTold

GONE = "the engine is not there to be asked about its past"


class Carried:
    """A seeker from afar. `write` hands a message to the engine; False: there is none."""

    def __init__(self, write: Callable[[OfPast], bool]) -> None:
        self._write = write
        self._number = 0
        self._answers: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._fate = ""

    async def open(self) -> None:
        """Ask the engine for one; whatever the last one still says is not heard any more."""
        self._number += 1
        self._answers, self._fate = asyncio.Queue(), ""
        if not self._write(BeginPast(self._number)):
            self.end(GONE)

    def send(self, payload: bytes) -> None:
        """Hand over a request."""
        self._write(AskPast(payload))

    async def receive(self) -> bytes | None:
        """Its next answer; None at its end."""
        return await self._answers.get()

    async def fate(self) -> str:
        """As the engine has told it."""
        return self._fate

    async def close(self) -> None:
        """It is not wanted any more."""
        self._write(EndPast())

    def take(self, message: PastTold | PastEnded) -> None:
        """What the engine says of a seeker."""
        if message.number != self._number:
            return
        match message:
            case PastTold(answer=answer):
                self._answers.put_nowait(answer)
            case PastEnded(text=text):
                self.end(text)

    def end(self, text: str) -> None:
        """It has ended, or the connection has."""
        self._fate = self._fate or text
        self._answers.put_nowait(None)
