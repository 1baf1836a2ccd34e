"""Counters: checks with a memory. Touched only when caps and predicates have passed, in this order, all or none.

P31 DUPLICATE    the same order again within the window
P32 ORDER_RATE   a token bucket of `order_burst`, refilled with `order_rate_per_s`
P36 OVERRIDE     the budget of every override that made the difference
"""

from msgspec import Struct, field
from msgspec.structs import replace

from catui.domain.orders import Intent, Reason
from catui.domain.reports import Override
from catui.domain.settings import Desk
from catui.risk.wording import Wording

NANO = 1_000_000_000

Fingerprint = tuple[str, str, str, int, int]  # owner, instrument, side, price, lots


class Counters(Struct, frozen=True):
    """What counters remember: tokens in billionths and the time they are of, orders lately approved, overrides."""

    tokens_nano: int
    tokens_ns: int = 0
    recent: dict[Fingerprint, int] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


class Charges(Struct, frozen=True):
    """What an approval would use up: override id -> amount of its budget."""

    of: dict[str, int] = field(default_factory=dict)


def count(desk: Desk, counters: Counters, intent: Intent, charges: Charges, now_ns: int) -> Counters | Reason:
    """The counters after one more order; or the reason why there may be none, and nothing is touched."""
    say, settings = Wording(desk), desk.risk
    window_ns = settings.duplicate_window_ms * 1_000_000
    recent = {key: at for key, at in counters.recent.items() if now_ns - at < window_ns}
    print_ = (intent.owner, intent.instrument, intent.side.value, intent.limit_ticks, intent.lots)
    if print_ in recent:
        ago_ms = (now_ns - recent[print_]) // 1_000_000
        what = f"the same order {ago_ms:,} ms ago"
        return say.reason("P31", "DUPLICATE", ago_ms, settings.duplicate_window_ms, "ms", intent, what)
    tokens = refilled(desk, counters, now_ns)
    if tokens < NANO:
        what = f"{settings.order_burst} orders at once, then {settings.order_rate_per_s}/s"
        return say.reason("P32", "ORDER_RATE", 0, settings.order_rate_per_s, "orders/s", intent, what)
    overrides = []
    for override in counters.overrides:
        left = override.budget_left - charges.of.get(override.id, 0)
        if left < 0:
            what = f"override {override.id} of {override.check} has {override.budget_left} left"
            return say.reason("P36", "OVERRIDE", charges.of[override.id], override.budget_left, "", intent, what)
        overrides.append(override if left == override.budget_left else replace(override, budget_left=left))
    kept = tuple(override for override in overrides if override.budget_left > 0)
    return Counters(tokens - NANO, now_ns, {**recent, print_: now_ns}, kept)


def refilled(desk: Desk, counters: Counters, now_ns: int) -> int:
    """The bucket's billionths of a token now. A time that steps back refills nothing."""
    elapsed = max(0, now_ns - counters.tokens_ns) if counters.tokens_ns else 0
    return min(desk.risk.order_burst * NANO, counters.tokens_nano + elapsed * desk.risk.order_rate_per_s)
