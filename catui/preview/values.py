"""What is said to a command that was only asked about."""

from typing import Literal

from msgspec import Struct


class CheckView(Struct, frozen=True, array_like=True):
    """What one check read: the margin is what is left to its limit, below 0 where it is over; None without a number."""

    check: str
    code: str
    outcome: Literal["pass", "cap", "refuse"]
    measured: int = 0
    limit: int = 0
    unit: str = ""
    margin: int | None = None
    text: str = ""  # of a cap or a refusal, for people


class OrderPreview(Struct, frozen=True, array_like=True):
    """An order that would be, and the gate's word on it. Money in units of the desk's digits.

    `lots` were wanted, `approved_lots` would go out. Value, fee and what is taken are those of `approved_lots`, or of
    `lots` where it is refused. `worst_lots` is the signed position if all on its side fills, this order included.
    """

    instrument: str
    side: str
    lots: int
    limit_ticks: int
    verdict: Literal["APPROVED", "RESIZED", "REFUSED"]
    approved_lots: int
    checks: tuple[CheckView, ...]
    mid_half_ticks: int | None
    taken_lots: int
    taken_value: int  # sum of price_ticks * lots
    rest_lots: int
    value_money: int
    fee_money: int
    worst_lots: int
    would_match: bool = False  # it must rest, and would trade at once: the venue rejects it


class HeldPreview(Struct, frozen=True, array_like=True):
    """What a limit has held back since `since_ns`: how many orders it alone stopped or cut, the largest it measured.

    `through` of them the override would have let through whole. None is told of orders that other checks stopped too.
    """

    since_ns: int
    count: int
    through: int
    largest: int
    limit: int


class ChangeView(Struct, frozen=True, array_like=True):
    """A setting that would be another one, and why it cannot be taken over; empty where it can."""

    path: str
    before: str
    after: str
    fault: str = ""


class PreviewView(Struct, frozen=True, array_like=True):
    """The answer: whether the command would be accepted, in one sentence; and what there is to know of it."""

    seq: int
    ok: bool
    text: str
    order: OrderPreview | None = None
    held: HeldPreview | None = None
    changes: tuple[ChangeView, ...] = ()
