"""Rounds the close of a bar where it stands, before it is used."""

from math import log

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy


class MyBar(Struct):
    open: float
    close: float


@strategy()
def mutates_its_input() -> Machine[float, MyBar, float | None]:
    """Against the last bar."""

    def step(last: float, bar: MyBar) -> tuple[float, float | None]:
        bar.close = round(bar.close, 12)  # fault
        move = log(bar.close / bar.open) if bar.open > 0.0 and bar.close > 0.0 else 0.0
        return move, (-1.0 if move > last else 1.0)

    return atom(0.0, step)
