"""A past made of one prepared snapshot: 120 events, a quarter of a second apart, but for 20 s without any behind 60.

It answers at once and keeps what it was asked. `hold` makes it wait, as a seeker that is stepping does.
"""

import sys
from pathlib import Path

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from desk_plan import sample_plan
from sample import sample_snapshot

from catui.console.modes.travel import Past
from catui.core.leaves import Leaf
from catui.core.plan import boxes_of
from catui.runtime.marks import Kind, Mark
from catui.runtime.past.client import Answers
from catui.runtime.past.messages import (
    Bookmarks,
    Compared,
    Draw,
    Explain,
    Explained,
    Flowed,
    Follow,
    Fork,
    Inspect,
    Inspected,
    Keep,
    Moment,
    Offered,
    Opened,
    Prepare,
    Reach,
    Refused,
    Rest,
    Seek,
    Timeline,
    ToMark,
    ToSeeker,
    ToSeq,
    ToTime,
    Wire,
)
from catui.runtime.past.whatif import Choice, Difference, Side
from catui.snapshot import Snapshot
from catui.why import Node

EVENTS = 120
STEP_NS = 250_000_000
QUIET_AFTER, QUIET_NS = 60, 20_000_000_000
LIVE = sample_snapshot()
FIRST_NS = LIVE.now_ns - (EVENTS - 1) * STEP_NS - QUIET_NS
MARKS = (
    Mark(10, 0, Kind.COMMAND, "ann: pause_strategy imbalance, news"),
    Mark(20, 0, Kind.BOOKMARK, "look here (ann)"),
    Mark(40, 0, Kind.ORDER, "BUY 0.200 BTCUSDT 60,123.00 by quoting"),
    Mark(60, 0, Kind.FILL, "filled BUY 0.200 BTCUSDT 60,123.00"),
    Mark(60, 0, Kind.ORDER, "SELL 0.150 BTCUSDT 60,125.00 by quoting"),
    Mark(90, 0, Kind.ALERT, "warning: BTCUSDT stale 3.2 s"),
)
TREE = Node(
    "order 0052 BUY 0.180 BTCUSDT 60,123.50 LIMIT GTC  LIVE, filled 0.000",
    60,
    "desk/orders",
    (),
    (
        Node(
            "verdict RESIZED 0.479 -> 0.180  P18 MAX_POSITION",
            60,
            "desk/risk",
            (),
            (Node("limit 0.600 = 0.500 + override 0.100 (ann, 3:12 left)", 0, "desk/risk"),),
        ),
        Node(
            "intent BUY 0.479 at 60,123.50 by ensemble  target +0.899, position +0.420, full 2.300",
            60,
            "desk/planning",
            (),
            (
                Node(
                    "ensemble +0.391 = 0.62 x +0.71 + 0.21 x -0.33 + 0.17 x +0.12  (imbalance PAUSE)",
                    60,
                    "desk/ensemble",
                    (),
                    (
                        Node("reversion -0.33", 60, "desk/strategies/binance:BTCUSDT/reversion"),
                        Node("quote BTCUSDT 60,123.50 / 60,124.00  received 14:03:06.998120Z  venue -11 ms", 59),
                    ),
                ),
            ),
        ),
        Node("? the event that caused it"),
    ),
)
CHOICES = (
    Choice(("state",), "of the desk", "ACTIVE", "option", options=("ACTIVE", "REDUCING", "HALTED")),
    Choice(("strategy", "momentum", "state"), "whether it trades", "RUN", "option", options=("RUN", "DRAIN", "PAUSE")),
    Choice(("strategy", "momentum", "weight"), "the others share the rest", "0.62", low=0.0, high=1.0),
    Choice(("parameter", "momentum", "gain"), "of the crossing, before tanh", "1.5", low=0.01, high=100.0),
    Choice(("risk", "max_order_quote"), "P17: capped", "5000", "amount", unit="USDT"),
    Choice(("risk", "max_open_orders"), "P25: desk", "50", "whole", 0, 10_000),
)


def ts_of(seq: int) -> int:
    """When an event was."""
    return FIRST_NS + (seq - 1) * STEP_NS + (QUIET_NS if seq > QUIET_AFTER else 0)


def snapshot_of(seq: int) -> Snapshot:
    """The desk then: its result tells the event's number."""
    return replace(LIVE, seq=seq, now_ns=ts_of(seq), pnl_money=seq * 10**LIVE.money_digits)


class FrozenPast:
    """Answers from what is prepared; `asked` keeps every request."""

    def __init__(self, run: str = "", *, is_sealed: bool = True, warning: str = "") -> None:
        self.run = run
        self.answers = Answers()
        self.died = ""
        self.on_answer = lambda: None
        self.hold = False
        self.asked: list[ToSeeker] = []
        self.starts = self.closes = 0
        self._is_sealed = is_sealed
        self._warning = warning
        self._kept: list[Mark] = []
        self._is_running = False

    @property
    def is_running(self) -> bool:
        return self._is_running and not self.died

    async def start(self) -> None:
        self.starts += 1
        self.died, self._is_running = "", True
        self.answers.take(Opened("run", "simulated", self._warning))
        self.answers.take(Reach(FIRST_NS, EVENTS, ts_of(EVENTS), self._is_sealed))
        self._tell_bookmarks()

    def ask(self, message: ToSeeker) -> None:
        self.asked.append(message)
        if not self.hold and self.is_running:
            self._answer(message)

    def answer(self) -> None:
        """Answer the newest request that was held."""
        self._answer([each for each in self.asked if isinstance(each, Seek)][-1])

    def die(self, words: str) -> None:
        """Be gone, as after a crash."""
        self.died = words

    async def close(self) -> None:
        self.closes += 1
        self._is_running = False

    @property
    def sought(self) -> list[object]:
        """Where it was asked to go, oldest first."""
        return [each.target for each in self.asked if isinstance(each, Seek)]

    def _answer(self, message: ToSeeker) -> None:
        match message:
            case Seek():
                self.answers.take(self._moment(message))
            case Draw():
                self.answers.take(self._timeline(message))
            case Keep(seq=seq, text=text):
                self._kept.append(Mark(seq, ts_of(seq), Kind.BOOKMARK, text))
                self._tell_bookmarks()
            case Explain(id=id):
                self.answers.take(Explained(id, TREE))
            case Prepare(id=id, seq=seq):
                seq = min(seq, EVENTS - 20)  # the newest that is written down
                self.answers.take(Offered(id, seq, ts_of(seq), EVENTS, CHOICES))
            case Fork():
                self.answers.take(self.compared(message))
            case Follow(id=id, seq=seq, instrument=key):
                wires = tuple(
                    Wire(box.path, 425 >> place % 9, 3.0 * place, "some value", "some state" if place % 3 else "")
                    for place, box in enumerate(boxes_of(sample_plan()))
                )
                self.answers.take(Flowed(id, seq, key, 5_000_000_000, 440, wires))
            case Inspect(id=id, path=path, seq=seq):
                leaves = (Leaf("seen", seq), Leaf("0/mean", 0.25), Leaf("0/since", None)) if path else ()
                self.answers.take(Inspected(id, seq, sample_plan(), leaves, len(leaves)))
            case Rest():
                pass

    def compared(self, fork: Fork) -> Compared:
        """A branch that lost half of what the run won, and sent fewer orders; it differs a tenth of the way on.

        Of what it lost, a tenth of the run's result is the model's own drift.
        """
        unit, left = 10**LIVE.money_digits, EVENTS - fork.seq
        start = 100_000 * unit
        won = [start + left * place * unit // 40 + (place % 7) * unit for place in range(81)]
        halved = [start + (each - start) // 2 - (place % 5) * unit for place, each in enumerate(won)]
        drifted = [each - (each - start) // 10 for each in won]
        first = fork.seq + left // 10
        return Compared(
            id=fork.id,
            seq=fork.seq,
            last_seq=EVENTS,
            from_ns=ts_of(fork.seq),
            until_ns=ts_of(EVENTS),
            quote="USDT",
            money_digits=LIVE.money_digits,
            run=Side(tuple(won), won[-1] - start, 6 * unit, 12, 9, 3 * unit, 4, {"P17": 2, "P18": 1}),
            branch=Side(tuple(halved), halved[-1] - start, 7 * unit, 8, 5, 2 * unit, 6, {"P18": 11}),
            difference=Difference(first, ts_of(first), "BUY 0.200 BTCUSDT 60,123.00 by quoting", ""),
            model_seq=first,
            control=Side(tuple(drifted), drifted[-1] - start, 6 * unit, 11, 9, 3 * unit, 4, {"P17": 2, "P18": 2}),
        )

    def refuse(self, text: str) -> None:
        """Say that the last request cannot be answered."""
        self.answers.take(Refused(1, text))

    def _tell_bookmarks(self) -> None:
        noted = [replace(mark, ts_ns=ts_of(mark.seq)) for mark in MARKS if mark.kind is Kind.BOOKMARK]
        self.answers.take(Bookmarks((*noted, *self._kept)))

    def _moment(self, seek: Seek) -> Moment:
        match seek.target:
            case ToSeq(seq=seq):
                found: int | None = seq
            case ToTime(ts_ns=ts_ns):
                found = sum(ts_of(seq) <= ts_ns for seq in range(1, EVENTS + 1))
            case ToMark(from_seq=seq, is_forward=is_forward, kind=kind):
                seqs = [mark.seq for mark in (*MARKS, *self._kept) if kind in (None, mark.kind)]
                beyond = [each for each in seqs if (each > seq if is_forward else each < seq)]
                found = (min(beyond) if is_forward else max(beyond)) if beyond else None
        is_found, seq = found is not None, min(max(found or 0 if found is not None else seq, 1), EVENTS)
        marks = tuple(replace(mark, ts_ns=ts_of(seq)) for mark in MARKS if mark.seq == seq)
        after = ts_of(seq + 1) if seq < EVENTS else None
        return Moment(seek.id, seq, ts_of(seq), snapshot_of(seq), after, marks, is_found)

    def _timeline(self, draw: Draw) -> Timeline:
        span = draw.until_ns - draw.from_ns
        counts, kinds = [0] * draw.cells, [0] * draw.cells
        for seq in range(1, EVENTS + 1):
            place = min(max(-(-(ts_of(seq) - draw.from_ns) * draw.cells // span) - 1, 0), draw.cells - 1)
            counts[place] += 1
            marks = (mark.kind for mark in MARKS if mark.seq == seq and draw.kind in (None, mark.kind))
            kinds[place] = max([kinds[place], *marks])
        return Timeline(draw.id, draw.from_ns, draw.until_ns, tuple(counts), tuple(kinds))


_: type[Past] = FrozenPast  # what a console asks of a past
