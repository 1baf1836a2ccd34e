"""Limits: how much of each is used, what is free, what a person widened and for how long; refusals counted below."""

from collections.abc import Sequence

from rich.style import Style

from catui.console.render.bar import used
from catui.console.render.box import Frame, box, inner, message, rule
from catui.console.render.line import Line, Row
from catui.console.render.number import countdown, decimal, money, quantity, share
from catui.console.render.palette import Palette
from catui.console.render.table import Column, Table, row_at_line, table
from catui.console.render.text import Cell, cells, plain, shown
from catui.console.render.view import PaneView, Size, Sort, at_cursor, ordered
from catui.snapshot import LimitView, OverrideView, RefusalView, Snapshot

TITLE = "Limits"
NUMBER = 9

NEAR = 80  # percent of a limit from which it is worth a second look


def _share(row: LimitView) -> int:
    return row.used * 1000 // row.limit if row.limit > 0 else 0


SORTS: tuple[Sort[LimitView], ...] = (
    ("used", lambda row: -_share(row)),
    ("check", lambda row: row.check),
)


def rows(snapshot: Snapshot) -> int:
    """How many limits there are."""
    return len(snapshot.limits)


def row_id(snapshot: Snapshot, view: PaneView) -> str | None:
    """Check and scope of the limit under the cursor: `P18 binance:BTCUSDT`."""
    row = at_cursor(ordered(snapshot.limits, SORTS, view), view)
    return f"{row.check} {row.scope}" if row else None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """The limit drawn at line `y`."""
    return row_at_line([bool(_overrides(snapshot, row)) for row in _sorted(snapshot, view)], False, view, size, y)


def _sorted(snapshot: Snapshot, view: PaneView) -> Sequence[LimitView]:
    return ordered(snapshot.limits, SORTS, view)


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


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The table with its overrides; where rows are left, what was refused and why."""
    space = inner(size)
    count = len(snapshot.overrides)
    note = Cell(f"{count} override{'s' if count > 1 else ''}") if count else Cell("")
    frame = Frame(NUMBER, Cell(TITLE), note, palette.warning, is_focused=view.is_focused)
    if not snapshot.limits:
        body = message(Cell("no limits"), space, palette.muted)
    else:

        def detail(row: LimitView) -> Cell:
            return Cell("; ".join(_said(each, snapshot, row) for each in _overrides(snapshot, row)))

        spec = Table(_columns(snapshot, palette), detail=detail)
        body = table(spec, _sorted(snapshot, view), view, space, palette)
    room = space.height - len(body)
    if snapshot.refusals and room >= 2:
        body = [*body, *_refused(snapshot.refusals, Size(space.width, room), palette)]
    return box(frame, body, size, palette)


def _said(each: OverrideView, snapshot: Snapshot, row: LimitView) -> Cell:
    left = countdown(each.until_ns - snapshot.now_ns)
    extra = amount(each.extra, row, snapshot)
    return Cell(f"override +{extra} by {shown(each.author, 24)}, {left} left, '{shown(each.reason, 60)}'")


def _refused(refusals: Sequence[RefusalView], size: Size, palette: Palette) -> list[Row]:
    lines: list[Row] = [rule(Cell("refused"), size.width, palette)]
    for each in refusals[: size.height - 1]:
        count = Cell(f" {shown(each.check, 24)} ×{each.count:,} ")
        text = plain(each.last_text, max(size.width - cells(count), 0))
        lines.append(((count, palette.warning), (text, palette.muted)))
    return lines


def _columns(snapshot: Snapshot, palette: Palette) -> tuple[Column[LimitView], ...]:
    def state(row: LimitView) -> Style:
        percent = _share(row) // 10
        return palette.error if percent >= 100 else palette.warning if percent >= NEAR else palette.text

    def use(row: LimitView) -> Cell:
        return Cell(f"{used(row.used, row.limit, 6, palette.is_ascii)} {share(row.used, row.limit):>5}")

    def free(row: LimitView) -> Cell:
        return amount(row.limit - row.used, row, snapshot)

    return (
        Column("check", 5, lambda row: shown(row.check, 12), is_number=False),
        Column("limit", 12, lambda row: shown(row.code, 24), priority=2, is_number=False),
        Column("scope", 16, lambda row: shown(row.scope, 32), lambda _: palette.muted, is_number=False),
        Column("used", 12, use, state),
        Column("used", 9, lambda row: amount(row.used, row, snapshot), priority=4),
        Column("free", 9, free, priority=1),
        Column("of", 9, lambda row: amount(row.limit, row, snapshot), priority=3),
        Column("unit", 6, lambda row: shown(row.unit, 12), lambda _: palette.muted, priority=6, is_number=False),
        Column("override", 8, lambda row: Cell("O" if row.may_override else "fixed"), priority=5, is_number=False),
    )
