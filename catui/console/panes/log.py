"""The log: what the engine and the console said, newest last; it follows while the cursor is on the last line."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec.structs import replace
from rich.style import Style

from catui.console.panes.pane import Pane, walk
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.listing import Listing
from catui.console.render.number import NOT_YET, clock
from catui.console.render.palette import Palette
from catui.console.render.table import Column
from catui.console.render.text import Cell, shown
from catui.console.render.view import LogLine, PaneView, Size
from catui.snapshot import Snapshot

NAME, NUMBER, TITLE = "log", 9, "Log"

GLYPHS = {"error": Cell("!!"), "warning": Cell("!"), "info": Cell("")}


def until(snapshot: Snapshot, view: PaneView) -> Sequence[LogLine]:
    """The lines up to the moment shown: in the past, what was not said yet is left out."""
    lines = view.log
    if lines and lines[-1].ts_ns > snapshot.now_ns:
        return lines[: bisect_right(lines, snapshot.now_ns, key=_time)]
    return lines


def _time(line: LogLine) -> int:
    return line.ts_ns


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The tail, or where the cursor holds it; the title says which. Without the focus it is the tail."""
    space = inner(size)
    view = view if view.is_focused else replace(view, top=len(view.log))
    lines = LISTING.shown(snapshot, view)
    is_held = view.is_focused and view.cursor < len(lines) - 1
    note = LISTING.note(snapshot, view) or Cell("held, G follows" if is_held else "follows")
    frame = Frame(
        NUMBER, Cell(TITLE), note, palette.warning if is_held else None, is_focused=view.is_focused, tabs=view.tabs
    )
    if not view.log:
        return box(frame, message(Cell("nothing was said yet"), space, palette.muted), size, palette)
    return box(frame, LISTING.body(snapshot, view, space, palette), size, palette)


def _columns(_: Snapshot, palette: Palette) -> Sequence[Column[LogLine]]:
    styles = {"error": palette.error, "warning": palette.warning}

    def style(row: LogLine) -> Style:
        return styles.get(row.level, palette.text)

    def topic(row: LogLine) -> Cell:
        return shown(row.topic, 24)

    def time(row: LogLine) -> Cell:
        return clock(row.ts_ns, 3) if row.ts_ns else NOT_YET

    return (
        Column(Cell("time Z"), 12, time, lambda _: palette.muted, priority=2, is_number=False),
        Column(Cell(""), 2, lambda row: GLYPHS.get(row.level, Cell("?")), style, is_number=False, is_still=True),
        Column(
            Cell("of"), 8, lambda row: shown(row.topic, 24), lambda _: palette.muted, 1, is_number=False, is_still=True
        ),
        Column(Cell("text"), 12, lambda row: shown(row.text, 400), style, is_number=False, is_rest=True),
    )


LISTING = Listing(
    rows=until,
    id=lambda row: row.id,
    words=lambda _, row: f"{row.level} {row.topic} {row.text}",
    columns=_columns,
    follows="tail",
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(LISTING),))
