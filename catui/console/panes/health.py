"""Health: the feeds, how fast the desk decides, and whether its journal keeps up."""

from collections.abc import Sequence

from rich.style import Style

from catui.console.render.box import Frame, box, inner
from catui.console.render.flow import Item, flow
from catui.console.render.line import Line, Piece, Row
from catui.console.render.number import NOT_YET, age, decimal, ratio
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, row_at_line, table
from catui.console.render.text import Cell, plain, shown
from catui.console.render.view import PaneView, Size, at_cursor
from catui.snapshot import FeedView, HealthView, Snapshot

TITLE = "Health"
NUMBER = 8


def rows(snapshot: Snapshot) -> int:
    """How many feeds there are."""
    return len(snapshot.feeds)


def row_id(snapshot: Snapshot, view: PaneView) -> str | None:
    """The feed's name under the cursor."""
    row = at_cursor(snapshot.feeds, view)
    return row.name if row else None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """The feed drawn at line `y`; the desk's own lines stand below."""
    table_size = Size(size.width, _room(snapshot, inner(size)) + 2)
    return row_at_line([False] * rows(snapshot), False, view, table_size, y)


def _room(snapshot: Snapshot, space: Size) -> int:
    """Rows for the feeds: what the desk's own lines leave, but never under two."""
    return max(space.height - len(_own_rows(snapshot)), min(space.height, 2))


def microseconds(value: float | None) -> Cell:
    """A latency in the unit that reads best.

    >>> microseconds(12.4), microseconds(1400.0), microseconds(None)
    ('12us', '1.4ms', '--')
    """
    if value is None or not 0 <= value < 1e15:
        return NOT_YET
    if value < 1000:
        return Cell(f"{value:.0f}us")
    return Cell(f"{value / 1000:,.1f}ms")


def feed_style(state: str, palette: Palette) -> Style:
    """How a feed's state looks."""
    return {"LIVE": palette.success, "DOWN": palette.error}.get(state, palette.warning)


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """Feeds as a table, then the engine's own measures. Nothing measured is `--`."""
    space, own = inner(size), _own_rows(snapshot)
    frame = Frame(NUMBER, Cell(TITLE), plain_source(snapshot), is_focused=view.is_focused)
    room = _room(snapshot, space)
    body: list[Row]
    if snapshot.feeds:
        body = table(Table(_columns(palette)), snapshot.feeds, view, Size(space.width, room), palette)
    else:
        body = [((plain(" no feeds", space.width), palette.muted),)] if room else []
    body = [*body, *[()] * (room - len(body))]
    return box(frame, [*body, *(_row(parts, space.width, palette) for parts in own)], size, palette)


def plain_source(snapshot: Snapshot) -> Cell:
    """Where the data comes from."""
    return shown(snapshot.source, 32)


Part = tuple[str, Cell]


def _own_rows(snapshot: Snapshot) -> list[Sequence[Part]]:
    health: HealthView = snapshot.health
    commit = NOT_YET if health.journal_commit_ms is None else Cell(f"{ratio(health.journal_commit_ms, 1, False)}ms")
    parts: list[Sequence[Part]] = [
        (("decide p50", microseconds(health.latency_p50_us)), ("p99", microseconds(health.latency_p99_us))),
        (("events/s", ratio(health.events_per_s, 0, signed=False)), ("queue", decimal(health.queue, 0))),
        (("journal", shown(health.journal, 40)), ("commit", commit)),
        (("seq", decimal(snapshot.seq, 0)), ("run", shown(snapshot.run, 24))),
    ]
    if snapshot.ended:
        parts.append((("ended", shown(snapshot.ended, 60)),))
    return parts


def _row(parts: Sequence[Part], width: int, palette: Palette) -> Row:
    items: list[Item] = []
    for priority, (name, text) in enumerate(parts):
        pieces: tuple[Piece, ...] = ((Cell(f" {name} "), palette.muted), (text, palette.text))
        if name == "journal" and text != "ok":
            pieces = (pieces[0], (text, palette.error))
        items.append(Item(pieces, priority))
    return flow(items, width, palette, gap=1)


def _columns(palette: Palette) -> tuple[Column[FeedView], ...]:
    def state(row: FeedView) -> Style:
        return feed_style(row.state, palette)

    return (
        Column("feed", 7, lambda row: shown(row.name, 24), is_number=False),
        Column("state", 7, lambda row: shown(row.state, 10), state, is_number=False),
        Column("age", 4, lambda row: age(row.age_ns)),
        Column("gaps", 4, lambda row: decimal(row.gaps, 0), priority=1),
        Column("detail", 8, lambda row: shown(row.detail, 80), lambda _: palette.muted, priority=2, is_number=False),
    )
