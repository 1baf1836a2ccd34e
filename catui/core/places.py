"""Places: the parts of a machine's state by path, read off the tree that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from catui.core.fuse.keyed import FusedStages
from catui.core.fuse.live import Fused
from catui.core.fuse.plain import plain
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
)

S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Place:
    """A node of the tree at a path, with its state."""

    path: str
    node: Machine[Any, Any, Any] = field(repr=False)
    state: object


def places(machine: Machine[S, A, B], state: S) -> Iterator[Place]:
    """The nodes of the tree with their states by path, outside in; fused parts are read as what they mean.

    The path of a name is the names and keys on the way to it, nothing else: `desk/strategies/paper:BTCUSDT/momentum`.
    A node without a name has behind the last one its positions too: `before` and `after` of a composition are 0 and 1,
    `left` and `right` likewise; a state of `each` goes by its key.
    """
    yield from _places(machine, plain(machine, state), "", "")


def _places(machine: Machine[Any, Any, Any], state: Any, names: str, path: str) -> Iterator[Place]:
    """`names` is the path of names and keys so far, `path` the one of this node."""
    if isinstance(machine, Named):
        path = _joined(names, machine.name)
        yield Place(path, machine, state)
        yield from _places(machine.machine, state, path, path)
        return
    yield Place(path, machine, state)
    match machine:
        case (
            Compose(before=first, after=second) | Parallel(left=first, right=second) | Fanout(left=first, right=second)
        ):
            yield from _places(first, state[0], names, _joined(path, "0"))
            yield from _places(second, state[1], names, _joined(path, "1"))
        case Feedback(body=body):
            yield from _places(body, state[0], names, _joined(path, "body"))
        case Each(machine=inner):
            for key, kept in state.items():
                yield from _places(inner, kept, _joined(names, str(key)), _joined(path, str(key)))
        case Fused(machine=inner) | FusedStages(stages=inner):
            yield from _places(inner, state, names, path)
        case Many(machine=inner) | Optional(machine=inner) | Resumed(machine=inner):
            yield from _places(inner, state, names, path)
        case _:
            return


def _joined(path: str, part: str) -> str:
    return f"{path}/{part}" if path else part


def state_at(machine: Machine[S, A, B], state: S, path: str) -> Any:
    """The state at a named place, as `places` has it; only what lies on the way to it is looked at.

    KeyError: no place of that path.
    """
    for found in _at(machine, state, "", path):
        return found
    raise KeyError(path)


def _at(machine: Machine[Any, Any, Any], state: Any, names: str, wanted: str) -> Iterator[Any]:
    match machine:
        case Named(name=name, machine=inner):
            path = _joined(names, name)
            if path == wanted:
                yield plain(inner, state)
            if wanted.startswith(f"{path}/"):
                yield from _at(inner, state, path, wanted)
        case (
            Compose(before=first, after=second) | Parallel(left=first, right=second) | Fanout(left=first, right=second)
        ):
            yield from _at(first, state[0], names, wanted)
            yield from _at(second, state[1], names, wanted)
        case Feedback(body=body):
            yield from _at(body, state[0], names, wanted)
        case Each(machine=inner):
            for key, kept in state.items():
                if wanted.startswith(_joined(names, str(key))):
                    yield from _at(inner, kept, _joined(names, str(key)), wanted)
        case Fused(machine=inner) | FusedStages(stages=inner):
            if _may_hold(inner, names, wanted):  # reading a fused part costs more than all the rest
                yield from _at(inner, plain(machine, state), names, wanted)
        case Many(machine=inner) | Optional(machine=inner) | Resumed(machine=inner):
            yield from _at(inner, state, names, wanted)
        case _:
            return


def _may_hold(machine: Machine[Any, Any, Any], names: str, wanted: str) -> bool:
    """Whether a tree has a name on the way to `wanted`; keys are known by states only, so that any may be."""
    match machine:
        case Named(name=name):
            path = _joined(names, name)
            return wanted == path or wanted.startswith(f"{path}/")
        case (
            Compose(before=first, after=second) | Parallel(left=first, right=second) | Fanout(left=first, right=second)
        ):
            return _may_hold(first, names, wanted) or _may_hold(second, names, wanted)
        case Feedback(body=inner) | Many(machine=inner) | Optional(machine=inner) | Resumed(machine=inner):
            return _may_hold(inner, names, wanted)
        case Fused(machine=inner) | FusedStages(stages=inner):
            return _may_hold(inner, names, wanted)
        case _:
            return isinstance(machine, Each)
