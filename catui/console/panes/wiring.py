"""The wiring as a pane: boxes and wires in cells, the box under the cursor told by its weight and its mark."""

from collections.abc import Callable

from msgspec.structs import replace
from rich.style import Style

from catui.console.panes.pane import Pane, list_walk
from catui.console.panes.readings import readings
from catui.console.render.box import HEAVY, LIGHT, Frame, box, inner, message
from catui.console.render.line import Line, Piece, Row
from catui.console.render.number import SECOND
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, fit, shown
from catui.console.render.view import PaneView, Size
from catui.console.render.wiring import Drawing, Spot, fitted
from catui.core.plan import Plan
from catui.runtime.past.messages import Flowed
from catui.snapshot import Snapshot

NAME, TITLE = "wiring", "Wiring"
Canvas = list[list[tuple[str, Style]]]


def drawing_of(plan: Plan, snapshot: Snapshot, size: Size, flowed: Flowed | None = None) -> Drawing:
    """The plan in a pane of this size, with what the snapshot says of its boxes, and what flowed over its wires.

    Where there is no room for a line in every box, those alone have one of which the snapshot says something.
    """
    space = inner(size)
    drawing = fitted(plan, space.width, space.height, lambda each: readings(snapshot, each, flowed))
    if flowed is None or any(spot.lines for spot in drawing.spots):
        return drawing
    return fitted(plan, space.width, space.height, lambda each: readings(snapshot, each))


def pane(plan: Plan | None, foot: Cell, words: str, flowed: Flowed | None = None) -> Pane:
    """The pane of one plan; without one it says `words`. `flowed` is what a copy of the desk has counted."""

    def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
        space = inner(size)
        note = Cell(f"{_followed(snapshot, flowed)}seq {snapshot.seq:,}")
        frame = Frame(0, Cell(TITLE), note, foot=foot, is_focused=True)
        if plan is None:
            return box(frame, message(shown(words, 200), space, palette.muted), size, palette)
        drawing = drawing_of(plan, snapshot, size, flowed)
        if unsaid := _unsaid(drawing, view, snapshot, flowed):
            both = Cell(f"{unsaid}  {foot}")
            frame = replace(frame, foot=both if cells(both) < space.width - 2 else unsaid)
        if drawing.width > space.width:
            return box(frame, message(Cell("too narrow"), space, palette.muted), size, palette)
        return box(frame, _rows(drawing, view, palette)[view.top : view.top + space.height], size, palette)

    def ids(snapshot: Snapshot, view: PaneView) -> tuple[str, ...]:
        return ()

    def point(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> PaneView | None:
        return None

    def follow(snapshot: Snapshot, view: PaneView, size: Size) -> PaneView:
        return view

    return Pane(NAME, 0, TITLE, render, (list_walk(ids, point, follow),))


def _followed(snapshot: Snapshot, flowed: Flowed | None) -> str:
    """Whose rates and times these are."""
    if flowed is None or flowed.instrument != snapshot.shown:
        return ""
    if flowed.fault:
        return f"wires ? {shown(flowed.fault, 40)}  "
    return f"rates and times by a copy, {flowed.events:,} events of {flowed.span_ns / SECOND:.1f}s  "


def _unsaid(drawing: Drawing, view: PaneView, snapshot: Snapshot, flowed: Flowed | None) -> Cell:
    """What is known of the box under the cursor and has no room in it."""
    spot = drawing.spots[min(view.cursor, len(drawing.spots) - 1)]
    lines = [line for line in readings(snapshot, spot.box, flowed) if line not in spot.lines]
    return Cell("  ".join(line.strip() for line in lines))


def top_of(drawing: Drawing, cursor: int, top: int, height: int) -> int:
    """The first line to show, so that the first lines of the box under the cursor are seen."""
    spot = drawing.spots[min(cursor, len(drawing.spots) - 1)]
    last = spot.y + min(spot.height, height) - 1
    return max(0, min(max(top, last - height + 1), spot.y, drawing.height - 1))


def spot_at(drawing: Drawing, x: int, y: int) -> int | None:
    """The innermost box at a cell of the drawing."""
    found = None
    for place, spot in enumerate(drawing.spots):
        if spot.x <= x < spot.x + spot.width and spot.y <= y < spot.y + spot.height:
            found = place
    return found


def _rows(drawing: Drawing, view: PaneView, palette: Palette) -> list[Row]:
    """The drawing line by line, neighbours of one style joined."""
    canvas: Canvas = [[(" ", palette.text)] * drawing.width for _ in range(drawing.height)]

    def put(x: int, y: int, text: str, style: Style) -> None:
        for character in text:
            wide = cells(character)
            if 0 <= y < drawing.height and 0 <= x and x + wide <= drawing.width:
                canvas[y][x : x + wide] = [(character, style), *[("", style)] * (wide - 1)]
            x += wide

    for stroke in drawing.strokes:
        put(stroke.x, stroke.y, stroke.text, palette.muted)
    for place, spot in enumerate(drawing.spots):
        _put_box(spot, put, palette, is_here=place == view.cursor)
    return [_joined(line) for line in canvas]


def _put_box(spot: Spot, put: Callable[[int, int, str, Style], None], palette: Palette, *, is_here: bool) -> None:
    corners, style = (HEAVY, palette.focus) if is_here else (LIGHT, palette.border)
    wide, bottom = spot.width, spot.y + spot.height - 1
    mark = ">" if is_here else " "
    title = f"{corners[0]}{mark}{spot.title} "
    put(spot.x, spot.y, title + corners[1] * (wide - cells(title) - 1) + corners[2], style)
    put(spot.x + 2, spot.y, spot.title, palette.accent if is_here else palette.strong)
    for y in range(spot.y + 1, bottom):
        put(spot.x, y, corners[3], style)
        put(spot.x + wide - 1, y, corners[3], style)
    for line, text in enumerate(reversed(spot.lines), start=1):
        put(spot.x + 1, bottom - line, fit(text, cells(text)), palette.text)
    put(spot.x, bottom, corners[4] + corners[1] * (wide - 2) + corners[5], style)


def _joined(line: list[tuple[str, Style]]) -> Row:
    row: list[Piece] = []
    for character, style in line:
        if row and row[-1][1] is style:
            row[-1] = Cell(row[-1][0] + character), style
        else:
            row.append((Cell(character), style))
    return row
