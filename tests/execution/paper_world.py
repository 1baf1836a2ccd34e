"""A paper venue of one instrument, driven quote by quote, for the tests of execution."""

from typing import Any

from catui.core.machine import Machine
from catui.domain.events import Event, Quote, Report, Tick, Trade, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Market, Moment
from catui.domain.orders import Cancel, Intent, Leg, Order, OrderType, Query, Request, Side, Status, Submit, TimeInForce
from catui.domain.reports import Executed, Handled, OrderTable, Reports, RiskState
from catui.domain.settings import Desk, ExecutionSettings, StrategySettings
from catui.execution import execution

KEY = "paper:BTCUSDT"
BTC = Instrument("paper", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
MS = 1_000_000
NO_RISK = RiskState()


def desk(**changes: Any) -> Desk:
    terms: dict[str, Any] = {"mode": "paper", "latency_ms": 20}
    return Desk(7, (BTC,), (StrategySettings("up", "momentum"),), execution=ExecutionSettings(**(terms | changes)))


def order(name: str, side: Side, lots: int, limit_ticks: int, **terms: Any) -> Order:
    intent = Intent(KEY, side, lots, limit_ticks, (Leg("up", side.sign * lots),), "ensemble", 0, **terms)
    return Order(name, intent, lots, Status.INTENDED, created_ns=0, updated_ns=0, valid_until_ns=0, seq=0)


def ioc(name: str, side: Side, lots: int, limit_ticks: int) -> Order:
    return order(name, side, lots, limit_ticks, tif=TimeInForce.IOC)


def post_only(name: str, side: Side, lots: int, limit_ticks: int) -> Order:
    return order(name, side, lots, limit_ticks, type=OrderType.LIMIT_MAKER)


def said(reports: tuple[Report, ...]) -> list[str]:
    """The reports in short: `ID CAUSE`, and for a fill `ID LOTS@PRICE maker|taker`."""
    lines = []
    for report in reports:
        told = report.execution
        if told is None:
            lines.append(f"{report.order_id} {report.cause.value}")
        else:
            kind = "maker" if told.is_maker else "taker"
            lines.append(f"{report.order_id} {told.lots}@{told.price_ticks} {kind}")
    return lines


class Session:
    """The execution stage with its state and the market that it sees."""

    def __init__(self, of: Desk | None = None) -> None:
        self.machine: Machine[Any, Any, Any] = execution(of or desk())
        self.state: Any = self.machine.init
        self.market = Market(KEY)
        self.idle = Handled((), (), (), (), OrderTable(), NO_RISK)

    def step(self, event: Event, requests: tuple[Request, ...], changed: str | None) -> Executed:
        handled = Handled((), requests, (), (), OrderTable(), NO_RISK) if requests else self.idle
        control = Control(TradingState.ACTIVE, "", {})
        moment = Moment(event, event.ts_receive_ns, control, None, (), {KEY: self.market}, changed)
        self.state, ((_, executed), _) = self.machine.step(self.state, ((moment, handled), Reports()))
        assert isinstance(executed, Executed)
        return executed

    def quote(self, at_ms: int, bid: int, bid_lots: int, ask: int, ask_lots: int) -> list[str]:
        at_ns = at_ms * MS
        self.market = Market(KEY, bid, bid_lots, ask, ask_lots, quote_ns=at_ns, is_valid=bid < ask)
        event = Quote(KEY, at_ns, None, bid, bid_lots, ask, ask_lots)
        return said(self.step(event, (), KEY).executions)

    def trade(self, at_ms: int, price: int, lots: int) -> list[str]:
        return said(self.step(Trade(KEY, at_ms * MS, None, at_ms, price, lots, Side.SELL), (), KEY).executions)

    def tick(self, at_ms: int) -> list[str]:
        return said(self.step(Tick(at_ms * MS), (), None).executions)

    def submit(self, at_ms: int, *orders: Order) -> list[str]:
        return said(self.step(Tick(at_ms * MS), tuple(Submit(o) for o in orders), None).executions)

    def cancel(self, at_ms: int, *orders: Order) -> list[str]:
        return said(self.step(Tick(at_ms * MS), tuple(Cancel(o) for o in orders), None).executions)

    def query(self, at_ms: int, *orders: Order) -> list[str]:
        return said(self.step(Tick(at_ms * MS), tuple(Query(o) for o in orders), None).executions)
