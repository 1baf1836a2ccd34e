"""Timeline: how much happened when, the marks under it, and where the panes stand; a click goes there."""

from collections.abc import Iterator

from rich.style import Style

from catui.console.panes.pane import Pane
from catui.console.render.flow import Item, flow
from catui.console.render.line import Line, Piece, line
from catui.console.render.number import clock
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, fit, shown
from catui.console.render.view import PaneView, PastView, Size
from catui.runtime.marks import Kind
from catui.snapshot import Snapshot

NAME, NUMBER, TITLE = "timeline", 0, "Timeline"

LABEL = 10  # cells at either end, one of them blank
LABELS_NEED = 50  # cells under which the ends have no labels
HEIGHTS = " ▁▂▃▄▅▆▇█"
ASCII_HEIGHTS = " .,:-=+*#"
LETTERS = {Kind.ALERT: "!", Kind.FILL: "f", Kind.ORDER: "o", Kind.COMMAND: "c", Kind.BOOKMARK: "b"}


def render(_: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """Density; marks; then what stands at this event, and what the seeker is doing."""
    past = view.past
    ground = palette.text + palette.bar
    blank = line([], size.width, palette, ground)
    rows: list[list[Piece]] = [] if past is None else [_density(past, size, palette), _marks(past, size, palette)]
    if past is not None and size.height > len(rows):
        rows.append(_words(past, size.width, palette))
    lines = [line([(cell, style + palette.bar) for cell, style in row], size.width, palette, ground) for row in rows]
    return [*lines, *[blank] * size.height][: size.height]


def cells(width: int) -> int:
    """In how many parts a timeline of this width shows its range."""
    return max(width - 2 * _label(width), 1)


def time_at(view: PaneView, width: int, x: int) -> int | None:
    """The end of the part under cell `x`: going there shows all that it holds. None beside the parts."""
    past, place = view.past, x - _label(width)
    if past is None or not past.counts or not 0 <= place < len(past.counts):
        return None
    return past.from_ns + (place + 1) * (past.until_ns - past.from_ns) // len(past.counts)


def _label(width: int) -> int:
    return LABEL if width >= LABELS_NEED else 0


def _here(past: PastView) -> int | None:
    """The part in which the moment stands: the left one of two on their border."""
    if not past.counts or past.until_ns <= past.from_ns:
        return None
    span_ns = past.until_ns - past.from_ns
    place = -(-(past.ts_ns - past.from_ns) * len(past.counts) // span_ns) - 1
    return min(max(place, 0), len(past.counts) - 1)


def _density(past: PastView, size: Size, palette: Palette) -> list[Piece]:
    heights = ASCII_HEIGHTS if palette.is_ascii else HEIGHTS
    most, here = max(past.counts, default=0), _here(past)
    bars = [heights[-(-count * 8 // most)] if count > 0 else " " for count in past.counts]
    pieces: list[Piece] = [
        (Cell("|"), palette.past) if place == here else (Cell(bar), palette.accent) for place, bar in enumerate(bars)
    ]
    return _between(clock(past.from_ns), pieces, Cell(f"{clock(past.until_ns)}Z"), size.width, palette)


def _marks(past: PastView, size: Size, palette: Palette) -> list[Piece]:
    here = _here(past)
    pieces: list[Piece] = []
    for place, kind in enumerate(past.kinds):
        letter, style = _letter(kind, palette)
        if place == here:
            letter, style = letter if kind else Cell("^"), palette.past
        pieces.append((letter, style))
    speed = Cell(f"{'play ' if past.is_playing else ''}{shown(past.speed, 6)}")
    return _between(shown(past.kind, LABEL - 1), pieces, speed, size.width, palette)


def _letter(kind: int, palette: Palette) -> Piece:
    styles: dict[int, Style] = {
        Kind.ALERT: palette.error,
        Kind.FILL: palette.own,
        Kind.ORDER: palette.text,
        Kind.COMMAND: palette.strong,
        Kind.BOOKMARK: palette.warning,
    }
    known = {int(each): letter for each, letter in LETTERS.items()}
    return Cell(known.get(kind, " ")), styles.get(kind, palette.muted)


def _between(left: Cell, middle: list[Piece], right: Cell, width: int, palette: Palette) -> list[Piece]:
    if not _label(width):
        return middle
    ends = (fit(left, LABEL - 1), palette.muted), (fit(right, LABEL - 1, ">"), palette.muted)
    pad = width - 2 * LABEL - len(middle)
    space = (Cell(" "), palette.text)
    return [ends[0], space, *middle, (Cell(" " * max(pad, 0)), palette.text), space, ends[1]]


def _words(past: PastView, width: int, palette: Palette) -> list[Piece]:
    """The marks of this event, the weightiest first; at the right what the seeker says."""
    items = [Item((piece,), priority) for priority, piece in enumerate(_told(past, width, palette), 2)]
    if past.word:
        style = palette.warning if past.is_warning else palette.muted
        items.append(Item(((shown(past.word, max(width // 2, 1)), style),), 1, is_right=True))
    return flow(items, width, palette) if items else []


def _told(past: PastView, width: int, palette: Palette) -> Iterator[Piece]:
    for kind, text in sorted(past.here, key=lambda mark: -mark[0]):
        letter, style = _letter(kind, palette)
        yield Cell(f" {letter} {shown(text, max(width - 4, 1))}"), style
    if not past.here:
        yield Cell(" no mark here"), palette.muted


PANE = Pane(NAME, NUMBER, TITLE, render)
