"""Matching, by hand: who trades with whom, at which price, and what is told of it."""

import json

from simulated_world import BTC, World

from catui.venues.simulated.listing import UNIT


def test_the_better_price_goes_first_then_the_earlier_order_at_the_makers_price() -> None:
    world = World()
    late_good = world.order(world.a, -1, 100, 5)
    early_best = world.order(world.a, -1, 99, 5)
    second_best = world.order(world.a, -1, 99, 5)
    world.feed.take()
    taker = world.order(world.b, 1, 100, 12)
    assert (early_best.filled, second_best.filled, late_good.filled) == (5, 5, 2)
    assert [(fill.price, fill.lots) for fill in taker.fills] == [(99, 5), (99, 5), (100, 2)]
    assert [fill.trade_id for fill in taker.fills] == [1, 2, 3]
    assert taker.status == "FILLED"
    assert late_good.status == "PARTIALLY_FILLED"
    assert taker.cumulative == (99 * 10 + 100 * 2) * BTC.money_unit


def test_the_later_of_two_equal_prices_is_hit_only_with_what_the_earlier_left() -> None:
    world = World()
    early = world.order(world.a, 1, 99, 5)
    late = world.order(world.a, 1, 99, 5)
    world.order(world.b, -1, 99, 3)
    assert (early.filled, late.filled) == (3, 0)
    world.order(world.b, -1, 99, 3)
    assert (early.filled, late.filled) == (5, 1)


def test_the_prints_are_one_a_maker_order_and_the_aggregates_one_a_price() -> None:
    world = World()
    world.order(world.a, -1, 99, 5)
    world.order(world.a, -1, 99, 5)
    world.order(world.a, -1, 100, 5)
    world.feed.take()
    world.order(world.b, 1, 100, 12)
    frames = world.feed.take()
    streams = [frame.stream for frame in frames if not frame.stream.startswith("user:")]
    assert streams == ["btcusdt@trade"] * 3 + ["btcusdt@aggTrade"] * 2
    world.order(world.a, 1, 98, 1)
    assert [event["B"] for event in world.heard("btcusdt@bookTicker")] == ["0.00001000"]


def test_the_rest_of_a_limit_order_rests_at_the_end_of_its_queue() -> None:
    world = World()
    first = world.order(world.a, 1, 100, 3)
    crossing = world.order(world.b, -1, 100, 5)
    assert (crossing.filled, crossing.leaves, crossing.is_resting) == (3, 2, True)
    assert first.status == "FILLED"
    assert world.market.top == (0, 0, 100, 2)


def test_ioc_takes_what_is_there_and_its_rest_expires() -> None:
    world = World()
    world.order(world.a, -1, 100, 3)
    taker = world.order(world.b, 1, 101, 5, tif="IOC")
    assert (taker.filled, taker.status, taker.reason) == (3, "EXPIRED", "UNFILLED_IOC_QUANTITY_EXPIRED")
    assert world.market.top == (0, 0, 0, 0)
    assert world.b.locked["USDT"] == 0


def test_fok_is_all_or_nothing() -> None:
    world = World()
    world.order(world.a, -1, 100, 3)
    world.order(world.a, -1, 102, 3)
    short = world.order(world.b, 1, 101, 4, tif="FOK")
    assert (short.filled, short.status, short.reason) == (0, "EXPIRED", "UNFILLED_FOK_ORDER_EXPIRED")
    whole = world.order(world.b, 1, 102, 6, tif="FOK")
    assert (whole.filled, whole.status) == (6, "FILLED")


def test_a_maker_order_that_would_take_is_refused_and_locks_nothing() -> None:
    world = World()
    world.order(world.a, -1, 100, 3)
    refused = world.order(world.b, 1, 100, 3, kind="LIMIT_MAKER")
    assert (refused.status, refused.reason) == ("REJECTED", "WOULD_MATCH_IMMEDIATELY")
    assert world.b.locked["USDT"] == 0
    assert world.order(world.b, 1, 99, 3, kind="LIMIT_MAKER").is_resting


def test_a_market_order_walks_the_book_and_expires_where_it_ends() -> None:
    world = World()
    world.order(world.a, -1, 100, 3)
    world.order(world.a, -1, 900, 3)
    taker = world.order(world.b, 1, 0, 10, kind="MARKET")
    assert [(fill.price, fill.lots) for fill in taker.fills] == [(100, 3), (900, 3)]
    assert (taker.status, taker.reason) == ("EXPIRED", "INSUFFICIENT_LIQUIDITY")


def test_a_market_order_by_amount_rounds_lots_down_at_each_level() -> None:
    world = World()
    world.order(world.a, -1, 100, 3)
    world.order(world.a, -1, 110, 30)
    budget = (3 * 100 + 2 * 110 + 109) * BTC.money_unit
    taker = world.order(world.b, 1, 0, 0, kind="MARKET", budget=budget)
    assert [(fill.price, fill.lots) for fill in taker.fills] == [(100, 3), (110, 2)]
    assert (taker.status, taker.lots) == ("FILLED", 5)


def test_a_market_sale_by_amount_ends_at_the_level_that_it_cannot_take_whole() -> None:
    world = World()
    world.order(world.a, 1, 100, 3)
    world.order(world.a, 1, 10, 30)
    budget = (2 * 100 + 55) * BTC.money_unit
    taker = world.order(world.b, -1, 0, 0, kind="MARKET", budget=budget)
    assert [(fill.price, fill.lots) for fill in taker.fills] == [(100, 2)]


def test_what_an_account_does_not_have_it_cannot_offer() -> None:
    world = World()
    assert world.order(world.a, -1, 100, 100 * UNIT // BTC.lot_unit).is_resting
    assert world.order(world.a, -1, 100, 1).reason == "INSUFFICIENT_BALANCES"
    assert world.order(world.b, 1, 6_000_000, 10_000_000).reason == "INSUFFICIENT_BALANCES"


def test_balances_of_a_trade_by_hand() -> None:
    world = World()
    world.order(world.a, -1, 6_000_000, 100_000)  # 1 BTC at 60,000
    world.order(world.b, 1, 6_000_100, 100_000)  # would pay 60,001
    paid, maker_fee, taker_fee = 60_000 * UNIT, 60_000 * UNIT * 2 // 10_000, UNIT * 5 // 10_000
    assert world.b.free == {"USDT": 1_000_000 * UNIT - paid, "BTC": 101 * UNIT - taker_fee}
    assert world.a.free == {"USDT": 1_000_000 * UNIT + paid - maker_fee, "BTC": 99 * UNIT}
    assert world.house.free == {"BTC": taker_fee, "USDT": maker_fee}
    assert set(world.a.locked.values()) | set(world.b.locked.values()) == {0}


def test_a_cancel_gives_back_what_is_left() -> None:
    world = World()
    order = world.order(world.a, 1, 6_000_000, 100_000)
    world.order(world.b, -1, 6_000_000, 40_000)
    assert world.a.locked["USDT"] == 36_000 * UNIT
    world.market.cancel(order, world.now_ns, "why")
    assert (order.status, order.filled, world.a.locked["USDT"]) == ("CANCELED", 40_000, 0)


def test_a_taker_is_told_new_then_its_trades_then_one_account_report() -> None:
    world = World()
    world.order(world.a, -1, 99, 5)
    world.order(world.a, -1, 100, 5)
    world.feed.take()
    world.order(world.b, 1, 100, 7, tif="IOC")
    frames = world.feed.take()
    told = [json.loads(frame.text) for frame in frames if frame.stream == "user:b"]
    report, position = "executionReport", "outboundAccountPosition"
    assert [(m["e"], m.get("x"), m.get("X"), m.get("t"), m.get("z"), m.get("w")) for m in told] == [
        (report, "NEW", "NEW", -1, "0.00000000", True),
        (report, "TRADE", "PARTIALLY_FILLED", 1, "0.00005000", False),
        (report, "TRADE", "FILLED", 2, "0.00007000", False),
        (position, None, None, None, None, None),
    ]


def test_a_maker_is_told_its_fill_its_fee_and_that_it_still_works() -> None:
    world = World()
    world.order(world.a, -1, 6_000_000, 100_000)
    world.feed.take()
    world.order(world.b, 1, 6_000_000, 40_000)
    report, position = world.heard("user:a")
    assert (report["x"], report["X"], report["w"], report["m"]) == ("TRADE", "PARTIALLY_FILLED", True, True)
    assert (report["l"], report["L"], report["Y"]) == ("0.40000000", "60000.00000000", "24000.00000000")
    assert (report["n"], report["N"]) == ("4.80000000", "USDT")
    assert position["B"] == [
        {"a": "BTC", "f": "99.00000000", "l": "0.60000000"},
        {"a": "USDT", "f": "1023995.20000000", "l": "0.00000000"},
    ]


def test_the_update_id_counts_every_change_of_a_level() -> None:
    world = World()
    world.order(world.a, -1, 99, 5)
    world.order(world.a, -1, 99, 5)
    world.order(world.a, -1, 100, 5)
    assert world.market.book.update_id == 3
    world.order(world.b, 1, 100, 12)  # two fills at 99, one at 100
    assert world.market.book.update_id == 6
    world.market.publish_depth(world.now_ns, is_second=True)
    [event] = world.heard("btcusdt@depth@100ms")
    assert (event["U"], event["u"]) == (1, 6)
    assert event["a"] == [["0.99000000", "0.00000000"], ["1.00000000", "0.00003000"]]
    assert event["b"] == []


def test_the_depth_of_a_second_is_that_of_its_tenths_together() -> None:
    world = World()
    for tenth in range(1, 11):
        world.order(world.a, -1, 100 + tenth % 3, tenth)
        world.order(world.a, 1, 90 + tenth % 2, tenth)
        world.market.publish_depth(world.now_ns, is_second=tenth == 10)
    [event] = world.heard("btcusdt@depth")
    assert (event["U"], event["u"]) == (1, 20)
    assert sorted(event["b"]) == [["0.90000000", "0.00030000"], ["0.91000000", "0.00025000"]]
    assert event["a"] == [["1.01000000", "0.00022000"], ["1.02000000", "0.00015000"], ["1.00000000", "0.00018000"]]


def test_the_touch_is_told_only_when_it_has_changed() -> None:
    world = World()
    world.order(world.a, 1, 99, 1)
    world.order(world.a, -1, 101, 1)
    world.feed.take()
    world.order(world.a, 1, 90, 1)
    assert world.heard("btcusdt@bookTicker") == []
    world.order(world.a, 1, 99, 1)
    [event] = world.heard("btcusdt@bookTicker")
    assert (event["b"], event["B"], event["u"]) == ("0.99000000", "0.00002000", 4)
