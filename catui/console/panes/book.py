"""The order book: bids left, asks right and above, the spread between them, our own orders at their price."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from rich.style import Style

from catui.console.render.bar import filled
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.flow import Item, flow, joined, kept
from catui.console.render.ladder import (
    Own,
    Rung,
    anchor_x2,
    ask_step,
    bid_step,
    held_group,
    ideal_group,
    ladder,
    touch,
)
from catui.console.render.line import Line, Piece, Row, restyled, width_of
from catui.console.render.number import age, bps, decimal, instruments, price, quantity, ratio
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, number, shown
from catui.console.render.view import PaneView, Size, at_cursor
from catui.snapshot import BookView, InstrumentView, OrderView, Snapshot

TITLE = "Book"
NUMBER = 1

FOOT_NEEDS = 14  # body rows from which the row with imbalance and last price is shown
OWN_NARROW = 3
MARKS = {"BUY": "▲", "SELL": "▼"}


def own_orders(snapshot: Snapshot) -> list[OrderView]:
    """Our orders in the shown instrument, as the cursor walks them: from the highest price down."""
    mine = [order for order in snapshot.orders if order.instrument == snapshot.shown]
    return sorted(mine, key=lambda order: (-order.price_ticks, order.created_ns, order.id))


def rows(snapshot: Snapshot) -> int:
    """How many of our orders stand in the shown book: the cursor goes from one to the next."""
    return len(own_orders(snapshot))


def row_id(snapshot: Snapshot, view: PaneView) -> str | None:
    """The id of our order under the cursor."""
    order = at_cursor(own_orders(snapshot), view)
    return order.id if order else None


def row_at(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> int | None:
    """Which of our orders stands at line `y`: the first at that price."""
    view, space = follow(snapshot, view, size), inner(size)
    if view.centre_ticks is None:
        return None
    places = _places(snapshot, view, space)
    place = y - 2
    if not 0 <= place < len(places) or places[place] is None:
        return None
    group = _group(view)
    for index, order in enumerate(own_orders(snapshot)):
        if _step(order, group) == places[place]:
            return index
    return None


def _step(order: OrderView, group: int) -> int:
    return ask_step(order.price_ticks, group) if order.side == "SELL" else bid_step(order.price_ticks, group)


def follow(snapshot: Snapshot, view: PaneView, size: Size) -> PaneView:
    """The view with its ladder placed: re-centred only when the mid has left the middle third of the rows.

    Keep the answer as the pane's view and no price moves under the eye; `render` does the same for itself.
    `replace(view, centre_ticks=None)` centres at once.
    """
    book, count = snapshot.book, _price_rows(inner(size).height)
    anchor = anchor_x2(book)
    if anchor is None:
        return view if view.centre_ticks is None else replace(view, centre_ticks=None)
    auto = held_group(view.auto_ticks, ideal_group(book, count))
    group = view.group_ticks if view.group_ticks > 0 else auto
    centre = view.centre_ticks
    if centre is None or centre % group or abs(anchor - 2 * centre) * 3 > count * group:
        centre = anchor // (2 * group) * group
    if centre == view.centre_ticks and auto == view.auto_ticks:
        return view
    return replace(view, centre_ticks=centre, auto_ticks=auto)


def _group(view: PaneView) -> int:
    return view.group_ticks if view.group_ticks > 0 else max(view.auto_ticks, 1)


def _price_rows(height: int) -> int:
    """Rows for prices: without headings, the spread, and the last row where there is one."""
    return max(height - 2 - (height >= FOOT_NEEDS), 1)


def _top(view: PaneView, count: int) -> int:
    """The step of the first row: half of the rows stand above the centre."""
    return (view.centre_ticks or 0) // _group(view) + count // 2


def _places(snapshot: Snapshot, view: PaneView, space: Size) -> list[int | None]:
    """The step on each row below the headings; None is the spread, which stands where the mid is."""
    count, group = _price_rows(space.height), _group(view)
    top, anchor = _top(view, count), anchor_x2(snapshot.book) or 0
    steps: list[int | None] = [*range(top, top - count, -1)]
    above = sum(step is not None and 2 * step * group > anchor for step in steps)
    steps.insert(above, None)
    return steps


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The ladder with its state in the title; before the first book it says what it waits for."""
    book, space = snapshot.book, inner(size)
    instrument = instruments(snapshot).get(snapshot.shown)
    view = follow(snapshot, view, size)
    name = f" {shown(instrument.symbol, 24)} {shown(instrument.venue, 12)}" if instrument else ""
    note, style = _note(book, view, instrument, palette)
    frame = Frame(NUMBER, Cell(TITLE + name), note, style, is_focused=view.is_focused)
    if view.centre_ticks is None:
        why = f" ({shown(book.detail, 60)})" if book.detail else ""
        return box(frame, message(Cell(f"waiting for first book{why}"), space, palette.muted), size, palette)
    count = _price_rows(space.height)
    rungs, beyond = ladder(book, snapshot.orders, _top(view, count), count, _group(view))
    frame = replace(frame, foot=_beyond(beyond))
    if book.instrument != snapshot.shown:
        return box(frame, message(Cell("waiting for this book"), space, palette.muted), size, palette)
    body = _body(snapshot, view, rungs, space, palette)
    if book.state == "stale":
        body = [[(cell, palette.stale) for cell, _ in row] for row in body]
    return box(frame, body, size, palette)


def _note(book: BookView, view: PaneView, instrument: InstrumentView | None, palette: Palette) -> tuple[Cell, Style]:
    """The book's state in words, else the size of a step."""
    match book.state:
        case "stale":
            return Cell(f"STALE {age(book.age_ns)}"), palette.warning
        case "gap":
            return Cell("GAP resync"), palette.error
        case "crossed":
            return Cell("CROSSED"), palette.error
        case "one-sided":
            return Cell("ONE-SIDED"), palette.warning
        case "waiting":
            return Cell("waiting"), palette.warning
        case _:
            return Cell(f"×{price(_group(view), instrument)}"), palette.muted


def _beyond(beyond: tuple[int, int]) -> Cell:
    above, below = beyond
    parts = [f"{count} own {word}" for count, word in ((above, "above"), (below, "below")) if count]
    return Cell(", ".join(parts))


class Measure(Struct, frozen=True):
    """The widths of the ladder's cells. `bar` is quantity and depth, on which the depth bar lies."""

    own: int
    bar: int
    lots: int
    price: int
    pad: int
    has_depth: bool


def _measure(
    rungs: Sequence[Rung], group: int, instrument: InstrumentView | None, width: int, full_own: int
) -> Measure:
    """Widths for this size: quantity and price first, then our orders, then the depth, then all of our orders."""
    ends = (rungs[0].step * group, rungs[-1].step * group)
    middle = min(max([6, *(cells(price(ticks, instrument)) for ticks in ends)]), max(width - 5, 0))
    lots = max([7, *(cells(quantity(max(rung.bid_lots, rung.ask_lots), instrument)) for rung in rungs)])
    deepest = max(max(rung.bid_cumulative, rung.ask_cumulative) for rung in rungs)
    depth = max(7, cells(quantity(deepest, instrument)))
    side = max((width - 1 - middle - 4) // 2, 0)
    own = OWN_NARROW if side >= lots + 1 + OWN_NARROW else 0
    spare = side - lots - (own + 1 if own else 0)
    has_depth = spare >= depth + 1
    if has_depth and own and spare - depth - 1 >= full_own - own:
        own = max(full_own, own)
    bar = max(side - (own + 1 if own else 0), 0)
    return Measure(own, bar, min(lots, bar), middle, width - 1 - middle - 4 - 2 * side, has_depth)


def _body(
    snapshot: Snapshot,
    view: PaneView,
    rungs: Sequence[Rung],
    space: Size,
    palette: Palette,
) -> list[Row]:
    book, group, instrument = snapshot.book, _group(view), instruments(snapshot).get(snapshot.shown)
    owns = [own for rung in rungs for own in (rung.own_bid, rung.own_ask) if own]
    widest = max([OWN_NARROW, *(cells(_own_text(own, instrument)) for own in owns)])
    measure = _measure(rungs, group, instrument, space.width, widest)
    pointed = at_cursor(own_orders(snapshot), view) if view.is_focused else None
    at = _step(pointed, group) if pointed else None
    draw = _Drawing(measure, instrument, palette, max(max(r.bid_cumulative, r.ask_cumulative) for r in rungs))
    lines: list[Row] = [draw.heading()]
    by_step = {rung.step: rung for rung in rungs}
    last = _last_step(book, group)
    for step in _places(snapshot, view, space):
        if step is None:
            lines.append(_spread(book, instrument, space.width, palette))
            continue
        mark = MARKS.get(book.last_side, "•") if step == last else " "
        row = draw.rung(by_step[step], price(step * group, instrument), mark)
        lines.append(restyled([(Cell(">"), palette.accent), *row[1:]], palette.cursor) if step == at else row)
    if space.height >= FOOT_NEEDS:
        lines.append(_foot(book, instrument, space.width, palette))
    return lines


def _last_step(book: BookView, group: int) -> int | None:
    if book.last_ticks is None:
        return None
    return bid_step(book.last_ticks, group) if book.last_side == "SELL" else ask_step(book.last_ticks, group)


def _own_text(own: Own, instrument: InstrumentView | None) -> Cell:
    return Cell(f"{own.count}{'?' if own.is_unknown else ':'}{quantity(own.lots, instrument)}")


class _Drawing(Struct, frozen=True):
    measure: Measure
    instrument: InstrumentView | None
    palette: Palette
    deepest: int

    def heading(self) -> Row:
        measure, style = self.measure, self.palette.muted
        own = f"{'own':>{measure.own}} " if measure.own else ""
        bid = self._depth(Cell("depth" if measure.has_depth else ""), Cell("bid"), is_ask=False)
        ask = self._depth(Cell("depth" if measure.has_depth else ""), Cell("ask"), is_ask=True)
        middle = f"{'price':>{measure.price}}"
        return ((Cell(f" {own}{bid} {middle}   {ask}{' ' + 'own' if own else ''}"), style),)

    def rung(self, rung: Rung, text: Cell, mark: str) -> list[Piece]:
        measure, palette = self.measure, self.palette
        middle = palette.down if rung.ask_lots else palette.up if rung.bid_lots else palette.muted
        row: list[Piece] = [(Cell(" "), palette.text)]
        if measure.own:
            row += [self._own(rung.own_bid, is_ask=False), (Cell(" "), palette.text)]
        row += self._side(rung.bid_lots, rung.bid_cumulative, is_ask=False)
        row += [(Cell(" "), palette.text), (number(text, measure.price), middle)]
        row += [(Cell(f" {mark} "), palette.last)]
        row += self._side(rung.ask_lots, rung.ask_cumulative, is_ask=True)
        if measure.own:
            row += [(Cell(" "), palette.text), self._own(rung.own_ask, is_ask=True)]
        return row

    def _own(self, own: Own | None, is_ask: bool) -> Piece:
        width = self.measure.own
        if own is None:
            return Cell(" " * width), self.palette.text
        text = _own_text(own, self.instrument)
        if cells(text) > width:
            text = Cell(f"{own.count}{'?' if own.is_unknown else ''}")
        fitted = number(text, width)
        return Cell(fitted.lstrip().ljust(width)) if is_ask else fitted, self.palette.own

    def _side(self, lots: int, cumulative: int, is_ask: bool) -> list[Piece]:
        """Quantity and depth over a bar as long as the depth."""
        palette, width = self.palette, self.measure.bar
        amount = quantity(lots, self.instrument) if lots else Cell("")
        depth = quantity(cumulative, self.instrument) if lots and self.measure.has_depth else Cell("")
        text = self._depth(depth, amount, is_ask)
        length = filled(cumulative, self.deepest, width)
        if is_ask:
            return [(Cell(text[:length]), palette.ask_bar), (Cell(text[length:]), palette.text)]
        return [(Cell(text[: width - length]), palette.text), (Cell(text[width - length :]), palette.bid_bar)]

    def _depth(self, depth: Cell, amount: Cell, is_ask: bool) -> Cell:
        measure = self.measure
        inner_text = number(amount, measure.lots)
        room = measure.bar - measure.lots
        if not measure.has_depth or room <= 1:
            return Cell(inner_text + " " * room if is_ask else " " * room + inner_text)
        outer = number(depth, room - 1)
        return Cell(f"{inner_text} {outer}" if is_ask else f"{outer} {inner_text}")


def _spread(book: BookView, instrument: InstrumentView | None, width: int, palette: Palette) -> Row:
    """The touch in numbers: spread, its basis points of the mid, the mid; or why there is none."""
    bid, ask = touch(book)
    words: list[Item] = []
    if bid is None or ask is None:
        words.append(Item(((Cell("ONE-SIDED, no mid"), palette.warning),)))
    elif bid > ask:
        words.append(Item(((Cell(f"CROSSED by {price(bid - ask, instrument)}"), palette.error),)))
    else:
        words.append(Item(((Cell("spread "), palette.muted), (price(ask - bid, instrument), palette.strong)), 0))
        words.append(Item(((bps(2 * (ask - bid), bid + ask), palette.text), (Cell(" bps"), palette.muted)), 1))
        words.append(Item(((Cell("mid "), palette.muted), (_mid(bid + ask, instrument), palette.strong)), 2))
    return _ruled(words, width, palette)


def _ruled(words: Sequence[Item], width: int, palette: Palette) -> Row:
    """The words on a rule across the ladder."""
    inside = joined(kept(words, width - 6), palette)
    rest = max(width - 5 - width_of(inside), 0)
    return [(Cell(" ── "), palette.border), *inside, (Cell(" " + "─" * rest), palette.border)]


def _mid(twice_ticks: int, instrument: InstrumentView | None) -> Cell:
    """The mid with all its decimals: half a tick needs one more."""
    if instrument is None:
        return Cell("?")
    if twice_ticks * instrument.tick_step % 2 == 0:
        return decimal(twice_ticks * instrument.tick_step // 2, instrument.price_decimals)
    return decimal(twice_ticks * instrument.tick_step * 5, instrument.price_decimals + 1)


def _foot(book: BookView, instrument: InstrumentView | None, width: int, palette: Palette) -> Row:
    mark = MARKS.get(book.last_side, "")
    style = palette.up if book.last_side == "BUY" else palette.down if book.last_side == "SELL" else palette.text
    last = (
        (Cell(" last "), palette.muted),
        (Cell(f"{price(book.last_ticks, instrument)}{' ' + mark if mark else ''}"), style),
    )
    imbalance = ((Cell("imbalance "), palette.muted), (ratio(book.imbalance), palette.signed(book.imbalance)))
    old = ((Cell("age "), palette.muted), (age(book.age_ns), palette.text), (Cell(" "), palette.text))
    return flow((Item(last, 0), Item(imbalance, 1), Item(old, 2, is_right=True)), width, palette)
