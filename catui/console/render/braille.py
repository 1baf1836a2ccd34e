"""Curves in braille dots, two across and four down a cell: every column shows the least and the most of its time.

No value is left out by sampling: a spike of one point is a dot column as high as the spike.
"""

from collections.abc import Sequence

from catui.console.render.text import Cell

BLANK = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, from the top
LEVELS = "'-."  # ASCII: the upper, middle and lower third of a cell

Span = tuple[int, int, int]  # top, bottom and last of a column


def curve(values: Sequence[int | None], width: int, height: int, is_ascii: bool = False) -> list[Cell]:
    """`values`, oldest first, as `height` cells of `width`, scaled between their least and most.

    A None is a gap: nothing is drawn across it. A flat curve lies in the middle.
    """
    across, down = (width, height * 3) if is_ascii else (width * 2, height * 4)
    known = [value for value in values if value is not None]
    if width <= 0 or height <= 0:
        return [Cell("")] * max(height, 0)
    if not known:
        return [Cell(" " * width)] * height
    spans = _joined(_scaled(_spans(values, across), min(known), max(known), down))
    return _ascii(spans, width, height) if is_ascii else _braille(spans, width, height)


def _spans(values: Sequence[int | None], columns: int) -> list[Span | None]:
    """The least, the most and the last value of each column; None where it holds a gap only."""
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


def _scaled(spans: Sequence[Span | None], least: int, most: int, rows: int) -> list[Span | None]:
    """The same in rows of dots from the top, by whole numbers."""
    top, height = rows - 1, most - least
    if not height:
        return [None if span is None else (rows // 2, rows // 2, rows // 2) for span in spans]

    def row(value: int) -> int:
        return top - (value - least) * top // height

    return [None if span is None else (row(span[0]), row(span[1]), row(span[2])) for span in spans]


def _joined(spans: Sequence[Span | None]) -> list[Span | None]:
    """Each column drawn out to touch the last dot of the one before: a line without holes, but not across a gap."""
    joined: list[Span | None] = []
    before: Span | None = None
    for span in spans:
        if span is None or before is None:
            joined.append(span)
        else:
            upper, lower, last = span
            joined.append((min(upper, max(before[2] + 1, 0)), max(lower, before[2] - 1), last))
        before = span
    return joined


def _braille(spans: Sequence[Span | None], width: int, height: int) -> list[Cell]:
    cells = [[0] * width for _ in range(height)]
    for column, span in enumerate(spans):
        if span is not None:
            dots, x = DOTS[column & 1], column >> 1
            for y in range(span[0], span[1] + 1):
                cells[y >> 2][x] |= dots[y & 3]
    return [Cell("".join([chr(BLANK + dots) if dots else " " for dots in row])) for row in cells]


def _ascii(spans: Sequence[Span | None], width: int, height: int) -> list[Cell]:
    cells = [[" "] * width for _ in range(height)]
    for x, span in enumerate(spans):
        if span is not None:
            upper, lower, _ = span
            for y in range(upper // 3, lower // 3 + 1):
                inside = upper <= y * 3 and lower >= y * 3 + 2
                cells[y][x] = "|" if inside else LEVELS[max(upper - y * 3, 0)]
    return [Cell("".join(row)) for row in cells]
