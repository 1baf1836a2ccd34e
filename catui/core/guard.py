"""A guard round a machine: what goes wrong in it stops it alone, and is remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeVar

from msgspec import Struct

from catui.core.machine import Machine, Step

S = TypeVar("S")
A = TypeVar("A")

LONGEST_ERROR = 200


class Cell(Struct, frozen=True):
    """The machine's own state, and why it was stopped: empty while it runs."""

    state: Any
    error: str = ""


@dataclass(frozen=True, eq=False)
class Guarded(Machine[Cell, A, float | None]):
    """A machine whose output is a number in [low, high], or None."""

    machine: Machine[Any, A, float] | Machine[Any, A, float | None]
    low: float
    high: float

    @property
    def init(self) -> Cell:
        return Cell(self.machine.init)

    def _compile(self) -> Step[Cell, A, float | None]:
        rule, is_legal = self.machine.step, self.is_legal

        def guarded_step(cell: Cell, x: A) -> tuple[Cell, float | None]:
            if cell.error:
                return cell, None
            try:
                state, y = rule(cell.state, x)
                if y is None or is_legal(y):
                    return Cell(state), y
                error = self.fault(y)
            except Exception as raised:  # whatever it is: it is the machine's own, and stops it alone
                error = f"{type(raised).__name__}: {raised}"
            return Cell(cell.state, error[:LONGEST_ERROR]), None

        return guarded_step

    @property
    def is_legal(self) -> Callable[[float], bool]:
        """Whether a number may leave."""
        low, high = self.low, self.high
        return lambda y: isfinite(y) and low <= y <= high

    def fault(self, y: object) -> str:
        """What is wrong with an output."""
        return f"signal {y!r} is no number in [{self.low:g}, {self.high:g}]"


def guarded(
    machine: Machine[S, A, float] | Machine[S, A, float | None], low: float, high: float
) -> Machine[Cell, A, float | None]:
    """The machine, as long as it behaves; from then on None, with the error in the state and the state as it was.

    Stopped by: an exception, an output that is no finite number, one outside of `[low, high]`. Laws: a machine that
    behaves is unchanged; what one cell does no other can see; a stopped cell stays stopped.
    """
    return Guarded(machine, low, high)
