"""Orders: what works at the venue or may work there, the unknown first; below them our last fills."""

from rich.style import Style

from catui.console.render.box import Frame, box, inner, message, rule
from catui.console.render.line import Line, Row
from catui.console.render.number import age, clock, instruments, money, price, quantity
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, row_at_line, table
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort, at_cursor, ordered
from catui.snapshot import FillView, OrderView, Snapshot

TITLE = "Orders"
NUMBER = 6

SORTS: tuple[Sort[OrderView], ...] = (
    ("age", lambda row: row.created_ns),
    ("instrument", lambda row: row.instrument),
    ("price", lambda row: row.price_ticks),
)

FILLS_NEED = 4  # rows that must be free below the orders before fills are shown there


def listed(snapshot: Snapshot, view: PaneView) -> list[OrderView]:
    """The orders as shown: in the sort's order, those of unknown fate before all others."""
    return sorted(ordered(snapshot.orders, SORTS, view), key=_is_known)


def _is_known(row: OrderView) -> bool:
    return row.status != "UNKNOWN"


def rows(snapshot: Snapshot) -> int:
    """How many orders are not ended."""
    return len(snapshot.orders)


def row_id(snapshot: Snapshot, view: PaneView) -> str | None:
    """The order's id under the cursor."""
    row = at_cursor(listed(snapshot, view), view)
    return row.id if row else None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """The order drawn at line `y`."""
    return row_at_line([False] * rows(snapshot), False, view, size, y)


def status(row: OrderView) -> Cell:
    """The order's state in words: what is under way is said by dots, what is unknown by `?`."""
    if row.status == "UNKNOWN":
        return Cell("UNKNOWN ?")
    if row.is_cancelling:
        return Cell("CANCEL ..")
    word = shown(row.status, 10)
    return Cell(f"{word} ..") if row.status in ("INTENDED", "SENT") else word


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table of orders, then the last fills where there is room."""
    space = inner(size)
    unknown = sum(row.status == "UNKNOWN" for row in snapshot.orders)
    count = f" {len(snapshot.orders)}" if snapshot.orders else ""
    frame = Frame(
        NUMBER,
        Cell(TITLE + count),
        Cell(f"{unknown} UNKNOWN ?") if unknown else Cell(""),
        palette.error,
        is_focused=view.is_focused,
    )
    body: list[Row]
    if snapshot.orders:
        body = table(Table(_columns(snapshot, palette)), listed(snapshot, view), view, space, palette)
    elif snapshot.fills and space.height >= FILLS_NEED + 1:
        body = [((Cell(" no working orders"), palette.muted),)]
    else:
        body = message(Cell("no working orders"), space, palette.muted)
    room = space.height - len(body)
    if snapshot.fills and room >= FILLS_NEED:
        body = [*body, *_fills(snapshot, Size(space.width, room), palette)]
    return box(frame, body, size, palette)


def _fills(snapshot: Snapshot, size: Size, palette: Palette) -> list[Row]:
    body = table(
        Table(_fill_columns(snapshot, palette)), snapshot.fills, PaneView(), Size(size.width, size.height - 1), palette
    )
    return [rule(Cell(f"last fills {len(snapshot.fills)}"), size.width, palette), *body]


def _columns(snapshot: Snapshot, palette: Palette) -> tuple[Column[OrderView], ...]:
    known, now = instruments(snapshot), snapshot.now_ns

    def symbol(row: OrderView) -> Cell:
        instrument = known.get(row.instrument)
        return shown(instrument.symbol if instrument else row.instrument, 24)

    def side(row: OrderView) -> Style:
        return palette.up if row.side == "BUY" else palette.down

    def state(row: OrderView) -> Style:
        if row.status == "UNKNOWN":
            return palette.error
        return palette.warning if row.is_cancelling else palette.text if row.status == "LIVE" else palette.muted

    def cell(ticks: int, row: OrderView) -> Cell:
        return price(ticks, known.get(row.instrument))

    def lots(count: int, row: OrderView) -> Cell:
        return quantity(count, known.get(row.instrument))

    return (
        Column("age", 4, lambda row: age(now - row.created_ns), lambda _: palette.muted, priority=3),
        Column("owner", 9, lambda row: shown(row.owner, 24), priority=4, is_number=False),
        Column("side", 4, lambda row: shown(row.side, 4), side, is_number=False),
        Column("symbol", 8, symbol, priority=2, is_number=False),
        Column("price", 9, lambda row: cell(row.price_ticks, row)),
        Column("left", 7, lambda row: lots(row.leaves_lots, row)),
        Column("total", 7, lambda row: lots(row.lots, row), priority=5),
        Column("state", 9, status, state, is_number=False),
        Column("id", 8, lambda row: shown(row.id, 36), lambda _: palette.muted, priority=6, is_number=False),
        Column("note", 12, lambda row: shown(row.note, 80), lambda _: palette.muted, priority=7, is_number=False),
    )


def _fill_columns(snapshot: Snapshot, palette: Palette) -> tuple[Column[FillView], ...]:
    known, digits = instruments(snapshot), snapshot.money_digits

    def symbol(row: FillView) -> Cell:
        instrument = known.get(row.instrument)
        return shown(instrument.symbol if instrument else row.instrument, 24)

    def side(row: FillView) -> Style:
        return palette.up if row.side == "BUY" else palette.down

    return (
        Column("time", 8, lambda row: clock(row.ts_ns), lambda _: palette.muted, priority=3),
        Column("owner", 9, lambda row: shown(row.owner, 24), priority=4, is_number=False),
        Column("side", 4, lambda row: shown(row.side, 4), side, is_number=False),
        Column("symbol", 8, symbol, priority=2, is_number=False),
        Column("price", 9, lambda row: price(row.price_ticks, known.get(row.instrument))),
        Column("filled", 7, lambda row: quantity(row.lots, known.get(row.instrument))),
        Column("fee", 7, lambda row: money(-row.fee_money, digits), priority=5),
        Column("id", 8, lambda row: shown(row.order_id, 36), lambda _: palette.muted, priority=6, is_number=False),
    )
