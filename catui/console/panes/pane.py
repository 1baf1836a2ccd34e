"""What every pane offers the screen: a name, a key, and pure functions of the snapshot."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from catui.console.render.line import Line
from catui.console.render.listing import Listing, Sheet
from catui.console.render.palette import Palette
from catui.console.render.table import row_at_line, table_top
from catui.console.render.text import Cell
from catui.console.render.view import PaneView, Size
from catui.snapshot import Snapshot

R = TypeVar("R")

Render = Callable[[Snapshot, PaneView, Size, Palette], list[Line]]
Part = Callable[[Snapshot, PaneView, Size], Size]


Point = Callable[[Snapshot, PaneView, Size, int], PaneView | None]
Move = Callable[[Snapshot, PaneView, Size, int], PaneView]
Ids = Callable[[Snapshot, PaneView], Sequence[str]]
MakeSheet = Callable[[Snapshot, PaneView, Palette], tuple[Sheet, int | None]]


class Walk(Struct, frozen=True):
    """What a cursor walks.

    `ids` names what it can point at, in order; `point` is the view after a click on line y of the pane, None where
    there is nothing; `move` goes so many rows down; `jump` to the next or the previous match. `follow` moves the view
    with the desk; `follows`, see `Listing`. `sorts` are the names of the orders that `PaneView.sort` 1, 2, ... choose.
    `sheet` is all of it in cells, with the row under the cursor, for files and the clipboard. `is_list`: the cursor is
    an index into `ids`.
    """

    ids: Ids
    point: Point
    follow: Callable[[Snapshot, PaneView, Size], PaneView]
    move: Move
    jump: Move
    follows: Literal["", "head", "tail"] = ""
    sorts: tuple[str, ...] = ()
    sheet: MakeSheet | None = None
    is_list: bool = False


def walk(listing: Listing[R], part: Part | None = None) -> Walk:
    """The walk of a list; `part` is how much of the pane its table has, where that is not all of it."""

    def ids(snapshot: Snapshot, view: PaneView) -> Sequence[str]:
        return [listing.id(row) for row in listing.shown(snapshot, view)]

    def point(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> PaneView | None:
        size = size if part is None else part(snapshot, view, size)
        row = row_at_line(listing.details(snapshot, view), listing.has_total, view, size, y)
        return None if row is None else replace(view, cursor=row, is_lost=False)

    def follow(snapshot: Snapshot, view: PaneView, size: Size) -> PaneView:
        size = size if part is None else part(snapshot, view, size)
        top = table_top(len(listing.shown(snapshot, view)), listing.has_total, view, size)
        return view if top == view.top else replace(view, top=top)

    def sheet(snapshot: Snapshot, view: PaneView, palette: Palette) -> tuple[Sheet, int | None]:
        made = listing.sheet(snapshot, view, palette)
        is_here = bool(made.rows) and not view.is_lost
        return made, min(max(view.cursor, 0), len(made.rows) - 1) if is_here else None

    sorts = tuple(sort for sort, _ in listing.sorts)
    return list_walk(ids, point, follow, listing.follows, sorts, sheet)


def list_walk(
    ids: Ids,
    point: Point,
    follow: Callable[[Snapshot, PaneView, Size], PaneView],
    follows: Literal["", "head", "tail"] = "",
    sorts: tuple[str, ...] = (),
    sheet: MakeSheet | None = None,
) -> Walk:
    """The walk of rows by index: moves end at the first and the last one, jumps go round."""

    def move(snapshot: Snapshot, view: PaneView, _: Size, rows: int) -> PaneView:
        last = max(len(ids(snapshot, view)) - 1, 0)
        return replace(view, cursor=min(max(view.cursor + rows, 0), last), is_lost=False)

    def jump(snapshot: Snapshot, view: PaneView, _: Size, rows: int) -> PaneView:
        count = max(len(ids(snapshot, view)), 1)
        return replace(view, cursor=(view.cursor + rows) % count, is_lost=False)

    return Walk(ids, point, follow, move, jump, follows, sorts, sheet, is_list=True)


def nowhere(_: Snapshot, __: PaneView, ___: Size, ____: int) -> PaneView | None:
    """A click on nothing."""
    return None


def still(_: Snapshot, view: PaneView, __: Size) -> PaneView:
    """Nothing moves by itself."""
    return view


NOTHING = list_walk(lambda _, __: (), nowhere, still)


class Pane(Struct, frozen=True):
    """A pane as data.

    `render` gives exactly `size.height` lines of `size.width` cells for every snapshot. `number` is the key that
    focuses it; 0: none. `walks` are its lists, one a tab (`PaneView.tab`). `label` is its name with what must be seen
    of it while another pane covers it. A pane that `is_marked` shows for a frame what has changed.
    """

    name: str
    number: int
    title: str
    render: Render
    walks: tuple[Walk, ...] = ()
    label: Callable[[Snapshot], Cell] | None = None
    is_marked: bool = False

    def walk(self, view: PaneView) -> Walk:
        """The list that is shown."""
        return self.walks[min(max(view.tab, 0), len(self.walks) - 1)] if self.walks else NOTHING

    def rows(self, snapshot: Snapshot, view: PaneView) -> int:
        """How many rows the cursor can stand on."""
        return len(self.walk(view).ids(snapshot, view))

    def row_id(self, snapshot: Snapshot, view: PaneView) -> str | None:
        """The id of the row under the cursor, which is held inside the list; None where it points at nothing."""
        if view.is_lost:
            return None
        ids = self.walk(view).ids(snapshot, view)
        return ids[min(max(view.cursor, 0), len(ids) - 1)] if ids else None
