"""Tightening: what the monitors demand of the trading state. They can close the door; only a person opens it."""

from catui.domain.events import TradingState
from catui.domain.orders import Refused
from catui.domain.reports import Override
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
    if _has_lost(desk, scene, halves=3):
        return TradingState.HALTED, "R01: loss at 150 % of its limit"
    if _has_lost(desk, scene, halves=2):
        return TradingState.REDUCING, "R01: loss at its limit"
    return None


def _has_lost(desk: Desk, scene: Scene, halves: int) -> bool:
    """Whether drawdown or daily loss is at `halves` halves of its limit.

    Limits are those in force, as the gate reads them (P28, P29): with what a person widened them by. A limit of nothing
    is reached by the first loss, not by none.
    """
    performance, overrides = scene.booked.positions.performance, scene.booked.executed.handled.risk.overrides
    most_bps = desk.risk.max_drawdown_bps + _extra(overrides, "P28")
    most_money = desk.money(desk.risk.max_daily_loss_quote) + _extra(overrides, "P29")
    drawdown = performance.drawdown_money * 10_000, most_bps * desk.money(desk.start_equity_quote)
    daily_loss = -performance.day_money, most_money
    return any(2 * lost >= halves * max(1, most) for lost, most in (drawdown, daily_loss))


def _extra(overrides: tuple[Override, ...], check: str) -> int:
    """What people widened a limit of the desk by, in its own unit."""
    return sum(override.extra for override in overrides if override.check == check and override.scope == "desk")
