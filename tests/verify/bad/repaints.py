"""Marks the tops of a zigzag: a top is known one quote late, and is then drawn where it was."""

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.signals import Features


class Last(Struct, frozen=True):
    mid: float
    quotes: int


@strategy()
def repaints() -> Machine[Last, Features, list[float]]:
    """-1 at a top, else 0: a chart whose marks share one list with the strategy."""
    marks: list[list[float]] = []

    def step(s: Last, x: Features) -> tuple[Last, list[float]]:
        if s.quotes == 0:
            marks.clear()  # fault
        elif x.mid < s.mid:
            marks[s.quotes - 1][0] = -1.0  # the next quote is lower, so that the last one was a top
        marks[s.quotes :] = [[0.0]]
        return Last(x.mid, s.quotes + 1), marks[s.quotes]

    return atom(Last(0.0, 0), step)
