"""The gate: one judgement of one intent, the operator's own orders included.

    1  caps, all on the intent as wanted; the smallest holds
    2  predicates, all of them: lower bounds on the capped quantity, upper bounds on the wanted one
    3  counters, touched only if 1 and 2 passed; in their order, all or none

A refusal keeps the intent and the set of all reasons. Laws: never larger, never the other side; idempotent; monotone in
every limit; the order of caps and predicates is irrelevant; and natural in what rides along: for every machine m,
`(identity * m) >> (gate * identity) == (gate * identity) >> (identity * m)`, so no check can see a payload.
An error inside a check refuses, with the code GATE_ERROR, and halts the desk.
"""

from collections.abc import Callable

from msgspec.structs import replace

from catui.core.machine import Machine, atom
from catui.domain.orders import Approved, Intent, Reason, Refused, Resized, Verdict
from catui.domain.settings import Desk
from catui.risk.caps import caps
from catui.risk.counters import Charges, Counters, count
from catui.risk.limits import Cap, Check, Context, Refuse
from catui.risk.predicates import predicates

Asked = tuple[Context, Intent]
MONEY_CHECKS = ("P16", "P17", "P18", "P19", "P29")


def gate(desk: Desk) -> Machine[Counters, Asked, Verdict]:
    """The desk's gate. For intents of one step the context is renewed in between, by whoever asks."""
    weigh = judge(caps(desk), predicates(desk))
    units = desk.unit_money

    def step(counters: Counters, asked: Asked) -> tuple[Counters, Verdict]:
        context, intent = asked
        context = replace(context, overrides=counters.overrides)
        verdict = weigh(context, intent)
        if isinstance(verdict, Refused):
            return counters, verdict
        charges = _charges(weigh, context, intent, verdict, units.get(intent.instrument, 1))
        after = count(desk, counters, intent, charges, context.now_ns)
        if isinstance(after, Reason):
            return counters, Refused(intent, (*verdict.reasons, after))
        return after, verdict

    return atom(Counters(desk.risk.order_burst * 1_000_000_000), step)


def judge(
    limits: tuple[Check, ...], conditions: tuple[Check, ...]
) -> Callable[[Context, Intent], Approved | Resized | Refused]:
    """Stages 1 and 2, without memory: a pure function, so that a ticket can ask it before it is sent."""

    def weigh(context: Context, intent: Intent) -> Approved | Resized | Refused:
        lots, capping, refusing = intent.lots, [], []
        for check in (*limits, *conditions):
            try:
                reading = check.read(context, intent, lots)
            except Exception as error:
                refusing.append(_broken(check, intent, error))
                continue
            if isinstance(reading, Cap) and reading.lots < intent.lots:
                capping.append(reading.reason)
                lots = min(lots, max(0, reading.lots))
            elif isinstance(reading, Refuse):
                refusing.append(reading.reason)
        reasons = tuple(sorted({*capping, *refusing}, key=lambda reason: (reason.check, reason.text)))
        if refusing or lots <= 0:
            return Refused(intent, reasons)
        return Resized(intent, lots, reasons) if lots < intent.lots else Approved(intent, lots)

    return weigh


def _broken(check: Check, intent: Intent, error: Exception) -> Reason:
    text = f"{check.id} {check.code}: the check itself failed: {type(error).__name__} ({intent.instrument})"
    return Reason(check.id, "GATE_ERROR", 0, 0, "", text)


def _charges(
    weigh: Callable[[Context, Intent], Approved | Resized | Refused],
    context: Context,
    intent: Intent,
    verdict: Approved | Resized,
    unit_money: int,
) -> Charges:
    """What each override in force let through: the lots that were not approved without it, in money or orders."""
    charged = {}
    for override in context.overrides:
        others = tuple(o for o in context.overrides if o.id != override.id)
        without = weigh(replace(context, overrides=others), intent)
        lots = verdict.lots - (0 if isinstance(without, Refused) else without.lots)
        if lots > 0:
            is_money = override.check in MONEY_CHECKS
            charged[override.id] = lots * intent.limit_ticks * unit_money if is_money else 1
    return Charges(charged)
