"""Tightening: what the monitors demand of the trading state. They can close the door; only a person opens it."""

from catui.domain.events import TradingState
from catui.domain.orders import Refused
from catui.domain.settings import Desk
from catui.monitoring.scene import Scene

GATE_ERROR = "GATE_ERROR"
Demand = tuple[TradingState, str]


def demanded(desk: Desk, scene: Scene) -> Demand | None:
    """The tightest demand of this step (R01, R02).

    HALTED: a ledger that does not add up, a report that cannot be, an error inside the gate, 150 % of a loss limit.
    REDUCING: a loss limit reached.
    """
    positions, handled = scene.booked.positions, scene.booked.executed.handled
    if positions.residual_money:
        return TradingState.HALTED, f"R02: the ledgers differ by {positions.residual_money}"
    for anomaly in handled.anomalies:
        if anomaly.is_integrity:
            return TradingState.HALTED, f"R10: {anomaly.kind}: {anomaly.text}"
    for verdict in handled.verdicts:
        if isinstance(verdict, Refused) and any(reason.code == GATE_ERROR for reason in verdict.reasons):
            return TradingState.HALTED, "an error inside the risk gate"
    drawdown = positions.performance.drawdown_money * 10_000
    worst_drawdown = desk.risk.max_drawdown_bps * desk.money(desk.start_equity_quote)
    loss, worst_loss = -positions.performance.day_money, desk.money(desk.risk.max_daily_loss_quote)
    if 2 * drawdown >= 3 * worst_drawdown or 2 * loss >= 3 * worst_loss:
        return TradingState.HALTED, "R01: loss at 150 % of its limit"
    if drawdown >= worst_drawdown or loss >= worst_loss:
        return TradingState.REDUCING, "R01: loss at its limit"
    return None
