"""Curves in braille dots, two across and four down a cell: every column shows the least and the most of its time.

No value is left out by sampling: a spike of one point is a dot column as high as the spike.
"""

from collections.abc import Sequence

from catui.console.render.text import Cell

BLANK = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, from the top
LEVELS = "'-."  # ASCII: the upper, middle and lower third of a cell

Span = tuple[int, int]


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
    spans = _scaled(_spans(values, across), min(known), max(known), down)
    return _ascii(spans, width, height) if is_ascii else _braille(spans, width, height)


def _spans(values: Sequence[int | None], columns: int) -> list[Span | None]:
    """The least and the most of each column, joined to the column before, so that the line has no holes."""
    count = len(values)
    spans: list[Span | None] = []
    last: int | None = None
    for column in range(columns):
        if count >= columns:
            part = values[column * count // columns : (column + 1) * count // columns]
        else:
            part = [values[column * (count - 1) // max(columns - 1, 1)]]
        known = [value for value in part if value is not None]
        if not known:
            spans.append(None)
            last = None
            continue
        low, high = min(known), max(known)
        if last is not None:
            low, high = min(low, last), max(high, last)
        spans.append((low, high))
        last = part[-1]
    return spans


def _scaled(spans: Sequence[Span | None], least: int, most: int, rows: int) -> list[Span | None]:
    """Dot rows from the top, by whole numbers: (upper, lower) of each column."""
    height = most - least
    if not height:
        return [None if span is None else (rows // 2, rows // 2) for span in spans]
    top = rows - 1
    return [
        None if span is None else (top - (span[1] - least) * top // height, top - (span[0] - least) * top // height)
        for span in spans
    ]


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
            upper, lower = span
            for y in range(upper // 3, lower // 3 + 1):
                inside = upper <= y * 3 and lower >= y * 3 + 2
                cells[y][x] = "|" if inside else LEVELS[max(upper - y * 3, 0)]
    return [Cell("".join(row)) for row in cells]
