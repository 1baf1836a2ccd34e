"""The terminal is too small for panes: what must be known all the same, and how much room is needed."""

from catui.console.look.layout import NEEDED
from catui.console.panes.alerts import open_alerts
from catui.console.panes.pane import Pane
from catui.console.render.line import Line, line
from catui.console.render.number import decimal, money
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells
from catui.console.render.view import PaneView, Size
from catui.snapshot import Snapshot

NAME, NUMBER, TITLE = "small", 0, "Small"


def render(snapshot: Snapshot, _: PaneView, size: Size, palette: Palette) -> list[Line]:
    """Result, position and order counts, alerts; a line that does not fit is left out, not cut."""
    open_positions = sum(row.lots != 0 for row in snapshot.positions)
    facts = [
        (f"P&L {money(snapshot.pnl_money, snapshot.money_digits)}", palette.signed(snapshot.pnl_money)),
        (f"orders {decimal(len(snapshot.orders), 0)}", palette.text),
        (f"positions {decimal(open_positions, 0)}", palette.text),
        (f"alerts {decimal(open_alerts(snapshot), 0)}", palette.text),
        (f"{NEEDED.width}x{NEEDED.height} needed", palette.warning),
    ]
    if size.height < len(facts):
        facts = [facts[0], facts[-1], *facts[1:-1]]
    lines = [line([(Cell(text), style)], size.width, palette) for text, style in facts if cells(text) <= size.width]
    return [*lines, *[line([], size.width, palette)] * size.height][: size.height]


PANE = Pane(NAME, NUMBER, TITLE, render)
