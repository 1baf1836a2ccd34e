"""Alerts: what a person should know, open ones first; severity by glyph and word, never by colour alone."""

from collections.abc import Sequence

from rich.style import Style

from catui.console.panes.pane import Pane, walk
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.listing import Listing
from catui.console.render.number import clock, countdown
from catui.console.render.palette import Palette
from catui.console.render.table import Column
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort
from catui.snapshot import AlertView, Snapshot

NAME, NUMBER, TITLE = "alerts", 7, "Alerts"

GLYPHS = {"critical": Cell("!!"), "warning": Cell("!"), "info": Cell("i")}
RANK = {"critical": 0, "warning": 1, "info": 2}

SORTS: tuple[Sort[AlertView], ...] = (
    ("severity", lambda row: RANK.get(row.severity, 3)),
    ("time", lambda row: -row.since_ns),
)


def open_alerts(snapshot: Snapshot) -> int:
    """How many alerts are neither cleared nor acknowledged."""
    return sum(row.cleared_ns is None and not row.is_acknowledged for row in snapshot.alerts)


def label(snapshot: Snapshot) -> Cell:
    """The pane's name and how many alerts wait for somebody."""
    waiting = open_alerts(snapshot)
    return Cell(f"{TITLE} {waiting:,}!" if waiting else TITLE)


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table: severity, when, what, how often, and whether someone has seen it or it is over."""
    space = inner(size)
    note = LISTING.note(snapshot, view)
    frame = Frame(NUMBER, label(snapshot), note, is_focused=view.is_focused, tabs=view.tabs)
    if not snapshot.alerts:
        return box(frame, message(Cell("no alerts"), space, palette.muted), size, palette)
    return box(frame, LISTING.body(snapshot, view, space, palette), size, palette)


def _columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[AlertView]]:
    styles = {"critical": palette.error, "warning": palette.warning, "info": palette.accent}

    def severity(row: AlertView) -> Style:
        is_quiet = row.cleared_ns is not None or row.is_acknowledged
        return palette.muted if is_quiet else styles.get(row.severity, palette.text)

    def text(row: AlertView) -> Style:
        return palette.text if row.cleared_ns is None else palette.muted

    def count(row: AlertView) -> Cell:
        return Cell(f"×{row.count:,}" if row.count > 1 else "")

    def muted(row: AlertView) -> Cell:
        until = row.muted_until_ns
        return Cell("" if until is None else f"muted {countdown(until - snapshot.now_ns)}")

    def fate(row: AlertView) -> Cell:
        if row.cleared_ns is not None:
            return Cell("over")
        return Cell("seen" if row.is_acknowledged else "OPEN")

    return (
        Column(Cell(""), 2, lambda row: GLYPHS.get(row.severity, Cell("?")), severity, is_number=False),
        Column(Cell("since Z"), 8, lambda row: clock(row.since_ns), lambda _: palette.muted, 2, is_number=False),
        Column(Cell("alert"), 18, lambda row: shown(row.text), text, is_number=False, is_rest=True),
        Column(Cell(""), 3, count, lambda _: palette.muted, priority=3, is_marked=True),
        Column(Cell(""), 11, muted, lambda _: palette.muted, priority=4, is_number=False),
        Column(Cell(""), 4, fate, severity, priority=1, is_number=False, is_marked=True),
    )


LISTING = Listing(
    rows=lambda snapshot, _: snapshot.alerts,
    id=lambda row: row.id,
    words=lambda _, row: f"{row.severity} {row.id} {row.text}",
    columns=_columns,
    sorts=SORTS,
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(LISTING),), label, is_marked=True)
