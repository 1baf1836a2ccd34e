"""Where each strategy stands: RUN, DRAIN, PAUSE, QUARANTINE.

pause       RUN, DRAIN, PAUSE -> PAUSE
drain       RUN -> DRAIN, and to PAUSE by itself once nothing is held
quarantine  any -> QUARANTINE; only a resume with a reason leads out of it
resume      any -> RUN
"""

from typing import assert_never

from msgspec.structs import replace

from catui.control.trading import Answer
from catui.domain.events import (
    Command,
    DrainStrategy,
    PauseAll,
    PauseStrategy,
    Quarantine,
    ResumeAll,
    ResumeStrategy,
    SetWeight,
)
from catui.domain.moment import Control, Standing, StrategyState
from catui.domain.reports import Positions

OfOne = PauseStrategy | ResumeStrategy | DrainStrategy | SetWeight | Quarantine
OfAll = PauseAll | ResumeAll


def stand_all(state: Control, action: OfAll, command: Command) -> Answer:
    """Pause everything that trades; resume what a person paused, and nothing that is quarantined."""
    is_pause = isinstance(action, PauseAll)
    wanted = StrategyState.PAUSE if is_pause else StrategyState.RUN
    of = (StrategyState.RUN, StrategyState.DRAIN) if is_pause else (StrategyState.PAUSE,)
    names = tuple(name for name, standing in state.strategies.items() if standing.state in of)
    plural = "strategy" if len(names) == 1 else "strategies"
    text = f"{len(names)} {plural} {'paused' if is_pause else 'resumed'}"
    return _stand(state, names, wanted, command, command.reason), True, text


def stand(state: Control, action: OfOne, command: Command) -> Answer:
    """One strategy's new standing, or why it keeps the old one."""
    name = action.strategy
    standing = state.strategies.get(name)
    if standing is None:
        return state, False, f"no strategy {name}"
    is_quarantined = standing.state is StrategyState.QUARANTINE
    match action:
        case PauseStrategy():
            if is_quarantined:  # else a resume of all would lead out of it
                return state, False, f"{name} is quarantined already ({standing.reason})"
            return _stand(state, (name,), StrategyState.PAUSE, command, command.reason), True, f"{name} paused"
        case DrainStrategy():
            if standing.state is not StrategyState.RUN:
                return state, False, f"{name} is not running"
            after = _stand(state, (name,), StrategyState.DRAIN, command, command.reason)
            return after, True, f"{name} drains: it only reduces, then pauses"
        case ResumeStrategy():
            if is_quarantined and not command.reason.strip():
                return state, False, f"{name} is quarantined ({standing.reason}); to resume it give a reason"
            return _stand(state, (name,), StrategyState.RUN, command, command.reason), True, f"{name} resumed"
        case Quarantine(error=error):
            return (
                _stand(state, (name,), StrategyState.QUARANTINE, command, error),
                True,
                f"{name} quarantined: {error}",
            )
        case SetWeight(weight=weight):
            is_share = 0 <= weight <= 1
            return state, is_share, f"{name} weight {weight:.2f}" if is_share else "a weight must be 0 to 1"
        case _:
            assert_never(action)


def drained(state: Control, positions: Positions, now_ns: int) -> Control:
    """The draining strategies that hold nothing, anywhere, are paused."""
    held = {name for owners in positions.accounts.values() for name, account in owners.items() if account.lots}
    after = {
        name: replace(standing, state=StrategyState.PAUSE, since_ns=now_ns)
        if standing.state is StrategyState.DRAIN and name not in held
        else standing
        for name, standing in state.strategies.items()
    }
    return state if after == state.strategies else replace(state, strategies=after)


def _stand(state: Control, names: tuple[str, ...], wanted: StrategyState, command: Command, reason: str) -> Control:
    standing = Standing(wanted, command.ts_receive_ns, command.author, reason)
    return replace(state, strategies={**state.strategies, **dict.fromkeys(names, standing)})
