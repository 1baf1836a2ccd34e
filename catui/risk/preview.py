"""What the gate would say: the very gate on what is known now, with every reading, and nothing used up."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from msgspec.structs import replace

from catui.domain.moment import Moment
from catui.domain.orders import Intent, Verdict
from catui.domain.reports import Reports
from catui.domain.settings import Desk, under
from catui.risk.caps import caps
from catui.risk.context import context_of
from catui.risk.counters import Counters
from catui.risk.gate import gate, read
from catui.risk.limits import Check, Context, Reading
from catui.risk.overrides import in_force
from catui.risk.predicates import predicates


class Look(NamedTuple):
    """A verdict, what every check read for it, in their order, and the context in which they did.

    The counters (P31, P32, P36) have no reading; where one of them refuses, its reason is the verdict's.
    """

    verdict: Verdict
    readings: tuple[tuple[Check, Reading], ...]
    context: Context


Ask = Callable[[Counters, Moment, Reports, Intent, Collection[str]], Look]


def preview(desk: Desk) -> Ask:
    """The gate's answer to one intent, by its counters and the reports of the step before.

    The last argument names orders that are taken for ended. Law: with none of them it is the verdict that the stage
    gives to the first intent of a plan in the step of this moment.
    """
    ask, checks = gate(desk).step, under(desk, lambda now: (caps(now), predicates(now)))

    def asked(counters: Counters, moment: Moment, reports: Reports, intent: Intent, without: Collection[str]) -> Look:
        overrides = in_force(counters.overrides, moment)
        before = replace(counters, overrides=overrides)
        context = replace(context_of(moment, reports, without), overrides=overrides)
        limits, conditions = checks(context.limits)
        _, verdict = ask(before, (context, intent))
        readings = zip((*limits, *conditions), read(limits, conditions, context, intent), strict=True)
        return Look(verdict, tuple(readings), context)

    return asked
