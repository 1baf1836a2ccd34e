"""A cell round a strategy: what goes wrong in it stops it alone, and is remembered."""

from math import isfinite
from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.signals import Features

LONGEST_ERROR = 200


class Cell(Struct, frozen=True):
    """The strategy's own state, and why it was stopped: empty while it runs."""

    state: Any
    error: str = ""


def isolated(strategy: Machine[Any, Features, float | None]) -> Machine[Cell, Features, float | None]:
    """The strategy, as long as it behaves; from then on None, with the error in the state and the state as it was.

    Stopped by: an exception, a signal that is no finite number, one outside of [-1, 1]. Laws: a strategy that behaves
    is unchanged; what one cell does no other can see; a stopped cell stays stopped.
    """
    rule = strategy.step

    def step(cell: Cell, x: Features) -> tuple[Cell, float | None]:
        if cell.error:
            return cell, None
        try:
            state, signal = rule(cell.state, x)
            if signal is None or (isfinite(signal) and -1.0 <= signal <= 1.0):
                return Cell(state), signal
            error = f"signal {signal!r} is no number in [-1, 1]"
        except Exception as raised:  # whatever it is: it is the strategy's, and stops the strategy alone
            error = f"{type(raised).__name__}: {raised}"
        return Cell(cell.state, error[:LONGEST_ERROR]), None

    return atom(Cell(strategy.init), step)
