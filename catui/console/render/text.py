"""The one text gate of the console: nothing reaches a line but a `Cell`, and foreign text becomes one here."""

from functools import lru_cache
from typing import NewType

from rich.cells import cell_len, chop_cells

from catui.text import printable

Cell = NewType("Cell", str)

READ_AHEAD = 64  # characters read beyond four a cell: what is cut away is never looked at


def cells(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def shown(text: str, limit: int = 256) -> Cell:
    """Foreign text made visible and harmless, at most `limit` cells, of its own length."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return Cell(text)
    safe = printable(text, 4 * limit + READ_AHEAD)
    return Cell(safe) if cells(safe) <= limit else fit(Cell(safe), limit)


def plain(text: str, width: int) -> Cell:
    """`text`, foreign or not, as exactly `width` cells: `fit(shown(text), width)`."""
    return fit(shown(text, max(width, 0) + 1), width)


def fit(cell: Cell, width: int, align: str = "<") -> Cell:
    """`cell` padded, or cut with an ellipsis, to exactly `width` cells; a wide character is never cut in half.

    >>> fit(Cell("quoting"), 5), fit(Cell("ok"), 4, ">")
    ('quot…', '  ok')
    """
    if width <= 0:
        return Cell("")
    length = cells(cell)
    if length > width:
        kept = _head(cell, width - 1)
        return Cell(kept + "…" + " " * (width - 1 - cells(kept)))
    pad = width - length
    if align == ">":
        return Cell(" " * pad + cell)
    if align == "^":
        return Cell(" " * (pad // 2) + cell + " " * (pad - pad // 2))
    return Cell(cell + " " * pad)


def number(cell: Cell, width: int) -> Cell:
    """`cell` at the right of `width` cells. A number is never cut: one that does not fit becomes `####`.

    >>> number(Cell("1.50"), 6), number(Cell("60,123.50"), 6)
    ('  1.50', '######')
    """
    if width <= 0:
        return Cell("")
    length = cells(cell)
    return Cell("#" * width) if length > width else Cell(" " * (width - length) + cell)


def _head(cell: str, width: int) -> str:
    if width <= 0:
        return ""
    if cell.isascii():
        return cell[:width]
    pieces = chop_cells(cell, width)
    return pieces[0] if pieces and cells(pieces[0]) <= width else ""


_ASCII = str.maketrans(
    {
        **dict.fromkeys("─", "-"),
        **dict.fromkeys("━", "="),
        **dict.fromkeys("│┃", "|"),
        **dict.fromkeys("╭╮╰╯├┤┏┓┗┛┬┴┼", "+"),
        **dict.fromkeys("█▉▊▋▇▆", "#"),
        **dict.fromkeys("▌▍▎▏", "="),
        **dict.fromkeys("░·▂▃", "."),
        **dict.fromkeys("▄▅", "="),
        "▁": "_",
        "…": "~",
        "▲": "^",
        "▼": "v",
        "×": "x",
        "±": "~",
    }
)


@lru_cache(maxsize=4096)
def ascii_only(cell: Cell) -> Cell:
    """The same width in ASCII: our own glyphs by their likeness, every other character as `?`, one a cell."""
    text = cell.translate(_ASCII)
    return Cell(text if text.isascii() else "".join(c if c.isascii() else "?" * cell_len(c) for c in text))
