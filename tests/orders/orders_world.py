"""A desk of one instrument and hand-made steps, for the tests of the order stage."""

from typing import Any

from catui.core.machine import Machine
from catui.domain.events import Command, Event, Report, Tick, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Moment
from catui.domain.orders import Approved, Cause, Execution, Intent, Leg, Order, Resized, Side, Verdict
from catui.domain.reports import Handled, Judged, Reports, RiskState
from catui.domain.settings import Desk, StrategySettings
from catui.orders import orders

KEY = "paper:BTCUSDT"
BTC = Instrument("paper", "BTCUSDT", "BTC", "USDT", tick_size="0.01", lot_size="0.00001")
DESK = Desk(7, (BTC,), (StrategySettings("up", "momentum"), StrategySettings("down", "mean_reversion")))
RISK = RiskState()
MS = 1_000_000
S = 1_000_000_000


def moment(event: Event, seq: int = 0, command: Command | None = None) -> Moment:
    """A step's context: nothing but its event, its time and its number."""
    return Moment(event, event.ts_receive_ns, Control(TradingState.ACTIVE, "", {}, seq), command, (), {}, None)


def intent(lots: int = 10, side: Side = Side.BUY, legs: tuple[Leg, ...] | None = None) -> Intent:
    """An intent of the ensemble; without legs `up` wants it all."""
    return Intent(KEY, side, lots, 6_000_000, legs or (Leg("up", side.sign * lots),), "ensemble", cause_seq=0)


def report(
    order_id: str,
    cause: Cause,
    at_ns: int = 0,
    execution: Execution | None = None,
    cum_lots: int | None = None,
) -> Report:
    return Report(order_id, at_ns, None, cause, "stream", "", cum_lots, execution)


def execution(fill_id: str, lots: int, price_ticks: int = 6_000_000, fee: int = 0, asset: str = "USDT") -> Execution:
    return Execution(fill_id, price_ticks, lots, fee, 8, asset, is_maker=False)


class Session:
    """The order stage with its state, driven step by step."""

    def __init__(self, desk: Desk = DESK) -> None:
        self.machine: Machine[Any, Any, Any] = orders(desk)
        self.state: Any = self.machine.init
        self.seq = 0

    def step(
        self,
        event: Event,
        verdicts: tuple[Verdict, ...] = (),
        cancels: tuple[str, ...] = (),
        executions: tuple[Report, ...] = (),
        command: Command | None = None,
    ) -> Handled:
        self.seq += 1
        wire = (
            (moment(event, self.seq, command), Judged(verdicts, cancels, RISK)),
            Reports(executions=executions),
        )
        self.state, ((_, handled), _) = self.machine.step(self.state, wire)
        assert isinstance(handled, Handled)
        return handled

    def new(self, wanted: Intent, lots: int | None = None, at_ns: int = 0) -> Order:
        """An order just INTENDED, shrunk to `lots` if given."""
        verdict = Approved(wanted, wanted.lots) if lots is None else Resized(wanted, lots, ())
        handled = self.step(Tick(at_ns), verdicts=(verdict,))
        return handled.requests[-1].order

    def tell(self, order_id: str, cause: Cause, at_ns: int = 0, **said: Any) -> Handled:
        return self.step(report(order_id, cause, at_ns, **said))

    def live(self, wanted: Intent | None = None, lots: int | None = None) -> Order:
        order = self.new(wanted or intent(), lots)
        self.tell(order.id, Cause.BYTES_LEFT)
        self.tell(order.id, Cause.ACCEPTED)
        return self.order(order.id)

    def order(self, order_id: str) -> Order:
        table = self.state.table
        found = table.working.get(order_id) or table.ended[order_id]
        assert isinstance(found, Order)
        return found
