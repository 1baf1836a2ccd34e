"""What a desk says of tickets, for the console on prepared snapshots: approved, resized to 0.180, or refused."""

from typing import Literal

from msgspec.structs import replace
from sample import BTC, sample_snapshot

from catui.console.source import FrozenSource
from catui.domain import events
from catui.domain.events import ReplaceOrder, SubmitOrder
from catui.preview import CheckView, OrderPreview, PreviewView
from catui.snapshot import Snapshot

DESK = sample_snapshot()
MINE = replace(DESK.orders[0], id="mine", owner="manual", purpose="ticket", lots=200, leaves_lots=150)
WITH_MINE = replace(DESK, orders=(MINE, *DESK.orders))
USD = 10**DESK.money_digits
PASSED = CheckView("P16", "FAT_FINGER", "pass", 6_012 * USD, 10_000 * USD, "money", 3_988 * USD)
CAP = CheckView(
    "P18", "MAX_POSITION", "cap", 40_000 * USD, 20_000 * USD, "money", -20_000 * USD, "P18 MAX_POSITION: much"
)
FAR = CheckView("P12", "PRICE_COLLAR", "refuse", 312, 200, "bps", -112, "P12 PRICE_COLLAR: far")


Verdict = Literal["APPROVED", "RESIZED", "REFUSED"]


def preview(action: events.Action, verdict: Verdict = "APPROVED") -> PreviewView:
    """The desk's answer, with as many of the lots as the verdict leaves."""
    if isinstance(action, ReplaceOrder):
        side, lots, ticks = "BUY", action.lots, action.limit_ticks
    else:
        assert isinstance(action, SubmitOrder)
        side, lots, ticks = action.side.value, action.lots, action.limit_ticks
    left = {"APPROVED": lots, "RESIZED": 180, "REFUSED": 0}[verdict]
    held_back: dict[str, tuple[CheckView, ...]] = {"APPROVED": (), "RESIZED": (CAP,), "REFUSED": (FAR,)}
    checks = held_back[verdict]
    order = OrderPreview(
        BTC.key,
        side,
        lots,
        ticks,
        verdict,
        left,
        (PASSED, *checks),
        1_202_475,
        0,
        0,
        lots,
        6_012 * USD,
        1 * USD,
        520,
    )
    return PreviewView(DESK.seq, True, "sent to risk", order)


def source(verdict: Verdict = "APPROVED", desk: Snapshot = DESK) -> FrozenSource:
    made = FrozenSource([desk])
    made.answers = lambda action: preview(action, verdict)
    return made
