"""What a person did to a pane: where the cursor stands, what is sorted, how the ladder is grouped."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from msgspec import Struct

from catui.snapshot import Snapshot

Row = TypeVar("Row")
Sort = tuple[str, Callable[[Row], int | str | float]]

EMERGENCY = (("F6", "REDUCE"), ("F7", "CANCEL"), ("F8", "HALT"), ("F9", "KILL"))


class Size(Struct, frozen=True):
    """Cells across and down."""

    width: int
    height: int


class PastView(Struct, frozen=True):
    """Where in the past the panes stand, and what goes on meanwhile: for the header and the timeline.

    `counts` and `kinds` are events and weightiest marks in equal parts of `from_ns` to `until_ns`; kinds are numbers as
    marks have them, 0 for none. `here` are the marks of this very event. `kind` and `speed` are what the keys for marks
    and for playing go by. The live fields are None where there is no engine.
    """

    seq: int
    ts_ns: int
    last_seq: int
    last_ns: int
    live_pnl_money: int | None = None
    live_digits: int = 2
    live_state: str = ""
    live_alerts: int = 0
    from_ns: int = 0
    until_ns: int = 0
    counts: tuple[int, ...] = ()
    kinds: tuple[int, ...] = ()
    here: tuple[tuple[int, str], ...] = ()
    kind: str = "all"
    speed: str = "x1"
    is_playing: bool = False
    word: str = ""
    is_warning: bool = False


class LogLine(NamedTuple):
    """A line of the log, harmless already. `id` names it."""

    id: str
    ts_ns: int
    level: str  # info, warning, error
    topic: str
    text: str


class FrameTimes(NamedTuple):
    """What drawing costs this console: of the last frames the median and the longest, and ticks of its clock missed."""

    median_ms: float
    longest_ms: float
    dropped: int


class PaneView(Struct, frozen=True):
    """The state of one pane that is the console's own. A pane is a function of it and the snapshot.

    Lists: `cursor` is the index of a row, `top` the first row shown; `is_lost` when the row under the cursor is gone
    and the cursor points at nothing. `sort` 0 keeps the desk's order, n > 0 is the n-th of the list's sorts; `held` are
    the ids of the rows in the order that stays while the cursor is among them. `filter` keeps the rows that hold its
    words; `tab` is which list of the pane is shown.

    The ladder keeps `centre_ticks` and `auto_ticks` still (`book.follow`); `group_ticks` above 0 is a person's choice,
    `cursor_ticks` the price under the cursor. The chart has `is_candles`, and `scale_s` above 0 by a person's choice.

    `log` are the lines of the log pane, `frames` what the health pane says of drawing; None: not measured.

    `before` is the snapshot of the frame before: what differs from it is marked. `tabs` are the panes that share the
    box: number, label, whether it is this one. The header and the footer show `message`; the footer the `keys` and the
    `emergency` row; the header says `is_read_only`. In the past the header and the timeline have `past`.
    """

    top: int = 0
    cursor: int = 0
    is_lost: bool = False
    is_focused: bool = False
    sort: int = 0
    is_reversed: bool = False
    held: tuple[str, ...] = ()
    filter: str = ""
    tab: int = 0
    centre_ticks: int | None = None
    auto_ticks: int = 0
    group_ticks: int = 0
    cursor_ticks: int | None = None
    scale_s: int = 0
    is_candles: bool = False
    before: Snapshot | None = None
    log: tuple[LogLine, ...] = ()
    frames: FrameTimes | None = None
    tabs: tuple[tuple[int, str, bool], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    emergency: tuple[tuple[str, str], ...] = EMERGENCY
    message: str = ""
    is_warning: bool = False
    is_read_only: bool = False
    past: PastView | None = None


def ordered(rows: Sequence[Row], sorts: Sequence[Sort[Row]], view: PaneView) -> Sequence[Row]:
    """The rows as the view sorts them. Stable: equal rows keep the desk's order, so that no row jumps."""
    if not 0 < view.sort <= len(sorts):
        return rows
    return sorted(rows, key=sorts[view.sort - 1][1], reverse=view.is_reversed)


def at_cursor(rows: Sequence[Row], view: PaneView) -> Row | None:
    """The row under the cursor, which is held inside the list; None when the list is empty."""
    return rows[min(max(view.cursor, 0), len(rows) - 1)] if rows else None


def window_top(view: PaneView, rows: int, height: int) -> int:
    """The first of `height` rows to show: `view.top`, moved so that no space is wasted and a focused cursor is seen."""
    top = view.top
    if view.is_focused:
        cursor = min(max(view.cursor, 0), rows - 1)
        top = min(max(top, cursor - height + 1), cursor)
    return max(0, min(top, rows - height))
