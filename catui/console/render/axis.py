"""Axes: round values for the height of a curve, round times for its width."""

from collections.abc import Sequence

from catui.console.render.number import SECOND, clock
from catui.console.render.text import Cell, cells

NICE = (1, 2, 5)
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
TIME_GAP = 4  # cells between two times, at least


def nice_step(least: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... that is not below `least`.

    >>> [nice_step(n) for n in (0, 3, 6, 11, 600)]
    [1, 5, 10, 20, 1000]
    """
    power = 1
    while True:
        for each in NICE:
            if each * power >= least:
                return each * power
        power *= 10


def round_values(low: int, high: int, most: int, least_step: int = 1) -> Sequence[int]:
    """At most `most` multiples of one round step from `low` to `high`, none where not even one is inside.

    >>> list(round_values(103, 178, 4)), list(round_values(5, 5, 3))
    ([120, 140, 160], [5])
    """
    if most < 1 or high < low:
        return ()
    step = nice_step(max(-(-(high - low) // most), least_step))
    values = range(-(-low // step) * step, high + 1, step)
    return values if len(values) <= most else range(-(-low // (2 * step)) * 2 * step, high + 1, 2 * step)[:most]


def time_row(first_ns: int, last_ns: int, width: int) -> Cell:
    """Round times of day under the cells of `width` that stand for `first_ns` to `last_ns`; the end says UTC.

    A time stands with its first digit under its moment. Seconds only where the steps are shorter than a minute.
    """
    if width < 1 or last_ns <= first_ns:
        return Cell(" " * max(width, 0))
    span_ns = last_ns - first_ns
    for seconds in STEPS_S:
        label = 8 if seconds < 60 else 5
        if seconds * SECOND * width >= (label + TIME_GAP) * span_ns:
            break
    else:
        seconds, label = STEPS_S[-1] * max(1, span_ns // (STEPS_S[-1] * SECOND * max(width // 10, 1))), 5
    row = [" "] * width
    step_ns = seconds * SECOND
    for at_ns in range(-(-first_ns // step_ns) * step_ns, last_ns + 1, step_ns):
        x = (at_ns - first_ns) * width // span_ns
        text = clock(at_ns)[:label]
        if x + label <= width - 1:
            row[x : x + label] = text
    row[-1] = "Z"
    return Cell("".join(row))


def labelled(rows: Sequence[int], texts: Sequence[Cell], width: int, height: int) -> list[Cell]:
    """A column of `height` cells of `width`: each text at the right of its row; one too long is left out."""
    column = [Cell(" " * width)] * height
    for row, text in zip(rows, texts, strict=True):
        if 0 <= row < height and cells(text) <= width:
            column[row] = Cell(text.rjust(width))
    return column
