"""A plot as rows: drawn cells with marks laid over them, values at the left, times below."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich.style import Style

from catui.console.render.axis import labelled
from catui.console.render.line import Piece, Row
from catui.console.render.palette import Palette
from catui.console.render.text import Cell

Marks = Mapping[tuple[int, int], tuple[str, Style]]  # by row and cell: one character in a style


def painted(drawn: Sequence[Cell], styles: Sequence[Style], marks: Marks) -> list[list[Piece]]:
    """The drawn rows, every cell in the style of its place across, under the marks."""
    by_row: dict[int, dict[int, tuple[str, Style]]] = {}
    for (row, x), mark in marks.items():
        by_row.setdefault(row, {})[x] = mark
    runs = [(style, len(list(run))) for style, run in groupby(styles)]
    rows: list[list[Piece]] = []
    for y, text in enumerate(drawn):
        over = by_row.get(y)
        if over is None:
            rows.append(_in_runs(text, runs))
        else:
            letters = [over.get(x, (letter, styles[x])) for x, letter in enumerate(text)]
            rows.append([(Cell(letter), style) for letter, style in letters])
    return rows


def _in_runs(text: Cell, runs: Sequence[tuple[Style, int]]) -> list[Piece]:
    pieces, x = [], 0
    for style, length in runs:
        pieces.append((Cell(text[x : x + length]), style))
        x += length
    return pieces


def with_values(
    plot: Sequence[Sequence[Piece]], places: Sequence[int], texts: Sequence[Cell], width: int, palette: Palette
) -> list[Row]:
    """The plot with each text at the left of its row, `width` cells wide, and a line up between them."""
    column = labelled(places, texts, width, len(plot))
    rows: list[Row] = []
    for text, row in zip(column, plot, strict=True):
        edge = "│" if text.isspace() else "┤"
        rows.append([(text, palette.muted), (Cell(f" {edge}"), palette.border), *row])
    return rows
