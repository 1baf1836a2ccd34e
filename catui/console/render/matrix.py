"""A triangle of correlations: every pair once, with its sign; whole or not at all."""

from collections.abc import Sequence

from catui.console.render.line import Piece, Row
from catui.console.render.number import ratio
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, fit, number
from catui.console.render.view import Size

LABEL_CELLS = 12
NUMBER_CELLS, NAME_CELLS = 5, 10  # of a column: what a number needs, and what a name may have

Triangle = Sequence[Sequence[float | None]]


def triangle(title: Cell, names: Sequence[Cell], rows: Triangle, size: Size, palette: Palette) -> list[Row]:
    """A heading of all names but the last, then every name from the second on with its numbers; nothing without room.

    `rows[i][j]` is of names i and j < i; None is `--`.
    """
    count = len(rows)
    if count < 2 or len(names) < count or any(len(row) != i for i, row in enumerate(rows)):
        return []
    width = min((size.width - 1 - LABEL_CELLS) // (count - 1) - 1, NAME_CELLS)
    if count > size.height or width < NUMBER_CELLS:
        return []
    heads = [(fit(name, width, ">"), palette.muted) for name in names[: count - 1]]
    lines: list[Row] = [_line((fit(title, LABEL_CELLS), palette.muted), heads, palette)]
    for name, row in zip(names[1:], rows[1:], strict=False):
        numbers = [(number(ratio(value), width), palette.signed(value)) for value in row]
        lines.append(_line((fit(name, LABEL_CELLS), palette.text), numbers, palette))
    return lines


def _line(label: Piece, parts: Sequence[Piece], palette: Palette) -> Row:
    blank: Piece = (Cell(" "), palette.text)
    return (blank, label, *[piece for part in parts for piece in (blank, part)])
