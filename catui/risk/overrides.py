"""Overrides: limits that a person widened, for a while, and what an order uses of them.

An override ends by its time, by its budget, by a person, and with HALTED for good.
"""

from collections.abc import Callable

from msgspec.structs import replace

from catui.domain.events import Command, EndOverride, OverrideLimit, TradingState
from catui.domain.moment import Moment
from catui.domain.orders import Approved, Intent, Refused, Resized, Verdict
from catui.domain.reports import Override
from catui.risk.limits import Context

CAPS = ("P17", "P18", "P19")
NANO = 1_000_000_000


def in_force(overrides: tuple[Override, ...], moment: Moment) -> tuple[Override, ...]:
    """The overrides of this step: less those that ended, and the one that its command begins."""
    if moment.control.trading_state is TradingState.HALTED:
        return ()
    left = tuple(o for o in overrides if moment.now_ns < o.until_ns)
    match moment.command:
        case Command(action=EndOverride(override_id=id)):
            return tuple(o for o in left if o.id != id)
        case Command(id=id, author=author, reason=reason, action=OverrideLimit() as wanted):
            until_ns = moment.now_ns + wanted.ttl_s * NANO
            begun = Override(id, wanted.check, wanted.scope, wanted.extra, until_ns, wanted.budget, author, reason)
            return (*left, begun)
        case _:
            return left


def charges(
    weigh: Callable[[Context, Intent], Verdict], context: Context, approved: Approved | Resized, unit_money: int
) -> dict[str, int]:
    """What an approval uses of each override, by id: the part above the limit as it would be without it.

    Of a cap it is the worth of the lots that only the override let through; of a predicate `measured - limit`, at least
    1. Several overrides of one check are taken away one after the other, the latest first, so that together they are
    charged exactly the part above the configured limit.
    """
    charged: dict[str, int] = {}
    for check in dict.fromkeys(o.check for o in context.overrides):
        left, before = context.overrides, 0
        for override in reversed([o for o in context.overrides if o.check == check]):
            left = tuple(o for o in left if o is not override)
            without = weigh(replace(context, overrides=left), approved.intent)
            part = _part_above(check, without, approved.lots, approved.intent.limit_ticks * unit_money)
            if part > before:
                charged[override.id] = part - before
                before = part
    return charged


def _part_above(check: str, without: Verdict, lots: int, lot_money: int) -> int:
    if check in CAPS:
        return (lots - (0 if isinstance(without, Refused) else without.lots)) * lot_money
    if isinstance(without, Refused):
        return max((max(1, r.measured - r.limit) for r in without.reasons if r.check == check), default=0)
    return 0
