"""Between console and seeker: MessagePack in frames over one stream socket.

    console -> seeker    Seek(target, view), Explain(subject), Inspect(path), Follow(instrument), Draw(cells, range),
                         Keep(bookmark), Rest; Prepare(seq), Fork(changes)
    seeker -> console    Opened, Reach, Moment, Explained, Inspected, Flowed, Timeline, Bookmarks, Working,
                         Refused; Offered, Grown, Compared

`Seek`, `Explain`, `Inspect`, `Follow` and `Draw` carry a number and their answers the same; of several that wait, only
the newest is answered.
"""

import msgspec
from msgspec import Struct

from catui.core.leaves import Leaf
from catui.core.plan import Plan
from catui.runtime.marks import Kind, Mark
from catui.runtime.past.whatif import Change, Choice, Difference, Side
from catui.snapshot import Snapshot, View
from catui.why import Node, Subject

MOST = 4 * 1024 * 1024  # bytes of one answer


class ToSeq(Struct, frozen=True, tag="seq", array_like=True):
    """The moment right after event `seq`; the nearest there is."""

    seq: int


class ToTime(Struct, frozen=True, tag="time", array_like=True):
    """The moment right after the last event at or before `ts_ns`; the first event, if none is."""

    ts_ns: int


class ToMark(Struct, frozen=True, tag="mark", array_like=True):
    """The next mark behind `from_seq`, or the last one before it; of one kind, or of any."""

    from_seq: int
    is_forward: bool
    kind: Kind | None = None


Target = ToSeq | ToTime | ToMark


class Seek(Struct, frozen=True, tag="seek", array_like=True):
    """Show this moment."""

    id: int
    target: Target
    view: View = View()


class Draw(Struct, frozen=True, tag="draw", array_like=True):
    """What happened when, in `cells` equal parts of a range of time; marks of one kind, or of any."""

    id: int
    cells: int
    from_ns: int
    until_ns: int
    kind: Kind | None = None


class Keep(Struct, frozen=True, tag="keep", array_like=True):
    """Remember a moment in a file beside the run."""

    seq: int
    text: str


class Explain(Struct, frozen=True, tag="explain", array_like=True):
    """Where this came from, which stood on the screen after event `seq`."""

    id: int
    subject: Subject
    seq: int


class Inspect(Struct, frozen=True, tag="inspect", array_like=True):
    """The plan of the machine after event `seq`, and of its place at `path` every value; empty: the plan alone."""

    id: int
    path: str
    seq: int


class Follow(Struct, frozen=True, tag="follow", array_like=True):
    """What flowed over the machine's wires in the seconds up to event `seq`; values of one instrument."""

    id: int
    seq: int
    instrument: str


class Rest(Struct, frozen=True, tag="rest", array_like=True):
    """Nobody looks: work no further ahead until the next `Seek`."""


class Prepare(Struct, frozen=True, tag="prepare", array_like=True):
    """Say what a branch from event `seq` may change. It ends a branch that grows, as `Fork` and `Rest` do."""

    id: int
    seq: int


class Fork(Struct, frozen=True, tag="fork", array_like=True):
    """Step the events behind `seq` again with these changes, and compare; equity at `points` even times."""

    id: int
    seq: int
    changes: tuple[Change, ...]
    points: int = 400


class Opened(Struct, frozen=True, tag="opened", array_like=True):
    """The run; `warning` says what is not to be relied on, and is empty where nothing is."""

    run: str
    source: str
    warning: str = ""


class Reach(Struct, frozen=True, tag="reach", array_like=True):
    """How far the run goes by now: its first time, its last event and that one's time."""

    first_ns: int
    seq: int
    ts_ns: int
    is_sealed: bool = False


class Moment(Struct, frozen=True, tag="moment", array_like=True):
    """The desk as it was after event `seq`, at `ts_ns`.

    `next_ns` is the time of the event behind it, None where there is none yet. `is_found` False: there is no such mark,
    and this is where it was looked for from.
    """

    id: int
    seq: int
    ts_ns: int
    snapshot: Snapshot
    next_ns: int | None = None
    marks: tuple[Mark, ...] = ()
    is_found: bool = True


class Explained(Struct, frozen=True, tag="explained", array_like=True):
    """The tree of causes; None where it cannot be told, and why not."""

    id: int
    root: Node | None
    fault: str = ""


class Inspected(Struct, frozen=True, tag="inspected", array_like=True):
    """The plan, and the first values of a place by path, of so many; without a plan why there is none."""

    id: int
    seq: int
    plan: Plan | None
    leaves: tuple[Leaf, ...] = ()
    count: int = 0
    fault: str = ""


class Wire(Struct, frozen=True, array_like=True):
    """Out of the box at `path`: in how many steps there was something on it, and the median time that the box took for
    these in the copy that counted (None: none); words for the last value on it, and for what the box keeps."""

    path: str
    count: int
    p50_us: float | None
    last: str = ""
    kept: str = ""


class Flowed(Struct, frozen=True, tag="flowed", array_like=True):
    """The wires over the `span_ns` and `events` up to event `seq`; else why they cannot be told."""

    id: int
    seq: int
    instrument: str
    span_ns: int
    events: int
    wires: tuple[Wire, ...]
    fault: str = ""


class Timeline(Struct, frozen=True, tag="timeline", array_like=True):
    """Events in each cell, and the weightiest mark under it, 0 for none.

    Cell i holds what came after `from_ns + i * (until_ns - from_ns) // cells` up to the next such border; the first
    cell holds what came at or before its left border too, the last what came behind its right one.
    """

    id: int
    from_ns: int
    until_ns: int
    counts: tuple[int, ...]
    kinds: tuple[int, ...]


class Bookmarks(Struct, frozen=True, tag="bookmarks", array_like=True):
    """The newest bookmarks, those of the journal among them, in order."""

    marks: tuple[Mark, ...]


class Offered(Struct, frozen=True, tag="offered", array_like=True):
    """What a branch from event `seq` may change; the run goes to `last_seq` by now."""

    id: int
    seq: int
    ts_ns: int
    last_seq: int
    choices: tuple[Choice, ...]


class Grown(Struct, frozen=True, tag="grown", array_like=True):
    """A branch on its way: so many of its events are stepped."""

    id: int
    done: int
    events: int


class Compared(Struct, frozen=True, tag="compared", array_like=True):
    """A run and its branch from event `seq` to `last_seq`, at `until_ns`.

    `model_seq` is the event from which on fills of the branch come from the matching model in the place of the venue's
    reports; None where none do. `control` is then the run with nothing changed, on the model from that event on: branch
    less control is the effect of the change, control less run the model's own drift.
    """

    id: int
    seq: int
    last_seq: int
    from_ns: int
    until_ns: int
    quote: str
    money_digits: int
    run: Side
    branch: Side
    difference: Difference | None = None
    model_seq: int | None = None
    control: Side | None = None


class Working(Struct, frozen=True, tag="working", array_like=True):
    """What the seeker is doing; empty: nothing, or nothing worth a word."""

    text: str


class Refused(Struct, frozen=True, tag="refused", array_like=True):
    """A request that cannot be answered, and why."""

    id: int
    text: str


AskedOfRun = Seek | Explain | Inspect | Follow | Draw | Keep | Rest
AskedOfBranch = Prepare | Fork
ToSeeker = AskedOfRun | AskedOfBranch
OfRun = Opened | Reach | Moment | Explained | Inspected | Flowed | Timeline | Bookmarks
OfBranch = Offered | Grown | Compared
FromSeeker = OfRun | OfBranch | Working | Refused

_encoder = msgspec.msgpack.Encoder()
_to_seeker: msgspec.msgpack.Decoder[ToSeeker] = msgspec.msgpack.Decoder(ToSeeker)
_from_seeker: msgspec.msgpack.Decoder[FromSeeker] = msgspec.msgpack.Decoder(FromSeeker)


def encode(message: ToSeeker | FromSeeker) -> bytes:
    """A message as bytes."""
    return _encoder.encode(message)


def read_to_seeker(payload: bytes) -> ToSeeker:
    """The console's message. msgspec.DecodeError: it is none."""
    return _to_seeker.decode(payload)


def read_from_seeker(payload: bytes) -> FromSeeker:
    """The seeker's message. msgspec.DecodeError: it is none."""
    return _from_seeker.decode(payload)
