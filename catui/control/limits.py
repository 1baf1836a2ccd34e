"""Which limits a person may widen, where, and how far: what an override must satisfy before anything acts on it."""

from catui.domain.events import OverrideLimit
from catui.domain.limits import OVERRIDABLE
from catui.domain.settings import Desk

OF_THE_DESK = ("P19", "P28", "P29")  # limits that no single instrument has
OF_A_STRATEGY = ("P18",)
MIN_REASON = 8


def limit_of(desk: Desk, check: str, scope: str = "desk") -> int | None:
    """The configured limit of an overridable check, in its own unit; None for what cannot be overridden.

    P16 to P19 and P29 are in money, P10 in milliseconds, P12 and P28 in basis points, P25 in orders. Where a scope
    widens two limits of one check (P18 and P25), it is the smaller one.
    """
    risk = desk.risk
    position, strategy_position = desk.money(risk.max_position_quote), desk.money(risk.max_strategy_position_quote)
    limits = {
        "P10": risk.stale_ms,
        "P12": risk.price_collar_bps,
        "P16": desk.money(risk.max_order_notional_quote),
        "P17": desk.money(risk.max_order_quote),
        "P18": strategy_position if scope in desk.strategy_names else min(position, strategy_position),
        "P19": desk.money(risk.max_gross_quote),
        "P25": min(risk.max_open_orders, risk.max_open_orders_instrument)
        if scope == "desk"
        else risk.max_open_orders_instrument,
        "P28": risk.max_drawdown_bps,
        "P29": desk.money(risk.max_daily_loss_quote),
    }
    return limits.get(check) if scope in scopes_of(desk, check) else None


def scopes_of(desk: Desk, check: str) -> tuple[str, ...]:
    """Where a check can be overridden: the desk, its instruments, its strategies; nowhere, if it cannot be."""
    if check not in OVERRIDABLE:
        return ()
    instruments = () if check in OF_THE_DESK else tuple(i.key for i in desk.instruments)
    return ("desk", *instruments, *(desk.strategy_names if check in OF_A_STRATEGY else ()))


def override_fault(desk: Desk, wanted: OverrideLimit, reason: str) -> str | None:
    """Why an override is refused, in one sentence; None if it may be."""
    if wanted.check not in OVERRIDABLE:
        return f"{wanted.check} cannot be overridden; these can: {', '.join(OVERRIDABLE)}"
    limit, unit = limit_of(desk, wanted.check, wanted.scope), OVERRIDABLE[wanted.check]
    if limit is None:
        return f"{wanted.check} has no scope {wanted.scope}; it has {', '.join(scopes_of(desk, wanted.check))}"
    if len(reason.strip()) < MIN_REASON:
        return f"an override needs a reason of at least {MIN_REASON} characters"
    if not 1 <= wanted.ttl_s <= desk.risk.max_override_ttl_s:
        return f"an override lasts 1 to {desk.risk.max_override_ttl_s} s, not {wanted.ttl_s}"
    most = int(limit * desk.risk.max_override_factor) - limit
    if wanted.extra < 1 or wanted.extra > most:
        return f"{wanted.check} may be widened by at least 1 and at most {most} {unit}, not {wanted.extra}"
    if wanted.budget < 1:
        return f"an override needs a budget above 0 {unit}, not {wanted.budget}"
    return None
