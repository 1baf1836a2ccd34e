"""How much of every limit is used, for people: measured as the checks measure it."""

from catui.domain.orders import Side
from catui.domain.reports import Override, Usage
from catui.domain.settings import Desk
from catui.risk.caps import gross_money
from catui.risk.limits import Context


def usage(desk: Desk, context: Context, overrides: tuple[Override, ...]) -> tuple[Usage, ...]:
    """P18 by instrument, P19, P25, P28 and P29 of the desk, each against its limit with the overrides in force."""
    risk, units = desk.risk, desk.unit_money

    def limit(check: str, base: int, *scopes: str) -> int:
        return base + sum(o.extra for o in overrides if o.check == check and o.scope in ("desk", *scopes))

    positions = []
    for key, unit in units.items():
        mark = context.market(key).mark_ticks or context.marks.get(key) or 0
        worst = max(0, context.worst_lots(key, Side.BUY), context.worst_lots(key, Side.SELL))
        most = limit("P18", desk.money(risk.max_position_quote), key)
        positions.append(Usage("P18", "MAX_POSITION", key, worst * mark * unit, most, "money"))
    down_bps = -(-context.drawdown_money * 10_000 // max(1, desk.money(desk.start_equity_quote)))
    return (
        *positions,
        Usage(
            "P19",
            "GROSS_EXPOSURE",
            "desk",
            gross_money(context, units),
            limit("P19", desk.money(risk.max_gross_quote)),
            "money",
        ),
        Usage("P25", "OPEN_ORDERS", "desk", len(context.working), limit("P25", risk.max_open_orders), "orders"),
        Usage("P28", "DRAWDOWN", "desk", down_bps, limit("P28", risk.max_drawdown_bps), "bps"),
        Usage(
            "P29",
            "DAILY_LOSS",
            "desk",
            max(0, -context.day_money),
            limit("P29", desk.money(risk.max_daily_loss_quote)),
            "money",
        ),
    )
