"""The orders at work: whose they are, and which of them nobody wants any more."""

from catui.domain.events import TradingState
from catui.domain.moment import Control, StrategyState
from catui.domain.orders import Order
from catui.domain.reports import Positions, Reports

STOPPED = (StrategyState.PAUSE, StrategyState.QUARANTINE)


def is_of_ensemble(order: Order) -> bool:
    """Whether the strategies wanted it, and not the operator."""
    return order.intent.owner == "ensemble"


def is_of_strategy(order: Order, strategy: str) -> bool:
    """Whether the strategy has a leg in an order of the ensemble."""
    return is_of_ensemble(order) and any(leg.strategy == strategy for leg in order.intent.legs)


def is_stopped(order: Order, control: Control) -> bool:
    """Whether a strategy with a leg in this order of the ensemble is paused or quarantined."""
    return is_of_ensemble(order) and any(
        leg.strategy in control.strategies and control.strategies[leg.strategy].state in STOPPED
        for leg in order.intent.legs
    )


def is_opening(order: Order, positions: Positions) -> bool:
    """Whether a fill of it could enlarge the desk's position, or carry it through zero."""
    account = positions.desk.get(order.intent.instrument)
    after_lots = order.intent.side.sign * order.leaves_lots
    held = account.lots if account is not None else 0
    return abs(held + after_lots) > abs(held) or (held + after_lots) * held < 0


def unwanted(reports: Reports, control: Control, now_ns: int, ttl_ns: int) -> tuple[str, ...]:
    """Working orders to cancel that nobody has asked to cancel yet.

    In HALTED all of them, in REDUCING those that open, and always those that may only reduce and would open by now; of
    the ensemble's, those older than `ttl_ns` and those with a leg of a stopped strategy.
    """
    state = control.trading_state
    return tuple(
        order.id
        for order in reports.orders.working.values()
        if not order.wish_cancel
        and (
            state is TradingState.HALTED
            or ((state is TradingState.REDUCING or order.intent.reduce_only) and is_opening(order, reports.positions))
            or (is_of_ensemble(order) and now_ns - order.created_ns > ttl_ns)
            or is_stopped(order, control)
        )
    )
