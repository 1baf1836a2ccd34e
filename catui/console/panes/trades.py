"""Trades: the tape of the shown instrument, newest on top, the aggressor's sign, ours marked."""

from collections.abc import Sequence

from rich.style import Style

from catui.console.panes.pane import Pane, walk
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.listing import Listing
from catui.console.render.number import clock, instruments, price, quantity
from catui.console.render.palette import Palette
from catui.console.render.table import Column
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import Snapshot, TradeView

NAME, NUMBER, TITLE = "trades", 2, "Trades"

SIGNS = {"BUY": Cell("+"), "SELL": Cell("-")}


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The tape: time, sign, price, quantity; a fill of ours says so."""
    space, instrument = inner(size), instruments(snapshot).get(snapshot.shown)
    name = f" {shown(instrument.symbol, 24)}" if instrument else ""
    note = LISTING.note(snapshot, view)
    frame = Frame(NUMBER, Cell(TITLE + name), note, is_focused=view.is_focused, tabs=view.tabs)
    if not snapshot.trades:
        return box(frame, message(Cell("no trades yet"), space, palette.muted), size, palette)
    return box(frame, LISTING.body(snapshot, view, space, palette), size, palette)


def _columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[TradeView]]:
    instrument = instruments(snapshot).get(snapshot.shown)

    def side(row: TradeView) -> Style:
        return palette.up if row.side == "BUY" else palette.down

    def ours(row: TradeView) -> Cell:
        return Cell("ours" if row.is_ours else "")

    return (
        Column(Cell("time Z"), 12, lambda row: clock(row.ts_ns, 3), lambda _: palette.muted, 2, is_number=False),
        Column(Cell(""), 1, lambda row: SIGNS.get(row.side, Cell("?")), side, is_number=False),
        Column(Cell("price"), 9, lambda row: price(row.price_ticks, instrument), side),
        Column(Cell("qty"), 8, lambda row: quantity(row.lots, instrument)),
        Column(Cell(""), 4, ours, lambda _: palette.own, 1, is_number=False, is_still=True),
    )


def _words(_: Snapshot, row: TradeView) -> str:
    return f"{row.side} {clock(row.ts_ns, 3)} {'ours' if row.is_ours else 'public'}"


LISTING = Listing(
    rows=lambda snapshot, _: snapshot.trades,
    id=lambda row: f"{row.ts_ns} {row.price_ticks} {row.lots} {row.side}",
    words=_words,
    columns=_columns,
    follows="head",
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(LISTING),))
