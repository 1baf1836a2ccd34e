"""Between console and engine: MessagePack in frames over one stream socket.

    engine -> console    Published(snapshot), Progress(text), Ended(exit_code, text)
    console -> engine    Ask(command), Look(view), Leave(stop or detach)

Nothing else passes; a stream that ends without `Leave` is a console that was lost.
"""

import asyncio

import msgspec
from msgspec import Struct

from catui.domain.events import Action
from catui.runtime.framing import framed, read_frame
from catui.snapshot import Snapshot, View


class Published(Struct, frozen=True, tag="snapshot", array_like=True):
    """The desk, at most some times a second, and out of turn after a command."""

    snapshot: Snapshot


class Progress(Struct, frozen=True, tag="progress", array_like=True):
    """What the engine is doing before the first snapshot."""

    text: str


class Ended(Struct, frozen=True, tag="ended", array_like=True):
    """The run is over; nothing more comes."""

    exit_code: int
    text: str


class Ask(Struct, frozen=True, tag="ask", array_like=True):
    """A command of the operator's; the engine stamps its time."""

    id: str
    author: str
    action: Action
    reason: str = ""
    seen_seq: int | None = None


class Look(Struct, frozen=True, tag="look", array_like=True):
    """What the console shows: the engine sends no more."""

    view: View


class Leave(Struct, frozen=True, tag="leave", array_like=True):
    """The console goes: `stop` ends the run, else the engine goes on and can be attached to."""

    stop: bool


ToConsole = Published | Progress | Ended
ToEngine = Ask | Look | Leave

_encoder = msgspec.msgpack.Encoder()
_to_console = msgspec.msgpack.Decoder(ToConsole)
_to_engine = msgspec.msgpack.Decoder(ToEngine)


def frame(message: ToConsole | ToEngine) -> bytes:
    """A message as it goes over the wire."""
    return framed(_encoder.encode(message))


async def read_to_console(reader: asyncio.StreamReader) -> ToConsole | None:
    """The engine's next message; None at the end of the stream."""
    payload = await read_frame(reader)
    return None if payload is None else _to_console.decode(payload)


async def read_to_engine(reader: asyncio.StreamReader) -> ToEngine | None:
    """The console's next message; None at the end of the stream."""
    payload = await read_frame(reader)
    return None if payload is None else _to_engine.decode(payload)
