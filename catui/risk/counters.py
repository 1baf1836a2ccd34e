"""Counters: checks with a memory. Touched only when caps and predicates have passed, in this order, all or none.

P31 DUPLICATE    the same order again within the window
P32 ORDER_RATE   a token bucket of `order_burst`, refilled with `order_rate_per_s`
P36 OVERRIDE     the budget of every override that made the difference
"""

from collections.abc import Callable
from dataclasses import dataclass

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
    tokens_ns: int | None = None
    recent: dict[Fingerprint, int] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


class Counted(Struct, frozen=True):
    """One order that passed all else: what it is, when, and what it uses up of each override, by id."""

    intent: Intent
    now_ns: int
    charges: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Counter:
    """A check with a memory: the counters after one more order, or the reason why there may be none."""

    id: str
    code: str
    count: Callable[[Counters, Counted], Counters | Reason]


def full(desk: Desk) -> Counters:
    """Where counters begin: the bucket full, nothing remembered."""
    return Counters(desk.risk.order_burst * NANO)


def counters(desk: Desk) -> tuple[Counter, ...]:
    """Every counter of the desk, in the order in which they are asked."""
    say = Wording(desk)
    return duplicate(desk, say), order_rate(desk, say), override_budget(say)


def duplicate(desk: Desk, say: Wording) -> Counter:
    """No second order of one owner with the same side, price and quantity within the window. Source: MAR (c)(1)(ii)."""
    window_ms = desk.risk.duplicate_window_ms

    def count(before: Counters, counted: Counted) -> Counters | Reason:
        intent, now_ns = counted.intent, counted.now_ns
        recent = {key: at_ns for key, at_ns in before.recent.items() if now_ns - at_ns < window_ms * 1_000_000}
        fingerprint = (intent.owner, intent.instrument, intent.side.value, intent.limit_ticks, intent.lots)
        if fingerprint in recent:
            ago_ms = max(0, now_ns - recent[fingerprint]) // 1_000_000
            return say.reason("P31", "DUPLICATE", ago_ms, window_ms, "ms", intent, f"the same order {ago_ms:,} ms ago")
        return replace(before, recent={**recent, fingerprint: now_ns})

    return Counter("P31", "DUPLICATE", count)


def order_rate(desk: Desk, say: Wording) -> Counter:
    """A token bucket: an order takes one; time gives `order_rate_per_s`, up to `order_burst`. A step back gives none.

    Source: RTS 6 (2017/589), article 15(1)(d).
    """
    rate_per_s, burst = desk.risk.order_rate_per_s, desk.risk.order_burst

    def count(before: Counters, counted: Counted) -> Counters | Reason:
        since_ns = counted.now_ns if before.tokens_ns is None else before.tokens_ns
        now_ns = max(since_ns, counted.now_ns)
        tokens_nano = min(burst * NANO, before.tokens_nano + (now_ns - since_ns) * rate_per_s)
        if tokens_nano < NANO:
            what = f"the bucket of {burst} orders is empty"
            return say.reason("P32", "ORDER_RATE", 1, rate_per_s, "orders/s", counted.intent, what)
        return replace(before, tokens_nano=tokens_nano - NANO, tokens_ns=now_ns)

    return Counter("P32", "ORDER_RATE", count)


def override_budget(say: Wording) -> Counter:
    """What an order used of an override is gone, and with the last of it the override. Source: RTS 6, article 15(6)."""

    def count(before: Counters, counted: Counted) -> Counters | Reason:
        after = []
        for override in before.overrides:
            charge, left = counted.charges.get(override.id, 0), override.budget_left
            if charge > left:
                what = f"the order needs {charge:,} of override {override.id} of {override.check}, {left:,} are left"
                return say.reason("P36", "OVERRIDE", charge, left, "", counted.intent, what)
            after.append(replace(override, budget_left=left - charge) if charge else override)
        kept = tuple(override for override in after if override.budget_left > 0)
        return replace(before, overrides=kept) if counted.charges else before

    return Counter("P36", "OVERRIDE", count)
