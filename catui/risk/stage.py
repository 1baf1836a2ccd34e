"""The risk stage: a plan's intents through the gate one by one, each seeing what was approved before it."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from catui.core.machine import Machine, atom, identity, named
from catui.domain.events import Command, EndOverride, OverrideLimit, TradingState
from catui.domain.moment import Moment
from catui.domain.orders import Intent, Leg, Order, Refused, Verdict
from catui.domain.reports import Judged, Override, Plan, Reports, RiskState
from catui.domain.settings import Desk
from catui.risk.caps import working_legs
from catui.risk.counters import Counters
from catui.risk.gate import gate
from catui.risk.limits import Context, Working
from catui.risk.usage import usage

SAMPLE_NS = 1_000_000_000

Wire = tuple[tuple[Moment, Plan], Reports]
JudgedWire = tuple[tuple[Moment, Judged], Reports]


class GateState(Struct, frozen=True):
    """The counters, what is shown of the gate, and when its usage is due to be counted again."""

    counters: Counters
    shown: RiskState = RiskState()
    due_ns: int = 0
    nothing: Judged = Judged((), (), RiskState())


def risk(desk: Desk) -> Machine[Any, Wire, JudgedWire]:
    """Plans to verdicts. Cancels meet no check and pass untouched.

    Each intent rides through `gate * identity` with its place in the plan, which no check can see.
    Laws: the gate's; after HALTED nothing is approved; an order counts from the moment it is approved.
    """
    judging = gate(desk) * identity
    rule = judging.step

    def step(state: GateState, wire: Wire) -> tuple[GateState, JudgedWire]:
        (moment, plan), reports = wire
        is_due = moment.now_ns >= state.due_ns
        if not (plan.intents or is_due or moment.command is not None or state.counters.overrides):
            if not plan.cancels:
                return state, ((moment, state.nothing), reports)
            return state, ((moment, Judged((), plan.cancels, state.shown)), reports)
        counters = _with_overrides(state.counters, moment)
        verdicts: tuple[Verdict, ...] = ()
        if plan.intents:
            context = context_of(moment, reports)
            for place, intent in enumerate(plan.intents):
                (counters, _), (verdict, _) = rule((counters, None), ((context, intent), place))
                verdicts = (*verdicts, verdict)
                if not isinstance(verdict, Refused):
                    context = replace(context, working=(*context.working, _approved(intent, verdict.lots)))
        shown = state.shown
        if verdicts or is_due or counters.overrides is not shown.overrides:
            counted = usage(desk, context_of(moment, reports), counters.overrides)
            shown = RiskState(counters.overrides, counted, _refusals(shown.refusals, verdicts))
        due_ns = moment.now_ns + SAMPLE_NS if is_due else state.due_ns
        state = GateState(counters, shown, due_ns, Judged((), (), shown))
        return state, ((moment, Judged(verdicts, plan.cancels, shown)), reports)

    first, _ = judging.init
    return named("risk", atom(GateState(first), step))


def context_of(moment: Moment, reports: Reports) -> Context:
    """What checks may know of a step: the moment, and the reports of the step before."""
    positions = reports.positions
    return Context(
        now_ns=moment.now_ns,
        trading_state=moment.control.trading_state,
        strategies=moment.control.strategies,
        markets=moment.markets,
        held={key: {name: a.lots for name, a in owners.items()} for key, owners in positions.accounts.items()},
        working=tuple(_working(order) for order in reports.orders.working.values()),
        marks=positions.marks,
        drawdown_money=positions.performance.drawdown_money,
        day_money=positions.performance.day_money,
    )


def _working(order: Order) -> Working:
    return _approved(order.intent, order.leaves_lots)


def _approved(intent: Intent, lots: int) -> Working:
    legs = tuple(Leg(strategy, share) for strategy, share in working_legs(intent, lots))
    return Working(intent.instrument, intent.side, lots, intent.limit_ticks, legs)


def _with_overrides(counters: Counters, moment: Moment) -> Counters:
    """The overrides in force now: ended by time, by HALTED for good, by a person; begun by a command."""
    overrides = tuple(o for o in counters.overrides if moment.now_ns < o.until_ns)
    if moment.control.trading_state is TradingState.HALTED:
        overrides = ()
    match moment.command:
        case Command(action=EndOverride(override_id=id)):
            overrides = tuple(o for o in overrides if o.id != id)
        case Command(id=id, author=author, reason=reason, action=OverrideLimit() as wanted):
            until_ns = moment.now_ns + wanted.ttl_s * 1_000_000_000
            begun = Override(id, wanted.check, wanted.scope, wanted.extra, until_ns, wanted.budget, author, reason)
            overrides = (*overrides, begun)
        case _:
            pass
    return counters if overrides == counters.overrides else replace(counters, overrides=overrides)


def _refusals(counted: dict[str, int], verdicts: tuple[Verdict, ...]) -> dict[str, int]:
    reasons = [reason.check for verdict in verdicts if isinstance(verdict, Refused) for reason in verdict.reasons]
    if not reasons:
        return counted
    after = dict(counted)
    for check in reasons:
        after[check] = after.get(check, 0) + 1
    return after
