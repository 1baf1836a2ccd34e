"""The console's end: starts the seeker, hands it requests, keeps the newest of each of its answers."""

import asyncio
from collections.abc import Callable

import msgspec

from catui.runtime.past.child import Way
from catui.runtime.past.messages import (
    Bookmarks,
    Compared,
    Explained,
    Flowed,
    FromSeeker,
    Grown,
    Inspected,
    Moment,
    Offered,
    Opened,
    Reach,
    Refused,
    Timeline,
    ToSeeker,
    Working,
    encode,
    read_from_seeker,
)
from catui.text import printable


class Answers:
    """The newest of each answer: polled, never queued."""

    def __init__(self) -> None:
        self.opened: Opened | None = None
        self.reach: Reach | None = None
        self.moment: Moment | None = None
        self.explained: Explained | None = None
        self.inspected: Inspected | None = None
        self.flowed: Flowed | None = None
        self.timeline: Timeline | None = None
        self.bookmarks: Bookmarks | None = None
        self.refused: Refused | None = None
        self.working = ""
        self.offered: Offered | None = None
        self.grown: Grown | None = None
        self.compared: Compared | None = None

    def take(self, message: FromSeeker) -> None:
        """Put an answer into its place."""
        match message:
            case Opened():
                self.opened = message
            case Reach():
                self.reach = message
            case Moment():
                self.moment = message
            case Explained():
                self.explained = message
            case Inspected():
                self.inspected = message
            case Flowed():
                self.flowed = message
            case Timeline():
                self.timeline = message
            case Bookmarks():
                self.bookmarks = message
            case Working(text=text):
                self.working = text
            case Refused():
                self.refused = message
            case Offered():
                self.offered = message
            case Grown():
                self.grown = message
            case Compared():
                self.compared = message


class SeekerClient:
    """The seeker of one run. It may die: then `died` says how, and `start` starts it again."""

    def __init__(self, way: Way) -> None:
        self.answers = Answers()
        self.died = ""  # how, once it has
        self.on_answer: Callable[[], None] = lambda: None
        self._way = way
        self._reading: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is somebody to ask."""
        return self._reading is not None and not self.died

    async def start(self) -> None:
        """Start it, or start it again; what was known of the run stays until it says better."""
        await self.close()
        await self._way.open()
        self.died = ""
        self._reading = asyncio.create_task(self._read())

    def ask(self, message: ToSeeker) -> None:
        """Hand over a request; nothing happens where there is nobody to ask."""
        if self._reading is not None:
            self._way.send(encode(message))

    async def close(self) -> None:
        """Let it go."""
        reading, self._reading = self._reading, None
        if reading is None:
            return
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await self._way.close()

    async def _read(self) -> None:
        fault = ""
        while not fault and (payload := await self._way.receive()) is not None:
            try:
                self.answers.take(read_from_seeker(payload))
            except msgspec.DecodeError as error:
                fault = printable(f": it spoke another language: {error}", 200)
            self.on_answer()
        self.died = f"{await self._way.fate()}{fault}"
        self.on_answer()
