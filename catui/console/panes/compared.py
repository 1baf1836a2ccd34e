"""A run and its branch side by side: figures, both equities in one chart, the first event that differs."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from rich.style import Style

from catui.console.panes.pnl import axis_money
from catui.console.render.axis import round_values, time_row
from catui.console.render.braille import BLANK, dots_across, dots_down, line, row_of, spans_of
from catui.console.render.line import Line, Piece, Row
from catui.console.render.line import line as drawn_line
from catui.console.render.number import NOT_YET, clock, decimal, money
from catui.console.render.palette import Palette
from catui.console.render.plot import Marks, painted, with_values
from catui.console.render.text import Cell, cells, fit, shown
from catui.console.render.view import Size
from catui.runtime.past.messages import Compared
from catui.runtime.past.whatif import Change, Side

LEAST_CHART = 5  # rows under which the checks that refused give way
CHECKS = 8  # rows of refusals by check, at most
NAME_CELLS, NUMBER_CELLS = 14, 15  # a number's column is narrower where five of them must have room
DASH = 4  # columns of dots: half of them drawn
KEYS_ROW = Cell(" Enter: go to the first difference   B: change more   esc: leave")
MODEL = "B - C: effect of the change; C - A: drift of the model, from seq"
TWO = ("A run", "B branch", "B - A")
THREE = ("A run", "B branch", "C control", "B - C change", "C - A model")


class Figure(Struct, frozen=True):
    """One figure of every side; money, or a number of things. Without a control the branch is held to the run."""

    name: str
    run: int
    branch: int
    control: int | None = None
    is_money: bool = False
    is_signed: bool = False  # more is better

    @property
    def sides(self) -> tuple[int, ...]:
        """As they are: run, branch, and control if there is one."""
        return (self.run, self.branch) if self.control is None else (self.run, self.branch, self.control)

    @property
    def changes(self) -> tuple[int, ...]:
        """What the change made of it, and what the model did by itself."""
        if self.control is None:
            return (self.branch - self.run,)
        return self.branch - self.control, self.control - self.run


def figures(told: Compared) -> tuple[Figure, ...]:
    """What is compared, all since the fork: fees are negative when paid, a drawdown is below 0."""

    def figure(name: str, of: Callable[[Side], int], *, is_money: bool = False) -> Figure:
        control = None if told.control is None else of(told.control)
        return Figure(name, of(told.run), of(told.branch), control, is_money, is_money)

    return (
        figure("P&L", lambda side: side.pnl_money, is_money=True),
        figure("max drawdown", lambda side: -side.drawdown_money, is_money=True),
        figure("fees", lambda side: -side.fees_money, is_money=True),
        figure("orders", lambda side: side.orders),
        figure("fills", lambda side: side.fills),
        figure("resized", lambda side: side.resized),
        figure("refusals", lambda side: sum(side.refusals.values())),
    )


def by_check(told: Compared) -> tuple[Figure, ...]:
    """Refusals by check, the most frequent first."""
    sides = told.run, told.branch, *(() if told.control is None else (told.control,))
    checks = sorted({check for side in sides for check in side.refusals})
    rows = [Figure(f"  by {check}", *(side.refusals.get(check, 0) for side in sides)) for check in checks]
    return tuple(sorted(rows, key=lambda row: -sum(row.sides)))


def render(
    told: Compared, changes: Sequence[Change], keys: Cell, size: Size, palette: Palette, warning: str = ""
) -> list[Line]:
    """Exactly `size`: what it is, the table, the chart, the first difference, and the `keys` that leave it.

    `warning`: why the run's own side is not to be relied on.
    """
    head = _head(told, changes, palette, warning)
    foot = [*_difference(told, palette), ((keys, palette.muted),)]
    columns = TWO if told.control is None else THREE
    column_cells = max(min((size.width - NAME_CELLS) // len(columns), NUMBER_CELLS), 1)
    rows = [*_table(told, figures(told), column_cells, palette)]
    checks = by_check(told)[: max(min(CHECKS, size.height - len(head) - len(rows) - len(foot) - LEAST_CHART), 0)]
    rows += [_row(told, each, column_cells, palette) for each in checks]
    room = size.height - len(head) - len(rows) - len(foot)
    chart = _chart(told, Size(size.width, room), palette) if room >= 2 else [()] * max(room, 0)
    whole: list[Row] = [*head, *rows, *chart, *foot]
    return [drawn_line(row, size.width, palette) for row in whole[: size.height]]


def _head(told: Compared, changes: Sequence[Change], palette: Palette, warning: str) -> list[Row]:
    events = told.last_seq - told.seq
    place = f" branch from seq {told.seq:,} {clock(told.from_ns, 3)}Z, {events:,} events; nothing is sent"
    otherwise = "; ".join(f"{' '.join(each.path)} {each.value}" for each in changes) or "nothing changed"
    head: list[Row] = [
        ((Cell(" WHAT-IF "), palette.past), (shown(place, 200), palette.text)),
        ((Cell(" B: "), palette.muted), (shown(otherwise, 400), palette.strong)),
    ]
    if warning:
        head.append(((shown(f" ! {warning}", 200), palette.warning),))
    if told.model_seq is not None:
        head.append(((Cell(f" {MODEL} {told.model_seq:,}"), palette.warning),))
    return head


def _table(told: Compared, rows: Sequence[Figure], column_cells: int, palette: Palette) -> list[Row]:
    titles = "".join(title.rjust(column_cells) for title in (TWO if told.control is None else THREE))
    named = Cell(f" {shown(told.quote, 8)}".ljust(NAME_CELLS) + titles)
    return [((named, palette.heading),), *(_row(told, row, column_cells, palette) for row in rows)]


def _row(told: Compared, row: Figure, column_cells: int, palette: Palette) -> Row:
    def number(value: int, style: Style, *, signed: bool) -> Piece:
        text = money(value, told.money_digits, signed=signed) if row.is_money else decimal(value, 0, signed)
        return Cell((text if cells(text) < column_cells else "####").rjust(column_cells)), style

    return (
        (Cell(f" {row.name}".ljust(NAME_CELLS)), palette.muted),
        *(number(value, palette.text, signed=row.is_signed) for value in row.sides),
        *(
            number(value, palette.signed(value) if row.is_signed else palette.text, signed=True)
            for value in row.changes
        ),
    )


def _difference(told: Compared, palette: Palette) -> list[Row]:
    found = told.difference
    if found is None:
        return [((Cell(" no event differs"), palette.text),)]
    first = Cell(f" first difference: seq {found.seq:,} {clock(found.ts_ns, 3)}Z")
    sides = (("A", found.run), ("B", found.branch))
    return [
        ((first, palette.heading),),
        *(((Cell(f"   {name}  "), palette.muted), (shown(did or "nothing", 300), palette.text)) for name, did in sides),
    ]


def _chart(told: Compared, size: Size, palette: Palette) -> list[Row]:
    """Both equities on one scale: the run's line whole, the branch's broken, their letters at the end."""
    ends = told.run.equity_money, told.branch.equity_money
    if not (ends[0] and ends[1]) or told.until_ns <= told.from_ns:
        return [((fit(Cell("no time passed between the fork and the end"), size.width, "^"), palette.muted),)] + [
            () for _ in range(size.height - 1)
        ]
    low, high = min(min(each) for each in ends), max(max(each) for each in ends)
    height = size.height - 1
    down = dots_down(height, palette.is_ascii)
    values = round_values(low, high, max(height // 2, 1))
    labels = axis_money(values, told.money_digits)
    axis = max((cells(each) for each in labels), default=cells(NOT_YET))
    width = size.width - axis - 4
    if width < 4:
        return [() for _ in range(size.height)]
    drawn = [_curve(each, low, high, Size(width, height), palette.is_ascii) for each in ends]
    broken = _broken(drawn[1], palette.is_ascii)
    marks = _overlaid(drawn[0], broken, palette)
    rows = [row_of(each[-1], low, high, down) * height // down for each in ends]
    plot = painted(drawn[0], [palette.accent] * width, marks)
    for place, row in enumerate(plot):
        names = "".join(name for name, at in zip("AB", rows, strict=True) if at == place)
        row.append((Cell(names.ljust(2)), palette.strong))
    places = [row_of(value, low, high, down) * height // down for value in values]
    times = time_row(told.from_ns, told.until_ns, width)
    return [
        *with_values(plot, places, labels, axis, palette),
        ((Cell(" " * (axis + 2)), palette.text), (times, palette.muted)),
    ]


def _curve(values: Sequence[int], low: int, high: int, size: Size, is_ascii: bool) -> list[Cell]:
    spans = spans_of(values, dots_across(size.width, is_ascii))
    return line(spans, low, high, size.width, size.height, is_ascii)


def _broken(drawn: Sequence[Cell], is_ascii: bool) -> list[Cell]:
    """Every second part of a curve left out; in ASCII its letters are `o`, which no curve has."""
    step = DASH // 2 if is_ascii else DASH // 4
    kept = []
    for row in drawn:
        letters = (letter if x // step % 2 == 0 else " " for x, letter in enumerate(row))
        kept.append(Cell("".join("o" if is_ascii and letter != " " else letter for letter in letters)))
    return kept


def _overlaid(under: Sequence[Cell], over: Sequence[Cell], palette: Palette) -> Marks:
    """The second curve's cells over the first's: where both are, their dots together."""
    marks: dict[tuple[int, int], tuple[str, Style]] = {}
    for y, row in enumerate(over):
        for x, letter in enumerate(row):
            if letter != " ":
                both = letter if palette.is_ascii or under[y][x] == " " else _joined(letter, under[y][x])
                marks[y, x] = both, palette.own
    return marks


def _joined(one: str, other: str) -> str:
    """The dots of both."""
    return chr(BLANK | (ord(one) - BLANK) | (ord(other) - BLANK))
