"""The plan of a machine, read off the tree that made it."""

from typing import Any

from catui.core.fuse.keyed import FusedStages
from catui.core.fuse.live import Fused
from catui.core.fuse.plain import plain
from catui.core.machine import Compose, Each, Fanout, Feedback, Machine, Many, Named, Optional, Parallel, Resumed
from catui.core.plan import EVERY_KEY, Beside, Box, Loop, Plan, Series


def plan_of(machine: Machine[Any, Any, Any], state: Any) -> Plan | None:
    """The plan of a machine, with how many keys each part has met in this state; None: it has no named place.

    What has no name is no box: functions, wires that pass, the atoms that a name stands for.
    Law: every named place of `core.wiring.boxes` once, in its order.

    >>> from catui.core.machine import delay, each, feedback, identity, named, scan
    >>> m = named("a", identity) >> named("b", each(delay(0)))
    >>> [part.name for part in plan_of(m, m.init).parts]
    ['a', 'b']
    """
    return _plan(machine, plain(machine, state), "", None)


def _plan(machine: Machine[Any, Any, Any], state: Any, path: str, copies: int | None) -> Plan | None:
    match machine:
        case Named(name=name, machine=inner):
            path = f"{path}/{name}" if path else name
            return Box(name, path, _met(inner, state) if copies is None else copies, _plan(inner, state, path, copies))
        case Compose(before=one, after=two):
            return _in_series(_plan(one, state[0], path, copies), _plan(two, state[1], path, copies))
        case Parallel(left=one, right=two) | Fanout(left=one, right=two):
            return _beside(_plan(one, state[0], path, copies), _plan(two, state[1], path, copies))
        case Feedback(body=body):
            inside = _plan(body, state[0], path, copies)
            return inside if inside is None or isinstance(inside, Loop) else Loop(inside)
        case Each(machine=inner):
            held = next(iter(state.values()), inner.init)
            return _plan(inner, held, f"{path}/{EVERY_KEY}" if path else EVERY_KEY, len(state))
        case Fused(machine=inner) | FusedStages(stages=inner):
            return _plan(inner, state, path, copies)
        case Many(machine=inner) | Optional(machine=inner) | Resumed(machine=inner):
            return _plan(inner, state, path, copies)
        case _:
            return None


def _met(machine: Machine[Any, Any, Any], state: Any) -> int | None:
    """How many keys the machine behind a name has met, where it is one machine a key."""
    match machine:
        case Each():
            return len(state)
        case Many(machine=inner) | Optional(machine=inner) | Resumed(machine=inner):
            return _met(inner, state)
        case Parallel(left=one, right=two):
            left = _met(one, state[0])
            return _met(two, state[1]) if left is None else left
        case _:
            return None


def _in_series(one: Plan | None, two: Plan | None) -> Plan | None:
    if one is None or two is None:
        return two if one is None else one
    return Series((*_parts_of_series(one), *_parts_of_series(two)))


def _parts_of_series(part: Plan) -> tuple[Box | Beside | Loop, ...]:
    return part.parts if isinstance(part, Series) else (part,)


def _beside(one: Plan | None, two: Plan | None) -> Plan | None:
    if one is None or two is None:
        return two if one is None else one
    return Beside((*_parts_beside(one), *_parts_beside(two)))


def _parts_beside(part: Plan) -> tuple[Box | Series | Loop, ...]:
    return part.parts if isinstance(part, Beside) else (part,)
