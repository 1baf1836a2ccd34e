"""Lists that a cursor walks: which rows, in which order, under which columns; for the screen and for files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from catui.console.render.box import message
from catui.console.render.line import Row as DrawnRow
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, table
from catui.console.render.text import Cell
from catui.console.render.text import shown as plain
from catui.console.render.view import PaneView, Size, Sort, at_cursor, ordered
from catui.snapshot import Snapshot

R = TypeVar("R")


class Sheet(Struct, frozen=True):
    """A table in cells, all of its columns and rows, in the order on the screen; `is_number` by column."""

    titles: tuple[Cell, ...]
    is_number: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]


def never(_: object) -> bool:
    """No row stands before the others."""
    return False


class Listing(Struct, Generic[R], frozen=True):
    """A list as data.

    `rows` gives them in the desk's order, `id` names one for as long as it is there, `words` is what a filter looks in.
    A row of `is_first` stands before all others, however the list is sorted. `follows` "head" keeps a cursor on the
    newest row at the top, "tail" at the foot; else a cursor stays on its row. `detail` stands under a row if there is
    room for all of it.
    """

    rows: Callable[[Snapshot, PaneView], Sequence[R]]
    id: Callable[[R], str]
    words: Callable[[Snapshot, R], str]
    columns: Callable[[Snapshot, Palette], Sequence[Column[R]]]
    sorts: tuple[Sort[R], ...] = ()
    is_first: Callable[[R], bool] = never
    follows: Literal["", "head", "tail"] = ""
    detail: Callable[[Snapshot, R], Cell] | None = None
    has_total: bool = False

    def shown(self, snapshot: Snapshot, view: PaneView) -> Sequence[R]:
        """The rows that the filter leaves, sorted. Stable: equal rows keep the desk's order, so that no row jumps."""
        rows = self.rows(snapshot, view)
        if view.filter:
            rows = [row for row in rows if matches(self.words(snapshot, row), view.filter)]
        rows = ordered(rows, self.sorts, view)
        if view.is_focused and view.sort and view.held:
            place = {id: index for index, id in enumerate(view.held)}
            rows = sorted(rows, key=lambda row: place.get(self.id(row), len(place)))
        if self.is_first is not never:
            rows = sorted(rows, key=lambda row: not self.is_first(row))
        return rows

    def at(self, snapshot: Snapshot, view: PaneView) -> R | None:
        """The row under the cursor."""
        return None if view.is_lost else at_cursor(self.shown(snapshot, view), view)

    def body(self, snapshot: Snapshot, view: PaneView, space: Size, palette: Palette) -> list[DrawnRow]:
        """The table; see `table`. Where the filter leaves nothing, that is said."""
        detail, rows = self.detail, self.shown(snapshot, view)
        if view.filter and not rows:
            return message(Cell(f"no row holds {plain(view.filter)}"), space, palette.muted)
        spec: Table[R] = Table(
            self.columns(snapshot, palette),
            self.has_total,
            None if detail is None else lambda row: detail(snapshot, row),
            self.id,
            self._before(view),
        )
        return table(spec, rows, view, space, palette)

    def details(self, snapshot: Snapshot, view: PaneView) -> Sequence[bool]:
        """Whether there is something to stand under each row."""
        rows, detail = self.shown(snapshot, view), self.detail
        return [False] * len(rows) if detail is None else [bool(detail(snapshot, row)) for row in rows]

    def note(self, snapshot: Snapshot, view: PaneView) -> Cell:
        """What the filter looks for and how much it leaves, else by what the list is sorted; empty without either."""
        if not view.filter:
            is_sorted = 0 < view.sort <= len(self.sorts)
            turned = ", reversed" if view.is_reversed else ""
            return Cell(f"by {self.sorts[view.sort - 1][0]}{turned}" if is_sorted else "")
        return Cell(f"/{plain(view.filter)} {len(self.shown(snapshot, view))} of {len(self.rows(snapshot, view))}")

    def sheet(self, snapshot: Snapshot, view: PaneView, palette: Palette) -> Sheet:
        """Every column and row."""
        columns = self.columns(snapshot, palette)
        return Sheet(
            tuple(column.title for column in columns),
            tuple(column.is_number for column in columns),
            tuple(tuple(column.cell(row) for column in columns) for row in self.shown(snapshot, view)),
        )

    def _before(self, view: PaneView) -> Mapping[str, R]:
        """The rows of the frame before, by id."""
        return {} if view.before is None else {self.id(row): row for row in self.rows(view.before, view)}


def matches(text: str, words: str) -> bool:
    """Whether every typed word stands in a text, whatever its case.

    >>> matches("quoting BUY BTCUSDT", "btc buy"), matches("quoting", "qx")
    (True, False)
    """
    text = text.casefold()
    return all(word in text for word in words.casefold().split())
