"""Any state as the nested closures have it: what is written down is the same in every reading."""

from typing import Any

from catui.core.fuse.keyed import FusedStages
from catui.core.fuse.live import Fused, Running
from catui.core.machine import Compose, Each, Fanout, Feedback, Machine, Many, Named, Optional, Parallel, Resumed


def plain(machine: Machine[Any, Any, Any], state: Any) -> Any:
    """The state with every fused part as the nested closures have it; the state itself, where nothing is fused."""
    match machine:
        case Fused():
            return state.plain() if type(state) is Running else state
        case FusedStages():
            return machine.plain(state)
        case Compose(before=one, after=two) | Parallel(left=one, right=two) | Fanout(left=one, right=two):
            first, second = plain(one, state[0]), plain(two, state[1])
            return state if first is state[0] and second is state[1] else (first, second)
        case Feedback(body=body):
            inside = plain(body, state[0])
            return state if inside is state[0] else (inside, state[1])
        case Each(machine=inner):
            every = {key: plain(inner, held) for key, held in state.items()}
            return state if all(every[key] is held for key, held in state.items()) else every
        case Many(machine=inner) | Named(machine=inner) | Optional(machine=inner) | Resumed(machine=inner):
            return plain(inner, state)
        case _:
            return state
