"""A line of cells that a screen can cut and paint without making cyclic garbage."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from catui.console.render.palette import Palette
from catui.console.render.text import Cell, ascii_only, cells, fit

Piece = tuple[Cell, Style]
Row = Sequence[Piece]


class Line(Strip):
    """A strip whose cuts hold no reference back to it.

    `Strip.divide` stores `[self]` in the strip's own cache when the only cut is its end, and `crop_extend` over the
    whole width does the like: a reference cycle in every painted line, and full collections of 20 to 140 ms in a live
    screen. Here the trivial cut is answered uncached, and every other cut is a `Line` again.
    """

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Pieces between the cuts, as `Strip.divide`."""
        places = [place for place in cuts if place <= self.cell_length]
        if places == [self.cell_length]:
            return [self]
        return [_line(piece) for piece in super().divide(places)]

    def crop(self, start: int, end: int | None = None) -> Strip:
        """The cells from `start` to `end`, as `Strip.crop`."""
        return self if (piece := super().crop(start, end)) is self else _line(piece)

    def crop_extend(self, start: int, end: int, style: Style | None) -> Strip:
        """The cells from `start` to `end`, padded with `style`, as `Strip.crop_extend`."""
        if start <= 0 and end == self.cell_length:
            return self
        return _line(self.extend_cell_length(end, style).crop(start, end))


def _line(strip: Strip) -> Line:
    return strip if isinstance(strip, Line) else Line(strip, strip.cell_length)


def line(row: Row, width: int, palette: Palette, fill: Style | None = None) -> Line:
    """A row as a line of exactly `width` cells: neighbours of one style joined, the rest filled, what is over cut."""
    segments: list[Segment] = []
    room = width
    text, style = "", fill or palette.text
    for whole, its_style in row:
        length = cells(whole)
        if not length:
            continue
        cell = whole if length <= room else fit(whole, room)
        room -= min(length, room)
        if its_style is style:
            text += cell
            continue
        if text:
            segments.append(Segment(text, style))
        text, style = cell, its_style
        if not room:
            break
    if room:
        background = fill or palette.text
        if style is background:
            text += " " * room
        else:
            segments.append(Segment(text, style))
            text, style = " " * room, background
    if text:
        segments.append(Segment(text, style))
    if palette.is_ascii:
        segments = [Segment(ascii_only(Cell(each.text)), each.style) for each in segments]
    return Line(segments, width)


def width_of(row: Row) -> int:
    """How many cells a row takes."""
    return sum(cells(cell) for cell, _ in row)


def restyled(row: Row, extra: Style) -> list[Piece]:
    """The row with `extra` laid over every style."""
    return [(cell, style + extra) for cell, style in row]
