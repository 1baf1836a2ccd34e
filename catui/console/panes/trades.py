"""Trades: the tape of the shown instrument, newest on top, the aggressor's sign, ours marked."""

from rich.style import Style

from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.number import clock, instruments, price, quantity
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, row_at_line, table
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import Snapshot, TradeView

TITLE = "Trades"
NUMBER = 2

SIGNS = {"BUY": Cell("+"), "SELL": Cell("-")}


def rows(snapshot: Snapshot) -> int:
    """How many trades there are to scroll through."""
    return len(snapshot.trades)


def row_id(_: Snapshot, __: PaneView) -> str | None:
    """A print has no name."""
    return None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """The trade drawn at line `y`."""
    return row_at_line([False] * rows(snapshot), False, view, size, y)


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The tape: time, sign, price, quantity; a fill of ours says so."""
    space, instrument = inner(size), instruments(snapshot).get(snapshot.shown)
    name = f" {shown(instrument.symbol, 24)}" if instrument else ""
    frame = Frame(NUMBER, Cell(TITLE + name), is_focused=view.is_focused)
    if not snapshot.trades:
        return box(frame, message(Cell("no trades yet"), space, palette.muted), size, palette)

    def side(row: TradeView) -> Style:
        return palette.up if row.side == "BUY" else palette.down

    spec: Table[TradeView] = Table(
        (
            Column("time", 12, lambda row: clock(row.ts_ns, 3), lambda _: palette.muted, priority=2, is_number=False),
            Column("", 1, lambda row: SIGNS.get(row.side, Cell("?")), side, is_number=False),
            Column("price", 9, lambda row: price(row.price_ticks, instrument), side),
            Column("qty", 8, lambda row: quantity(row.lots, instrument)),
            Column(
                "",
                4,
                lambda row: Cell("ours" if row.is_ours else ""),
                lambda _: palette.own,
                priority=1,
                is_number=False,
            ),
        )
    )
    return box(frame, table(spec, snapshot.trades, view, space, palette), size, palette)
