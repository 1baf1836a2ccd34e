"""The wiring of a machine: its named places and how they hang together, read off the tree that runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catui.core.fuse.keyed import FusedStages
from catui.core.fuse.live import Fused
from catui.core.guard import Guarded
from catui.core.machine import Compose, Each, Fanout, Feedback, Machine, Many, Named, Optional, Parallel, Resumed


@dataclass(frozen=True)
class Box:
    """A named place: how its inside is repeated or fed back, and the places within, in the order of the data."""

    name: str
    marks: tuple[str, ...]
    boxes: tuple["Box", ...]


def boxes(machine: Machine[Any, Any, Any]) -> tuple[Box, ...]:
    """The outermost named places of a machine, in the order of the data."""
    match machine:
        case Named(name=name, machine=inner):
            return (Box(name, _marks(inner), boxes(inner)),)
        case (
            Compose(before=first, after=second) | Parallel(left=first, right=second) | Fanout(left=first, right=second)
        ):
            return boxes(first) + boxes(second)
        case Feedback(body=inner) | Each(machine=inner) | Many(machine=inner) | Optional(machine=inner):
            return boxes(inner)
        case Fused(machine=inner) | FusedStages(stages=inner) | Guarded(machine=inner) | Resumed(machine=inner):
            return boxes(inner)
        case _:
            return ()


def outline(machine: Machine[Any, Any, Any]) -> str:
    """The wiring as text, a place a line, what is inside indented below it.

    >>> from catui.core.machine import delay, each, feedback, identity, named
    >>> print(outline(named("desk", feedback(0, named("book", each(delay(0))) >> named("out", identity)))))
    desk  (fed back, one step late)
    |- book  (one for each key)
    `- out
    """
    return "\n".join(line for box in boxes(machine) for line in _lines(box, "", ""))


def _lines(box: Box, first: str, rest: str) -> Iterator[str]:
    marks = f"  ({', '.join(box.marks)})" if box.marks else ""
    yield f"{first}{box.name}{marks}"
    for place, inner in enumerate(box.boxes):
        is_last = place == len(box.boxes) - 1
        yield from _lines(inner, rest + ("`- " if is_last else "|- "), rest + ("   " if is_last else "|  "))


def _marks(machine: Machine[Any, Any, Any]) -> tuple[str, ...]:
    """What happens to the inside before the next name."""
    match machine:
        case Feedback(body=inner):
            return ("fed back, one step late", *_marks(inner))
        case Each(machine=inner):
            return ("one for each key", *_marks(inner))
        case Guarded():
            return ("guarded",)
        case Many(machine=inner) | Optional(machine=inner) | Fused(machine=inner) | Resumed(machine=inner):
            return _marks(inner)
        case (
            Compose(before=first, after=second) | Parallel(left=first, right=second) | Fanout(left=first, right=second)
        ):
            return tuple(dict.fromkeys(_marks(first) + _marks(second)))
        case _:
            return ()
