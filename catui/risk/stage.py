"""The risk stage: a plan's intents through the gate one by one, each seeing what was approved before it."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from catui.core.machine import Machine, atom, identity, named
from catui.domain.legs import scale_legs
from catui.domain.moment import Moment
from catui.domain.orders import Intent, Refused, Verdict
from catui.domain.reports import Judged, Plan, Reports, RiskState
from catui.domain.settings import Desk
from catui.risk.counters import Counters, full
from catui.risk.gate import gate
from catui.risk.limits import Context, Working
from catui.risk.overrides import in_force
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
    with verdicts, with overrides, and once a second.
    Laws: the gate's; after HALTED nothing is approved; an order counts from the moment it is approved.
    """
    counted, gate_step = usage(desk), (gate(desk) * identity).step

    def step(state: GateState, wire: Wire) -> tuple[GateState, JudgedWire]:
        (moment, plan), reports = wire
        is_due = moment.now_ns >= state.due_ns
        if not (plan.intents or is_due or moment.command is not None or state.counters.overrides):
            if not plan.cancels:
                return state, ((moment, state.nothing), reports)
            return state, ((moment, replace(state.nothing, cancels=plan.cancels)), reports)
        counters, shown = state.counters, state.nothing.risk
        overrides = in_force(counters.overrides, moment)
        if overrides != counters.overrides:
            counters = replace(counters, overrides=overrides)
        verdicts: tuple[Verdict, ...] = ()
        if plan.intents or is_due or counters.overrides != shown.overrides:
            context = context_of(moment, reports)
            for place, intent in enumerate(plan.intents):
                (counters, _), (verdict, _) = gate_step((counters, None), ((context, intent), place))
                verdicts += (verdict,)
                if not isinstance(verdict, Refused):
                    context = replace(context, working=(*context.working, _working(intent, verdict.lots)))
            used = counted(replace(context, overrides=counters.overrides))
            shown = RiskState(counters.overrides, used, _refusals(shown.refusals, verdicts))
            due_ns = moment.now_ns + SAMPLE_NS if is_due else state.due_ns
            state = GateState(counters, due_ns, Judged((), (), shown))
        return state, ((moment, Judged(verdicts, plan.cancels, shown)), reports)

    return named("risk", atom(GateState(full(desk)), step))


def preview(desk: Desk) -> Callable[[Moment, Reports, Intent], Verdict]:
    """What the gate would say of an order now, by the reports of the last step, as if none had come before it.

    Nothing is used up, so the duplicates and the order rate (P31, P32) pass here.
    """
    ask, fresh = gate(desk).step, full(desk)

    def asked(moment: Moment, reports: Reports, intent: Intent) -> Verdict:
        before = replace(fresh, overrides=in_force(reports.risk.overrides, moment._replace(command=None)))
        return ask(before, (context_of(moment, reports), intent))[1]

    return asked


def context_of(moment: Moment, reports: Reports) -> Context:
    """What checks may know of a step: the moment, and the reports of the step before."""
    positions = reports.positions
    return Context(
        now_ns=moment.now_ns,
        trading_state=moment.control.trading_state,
        strategies=moment.control.strategies,
        markets=moment.markets,
        held={key: {name: a.lots for name, a in owners.items()} for key, owners in positions.accounts.items()},
        working=tuple(_working(order.intent, order.leaves_lots) for order in reports.orders.working.values()),
        marks=positions.marks,
        drawdown_money=positions.performance.drawdown_money,
        day_money=positions.performance.day_money,
    )


def _working(intent: Intent, lots: int) -> Working:
    """What is left of an order, and whose it is: the legs shrink with it."""
    legs = scale_legs(intent.legs, intent.lots, lots) if intent.lots else ()
    return Working(intent.instrument, intent.side, lots, intent.limit_ticks, legs)


def _refusals(counted: dict[str, int], verdicts: tuple[Verdict, ...]) -> dict[str, int]:
    """How often each check has refused, these verdicts included."""
    checks = [reason.check for verdict in verdicts if isinstance(verdict, Refused) for reason in verdict.reasons]
    return (
        {**counted, **{check: counted.get(check, 0) + checks.count(check) for check in checks}} if checks else counted
    )
