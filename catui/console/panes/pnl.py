"""P&L: equity and drawdown over time, the numbers they are made of, and whose they are: by strategy and cause."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from rich.style import Style

from catui.console.panes.pane import Pane, walk
from catui.console.render.axis import round_values, time_row
from catui.console.render.box import Frame, box, inner, rule
from catui.console.render.braille import Span, dots_across, dots_down, line, row_of
from catui.console.render.line import Line, Piece, Row
from catui.console.render.listing import Listing
from catui.console.render.number import NOT_YET, decimal, money, percent
from catui.console.render.palette import Palette
from catui.console.render.plot import Marks, painted, with_values
from catui.console.render.table import Column, money_column
from catui.console.render.text import Cell, cells, fit, number, shown
from catui.console.render.view import PaneView, Size, Sort
from catui.snapshot import Snapshot, StrategyView

NAME, NUMBER, TITLE = "pnl", 0, "P&L"

LABELS = 9  # cells of the widest name of a number
SIDE_NEEDS = 62  # width from which the numbers stand beside the curve
CURVE_NEEDS = 3  # rows under which a curve says nothing
DRAWDOWN_NEEDS = 8  # rows from which the drawdown has a curve of its own
TABLE_NEEDS = 15  # rows from which the table of strategies has a place
PLOT_NEEDS = 12  # cells across that values at the left must leave

Figure = tuple[str, Cell, Style]
Points = Sequence[tuple[int, int]]  # ts_ns, money

SORTS: tuple[Sort[StrategyView], ...] = (
    ("name", lambda row: row.name),
    ("result", lambda row: row.pnl_money),
    ("fees", lambda row: row.fees_money),
)


def figures(snapshot: Snapshot, palette: Palette) -> tuple[Figure, ...]:
    """Name, text and style of each number. Realised is net of fees, fees are negative when paid."""
    digits = snapshot.money_digits
    realised = snapshot.realised_money - snapshot.fees_money
    peak = snapshot.equity_money + snapshot.drawdown_money
    drop = percent(-snapshot.drawdown_money, peak)
    return (
        ("P&L", money(snapshot.pnl_money, digits), palette.signed(snapshot.pnl_money)),
        ("real net", money(realised, digits), palette.signed(realised)),
        ("unreal", money(snapshot.unrealised_money, digits), palette.signed(snapshot.unrealised_money)),
        ("fees", money(-snapshot.fees_money, digits), palette.text),
        ("drawdown", money(-snapshot.drawdown_money, digits), palette.signed(-snapshot.drawdown_money)),
        ("deepest", money(-snapshot.max_drawdown_money, digits), palette.signed(-snapshot.max_drawdown_money)),
        ("of peak", drop if peak > 0 else NOT_YET, palette.text),
        ("equity", money(snapshot.equity_money, digits, signed=False), palette.text),
    )


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The curves with their numbers beside or below; with room, the strategies' table under them."""
    space = inner(size)
    note = LISTING.note(snapshot, view) or shown(snapshot.quote, 8)
    frame = Frame(NUMBER, Cell(TITLE), note, is_focused=view.is_focused, tabs=view.tabs)
    table = _table_rows(snapshot, space)
    body = _upper(snapshot, Size(space.width, space.height - table), palette)
    if table:
        below = LISTING.body(snapshot, view, Size(space.width, table - 1), palette)
        body = [*body, rule(Cell("by strategy"), space.width, palette), *below]
    return box(frame, body, size, palette)


def _table_rows(snapshot: Snapshot, space: Size) -> int:
    """Rows that the table of strategies has, its rule, heading and totals included; 0: it has no place."""
    if space.height < TABLE_NEEDS or not snapshot.strategies:
        return 0
    return min(len(snapshot.strategies) + 3, space.height // 2)


def _upper(snapshot: Snapshot, space: Size, palette: Palette) -> list[Row]:
    """Curves and numbers; in little space the numbers alone."""
    numbers = figures(snapshot, palette)
    if space.width >= SIDE_NEEDS and space.height >= CURVE_NEEDS + 1:
        body = _beside(snapshot, numbers, space, palette)
    else:
        below = _rows(numbers, space, palette)
        room = space.height - len(below)
        body = below if room < CURVE_NEEDS else [*_curves(snapshot, Size(space.width, room), palette), *below]
    return [*body, *[()] * (space.height - len(body))]


def _rows(numbers: Sequence[Figure], space: Size, palette: Palette) -> list[Row]:
    """The numbers in as many aligned columns as fit, over no more rows than leave a curve its own."""
    widest = max(cells(text) for _, text, _ in numbers) + LABELS + 3
    columns = max(space.width // widest, 1)
    needed = -(-len(numbers) // columns)
    most = needed if space.height <= needed + CURVE_NEEDS else space.height - CURVE_NEEDS - 1
    cell_width = space.width // columns
    rows: list[Row] = []
    for start in range(0, min(needed, max(most, 1)) * columns, columns):
        row: list[Piece] = []
        for name, text, style in numbers[start : start + columns]:
            row += [
                (fit(Cell(f" {name}"), min(LABELS + 1, cell_width)), palette.muted),
                (number(text, cell_width - LABELS - 2), style),
                (Cell(" "), palette.text),
            ]
        rows.append(row)
    return rows


def _beside(snapshot: Snapshot, numbers: Sequence[Figure], space: Size, palette: Palette) -> list[Row]:
    widest = max([13, *(cells(text) for _, text, _ in numbers)])
    chart = _curves(snapshot, Size(space.width - LABELS - widest - 3, space.height), palette)
    rows: list[Row] = []
    for index in range(space.height):
        left = list(chart[index]) if index < len(chart) else []
        if index < len(numbers):
            name, text, style = numbers[index]
            left += [
                (Cell("  " + name.ljust(LABELS)), palette.muted),
                (number(text, widest), style),
                (Cell(" "), palette.text),
            ]
        rows.append(left)
    return rows


def _curves(snapshot: Snapshot, size: Size, palette: Palette) -> list[Row]:
    """Equity, under it the drawdown where there is room, and the time that both span."""
    equity = [(point.ts_ns, point.equity_money) for point in snapshot.equity]
    if not equity:
        blank: Row = ((Cell(" " * size.width), palette.muted),)
        middle: Row = ((Cell("no equity yet".center(size.width)[: size.width]), palette.muted),)
        return [middle if row == size.height // 2 else blank for row in range(size.height)]
    height, digits = size.height - 1, snapshot.money_digits
    low_height = height // 3 if height >= DRAWDOWN_NEEDS else 0
    values = [value for _, value in equity]
    axis = max(cells(money(value, digits, signed=False)) for value in (min(values), max(values)))
    axis = axis if axis + 2 + PLOT_NEEDS <= size.width else 0
    width = size.width - (axis + 2 if axis else 0)
    style = palette.signed(values[-1] - values[0]) if values[-1] != values[0] else palette.accent
    rows = _curve("equity", equity, Size(width, height - low_height), axis, digits, style, palette)
    if low_height:
        falls = _drawdowns(equity)
        rows += _curve("drawdown", falls, Size(width, low_height), axis, digits, palette.down, palette)
    times = time_row(equity[0][0], equity[-1][0], width)
    return [*rows, ((Cell(" " * (size.width - width)), palette.text), (times, palette.muted))]


def _drawdowns(points: Points) -> list[tuple[int, int]]:
    """How far each point lies below the highest before it."""
    falls, peak = [], points[0][1]
    for ts_ns, value in points:
        peak = max(peak, value)
        falls.append((ts_ns, value - peak))
    return falls


def _curve(name: str, points: Points, size: Size, axis: int, digits: int, style: Style, palette: Palette) -> list[Row]:
    """One curve with its name in its first or last row, and round values at the left."""
    low, high = min(value for _, value in points), max(value for _, value in points)
    spans = spans_over(points, dots_across(size.width, palette.is_ascii))
    drawn = line(spans, low, high, size.width, size.height, palette.is_ascii)
    plot = painted(drawn, [style] * size.width, _name_marks(name, drawn, palette))
    if not axis:
        return list(plot)
    down = dots_down(size.height, palette.is_ascii)
    values = round_values(low, high, max(size.height // 2, 1))
    places = [row_of(value, low, high, down) * size.height // down for value in values]
    return with_values(plot, places, axis_money(values, digits), axis, palette)


def _name_marks(name: str, drawn: Sequence[Cell], palette: Palette) -> Marks:
    """The curve's name where its first or last row leaves room for it."""
    for y in (0, len(drawn) - 1):
        for x in (1, len(drawn[y]) - len(name) - 1):
            if x >= 0 and drawn[y][x : x + len(name)] == " " * len(name):
                return {(y, x + place): (letter, palette.muted) for place, letter in enumerate(name)}
    return {}


def axis_money(values: Sequence[int], digits: int) -> list[Cell]:
    """Whole units where all are whole."""
    unit = 10 ** min(max(digits, 0), 24)
    if any(value % unit for value in values):
        return [money(value, digits, signed=False) for value in values]
    return [decimal(value // unit, 0) for value in values]


def spans_over(points: Points, columns: int) -> list[Span | None]:
    """The most, the least and the last value in each column's share of the time; between two points the last stays."""
    first, last = points[0][0], points[-1][0]
    spans: list[Span | None] = []
    place, value = 0, points[0][1]
    for column in range(columns):
        until = first + (last - first) * (column + 1) // columns
        low = high = value
        while place < len(points) and (points[place][0] <= until or column == columns - 1):
            value = points[place][1]
            low, high = min(low, value), max(high, value)
            place += 1
        spans.append((high, low, value))
    return spans


def _columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[StrategyView]]:
    rows, digits = snapshot.strategies, snapshot.money_digits

    def column(title: str, of: Callable[[StrategyView], int]) -> Column[StrategyView]:
        return money_column(title, 9, rows, of, digits, palette)

    return (
        Column(Cell("strategy"), 9, lambda row: shown(row.name, 24), is_number=False, total=Cell("total")),
        column("real net", lambda row: row.realised_money - row.fees_money),
        column("unreal", lambda row: row.unrealised_money),
        column("fees", lambda row: -row.fees_money),
        column("p&l", lambda row: row.pnl_money),
    )


LISTING = Listing(
    rows=lambda snapshot, _: snapshot.strategies,
    id=lambda row: row.name,
    words=lambda _, row: row.name,
    columns=_columns,
    sorts=SORTS,
    has_total=True,
)


def _part(snapshot: Snapshot, _: PaneView, size: Size) -> Size:
    """The table's part of the pane, with a frame around it."""
    return Size(size.width, max(_table_rows(snapshot, inner(size)) - 1, 0) + 2)


_WALK = walk(LISTING, _part)


def _point(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> PaneView | None:
    """The strategy drawn at line `y`: the table is the last of the pane."""
    return _WALK.point(snapshot, view, size, y - size.height + _part(snapshot, view, size).height)


PANE = Pane(NAME, NUMBER, TITLE, render, (replace(_WALK, point=_point),), is_marked=True)
