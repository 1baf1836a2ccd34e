"""The one widget: a pane that draws its snapshot into lines and repaints those that changed."""

import logging

from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from catui.console.panes.pane import Pane, Walk
from catui.console.panes.waiting import waiting
from catui.console.render.box import CHOICE, TAB, Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.listing import Sheet
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import Snapshot

log = logging.getLogger(__name__)

WHEEL_ROWS = 3
FAULTS = 3  # failures in a row after which a pane is left off


class _Drawn(Struct, frozen=True):
    """What the lines were drawn from; `view` without the frame before."""

    snapshot: Snapshot | None
    before: Snapshot | None
    view: PaneView
    size: Size
    palette: Palette
    words: str

    def is_same(self, other: "_Drawn") -> bool:
        """Whether nothing changed; large values by identity, which is what changes them."""
        return (
            self.snapshot is other.snapshot
            and self.before is other.before
            and self.palette is other.palette
            and self.view == other.view
            and self.size == other.size
            and self.words == other.words
        )


class PaneWidget(Widget, inherit_bindings=False):
    """A pane on the screen: `view` is what a person did to it, `show` draws. It draws its own frame, in its own lines.

    The toolkit's style cache, borders and selection are not used: `render_lines` answers with ready lines.
    """

    DEFAULT_CSS = "PaneWidget { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False

    class Pointed(Message):
        """A pane was clicked, at this cell of it; `tab` is the place of the pane in its box that was meant."""

        def __init__(self, name: str, x: int, y: int, tab: int | None = None) -> None:
            super().__init__()
            self.pane_name = name
            self.x = x
            self.y = y
            self.tab = tab

    class Asked(Message):
        """A row was clicked twice: where does it come from?"""

    def __init__(self, pane: Pane, palette: Palette, awaited: str) -> None:
        super().__init__(id=f"pane-{pane.name}")
        self.pane = pane
        self.view = PaneView()
        self.lines: list[Line] = []
        self._palette = palette
        self._awaited = awaited
        self._snapshot: Snapshot | None = None
        self._before: Snapshot | None = None  # of the frame before
        self._held: Snapshot | None = None
        self._words = ""
        self._row: str | None = None  # what the cursor holds on to while rows come and go
        self._last = 0  # index of the last row when it was looked at
        self._drawn: _Drawn | None = None
        self._faults = 0
        self._error = ""

    def show(self, snapshot: Snapshot | None, palette: Palette, words: str = "") -> None:
        """Draw this; without a snapshot say `words`. Only lines that differ are painted again."""
        self._before = self._snapshot
        self._snapshot, self._palette, self._words = snapshot, palette, words
        self._draw()

    def row(self) -> str | None:
        """The id of the row under the cursor; None where there is none, or where it is gone."""
        return self.pane.row_id(self._snapshot, self.view) if self._snapshot is not None else None

    def rows(self) -> int:
        """How many rows the cursor can stand on."""
        return self.pane.rows(self._snapshot, self.view) if self._snapshot is not None else 0

    def sheet(self) -> tuple[Sheet | None, int | None]:
        """All of it in cells, and the row under the cursor."""
        make = self._walk().sheet
        if make is None or self._snapshot is None:
            return None, None
        return make(self._snapshot, self.view, self._palette)

    def move(self, rows: int) -> None:
        """Move the cursor so many rows down."""
        if self._snapshot is not None:
            self._place(self._walk().move(self._snapshot, self.view, self._cells(), rows))

    def jump(self, rows: int) -> None:
        """Move the cursor to the next match, or the previous one."""
        if self._snapshot is not None:
            self._place(self._walk().jump(self._snapshot, self.view, self._cells(), rows))

    def rearrange(self, **changes: object) -> None:
        """Sort, filter or turn the list; the cursor stays on its row, or goes to the first where that is not there.

        A cursor that follows the newest row goes to the newest of the rows that are left.
        """
        newest = self._newest()
        self.view = replace(self.view, held=(), **changes)
        if self._snapshot is not None:
            ids = self._walk().ids(self._snapshot, self.view)
            self._last = max(len(ids) - 1, 0)
            place = ids.index(self._row) if self._row in ids else 0
            place = {"head": 0, "tail": self._last}.get(newest, place)
            self._place(replace(self.view, cursor=place, is_lost=False))

    def turn_to(self, tab: int) -> None:
        """Show another list of the pane, from its first row."""
        self.view = replace(self.view, tab=tab, cursor=0, top=0, is_lost=False, sort=0, held=(), filter="")
        self._row = self.row()

    def revive(self) -> None:
        """Let a pane that was left off try again."""
        self._faults, self._drawn = 0, None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`, exactly."""
        self._draw()
        lines: list[Strip] = list(self.lines[crop.y : crop.bottom])
        if crop.x or crop.width != self.size.width:
            lines = [each.crop_extend(crop.x, crop.right, None) for each in lines]
        missing = crop.height - len(lines)
        return lines if not missing else [*lines, *[Line([Segment(" " * crop.width)], crop.width)] * missing]

    def on_resize(self) -> None:
        """Another size: all lines anew."""
        self._draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the cursor to the row, or show the list that is meant; the screen brings the focus.

        A click is never a command.
        """
        event.stop()
        meant = event.style.meta
        if CHOICE in meant:
            self.turn_to(meant[CHOICE])
        elif self._snapshot is not None:
            pointed = self._walk().point(self._snapshot, self.view, self._cells(), event.y)
            if pointed is not None:
                self._place(pointed)
        self.post_message(self.Pointed(self.pane.name, event.x, event.y, meant.get(TAB)))

    def on_click(self, event: events.Click) -> None:
        """Twice on a row asks about it."""
        event.stop()
        if event.chain == 2 and event.y > 0:
            self.post_message(self.Asked())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Later rows."""
        event.stop()
        self._scroll(WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Earlier rows."""
        event.stop()
        self._scroll(-WHEEL_ROWS)

    def _scroll(self, rows: int) -> None:
        if self.view.is_focused:
            self.move(rows)
        elif self._walk().is_list:
            top = min(max(self.view.top + rows, 0), max(self.rows() - 1, 0))
            self.view = replace(self.view, top=top)
        self._draw()

    def _place(self, view: PaneView) -> None:
        """The person has put the cursor here: it holds on to what is there."""
        self.view = view
        self._row = self.row()

    def _walk(self) -> Walk:
        return self.pane.walk(self.view)

    def _cells(self) -> Size:
        return Size(self.size.width, self.size.height)

    def _hold_row(self, snapshot: Snapshot) -> None:
        """The cursor stays on its row when rows come and go, and its row on its line.

        Where the row is gone, the cursor points at nothing until it is moved: what was meant for one row must not be
        done to the next. A cursor on the newest row of a tape stays on the newest.
        """
        if not self._walk().is_list:
            return
        ids, follows = self._walk().ids(snapshot, self.view), self._walk().follows
        view, held, last, newest = self.view, self._row, len(ids) - 1, self._newest()
        self._last = last
        if newest:
            self.view = replace(view, cursor=0 if follows == "head" else max(last, 0), is_lost=False)
        elif held in ids:
            place = ids.index(held)
            self.view = replace(view, cursor=place, top=max(view.top + place - view.cursor, 0), is_lost=False)
            return
        elif held is None or not view.is_focused:
            self.view = replace(view, cursor=min(max(view.cursor, 0), max(last, 0)), is_lost=False)
        else:
            self.view = replace(view, cursor=min(view.cursor, max(last, 0)), is_lost=True)
            return
        self._row = self.row()

    def _newest(self) -> str:
        """At which end the cursor is on the newest row, "head" or "tail"; empty where it stays on a row."""
        follows, cursor = self._walk().follows, self.view.cursor
        is_there = cursor == 0 if follows == "head" else cursor >= self._last
        return follows if is_there else ""

    def _hold_order(self, snapshot: Snapshot) -> None:
        """A sorted list keeps its order while the cursor is in it."""
        view = self.view
        if not (view.is_focused and view.sort):
            if view.held:
                self.view = replace(view, held=())
        elif not view.held:
            self.view = replace(view, held=tuple(self._walk().ids(snapshot, view)))

    def _draw(self) -> None:
        size = self._cells()
        if not size.width or not size.height:
            return
        before = self._before if self.pane.is_marked and self._before is not self._snapshot else None
        drawn = _Drawn(self._snapshot, before, self.view, size, self._palette, self._words)
        if self._drawn is not None and self._drawn.is_same(drawn):
            return
        lines = self._rendered(size, before)
        self._drawn = replace(drawn, view=self.view)
        self._repaint(lines)

    def _settle(self, snapshot: Snapshot, size: Size) -> None:
        """Move what moves with the desk: the cursor with its row, the ladder with the market."""
        self._hold_order(snapshot)
        if snapshot is not self._held:
            self._held = snapshot
            self._hold_row(snapshot)
        self.view = self._walk().follow(snapshot, self.view, size)

    def _rendered(self, size: Size, before: Snapshot | None) -> list[Line]:
        """The pane's lines; a pane that fails says so, and after three times in a row is left alone."""
        if self._snapshot is None:
            return waiting(self.pane, self._words, self._awaited, self.view, size, self._palette)
        if self._faults < FAULTS:
            try:
                self._settle(self._snapshot, size)
                view = self.view if before is None else replace(self.view, before=before)
                lines = self.pane.render(self._snapshot, view, size, self._palette)
            except Exception as error:  # whatever a pane does, the other panes and the keys must go on
                self._faults += 1
                self._error = f"{type(error).__name__}: {error}"
                log.exception("pane %s", self.pane.name)
            else:
                self._faults = 0
                return lines
        style = self._palette.error
        frame = Frame(self.pane.number, Cell(self.pane.title), Cell("ERROR, see log"), style, tabs=self.view.tabs)
        off = "left off; ctrl+l tries again" if self._faults >= FAULTS else "tries again"
        said = message(shown(f"{off}: {self._error}", 200), inner(size), style)
        return box(frame, said, size, self._palette)

    def _repaint(self, lines: list[Line]) -> None:
        old = self.lines
        if len(old) != len(lines) or not old or old[0].cell_length != lines[0].cell_length:
            self.lines = lines
            self.refresh()
            return
        changed = [y for y, each in enumerate(lines) if each != old[y]]
        for y in changed:
            old[y] = lines[y]
        if changed:
            width = lines[0].cell_length
            self.refresh(*[Region(0, y, width, 1) for y in changed])
