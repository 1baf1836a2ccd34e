"""Between console and engine: MessagePack, one message after another.

    engine -> console    Welcome(who you are here), Published(snapshot), Previewed(answer), Progress(text),
                         Denied(text), PastTold(answer), PastEnded(text), Ended(exit_code)
    console -> engine    Hello(name, role), Claim(token), Ask(command), Preview(command), Look(view),
                         BeginPast(), AskPast(request), EndPast(), Leave(stop or detach)

On a stream socket each stands in a frame; a WebSocket keeps them apart by itself. Nothing else passes; a stream that
ends without `Leave` is a console that was lost. What the seeker of a console from afar is asked and answers is carried
as it is: bytes of the messages in `past.messages`, which this protocol's number counts as well.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from catui.domain.events import Action
from catui.errors import CatuiError
from catui.preview import PreviewView
from catui.snapshot import Snapshot, View

PROTOCOL = 3  # of these messages: a console and an engine must speak the same
MAX_ASKED = 16 * 1024  # of what a console sends: a person's words
MAX_PAST = 8 * 1024  # of what it asks a seeker

Role = Literal["control", "watch"]  # what a console may do: everything, or look only
Name = Annotated[str, Meta(max_length=64)]
Id = Annotated[str, Meta(min_length=1, max_length=96, pattern=r"^[\x21-\x7e]+$")]
Reason = Annotated[str, Meta(max_length=400)]
Token = Annotated[str, Meta(max_length=256)]


class WireError(CatuiError):
    """A peer that does not speak this protocol: it is let go, and nothing else happens."""


class Welcome(Struct, frozen=True, tag="welcome", array_like=True):
    """The console is in: its name among the others, what it may do, and which run this is."""

    name: str
    role: Role
    run: str
    directory: str  # of the run, on the engine's machine
    source: str
    pid: int


class Published(Struct, frozen=True, tag="snapshot", array_like=True):
    """The desk, at most some times a second, and out of turn after a command."""

    snapshot: Snapshot


class Previewed(Struct, frozen=True, tag="previewed", array_like=True):
    """What the desk would say to a command now; the newest `Preview` is answered, at most thirty a second."""

    id: str
    view: PreviewView


class Progress(Struct, frozen=True, tag="progress", array_like=True):
    """What the engine is doing before the first snapshot."""

    text: str


class Denied(Struct, frozen=True, tag="denied", array_like=True):
    """What was asked for is not done, and why; `id` is that of a command, else empty."""

    id: str
    text: str


class PastTold(Struct, frozen=True, tag="past", array_like=True):
    """What the console's seeker says; `number` is that of the `BeginPast` which it was started by."""

    number: int
    answer: bytes


class PastEnded(Struct, frozen=True, tag="past_ended", array_like=True):
    """The console's seeker has ended, and how."""

    number: int
    text: str


HALTED = 3  # exit code of a run that was sealed and is HALTED


class Ended(Struct, frozen=True, tag="ended", array_like=True):
    """The run is over; nothing more comes."""

    exit_code: int
    text: str


class Hello(Struct, frozen=True, tag="hello", array_like=True):
    """The first word of a console that attaches."""

    name: Name
    role: Role
    token: Token = ""
    protocol: int = PROTOCOL


class Claim(Struct, frozen=True, tag="claim", array_like=True):
    """A console that may only watch asks for control."""

    token: Token


class Ask(Struct, frozen=True, tag="ask", array_like=True):
    """A command of the operator's; the engine stamps its author and its time."""

    id: Id
    action: Action
    reason: Reason = ""
    seen_seq: int | None = None
    expected: int | None = None


class Preview(Struct, frozen=True, tag="preview", array_like=True):
    """What would be said to this command? It is not done, and not written down."""

    id: Id
    action: Action


class Look(Struct, frozen=True, tag="look", array_like=True):
    """What the console shows: the engine sends no more."""

    view: View


class BeginPast(Struct, frozen=True, tag="begin_past", array_like=True):
    """A seeker is wanted, or another one in the place of the last. Its answers will bear this number."""

    number: int


class AskPast(Struct, frozen=True, tag="ask_past", array_like=True):
    """A request to the console's seeker."""

    request: Annotated[bytes, Meta(max_length=MAX_PAST)]


class EndPast(Struct, frozen=True, tag="end_past", array_like=True):
    """The seeker is not wanted any more."""


class Leave(Struct, frozen=True, tag="leave", array_like=True):
    """The console goes: `stop` ends the run, else the engine goes on and can be attached to."""

    stop: bool


ToConsole = Welcome | Published | Previewed | Progress | Denied | PastTold | PastEnded | Ended
OfPast = BeginPast | AskPast | EndPast
ToEngine = Hello | Claim | Ask | Preview | Look | OfPast | Leave

_encoder = msgspec.msgpack.Encoder()
_to_console = msgspec.msgpack.Decoder(ToConsole)
_to_engine = msgspec.msgpack.Decoder(ToEngine)


def encode(message: ToConsole | ToEngine) -> bytes:
    """A message as bytes."""
    return _encoder.encode(message)


def decode_to_console(payload: bytes) -> ToConsole:
    """What an engine said. WireError: it is no message of an engine."""
    try:
        message: ToConsole = _to_console.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"the engine sent no message of protocol {PROTOCOL}: {error}") from None
    return message


def decode_to_engine(payload: bytes) -> ToEngine:
    """What a console said. WireError: it is no message of a console."""
    try:
        message: ToEngine = _to_engine.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"no message of protocol {PROTOCOL}: {error}") from None
    return message
