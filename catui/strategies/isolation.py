"""A cell round a strategy: what goes wrong in it stops it alone, and is remembered."""

from math import isfinite
from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.signals import Features


class Cell(Struct, frozen=True):
    """The strategy's own state, and why it was stopped: empty while it runs."""

    state: Any
    error: str = ""


def isolated(strategy: Machine[Any, Features, float | None]) -> Machine[Cell, Features, float | None]:
    """The strategy, as long as it behaves; from then on None, with the error in the state.

    Stopped by: an exception, a signal that is no finite number, one outside of [-1, 1]. Law: a strategy that behaves
    is unchanged, and what one cell does no other can see.
    """
    rule = strategy.step

    def step(cell: Cell, x: Features) -> tuple[Cell, float | None]:
        if cell.error:
            return cell, None
        try:
            state, signal = rule(cell.state, x)
        except Exception as error:
            return Cell(cell.state, f"{type(error).__name__}: {error}"[:200]), None
        if signal is not None and not (isfinite(signal) and -1.0 <= signal <= 1.0):
            return Cell(state, f"signal {signal!r} is outside of [-1, 1]"), None
        return Cell(state), signal

    return atom(Cell(strategy.init), step)
