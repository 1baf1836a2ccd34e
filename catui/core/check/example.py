"""A counter-example: the input on which a law was seen to fail, made as small as it will go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeVar

from catui.core.check.values import written
from catui.core.machine import Machine

A = TypeVar("A")
Anything: TypeAlias = Machine[Any, Any, Any]

MOST_TRIES = 400


@dataclass(frozen=True)
class Example:
    """Inputs on which a law fails: at which output (from 0), what it should have been, and what it was.

    `against` is the other stream of a law that compares two; `place` is `FILE:LINE`, where the fault has one.
    """

    says: str
    inputs: tuple[object, ...] = ()
    at: int | None = None
    expected: str = ""
    got: str = ""
    against: tuple[object, ...] = ()
    place: str = ""


Fault: TypeAlias = Callable[[list[A]], Example | None]
"""What is wrong on a stream; None: nothing."""


def smallest(fault: Fault[A], inputs: Sequence[A]) -> Example | None:
    """The fault on these inputs, with as few of them as it takes; None where there is none.

    The length is bisected, then events are dropped, in halves, quarters, and so on down to one by one, as long as what
    is left still fails. At most `MOST_TRIES` streams are tried. Law: what is returned was seen to fail.
    """
    found = fault(list(inputs))
    if found is None:
        return None
    kept, tries = list(inputs), 0
    passing = 0
    while len(kept) - passing > 1:
        half = (passing + len(kept)) // 2
        shorter = fault(kept[:half])
        if shorter is None:
            passing = half
        else:
            kept, found = kept[:half], shorter
    size = len(kept) // 2
    while size and tries < MOST_TRIES:
        at, before = 0, len(kept)
        while at < len(kept) and tries < MOST_TRIES:
            fewer = [*kept[:at], *kept[at + size :]]
            tries += 1
            smaller = fault(fewer)
            if smaller is None:
                at += size
            else:
                kept, found = fewer, smaller
        size = size if size == 1 and len(kept) < before else size // 2
    return found


class Told(NamedTuple):
    """What a machine made of a stream: every output as text, read when all were there; what it raised is the last."""

    words: list[str]
    outputs: list[Any]
    state: Any
    place: str

    @property
    def has_raised(self) -> bool:
        """Whether a step raised."""
        return len(self.words) > len(self.outputs)


def told(machine: Anything, inputs: Sequence[Any]) -> Told:
    """The machine on a stream, to its end or to the first step that raises."""
    outputs: list[Any] = []
    state, raised, place = machine.init, [], ""
    try:
        step = machine.step
        for a in inputs:
            state, b = step(state, a)
            outputs.append(b)
    except (Exception, SystemExit) as error:  # whatever it is: it is what the machine says
        raised, place = [f"raises {type(error).__name__}: {error}"], deepest(error)
    return Told([*map(written, outputs), *raised], outputs, state, place)


def deepest(error: BaseException) -> str:
    """FILE:LINE of where it was raised; empty: by the very call, so that what was called is at fault."""
    first = frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return "" if frame is None or frame is first else f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}"


def difference(expected: Sequence[str], got: Sequence[str]) -> int | None:
    """The first index at which two lists of words differ, or at which one ends; None: they are equal."""
    for i, (one, other) in enumerate(zip(expected, got, strict=False)):
        if one != other:
            return i
    return None if len(expected) == len(got) else min(len(expected), len(got))
