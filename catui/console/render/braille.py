"""Curves and candles in braille dots, two across and four down a cell; in ASCII one across and three down.

Every column of dots shows the least and the most of its time: no value is left out by sampling, a spike of one point is
a column as high as the spike. Where nothing is known nothing is drawn, and no line crosses it.
"""

from collections.abc import Sequence

from catui.console.render.text import Cell

BLANK = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, from the top
LEVELS = "'-."  # ASCII: the upper, middle and lower third of a cell
CANDLE_CELLS = 2

Span = tuple[int, int, int]  # the most, the least and the last of a column
Bar = tuple[int, int, int, int]  # open, high, low, close
Ranges = Sequence[tuple[int, int]]  # what is lit in a column, in rows of dots from the top, both ends included


def dots_across(width: int, is_ascii: bool) -> int:
    """Columns of dots in `width` cells."""
    return width if is_ascii else width * 2


def dots_down(height: int, is_ascii: bool) -> int:
    """Rows of dots in `height` cells."""
    return height * 3 if is_ascii else height * 4


def row_of(value: int, low: int, high: int, rows: int) -> int:
    """The row of dots, from the top, on which a value stands between `low` (the last) and `high` (the first).

    By whole numbers; a value outside is held at the edge, and where there is no height all stand in the middle.
    """
    if high <= low:
        return rows // 2
    return rows - 1 - (min(max(value, low), high) - low) * (rows - 1) // (high - low)


def curve(values: Sequence[int | None], width: int, height: int, is_ascii: bool = False) -> list[Cell]:
    """`values`, oldest first, as `height` cells of `width`, scaled between their least and most.

    A None is a gap. A flat curve lies in the middle.
    """
    known = [value for value in values if value is not None]
    if not known:
        return [Cell(" " * max(width, 0))] * max(height, 0)
    spans = spans_of(values, dots_across(max(width, 0), is_ascii))
    return line(spans, min(known), max(known), width, height, is_ascii)


def line(
    spans: Sequence[Span | None], low: int, high: int, width: int, height: int, is_ascii: bool = False
) -> list[Cell]:
    """One span a column of dots, drawn out to touch the one before: a line without holes, but not across a gap."""
    if width <= 0 or height <= 0:
        return [Cell("")] * max(height, 0)
    rows = dots_down(height, is_ascii)
    lit: list[Ranges] = []
    before: int | None = None
    for span in spans:
        if span is None:
            lit.append(())
            before = None
            continue
        top, foot, last = (row_of(value, low, high, rows) for value in span)
        if before is not None:
            top, foot = min(top, max(before + 1, 0)), max(foot, before - 1)
        lit.append(((top, foot),))
        before = last
    return _ascii_line(lit, width, height) if is_ascii else _braille(lit, width, height)


def bars(
    shown: Sequence[Bar | None], low: int, high: int, width: int, height: int, is_ascii: bool = False
) -> list[Cell]:
    """Candles of two cells each: a body from open to close, hollow where the close is above, and its wick."""
    if width <= 0 or height <= 0:
        return [Cell("")] * max(height, 0)
    rows = dots_down(height, is_ascii)
    if is_ascii:
        return _ascii_bars(shown, low, high, width, height)
    lit: list[Ranges] = []
    for each in shown:
        if each is None:
            lit += [(), (), (), ()]
            continue
        first, top, foot, last = (row_of(value, low, high, rows) for value in each)
        head, tail = min(first, last), max(first, last)
        if last < first:  # rows count from the top: the close is above
            lit += [((head, tail),), ((top, head), (tail, foot)), ((head, tail),), ()]
        else:
            lit += [((head, tail),), ((top, foot),), ((head, tail),), ()]
    return _braille(lit, width, height)


def spans_of(values: Sequence[int | None], columns: int) -> list[Span | None]:
    """The most, the least and the last value of each column; None where it holds a gap only."""
    count = len(values)
    spans: list[Span | None] = []
    for column in range(columns):
        if count >= columns:
            part = values[column * count // columns : (column + 1) * count // columns]
        else:
            part = [values[column * (count - 1) // max(columns - 1, 1)]]
        known = [value for value in part if value is not None]
        spans.append((max(known), min(known), known[-1]) if known else None)
    return spans


def _braille(lit: Sequence[Ranges], width: int, height: int) -> list[Cell]:
    cells = [[0] * width for _ in range(height)]
    for column, ranges in enumerate(lit[: width * 2]):
        dots, x = DOTS[column & 1], column >> 1
        for top, foot in ranges:
            for y in range(top, foot + 1):
                cells[y >> 2][x] |= dots[y & 3]
    return [Cell("".join([chr(BLANK + dots) if dots else " " for dots in row])) for row in cells]


def _ascii_line(lit: Sequence[Ranges], width: int, height: int) -> list[Cell]:
    cells = [[" "] * width for _ in range(height)]
    for x, ranges in enumerate(lit[:width]):
        for top, foot in ranges:
            for y in range(top // 3, foot // 3 + 1):
                inside = top <= y * 3 and foot >= y * 3 + 2
                cells[y][x] = "|" if inside else LEVELS[max(top - y * 3, 0)]
    return [Cell("".join(row)) for row in cells]


def _ascii_bars(shown: Sequence[Bar | None], low: int, high: int, width: int, height: int) -> list[Cell]:
    """A column of characters each: `|` the wick, `#` a body that fell, `:` one that rose."""
    cells = [[" "] * width for _ in range(height)]
    for x, each in enumerate(shown[: -(-width // CANDLE_CELLS)]):
        if each is None:
            continue
        first, top, foot, last = (row_of(value, low, high, height) for value in each)
        for y in range(top, foot + 1):
            is_body = min(first, last) <= y <= max(first, last)
            cells[y][x * CANDLE_CELLS] = (":" if each[3] > each[0] else "#") if is_body else "|"
    return [Cell("".join(row)) for row in cells]
