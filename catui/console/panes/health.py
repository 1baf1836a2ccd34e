"""Health: the feeds, how fast the desk decides, and whether its journal keeps up."""

from collections.abc import Sequence
from itertools import zip_longest

from rich.style import Style

from catui.console.panes.pane import Pane, walk
from catui.console.render.box import Frame, box, inner
from catui.console.render.flow import Item, flow
from catui.console.render.line import Line, Piece, Row
from catui.console.render.listing import Listing
from catui.console.render.number import NOT_YET, age, decimal, ratio
from catui.console.render.palette import Palette
from catui.console.render.table import Column
from catui.console.render.text import Cell, plain, shown
from catui.console.render.view import FrameTimes, PaneView, Size
from catui.snapshot import FeedView, HealthView, Snapshot

NAME, NUMBER, TITLE = "health", 8, "Health"
PAIRED = 76  # cells from which two of the desk's own rows share a line


def _part(snapshot: Snapshot, _: PaneView, size: Size) -> Size:
    """The feeds' part of the pane; the desk's own lines stand below."""
    return Size(size.width, _room(snapshot, inner(size)) + 2)


def _room(snapshot: Snapshot, space: Size) -> int:
    """Rows for the feeds: what the desk's own lines leave, but never under two."""
    return max(space.height - len(_own_lines(snapshot, None, space.width)), min(space.height, 2))


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
    space = inner(size)
    own = _own_lines(snapshot, view.frames, space.width)
    note = LISTING.note(snapshot, view) or shown(snapshot.source, 32)
    frame = Frame(NUMBER, Cell(TITLE), note, is_focused=view.is_focused, tabs=view.tabs)
    room = _room(snapshot, space)
    body: list[Row]
    if snapshot.feeds:
        body = LISTING.body(snapshot, view, Size(space.width, room), palette)
    else:
        body = [((plain(" no feeds", space.width), palette.muted),)] if room else []
    body = [*body, *[()] * (room - len(body))]
    return box(frame, [*body, *(_row(parts, space.width, palette) for parts in own)], size, palette)


Part = tuple[str, Cell]


def _own_lines(snapshot: Snapshot, frames: FrameTimes | None, width: int) -> list[Sequence[Part]]:
    """The desk's own rows as they are drawn: by two where a line is wide enough, whatever they say."""
    rows = _own_rows(snapshot, frames)
    if width < PAIRED:
        return rows
    return [[*row, *after] for row, after in zip_longest(rows[::2], rows[1::2], fillvalue=())]


def _own_rows(snapshot: Snapshot, frames: FrameTimes | None) -> list[Sequence[Part]]:
    """What the engine measures of itself, then what this console does; nothing measured is `--`."""
    health: HealthView = snapshot.health
    commit = NOT_YET if health.journal_commit_ms is None else microseconds(health.journal_commit_ms * 1000)
    draw, longest = (None, None) if frames is None else (frames.median_ms * 1000, frames.longest_ms * 1000)
    parts: list[Sequence[Part]] = [
        (
            ("decide p50", microseconds(health.latency_p50_us)),
            ("p99", microseconds(health.latency_p99_us)),
            ("max", microseconds(health.latency_max_us)),
        ),
        (
            ("send p50", microseconds(health.sent_p50_us)),
            ("p99", microseconds(health.sent_p99_us)),
            ("max", microseconds(health.sent_max_us)),
        ),
        (
            ("events/s", ratio(health.events_per_s, 0, signed=False)),
            ("queue", NOT_YET if health.queue is None else decimal(health.queue, 0)),
            ("lag", microseconds(health.lag_us)),
        ),
        (("journal", shown(health.journal, 40)), ("commit", commit), ("memory", memory(health.rss_bytes))),
        (
            ("draw", microseconds(draw)),
            ("longest", microseconds(longest)),
            ("dropped", NOT_YET if frames is None else decimal(frames.dropped, 0)),
        ),
        (("clock ahead", clock_ahead(health.clock_us)),),
        (("seq", decimal(snapshot.seq, 0)), ("run", shown(snapshot.run, 24))),
    ]
    if snapshot.ended:
        parts.append((("ended", shown(snapshot.ended, 60)),))
    return parts


def clock_ahead(value: float | None) -> Cell:
    """By how much our clock is ahead of the venue's, at most; below 0 it is behind by that much at least.

    >>> clock_ahead(812.0), clock_ahead(-12_400.0), clock_ahead(None)
    ('0.8ms at most', '-12.4ms at most', '--')
    """
    if value is None or not abs(value) < 1e15:
        return NOT_YET
    return Cell(f"{value / 1000:,.1f}ms at most")


def memory(count: int | None) -> Cell:
    """Bytes in MB.

    >>> memory(61_345_792), memory(None)
    ('61MB', '--')
    """
    return NOT_YET if count is None else Cell(f"{count // 1_000_000:,}MB")


def _row(parts: Sequence[Part], width: int, palette: Palette) -> Row:
    items: list[Item] = []
    for priority, (name, text) in enumerate(parts):
        pieces: tuple[Piece, ...] = ((Cell(f" {name} "), palette.muted), (text, palette.text))
        if name == "journal" and text != "ok":
            pieces = (pieces[0], (text, palette.error))
        items.append(Item(pieces, priority))
    return flow(items, width, palette, gap=1)


def _columns(_: Snapshot, palette: Palette) -> Sequence[Column[FeedView]]:
    def state(row: FeedView) -> Style:
        return feed_style(row.state, palette)

    def detail(row: FeedView) -> Cell:
        return shown(row.detail, 80)

    return (
        Column(Cell("feed"), 7, lambda row: shown(row.name, 24), is_number=False),
        Column(Cell("state"), 7, lambda row: shown(row.state, 10), state, is_number=False, is_marked=True),
        Column(Cell("age"), 4, lambda row: age(row.age_ns)),
        Column(Cell("gaps"), 4, lambda row: decimal(row.gaps, 0), priority=1, is_marked=True),
        Column(Cell("detail"), 8, detail, lambda _: palette.muted, priority=2, is_number=False, is_rest=True),
    )


LISTING = Listing(
    rows=lambda snapshot, _: snapshot.feeds,
    id=lambda row: row.name,
    words=lambda _, row: f"{row.name} {row.state} {row.detail}",
    columns=_columns,
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(LISTING, _part),), is_marked=True)
