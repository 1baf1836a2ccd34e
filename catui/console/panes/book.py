"""The order book: bids left, asks right and above, the spread between them, our own orders at their price.

A cursor stands on a price. It is placed by the first move, and `c` takes it away; while it stands and the pane has the
focus, no price moves: the ladder stays where it is, and its foot says where the mid is.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from rich.style import Style

from catui.console.panes.pane import Pane, Walk
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.flow import Item, flow, joined, kept
from catui.console.render.ladder import (
    Rung,
    anchor_x2,
    ask_step,
    bid_step,
    held_group,
    ideal_group,
    ladder,
    touch,
)
from catui.console.render.line import Line, Row, restyled, width_of
from catui.console.render.listing import Sheet
from catui.console.render.number import age, bps, half_price, instruments, price, quantity, ratio
from catui.console.render.palette import Palette
from catui.console.render.rungs import Drawing, measured
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import BookView, InstrumentView, OrderView, Snapshot

NAME, NUMBER, TITLE = "book", 1, "Book"

FOOT_NEEDS = 14  # body rows from which the row with imbalance and last price is shown
GROUPINGS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)  # ticks a price step, by hand
MARKS = {"BUY": "▲", "SELL": "▼"}


def own_orders(snapshot: Snapshot) -> list[OrderView]:
    """Our orders in the shown instrument, from the highest price down."""
    mine = [order for order in snapshot.orders if order.instrument == snapshot.shown]
    return sorted(mine, key=lambda order: (-order.price_ticks, order.created_ns, order.id))


def ids(snapshot: Snapshot, view: PaneView) -> Sequence[str]:
    """The ids of our orders at the cursor's price."""
    if view.cursor_ticks is None:
        return ()
    step, group = view.cursor_ticks // _group(view), _group(view)
    return [order.id for order in own_orders(snapshot) if _step(order, group) == step]


def move(snapshot: Snapshot, view: PaneView, size: Size, rows: int) -> PaneView:
    """The cursor so many steps down. The first move places it on the touch it goes towards."""
    view = follow(snapshot, view, size)
    if view.centre_ticks is None:
        return view
    group = _group(view)
    if view.cursor_ticks is None:
        bid, ask = touch(snapshot.book)
        near = bid if rows > 0 else ask
        step = view.centre_ticks // group if near is None else (bid_step if rows > 0 else ask_step)(near, group)
    else:
        step = view.cursor_ticks // group - rows
    count = _price_rows(inner(size).height)
    top = _top(view, count)
    if abs(rows) > count:  # to the end of what is seen
        step = min(max(step, top - count + 1), top)
    view = replace(view, cursor_ticks=step * group)
    if step > top or step <= top - count:
        view = replace(view, centre_ticks=step * group)
    return view


def to_own(snapshot: Snapshot, view: PaneView, size: Size, places: int) -> PaneView:
    """The cursor on our next order down, or up where `places` is below 0; round at the end."""
    view = follow(snapshot, view, size)
    steps = sorted({_step(order, _group(view)) for order in own_orders(snapshot)}, reverse=True)
    if not steps or view.centre_ticks is None:
        return view
    here = None if view.cursor_ticks is None else view.cursor_ticks // _group(view)
    later = [step for step in steps if here is None or (step < here if places > 0 else step > here)]
    step = (later[0] if places > 0 else later[-1]) if later else steps[0 if places > 0 else -1]
    count, top = _price_rows(inner(size).height), _top(view, _price_rows(inner(size).height))
    centre = view.centre_ticks if top - count < step <= top else step * _group(view)
    return replace(view, cursor_ticks=step * _group(view), centre_ticks=centre)


def point(snapshot: Snapshot, view: PaneView, size: Size, y: int) -> PaneView | None:
    """The cursor on the price at line `y`."""
    view, space = follow(snapshot, view, size), inner(size)
    if view.centre_ticks is None:
        return None
    places = _places(snapshot, view, space)
    step = places[y - 2] if 0 <= y - 2 < len(places) else None
    return None if step is None else replace(view, cursor_ticks=step * _group(view))


def _step(order: OrderView, group: int) -> int:
    return ask_step(order.price_ticks, group) if order.side == "SELL" else bid_step(order.price_ticks, group)


def follow(snapshot: Snapshot, view: PaneView, size: Size) -> PaneView:
    """The view with its ladder placed: re-centred only when the mid has left the middle third of the rows, and never
    under a cursor.

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
    is_still = view.is_focused and view.cursor_ticks is not None
    if centre is None or centre % group or (not is_still and abs(anchor - 2 * centre) * 3 > count * group):
        centre = anchor // (2 * group) * group
    if centre == view.centre_ticks and auto == view.auto_ticks:
        return view
    return replace(view, centre_ticks=centre, auto_ticks=auto)


def _group(view: PaneView) -> int:
    return view.group_ticks if view.group_ticks > 0 else max(view.auto_ticks, 1)


def regrouped(view: PaneView, step: int) -> int:
    """Ticks of a price step one coarser (`step` 1) or finer (-1) than the one shown; behind the finest comes 0, the one
    that the depth of the book suggests."""
    now = _group(view)
    if step > 0:
        return next((each for each in GROUPINGS if each > now), now)
    return next((each for each in reversed(GROUPINGS) if each < now), 0)


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
    frame = Frame(NUMBER, Cell(TITLE + name), note, style, is_focused=view.is_focused, tabs=view.tabs)
    if view.centre_ticks is None:
        why = f" ({shown(book.detail, 60)})" if book.detail else ""
        return box(frame, message(Cell(f"waiting for first book{why}"), space, palette.muted), size, palette)
    count = _price_rows(space.height)
    rungs, beyond = ladder(book, snapshot.orders, _top(view, count), count, _group(view))
    frame = replace(frame, foot=_beyond(beyond, rungs, book, view, instrument))
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
        case "empty":
            return Cell("EMPTY"), palette.warning
        case "waiting":
            return Cell("waiting"), palette.warning
        case _:
            return Cell(f"×{price(_group(view), instrument)}"), palette.muted


def _beyond(
    beyond: tuple[int, int],
    rungs: Sequence[Rung],
    book: BookView,
    view: PaneView,
    instrument: InstrumentView | None,
) -> Cell:
    """What is out of sight: orders of ours, the cursor, the mid."""
    above, below = beyond
    parts = [f"{count} own {word}" for count, word in ((above, "above"), (below, "below")) if count]
    group = _group(view)
    if view.is_focused and view.cursor_ticks is not None:
        word = _side_of(2 * view.cursor_ticks, rungs, group, 0)
        parts += [f"cursor {price(view.cursor_ticks, instrument)} {word}"] if word else []
    bid, ask = touch(book)
    if bid is not None and ask is not None and (word := _side_of(bid + ask, rungs, group, 1)):
        parts.append(f"mid {half_price(bid + ask, instrument)} {word}")
    return Cell(", ".join(parts))


def _side_of(half_ticks: int, rungs: Sequence[Rung], group: int, near: int) -> str:
    """Where a price lies that no rung shows; empty for one that does, and so many steps beside it."""
    if half_ticks > 2 * (rungs[0].step + near) * group:
        return "above"
    return "below" if half_ticks < 2 * (rungs[-1].step - near) * group else ""


def _body(
    snapshot: Snapshot,
    view: PaneView,
    rungs: Sequence[Rung],
    space: Size,
    palette: Palette,
) -> list[Row]:
    book, group, instrument = snapshot.book, _group(view), instruments(snapshot).get(snapshot.shown)
    traded = _traded(snapshot, group)
    widths = measured(rungs, group, instrument, space.width, traded)
    deepest = max(max(rung.bid_cumulative, rung.ask_cumulative) for rung in rungs)
    draw = Drawing(widths, instrument, palette, deepest, _before(view, rungs, snapshot.shown))
    lines: list[Row] = [draw.heading()]
    by_step = {rung.step: rung for rung in rungs}
    last = _last_step(book, group)
    at = view.cursor_ticks // group if view.is_focused and view.cursor_ticks is not None else None
    for step in _places(snapshot, view, space):
        if step is None:
            lines.append(_spread(book, instrument, space.width, palette))
            continue
        mark = MARKS.get(book.last_side, "•") if step == last else " "
        row = draw.rung(by_step[step], price(step * group, instrument), mark, traded.get(step, 0))
        lines.append(restyled([(Cell(">"), palette.accent), *row[1:]], palette.cursor) if step == at else row)
    if space.height >= FOOT_NEEDS:
        lines.append(_foot(book, instrument, space.width, palette))
    return lines


def _before(view: PaneView, rungs: Sequence[Rung], shown_key: str) -> Mapping[int, Rung]:
    """The same rungs in the frame before; none where it showed another instrument."""
    if view.before is None or view.before.book.instrument != shown_key:
        return {}
    then, _ = ladder(view.before.book, (), rungs[0].step, len(rungs), _group(view))
    return {rung.step: rung for rung in then}


def _traded(snapshot: Snapshot, group: int) -> dict[int, int]:
    """What the tape in sight has printed at each step, ours not counted twice."""
    steps: dict[int, int] = {}
    for trade in snapshot.trades:
        if not trade.is_ours:
            step = ask_step(trade.price_ticks, group) if trade.side == "BUY" else bid_step(trade.price_ticks, group)
            steps[step] = steps.get(step, 0) + trade.lots
    return steps


def _last_step(book: BookView, group: int) -> int | None:
    if book.last_ticks is None:
        return None
    return bid_step(book.last_ticks, group) if book.last_side == "SELL" else ask_step(book.last_ticks, group)


def _spread(book: BookView, instrument: InstrumentView | None, width: int, palette: Palette) -> Row:
    """The touch in numbers: spread, its basis points of the mid, the mid; or why there is none."""
    bid, ask = touch(book)
    words: list[Item] = []
    if bid is None or ask is None:
        why = "GAP" if book.state == "gap" else "EMPTY" if bid is None and ask is None else "ONE-SIDED"
        words.append(Item(((Cell(f"{why}, no mid"), palette.warning),)))
    elif bid > ask:
        words.append(Item(((Cell(f"CROSSED by {price(bid - ask, instrument)}"), palette.error),)))
    else:
        words.append(Item(((Cell("spread "), palette.muted), (price(ask - bid, instrument), palette.strong)), 0))
        words.append(Item(((bps(2 * (ask - bid), bid + ask), palette.text), (Cell(" bps"), palette.muted)), 1))
        words.append(Item(((Cell("mid "), palette.muted), (half_price(bid + ask, instrument), palette.strong)), 2))
    return _ruled(words, width, palette)


def _ruled(words: Sequence[Item], width: int, palette: Palette) -> Row:
    """The words on a rule across the ladder."""
    inside = joined(kept(words, width - 6), palette)
    rest = max(width - 5 - width_of(inside), 0)
    return [(Cell(" ── "), palette.border), *inside, (Cell(" " + "─" * rest), palette.border)]


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


def sheet(snapshot: Snapshot, view: PaneView, _: Palette) -> tuple[Sheet, int | None]:
    """Every level that the desk sent, from the highest ask down, with what is ours there; the row of the cursor."""
    book, instrument = snapshot.book, instruments(snapshot).get(snapshot.shown)
    own: dict[tuple[str, int], int] = {}
    for order in own_orders(snapshot):
        own[order.side, order.price_ticks] = own.get((order.side, order.price_ticks), 0) + order.leaves_lots
    asks = {level.price_ticks: level.lots for level in book.asks}
    bids = {level.price_ticks: level.lots for level in book.bids}
    levels = [("SELL", "ask", ticks, asks.get(ticks, 0)) for ticks in sorted({*asks, *_prices(own, "SELL")})][::-1]
    levels += [("BUY", "bid", ticks, bids.get(ticks, 0)) for ticks in sorted({*bids, *_prices(own, "BUY")})[::-1]]
    rows = []
    for side, word, ticks, lots in levels:
        ours = quantity(own.get((side, ticks), 0), instrument)
        rows.append((Cell(word), price(ticks, instrument), quantity(lots, instrument), ours))
    titles = (Cell("side"), Cell("price"), Cell("quantity"), Cell("own"))
    at = next((n for n, (_, _, ticks, _) in enumerate(levels) if ticks == view.cursor_ticks), None)
    return Sheet(titles, (False, True, True, True), tuple(rows)), at


def _prices(own: Mapping[tuple[str, int], int], side: str) -> list[int]:
    return [ticks for its_side, ticks in own if its_side == side]


PANE = Pane(NAME, NUMBER, TITLE, render, (Walk(ids, point, follow, move, to_own, sheet=sheet),), is_marked=True)
