"""What checks may know of a step: the moment, and the reports of the step before."""

from collections.abc import Collection

from catui.domain.legs import scale_legs
from catui.domain.moment import Moment
from catui.domain.orders import Intent
from catui.domain.reports import Reports
from catui.risk.limits import Context, Working


def context_of(moment: Moment, reports: Reports, without: Collection[str] = ()) -> Context:
    """The context of a step; `without` are ids of orders that are taken for ended."""
    positions, orders = reports.positions, reports.orders.working.values()
    return Context(
        now_ns=moment.now_ns,
        trading_state=moment.control.trading_state,
        strategies=moment.control.strategies,
        markets=moment.markets,
        held={key: {name: a.lots for name, a in owners.items()} for key, owners in positions.accounts.items()},
        working=tuple(at_work(order.intent, order.leaves_lots) for order in orders if order.id not in without),
        marks=positions.marks,
        drawdown_money=positions.performance.drawdown_money,
        day_money=positions.performance.day_money,
        limits=moment.control.limits,
    )


def at_work(intent: Intent, lots: int) -> Working:
    """What is left of an order, and whose it is: the legs shrink with it."""
    legs = scale_legs(intent.legs, intent.lots, lots) if intent.lots else ()
    return Working(intent.instrument, intent.side, lots, intent.limit_ticks, legs)
