"""A pane's frame, drawn into its own lines: title at the left, note at the right, the focus told by its weight."""

from collections.abc import Sequence

from msgspec import Struct
from rich.style import Style

from catui.console.render.line import Line, Piece, Row, line, width_of
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, fit
from catui.console.render.view import Size


class Frame(Struct, frozen=True):
    """What the frame says: `number` the pane's key, `title` its name, `note` at the right, which goes first."""

    number: int
    title: Cell
    note: Cell = Cell("")
    note_style: Style | None = None
    foot: Cell = Cell("")
    is_focused: bool = False


LIGHT = "╭─╮│╰╯"
HEAVY = "┏━┓┃┗┛"


def inner(size: Size) -> Size:
    """What is left inside the frame, nothing at worst."""
    return Size(max(size.width - 2, 0), max(size.height - 2, 0))


def box(frame: Frame, body: Sequence[Row], size: Size, palette: Palette) -> list[Line]:
    """The body inside its frame: exactly `size`, missing rows blank, rows too many left out.

    A pane too small for a frame shows its title alone.
    """
    if size.width < 2 or size.height < 2:
        bare = [line([(frame.title, palette.heading)], size.width, palette)]
        return (bare + [line([], size.width, palette)] * size.height)[: size.height]
    style = palette.focus if frame.is_focused else palette.border
    left_top, across, right_top, down, left_foot, right_foot = tuple(HEAVY) if frame.is_focused else tuple(LIGHT)
    width = size.width - 2
    top: list[Piece] = [
        (Cell(left_top), style),
        *_title(frame, width, across, style, palette),
        (Cell(right_top), style),
    ]
    side: Piece = (Cell(down), style)
    lines = [line(top, size.width, palette)]
    room = size.height - 2
    for row in body[:room]:
        gap = width - width_of(row)
        pad: list[Piece] = [(Cell(" " * gap), palette.text)] if gap > 0 else []
        lines.append(line([side, *(row if gap >= 0 else _cut(row, width)), *pad, side], size.width, palette))
    blank = line([side, (Cell(" " * width), palette.text), side], size.width, palette)
    lines.extend([blank] * (room - len(body)))
    foot = _edge(frame.foot, width, across, style, palette)
    lines.append(line([(Cell(left_foot), style), *foot, (Cell(right_foot), style)], size.width, palette))
    return lines


def _title(frame: Frame, width: int, across: str, style: Style, palette: Palette) -> list[Piece]:
    if width < 1:
        return []
    name = Cell(f" {frame.number} {frame.title} ")
    note = Cell(f" {frame.note} ") if frame.note else Cell("")
    room = width - 1 - cells(name)
    if cells(note) + 2 > room:
        note = Cell("") if room < 8 else fit(note, room - 2)
    if room < 0:
        name, room = fit(name, max(width - 1, 0)), 0
    rule = max(room - cells(note) - (1 if note else 0), 0)
    pieces: list[Piece] = [(Cell(across), style), (name, palette.focus if frame.is_focused else palette.heading)]
    pieces.append((Cell(across * rule), style))
    if note:
        pieces += [(note, frame.note_style or palette.muted), (Cell(across), style)]
    return pieces


def _edge(text: Cell, width: int, across: str, style: Style, palette: Palette) -> list[Piece]:
    if not text or cells(text) + 4 > width:
        return [(Cell(across * width), style)]
    return [
        (Cell(across * (width - cells(text) - 3)), style),
        (Cell(f" {text} "), palette.muted),
        (Cell(across), style),
    ]


def _cut(row: Row, width: int) -> list[Piece]:
    kept: list[Piece] = []
    for cell, style in row:
        if cells(cell) > width:
            kept.append((fit(cell, width), style))
            break
        kept.append((cell, style))
        width -= cells(cell)
    return kept


def rule(text: Cell, width: int, palette: Palette) -> Row:
    """A line across a body that names what stands below it."""
    label = Cell(f" {text} ")
    return (
        (Cell(" ──"), palette.border),
        (label, palette.muted),
        (Cell("─" * max(width - cells(label) - 4, 0)), palette.border),
    )


def message(text: Cell, size: Size, style: Style) -> list[Row]:
    """One line of text in the middle of a body: an empty pane says why it is empty."""
    above: list[Row] = [()] * (max(size.height - 1, 0) // 2)
    return [*above, ((fit(text, size.width, "^"), style),)]
