"""A desk seen by its monitors, step by step, with round numbers: one tick times one lot is one dollar.

`paper:AAA` has its mid at 100, `paper:BBB` at 10. Nothing is wrong unless a test says so.
"""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from catui.core.machine import Machine, run
from catui.domain.events import Action, Command, Event, Quote, Tick, Trade, TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Control, Market, Moment, Standing
from catui.domain.orders import Execution, Fill, Intent, Leg, Order, Reason, Refused, Side, Status
from catui.domain.reports import (
    Alert,
    Anomaly,
    Booked,
    Executed,
    Handled,
    OrderTable,
    Outputs,
    Performance,
    Positions,
    Reports,
    RiskState,
)
from catui.domain.settings import Desk, MonitoringSettings, StrategySettings
from catui.monitoring import Metrics, monitoring
from catui.monitoring.scene import Detector, Findings, Scene

A, B = "paper:AAA", "paper:BBB"
MONEY = 10**8  # of one dollar
MS = 1_000_000
S = 1_000_000_000
NOW = 1_000 * S
IDLE = Handled((), (), (), (), OrderTable(), RiskState())
POSITIONS = Positions()
LEGS = (Leg("up", 10),)
INTENT = Intent(A, Side.BUY, 10, 101, LEGS, "ensemble", 7)


def desk(start_equity_quote: str = "100000", risk: dict[str, Any] | None = None, **limits: Any) -> Desk:
    instruments = tuple(Instrument("paper", name, name, "USD", "1", "1") for name in ("AAA", "BBB"))
    strategies = (StrategySettings("up", "momentum"), StrategySettings("down", "momentum"))
    made = Desk(7, instruments, strategies, start_equity_quote, monitoring=replace(MonitoringSettings(), **limits))
    return replace(made, risk=replace(made.risk, **(risk or {})))


def market(key: str = A, **changes: Any) -> Market:
    """A whole book, one tick round the mid, heard of just now."""
    mid = 100 if key == A else 10
    known: dict[str, Any] = {"bid_ticks": mid - 1, "ask_ticks": mid + 1, "quote_ns": NOW, "book_id": 1}
    return Market(key, **(known | {"is_valid": True, "why_invalid": ""} | changes))


def scene(
    event: Event | None = None,
    *,
    now_ns: int = NOW,
    markets: Iterable[Market] = (),
    strategies: dict[str, Standing] | None = None,
    handled: Handled = IDLE,
    positions: Positions = POSITIONS,
    reports: Reports | None = None,
    changed: str | None = None,
) -> Scene:
    """A step as monitoring sees it; time alone passed, unless an event is given."""
    event = event or Tick(now_ns)
    control = Control(TradingState.ACTIVE, "", strategies or {}, seq=7)
    command = event if isinstance(event, Command) else None
    known = {m.instrument: m for m in markets}
    moment = Moment(event, event.ts_receive_ns, control, command, (), known, changed)
    return Scene(moment, Booked(Executed(handled, (), ()), positions), reports or Reports(positions=positions))


def quote(now_ns: int = NOW) -> Quote:
    return Quote(A, now_ns, None, 99, 1, 101, 1)


def trade(now_ns: int = NOW, key: str = A, id: int = 1) -> Trade:
    return Trade(key, now_ns, None, id, 100, 1, Side.BUY)


def command(action: Action, now_ns: int = NOW) -> Command:
    return Command("c1", "ann", now_ns, action)


def levels(detector: Detector, scenes: Iterable[Scene], scope: str) -> list[str]:
    """What a detector says of one scope at each step; `-`: nothing."""
    return [level_of(findings, scope) for findings in run(detector, scenes)]


def level_of(findings: Findings, scope: str) -> str:
    found = [finding.level for finding in findings if finding.scope == scope]
    assert len(found) <= 1
    return found[0] if found else "-"


def lost(money: int) -> Positions:
    """The desk that had nothing and lost `money`, today."""
    return Positions(performance=Performance(pnl_money=-money))


def order(name: str) -> Order:
    return Order(name, INTENT, 10, Status.INTENDED, NOW, NOW, NOW, 7)


def fill(name: str) -> Fill:
    return Fill(name, A, Side.BUY, Execution(name, 101, 10, 0, 0, "USD", True), LEGS, 0, NOW, 7)


def refused(*checks: str, code: str = "MAX_POSITION", text: str = "too much") -> Refused:
    return Refused(INTENT, tuple(Reason(check, code, 2, 1, "lots", text) for check in checks))


def anomaly(kind: str = "illegal report", *, is_integrity: bool = False) -> Anomaly:
    return Anomaly(kind, "o1", "what it was", is_integrity)


class Watched:
    """The monitoring stage with its state; each step is given the reports of the one before."""

    def __init__(self, of: Desk | None = None) -> None:
        self.machine: Machine[Any, Any, tuple[Outputs, Reports]] = monitoring(of or desk())
        self.state: Any = self.machine.init
        self.reports = Reports(positions=POSITIONS, orders=IDLE.orders, risk=IDLE.risk)

    def see(self, seen: Scene) -> Outputs:
        wire = ((seen.moment, seen.booked), self.reports)
        self.state, (outputs, self.reports) = self.machine.step(self.state, wire)
        return outputs

    @property
    def metrics(self) -> Metrics:
        metrics = self.state[0][0][0]
        assert isinstance(metrics, Metrics)
        return metrics

    def alert(self, id: str) -> Alert:
        return self.reports.alerts[id]

    def open(self) -> list[str]:
        return [id for id, alert in self.reports.alerts.items() if alert.cleared_ns is None]
