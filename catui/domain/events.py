"""The closed union of events: all that a desk can ever be told, in one order.

Every event carries `ts_receive_ns`, our clock, by which order and logic go; market events carry `ts_event_ns` too, the
venue's clock, which is data (None: the venue does not say). Times are int nanoseconds UTC. An instrument is named by
its key, `venue:SYMBOL`.
"""

from enum import Enum
from typing import Literal

from msgspec import Struct

from catui.domain.orders import Cause, Execution, OrderType, Side, TimeInForce
from catui.domain.settings import Settings

Level = tuple[int, int]  # price in ticks, lots; in a delta lots are the new total and 0 removes


class Quote(Struct, frozen=True, gc=False, tag="quote", array_like=True):
    """Best bid and ask."""

    instrument: str
    ts_receive_ns: int
    ts_event_ns: int | None
    bid_ticks: int
    bid_lots: int
    ask_ticks: int
    ask_lots: int


class BookDelta(Struct, frozen=True, gc=False, tag="delta", array_like=True):
    """Levels that changed, absolute, in sequence: it follows what came before without a hole."""

    instrument: str
    ts_receive_ns: int
    ts_event_ns: int | None
    last_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class BookSnapshot(Struct, frozen=True, gc=False, tag="snapshot", array_like=True):
    """A whole new book, best first; nothing of the old one is kept."""

    instrument: str
    ts_receive_ns: int
    ts_event_ns: int | None
    last_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class Trade(Struct, frozen=True, gc=False, tag="trade", array_like=True):
    """A public print; `taker` is the aggressor's side."""

    instrument: str
    ts_receive_ns: int
    ts_event_ns: int | None
    trade_id: int
    price_ticks: int
    lots: int
    taker: Side


class Gap(Struct, frozen=True, gc=False, tag="gap", array_like=True):
    """The feed lost something: the book is invalid until the next snapshot."""

    instrument: str
    ts_receive_ns: int
    reason: str
    expected: int
    got: int


class FeedState(Enum):
    CONNECTING = "CONNECTING"
    SYNCING = "SYNCING"
    LIVE = "LIVE"
    DOWN = "DOWN"


class FeedStatus(Struct, frozen=True, tag="feed", array_like=True):
    """What a connection says of itself; `detail` is text for people, escaped."""

    feed: str
    ts_receive_ns: int
    state: FeedState
    detail: str = ""


class Report(Struct, frozen=True, tag="report", array_like=True):
    """What became of one of our orders, as told by the venue, by our socket, or by the paper venue.

    `cum_lots` is the venue's total (None: it does not say); `execution` is there for a FILL. `source` is `stream`,
    `reply`, `query`, `socket` or `paper`. `code` and `text` are the venue's words, escaped.
    """

    order_id: str
    ts_receive_ns: int
    ts_event_ns: int | None
    cause: Cause
    source: str
    venue_id: str = ""
    cum_lots: int | None = None
    execution: Execution | None = None
    code: str = ""
    text: str = ""


class TradingState(Enum):
    """What the desk may do: anything, only reduce, nothing. It tightens by itself, and loosens by a person only."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"

    @property
    def rank(self) -> int:
        """0, 1, 2: higher is tighter."""
        return _RANKS[self]


_RANKS = {TradingState.ACTIVE: 0, TradingState.REDUCING: 1, TradingState.HALTED: 2}


class SetTradingState(Struct, frozen=True, tag="set_trading_state"):
    state: TradingState


class Kill(Struct, frozen=True, tag="kill"):
    """HALTED, and every order cancelled, in one step."""


class PauseStrategy(Struct, frozen=True, tag="pause_strategy"):
    strategy: str


class ResumeStrategy(Struct, frozen=True, tag="resume_strategy"):
    strategy: str


class DrainStrategy(Struct, frozen=True, tag="drain_strategy"):
    strategy: str


class PauseAll(Struct, frozen=True, tag="pause_all"):
    pass


class ResumeAll(Struct, frozen=True, tag="resume_all"):
    """Those that a person paused; not the quarantined."""


class SetWeight(Struct, frozen=True, tag="set_weight"):
    strategy: str
    weight: float


class CancelOrder(Struct, frozen=True, tag="cancel_order"):
    order_id: str


class CancelAll(Struct, frozen=True, tag="cancel_all"):
    instrument: str | None = None  # None: the desk's


class Flatten(Struct, frozen=True, tag="flatten"):
    instrument: str | None = None  # None: every position


class SubmitOrder(Struct, frozen=True, tag="submit_order"):
    """The operator's own order. One that must rest (LIMIT_MAKER) cannot be IOC; a reduce-only one can only close."""

    instrument: str
    side: Side
    lots: int
    limit_ticks: int
    order_type: OrderType = OrderType.LIMIT
    tif: TimeInForce = TimeInForce.GTC
    reduce_only: bool = False


class ReplaceOrder(Struct, frozen=True, tag="replace_order"):
    """An order of the operator's in other terms; `lots` is all of it, what has filled included.

    The gate is asked first. Then the old order is cancelled, and only once the venue has confirmed that, an order for
    `lots` less what filled goes out: at no moment can more than `lots` fill.
    """

    order_id: str
    lots: int
    limit_ticks: int


class OverrideLimit(Struct, frozen=True, tag="override_limit"):
    """Widen one check by `extra` in its own unit, for `ttl_s` seconds, at most `budget` of it used in all."""

    check: str  # "P18"
    scope: str  # an instrument's key, a strategy, or "desk"
    extra: int
    ttl_s: int
    budget: int


class EndOverride(Struct, frozen=True, tag="end_override"):
    override_id: str


class AckAlert(Struct, frozen=True, tag="ack_alert"):
    alert_id: str | None = None  # None: all shown


class MuteAlert(Struct, frozen=True, tag="mute_alert"):
    """No toast and no bell for alerts of a kind for `ttl_s` seconds; 0 ends it. They are raised and counted still."""

    kind: str
    ttl_s: int = 900


class ReloadConfig(Struct, frozen=True, tag="reload_config"):
    """The configuration as it is now, whole, so that a replay needs no file; `hash` is that of the file's settings.

    The limits of `[risk]` are taken over at once, within bounds; whatever else differs needs a restart, and is told.
    """

    hash: str
    settings: Settings


class Quarantine(Struct, frozen=True, tag="quarantine"):
    """The engine's own word: this strategy raised; it trades no more until a person looks."""

    strategy: str
    error: str


class Note(Struct, frozen=True, tag="note"):
    """A line for the record; one that is an alert stands among the alerts until a person has seen it."""

    text: str
    is_alert: bool = False


Action = (
    SetTradingState
    | Kill
    | PauseStrategy
    | ResumeStrategy
    | DrainStrategy
    | PauseAll
    | ResumeAll
    | SetWeight
    | CancelOrder
    | CancelAll
    | Flatten
    | SubmitOrder
    | ReplaceOrder
    | OverrideLimit
    | EndOverride
    | AckAlert
    | MuteAlert
    | ReloadConfig
    | Quarantine
    | Note
)


class Command(Struct, frozen=True, tag="command", array_like=True):
    """The operator is an input: who wants what, why, and which picture (`seen_seq`) it was decided on.

    `expected` is the number in that picture on which all depends, if there is one: of a ReplaceOrder the lots left, of
    a SubmitOrder the position it is a share of, of an OverrideLimit the limit in force.
    """

    id: str
    author: str
    ts_receive_ns: int
    action: Action
    reason: str = ""
    seen_seq: int | None = None
    expected: int | None = None


class Tick(Struct, frozen=True, gc=False, tag="tick", array_like=True):
    """Time passed and nothing else came."""

    ts_receive_ns: int


Event = Quote | BookDelta | BookSnapshot | Trade | Gap | FeedStatus | Report | Command | Tick
MarketEvent = Quote | BookDelta | BookSnapshot | Trade | Gap

AlertSeverity = Literal["info", "warning", "critical"]
