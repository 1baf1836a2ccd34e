"""P&L: the equity curve, and the numbers it is made of."""

from collections.abc import Sequence

from rich.style import Style

from catui.console.render.box import Frame, box, inner
from catui.console.render.braille import curve
from catui.console.render.line import Line, Piece, Row
from catui.console.render.number import NOT_YET, clock, money, percent
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, fit, number, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import EquityPoint, Snapshot

TITLE = "P&L"
NUMBER = 3

LABELS = 9  # cells of the widest name of a number
SIDE_NEEDS = 62  # width from which the numbers stand beside the curve
CURVE_NEEDS = 3  # rows under which a curve says nothing

Figure = tuple[str, Cell, Style]


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
    """The curve with its numbers beside or below it; in little space the numbers alone."""
    space = inner(size)
    equity = money(snapshot.equity_money, snapshot.money_digits, signed=False)
    note = Cell(f"equity {equity} {shown(snapshot.quote, 8)}")
    frame = Frame(NUMBER, Cell(TITLE), note, is_focused=view.is_focused)
    numbers = figures(snapshot, palette)
    if space.width >= SIDE_NEEDS and space.height >= CURVE_NEEDS + 1:
        return box(frame, _beside(snapshot, numbers, space, palette), size, palette)
    below = _rows(numbers[:-1], space, palette)  # equity stands in the title
    room = space.height - len(below)
    if room < CURVE_NEEDS:
        return box(frame, below, size, palette)
    return box(frame, [*_chart(snapshot, Size(space.width, room), palette), *below], size, palette)


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
    chart = _chart(snapshot, Size(space.width - LABELS - widest - 3, space.height), palette)
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


def _chart(snapshot: Snapshot, size: Size, palette: Palette) -> list[Row]:
    """Curve, axis labels at the left, the time it spans below."""
    points, digits = snapshot.equity, snapshot.money_digits
    values = [point.equity_money for point in points]
    if not values:
        blank: Row = ((Cell(" " * size.width), palette.muted),)
        middle: Row = ((Cell("no equity yet".center(size.width)[: size.width]), palette.muted),)
        return [middle if row == size.height // 2 else blank for row in range(size.height)]
    most, least = money(max(values), digits, signed=False), money(min(values), digits, signed=False)
    axis = max(cells(most), cells(least))
    if axis + 10 > size.width:
        axis = 0
    width, height = size.width - (axis + 2 if axis else 0), size.height - 1
    style = palette.signed(values[-1] - values[0]) if values[-1] != values[0] else palette.accent
    rows: list[Row] = []
    for row, drawn in enumerate(curve(values, width, height, palette.is_ascii)):
        label = most if row == 0 else least if row == height - 1 else Cell("")
        tick = "┤" if label else "│"
        left = [(number(label, axis), palette.muted), (Cell(f" {tick}"), palette.border)] if axis else []
        rows.append([*left, (drawn, style)])
    return [*rows, _times(points, size.width, axis, palette)]


def _times(points: Sequence[EquityPoint], width: int, axis: int, palette: Palette) -> Row:
    first, last = clock(points[0].ts_ns), Cell(f"{clock(points[-1].ts_ns)}Z")
    left = Cell(" " * (axis + 2 if axis else 0) + first)
    gap = width - cells(left) - cells(last)
    return ((left if gap < 1 else Cell(left + " " * gap + last), palette.muted),)
