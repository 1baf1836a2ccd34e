"""Horizontal bars: how much of a whole, in eighths of a cell."""

import math
from collections.abc import Sequence

from catui.console.render.text import Cell

EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(part: float | None, width: int, is_ascii: bool = False) -> Cell:
    """`part` of a whole (held inside 0 to 1) as a bar of `width` cells; `·` is what is left.

    >>> bar(0.5, 4), bar(0.62, 8, is_ascii=True), bar(None, 3)
    ('██··', '#####...', '···')
    """
    if width <= 0:
        return Cell("")
    if part is None or not math.isfinite(part):
        part = 0.0
    part = min(max(part, 0.0), 1.0)
    if is_ascii:
        full = int(part * width + 0.5)
        return Cell("#" * full + "." * (width - full))
    full, rest = divmod(int(part * width * 8 + 0.5), 8)
    return Cell(("█" * full + (EIGHTHS[rest] if rest else "")).ljust(width, "·"))


def sparkline(values: Sequence[int], width: int, low: int, high: int, is_ascii: bool = False) -> Cell:
    """The newest at the right, one level of eight a cell, the most of what a cell stands for; blank before the first.

    >>> sparkline((0, 250, 500, 1000), 4, 0, 1000), sparkline((0, 1000), 4, 0, 1000, is_ascii=True)
    ('▁▃▅█', '_@')
    """
    levels = "_.-=+*#@" if is_ascii else "▁▂▃▄▅▆▇█"
    count, span = len(values), max(high - low, 1)
    drawn = min(count, max(width, 0))
    parts = [values[cell * count // drawn : (cell + 1) * count // drawn] for cell in range(drawn)]
    heights = [min(max((max(part) - low) * 8 // span, 0), 7) for part in parts]
    return Cell("".join([levels[height] for height in heights]))


def used(part: int, whole: int, width: int, is_ascii: bool = False) -> Cell:
    """`part` of `whole` as a bar, by integers; full where there is no whole to take from and something is taken."""
    if whole <= 0:
        return bar(1.0 if part > 0 else 0.0, width, is_ascii)
    return bar(min(max(part, 0) * 1000 // whole, 1000) / 1000, width, is_ascii)


def filled(part: int, whole: int, width: int) -> int:
    """How many of `width` cells `part` of `whole` fills, by integers: at least one for any part above 0."""
    if part <= 0 or whole <= 0 or width <= 0:
        return 0
    return min(width, max(1, part * width // whole))
