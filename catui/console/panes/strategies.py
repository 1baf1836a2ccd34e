"""Strategies: what each one says, how much it is trusted, what it made; who stopped it, and why."""

from rich.style import Style

from catui.console.render.bar import bar
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.number import age, clock, instruments, money, quantity, ratio
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, row_at_line, table
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort, at_cursor, ordered
from catui.snapshot import Snapshot, StrategyView

TITLE = "Strategies"
NUMBER = 5

SORTS: tuple[Sort[StrategyView], ...] = (
    ("name", lambda row: row.name),
    ("weight", lambda row: row.weight or 0.0),
    ("result", lambda row: row.pnl_money),
)

STOPPED = {"PAUSE": "paused", "DRAIN": "draining", "QUAR": "quarantined"}


def rows(snapshot: Snapshot) -> int:
    """How many strategies there are."""
    return len(snapshot.strategies)


def row_id(snapshot: Snapshot, view: PaneView) -> str | None:
    """The strategy's name under the cursor."""
    row = at_cursor(ordered(snapshot.strategies, SORTS, view), view)
    return row.name if row else None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """The strategy drawn at line `y`."""
    stopped = [bool(detail(row)) for row in ordered(snapshot.strategies, SORTS, view)]
    return row_at_line(stopped, False, view, size, y)


def detail(row: StrategyView) -> Cell:
    """Who stopped a strategy, when and why; empty while it runs."""
    word = STOPPED.get(row.state)
    if word is None:
        return Cell("")
    said = f" '{shown(row.reason, 80)}'" if row.reason else ""
    author = f" by {shown(row.author, 24)}" if row.author else ""
    return Cell(f"{word}{author} at {clock(row.since_ns)}{said}")


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table; signal, weight and contribution are those for the shown instrument."""
    space, all_rows = inner(size), snapshot.strategies
    running = sum(row.state == "RUN" for row in all_rows)
    note = Cell(f"{running} of {len(all_rows)} run") if all_rows else Cell("")
    frame = Frame(NUMBER, Cell(TITLE), note, is_focused=view.is_focused)
    if not all_rows:
        return box(frame, message(Cell("no strategies"), space, palette.muted), size, palette)
    spec = Table(_columns(snapshot, palette), detail=detail)
    return box(frame, table(spec, ordered(all_rows, SORTS, view), view, space, palette), size, palette)


def _columns(snapshot: Snapshot, palette: Palette) -> tuple[Column[StrategyView], ...]:
    instrument, now, digits = instruments(snapshot).get(snapshot.shown), snapshot.now_ns, snapshot.money_digits
    signed = palette.signed
    states = {
        "RUN": palette.success,
        "WARM": palette.muted,
        "DRAIN": palette.warning,
        "PAUSE": palette.warning,
        "QUAR": palette.error,
    }

    def state(row: StrategyView) -> Style:
        return states.get(row.state, palette.text)

    def weight(row: StrategyView) -> Cell:
        return Cell(f"{bar(row.weight, 7, palette.is_ascii)} {ratio(row.weight, signed=False):>4}")

    def lots(row: StrategyView) -> Cell:
        return quantity(row.lots, instrument, signed=True)

    return (
        Column("strategy", 9, lambda row: shown(row.name, 24), is_number=False),
        Column("state", 5, lambda row: shown(row.state, 5), state, is_number=False),
        Column("weight", 12, weight, lambda _: palette.accent, priority=1),
        Column("signal", 6, lambda row: ratio(row.signal), lambda row: signed(row.signal), priority=2),
        Column("contrib", 7, lambda row: ratio(row.contribution, 3), lambda row: signed(row.contribution), priority=4),
        Column("lots held", 9, lots, lambda row: signed(row.lots), priority=5),
        Column("p&l", 9, lambda row: money(row.pnl_money, digits), lambda row: signed(row.pnl_money)),
        Column("since", 5, lambda row: age(now - row.since_ns), lambda _: palette.muted, priority=3),
        Column("kind", 10, lambda row: shown(row.kind, 24), lambda _: palette.muted, priority=6, is_number=False),
    )
