"""Before the first snapshot: what is awaited, and how it is doing, in the place of every pane."""

from catui.console.panes.pane import Pane
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line, line
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import BookView, Snapshot

BLANK = Snapshot(
    seq=0,
    now_ns=0,
    run="",
    source="",
    badge="PAPER",
    trading_state="STARTING",
    trading_reason="",
    quote="",
    money_digits=2,
    equity_money=0,
    pnl_money=0,
    realised_money=0,
    unrealised_money=0,
    fees_money=0,
    drawdown_money=0,
    max_drawdown_money=0,
    shown="",
    instruments=(),
    markets=(),
    book=BookView(""),
    trades=(),
    positions=(),
    strategies=(),
    orders=(),
    fills=(),
    refusals=(),
    alerts=(),
    feeds=(),
    limits=(),
    overrides=(),
    equity=(),
    results=(),
)


def waiting(pane: Pane, words: str, awaited: str, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """A pane that has nothing to show yet but what is awaited; only the footer is itself already."""
    if pane.name == "footer":
        return pane.render(BLANK, view, size, palette)
    if pane.name == "header":
        ground = palette.text + palette.bar
        row = ((Cell(f" catui  {shown(words, max(size.width - 9, 1))}"), palette.strong + palette.bar),)
        blank = line([], size.width, palette, ground)
        return [line(row, size.width, palette, ground), *[blank] * size.height][: size.height]
    frame = Frame(pane.number, Cell(pane.title), is_focused=view.is_focused)
    return box(frame, message(shown(f"waiting for {awaited}", 40), inner(size), palette.muted), size, palette)
