"""Tables of one line a row: the columns that fit, numbers aligned on the point, totals pinned last."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from rich.style import Style

from catui.console.render.line import Piece, Row, restyled, width_of
from catui.console.render.number import money
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, fit, number
from catui.console.render.view import PaneView, Size, window_top

R = TypeVar("R")

MAX_GAP = 3


class Grid(Struct, frozen=True):
    """The columns that stay, by index, their widths, and the cells between them."""

    kept: tuple[int, ...]
    widths: tuple[int, ...]
    gap: int


class Column(Struct, Generic[R], frozen=True):
    """One column. `width` holds its usual content, so that it stands still; more only where a number needs it.

    The column with the highest `priority` goes first when space is short; 0 stays. A text is cut with an ellipsis,
    a number (`is_number`) never. `style` is the cell's style, plain text without; `total` is its cell in the last row.
    A text is wider where there is room, unless it `is_still`: then it has its place even where it says nothing. One
    that `is_rest` has all the cells that are left. One that `is_marked` shows for a frame that its cell has changed.
    """

    title: Cell
    width: int
    cell: Callable[[R], Cell]
    style: Callable[[R], Style] | None = None
    priority: int = 0
    is_number: bool = True
    total: Cell | None = None
    total_style: Style | None = None
    is_marked: bool = False
    is_rest: bool = False
    is_still: bool = False  # there and as wide as it says, whatever stands in it

    @property
    def grows(self) -> bool:
        """Whether it may take more than its width."""
        return not self.is_number and not self.is_still


def money_column(
    title: str,
    width: int,
    rows: Sequence[R],
    of: Callable[[R], int],
    digits: int,
    palette: Palette,
    priority: int = 0,
) -> Column[R]:
    """A column of signed money; its total is the exact sum over `rows`."""
    total = sum(of(row) for row in rows)
    return Column(
        Cell(title),
        width,
        lambda row: money(of(row), digits),
        lambda row: palette.signed(of(row)),
        priority,
        total=money(total, digits),
        total_style=palette.signed(total),
        is_marked=True,
    )


class Table(Struct, Generic[R], frozen=True):
    """A table's columns, and what stands under a row if there is room for all of it (`detail`, empty for none).

    `before` are the rows of the frame before, by `id`: a cell that differs is marked.
    """

    columns: Sequence[Column[R]]
    has_total: bool = False
    detail: Callable[[R], Cell] | None = None
    id: Callable[[R], str] | None = None
    before: Mapping[str, R] = {}


def table(spec: Table[R], rows: Sequence[R], view: PaneView, size: Size, palette: Palette) -> list[Row]:
    """The table as at most `size.height` rows of `size.width` cells, headings first, totals last.

    One cell at the left belongs to the cursor, `>`; the totals stay when rows do not fit.
    """
    if size.width <= 1 or size.height <= 0:
        return []
    slots = _slots(spec, rows, view, size.height)
    texts = [[column.cell(row) for column in spec.columns] for _, row in slots]
    grid = _fitting(spec.columns, texts, size.width - 1)
    cursor = min(max(view.cursor, 0), len(rows) - 1) if view.is_focused and not view.is_lost else -2
    lines: list[Row] = []
    if size.height > 1 + spec.has_total:
        lines.append(_heading(spec, grid, palette))
    for (index, row), text in zip(slots, texts, strict=True):
        if index < 0:
            lines.append(_detail(spec, row, size.width, palette))
            continue
        drawn = _drawn(spec, row, text, grid, palette)
        lines.append(_pointed(drawn, size.width, palette) if index == cursor else drawn)
    if spec.has_total:
        lines.append(_total(spec, grid, palette))
    return lines


def row_at_line(details: Sequence[bool], has_total: bool, view: PaneView, size: Size, y: int) -> int | None:
    """Which row stands at line `y` of a framed table of `size`, for clicks; `details` says which rows have one.

    None on the frame, the heading, the totals, and below the last row.
    """
    rows, height = len(details), size.height - 2
    room = _room(has_total, height)
    place = y - 1 - (1 if height > 1 + has_total else 0)
    if not 0 <= place < room:
        return None
    if rows + sum(details) <= room:
        order = [index for index in range(rows) for _ in range(1 + details[index])]
        return order[place] if place < len(order) else None
    index = window_top(view, rows, room) + place
    return index if index < rows else None


def table_top(rows: int, has_total: bool, view: PaneView, size: Size) -> int:
    """The first row that a framed table of `size` shows."""
    return window_top(view, rows, _room(has_total, size.height - 2))


def table_room(has_total: bool, size: Size) -> int:
    """How many rows a framed table of `size` has room for."""
    return _room(has_total, size.height - 2)


def _room(has_total: bool, height: int) -> int:
    return max(height - (1 if height > 1 + has_total else 0) - has_total, 0)


def _slots(spec: Table[R], rows: Sequence[R], view: PaneView, height: int) -> list[tuple[int, R]]:
    """What is shown, in order: (index, row), with index -1 for the detail of the row before."""
    room = _room(spec.has_total, height)
    if spec.detail is not None and len(rows) <= room:
        slots: list[tuple[int, R]] = []
        for index, row in enumerate(rows):
            slots.append((index, row))
            if spec.detail(row):
                slots.append((-1, row))
        if len(slots) <= room:
            return slots
    top = window_top(view, len(rows), room)
    return list(enumerate(rows[top : top + room], top))


def _needed(column: Column[R], texts: Sequence[Cell]) -> int:
    """The cells a column cannot do without: its width, its total, its longest number."""
    numbers = [cells(text) for text in texts] if column.is_number else []
    return max([column.width, cells(column.total or Cell("")), *numbers])


def _fitting(columns: Sequence[Column[R]], texts: Sequence[Sequence[Cell]], width: int) -> Grid:
    """Which columns stand where: none without a title that says nothing, the least important ones out first."""
    needs = [_needed(column, [row[index] for row in texts]) for index, column in enumerate(columns)]
    kept = [
        i for i, each in enumerate(columns) if each.title or each.total or each.is_still or any(r[i] for r in texts)
    ]
    while len(kept) > 1 and sum(needs[i] for i in kept) + len(kept) - 1 > width:
        last = max(kept, key=lambda i: (columns[i].priority, i))
        if not columns[last].priority:
            break
        kept.remove(last)
    widths = [needs[i] for i in kept]
    spare = width - sum(widths) - len(kept) + 1
    if spare < 0:
        return Grid(tuple(kept), tuple(_narrowed(widths, width)), 1)
    spare = max(spare - 1, 0)  # the frame is easier to look at from a cell away
    rest = next((place for place, index in enumerate(kept) if columns[index].is_rest), None)
    gap = 1 if rest is not None else 1 + min(spare // max(len(kept) - 1, 1), MAX_GAP - 1)
    spare -= (gap - 1) * (len(kept) - 1)
    for place, index in enumerate(kept):
        if columns[index].grows and place != rest:
            longest = max([widths[place], *(cells(row[index]) for row in texts)])
            grown = min(longest - widths[place], spare)
            widths[place] += grown
            spare -= grown
    if rest is not None:
        widths[rest] += spare
    return Grid(tuple(kept), tuple(widths), gap)


def _narrowed(widths: Sequence[int], width: int) -> list[int]:
    """The widths, the last ones shrunk to nothing, until all fit with their gaps."""
    kept = []
    for wanted in widths:
        given = max(min(wanted, width), 0)
        kept.append(given)
        width -= given + 1
    return kept


def _pointed(row: Sequence[Piece], width: int, palette: Palette) -> list[Piece]:
    """The row under the cursor: told by its mark and by its ground over the whole width."""
    pad = (Cell(" " * max(width - width_of(row), 0)), palette.text)
    return restyled([(Cell(">"), palette.accent), *row[1:], pad], palette.cursor)


def _detail(spec: Table[R], row: R, width: int, palette: Palette) -> Row:
    text = spec.detail(row) if spec.detail else Cell("")
    return ((fit(Cell("   " + text), width), palette.muted),)


def _heading(spec: Table[R], grid: Grid, palette: Palette) -> list[Piece]:
    titles = [(Cell(column.title), palette.muted) for column in spec.columns]
    return _joined(spec, titles, grid, palette)


def _drawn(spec: Table[R], row: R, texts: Sequence[Cell], grid: Grid, palette: Palette) -> list[Piece]:
    plain = palette.text
    before = spec.before.get(spec.id(row)) if spec.id is not None and spec.before else None
    parts = []
    for column, text in zip(spec.columns, texts, strict=True):
        style = column.style(row) if column.style else plain
        if before is not None and column.is_marked and column.cell(before) != text:
            style = style + palette.changed
        parts.append((text, style))
    return _joined(spec, parts, grid, palette)


def _total(spec: Table[R], grid: Grid, palette: Palette) -> list[Piece]:
    parts = [(column.total or Cell(""), column.total_style or palette.strong) for column in spec.columns]
    return _joined(spec, parts, grid, palette)


def _joined(spec: Table[R], parts: Sequence[Piece], grid: Grid, palette: Palette) -> list[Piece]:
    """The kept columns' parts at their widths, after the cell of the cursor."""
    row: list[Piece] = [(Cell(" "), palette.text)]
    gap = (Cell(" " * grid.gap), palette.text)
    for index, width in zip(grid.kept, grid.widths, strict=True):
        if width > 0:
            if len(row) > 1:
                row.append(gap)
            text, style = parts[index]
            row.append((number(text, width) if spec.columns[index].is_number else fit(text, width), style))
    return row
