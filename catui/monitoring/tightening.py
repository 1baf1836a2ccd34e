"""Tightening: what the monitors demand of the trading state. They can close the door; only a person opens it."""

from collections.abc import Callable

from catui.domain.events import TradingState
from catui.domain.orders import Refused
from catui.domain.reports import Override
from catui.domain.settings import Desk, under
from catui.monitoring.scene import Scene

GATE_ERROR = "GATE_ERROR"
Demand = tuple[TradingState, str]


def demands(desk: Desk) -> Callable[[Scene], Demand | None]:
    """The tightest demand of a step (R01, R02, R10); None where there is none.

    HALTED: a ledger that does not add up, a report that cannot be, an error inside the gate, 150 % of a loss limit.
    REDUCING: a loss limit reached.
    """
    losses_of = under(desk, losses)

    def demanded(scene: Scene) -> Demand | None:
        handled, residual = scene.booked.executed.handled, scene.booked.positions.residual_money
        if residual:
            return TradingState.HALTED, f"R02: the ledgers differ by {residual}"
        for anomaly in handled.anomalies:
            if anomaly.is_integrity:
                return TradingState.HALTED, f"R10: {anomaly.kind}: {anomaly.text}"
        for verdict in handled.verdicts:
            if isinstance(verdict, Refused) and any(reason.code == GATE_ERROR for reason in verdict.reasons):
                return TradingState.HALTED, "an error inside the risk gate"
        is_lost = losses_of(scene.moment.control.limits)
        if is_lost(scene, 3):
            return TradingState.HALTED, "R01: loss at 150 % of its limit"
        if is_lost(scene, 2):
            return TradingState.REDUCING, "R01: loss at its limit"
        return None

    return demanded


def losses(desk: Desk) -> Callable[[Scene, int], bool]:
    """Whether drawdown or daily loss is at so many halves of its limit.

    Limits are those in force, as the gate reads them (P28, P29): with what a person widened them by. A limit of nothing
    is reached by the first loss, not by none.
    """
    start_money, drawdown_bps = desk.money(desk.start_equity_quote), desk.risk.max_drawdown_bps
    daily_money = desk.money(desk.risk.max_daily_loss_quote)

    def is_lost(scene: Scene, halves: int) -> bool:
        performance, overrides = scene.booked.positions.performance, scene.booked.executed.handled.risk.overrides
        drawdown = performance.drawdown_money * 10_000, (drawdown_bps + _extra(overrides, "P28")) * start_money
        daily_loss = -performance.day_money, daily_money + _extra(overrides, "P29")
        return any(2 * lost >= halves * max(1, most) for lost, most in (drawdown, daily_loss))

    return is_lost


def _extra(overrides: tuple[Override, ...], check: str) -> int:
    """What people widened a limit of the desk by, in its own unit."""
    return sum(override.extra for override in overrides if override.check == check and override.scope == "desk")
