"""Which limits a person may widen, and how far: what a raising command must satisfy before anything acts on it."""

from catui.domain.events import OverrideLimit
from catui.domain.settings import Desk

OVERRIDABLE = {
    "P10": "ms",
    "P12": "bps",
    "P16": "money",
    "P17": "money",
    "P18": "money",
    "P19": "money",
    "P25": "orders",
    "P28": "bps",
    "P29": "money",
}
MIN_REASON = 8


def limit_of(desk: Desk, check: str) -> int | None:
    """The configured limit of an overridable check, in its own unit; None for a check that cannot be overridden.

    P16 to P19 and P29 are in money, P10 in milliseconds, P12 and P28 in basis points, P25 in orders.
    """
    risk = desk.risk
    limits = {
        "P10": risk.stale_ms,
        "P12": risk.price_collar_bps,
        "P16": desk.money(risk.max_order_notional_quote),
        "P17": desk.money(risk.max_order_quote),
        "P18": desk.money(risk.max_position_quote),
        "P19": desk.money(risk.max_gross_quote),
        "P25": risk.max_open_orders,
        "P28": risk.max_drawdown_bps,
        "P29": desk.money(risk.max_daily_loss_quote),
    }
    return limits.get(check) if check in OVERRIDABLE else None


def override_fault(desk: Desk, wanted: OverrideLimit, reason: str) -> str | None:
    """Why an override is refused, in one sentence; None if it may be."""
    limit = limit_of(desk, wanted.check)
    scopes = {"desk", *(i.key for i in desk.instruments), *desk.strategy_names}
    if limit is None:
        return f"{wanted.check} cannot be overridden; these can: {', '.join(sorted(OVERRIDABLE))}"
    if wanted.scope not in scopes:
        return "the scope must be desk, an instrument or a strategy of this desk"
    if len(reason.strip()) < MIN_REASON:
        return f"an override needs a reason of at least {MIN_REASON} characters"
    if not 1 <= wanted.ttl_s <= desk.risk.max_override_ttl_s:
        return f"an override lasts 1 to {desk.risk.max_override_ttl_s} s, not {wanted.ttl_s}"
    most = int(limit * desk.risk.max_override_factor) - limit
    if not 1 <= wanted.extra <= most:
        return f"{wanted.check} may be widened by 1 to {most} {OVERRIDABLE[wanted.check]}, not {wanted.extra}"
    if wanted.budget < 1:
        return f"an override needs a budget above 0, not {wanted.budget}"
    return None
