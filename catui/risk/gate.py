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
from catui.domain.settings import Desk, under
from catui.risk.caps import caps
from catui.risk.counters import Counted, Counter, Counters, counters, full
from catui.risk.limits import Cap, Check, Context, Pass, Reading, Refuse
from catui.risk.overrides import charges
from catui.risk.predicates import predicates

Asked = tuple[Context, Intent]
Weigh = Callable[[Context, Intent], Verdict]


def gate(desk: Desk) -> Machine[Counters, Asked, Verdict]:
    """The desk's gate, by the limits of the context; whoever asks renews that between the intents of one step."""
    checks, units = under(desk, _checks), desk.unit_money

    def step(before: Counters, asked: Asked) -> tuple[Counters, Verdict]:
        context, intent = asked
        weigh, memory = checks(context.limits)
        context = replace(context, overrides=before.overrides)
        verdict = weigh(context, intent)
        if isinstance(verdict, Refused):
            return before, verdict
        used = charges(weigh, context, verdict, units[intent.instrument]) if before.overrides else {}
        after = _counted(memory, before, Counted(intent, context.now_ns, used))
        if isinstance(after, Reason):
            return before, Refused(intent, (*verdict.reasons, after))
        return after, verdict

    return atom(full(desk), step)


def _checks(desk: Desk) -> tuple[Weigh, tuple[Counter, ...]]:
    return judge(caps(desk), predicates(desk)), counters(desk)


def judge(limits: tuple[Check, ...], conditions: tuple[Check, ...]) -> Weigh:
    """Stages 1 and 2, without memory: a pure function of what is known and what is wanted."""

    def weigh(context: Context, intent: Intent) -> Verdict:
        return weighed(intent, read(limits, conditions, context, intent))

    return weigh


def read(
    limits: tuple[Check, ...], conditions: tuple[Check, ...], context: Context, intent: Intent
) -> tuple[Reading, ...]:
    """What every check says, in their order; conditions look at the quantity that the limits left."""
    lots = intent.lots
    readings: list[Reading] = []
    for check in (*limits, *conditions):
        try:
            reading = check.read(context, intent, lots)
        except Exception as error:
            reading = Refuse(_broken(check.id, check.code, intent, error))
        if isinstance(reading, Cap):
            lots = min(lots, max(0, reading.lots))
        readings.append(reading)
    return tuple(readings)


def weighed(intent: Intent, readings: tuple[Reading, ...]) -> Verdict:
    """What the readings come to: the smallest cap, or a refusal, with the set of their reasons."""
    reasons = [reading.reason for reading in readings if not isinstance(reading, Pass)]
    found = tuple(sorted(dict.fromkeys(reasons), key=lambda reason: (reason.check, reason.text)))
    lots = min([intent.lots, *[max(0, reading.lots) for reading in readings if isinstance(reading, Cap)]])
    is_refused = any(isinstance(reading, Refuse) for reading in readings)
    if is_refused or lots <= 0:
        return Refused(intent, found)
    return Resized(intent, lots, found) if lots < intent.lots else Approved(intent, lots)


def _counted(memory: tuple[Counter, ...], before: Counters, counted: Counted) -> Counters | Reason:
    """All counters after the order, or the first reason: then none was touched."""
    after = before
    for counter in memory:
        try:
            told = counter.count(after, counted)
        except Exception as error:
            return _broken(counter.id, counter.code, counted.intent, error)
        if isinstance(told, Reason):
            return told
        after = told
    return after


def _broken(check: str, code: str, intent: Intent, error: Exception) -> Reason:
    text = f"{check} {code}: the check itself failed: {type(error).__name__} ({intent.instrument}, {intent.owner})"
    return Reason(check, "GATE_ERROR", 0, 0, "", text)
