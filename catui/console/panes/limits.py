"""Limits: how much of each is used, what is free, what a person widened and for how long.

Below them, where rows are left: refusals, counted; and the checks that nobody can override, each with its why.
"""

from collections.abc import Sequence

from rich.style import Style

from catui.console.panes.pane import Pane, walk
from catui.console.render.bar import used
from catui.console.render.box import Frame, box, inner, message, rule
from catui.console.render.line import Line, Row
from catui.console.render.listing import Listing
from catui.console.render.number import countdown, decimal, money, quantity, share
from catui.console.render.palette import Palette
from catui.console.render.table import Column
from catui.console.render.text import Cell, cells, plain, shown
from catui.console.render.view import PaneView, Size, Sort
from catui.domain.fixed import FIXED
from catui.snapshot import LimitView, OverrideView, RefusalView, Snapshot

NAME, NUMBER, TITLE = "limits", 0, "Limits"

BAR_CELLS = 6
NEAR = 80  # percent of a limit from which it is worth a second look


def _share(row: LimitView) -> int:
    return row.used * 1000 // row.limit if row.limit > 0 else 0


SORTS: tuple[Sort[LimitView], ...] = (
    ("used", lambda row: -_share(row)),
    ("check", lambda row: row.check),
)


def _overrides(snapshot: Snapshot, row: LimitView) -> list[OverrideView]:
    return [each for each in snapshot.overrides if each.check == row.check and each.scope == row.scope]


def amount(value: int, row: LimitView, snapshot: Snapshot) -> Cell:
    """A limit's number in its unit: money with two decimals, lots in the instrument's own, all else as counted."""
    if row.unit == "money":
        return money(value, snapshot.money_digits, signed=False)
    if row.unit == "lots":
        for instrument in snapshot.instruments:
            if instrument.key == row.scope.rpartition(" ")[2]:
                return quantity(value, instrument)
    return decimal(value, 0)


def _scope(row: LimitView, snapshot: Snapshot) -> Cell:
    """An instrument by its symbol, with its venue where there are several."""
    venue, _, symbol = row.scope.rpartition(":")
    is_told = len({each.venue for each in snapshot.instruments}) > 1 and venue
    return shown(f"{symbol} {venue}" if is_told else symbol, 32)


def unit(row: LimitView, snapshot: Snapshot) -> Cell:
    """What a limit's number is counted in: money by its currency."""
    return shown(snapshot.quote if row.unit == "money" else row.unit, 12)


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table with its overrides; where rows are left, what was refused, and what is never overridden."""
    space = inner(size)
    count = len(snapshot.overrides)
    note = LISTING.note(snapshot, view) or Cell(f"{count} override{'s' if count > 1 else ''}" if count else "")
    frame = Frame(NUMBER, Cell(TITLE), note, palette.warning, is_focused=view.is_focused, tabs=view.tabs)
    if not snapshot.limits:
        body = message(Cell("no limits"), space, palette.muted)
    else:
        body = LISTING.body(snapshot, view, space, palette)
    room = space.height - len(body)
    if snapshot.refusals and room >= 2:
        body = [*body, *_refused(snapshot.refusals, Size(space.width, room), palette)]
    room = space.height - len(body)
    if snapshot.limits and room >= 2:
        body = [*body, *_fixed(Size(space.width, room), palette)]
    return box(frame, body, size, palette)


def _detail(snapshot: Snapshot, row: LimitView) -> Cell:
    return Cell("; ".join(_said(each, snapshot, row) for each in _overrides(snapshot, row)))


def _said(each: OverrideView, snapshot: Snapshot, row: LimitView) -> Cell:
    left = countdown(each.until_ns - snapshot.now_ns)
    extra = amount(each.extra, row, snapshot)
    return Cell(f"override +{extra} by {shown(each.author, 24)}, {left} left, '{shown(each.reason, 60)}'")


def last_words(row: RefusalView) -> str:
    """What was last refused by a check, without the check's number, which stands beside it."""
    return row.last_text.removeprefix(f"{row.check} ")


def _refused(refusals: Sequence[RefusalView], size: Size, palette: Palette) -> list[Row]:
    lines: list[Row] = [rule(Cell("refused"), size.width, palette)]
    for each in refusals[: size.height - 1]:
        count = Cell(f" {shown(each.check, 24)} ×{each.count:,} ")
        text = plain(last_words(each), max(size.width - cells(count), 0))
        lines.append(((count, palette.warning), (text, palette.muted)))
    return lines


def _fixed(size: Size, palette: Palette) -> list[Row]:
    lines: list[Row] = [rule(Cell("never overridden"), size.width, palette)]
    for check, (code, why) in tuple(FIXED.items())[: size.height - 1]:
        name = Cell(f" {check} {code}: ")
        lines.append(((name, palette.text), (plain(why, max(size.width - cells(name), 0)), palette.muted)))
    return lines


def _columns(snapshot: Snapshot, palette: Palette) -> Sequence[Column[LimitView]]:
    def state(row: LimitView) -> Style:
        percent = _share(row) // 10
        return palette.error if percent >= 100 else palette.warning if percent >= NEAR else palette.text

    def use(row: LimitView) -> Cell:
        return used(row.used, row.limit, BAR_CELLS, palette.is_ascii)

    def percent(row: LimitView) -> Cell:
        return share(row.used, row.limit)

    def free(row: LimitView) -> Cell:
        return amount(row.limit - row.used, row, snapshot)

    def used_amount(row: LimitView) -> Cell:
        return amount(row.used, row, snapshot)

    def whole(row: LimitView) -> Cell:
        return amount(row.limit, row, snapshot)

    def may(row: LimitView) -> Cell:
        return Cell("O" if row.may_override else "no")

    muted = palette.muted
    return (
        Column(Cell("check"), 5, lambda row: shown(row.check, 12), is_number=False),
        Column(Cell("limit"), 12, lambda row: shown(row.code, 24), priority=2, is_number=False),
        Column(Cell("scope"), 16, lambda row: _scope(row, snapshot), lambda _: muted, is_number=False),
        Column(Cell(""), BAR_CELLS, use, state, priority=1, is_number=False),
        Column(Cell("used"), 5, percent, state),
        Column(Cell("used"), 9, used_amount, priority=4, is_marked=True),
        Column(Cell("free"), 9, free, priority=1, is_marked=True),
        Column(Cell("of"), 9, whole, priority=3),
        Column(Cell("unit"), 6, lambda row: unit(row, snapshot), lambda _: muted, priority=6, is_number=False),
        Column(Cell("override"), 8, may, priority=5, is_number=False),
    )


LISTING = Listing(
    rows=lambda snapshot, _: snapshot.limits,
    id=lambda row: f"{row.check} {row.scope}",
    words=lambda _, row: f"{row.check} {row.code} {row.scope}",
    columns=_columns,
    sorts=SORTS,
    detail=_detail,
)

PANE = Pane(NAME, NUMBER, TITLE, render, (walk(LISTING),), is_marked=True)
