"""Orders: what works at the venue or may work there, the unknown first; our fills; what was refused, counted by reason.

Three lists in one pane. Under the orders the last fills are shown where there is room.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec.structs import replace
from rich.style import Style

from catui.console.panes.limits import last_words
from catui.console.panes.pane import Pane, walk
from catui.console.render.box import Frame, box, inner, message, rule
from catui.console.render.line import Line, Row
from catui.console.render.listing import Listing
from catui.console.render.number import (
    UNKNOWN,
    age,
    average_price,
    clock,
    decimal,
    instruments,
    money,
    price,
    quantity,
)
from catui.console.render.palette import Palette
from catui.console.render.table import Column
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size, Sort
from catui.snapshot import FillView, OrderView, RefusalView, Snapshot

NAME, NUMBER, TITLE = "orders", 6, "Orders"
WORKING, FILLS, REFUSED = 0, 1, 2

SORTS: tuple[Sort[OrderView], ...] = (
    ("age", lambda row: row.created_ns),
    ("instrument", lambda row: row.instrument),
    ("price", lambda row: row.price_ticks),
)
REFUSAL_SORTS: tuple[Sort[RefusalView], ...] = (("count", lambda row: -row.count), ("check", lambda row: row.check))

FILLS_NEED = 4  # rows that must be free below the orders before fills are shown there
EMPTY = {
    WORKING: Cell("no working orders"),
    FILLS: Cell("no fills yet"),
    REFUSED: Cell("nothing was refused"),
}


def status(row: OrderView) -> Cell:
    """The order's state in words: what is under way is said by dots, what is unknown by `?`."""
    if row.status == "UNKNOWN":
        return Cell("UNKNOWN ?")
    if row.amend_ticks is not None:
        return Cell("AMEND ..")
    if row.is_cancelling:
        return Cell("CANCEL ..")
    word = shown(row.status, 10)
    return Cell(f"{word} ..") if row.status in ("INTENDED", "SENT") else word


def label(snapshot: Snapshot) -> Cell:
    """The pane's name and how many orders are not ended; `?` where the fate of one is unknown."""
    count = f" {len(snapshot.orders):,}" if snapshot.orders else ""
    return Cell(f"{TITLE}{count}{'?' if any(map(is_unknown, snapshot.orders)) else ''}")


def is_unknown(row: OrderView) -> bool:
    """Whether nobody has said what became of it."""
    return row.status == "UNKNOWN"


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The list of the tab that is chosen; the others are named at the right."""
    space, tab = inner(size), min(max(view.tab, WORKING), REFUSED)
    frame = Frame(NUMBER, label(snapshot), is_focused=view.is_focused, tabs=view.tabs, choices=_choices(snapshot, tab))
    match tab:
        case 1:
            count, body = len(snapshot.fills), _FILLS.body(snapshot, view, space, palette)
            note = _FILLS.note(snapshot, view)
        case 2:
            count, body = len(snapshot.refusals), _REFUSED.body(snapshot, view, space, palette)
            note = _REFUSED.note(snapshot, view)
        case _:
            count, body = len(snapshot.orders), _working(snapshot, view, space, palette)
            note = _WORKING.note(snapshot, view)
    if not count and not (tab == WORKING and len(body) > 1):
        body = message(EMPTY[tab], space, palette.muted)
    return box(replace(frame, note=note), body, size, palette)


def _choices(snapshot: Snapshot, tab: int) -> tuple[tuple[Cell, bool], ...]:
    refused = sum(row.count for row in snapshot.refusals)
    counts = (("working", len(snapshot.orders)), ("last fills", len(snapshot.fills)), ("refused", refused))
    return tuple((Cell(f"{name} {count:,}"), place == tab) for place, (name, count) in enumerate(counts))


def _working(snapshot: Snapshot, view: PaneView, space: Size, palette: Palette) -> list[Row]:
    """The orders, then the last fills where there is room."""
    body: list[Row] = []
    if snapshot.orders:
        body = _WORKING.body(snapshot, view, space, palette)
    elif snapshot.fills and space.height >= FILLS_NEED + 1:
        body = [((Cell(" no working orders"), palette.muted),)]
    room = space.height - len(body)
    if snapshot.fills and room >= FILLS_NEED and body:
        lines = _FILLS.body(snapshot, PaneView(before=view.before), Size(space.width, room - 1), palette)
        body = [*body, rule(Cell("last fills"), space.width, palette), *lines]
    return body


class _Traded(Protocol):
    """What orders and fills have in common."""

    @property
    def instrument(self) -> str: ...

    @property
    def side(self) -> str: ...

    @property
    def owner(self) -> str: ...


def _symbol(snapshot: Snapshot, key: str) -> Cell:
    instrument = instruments(snapshot).get(key)
    return shown(instrument.symbol if instrument else key, 24)


def _order_columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[OrderView]]:
    known, now, muted = instruments(snapshot), snapshot.now_ns, palette.muted

    def state(row: OrderView) -> Style:
        if is_unknown(row):
            return palette.error
        return palette.warning if row.is_cancelling else palette.text if row.status == "LIVE" else muted

    def lots(count: int, row: OrderView) -> Cell:
        return quantity(count, known.get(row.instrument))

    def note(row: OrderView) -> Cell:
        return shown(row.note, 80)

    def ahead(row: OrderView) -> Cell:
        return UNKNOWN if row.ahead_lots is None else lots(row.ahead_lots, row)

    def average(row: OrderView) -> Cell:
        filled = row.lots - row.leaves_lots
        return average_price(row.filled_value * 100 // filled if filled > 0 else None, known.get(row.instrument))

    return (
        Column(Cell("age"), 4, lambda row: age(now - row.created_ns), lambda _: muted, priority=3),
        Column(Cell("owner"), 9, lambda row: shown(row.owner, 24), priority=4, is_number=False),
        Column(Cell("side"), 4, lambda row: shown(row.side, 4), _side(palette), is_number=False),
        Column(Cell("symbol"), 8, lambda row: _symbol(snapshot, row.instrument), priority=2, is_number=False),
        Column(Cell("price"), 9, lambda row: price(row.price_ticks, known.get(row.instrument))),
        Column(Cell("left"), 7, lambda row: lots(row.leaves_lots, row), is_marked=True),
        Column(Cell("total"), 7, lambda row: lots(row.lots, row), priority=5),
        Column(Cell("state"), 9, status, state, is_number=False, is_marked=True),
        Column(Cell("ahead"), 7, ahead, lambda _: muted, priority=6),
        Column(Cell("filled"), 7, lambda row: lots(row.lots - row.leaves_lots, row), priority=8, is_marked=True),
        Column(Cell("average"), 10, average, priority=9),
        Column(Cell("id"), 8, lambda row: shown(row.id, 36), lambda _: muted, priority=10, is_number=False),
        Column(Cell("cause"), 7, lambda row: decimal(row.cause_seq, 0), lambda _: muted, priority=11),
        Column(
            Cell("note"),
            12,
            lambda row: shown(row.note, 80),
            lambda _: muted,
            priority=7,
            is_number=False,
            is_rest=True,
        ),
    )


def _side(palette: Palette) -> Callable[[_Traded], Style]:
    return lambda row: palette.up if row.side == "BUY" else palette.down


def _fill_columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[FillView]]:
    known, digits, muted = instruments(snapshot), snapshot.money_digits, palette.muted

    def rests(row: FillView) -> Cell:
        return UNKNOWN if row.is_maker is None else Cell("maker" if row.is_maker else "taker")

    return (
        Column(Cell("time Z"), 12, lambda row: clock(row.ts_ns, 3), lambda _: muted, priority=3, is_number=False),
        Column(Cell("owner"), 9, lambda row: shown(row.owner, 24), priority=4, is_number=False),
        Column(Cell("side"), 4, lambda row: shown(row.side, 4), _side(palette), is_number=False),
        Column(Cell("symbol"), 8, lambda row: _symbol(snapshot, row.instrument), priority=2, is_number=False),
        Column(Cell("price"), 9, lambda row: price(row.price_ticks, known.get(row.instrument))),
        Column(Cell("filled"), 7, lambda row: quantity(row.lots, known.get(row.instrument))),
        Column(Cell("fee"), 7, lambda row: money(-row.fee_money, digits), priority=5),
        Column(Cell("as"), 5, rests, lambda _: muted, priority=6, is_number=False),
        Column(Cell("order"), 8, lambda row: shown(row.order_id, 36), lambda _: muted, priority=7, is_number=False),
    )


def _refusal_columns(_: Snapshot, palette: Palette) -> Sequence[Column[RefusalView]]:
    def last(row: RefusalView) -> Cell:
        return shown(last_words(row))

    return (
        Column(Cell("check"), 5, lambda row: shown(row.check, 32), lambda _: palette.warning, is_number=False),
        Column(Cell("count"), 6, lambda row: decimal(row.count, 0), is_marked=True),
        Column(
            Cell("the last one"),
            24,
            last,
            lambda _: palette.muted,
            is_number=False,
            is_rest=True,
        ),
    )


def _amend(snapshot: Snapshot, row: OrderView) -> Cell:
    """The terms that an order is on its way to: short, so that the narrowest list has room for the numbers."""
    if row.amend_ticks is None or row.amend_lots is None:
        return Cell("")
    known = instruments(snapshot).get(row.instrument)
    price_then, lots_then = price(row.amend_ticks, known), quantity(row.amend_lots, known)
    if row.amend_lots == row.lots:
        return Cell(f"AMEND {price(row.price_ticks, known)} -> {price_then}")
    if row.amend_ticks == row.price_ticks:
        return Cell(f"AMEND {quantity(row.lots, known)} -> {lots_then}")
    return Cell(f"AMEND to {lots_then} at {price_then}")


_WORKING = Listing(
    rows=lambda snapshot, _: snapshot.orders,
    id=lambda row: row.id,
    words=lambda _, row: f"{row.owner} {row.side} {row.instrument} {row.status} {row.id} {row.note}",
    columns=_order_columns,
    sorts=SORTS,
    is_first=is_unknown,
    detail=_amend,
)
_FILLS = Listing(
    rows=lambda snapshot, _: snapshot.fills,
    id=lambda row: f"{row.order_id} {row.ts_ns} {row.price_ticks} {row.lots}",
    words=lambda _, row: f"{row.owner} {row.side} {row.instrument} {row.order_id}",
    columns=_fill_columns,
    follows="head",
)
_REFUSED = Listing(
    rows=lambda snapshot, _: snapshot.refusals,
    id=lambda row: row.check,
    words=lambda _, row: f"{row.check} {row.last_text}",
    columns=_refusal_columns,
    sorts=REFUSAL_SORTS,
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(_WORKING), walk(_FILLS), walk(_REFUSED)), label, is_marked=True)
