"""The operator's standing orders: a fold of commands, and of what monitors demand.

Every action of the closed union is judged here once, with one sentence of answer; a refused command goes no further.
"""

from typing import Any, assert_never

from msgspec.structs import replace

from catui.control.alerts import mute_fault
from catui.control.limits import override_fault
from catui.control.orders import ordered
from catui.control.picture import SAMPLE_NS, picture_fault, remembered
from catui.control.reload import reloaded
from catui.control.strategies import drained, stand, stand_all
from catui.control.trading import Answer, set_state, tightened
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
    MuteAlert,
    Note,
    OverrideLimit,
    PauseAll,
    PauseStrategy,
    Quarantine,
    ReloadConfig,
    ReplaceOrder,
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
ControlledWire = tuple[Controlled, Reports]


def control(desk: Desk) -> Machine[Any, Wire, ControlledWire]:
    """Events to events with the operator's standing orders beside them.

    A command that is refused is None behind this stage, and its answer says why. `Control.seq` counts every event.
    Laws: the trading state's rank falls by `SetTradingState` with a reason only; every command has exactly one answer;
    a refused one changes nothing; what raises risk was decided on this run's picture of the last seconds.
    """
    first = Control(TradingState.ACTIVE, "", {name: Standing() for name in desk.strategy_names})

    def step(state: Control, wire: Wire) -> tuple[Control, ControlledWire]:
        event, reports = wire
        seq, pictures = state.seq + 1, state.pictures
        if not pictures or event.ts_receive_ns - pictures[-1][1] >= SAMPLE_NS:
            pictures = remembered(pictures, seq, event.ts_receive_ns)
        state = Control(state.trading_state, state.trading_reason, state.strategies, seq, pictures, state.limits)
        if reports.tighten is not None:
            state = tightened(state, *reports.tighten)
        for standing in state.strategies.values():
            if standing.state is StrategyState.DRAIN:
                state = drained(state, reports.positions, event.ts_receive_ns)
                break
        if type(event) is not Command:
            return state, (Controlled(event, state, None, ()), reports)
        state, is_accepted, text = _judge(desk, state, reports, event)
        results = (CommandResult(event.id, is_accepted, text, event.author),)
        return state, (Controlled(event, state, event if is_accepted else None, results), reports)

    return named("control", atom(first, step))


def _judge(desk: Desk, state: Control, reports: Reports, command: Command) -> Answer:
    """What a command does to the standing orders, and the answer to whoever gave it."""
    action, reason = command.action, command.reason.strip()
    if (fault := picture_fault(desk, state, reports, command)) is not None:
        return state, False, fault
    match action:
        case SetTradingState() | Kill():
            return set_state(state, action, command.author, reason)
        case PauseStrategy() | ResumeStrategy() | DrainStrategy() | SetWeight() | Quarantine():
            return stand(state, action, command)
        case PauseAll() | ResumeAll():
            return stand_all(state, action, command)
        case CancelOrder() | CancelAll() | Flatten() | SubmitOrder() | ReplaceOrder():
            return state, *ordered(desk, reports.orders, action)
        case ReloadConfig():
            limits, text = reloaded(desk, state, action)
            return state if limits is None else replace(state, limits=limits), limits is not None, text
        case OverrideLimit():
            if state.trading_state is TradingState.HALTED:
                return state, False, "no override while HALTED"
            fault = override_fault(desk if state.limits is None else replace(desk, risk=state.limits), action, reason)
            return state, fault is None, fault or f"{action.check} widened for {action.scope} by {action.extra}"
        case EndOverride(override_id=override_id):
            is_there = any(o.id == override_id for o in reports.risk.overrides)
            return state, is_there, "override ended" if is_there else "no such override in force"
        case AckAlert(alert_id=alert_id):
            is_there = alert_id is None or alert_id in reports.alerts
            return state, is_there, "acknowledged" if is_there else "no such alert"
        case MuteAlert():
            fault = mute_fault(reports.alerts, action)
            heard = f"{action.kind} muted for {action.ttl_s} s" if action.ttl_s else f"{action.kind} heard again"
            return state, fault is None, fault or heard
        case Note():
            return state, True, "noted"
        case _:
            assert_never(action)
