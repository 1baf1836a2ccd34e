"""The risk stage: a plan's intents through the gate one by one, each seeing what was approved before it."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from catui.core.machine import Machine, atom, identity, named
from catui.domain.events import ReloadConfig
from catui.domain.moment import Moment
from catui.domain.orders import Refused, Verdict
from catui.domain.reports import Judged, Plan, Reports, RiskState
from catui.domain.settings import Desk, under
from catui.risk.context import at_work, context_of
from catui.risk.counters import Counters, full
from catui.risk.gate import gate
from catui.risk.overrides import in_force
from catui.risk.preview import preview
from catui.risk.usage import usage

SAMPLE_NS = 1_000_000_000

Wire = tuple[tuple[Moment, Plan], Reports]
JudgedWire = tuple[tuple[Moment, Judged], Reports]


class GateState(Struct, frozen=True):
    """The counters, when the usage of limits is due to be counted again, and the answer to a plan of nothing."""

    counters: Counters
    due_ns: int = 0
    nothing: Judged = Judged((), (), RiskState())


def risk(desk: Desk) -> Machine[Any, Wire, JudgedWire]:
    """Plans to verdicts. Cancels meet no check and pass untouched.

    Each intent rides through `gate * identity` with its place in the plan, which no check can see. Usage is counted
    with verdicts, with overrides, and once a second. The gate is asked about an amend as if its order had ended; only
    what it lets through lets go of that order, and it is judged again when it goes out.
    Laws: the gate's; after HALTED nothing is approved; an order counts from the moment it is approved.
    """
    counted, gate_step, ask = under(desk, usage), (gate(desk) * identity).step, preview(desk)

    def step(state: GateState, wire: Wire) -> tuple[GateState, JudgedWire]:
        (moment, plan), reports = wire
        is_due = moment.now_ns >= state.due_ns
        if not (plan.intents or is_due or moment.command is not None or state.counters.overrides):  # amends: commands'
            if not (plan.cancels or plan.lapsed):
                return state, ((moment, state.nothing), reports)
            return state, ((moment, replace(state.nothing, cancels=plan.cancels, lapsed=plan.lapsed)), reports)
        counters, shown = state.counters, state.nothing.risk
        overrides = in_force(counters.overrides, moment)
        if overrides != counters.overrides:
            counters = replace(counters, overrides=overrides)
        verdicts: tuple[Verdict, ...] = ()
        cancels = plan.cancels
        is_reloaded = moment.command is not None and isinstance(moment.command.action, ReloadConfig)
        if plan.intents or plan.amends or is_due or is_reloaded or counters.overrides != shown.overrides:
            context = context_of(moment, reports)
            for place, intent in enumerate(plan.intents):
                (counters, _), (verdict, _) = gate_step((counters, None), ((context, intent), place))
                verdicts += (verdict,)
                if not isinstance(verdict, Refused):
                    context = replace(context, working=(*context.working, at_work(intent, verdict.lots)))
            for amend in plan.amends:
                verdict = ask(counters, moment, reports, amend.intent, (amend.order_id,)).verdict
                if isinstance(verdict, Refused):
                    verdicts += (verdict,)
                else:
                    cancels += (amend.order_id,)
            used = counted(context.limits)(replace(context, overrides=counters.overrides))
            shown = RiskState(counters.overrides, used, _refusals(shown.refusals, verdicts))
            due_ns = moment.now_ns + SAMPLE_NS if is_due else state.due_ns
            state = GateState(counters, due_ns, Judged((), (), shown))
        return state, ((moment, Judged(verdicts, cancels, shown, plan.lapsed)), reports)

    return named("risk", atom(GateState(full(desk)), step))


def _refusals(counted: dict[str, int], verdicts: tuple[Verdict, ...]) -> dict[str, int]:
    """How often each check has refused, these verdicts included."""
    checks = [reason.check for verdict in verdicts if isinstance(verdict, Refused) for reason in verdict.reasons]
    return (
        {**counted, **{check: counted.get(check, 0) + checks.count(check) for check in checks}} if checks else counted
    )
