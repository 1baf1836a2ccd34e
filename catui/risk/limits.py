"""The shape of a check: a frozen value with a pure reading of a context and an intent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from catui.domain.events import TradingState
from catui.domain.moment import Market, Standing
from catui.domain.orders import Intent, Leg, Reason, Side
from catui.domain.reports import Override
from catui.domain.settings import RiskSettings

Stage = Literal["cap", "predicate"]


class Working(Struct, frozen=True):
    """An order that counts: what may still fill of it, and whose it would be."""

    instrument: str
    side: Side
    leaves_lots: int
    limit_ticks: int
    legs: tuple[Leg, ...]


class Context(Struct, frozen=True):
    """All that checks may know. What is missing refuses.

    `held[instrument][strategy]` are lots; `working` holds every order that may still fill, those approved in this step
    included.
    """

    now_ns: int
    trading_state: TradingState
    strategies: dict[str, Standing]
    markets: dict[str, Market]
    held: dict[str, dict[str, int]]
    working: tuple[Working, ...]
    marks: dict[str, int]
    drawdown_money: int
    day_money: int
    overrides: tuple[Override, ...] = ()
    limits: RiskSettings | None = None  # None: those that the run was started with

    def market(self, key: str) -> Market:
        """The market of an instrument; an empty one if there is none."""
        return self.markets.get(key) or Market(key)

    def lots(self, key: str) -> int:
        """The desk's position."""
        return sum(self.held.get(key, {}).values())

    def working_lots(self, key: str, side: Side) -> int:
        """What may still fill on one side."""
        return sum(w.leaves_lots for w in self.working if w.instrument == key and w.side is side)

    def worst_lots(self, key: str, side: Side) -> int:
        """The position if everything on one side fills: the worst case towards it, signed by the side."""
        return side.sign * self.lots(key) + self.working_lots(key, side)

    def share_lots(self, key: str, strategy: str, side: Side) -> int:
        """What a strategy's legs of the orders at work would move it towards one side."""
        legs = (leg for w in self.working if w.instrument == key for leg in w.legs if leg.strategy == strategy)
        return sum(max(0, side.sign * leg.lots) for leg in legs)

    def price_ticks(self, key: str) -> int | None:
        """What exposure is counted at: the mark, else the ledger's last, else the highest price that is at work."""
        price = self.market(key).mark_ticks or self.marks.get(key)
        return price or max((w.limit_ticks for w in self.working if w.instrument == key), default=None)

    def reducible_lots(self, intent: Intent) -> int:
        """What the intent may close: the position against it, less the closers that already work."""
        against = -intent.side.sign * self.lots(intent.instrument)
        return max(0, against - self.working_lots(intent.instrument, intent.side))

    def is_reduce_only(self, intent: Intent) -> bool:
        """Whether the intent may do nothing but close: by its own word, or because the desk is REDUCING."""
        return intent.reduce_only or self.trading_state is TradingState.REDUCING

    def is_reducing(self, intent: Intent) -> bool:
        """Whether all that can come of the intent closes; a reduce-only one is cut to that."""
        most = self.reducible_lots(intent)
        return most > 0 if self.is_reduce_only(intent) else 0 < intent.lots <= most

    def extra(self, check: str, *scopes: str) -> int:
        """What overrides in force add to a limit, for the desk or one of `scopes`."""
        return sum(o.extra for o in self.overrides if o.check == check and o.scope in ("desk", *scopes))


class Pass(Struct, frozen=True):
    """Yes; what was measured against which limit, where there is a number to it (else `unit` is empty)."""

    measured: int = 0
    limit: int = 0
    unit: str = ""


class Cap(Struct, frozen=True):
    """At most so many lots, which is less than was wanted."""

    lots: int
    reason: Reason


class Refuse(Struct, frozen=True):
    """No, and why."""

    reason: Reason


Reading = Pass | Cap | Refuse
PASS = Pass()
Read = Callable[[Context, Intent, int], Reading]


@dataclass(frozen=True)
class Check:
    """A check: its stable id, its code, and its reading of a context, an intent and the capped quantity.

    Caps and upper bounds look at the intent as it was wanted; lower bounds (`is_least`) look at the capped quantity.
    """

    id: str
    code: str
    stage: Stage
    read: Read
    is_least: bool = False
