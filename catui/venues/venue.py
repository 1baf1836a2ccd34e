"""The seam: what a desk needs of a place to trade, and nothing more."""

from collections.abc import AsyncIterator
from typing import Protocol

from catui.domain.events import Event
from catui.domain.instrument import Instrument
from catui.domain.orders import Request


class Venue(Protocol):
    """A venue, a recording, or a run: events out, requests in."""

    @property
    def name(self) -> str:
        """The venue's name in instrument keys."""

    async def instruments(self, symbols: tuple[str, ...]) -> tuple[Instrument, ...]:
        """What can be traded, of the symbols asked for. VenueError: the venue does not answer; UsageError: unknown."""

    def events(self) -> AsyncIterator[list[Event]]:
        """Everything the venue tells, in receive order, gaps and the state of its feeds included."""

    async def send(self, request: Request) -> None:
        """Send a request, once. Never raises for the venue's faults: what became of it comes as a `Report`."""

    def frames(self) -> dict[str, int]:
        """What became of every frame so far; empty where there are none."""

    async def close(self) -> None:
        """Let go of every connection."""
