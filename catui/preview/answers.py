"""The answers: of a state of the pipeline, by the stages' own functions."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec.structs import replace

from catui.control import changes, control
from catui.core.machine import Machine
from catui.core.places import state_at
from catui.domain.events import Command, Event, OverrideLimit, ReloadConfig
from catui.domain.moment import Control, Market, Moment
from catui.domain.orders import Approved, Intent, OrderType, Refused, Resized
from catui.domain.reports import Outputs, Reports
from catui.domain.settings import Desk
from catui.execution import estimate
from catui.market import MarketState
from catui.monitoring import HeldBack, Metrics
from catui.planning import wanted
from catui.preview.values import ChangeView, CheckView, HeldPreview, OrderPreview, PreviewView
from catui.risk import Cap, Check, GateState, Look, Pass, Reading, preview

LARGEST = 2**63 - 1  # of what is told: a number beyond is told as this
HOUR_NS = 3_600_000_000_000
LATER = "said when it is sent"  # an override needs a reason, which comes last; all else of it is judged before


Ask = Callable[[Any, Command], PreviewView]  # of a state of the pipeline


def previews(desk: Desk, machine: Machine[Any, Event, Outputs]) -> Ask:
    """Answers for one desk and its machine. KeyError: the machine is no pipeline."""
    judge, order_of, ask = control(desk).step, wanted(desk), preview(desk)

    def asked(state: Any, command: Command) -> PreviewView:
        reports: Reports = state[1]
        command = command if command.reason else replace(command, reason=LATER)
        standing: Control = state_at(machine, state, "desk/control")
        _, (controlled, _) = judge(standing, (command, reports))
        seq = standing.seq
        [result] = controlled.results
        if isinstance(command.action, ReloadConfig):
            found = changes(desk, standing.limits, command.action.settings)
            views = tuple(ChangeView(".".join(each.path), each.before, each.after, each.fault) for each in found)
            return PreviewView(seq, result.ok, result.text, changes=views)
        if controlled.command is None:
            return PreviewView(seq, False, result.text, held=_held(machine, state, command))
        markets: MarketState = state_at(machine, state, "desk/market")
        now_ns = command.ts_receive_ns
        moment = Moment(command, now_ns, controlled.control, command, controlled.results, markets.markets, None)
        wish = order_of(moment, command, reports)
        if wish.intent is None:
            return PreviewView(seq, True, result.text, held=_held(machine, state, command))
        gate: GateState = state_at(machine, state, "desk/risk")
        look = ask(gate.counters, moment, reports, wish.intent, wish.leaving)
        return PreviewView(seq, True, result.text, _order(desk, wish.intent, look))

    return asked


def _order(desk: Desk, intent: Intent, look: Look) -> OrderPreview:
    lots = intent.lots if isinstance(look.verdict, Refused) else look.verdict.lots
    market: Market = look.context.market(intent.instrument)
    costs = estimate(desk, market, intent, lots)
    is_maker = intent.type is OrderType.LIMIT_MAKER
    touch = market.ask_ticks if intent.side.sign > 0 else market.bid_ticks
    return OrderPreview(
        instrument=intent.instrument,
        side=intent.side.value,
        lots=_told(intent.lots),
        limit_ticks=_told(intent.limit_ticks),
        verdict=_word(look),
        approved_lots=0 if isinstance(look.verdict, Refused) else look.verdict.lots,
        checks=_checks(look),
        mid_half_ticks=market.mid_half_ticks,
        taken_lots=_told(costs.taken_lots),
        taken_value=_told(costs.taken_value),
        rest_lots=_told(costs.rest_lots),
        value_money=_told(costs.value_money),
        fee_money=_told(costs.fee_money),
        worst_lots=_told(intent.side.sign * (look.context.worst_lots(intent.instrument, intent.side) + lots)),
        would_match=is_maker and touch is not None and (intent.limit_ticks - touch) * intent.side.sign >= 0,
    )


def _word(look: Look) -> Literal["APPROVED", "RESIZED", "REFUSED"]:
    match look.verdict:
        case Approved():
            return "APPROVED"
        case Resized():
            return "RESIZED"
        case Refused():
            return "REFUSED"


def _checks(look: Look) -> tuple[CheckView, ...]:
    """The readings, and what the counters refused."""
    read = [_check(check, reading) for check, reading in look.readings]
    known = {view.text for view in read}
    counted = (
        CheckView(r.check, r.code, "refuse", _told(r.measured), _told(r.limit), r.unit, None, r.text)
        for r in look.verdict.reasons
        if r.text not in known
    )
    return (*read, *counted)


def _check(check: Check, reading: Reading) -> CheckView:
    told = reading if isinstance(reading, Pass) else reading.reason
    margin = told.measured - told.limit if check.is_least else told.limit - told.measured
    return CheckView(
        check=check.id,
        code=check.code,
        outcome="pass" if isinstance(reading, Pass) else "cap" if isinstance(reading, Cap) else "refuse",
        measured=_told(told.measured),
        limit=_told(told.limit),
        unit=told.unit,
        margin=_told(margin) if told.unit else None,
        text="" if isinstance(reading, Pass) else reading.reason.text,
    )


def _held(machine: Machine[Any, Event, Outputs], state: Any, command: Command) -> HeldPreview | None:
    """What the limit of an override held back in the last hour, as far as it is remembered."""
    if not isinstance(command.action, OverrideLimit):
        return None
    wish: OverrideLimit = command.action
    metrics: Metrics = state_at(machine, state, "desk/monitoring/metrics")
    since_ns = command.ts_receive_ns - HOUR_NS
    recent = [held for held in metrics.held_back if held.ts_ns > since_ns]
    mine = [held for held in recent if held.is_alone and held.check == wish.check and _is_of(held, wish.scope)]
    return HeldPreview(
        since_ns=min(held.ts_ns for held in recent) if metrics.is_full_of_held else since_ns,
        count=len(mine),
        through=sum(held.measured <= held.limit + wish.extra for held in mine),
        largest=_told(max((held.measured for held in mine), default=0)),
        limit=_told(max((held.limit for held in mine), default=0)),
    )


def _is_of(held: HeldBack, scope: str) -> bool:
    return scope in ("desk", held.instrument, *held.strategies)


def _told(number: int) -> int:
    """A number as far as it can be told."""
    return max(-LARGEST, min(LARGEST, number))
