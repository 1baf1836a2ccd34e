"""What the panes say is what the snapshot holds: totals are sums, the ladder falls, each own order stands once."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sample import BTC, sample_snapshot, starting_snapshot
from snapshots_strategy import order_rows, position_rows, sides

from catui.console.look.layout import layout
from catui.console.look.themes import load_themes, palette, theme_dirs
from catui.console.panes import PANES, book
from catui.console.render.axis import nice_step
from catui.console.render.ladder import Own, ask_step, bid_step, ladder
from catui.console.render.number import money, price
from catui.console.render.view import PaneView, Size
from catui.snapshot import BookView, LevelView, OrderView, PositionView, RefusalView, RegimeView, Snapshot, TradeView

DARK = palette(load_themes(theme_dirs())["dark"])


def text_of(name: str, snapshot: object, size: Size, view: PaneView | None = None) -> list[str]:
    lines = PANES[name].render(snapshot, view or PaneView(), size, DARK)  # type: ignore[arg-type]  # samples are built loosely
    return [line.text for line in lines]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(position_rows, min_size=1, max_size=5))
def test_position_totals_are_the_exact_sums(rows: list[PositionView]) -> None:
    snapshot = replace(sample_snapshot(), positions=tuple(rows))
    [total] = [line for line in text_of("positions", snapshot, Size(300, 14)) if line[2:7] == "total"]
    digits = snapshot.money_digits
    sums = (
        sum(row.notional_money for row in rows),
        sum(row.unrealised_money for row in rows),
        sum(row.realised_money - row.fees_money for row in rows),
        -sum(row.fees_money for row in rows),
    )
    assert total[7:-1].split() == [money(value, digits) for value in sums]


def test_position_totals_by_hand_and_pinned_when_rows_do_not_fit() -> None:
    rows = sample_snapshot().positions * 10
    lines = text_of("positions", replace(sample_snapshot(), positions=rows), Size(120, 8))
    assert "total" in lines[-2]
    assert "+392.70" in lines[-2]  # 10 x (51.30 - 12.03)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sides(), st.lists(order_rows, max_size=8), st.integers(-50, 500), st.integers(1, 60), st.sampled_from((1, 2, 5, 10))
)
def test_the_ladder_falls_by_one_step_and_holds_each_own_order_once(
    levels: tuple[tuple[LevelView, ...], tuple[LevelView, ...]],
    orders: list[OrderView],
    top: int,
    rows: int,
    group: int,
) -> None:
    view = BookView("a:X", *levels)
    rungs, beyond = ladder(view, orders, top, rows, group)
    assert [rung.step for rung in rungs] == list(range(top, top - rows, -1))
    mine = [order for order in orders if order.instrument == "a:X"]
    owns = [own for rung in rungs for own in (rung.own_bid, rung.own_ask) if own]
    assert sum(own.count for own in owns) + sum(beyond) == len(mine)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(1, 9)), max_size=20),
    st.lists(st.tuples(st.integers(100, 199), st.integers(1, 9)), max_size=20),
    st.sampled_from((1, 2, 5, 10, 20)),
)
def test_grouping_keeps_total_size_and_never_improves_a_price(
    bids: list[tuple[int, int]], asks: list[tuple[int, int]], group: int
) -> None:
    view = BookView(
        "a:X",
        tuple(LevelView(price, lots) for price, lots in sorted(dict(bids).items(), reverse=True)),
        tuple(LevelView(price, lots) for price, lots in sorted(dict(asks).items())),
    )
    rungs, _ = ladder(view, (), 200 // group + 1, 200 // group + 3, group)
    assert sum(rung.bid_lots for rung in rungs) == sum(level.lots for level in view.bids)
    assert sum(rung.ask_lots for rung in rungs) == sum(level.lots for level in view.asks)
    held_bids = [rung.step * group for rung in rungs if rung.bid_lots]
    held_asks = [rung.step * group for rung in rungs if rung.ask_lots]
    if held_bids and held_asks:
        assert max(held_bids) < min(held_asks)
    assert not view.bids or max(held_bids) <= view.bids[0].price_ticks
    assert not view.asks or min(held_asks) >= view.asks[0].price_ticks


def test_the_ladder_by_hand() -> None:
    view = BookView("a:X", (LevelView(100, 3), LevelView(98, 4)), (LevelView(101, 5), LevelView(104, 1)))
    order = OrderView("o", "a:X", "me", "SELL", 103, 7, 6, "UNKNOWN", False, 0, "")
    rungs, beyond = ladder(view, (order, replace(order, side="BUY", price_ticks=90)), 104, 8, 1)
    assert [(r.step, r.bid_lots, r.bid_cumulative, r.ask_lots, r.ask_cumulative) for r in rungs] == [
        (104, 0, 0, 1, 6),
        (103, 0, 0, 0, 5),
        (102, 0, 0, 0, 5),
        (101, 0, 0, 5, 5),
        (100, 3, 3, 0, 0),
        (99, 0, 3, 0, 0),
        (98, 4, 7, 0, 0),
        (97, 0, 7, 0, 0),
    ]
    assert rungs[1].own_ask == Own(1, 6, is_unknown=True)
    assert beyond == (0, 1)


def test_bids_are_rounded_down_and_asks_up() -> None:
    assert (bid_step(109, 10), ask_step(101, 10), bid_step(-1, 10), ask_step(-1, 10)) == (10, 11, -1, 0)
    assert [nice_step(n) for n in (0, 1, 3, 6, 11, 60)] == [1, 1, 5, 10, 20, 100]


def test_the_ladder_stands_still_until_the_mid_leaves_the_middle_third() -> None:
    size, start = Size(60, 24), sample_snapshot()

    def at(shift: int) -> object:
        moved = replace(
            start.book,
            bids=tuple(replace(level, price_ticks=level.price_ticks + shift) for level in start.book.bids),
            asks=tuple(replace(level, price_ticks=level.price_ticks + shift) for level in start.book.asks),
        )
        return replace(start, book=moved)

    view = book.follow(start, PaneView(), size)
    assert view.centre_ticks is not None
    assert book.follow(at(5), view, size) == view  # type: ignore[arg-type]  # built by replace
    far = book.follow(at(500), view, size)  # type: ignore[arg-type]  # built by replace
    assert far.centre_ticks == view.centre_ticks + 500
    assert book.follow(start, far, size).centre_ticks == view.centre_ticks


def test_the_book_shows_the_touch_the_spread_and_our_orders_at_their_prices() -> None:
    rows = text_of("book", sample_snapshot(), Size(46, 26))
    spread = next(index for index, row in enumerate(rows) if "spread" in row)
    assert "spread 0.50  0.1 bps  mid 60,123.75" in rows[spread]
    assert "60,124.00" in rows[spread - 1]
    assert "60,123.50 ▲" in rows[spread + 1]
    steps = [row for row in rows if "spread" not in row and "last" not in row]
    prices = [match.group() for row in steps if (match := re.search(r"60,1\d\d\.\d\d", row))]
    assert len(prices) == 21
    assert prices == sorted(prices, reverse=True)
    [ask] = [row for row in rows if "60,125.50" in row]
    assert ask.rstrip("│ ").endswith(" 1q?")
    [bid] = [row for row in rows if "60,122.50" in row]
    assert bid.split()[1] == "2q6.01"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("stale", "STALE 3.2s"),
        ("gap", "GAP resync"),
        ("crossed", "CROSSED"),
        ("one-sided", "ONE-SIDED"),
        ("empty", "EMPTY"),
    ],
)
def test_the_state_of_the_book_stands_in_its_title(state: str, word: str) -> None:
    start = sample_snapshot()
    changed = replace(start, book=replace(start.book, state=state, age_ns=3_200_000_000))
    assert word in text_of("book", changed, Size(46, 20))[0]


def test_no_mid_is_invented_for_a_book_with_one_side() -> None:
    start = sample_snapshot()
    text = "".join(text_of("book", replace(start, book=replace(start.book, asks=(), ask_ticks=None)), Size(60, 20)))
    assert "mid " not in text.replace("no mid", "")
    assert "ONE-SIDED, no mid" in text


@pytest.mark.parametrize(("state", "word"), [("gap", "GAP"), ("empty", "EMPTY")])
def test_a_book_without_either_side_is_never_called_one_sided(state: str, word: str) -> None:
    start = sample_snapshot()
    book = replace(start.book, state=state, bids=(), asks=(), bid_ticks=None, ask_ticks=None)
    text = "".join(text_of("book", replace(start, book=book), Size(60, 20)))
    assert f"{word}, no mid" in text
    assert "ONE-SIDED" not in text


def test_a_crossed_book_says_by_how_much() -> None:
    crossed = replace(sample_snapshot().book, bids=(LevelView(601_245, 5),), asks=(LevelView(601_240, 5),))
    text = "".join(text_of("book", replace(sample_snapshot(), book=crossed), Size(60, 20)))
    assert "CROSSED by 0.50" in text


def test_before_the_first_book_the_pane_says_what_it_waits_for() -> None:
    text = "".join(text_of("book", starting_snapshot(), Size(60, 20)))
    assert "waiting for first book (binance: handshake 0.4 s)" in text


def moved(view: PaneView, *rows: int, snapshot: Snapshot | None = None) -> PaneView:
    walk = PANES["book"].walk(view)
    for step in rows:
        view = walk.move(snapshot or sample_snapshot(), view, Size(60, 24), step)
    return view


def marked(view: PaneView, snapshot: Snapshot | None = None) -> list[str]:
    rows = text_of("book", snapshot or sample_snapshot(), Size(60, 24), replace(view, is_focused=True))
    return [row for row in rows if row[1] == ">"]


def test_the_cursor_in_the_book_is_placed_on_the_touch_it_goes_towards() -> None:
    assert marked(PaneView()) == []
    assert "60,123.50" in marked(moved(PaneView(), 1))[0]
    assert "60,124.00" in marked(moved(PaneView(), -1))[0]
    assert "60,122.50" in marked(moved(PaneView(), 1, 1, 1))[0]
    assert moved(PaneView(), 1).cursor_ticks == 601_235


def test_a_click_in_the_book_puts_the_cursor_on_that_price() -> None:
    walk, snapshot, size = PANES["book"].walk(PaneView()), sample_snapshot(), Size(60, 24)
    for row in (2, 9, 20):
        text = text_of("book", snapshot, size)[row]
        pointed = walk.point(snapshot, PaneView(), size, row)
        assert pointed is not None
        assert price(pointed.cursor_ticks, BTC) in text
    assert walk.point(snapshot, PaneView(), size, 0) is None
    spread = next(y for y, text in enumerate(text_of("book", snapshot, size)) if "spread" in text)
    assert walk.point(snapshot, PaneView(), size, spread) is None


def test_our_orders_at_the_cursor_are_what_it_points_at_the_oldest_first() -> None:
    snapshot = sample_snapshot()
    at = replace(moved(PaneView(), 1), cursor_ticks=601_225)
    assert PANES["book"].walk(at).ids(snapshot, at) == ["c7-000131", "c7-000133"]
    assert PANES["book"].row_id(snapshot, at) == "c7-000131"
    assert PANES["book"].row_id(snapshot, replace(at, cursor_ticks=601_230)) is None
    assert PANES["book"].row_id(snapshot, PaneView()) is None


def test_jumps_in_the_book_go_from_one_of_our_prices_to_the_next_and_round() -> None:
    walk, snapshot, size = PANES["book"].walk(PaneView()), sample_snapshot(), Size(60, 24)
    view, seen = PaneView(), []
    for places in (1, 1, 1, -1):
        view = walk.jump(snapshot, view, size, places)
        seen.append(view.cursor_ticks)
    assert seen == [601_255, 601_225, 601_255, 601_225]


def test_the_cursor_stays_on_its_price_while_the_market_moves_and_says_where_it_is() -> None:
    view = moved(PaneView(), 1)
    start = sample_snapshot()

    def at(shift: int) -> Snapshot:
        book = start.book
        moved_book = replace(
            book,
            bids=tuple(replace(level, price_ticks=level.price_ticks + shift) for level in book.bids),
            asks=tuple(replace(level, price_ticks=level.price_ticks + shift) for level in book.asks),
        )
        return replace(start, book=moved_book)

    view = replace(view, is_focused=True)
    for shift in (25, 900):
        followed = book.follow(at(shift), view, Size(60, 24))
        assert followed.centre_ticks == view.centre_ticks
        assert "60,123.50" in marked(followed, at(shift))[0]
    foot = text_of("book", at(900), Size(60, 24), view)[-1]
    assert "mid 60,213.75 above" in foot
    left = book.follow(at(900), replace(view, is_focused=False), Size(60, 24))
    assert left.centre_ticks == 602_135
    back = text_of("book", at(900), Size(60, 24), replace(left, is_focused=True))[-1]
    assert "cursor 60,123.50 below" in back


def test_a_cursor_that_leaves_the_ladder_takes_it_along() -> None:
    view = moved(PaneView(is_focused=True), 1, *[5] * 4)
    assert "60,113.50" in marked(view)[0]
    top, bottom = moved(PaneView(), 1, -(10**6)), moved(PaneView(), 1, 10**6)
    rows = [row for row in text_of("book", sample_snapshot(), Size(60, 24))[2:-2] if "spread" not in row]
    assert price(top.cursor_ticks, BTC) in rows[0]
    assert price(bottom.cursor_ticks, BTC) in rows[-1]


def own_at(price_text: str, width: int, orders: tuple[OrderView, ...] = sample_snapshot().orders) -> str:
    [row] = [row for row in text_of("book", replace(sample_snapshot(), orders=orders), Size(width, 24))
             if price_text in row]  # fmt: skip
    return row


def test_what_stands_before_our_orders_is_shown_as_exactly_as_there_is_room() -> None:
    assert "2:0.300 q6.001 " in own_at("60,122.50", 90)
    assert re.search(r"^│ +2q6\.01 ", own_at("60,122.50", 48))
    assert re.search(r"^│ +2q ", own_at("60,122.50", 40))
    rows = text_of("orders", sample_snapshot(), Size(150, 12))
    assert any(re.search(r"BUY .* LIVE +6\.001 ", row) for row in rows)


def test_a_queue_that_is_not_known_is_said_so() -> None:
    orders = tuple(replace(order, ahead_lots=None) for order in sample_snapshot().orders)
    assert "2:0.300 q? " in own_at("60,122.50", 90, orders)
    assert re.search(r"^│ +2q\? ", own_at("60,122.50", 48, orders))
    assert re.search(r"^│ +2q\? ", own_at("60,122.50", 40, orders))
    rows = text_of("orders", replace(sample_snapshot(), orders=orders), Size(150, 12))
    assert any(re.search(r"BUY .* LIVE +\? ", row) for row in rows)


def test_of_two_orders_at_a_price_the_one_that_stands_better_is_told() -> None:
    order = OrderView("o", "a:X", "me", "BUY", 100, 7, 6, "LIVE", False, 0, "", ahead_lots=9)
    orders = (order, replace(order, id="p", ahead_lots=4), replace(order, id="q", ahead_lots=None))
    rungs, _ = ladder(BookView("a:X", (LevelView(100, 20),)), orders, 100, 1, 1)
    assert rungs[0].own_bid == Own(3, 18, ahead_lots=4)


def test_a_wide_book_says_what_was_traded_at_each_price() -> None:
    trades = tuple(TradeView(n, 601_235, 10, "BUY", n == 2) for n in range(3))
    rows = text_of("book", replace(sample_snapshot(), trades=trades), Size(110, 24))
    assert "traded" in rows[1]
    [bid] = [row for row in rows if "60,123.50" in row and "last" not in row]
    assert bid.rstrip("│ ").endswith("0.020")  # ours is not counted twice


def test_another_instruments_book_is_never_shown_as_this_ones() -> None:
    text = "".join(text_of("book", replace(sample_snapshot(), shown="binance:ETHUSDT"), Size(60, 20)))
    assert "waiting for this book" in text
    assert "spread" not in text


@pytest.mark.parametrize(
    ("lots", "ticks", "terms"),
    [
        (200, 601_240, "AMEND 60,123.00 -> 60,124.00"),
        (300, 601_230, "AMEND 0.200 -> 0.300"),
        (300, 601_240, "AMEND to 0.300 at 60,124.00"),
    ],
)
def test_an_amend_under_way_says_where_its_order_goes(lots: int, ticks: int, terms: str) -> None:
    order = replace(sample_snapshot().orders[0], lots=200, price_ticks=601_230, is_cancelling=True)
    orders = (replace(order, amend_lots=lots, amend_ticks=ticks),)
    for width in (44, 84, 120):
        rows = text_of("orders", replace(sample_snapshot(), orders=orders), Size(width, 12))
        assert any(f" {terms} " in row for row in rows)
        assert any("AMEND .." in row for row in rows)


def test_unknown_orders_come_first_however_the_list_is_sorted() -> None:
    for sort in range(4):
        for is_reversed in (False, True):
            view = PaneView(sort=sort, is_reversed=is_reversed)
            assert PANES["orders"].row_id(sample_snapshot(), view) == "c7-000119"


def test_sorting_turns_the_rows_and_the_cursor_with_them() -> None:
    by_result = PaneView(sort=3, is_reversed=True)
    assert PANES["strategies"].row_id(sample_snapshot(), by_result) == "momentum"
    assert PANES["strategies"].row_id(sample_snapshot(), replace(by_result, is_reversed=False)) == "imbalance"
    rows = text_of("strategies", sample_snapshot(), Size(70, 12), by_result)
    assert "momentum" in rows[2]
    assert "quoting" in rows[3]


def test_a_stopped_strategy_says_who_stopped_it_when_and_why() -> None:
    rows = text_of("strategies", sample_snapshot(), Size(72, 9))
    assert any("paused by ann at 14:01:02Z 'news', until resumed" in row for row in rows)


def test_a_limit_says_what_is_used_what_is_free_and_who_widened_it() -> None:
    rows = text_of("limits", sample_snapshot(), Size(110, 16))
    [limit] = [
        row for row in rows if "MAX_POSITION" in row and BTC.symbol in row and "refused" not in row and "×" not in row
    ]
    assert re.findall(r"\d\.\d{3}", limit) == ["0.620", "0.480", "1.100"]
    assert "57%" in limit
    assert any("override +0.100 by ann, 3:12 left, 'roll into the close'" in row for row in rows)
    assert PANES["limits"].row_id(sample_snapshot(), PaneView(cursor=1)) == "P18 binance:ETHUSDT"


def test_empty_panes_say_so() -> None:
    start = replace(starting_snapshot(), strategies=(), limits=(), feeds=())
    said = {name: "".join(text_of(name, start, Size(50, 9))) for name in PANES}
    for name, words in {
        "positions": "no positions",
        "orders": "no working orders",
        "alerts": "no alerts",
        "trades": "no trades yet",
        "strategies": "no strategies",
        "limits": "no limits",
        "health": "no feeds",
        "pnl": "no equity yet",
    }.items():
        assert words in said[name], name


def test_groups_have_a_column_where_there_are_any() -> None:
    plain = sample_snapshot()
    first = replace(plain.strategies[0], group="trend")
    lines = text_of("strategies", replace(plain, strategies=(first, *plain.strategies[1:])), Size(140, 12))
    assert "group" in lines[1]
    assert "trend" in lines[2]
    assert "group" not in text_of("strategies", plain, Size(140, 12))[1]


@pytest.mark.parametrize(
    ("regime", "says"),
    [
        (None, " 3 of 4 run "),
        (RegimeView("trend", 1.618), " trend 1.62, 3 of 4 run "),
        (RegimeView(), " -- --, 3 of 4 run "),
    ],
)
def test_the_regime_stands_in_the_title_of_the_strategies(regime: RegimeView | None, says: str) -> None:
    title = text_of("strategies", replace(sample_snapshot(), regime=regime), Size(62, 14))[0]
    assert says in title


CORRELATIONS = ((), (0.714,), (-1.0, None), (0.0, -0.305, 0.02))


@pytest.mark.parametrize(
    ("width", "height", "zoom"), [(200, 60, None), (200, 60, "strategies"), (120, 40, "strategies")]
)
def test_correlations_stand_under_the_strategies_with_their_signs(width: int, height: int, zoom: str | None) -> None:
    region = layout(width, height, zoom)["strategies"]
    snapshot = replace(sample_snapshot(), correlations=CORRELATIONS)
    lines = text_of("strategies", snapshot, Size(region.width, region.height))
    [at] = [y for y, line in enumerate(lines) if "correlations" in line]
    said = [line.strip("│╭╮╰╯ ").split() for line in lines[at : at + 4]]
    assert said == [
        ["correlations", "momentum", "reversion", "imbalance"],
        ["reversion", "+0.71"],
        ["imbalance", "-1.00", "--"],
        ["quoting", "0.00", "-0.30", "+0.02"],
    ]


def test_correlations_are_whole_or_not_there() -> None:
    snapshot = replace(sample_snapshot(), correlations=CORRELATIONS)
    rows = len(snapshot.strategies) + 2  # a heading, and who stopped one
    for size, is_there in (
        (Size(62, rows + 6), True),
        (Size(62, rows + 5), False),
        (Size(34, 30), True),
        (Size(32, 30), False),
    ):
        assert any("correlations" in line for line in text_of("strategies", snapshot, size)) is is_there, size
    assert not any("correlations" in line for line in text_of("strategies", sample_snapshot(), Size(120, 40)))


def starts(rows: list[str], *titles: str) -> list[int]:
    return [rows[1].index(title) for title in titles]


def test_columns_stand_still_while_the_text_beside_them_changes() -> None:
    desk = sample_snapshot()
    for name, change, titles in (
        ("orders", {"note": "a very long word of the venue " * 3}, ("side", "price", "state", "note")),
        ("alerts", {"text": "short"}, ("since Z", "alert")),
    ):
        rows = getattr(desk, name)
        for width in (40, 80, 110, 160):
            kept = [title for title in titles if title in text_of(name, desk, Size(width, 9))[1]]
            changed = replace(desk, **{name: tuple(replace(row, **change) for row in rows)})
            before, after = (starts(text_of(name, each, Size(width, 9)), *kept) for each in (desk, changed))
            assert before == after, (name, width)


def test_a_column_that_says_nothing_in_any_row_leaves_its_room_to_the_text() -> None:
    desk = sample_snapshot()
    alert = replace(desk.alerts[0], text="ETHUSDT volatility 2.98 bps in 0.25 s", muted_until_ns=None)
    muted = replace(alert, muted_until_ns=desk.now_ns + 60_000_000_000)
    once, quiet = (text_of("alerts", replace(desk, alerts=(each,)), Size(60, 6))[2] for each in (alert, muted))
    assert "ETHUSDT volatility 2.98 bps in 0" in once
    assert "muted 1:00" in quiet


def test_the_columns_of_the_tape_stand_still_when_the_last_of_our_trades_leaves_it() -> None:
    desk = sample_snapshot()
    ours, others = (tuple(replace(row, is_ours=is_ours) for row in desk.trades) for is_ours in (True, False))
    with_ours, without = (text_of("trades", replace(desk, trades=rows), Size(46, 12)) for rows in (ours, others))
    assert with_ours[1] == without[1]
    assert with_ours[2].replace("ours", "    ") == without[2]


def test_a_filter_that_leaves_no_row_says_so() -> None:
    for name in ("alerts", "orders", "positions", "limits"):
        rows = text_of(name, sample_snapshot(), Size(60, 9), PaneView(filter="zzz"))
        assert any("no row holds zzz" in row for row in rows), name


def test_positions_that_have_no_room_are_counted_beside_the_totals_of_all() -> None:
    desk = sample_snapshot()
    assert "1 of 2, gross" in text_of("positions", desk, Size(60, 5))[0]
    assert " of 2" not in text_of("positions", desk, Size(60, 6))[0]


def test_limits_say_how_much_is_used_beside_the_orders_of_a_small_screen() -> None:
    rows = text_of("limits", sample_snapshot(), Size(32, 10))
    assert not any("###" in row for row in rows)
    assert any("57%" in row for row in rows)


def test_a_refusal_names_its_check_once() -> None:
    refusal = RefusalView("P17", 3, "P17 MAX_ORDER_QTY: worth 5,095.63 USDT")
    desk = replace(sample_snapshot(), refusals=(refusal,))
    rows = [*text_of("limits", desk, Size(110, 16)), *text_of("orders", desk, Size(110, 6), PaneView(tab=2))]
    said = [row for row in rows if "5,095.63" in row]
    assert len(said) == 2
    assert [row.count("P17") for row in said] == [1, 1]


def test_what_is_done_by_hand_is_no_strategy_that_runs() -> None:
    desk = sample_snapshot()
    by_hand = replace(desk.strategies[0], name="manual", state="HAND", weight=None, signal=None)
    title = text_of("strategies", replace(desk, strategies=(*desk.strategies, by_hand)), Size(62, 14))[0]
    assert "3 of 4 run" in title


def test_the_order_of_a_sorted_list_is_named() -> None:
    by_value = PaneView(sort=3, is_reversed=True)
    assert "by value, reversed" in text_of("positions", sample_snapshot(), Size(90, 9), by_value)[0]
    assert "gross" in text_of("positions", sample_snapshot(), Size(90, 9), PaneView())[0]


def test_an_order_says_what_it_has_filled_and_at_which_average() -> None:
    [row] = [row for row in text_of("orders", sample_snapshot(), Size(200, 9)) if "c7-000132" in row]
    assert "0.050 60,125.500" in row
    assert "1,204,498" in row
