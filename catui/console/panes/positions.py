"""Positions: what the desk holds, what it is worth, what it could become; the totals are the exact sums."""

from collections.abc import Callable, Sequence

from catui.console.panes.pane import Pane, walk
from catui.console.render.bar import used
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line
from catui.console.render.listing import Listing
from catui.console.render.number import NOT_YET, average_price, instruments, money, price, quantity, share, short_money
from catui.console.render.palette import Palette
from catui.console.render.table import Column, money_column, table_room
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort
from catui.snapshot import PositionView, Snapshot

NAME, NUMBER, TITLE = "positions", 4, "Positions"

SORTS: tuple[Sort[PositionView], ...] = (
    ("instrument", lambda row: row.instrument),
    ("unrealised", lambda row: row.unrealised_money),
    ("value", lambda row: abs(row.notional_money)),
)


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table, or that there is no position. Realised is net of fees; fees are negative when paid."""
    held, digits, space = snapshot.positions, snapshot.money_digits, inner(size)
    gross = short_money(sum(abs(row.notional_money) for row in held), digits)
    net = short_money(sum(row.notional_money for row in held), digits, signed=True)
    seen = table_room(LISTING.has_total, size)
    part = f"{seen} of {len(held)}, " if seen < len(held) else ""  # the totals below are of all
    note = LISTING.note(snapshot, view) or Cell(f"{part}gross {gross} net {net}" if held else "")
    frame = Frame(NUMBER, Cell(TITLE), note, is_focused=view.is_focused, tabs=view.tabs)
    if not held:
        return box(frame, message(Cell("no positions"), space, palette.muted), size, palette)
    return box(frame, LISTING.body(snapshot, view, space, palette), size, palette)


def _columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[PositionView]]:
    return (*_holding(snapshot, palette), *_result(snapshot, palette))


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

    def worst(row: PositionView) -> Cell:
        return quantity(row.worst_lots, known.get(row.instrument))

    def average(row: PositionView) -> Cell:
        return average_price(row.average_ticks_x100, known.get(row.instrument))

    def mark(row: PositionView) -> Cell:
        return price(row.mark_ticks, known.get(row.instrument))

    net = sum(row.notional_money for row in snapshot.positions)
    return (
        Column(Cell("symbol"), 8, symbol, is_number=False, total=Cell("total")),
        Column(Cell("venue"), 7, venue, lambda _: palette.muted, priority=8, is_number=False),
        Column(Cell("qty"), 8, lots, lambda row: palette.signed(row.lots), is_marked=True),
        Column(Cell("worst"), 8, worst, priority=7, is_marked=True),
        Column(Cell("limit used"), 11, limit_used, priority=6),
        Column(Cell("average"), 10, average, priority=3, is_marked=True),
        Column(Cell("mark"), 9, mark, priority=4, is_marked=True),
        Column(Cell("value"), 10, lambda row: money(row.notional_money, digits), priority=9, total=money(net, digits)),
    )


def _result(snapshot: Snapshot, palette: Palette) -> tuple[Column[PositionView], ...]:
    held, digits = snapshot.positions, snapshot.money_digits

    def column(title: str, width: int, of: Callable[[PositionView], int], priority: int = 0) -> Column[PositionView]:
        return money_column(title, width, held, of, digits, palette, priority)

    return (
        column("unreal", 9, lambda row: row.unrealised_money),
        column("real net", 9, lambda row: row.realised_money - row.fees_money, 2),
        column("fees", 7, lambda row: -row.fees_money, 5),
    )


LISTING = Listing(
    rows=lambda snapshot, _: snapshot.positions,
    id=lambda row: row.instrument,
    words=lambda _, row: row.instrument,
    columns=_columns,
    sorts=SORTS,
    has_total=True,
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(LISTING),), is_marked=True)
