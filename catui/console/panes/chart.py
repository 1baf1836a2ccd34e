"""The chart: the mid over time as a line or as candles, where the target turned, and what we bought and sold."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct
from rich.style import Style

from catui.console.panes.pane import Pane, list_walk, nowhere, still
from catui.console.render.axis import round_values, time_row
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.braille import CANDLE_CELLS, bars, dots_across, dots_down, line, row_of
from catui.console.render.flow import Item, flow
from catui.console.render.line import Line, Row
from catui.console.render.listing import Sheet
from catui.console.render.number import SECOND, bps, clock, half_price, instruments, price
from catui.console.render.palette import Palette
from catui.console.render.plot import painted, with_values
from catui.console.render.text import Cell, cells, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import CandleView, ChartView, InstrumentView, Snapshot

NAME, NUMBER, TITLE = "chart", 3, "Chart"
SCALES_S = (1, 5, 15, 60, 300)
MOST = 400  # intervals that the desk keeps of each
PLOT_NEEDS = 12  # cells across that prices at the left must leave
LEAST_HALF_TICKS = 4  # of height, so that a flat line lies in the middle
READING_NEEDS = 9  # body rows from which the interval under the cursor is said in numbers
AXIS_NEEDS = 4  # body rows under which a chart has no times
VALUE_ROWS = 3  # rows of cells a value on the axis, at least
BOUGHT, SOLD, LONG, SHORT = "o", "x", "^", "v"


class Interval(NamedTuple):
    """The mid over one interval, in half ticks."""

    open: int
    high: int
    low: int
    close: int


def scale_name(scale_s: int) -> str:
    """An interval as people write it.

    >>> scale_name(15), scale_name(300)
    ('15s', '5m')
    """
    return f"{scale_s // 60}m" if scale_s >= 60 else f"{scale_s}s"


def growing_scale_s(run_ns: int, count: int) -> int:
    """The coarsest scale at which `count` intervals are no longer than the run; the finest, while none is.

    So a chart opens at the second and is never bare for longer than its width in seconds. Law: never finer for a longer
    run, nor for fewer intervals.

    >>> [growing_scale_s(seconds * SECOND, 68) for seconds in (0, 339, 340, 1_020, 4_080, 86_400)]
    [1, 1, 5, 15, 60, 300]
    """
    return max([scale_s for scale_s in SCALES_S if scale_s * count * SECOND <= run_ns], default=SCALES_S[0])


def scale_s_of(snapshot: Snapshot | None, view: PaneView, size: Size, *, is_ascii: bool) -> int:
    """The scale to ask the desk for: a person's; else the one that grows with the run, but not under a cursor."""
    if view.scale_s > 0:
        return view.scale_s
    chart = None if snapshot is None else snapshot.chart
    if snapshot is None or chart is None or not snapshot.equity:
        return SCALES_S[0]
    if (view.cursor > 0 or size.width < 1) and chart.scale_s in SCALES_S:
        return chart.scale_s
    width = inner(size).width - _axis(snapshot, chart, inner(size))
    run_ns = snapshot.now_ns - snapshot.equity[0].ts_ns
    return growing_scale_s(run_ns, max(_count(view, width, is_ascii=is_ascii), 1))


def intervals(chart: ChartView, count: int) -> list[Interval | None]:
    """The last `count` intervals, oldest first, the running one last.

    One in which nothing changed is flat at the last close; None where the mid was not known.
    """
    found: list[Interval | None] = [None] * count
    base = chart.base_half_ticks
    for index, candle in enumerate(chart.candles):
        then = chart.candles[index + 1] if index + 1 < len(chart.candles) else None
        close = candle.close + base
        if 0 <= candle.ago < count:
            found[count - 1 - candle.ago] = Interval(candle.open + base, candle.high + base, candle.low + base, close)
        until = _flat_until(chart, candle, then)
        for ago in range(min(candle.ago - 1, count - 1), max(until, -1), -1):
            found[count - 1 - ago] = Interval(close, close, close, close)
    return found


def _flat_until(chart: ChartView, candle: CandleView, then: CandleView | None) -> int:
    """The mid of a candle stays until the next one; behind it is a gap, or time is up: how long ago that was."""
    if then is None:
        return candle.ago if chart.mid_half_ticks is None else -1
    return candle.ago if then.is_after_gap else then.ago


def ids(snapshot: Snapshot, _: PaneView) -> Sequence[str]:
    """The intervals from now back, by their place since 1970, so that the cursor stays in its time."""
    chart = snapshot.chart
    if chart is None or not chart.candles:
        return ()
    now = snapshot.now_ns // (max(chart.scale_s, 1) * SECOND)
    return [str(now - ago) for ago in range(min(max(each.ago for each in chart.candles) + 1, MOST))]


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The plot; before the first mid it says what it waits for."""
    instrument, chart, space = instruments(snapshot).get(snapshot.shown), snapshot.chart, inner(size)
    name = f" {shown(instrument.symbol, 24)}" if instrument else ""
    scale = scale_name(chart.scale_s if chart else view.scale_s or SCALES_S[0])
    note = Cell(f"mid, {'candles' if view.is_candles else 'line'} {scale}")
    frame = Frame(NUMBER, Cell(TITLE + name), note, is_focused=view.is_focused, tabs=view.tabs)
    if chart is None or not chart.candles or instrument is None or not space.width or not space.height:
        return box(frame, message(Cell("no mid yet"), space, palette.muted), size, palette)
    plot = _plot(snapshot, chart, instrument, view, space, palette)
    return box(frame, plot.rows(), size, palette)


class _Plot(Struct, frozen=True):
    """What is drawn where: `axis` cells of prices at the left, then `width` by `height` cells of plot."""

    snapshot: Snapshot
    chart: ChartView
    instrument: InstrumentView
    view: PaneView
    palette: Palette
    seen: list[Interval | None]
    low: int
    high: int
    axis: int
    width: int
    height: int
    has_times: bool
    has_reading: bool

    def rows(self) -> list[Row]:
        drawn = painted(self._drawn(), self._styles(), self._marks())
        body: list[Row] = list(drawn)
        if self.axis:
            values = self._values()
            texts = [price(half // 2, self.instrument) for half in values]
            body = with_values(drawn, [self._row(half) for half in values], texts, self.axis - 2, self.palette)
        if self.has_times:
            body.append(self._times())
        if self.has_reading:
            body.append(self._reading())
        return body

    def _drawn(self) -> list[Cell]:
        is_ascii = self.palette.is_ascii
        if self.view.is_candles:
            return bars(self.seen, self.low, self.high, self.width, self.height, is_ascii)
        spans = [None if each is None else (each.high, each.low, each.close) for each in self.seen]
        return line(spans, self.low, self.high, self.width, self.height, is_ascii)

    def _styles(self) -> list[Style]:
        """A style a cell across: candles by their direction, the cursor's ground."""
        up, down, flat = self.palette.up, self.palette.down, self.palette.accent
        styles = [flat] * self.width
        if self.view.is_candles:
            for index, each in enumerate(self.seen):
                if each is not None:
                    style = up if each.close > each.open else down
                    for x in range(index * CANDLE_CELLS, min((index + 1) * CANDLE_CELLS, self.width)):
                        styles[x] = style
        if self.view.is_focused and self.view.cursor > 0:
            for x in self._cells_of(self.view.cursor):
                styles[x] = styles[x] + self.palette.cursor
        return styles

    def _cells_of(self, ago: int) -> range:
        """The cells of an interval; none where it is not on the plot."""
        index = len(self.seen) - 1 - ago
        if not 0 <= index < len(self.seen):
            return range(0)
        if self.view.is_candles:
            return range(index * CANDLE_CELLS, min((index + 1) * CANDLE_CELLS, self.width))
        x = index * self.width // len(self.seen)
        return range(x, x + 1)

    def _row(self, half: int) -> int:
        """The row of cells of a price in half ticks."""
        down = dots_down(self.height, self.palette.is_ascii)
        return row_of(half, self.low, self.high, down) * self.height // down

    def _marks(self) -> dict[tuple[int, int], tuple[str, Style]]:
        """Turns beside the line, then our fills, which stand above all else."""
        palette, marks = self.palette, dict[tuple[int, int], tuple[str, Style]]()
        for turn in self.chart.turns:
            ago = self._ago(turn.ts_ns)
            for x in self._cells_of(ago)[:1]:
                there = self.seen[len(self.seen) - 1 - ago]
                if there is not None:
                    y = self._row(there.low) + 1 if turn.sign > 0 else self._row(there.high) - 1
                    mark = (LONG, palette.up) if turn.sign > 0 else (SHORT, palette.down)
                    marks[min(max(y, 0), self.height - 1), x] = mark
        for fill in self.chart.fills:
            for x in self._cells_of(self._ago(fill.ts_ns))[:1]:
                marks[self._row(2 * fill.price_ticks), x] = (BOUGHT if fill.sign > 0 else SOLD, palette.own)
        return marks

    def _ago(self, ts_ns: int) -> int:
        length_ns = max(self.chart.scale_s, 1) * SECOND
        return self.snapshot.now_ns // length_ns - ts_ns // length_ns

    def _values(self) -> Sequence[int]:
        """Round prices, in half ticks."""
        step = max(self.instrument.tick_step, 1)
        most = max(self.height // VALUE_ROWS, 1)
        found = round_values(-(-self.low * step // 2), self.high * step // 2, most, step)
        return [2 * value // step for value in found]

    def _times(self) -> Row:
        length_ns = max(self.chart.scale_s, 1) * SECOND
        end_ns = (self.snapshot.now_ns // length_ns + 1) * length_ns
        row = time_row(end_ns - len(self.seen) * length_ns, end_ns, self.width)
        return ((Cell(" " * self.axis), self.palette.text), (row, self.palette.muted))

    def _reading(self) -> Row:
        """The interval under the cursor in numbers, and what the marks mean."""
        cursor = min(max(self.view.cursor, 0), len(self.seen) - 1) if self.view.is_focused else 0
        each, muted, text = self.seen[len(self.seen) - 1 - cursor], self.palette.muted, self.palette.text
        length_ns = max(self.chart.scale_s, 1) * SECOND
        at_ns = (self.snapshot.now_ns // length_ns - cursor) * length_ns
        items = [Item(((Cell(f" {clock(at_ns)}Z"), muted),), 0)]
        if each is None:
            items.append(Item(((Cell("mid not known"), self.palette.warning),), 1))
        else:
            style = self.palette.signed(each.close - each.open)
            named = (("open", each.open, 3), ("high", each.high, 4), ("low", each.low, 5), ("close", each.close, 1))
            for word, half, priority in named:
                value = half_price(half, self.instrument)
                items.append(Item(((Cell(f"{word} "), muted), (value, style if word == "close" else text)), priority))
            change = bps(each.close - each.open, each.open, signed=True)
            items.append(Item(((change, style), (Cell(" bps"), muted)), 2))
        legend = f"{BOUGHT} bought {SOLD} sold {LONG}{SHORT} target turned "
        items.append(Item(((Cell(legend), muted),), 6, is_right=True))
        return flow(items, self.axis + self.width, self.palette)


def _plot(
    snapshot: Snapshot, chart: ChartView, instrument: InstrumentView, view: PaneView, space: Size, palette: Palette
) -> _Plot:
    has_times, has_reading = space.height >= AXIS_NEEDS, space.height >= READING_NEEDS
    axis = _axis(snapshot, chart, space)
    width = max(space.width - axis, 0)
    seen = intervals(chart, max(_count(view, width, is_ascii=palette.is_ascii), 1))
    known = [each for each in seen if each is not None]
    low, high = min([each.low for each in known], default=0), max([each.high for each in known], default=0)
    if high - low < LEAST_HALF_TICKS:
        low, high = low - LEAST_HALF_TICKS // 2, high + LEAST_HALF_TICKS // 2
    height = max(space.height - has_times - has_reading, 0)
    return _Plot(
        snapshot, chart, instrument, view, palette, seen, low, high, axis, width, height, has_times, has_reading
    )


def _axis(snapshot: Snapshot, chart: ChartView, space: Size) -> int:
    """Cells of prices at the left; none where they would leave too little."""
    instrument = instruments(snapshot).get(snapshot.shown)
    highest = chart.base_half_ticks + max([candle.high for candle in chart.candles], default=0)
    axis = 2 + max(cells(price(half // 2, instrument)) for half in (chart.base_half_ticks, highest))
    return axis if axis + PLOT_NEEDS <= space.width else 0


def _count(view: PaneView, width: int, *, is_ascii: bool) -> int:
    """Intervals on `width` cells: one a column of dots, or one a candle."""
    return width // CANDLE_CELLS if view.is_candles else dots_across(width, is_ascii)


def sheet(snapshot: Snapshot, view: PaneView, _: Palette) -> tuple[Sheet, int | None]:
    """The intervals that the desk sent, newest first; where the mid was not known, nothing."""
    chart, instrument = snapshot.chart, instruments(snapshot).get(snapshot.shown)
    count = len(ids(snapshot, view))
    titles = tuple(Cell(name) for name in ("time Z", "open", "high", "low", "close"))
    is_number = (False, True, True, True, True)
    if chart is None or not count:
        return Sheet(titles, is_number, ()), None
    length_ns = max(chart.scale_s, 1) * SECOND
    now = snapshot.now_ns // length_ns
    rows = []
    for ago, each in enumerate(reversed(intervals(chart, count))):
        values = [Cell("")] * 4 if each is None else [half_price(half, instrument) for half in each]
        rows.append((clock((now - ago) * length_ns), *values))
    return Sheet(titles, is_number, tuple(rows)), min(max(view.cursor, 0), count - 1)


PANE = Pane(NAME, NUMBER, TITLE, render, (list_walk(ids, nowhere, still, follows="head", sheet=sheet),))
