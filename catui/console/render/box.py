"""A pane's frame, drawn into its own lines: title at the left, note at the right, the focus told by its weight."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from rich.style import Style

from catui.console.render.line import Line, Piece, Row, line, width_of
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, fit, shown
from catui.console.render.view import Size


class Frame(Struct, frozen=True):
    """What the frame says: `number` the pane's key (0: none), `title` its name, `note` at the right, which goes first.

    `tabs` are the panes that share the box: number, label, and whether it is the one drawn; its title stands there.
    `choices` are the lists of the pane, of which one is shown: they stand in the note's place while there is no note.
    """

    number: int
    title: Cell
    note: Cell = Cell("")
    note_style: Style | None = None
    foot: Cell = Cell("")
    is_focused: bool = False
    tabs: tuple[tuple[int, str, bool], ...] = ()
    choices: tuple[tuple[Cell, bool], ...] = ()


TAB, CHOICE = "tab", "choice"  # what a cell of the top says of itself to a click: which of the tabs, of the lists

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
    strong = palette.focus if frame.is_focused else palette.heading
    room = width - 1
    name = _fitting_name(frame, room, strong, palette)
    room -= width_of(name)
    note = _note(frame, room, strong, palette)
    rule = max(room - width_of(note) - (1 if note else 0), 0)
    pieces: list[Piece] = [(Cell(across), style), *name, (Cell(across * rule), style)]
    return [*pieces, *note, (Cell(across), style)] if note else pieces


def _note(frame: Frame, room: int, strong: Style, palette: Palette) -> list[Piece]:
    """What stands at the right, whole or not at all: there may be numbers in it."""
    if not frame.note and frame.choices:
        chosen: list[Piece] = []
        for place, (text, is_shown) in enumerate(frame.choices):
            chosen += [(Cell("|"), palette.border)] if chosen else []
            chosen.append((Cell(f" {text} "), (strong if is_shown else palette.muted) + _mark(CHOICE, place)))
        if width_of(chosen) + 2 <= room:
            return chosen
        frame = replace(frame, note=next((text for text, is_shown in frame.choices if is_shown), Cell("")))
    note = Cell(f" {frame.note} ") if frame.note else Cell("")
    return [(note, frame.note_style or palette.muted)] if note and cells(note) + 2 <= room else []


def _fitting_name(frame: Frame, room: int, strong: Style, palette: Palette) -> list[Piece]:
    """The name, or all names of a shared box; what is not drawn there loses its words first, then its number."""
    short = tuple(tab if tab[2] or not tab[0] else (tab[0], "", False) for tab in frame.tabs)
    for tabs in (frame.tabs, short, ()):
        name = _name(frame, tabs, strong, palette)
        if width_of(name) <= room:
            return name
    return [(fit(name[0][0], max(room, 0)), strong)]


def _name(frame: Frame, tabs: Sequence[tuple[int, str, bool]], strong: Style, palette: Palette) -> list[Piece]:
    own = Cell(f" {_numbered(frame.number, frame.title)} ")
    if len(tabs) < 2:
        return [(own, strong)]
    pieces: list[Piece] = []
    for place, (number, label, is_drawn) in enumerate(tabs):
        if pieces:
            pieces.append((Cell("|"), palette.border))
        text = own if is_drawn else Cell(f" {_numbered(number, shown(label, 24))} ")
        pieces.append((text, (strong if is_drawn else palette.muted) + _mark(TAB, place)))
    return pieces


@lru_cache(maxsize=64)
def _mark(what: str, place: int) -> Style:
    return Style.from_meta({what: place})


def _numbered(number: int, text: str) -> str:
    return f"{number} {text}".strip() if number else text


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
