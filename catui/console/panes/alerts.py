"""Alerts: what a person should know, open ones first; severity by glyph and word, never by colour alone."""

from rich.style import Style

from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.number import clock
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, row_at_line, table
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort, at_cursor, ordered
from catui.snapshot import AlertView, Snapshot

TITLE = "Alerts"
NUMBER = 7

GLYPHS = {"critical": Cell("!!"), "warning": Cell("!"), "info": Cell("i")}
RANK = {"critical": 0, "warning": 1, "info": 2}

SORTS: tuple[Sort[AlertView], ...] = (
    ("severity", lambda row: RANK.get(row.severity, 3)),
    ("time", lambda row: -row.since_ns),
)


def rows(snapshot: Snapshot) -> int:
    """How many alerts there are, cleared ones included."""
    return len(snapshot.alerts)


def open_alerts(snapshot: Snapshot) -> int:
    """How many alerts are neither cleared nor acknowledged."""
    return sum(row.cleared_ns is None and not row.is_acknowledged for row in snapshot.alerts)


def row_id(snapshot: Snapshot, view: PaneView) -> str | None:
    """The alert's id under the cursor."""
    row = at_cursor(ordered(snapshot.alerts, SORTS, view), view)
    return row.id if row else None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """The alert drawn at line `y`."""
    return row_at_line([False] * rows(snapshot), False, view, size, y)


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table: severity, when, what, how often, and whether someone has seen it or it is over."""
    space, waiting = inner(size), open_alerts(snapshot)
    count = f" {waiting}!" if waiting else ""
    frame = Frame(NUMBER, Cell(TITLE + count), is_focused=view.is_focused)
    if not snapshot.alerts:
        return box(frame, message(Cell("no alerts"), space, palette.muted), size, palette)
    spec = Table(_columns(palette))
    return box(frame, table(spec, ordered(snapshot.alerts, SORTS, view), view, space, palette), size, palette)


def _columns(palette: Palette) -> tuple[Column[AlertView], ...]:
    styles = {"critical": palette.error, "warning": palette.warning, "info": palette.accent}

    def severity(row: AlertView) -> Style:
        is_quiet = row.cleared_ns is not None or row.is_acknowledged
        return palette.muted if is_quiet else styles.get(row.severity, palette.text)

    def text(row: AlertView) -> Style:
        return palette.text if row.cleared_ns is None else palette.muted

    def count(row: AlertView) -> Cell:
        return Cell(f"×{row.count:,}" if row.count > 1 else "")

    def fate(row: AlertView) -> Cell:
        if row.cleared_ns is not None:
            return Cell("over")
        return Cell("seen" if row.is_acknowledged else "OPEN")

    return (
        Column("", 2, lambda row: GLYPHS.get(row.severity, Cell("?")), severity, is_number=False),
        Column("since", 8, lambda row: clock(row.since_ns), lambda _: palette.muted, priority=2, is_number=False),
        Column("alert", 18, lambda row: shown(row.text), text, is_number=False),
        Column("", 3, count, lambda _: palette.muted, priority=3),
        Column("", 4, fate, severity, priority=1, is_number=False),
    )
