"""A reading of the tree with an ear at every named place: what passes it is heard, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from catui.core.fuse.keyed import FusedStages
from catui.core.fuse.live import Fused
from catui.core.machine import (
    Compose,
    Each,
    Fanout,
    Feedback,
    Machine,
    Many,
    Named,
    Optional,
    Parallel,
    Resumed,
    Step,
    atom,
)
from catui.core.plan import EVERY_KEY

A = TypeVar("A")
B = TypeVar("B")

Tap = Callable[[str, Step[Any, Any, Any]], Step[Any, Any, Any]]


def tapped(machine: Machine[Any, A, B], tap: Tap) -> Machine[Any, A, B]:
    """The machine with `tap(path, step)` in the place of every named part's step; paths are those of its plan.

    A key of `each` is `*`; what is fused is read as the stages that it means, since a flat text has no places; what
    is inside of a guard stays closed. It steps plain states.
    Law: with a tap that gives the step back, and with one that only listens, equal to `machine`, states included.

    >>> from catui.core.machine import delay, named, run
    >>> heard = []
    >>> def listen(path, step):
    ...     def listening(s, a):
    ...         s, b = step(s, a)
    ...         heard.append((path, b))
    ...         return s, b
    ...     return listening
    >>> run(tapped(named("late", delay(0)), listen), [1, 2]), heard
    ([0, 1], [('late', 0), ('late', 1)])
    """
    return _tapped(machine, tap, "")


def _tapped(machine: Machine[Any, Any, Any], tap: Tap, path: str) -> Machine[Any, Any, Any]:
    match machine:
        case Named(name=name, machine=inner):
            path = f"{path}/{name}" if path else name
            heard = _tapped(inner, tap, path)
            return Named(name, atom(heard.init, tap(path, heard.step)))
        case Compose(before=one, after=two):
            return Compose(_tapped(one, tap, path), _tapped(two, tap, path))
        case Parallel(left=one, right=two):
            return Parallel(_tapped(one, tap, path), _tapped(two, tap, path))
        case Fanout(left=one, right=two):
            return Fanout(_tapped(one, tap, path), _tapped(two, tap, path))
        case Feedback(first=first, body=body):
            return Feedback(first, _tapped(body, tap, path))
        case Each(machine=inner):
            return Each(_tapped(inner, tap, f"{path}/{EVERY_KEY}" if path else EVERY_KEY))
        case Many(machine=inner):
            return Many(_tapped(inner, tap, path))
        case Optional(machine=inner):
            return Optional(_tapped(inner, tap, path))
        case Resumed(machine=inner, state=state):
            return Resumed(_tapped(inner, tap, path), state)
        case Fused(machine=inner) | FusedStages(stages=inner):
            return _tapped(inner, tap, path)
        case _:
            return machine
