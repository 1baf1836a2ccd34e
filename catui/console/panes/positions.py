"""Positions: what the desk holds, what it is worth, what it could become; the totals are the exact sums."""

from catui.console.render.bar import used
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.number import NOT_YET, average_price, instruments, money, price, quantity, share, short_money
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, row_at_line, table
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort, at_cursor, ordered
from catui.snapshot import PositionView, Snapshot

TITLE = "Positions"
NUMBER = 4

SORTS: tuple[Sort[PositionView], ...] = (
    ("instrument", lambda row: row.instrument),
    ("unrealised", lambda row: row.unrealised_money),
    ("value", lambda row: abs(row.notional_money)),
)


def rows(snapshot: Snapshot) -> int:
    """How many positions there are."""
    return len(snapshot.positions)


def row_id(snapshot: Snapshot, view: PaneView) -> str | None:
    """The instrument's key under the cursor."""
    row = at_cursor(ordered(snapshot.positions, SORTS, view), view)
    return row.instrument if row else None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """The position drawn at line `y`."""
    return row_at_line([False] * rows(snapshot), True, view, size, y)


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table, or that there is no position. Realised is net of fees; fees are negative when paid."""
    held, digits, space = snapshot.positions, snapshot.money_digits, inner(size)
    if not held:
        frame = Frame(NUMBER, Cell(TITLE), is_focused=view.is_focused)
        return box(frame, message(Cell("no positions"), space, palette.muted), size, palette)
    gross = short_money(sum(abs(row.notional_money) for row in held), digits)
    net = short_money(sum(row.notional_money for row in held), digits, signed=True)
    frame = Frame(NUMBER, Cell(TITLE), Cell(f"gross {gross} net {net}"), is_focused=view.is_focused)
    spec = Table((*_holding(snapshot, palette), *_result(snapshot, palette)), has_total=True)
    return box(frame, table(spec, ordered(held, SORTS, view), view, space, palette), size, palette)


def _holding(snapshot: Snapshot, palette: Palette) -> tuple[Column[PositionView], ...]:
    known, digits = instruments(snapshot), snapshot.money_digits

    def symbol(row: PositionView) -> Cell:
        instrument = known.get(row.instrument)
        return shown(instrument.symbol if instrument else row.instrument, 24)

    def venue(row: PositionView) -> Cell:
        instrument = known.get(row.instrument)
        return shown(instrument.venue, 12) if instrument else NOT_YET

    def limit_used(row: PositionView) -> Cell:
        return Cell(
            f"{used(row.worst_lots, row.limit_lots, 6, palette.is_ascii)} {share(row.worst_lots, row.limit_lots):>4}"
        )

    def lots(row: PositionView) -> Cell:
        return quantity(row.lots, known.get(row.instrument), signed=True)

    net = sum(row.notional_money for row in snapshot.positions)
    return (
        Column("symbol", 8, symbol, is_number=False, total=Cell("total")),
        Column("venue", 7, venue, lambda _: palette.muted, priority=6, is_number=False),
        Column("qty", 8, lots, lambda row: palette.signed(row.lots)),
        Column("worst", 8, lambda row: quantity(row.worst_lots, known.get(row.instrument)), priority=8),
        Column("limit used", 11, limit_used, priority=9),
        Column("average", 10, lambda row: average_price(row.average_ticks_x100, known.get(row.instrument)), priority=3),
        Column("mark", 9, lambda row: price(row.mark_ticks, known.get(row.instrument)), priority=4),
        Column("value", 10, lambda row: money(row.notional_money, digits), priority=5, total=money(net, digits)),
    )


def _result(snapshot: Snapshot, palette: Palette) -> tuple[Column[PositionView], ...]:
    held, digits, signed = snapshot.positions, snapshot.money_digits, palette.signed

    def unrealised(row: PositionView) -> int:
        return row.unrealised_money

    def realised(row: PositionView) -> int:
        return row.realised_money - row.fees_money

    unreal, real, fees = sum(map(unrealised, held)), sum(map(realised, held)), sum(row.fees_money for row in held)
    return (
        Column(
            "unreal",
            9,
            lambda row: money(unrealised(row), digits),
            lambda row: signed(unrealised(row)),
            total=money(unreal, digits),
            total_style=signed(unreal),
        ),
        Column(
            "real net",
            9,
            lambda row: money(realised(row), digits),
            lambda row: signed(realised(row)),
            priority=2,
            total=money(real, digits),
            total_style=signed(real),
        ),
        Column("fees", 7, lambda row: money(-row.fees_money, digits), priority=7, total=money(-fees, digits)),
    )
