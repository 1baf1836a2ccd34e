"""The status of an order as data: which change leads from where to where.

The rows' names are stable (T1 to T24); T16 to T18 (atomic amends) and T23 (busts) are not offered by the desk. T1 makes
the order; T11 is about the content of a fill, not about a status. The couplings of status, pending request, wish and
quantities are apart from the table, in `reported`. Source: FIX appendix D, order state change matrices, and the shape
of h11's `_state.py`.
"""

from enum import Enum
from typing import NamedTuple

from catui.domain.orders import Cause, Status


class Change(Enum):
    """What may happen to an order: what a report says, a fill by what it does to the leaves, and our own wish."""

    BYTES_LEFT = "BYTES_LEFT"
    NOTHING_LEFT = "NOTHING_LEFT"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    NO_ANSWER = "NO_ANSWER"
    PART_FILL = "PART_FILL"
    LAST_FILL = "LAST_FILL"
    OVERFILL = "OVERFILL"
    CANCEL_ASKED = "CANCEL_ASKED"
    CANCELLED = "CANCELLED"
    CANCEL_REJECTED = "CANCEL_REJECTED"
    CANCEL_UNKNOWN = "CANCEL_UNKNOWN"
    EXPIRED = "EXPIRED"
    NOT_FOUND = "NOT_FOUND"


class Row(NamedTuple):
    """One row of the table; `end` None: the status stays."""

    name: str
    change: Change
    starts: tuple[Status, ...]
    end: Status | None


S, C = Status, Change
WORKING = (S.SENT, S.UNKNOWN, S.LIVE)  # at the venue, or perhaps there
ENDED_EARLY = (S.REJECTED, S.CANCELLED, S.EXPIRED)
ENDED_THERE = (S.REJECTED, S.FILLED, S.CANCELLED, S.EXPIRED)
FILLS = (C.PART_FILL, C.LAST_FILL, C.OVERFILL)

ROWS: tuple[Row, ...] = (
    Row("T2", C.BYTES_LEFT, (S.INTENDED,), S.SENT),
    Row("T3", C.NOTHING_LEFT, (S.INTENDED,), S.DENIED),  # proven before the write; an error in it is T6
    Row("T3", C.NOTHING_LEFT, (S.CANCELLED,), None),  # voided by T12, as promised
    Row("T4", C.ACCEPTED, (S.SENT, S.UNKNOWN), S.LIVE),
    Row("T5", C.REJECTED, (S.SENT, S.UNKNOWN), S.REJECTED),
    Row("T6", C.NO_ANSWER, (S.SENT,), S.UNKNOWN),  # and no timer leads out of it
    Row("T7", C.PART_FILL, WORKING, S.LIVE),  # a fill before the ack is the ack
    Row("T8", C.LAST_FILL, WORKING, S.FILLED),
    Row("T9", C.BYTES_LEFT, (S.SENT,), None),
    Row("T9", C.NOTHING_LEFT, (S.DENIED,), None),
    Row("T9", C.ACCEPTED, (S.LIVE,), None),
    Row("T9", C.REJECTED, (S.REJECTED,), None),
    Row("T9", C.NO_ANSWER, (S.UNKNOWN,), None),
    Row("T9", C.CANCELLED, (S.CANCELLED,), None),
    Row("T9", C.EXPIRED, (S.EXPIRED,), None),
    Row("T10", C.ACCEPTED, (S.FILLED, S.CANCELLED, S.EXPIRED), None),  # the ack was overtaken
    Row("T10", C.NO_ANSWER, (S.LIVE, *ENDED_THERE), None),  # the reply was lost, the stream was not
    Row("T10", C.NOT_FOUND, ENDED_THERE, None),  # asked before the end
    Row("T12", C.CANCEL_ASKED, (S.INTENDED,), S.CANCELLED),  # without a byte
    Row("T12", C.CANCEL_ASKED, WORKING, None),
    Row("T12", C.CANCEL_ASKED, (S.DENIED, *ENDED_THERE), None),  # nothing is left to cancel
    Row("T13", C.CANCELLED, WORKING, S.CANCELLED),  # T20 where nobody wished it
    Row("T14", C.CANCEL_REJECTED, WORKING, None),
    Row("T14", C.CANCEL_REJECTED, ENDED_THERE, None),  # the end crossed our cancel on the wire
    Row("T15", C.CANCEL_UNKNOWN, (*WORKING, *ENDED_THERE), None),
    Row("T19", C.EXPIRED, WORKING, S.EXPIRED),
    Row("T21", C.PART_FILL, ENDED_EARLY, None),  # crossed on the wire: money moved, the ledger books it
    Row("T21", C.LAST_FILL, ENDED_EARLY, None),
    Row("T21", C.OVERFILL, ENDED_EARLY, None),
    Row("T22", C.OVERFILL, (*WORKING, S.FILLED), S.FILLED),
    Row("T24", C.NOT_FOUND, (S.SENT, S.UNKNOWN), S.REJECTED),  # only once the request can no longer arrive
)
NEXT: dict[tuple[Status, Change], Row] = {(start, row.change): row for row in ROWS for start in row.starts}

_BY_CAUSE = {cause: Change[cause.value] for cause in Cause if cause is not Cause.FILL}
_VENUE_HAD_IT = (C.ACCEPTED, C.CANCELLED, C.EXPIRED, *FILLS)


def change_of(cause: Cause, cum_lots: int, fill_lots: int, lots: int) -> Change:
    """What `cause` does to an order of `lots` with `cum_lots` filled before; `fill_lots` is read for fills only."""
    if cause is not Cause.FILL:
        return _BY_CAUSE[cause]
    left = lots - cum_lots - fill_lots
    return C.PART_FILL if left > 0 else C.LAST_FILL if left == 0 else C.OVERFILL


def after(status: Status, change: Change) -> Status | None:
    """The next status; None for an illegal cell: answered with an Anomaly, nothing changed but new fills booked."""
    row = NEXT.get((status, change))
    return None if row is None else row.end or status


def is_integrity(status: Status, change: Change) -> bool:
    """Whether this cell says that wires are crossed, ids collide or a rejection was none: the desk halts.

    So it is for every report of an order of which no byte was sent (INTENDED, DENIED), for bytes that left after the
    order was voided, and for whatever shows that the venue had an order which we held for REJECTED.
    """
    if status is Status.REJECTED:
        return change in _VENUE_HAD_IT
    if after(status, change) is not None:
        return False
    return status in (Status.INTENDED, Status.DENIED) or (status is Status.CANCELLED and change is Change.BYTES_LEFT)
