"""The trading state: it tightens by anyone's word, and loosens by a person's with a reason."""

from msgspec.structs import replace

from catui.domain.events import Kill, SetTradingState, TradingState
from catui.domain.moment import Control

Answer = tuple[Control, bool, str]  # the standing orders after it, whether it was accepted, one sentence


def set_state(state: Control, action: SetTradingState | Kill, author: str, reason: str) -> Answer:
    """The person's word. Law: the rank falls with a reason only."""
    wanted = TradingState.HALTED if isinstance(action, Kill) else action.state
    if is_loosening(state, wanted) and not reason:
        return state, False, f"from {state.trading_state.value} to {wanted.value} needs a reason"
    after = replace(state, trading_state=wanted, trading_reason=f"{author}: {reason}" if reason else author)
    return after, True, "HALTED; cancelling all" if isinstance(action, Kill) else wanted.value


def is_loosening(state: Control, wanted: TradingState) -> bool:
    """Whether the desk could do more after it."""
    return wanted.rank < state.trading_state.rank


def tightened(state: Control, wanted: TradingState, reason: str) -> Control:
    """A monitor's demand: never looser than what stands, and the first reason stays."""
    if wanted.rank <= state.trading_state.rank:
        return state
    return replace(state, trading_state=wanted, trading_reason=reason)
