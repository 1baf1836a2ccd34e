"""Strategies: what each one says, how much it is trusted, what it made; who stopped it, and why."""

from collections.abc import Sequence

from rich.style import Style

from catui.console.panes.pane import Pane, walk
from catui.console.render.bar import bar, sparkline
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.listing import Listing
from catui.console.render.matrix import triangle
from catui.console.render.number import NOT_YET, age, clock, instruments, money, quantity, ratio
from catui.console.render.palette import Palette
from catui.console.render.table import Column
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort
from catui.snapshot import Snapshot, StrategyView

NAME, NUMBER, TITLE = "strategies", 5, "Strategies"

SORTS: tuple[Sort[StrategyView], ...] = (
    ("name", lambda row: row.name),
    ("weight", lambda row: row.weight or 0.0),
    ("result", lambda row: row.pnl_money),
)

BAR_CELLS, HISTORY_CELLS = 5, 8

STOPPED = {"PAUSE": "paused", "DRAIN": "draining", "QUAR": "quarantined"}
UNTIL = {"PAUSE": "until resumed", "DRAIN": "until flat", "QUAR": "until released"}


def detail(row: StrategyView) -> Cell:
    """Who stopped a strategy, when, why and until when; empty while it runs."""
    word = STOPPED.get(row.state)
    if word is None:
        return Cell("")
    said = f" '{shown(row.reason, 80)}'" if row.reason else ""
    author = f" by {shown(row.author, 24)}" if row.author else ""
    return Cell(f"{word}{author} at {clock(row.since_ns)}Z{said}, {UNTIL[row.state]}")


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table, and with room the correlations; signal, weight and contribution are of the shown instrument too."""
    space, all_rows = inner(size), snapshot.strategies
    note = LISTING.note(snapshot, view) or _note(snapshot)
    frame = Frame(NUMBER, Cell(TITLE), note, is_focused=view.is_focused, tabs=view.tabs)
    if not all_rows:
        return box(frame, message(Cell("no strategies"), space, palette.muted), size, palette)
    body = LISTING.body(snapshot, view, space, palette)
    names = [shown(row.name, 24) for row in all_rows]
    room = Size(space.width, space.height - len(body))
    said = triangle(Cell("correlations"), names, snapshot.correlations, room, palette)
    return box(frame, [*body, *said], size, palette)


def _note(snapshot: Snapshot) -> Cell:
    """How many run, and in which regime of the shown instrument."""
    rows, regime = [row for row in snapshot.strategies if row.state != "HAND"], snapshot.regime
    running = f"{sum(row.state == 'RUN' for row in rows)} of {len(rows)} run" if rows else ""
    if regime is None:
        return Cell(running)
    return Cell(f"{shown(regime.name, 12) or NOT_YET} {ratio(regime.ratio, signed=False)}, {running}".rstrip(", "))


def _columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[StrategyView]]:
    instrument, now, digits = instruments(snapshot).get(snapshot.shown), snapshot.now_ns, snapshot.money_digits
    signed = palette.signed
    states = {
        "RUN": palette.success,
        "WARM": palette.muted,
        "GATED": palette.muted,
        "DRAIN": palette.warning,
        "PAUSE": palette.warning,
        "QUAR": palette.error,
    }

    def state(row: StrategyView) -> Style:
        return states.get(row.state, palette.text)

    def weight(row: StrategyView) -> Cell:
        return Cell(f"{bar(row.weight, BAR_CELLS, palette.is_ascii)} {ratio(row.weight, signed=False):>4}")

    def lots(row: StrategyView) -> Cell:
        return quantity(row.lots, instrument, signed=True)

    def history(row: StrategyView) -> Cell:
        return sparkline(row.weights_x1000, HISTORY_CELLS, 0, 1000, palette.is_ascii)

    def contribution(row: StrategyView) -> Cell:
        return ratio(row.contribution, 3)

    def since(row: StrategyView) -> Cell:
        return age(now - row.since_ns) if row.since_ns else NOT_YET

    def group(row: StrategyView) -> Cell:
        return shown(row.group, 24)

    muted = palette.muted
    has_groups = any(row.group for row in snapshot.strategies)
    return (
        Column(Cell("strategy"), 9, lambda row: shown(row.name, 24), is_number=False),
        *((Column(Cell("group"), 5, group, lambda _: muted, priority=5, is_number=False),) if has_groups else ()),
        Column(Cell("state"), 5, lambda row: shown(row.state, 5), state, is_number=False),
        Column(Cell("weight"), 10, weight, lambda _: palette.accent, priority=1),
        Column(Cell("signal"), 6, lambda row: ratio(row.signal), lambda row: signed(row.signal), 2, is_marked=True),
        Column(Cell("contrib"), 7, contribution, lambda row: signed(row.contribution), 5, is_marked=True),
        Column(Cell("held"), 9, lots, lambda row: signed(row.lots), 6, is_marked=True),
        Column(
            Cell("p&l"),
            9,
            lambda row: money(row.pnl_money, digits),
            lambda row: signed(row.pnl_money),
            is_marked=True,
        ),
        Column(Cell("since"), 5, since, lambda _: muted, priority=3),
        Column(Cell("so far"), HISTORY_CELLS, history, lambda _: palette.accent, 4, is_number=False),
        Column(Cell("kind"), 10, lambda row: shown(row.kind, 24), lambda _: muted, priority=7, is_number=False),
    )


LISTING = Listing(
    rows=lambda snapshot, _: snapshot.strategies,
    id=lambda row: row.name,
    words=lambda _, row: f"{row.name} {row.kind} {row.group} {row.state} {row.author} {row.reason}",
    columns=_columns,
    sorts=SORTS,
    detail=lambda _, row: detail(row),
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(LISTING),), is_marked=True)
