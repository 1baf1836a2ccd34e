"""What a step knows of the world: the event, the standing orders of the operator, and every market's latest state."""

from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from catui.domain.events import Command, Event, TradingState
from catui.domain.orders import Side
from catui.domain.settings import RiskSettings


class StrategyState(Enum):
    """RUN trades; DRAIN only reduces, then pauses; PAUSE and QUARANTINE hold nothing new."""

    RUN = "RUN"
    DRAIN = "DRAIN"
    PAUSE = "PAUSE"
    QUARANTINE = "QUARANTINE"


class Standing(Struct, frozen=True):
    """Where one strategy stands, since when, by whose word and why."""

    state: StrategyState = StrategyState.RUN
    since_ns: int = 0
    author: str = ""
    reason: str = ""


class CommandResult(Struct, frozen=True):
    """The desk's answer to one command."""

    id: str
    ok: bool
    text: str
    author: str = ""


class Control(Struct, frozen=True):
    """The fold of the operator's commands and the monitors' tightenings. `strategies` is by name, in config order.

    `limits` are those of the configuration as it was read last.
    `pictures` are `(seq, ts_ns)` of the last seconds, one a second, oldest first: how old what a person saw is.
    """

    trading_state: TradingState
    trading_reason: str
    strategies: dict[str, Standing]
    seq: int = 0  # events seen, this one included
    pictures: tuple[tuple[int, int], ...] = ()
    limits: RiskSettings | None = None  # None: those that the run was started with


class Market(Struct, frozen=True, gc=False):
    """The latest state of one instrument. Prices are ticks; a side that is not known is None.

    `bids` and `asks` are the whole held book, best first, as `(prices, lots)` of equal length: never mutated.
    `is_valid` is False from a gap to the next snapshot, and where the book is crossed or a side is empty.
    """

    instrument: str
    bid_ticks: int | None = None
    bid_lots: int = 0
    ask_ticks: int | None = None
    ask_lots: int = 0
    last_ticks: int | None = None
    last_lots: int = 0
    last_taker: Side | None = None
    last_trade_ns: int | None = None
    quote_ns: int | None = None  # receive time of the latest quote or book event
    venue_ns: int | None = None  # the venue's clock in the latest event that had it
    bids: tuple[list[int], list[int]] = ([], [])
    asks: tuple[list[int], list[int]] = ([], [])
    book_id: int | None = None
    is_valid: bool = False
    why_invalid: str = "no book yet"
    gaps: int = 0
    ticks: int = 0  # quotes seen

    @property
    def mid_half_ticks(self) -> int | None:
        """Twice the mid price in ticks, exact; None while a side is unknown."""
        if self.bid_ticks is None or self.ask_ticks is None:
            return None
        return self.bid_ticks + self.ask_ticks

    @property
    def mark_ticks(self) -> int | None:
        """The price at which positions are marked: the mid, rounded down to the tick; else the last trade."""
        half = self.mid_half_ticks
        return self.last_ticks if half is None else half // 2


class Moment(NamedTuple):
    """One step's context, read by every stage and changed by none.

    `command` is this step's command if it was accepted; a refused one is only in `results`.
    `changed` is the instrument that this event told of.
    """

    event: Event
    now_ns: int
    control: Control
    command: Command | None
    results: tuple[CommandResult, ...]
    markets: dict[str, Market]
    changed: str | None


class Controlled(NamedTuple):
    """An event with the operator's standing orders: what the control stage tells the market stage."""

    event: Event
    control: Control
    command: Command | None
    results: tuple[CommandResult, ...]
