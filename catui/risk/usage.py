"""How much of every limit is used, for people: measured as the checks measure it."""

from collections.abc import Callable

from catui.domain.reports import Usage
from catui.domain.settings import Desk
from catui.risk.caps import exposure_money, gross_money
from catui.risk.limits import Context
from catui.risk.predicates import drawdown_bps


def usage(desk: Desk) -> Callable[[Context], tuple[Usage, ...]]:
    """P18 by instrument, P19, P25, P28 and P29 of the desk, each against its limit with the overrides in force.

    A position that nobody knows a price of counts as 0 here; the gate refuses what it could hide.
    """
    risk, units, start = desk.risk, desk.unit_money, desk.money(desk.start_equity_quote)
    position, gross = desk.money(risk.max_position_quote), desk.money(risk.max_gross_quote)
    loss = desk.money(risk.max_daily_loss_quote)

    def counted(context: Context) -> tuple[Usage, ...]:
        def of(check: str, code: str, used: int, limit: int, unit: str) -> Usage:
            return Usage(check, code, "desk", used, limit + context.extra(check), unit)

        positions = tuple(
            Usage(
                "P18",
                "MAX_POSITION",
                key,
                exposure_money(context, key, unit) or 0,
                position + context.extra("P18", key),
                "money",
            )
            for key, unit in units.items()
        )
        return (
            *positions,
            of("P19", "GROSS_EXPOSURE", gross_money(context, units) or 0, gross, "money"),
            of("P25", "OPEN_ORDERS", len(context.working), risk.max_open_orders, "orders"),
            of("P28", "DRAWDOWN", drawdown_bps(context, start), risk.max_drawdown_bps, "bps"),
            of("P29", "DAILY_LOSS", max(0, -context.day_money), loss, "money"),
        )

    return counted
