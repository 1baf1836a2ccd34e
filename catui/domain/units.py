"""Exact decimals: a venue's text to integers and back, never through a float.

The grammar is anchored, ASCII, and bounded: at most 18 digits before and 18 after the point, no sign but `-`, no
exponent, no blank. What it refuses never reaches `int` or `Decimal`, whose work can grow without bound.
"""

import re
from dataclasses import dataclass

DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?", re.ASCII)


def parse_decimal(text: str) -> tuple[int, int] | None:
    """`(digits, scale)` with value = digits / 10**scale, trailing zeros cut; None if `text` is not a plain decimal.

    >>> parse_decimal("61837.63000000"), parse_decimal("1e5"), parse_decimal("-0.5")
    ((6183763, 2), None, (-5, 1))
    """
    if not DECIMAL.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return int(whole + fraction), len(fraction)


def decimal_text(digits: int, scale: int, decimals: int | None = None) -> str:
    """The canonical text of digits / 10**scale; with `decimals`, zero padded to at least so many.

    >>> decimal_text(6183763, 2), decimal_text(50, 1), decimal_text(5, 0, decimals=2), decimal_text(-5, 1)
    ('61837.63', '5', '5.00', '-0.5')
    """
    sign, digits = ("-", -digits) if digits < 0 else ("", digits)
    text = str(digits).rjust(scale + 1, "0")
    whole, fraction = (text[:-scale], text[-scale:].rstrip("0")) if scale else (text, "")
    if decimals is not None:
        fraction = fraction.ljust(decimals, "0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


@dataclass(frozen=True, slots=True)
class Grid:
    """The multiples of a step, `step / 10**scale`, as whole numbers of steps.

    ValueError: a step that is not a positive decimal.
    """

    step: int
    scale: int

    @staticmethod
    def of(text: str) -> "Grid":
        """The grid with the step that `text` says: `Grid.of("0.01")`."""
        parsed = parse_decimal(text)
        if parsed is None or parsed[0] <= 0:
            raise ValueError(f"a grid's step must be a decimal above 0, got {text!r}")
        return Grid(*parsed)

    def count(self, text: str) -> int | None:
        """How many steps `text` is; None if it is no decimal or lies off the grid.

        >>> Grid.of("0.05").count("1.10"), Grid.of("0.05").count("1.12")
        (22, None)
        """
        parsed = parse_decimal(text)
        if parsed is None:
            return None
        digits, scale = parsed
        if scale > self.scale:
            return None
        count, rest = divmod(digits * 10 ** (self.scale - scale), self.step)
        return None if rest else count

    def text(self, count: int) -> str:
        """The decimal text of `count` steps, padded to the grid's decimals.

        Law: `count(text(n)) == n` for every int n of at most 18 digits before the point.
        """
        return decimal_text(count * self.step, self.scale, decimals=self.scale)


def divide_half_up(numerator: int, denominator: int) -> int:
    """The nearest integer, halves away from zero: the rounding of fees. ZeroDivisionError: denominator 0.

    >>> divide_half_up(5, 2), divide_half_up(-5, 2), divide_half_up(4, 3)
    (3, -3, 1)
    """
    if (numerator < 0) != (denominator < 0):
        return -((2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator)))
    return (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
