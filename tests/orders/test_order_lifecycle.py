"""The table of the order's life: total, without contradiction, and every way leads to an end."""

from itertools import product

import pytest

from catui.domain.orders import Cause, Status
from catui.orders.lifecycle import ROWS, Change, after, change_of, is_integrity

CELLS = list(product(Status, Change))
LATE = ("NO_ANSWER", "NOT_FOUND", "CANCEL_ASKED", "CANCEL_REJECTED", "CANCEL_UNKNOWN")  # crossed the end on the wire
FILLED = ("PART_FILL", "LAST_FILL", "OVERFILL")

# The table again, written by hand from the other side: for each status, what each change makes of it.
EXPECTED: dict[str, dict[str, str]] = {
    "INTENDED": {"BYTES_LEFT": "SENT", "NOTHING_LEFT": "DENIED", "CANCEL_ASKED": "CANCELLED"},
    "SENT": {
        "BYTES_LEFT": "SENT",
        "ACCEPTED": "LIVE",
        "REJECTED": "REJECTED",
        "NO_ANSWER": "UNKNOWN",
        "PART_FILL": "LIVE",
        "LAST_FILL": "FILLED",
        "OVERFILL": "FILLED",
        "CANCEL_ASKED": "SENT",
        "CANCELLED": "CANCELLED",
        "CANCEL_REJECTED": "SENT",
        "CANCEL_UNKNOWN": "SENT",
        "EXPIRED": "EXPIRED",
        "NOT_FOUND": "REJECTED",
    },
    "UNKNOWN": {
        "NO_ANSWER": "UNKNOWN",
        "ACCEPTED": "LIVE",
        "REJECTED": "REJECTED",
        "PART_FILL": "LIVE",
        "LAST_FILL": "FILLED",
        "OVERFILL": "FILLED",
        "CANCEL_ASKED": "UNKNOWN",
        "CANCELLED": "CANCELLED",
        "CANCEL_REJECTED": "UNKNOWN",
        "CANCEL_UNKNOWN": "UNKNOWN",
        "EXPIRED": "EXPIRED",
        "NOT_FOUND": "REJECTED",
    },
    "LIVE": {
        "ACCEPTED": "LIVE",
        "NO_ANSWER": "LIVE",
        "PART_FILL": "LIVE",
        "LAST_FILL": "FILLED",
        "OVERFILL": "FILLED",
        "CANCEL_ASKED": "LIVE",
        "CANCELLED": "CANCELLED",
        "CANCEL_REJECTED": "LIVE",
        "CANCEL_UNKNOWN": "LIVE",
        "EXPIRED": "EXPIRED",
    },
    "DENIED": dict.fromkeys(("NOTHING_LEFT", "CANCEL_ASKED"), "DENIED"),
    "REJECTED": dict.fromkeys((*LATE, *FILLED, "REJECTED"), "REJECTED"),
    "FILLED": dict.fromkeys((*LATE, "ACCEPTED", "OVERFILL"), "FILLED"),
    "CANCELLED": dict.fromkeys((*LATE, *FILLED, "ACCEPTED", "CANCELLED", "NOTHING_LEFT"), "CANCELLED"),
    "EXPIRED": dict.fromkeys((*LATE, *FILLED, "ACCEPTED", "EXPIRED"), "EXPIRED"),
}


@pytest.mark.parametrize(("status", "change"), CELLS, ids=lambda x: x.value)
def test_every_cell_is_a_row_or_illegal_as_stated(status: Status, change: Change) -> None:
    end = after(status, change)
    assert (None if end is None else end.value) == EXPECTED[status.value].get(change.value)


def test_no_two_rows_claim_one_cell() -> None:
    claimed = [(start, row.change) for row in ROWS for start in row.starts]
    assert len(claimed) == len(set(claimed))


def test_every_status_reaches_an_end() -> None:
    ending = {s for s in Status if s.is_terminal}
    for _ in Status:
        ending |= {s for s, c in CELLS if (end := after(s, c)) is not None and end in ending}
    assert ending == set(Status)


def test_only_evidence_leads_out_of_unknown() -> None:
    ways = {c for c in Change if after(Status.UNKNOWN, c) not in (None, Status.UNKNOWN)}
    evidence = "ACCEPTED REJECTED PART_FILL LAST_FILL OVERFILL CANCELLED EXPIRED NOT_FOUND"
    assert {c.value for c in ways} == set(evidence.split())


def test_terminal_statuses_absorb() -> None:
    assert all(after(s, c) in (None, s) for s, c in CELLS if s.is_terminal)


def test_the_desk_halts_where_wires_are_crossed() -> None:
    halting = {(s.value, c.value) for s, c in CELLS if is_integrity(s, c)}
    legal_intended = {"BYTES_LEFT", "NOTHING_LEFT", "CANCEL_ASKED"}
    expected = {("INTENDED", c.value) for c in Change if c.value not in legal_intended}
    expected |= {("DENIED", c.value) for c in Change if c.value not in {"NOTHING_LEFT", "CANCEL_ASKED"}}
    expected |= {("REJECTED", c) for c in ("ACCEPTED", "CANCELLED", "EXPIRED", "PART_FILL", "LAST_FILL", "OVERFILL")}
    assert halting == expected | {("CANCELLED", "BYTES_LEFT")}


@pytest.mark.parametrize(
    ("cum", "lots", "change"), [(0, 4, Change.PART_FILL), (6, 4, Change.LAST_FILL), (7, 4, Change.OVERFILL)]
)
def test_a_fill_is_judged_by_what_it_leaves_of_ten_lots(cum: int, lots: int, change: Change) -> None:
    assert change_of(Cause.FILL, cum, lots, 10) is change
