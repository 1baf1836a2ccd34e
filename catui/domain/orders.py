"""The vocabulary of orders: intent -> verdict -> order -> request, and the reports that come back."""

from enum import Enum
from typing import Literal

from msgspec import Struct


class Side(Enum):
    """BUY or SELL; `sign` is +1 or -1."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        return 1 if self is Side.BUY else -1

    @staticmethod
    def of(signed_lots: int) -> "Side":
        """The side that moves a position by `signed_lots`, which is not 0."""
        return Side.BUY if signed_lots > 0 else Side.SELL


class OrderType(Enum):
    LIMIT = "LIMIT"
    LIMIT_MAKER = "LIMIT_MAKER"  # rests or is rejected


class TimeInForce(Enum):
    GTC = "GTC"
    IOC = "IOC"


class Leg(Struct, frozen=True, gc=False):
    """A strategy's signed share of an order. The legs of an order sum to its signed quantity; netting is inside."""

    strategy: str
    lots: int


TICKETS = ("ticket", "amend")  # purposes of the operator's own orders, which may be amended


class Intent(Struct, frozen=True):
    """A wanted order, before risk. `owner` is who wants it: a strategy, `ensemble`, or the operator.

    `cause_seq` is the sequence number of the event it was decided on. `limit_ticks` is a limit price, always:
    a market order is a marketable limit order here, so that every order has a worst price.
    """

    instrument: str
    side: Side
    lots: int
    limit_ticks: int
    legs: tuple[Leg, ...]
    owner: str
    cause_seq: int
    type: OrderType = OrderType.LIMIT
    tif: TimeInForce = TimeInForce.GTC
    reduce_only: bool = False
    purpose: str = ""


class Reason(Struct, frozen=True):
    """Why a check did not simply pass: its code, what it measured, its limit, and one line for people."""

    check: str  # the stable id, "P18"
    code: str  # "MAX_POSITION"
    measured: int
    limit: int
    unit: str
    text: str


class Approved(Struct, frozen=True, tag="approved"):
    """The intent as it was wanted."""

    intent: Intent
    lots: int
    reasons: tuple[Reason, ...] = ()


class Resized(Struct, frozen=True, tag="resized"):
    """The intent, shrunk to `lots`, which is above 0 and below what was wanted."""

    intent: Intent
    lots: int
    reasons: tuple[Reason, ...]


class Refused(Struct, frozen=True, tag="refused"):
    """No order; the intent is kept, with every reason."""

    intent: Intent
    reasons: tuple[Reason, ...]


Verdict = Approved | Resized | Refused


class Status(Enum):
    """Where an order is in its life (reliability table T1 to T24). Partially filled is LIVE with `cum_lots` above 0."""

    INTENDED = "INTENDED"  # durable, no byte sent
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"  # nobody has said; no timer leads out of it
    LIVE = "LIVE"
    DENIED = "DENIED"  # never sent
    REJECTED = "REJECTED"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"

    @property
    def is_terminal(self) -> bool:
        return self in _TERMINAL


_TERMINAL = frozenset({Status.DENIED, Status.REJECTED, Status.FILLED, Status.CANCELLED, Status.EXPIRED})


class Cause(Enum):
    """What a report says has happened to an order."""

    BYTES_LEFT = "BYTES_LEFT"  # T2, ours: the request was handed to the socket
    NOTHING_LEFT = "NOTHING_LEFT"  # T3, ours: proof that no byte of it left
    ACCEPTED = "ACCEPTED"  # T4
    REJECTED = "REJECTED"  # T5
    NO_ANSWER = "NO_ANSWER"  # T6
    FILL = "FILL"  # T7, T8, T21, T22
    CANCELLED = "CANCELLED"  # T13, T20
    CANCEL_REJECTED = "CANCEL_REJECTED"  # T14
    CANCEL_UNKNOWN = "CANCEL_UNKNOWN"  # T15
    EXPIRED = "EXPIRED"  # T19
    NOT_FOUND = "NOT_FOUND"  # T24: an answer to a query


class Execution(Struct, frozen=True):
    """One fill as the venue tells it. The fee is in units of 10**-`fee_digits` of `fee_asset`; negative: a rebate."""

    fill_id: str
    price_ticks: int
    lots: int
    fee: int
    fee_digits: int
    fee_asset: str
    is_maker: bool


class Fill(Struct, frozen=True):
    """Money that moved: an execution booked once, with the legs it is shared over (they sum to side.sign * lots).

    `fee_money` is the fee in the instrument's quote currency, in units of the desk's money digits: the fee itself
    where the venue takes it in quote, its value at the fill's price where it takes base.
    """

    order_id: str
    instrument: str
    side: Side
    execution: Execution
    legs: tuple[Leg, ...]
    fee_money: int
    ts_receive_ns: int
    cause_seq: int


class Pending(Struct, frozen=True, gc=False):
    """A request about a living order that the venue has not answered yet."""

    kind: Literal["cancel"]
    since_ns: int


class Order(Struct, frozen=True):
    """An order that was approved: its terms, where it is, and what came of it. `cum_lots` + leaves = `lots`."""

    id: str  # client order id, UUID text
    intent: Intent
    lots: int  # as approved
    status: Status
    created_ns: int
    updated_ns: int
    valid_until_ns: int  # after it the venue can no longer accept the request
    seq: int  # of the event it was approved on
    cum_lots: int = 0
    filled_value: int = 0  # sum of price_ticks * lots
    fee_money: int = 0
    fill_ids: tuple[str, ...] = ()
    venue_id: str = ""
    pending: Pending | None = None
    wish_cancel: bool = False  # outlives a rejected cancel
    note: str = ""  # the venue's last word, escaped

    @property
    def leaves_lots(self) -> int:
        """What may still fill: 0 once terminal."""
        return 0 if self.status.is_terminal else max(0, self.lots - self.cum_lots)


def is_bolder(side: Side, lots: int, limit_ticks: int, *, than_lots: int, than_ticks: int) -> bool:
    """Whether these terms are larger than others, or nearer to the other side of the book: a BUY higher, a SELL lower.

    >>> is_bolder(Side.SELL, 10, 99, than_lots=10, than_ticks=100)
    True
    >>> is_bolder(Side.BUY, 9, 99, than_lots=10, than_ticks=99)
    False
    """
    return lots > than_lots or (limit_ticks - than_ticks) * side.sign > 0


class Submit(Struct, frozen=True, tag="submit"):
    """A request: send this order. It is durable, with its causes, before a byte of it leaves."""

    order: Order


class Cancel(Struct, frozen=True, tag="cancel"):
    """A request: cancel this order, by client id."""

    order: Order


class Query(Struct, frozen=True, tag="query"):
    """A request: ask the venue what became of this order."""

    order: Order


Request = Submit | Cancel | Query
