"""What a person changes in a branch, and what came of it: the values that go between console and seeker."""

from math import inf, isfinite
from typing import Literal, assert_never

from msgspec import Struct

from catui.domain.units import parse_decimal
from catui.text import printable

Path = tuple[str, ...]
MOST_DIGITS = 40


class Change(Struct, frozen=True, array_like=True):
    """One thing that is otherwise: `path` names a `Choice`, `value` is as a person wrote it."""

    path: Path
    value: str


class Choice(Struct, frozen=True, array_like=True):
    """One thing that may be otherwise: what it is, what it is now, and what it may be.

    `low` and `high` bound a number, both included unless `is_above`: then it is above `low`. `options` are all that an
    option may be. `unit` stands behind the number.
    """

    path: Path
    text: str
    now: str
    kind: Literal["number", "whole", "amount", "option"] = "number"
    low: float = -inf
    high: float = inf
    is_above: bool = False
    unit: str = ""
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its path in words."""
        return " ".join(self.path)

    @property
    def range(self) -> str:
        """What it may be, for people."""
        match self.kind:
            case "option":
                return " ".join(self.options)
            case "amount":
                return f"an amount of {self.unit}"
            case "number" | "whole":
                low = f"above {self.low:g}" if self.is_above else f"{self.low:g}"
                return f"{low} to {self.high:g} {self.unit}".rstrip()
            case _:
                assert_never(self.kind)

    def fault(self, text: str) -> str:
        """What is wrong with a value as it was written, and the mend; empty: nothing is."""
        shown = printable(text, MOST_DIGITS)
        if self.kind == "option":
            return "" if text in self.options else f"{shown!r} must be one of {', '.join(self.options)}"
        if self.kind == "amount":
            is_amount = parse_decimal(text) is not None and not text.startswith("-")
            return "" if is_amount else f'{shown!r} is no plain decimal amount of {self.unit}; write e.g. "10000"'
        try:
            number = int(text) if self.kind == "whole" else float(text)
        except ValueError:
            word = "a whole number" if self.kind == "whole" else "a number"
            return f"{shown!r} is not {word}; write {self.range}"
        if not (isfinite(number) and self.low <= number <= self.high and (number > self.low or not self.is_above)):
            return f"{shown} must be {self.range}"
        return ""


class Side(Struct, frozen=True, array_like=True):
    """One side since the fork. Money in the desk's unit; `equity_money` at even times, fork and end included.

    `pnl_money` is the change of equity, `drawdown_money` its deepest fall below its own peak, `fees_money` above 0 when
    paid; `resized` counts the orders that the gate has shrunk, `refusals` those that it refused, by check.
    """

    equity_money: tuple[int, ...]
    pnl_money: int
    drawdown_money: int
    orders: int
    fills: int
    fees_money: int
    resized: int
    refusals: dict[str, int]


class Difference(Struct, frozen=True, array_like=True):
    """The first event at which the two did not do the same, and what each did; empty: nothing."""

    seq: int
    ts_ns: int
    run: str
    branch: str
