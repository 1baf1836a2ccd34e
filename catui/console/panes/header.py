"""The header: what money this is, whether the desk trades, what it earns, and whether what you see is fresh.

One row or two. HALTED fills the first row with its reason; LIVE stands at both of its ends.
"""

from collections.abc import Sequence

from rich.style import Style

from catui.console.panes.alerts import open_alerts
from catui.console.panes.health import feed_style, microseconds
from catui.console.panes.pane import Pane
from catui.console.render.flow import Item, flow
from catui.console.render.line import Line, Piece, line
from catui.console.render.number import age, clock, countdown, decimal, how_long, instruments, money, price, ratio
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, shown
from catui.console.render.view import PaneView, PastView, Size
from catui.snapshot import MarketView, Snapshot

NAME, NUMBER, TITLE = "header", 0, "Header"

WIDE = 120  # from here one row holds whole words
MARKS = {"BUY": " ▲", "SELL": " ▼"}


def render(snapshot: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """The row of the desk, and from two rows on a row of its inputs; `view.message` is the console's own word.

    In the past the first row is that of the two times: left the moment, right what is live meanwhile.
    """
    if view.past is not None:
        return _of_the_past(snapshot, view, view.past, size, palette)
    if size.height < 2:
        is_wide = size.width >= WIDE
        inputs = _inputs(snapshot, view, palette) if is_wide else _short(snapshot, view, palette)
        first = [*_desk(snapshot, view, palette, is_wide), *inputs, *_right(snapshot, palette)]
        return [_painted(first, snapshot, size.width, palette)][: size.height]
    first = [*_desk(snapshot, view, palette, True), *_right(snapshot, palette)]
    lines = [_painted(first, snapshot, size.width, palette)]
    row = [(cell, style + palette.bar) for cell, style in flow(_second(snapshot, view, palette), size.width, palette)]
    lines.append(line(row, size.width, palette, palette.text + palette.bar))
    lines += [line([], size.width, palette, palette.text + palette.bar)] * (size.height - 2)
    return lines


def badge_style(badge: str, palette: Palette) -> Style:
    """How the badge looks; an unknown one looks like real money."""
    return {"PAPER": palette.paper, "SIM": palette.sim, "REPLAY": palette.replay}.get(badge, palette.live)


def _painted(items: Sequence[Item], snapshot: Snapshot, width: int, palette: Palette) -> Line:
    row = flow(items, width, palette, gap=2 if width >= WIDE else 1)
    ground = palette.halted if snapshot.trading_state == "HALTED" else palette.text + palette.bar
    badges = (palette.paper, palette.sim, palette.replay, palette.live, palette.reducing, palette.past)
    if snapshot.trading_state == "HALTED":
        painted = [(cell, style if style in badges else palette.halted) for cell, style in row]
    else:
        painted = [(cell, style if style in badges else style + palette.bar) for cell, style in row]
    return line(painted, width, palette, ground)


def _desk(snapshot: Snapshot, view: PaneView, palette: Palette, is_wide: bool) -> list[Item]:
    """Badge, trading state and reason, shown instrument and last price, result."""
    badge = Cell(f" {shown(snapshot.badge, 8)}{' read only' if view.is_read_only else ''} ")
    items = [
        Item(((badge, badge_style(snapshot.badge, palette)),), 0),
        Item((_state(snapshot, palette),), 1),
    ]
    instrument = instruments(snapshot).get(snapshot.shown)
    if instrument is not None:
        book = snapshot.book
        is_shown = book.instrument == snapshot.shown
        last = book.last_ticks if is_shown else None
        mark = MARKS.get(book.last_side, "") if last is not None else ""
        name = f"{shown(instrument.symbol, 24)} {shown(instrument.venue, 12) + ' ' if is_wide else ''}"
        style = palette.up if book.last_side == "BUY" else palette.down if book.last_side == "SELL" else palette.strong
        items.append(Item(((Cell(name), palette.strong), (Cell(f"{price(last, instrument)}{mark}"), style)), 5))
    digits = snapshot.money_digits
    items.append(Item(_named("P&L", money(snapshot.pnl_money, digits), palette.signed(snapshot.pnl_money), palette), 2))
    if is_wide:
        realised = snapshot.realised_money - snapshot.fees_money
        for priority, (name, value) in enumerate(
            (("real net", realised), ("unreal", snapshot.unrealised_money), ("fees", -snapshot.fees_money)), 10
        ):
            items.append(Item(_named(name, money(value, digits), palette.signed(value), palette), priority))
    return items


def _state(snapshot: Snapshot, palette: Palette) -> Piece:
    reason = shown(snapshot.trading_reason, 60)
    match snapshot.trading_state:
        case "ACTIVE":
            return Cell("ACTIVE"), palette.success
        case "REDUCING":
            return Cell(f" REDUCING {reason} " if reason else " REDUCING "), palette.reducing
        case state:
            word = shown(state, 12)
            return Cell(f"{word} {reason}" if reason else word), palette.halted


def _named(name: str, text: Cell, style: Style, palette: Palette) -> tuple[Piece, ...]:
    return (Cell(name + " "), palette.muted), (text, style)


def _right(snapshot: Snapshot, palette: Palette) -> list[Item]:
    """The engine's time, and LIVE once more."""
    items = [Item(((Cell(clock(snapshot.now_ns) + "Z"), palette.muted), (Cell(" "), palette.text)), 4, is_right=True)]
    if snapshot.badge == "LIVE":
        items.append(Item(((Cell(" LIVE "), palette.live),), 0, is_right=True))
    return items


def _inputs(snapshot: Snapshot, view: PaneView, palette: Palette) -> list[Item]:
    """The console's word, feeds, overrides and alerts: what may not be missed."""
    items = [Item(((shown(view.message, 60), palette.error),), 1)] if view.message else []
    items += [Item(_feed(row.name, row.state, row.age_ns, palette), 6) for row in snapshot.feeds[:8]]
    items += [Item(_market(row, palette), 7) for row in snapshot.markets[:64] if row.state not in ("ok", "waiting")]
    items += [
        Item(
            (
                (Cell(f"override {shown(each.check, 8)} {shown(each.scope, 24)} "), palette.warning),
                (countdown(each.until_ns - snapshot.now_ns), palette.strong),
            ),
            3,
        )
        for each in snapshot.overrides[:8]
    ]
    if waiting := open_alerts(snapshot):
        items.append(Item(((Cell(f"alerts {waiting}!"), palette.error),), 3))
    if len(snapshot.consoles) > 1:
        items.append(Item(_named("consoles", consoles(snapshot), palette.strong, palette), 8))
    if snapshot.ended:
        items.append(Item(((Cell(f"ENDED {shown(snapshot.ended, 40)}"), palette.warning),), 2))
    return items


def _short(snapshot: Snapshot, view: PaneView, palette: Palette) -> list[Item]:
    """The same in few cells: a feed that is not live with its age, the next override's end, the count of alerts."""
    items = [Item(((shown(view.message, 60), palette.error),), 1)] if view.message else []
    if down := [row for row in snapshot.feeds if row.state != "LIVE"]:
        items.append(Item(((Cell(f"{shown(down[0].name, 8)} !{age(down[0].age_ns)}"), palette.warning),), 3))
    elif snapshot.feeds:
        items.append(Item(((Cell("feeds ok"), palette.success),), 7))
    if snapshot.overrides:
        left = countdown(min(each.until_ns for each in snapshot.overrides) - snapshot.now_ns)
        items.append(Item(((Cell(f"O {left}"), palette.warning),), 6))
    if waiting := open_alerts(snapshot):
        items.append(Item(((Cell(f"A {waiting}!"), palette.error),), 3))
    if (count := len(snapshot.consoles)) > 1:
        items.append(Item(((Cell(f"{count} consoles"), palette.strong),), 8))
    if snapshot.ended:
        items.append(Item(((Cell("ENDED"), palette.warning),), 2))
    return items


def consoles(snapshot: Snapshot) -> Cell:
    """How many consoles show this desk, and whose they are: `2: ann, ben (watch)`."""
    names = [f"{each.name}{' (watch)' if each.role == 'watch' else ''}" for each in snapshot.consoles[:8]]
    return shown(f"{len(snapshot.consoles)}: {', '.join(names)}", 48)


def _feed(name: str, state: str, age_ns: int | None, palette: Palette) -> tuple[Piece, ...]:
    word = Cell("ok") if state == "LIVE" else Cell(f"!{shown(state, 10)}")
    return (
        (Cell(shown(name, 12) + " "), palette.muted),
        (word, feed_style(state, palette)),
        (Cell(f" {age(age_ns)}"), palette.muted),
    )


def _market(row: MarketView, palette: Palette) -> tuple[Piece, ...]:
    return ((Cell(f"{shown(row.instrument, 24)} !{shown(row.state, 10)} {age(row.age_ns)}"), palette.warning),)


def _of_the_past(snapshot: Snapshot, view: PaneView, past: PastView, size: Size, palette: Palette) -> list[Line]:
    ago = how_long(past.last_ns - past.ts_ns)
    badge = Cell(f" {shown(snapshot.badge, 8)} ")
    items = [
        Item(((badge, badge_style(snapshot.badge, palette)),), 0),
        Item((_state(snapshot, palette),), 5),
        Item(((Cell(" PAST "), palette.past), (Cell(f" -{ago}"), palette.strong)), 0),
        Item(_named("seq", decimal(past.seq, 0), palette.strong, palette), 4),
        Item(_named("of", decimal(past.last_seq, 0), palette.text, palette), 6),
        Item(((Cell(f"{clock(past.ts_ns, 3)}Z"), palette.strong),), 1),
        *_meanwhile(view, past, palette),
    ]
    if past.is_warning:
        items.insert(3, Item(((shown(past.word, 22), palette.warning),), 2))
    lines = [_painted(items, snapshot, size.width, palette)]
    ground = palette.text + palette.bar
    orders = Item(_named("orders", decimal(len(snapshot.orders), 0), palette.text, palette), 4)
    second = flow(
        [*_desk(snapshot, view, palette, True)[2:], *_inputs(snapshot, PaneView(), palette), orders],
        size.width,
        palette,
    )
    lines.append(line([(cell, style + palette.bar) for cell, style in second], size.width, palette, ground))
    return [*lines, *[line([], size.width, palette, ground)] * size.height][: size.height]


def _meanwhile(view: PaneView, past: PastView, palette: Palette) -> list[Item]:
    """The live desk's state, result, alerts, and what is wrong with it."""
    items = [Item(((shown(view.message, 60), palette.error),), 2, is_right=True)] if view.message else []
    if past.live_pnl_money is None:
        return items
    result = money(past.live_pnl_money, past.live_digits)
    items.append(Item(_named("LIVE", result, palette.signed(past.live_pnl_money), palette), 2, is_right=True))
    if past.live_state != "ACTIVE":
        style = palette.halted if past.live_state == "HALTED" else palette.reducing
        items.append(Item(((Cell(f" LIVE {shown(past.live_state, 12)} "), style),), 0, is_right=True))
    if past.live_alerts:
        items.append(Item(((Cell(f"alerts {past.live_alerts}!"), palette.error),), 3, is_right=True))
    return items


def _second(snapshot: Snapshot, view: PaneView, palette: Palette) -> list[Item]:
    health = snapshot.health
    return [
        Item(((Cell(" "), palette.text),), 9),
        *_inputs(snapshot, view, palette),
        Item(_named("journal", shown(health.journal, 24), palette.text, palette), 8),
        Item(_named("orders", decimal(len(snapshot.orders), 0), palette.text, palette), 4),
        Item(_named("ev/s", ratio(health.events_per_s, 0, signed=False), palette.text, palette), 10, is_right=True),
        Item(_named("p99", microseconds(health.latency_p99_us), palette.text, palette), 11, is_right=True),
        Item((*_named("seq", decimal(snapshot.seq, 0), palette.text, palette), (Cell(" "), palette.text)), 12, True),
    ]


PANE = Pane(NAME, NUMBER, TITLE, render)
