"""A channel: whole messages in, whole messages out, over a stream socket. A WebSocket has one of its own."""

import asyncio
import contextlib
from typing import Protocol

from catui.runtime.framing import framed, read_frame

ROOM = 64 * 1024  # bytes that may wait for a peer that does not read


class Channel(Protocol):
    """One connection between a console and an engine, as either end has it."""

    async def receive(self) -> bytes | None:
        """The next message; None at the end. WireError: what came is none."""

    async def send(self, payload: bytes) -> None:
        """Hand over a message; returns when there is room for another. ConnectionError: there is nobody."""

    def close(self) -> None:
        """End it now; what was not sent is lost."""


class StreamChannel:
    """Messages over a stream socket; `most` bytes are taken in one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int) -> None:
        self._reader, self._writer, self._most = reader, writer, most
        writer.transport.set_write_buffer_limits(high=ROOM)

    async def receive(self) -> bytes | None:
        """The next message; None at the end."""
        return await read_frame(self._reader, self._most)

    async def send(self, payload: bytes) -> None:
        """Hand over a message, and wait while the peer is more than `ROOM` behind."""
        if self._writer.is_closing():
            raise ConnectionResetError("the connection is closed")
        self._writer.write(framed(payload))
        await self._writer.drain()

    async def finish(self) -> None:
        """End it behind what was handed over."""
        self._writer.close()
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(2):
                await self._writer.wait_closed()

    def close(self) -> None:
        """End it now."""
        self._writer.transport.abort()
