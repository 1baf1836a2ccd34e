"""The operator's standing orders: a fold of commands, and of what monitors demand.

    trading state   tightens by anyone, loosens by a person with a reason only
    strategies      RUN, DRAIN, PAUSE, QUARANTINE; a drained one that holds nothing is paused

Every action of the closed union is judged here once, with one sentence of answer; a refused command goes no further.
"""

from typing import Any, assert_never

from msgspec.structs import replace

from catui.control.limits import override_fault
from catui.core.machine import Machine, atom, named
from catui.domain.events import (
    AckAlert,
    CancelAll,
    CancelOrder,
    Command,
    DrainStrategy,
    EndOverride,
    Event,
    Flatten,
    Kill,
    Note,
    OverrideLimit,
    PauseAll,
    PauseStrategy,
    Quarantine,
    ResumeAll,
    ResumeStrategy,
    SetTradingState,
    SetWeight,
    SubmitOrder,
    TradingState,
)
from catui.domain.moment import CommandResult, Control, Controlled, Standing, StrategyState
from catui.domain.reports import Reports
from catui.domain.settings import Desk

Wire = tuple[Event, Reports]
Verdict = tuple[Control, bool, str]  # the standing orders after it, whether it was accepted, one sentence

RAISING = (ResumeStrategy, ResumeAll, SubmitOrder, OverrideLimit, SetWeight)


def control(desk: Desk) -> Machine[Any, Wire, tuple[Controlled, Reports]]:
    """Events to events with the operator's standing orders beside them.

    A command that is refused is `None` behind this stage, and its answer says why. `Control.seq` counts every event.
    Laws: the trading state's rank falls by `SetTradingState` with a reason only; no answer is missing.
    """
    first = Control(TradingState.ACTIVE, "", {name: Standing() for name in desk.strategy_names})

    def step(state: Control, wire: Wire) -> tuple[Control, tuple[Controlled, Reports]]:
        event, reports = wire
        state = Control(state.trading_state, state.trading_reason, state.strategies, state.seq + 1)
        if reports.tighten is not None:
            state = _tightened(state, *reports.tighten)
        if any(s.state is StrategyState.DRAIN for s in state.strategies.values()):
            state = _drained(state, reports, event.ts_receive_ns)
        if type(event) is not Command:
            return state, (Controlled(event, state, None, ()), reports)
        state, is_accepted, text = _judge(desk, state, reports, event)
        results = (CommandResult(event.id, is_accepted, text),)
        return state, (Controlled(event, state, event if is_accepted else None, results), reports)

    return named("control", atom(first, step))


def _judge(desk: Desk, state: Control, reports: Reports, command: Command) -> Verdict:
    """What a command does to the standing orders, and the answer to whoever gave it."""
    action, reason = command.action, command.reason.strip()
    if isinstance(action, RAISING) and command.seen_seq is not None and command.seen_seq > state.seq:
        return state, False, "it was decided on a picture that this run has not shown"
    match action:
        case SetTradingState(state=wanted):
            return _set_trading_state(state, wanted, reason, command.author)
        case Kill():
            text = reason or "killed"
            return _with_state(state, TradingState.HALTED, f"{command.author}: {text}"), True, "HALTED; cancelling all"
        case PauseStrategy(strategy=name):
            return _stand(state, name, StrategyState.PAUSE, command, f"{name} paused")
        case DrainStrategy(strategy=name):
            return _drain(state, name, command)
        case ResumeStrategy(strategy=name):
            return _resume(state, name, command)
        case Quarantine(strategy=name, error=error):
            return _stand(state, name, StrategyState.QUARANTINE, command, f"{name} quarantined: {error}")
        case PauseAll():
            running = [n for n, s in state.strategies.items() if s.state in (StrategyState.RUN, StrategyState.DRAIN)]
            return _stand_all(state, running, StrategyState.PAUSE, command), True, f"{len(running)} strategies paused"
        case ResumeAll():
            paused = [n for n, s in state.strategies.items() if s.state is StrategyState.PAUSE]
            return _stand_all(state, paused, StrategyState.RUN, command), True, f"{len(paused)} strategies resumed"
        case SetWeight(strategy=name, weight=weight):
            if name not in state.strategies:
                return state, False, f"no strategy {name}"
            is_share = 0 <= weight <= 1
            return state, is_share, f"{name} weight {weight:.2f}" if is_share else "a weight must be 0 to 1"
        case CancelOrder(order_id=order_id):
            is_working = order_id in reports.orders.working
            return state, is_working, "cancelling" if is_working else "that order is not working"
        case CancelAll(instrument=None) | Flatten(instrument=None):
            return state, True, "cancelling all" if isinstance(action, CancelAll) else "flattening all"
        case CancelAll(instrument=key) | Flatten(instrument=key):
            is_known = key in desk.by_key
            doing = "cancelling" if isinstance(action, CancelAll) else "flattening"
            return state, is_known, f"{doing} {key}" if is_known else f"no instrument {key}"
        case SubmitOrder(instrument=key, lots=lots, limit_ticks=ticks):
            if key not in desk.by_key:
                return state, False, f"no instrument {key}"
            is_order = lots > 0 and ticks > 0
            return state, is_order, "sent to risk" if is_order else "quantity and price must be above 0"
        case OverrideLimit():
            if state.trading_state is TradingState.HALTED:
                return state, False, "no override while HALTED"
            fault = override_fault(desk, action, reason)
            return state, fault is None, fault or f"{action.check} widened for {action.scope} by {action.extra}"
        case EndOverride(override_id=override_id):
            is_there = any(o.id == override_id for o in reports.risk.overrides)
            return state, is_there, "override ended" if is_there else "no such override in force"
        case AckAlert(alert_id=alert_id):
            is_there = alert_id is None or alert_id in reports.alerts
            return state, is_there, "acknowledged" if is_there else "no such alert"
        case Note():
            return state, True, "noted"
        case _:
            assert_never(action)


def _set_trading_state(state: Control, wanted: TradingState, reason: str, author: str) -> Verdict:
    if wanted.rank < state.trading_state.rank and not reason:
        return state, False, f"from {state.trading_state.value} to {wanted.value} needs a reason"
    return _with_state(state, wanted, f"{author}: {reason}" if reason else author), True, wanted.value


def _with_state(state: Control, wanted: TradingState, reason: str) -> Control:
    return replace(state, trading_state=wanted, trading_reason=reason)


def _tightened(state: Control, wanted: TradingState, reason: str) -> Control:
    """A monitor's demand: never looser than what stands."""
    return _with_state(state, wanted, reason) if wanted.rank > state.trading_state.rank else state


def _drained(state: Control, reports: Reports, now_ns: int) -> Control:
    """A draining strategy that holds nothing, anywhere, is paused."""
    held = {name for owners in reports.positions.accounts.values() for name, account in owners.items() if account.lots}
    done = [n for n, s in state.strategies.items() if s.state is StrategyState.DRAIN and n not in held]
    strategies = dict(state.strategies)
    for name in done:
        strategies[name] = replace(strategies[name], state=StrategyState.PAUSE, since_ns=now_ns)
    return replace(state, strategies=strategies) if done else state


def _stand(state: Control, name: str, wanted: StrategyState, command: Command, text: str) -> Verdict:
    if name not in state.strategies:
        return state, False, f"no strategy {name}"
    return _stand_all(state, [name], wanted, command), True, text


def _stand_all(state: Control, names: list[str], wanted: StrategyState, command: Command) -> Control:
    reason = command.action.error if isinstance(command.action, Quarantine) else command.reason
    standing = Standing(wanted, command.ts_receive_ns, command.author, reason)
    return replace(state, strategies={**state.strategies, **dict.fromkeys(names, standing)})


def _drain(state: Control, name: str, command: Command) -> Verdict:
    standing = state.strategies.get(name)
    if standing is None or standing.state is StrategyState.RUN:
        return _stand(state, name, StrategyState.DRAIN, command, f"{name} drains: it only reduces, then pauses")
    return state, False, f"{name} is not running"


def _resume(state: Control, name: str, command: Command) -> Verdict:
    standing = state.strategies.get(name)
    if standing is not None and standing.state is StrategyState.QUARANTINE and not command.reason.strip():
        return state, False, f"{name} is quarantined ({standing.reason}); to resume it give a reason"
    return _stand(state, name, StrategyState.RUN, command, f"{name} resumed")
