"""The paper venue by hand: latency, touch, price and time, fees; and to a venue, requests pass."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_world import BTC, KEY, MS, NO_RISK, Session, desk, ioc, order, post_only

from catui.domain.events import Gap, Tick, Trade
from catui.domain.orders import Order, Side, Submit
from catui.domain.reports import Handled, OrderTable
from catui.execution import execution
from catui.execution.fees import fee_money, rate_millibps

BUY, SELL = Side.BUY, Side.SELL


def open_market() -> Session:
    world = Session()
    world.quote(0, 100, 5, 102, 5)
    return world


def test_bytes_leave_at_once_and_nothing_else_before_the_latency() -> None:
    world = open_market()
    assert world.submit(1, order("a", BUY, 3, 102)) == ["a BYTES_LEFT"]
    assert world.quote(20, 100, 5, 101, 5) == []
    assert world.tick(21) == ["a ACCEPTED", "a 3@101 taker"]


def test_without_latency_an_order_still_meets_the_next_step_first() -> None:
    world = Session(desk(latency_ms=0))
    world.quote(0, 100, 5, 102, 5)
    assert world.submit(1, order("a", BUY, 3, 102)) == ["a BYTES_LEFT"]
    assert world.tick(1) == ["a ACCEPTED", "a 3@102 taker"]


def test_an_order_takes_the_touch_and_its_rest_rests_or_expires() -> None:
    world = open_market()
    world.submit(0, order("gtc", BUY, 8, 103))
    assert world.tick(20) == ["gtc ACCEPTED", "gtc 5@102 taker"]
    assert world.quote(21, 100, 5, 103, 2) == ["gtc 2@103 maker"]
    world = open_market()
    world.submit(0, ioc("ioc", SELL, 8, 99))
    assert world.tick(20) == ["ioc ACCEPTED", "ioc 5@100 taker", "ioc EXPIRED"]
    assert world.quote(21, 100, 5, 103, 2) == []


def test_an_ioc_that_does_not_reach_the_touch_expires() -> None:
    world = open_market()
    world.submit(0, ioc("a", BUY, 3, 101))
    assert world.tick(20) == ["a ACCEPTED", "a EXPIRED"]


def test_an_order_that_must_rest_is_rejected_where_it_would_trade() -> None:
    world = open_market()
    world.submit(0, post_only("cross", BUY, 3, 102), post_only("rest", BUY, 3, 101))
    assert world.tick(20) == ["cross REJECTED", "rest ACCEPTED"]


def test_a_resting_order_fills_at_its_limit_when_the_touch_reaches_it() -> None:
    world = open_market()
    world.submit(0, order("a", SELL, 8, 103))
    assert world.tick(20) == ["a ACCEPTED"]
    assert world.quote(21, 102, 5, 104, 5) == []
    assert world.quote(22, 103, 5, 104, 5) == ["a 5@103 maker"]
    assert world.quote(23, 105, 9, 106, 5) == ["a 3@103 maker"]
    assert world.quote(24, 105, 9, 106, 5) == []


def test_a_print_through_the_limit_fills_and_a_print_at_it_does_not() -> None:
    world = open_market()
    world.submit(0, order("a", BUY, 8, 100))
    world.tick(20)
    assert world.trade(21, 100, 50) == []
    assert world.trade(22, 99, 5) == ["a 5@100 maker"]
    assert world.trade(23, 99, 5) == ["a 3@100 maker"]


def test_the_better_price_comes_first_and_then_the_earlier_order() -> None:
    world = open_market()
    world.submit(0, order("low", BUY, 4, 99), order("first", BUY, 4, 100), order("second", BUY, 4, 100))
    world.tick(20)
    assert world.quote(21, 98, 5, 99, 6) == ["first 4@100 maker", "second 2@100 maker"]
    assert world.trade(22, 98, 3) == ["second 2@100 maker", "low 1@99 maker"]


def test_lots_of_a_touch_are_taken_once_until_the_book_speaks_again() -> None:
    world = open_market()
    world.submit(0, ioc("a", BUY, 4, 102), ioc("b", BUY, 4, 102))
    assert world.tick(20) == ["a ACCEPTED", "a 4@102 taker", "b ACCEPTED", "b 1@102 taker", "b EXPIRED"]
    world.submit(21, ioc("c", BUY, 1, 102), ioc("d", SELL, 1, 100))
    assert world.tick(41) == ["c ACCEPTED", "c EXPIRED", "d ACCEPTED", "d 1@100 taker"]
    world.submit(42, ioc("e", BUY, 1, 102))
    assert world.quote(62, 100, 5, 102, 5) == ["e ACCEPTED", "e 1@102 taker"]


def test_a_book_that_is_not_valid_fills_nothing() -> None:
    world = open_market()
    world.submit(0, order("a", BUY, 3, 100))
    world.tick(20)
    assert world.quote(21, 99, 5, 99, 5) == []
    world.submit(22, ioc("b", BUY, 3, 200))
    gap = Gap(KEY, 42 * MS, "sequence", 1, 2)
    assert [r.cause.value for r in world.step(gap, (), KEY).executions] == ["ACCEPTED", "EXPIRED"]


def test_a_cancel_takes_the_way_of_its_order() -> None:
    world = open_market()
    a = order("a", BUY, 3, 100)
    world.submit(0, a)
    assert world.cancel(1, a) == []
    assert world.tick(20) == ["a ACCEPTED"]
    assert world.tick(21) == ["a CANCELLED"]
    assert world.quote(22, 98, 5, 99, 5) == []
    assert world.cancel(23, a) == []
    assert world.tick(43) == ["a CANCEL_REJECTED"]


def test_a_question_is_answered_from_the_book() -> None:
    world = open_market()
    a, b = order("a", BUY, 3, 100), order("b", BUY, 3, 100)
    world.submit(0, a)
    world.query(1, a, b)
    assert world.tick(30) == ["a ACCEPTED", "a ACCEPTED", "b NOT_FOUND"]


def test_fees_by_hand() -> None:
    # 5 lots of 0.00001 BTC at 1.02 USDT are 0.000051 USDT, 5,100 units of 1e-8; 5 bps of them are 2.55, told as 3
    world = open_market()
    world.submit(0, order("a", BUY, 5, 102))
    [_, fill] = world.step(Tick(20 * MS), (), None).executions
    told = fill.execution
    assert told is not None
    assert (told.fee, told.fee_digits, told.fee_asset) == (3, 8, "USDT")
    assert fill.cum_lots == 5
    # a maker's 2 bps of 98 ticks x 9 lots, 8,820 units, are 1.764
    world.submit(20, order("b", SELL, 9, 98), order("c", BUY, 9, 98))
    world.tick(40)
    [maker] = world.step(Trade(KEY, 41 * MS, None, 1, 97, 9, SELL), (), KEY).executions
    assert maker.execution is not None
    assert (maker.execution.fee, maker.execution.is_maker) == (2, True)
    # 0.01 BTC at 60,000.00 are 600 USDT: a maker's 2 bps are 0.12, a taker's 5 bps 0.30
    notional = 1_000 * 6_000_000 * BTC.unit_money(8)
    assert fee_money(notional, rate_millibps(2.0)) == 12_000_000
    assert fee_money(notional, rate_millibps(5.0)) == 30_000_000
    assert fee_money(notional, rate_millibps(-0.25)) == -1_500_000


def test_to_a_venue_requests_pass_and_nothing_is_executed_here() -> None:
    world = Session(desk(mode="venue"))
    executed = world.step(Tick(0), (Submit(order("a", BUY, 3, 102)),), None)
    assert [r.order.id for r in executed.requests] == ["a"]
    assert executed.executions == ()
    idle = world.step(Tick(1), (), None)
    assert world.step(Tick(2), (), None) is idle
    assert idle.requests == ()


def test_an_idle_paper_venue_gives_the_same_objects() -> None:
    world = open_market()
    first, state = world.step(Tick(1), (), None), world.state
    assert world.step(Tick(2), (), None) is first
    assert world.state is state
    assert first.handled == Handled((), (), (), (), OrderTable(), NO_RISK)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mode": "real"}, "paper, venue"),
        ({"latency_ms": -1}, "at least 0 ms"),
        ({"taker_fee_bps": float("nan")}, "bps"),
        ({"maker_fee_bps": 1e9}, "bps"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        execution(desk(**changes))


quotes = st.tuples(st.just("quote"), st.integers(95, 105), st.integers(1, 9), st.integers(1, 3), st.integers(1, 9))
trades = st.tuples(st.just("trade"), st.integers(93, 108), st.integers(1, 9), st.just(0), st.just(0))
news = st.tuples(
    st.sampled_from(["order", "ioc", "post_only"]),
    st.integers(94, 107),
    st.integers(1, 9),
    st.integers(0, 1),
    st.just(0),
)
cancels = st.tuples(st.just("cancel"), st.integers(0, 9), st.just(0), st.just(0), st.just(0))


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 15), quotes | trades | news | cancels), min_size=5, max_size=60))
def test_no_day_fills_too_early_too_much_or_beyond_the_limit(
    day: list[tuple[int, tuple[str, int, int, int, int]]],
) -> None:
    """Against every quote event no more than its touch is filled at it; an order is told of once, and then ends."""
    world, now_ms = Session(), 0
    orders: dict[str, Order] = {}
    sent_ms: dict[str, int] = {}
    filled: dict[str, int] = {}
    ended: set[str] = set()
    makers = {"order": order, "ioc": ioc, "post_only": post_only}
    for wait_ms, (kind, price, lots, width, far_lots) in day:
        now_ms += wait_ms
        before = len(orders)
        if kind == "quote":
            lines = world.quote(now_ms, price, lots, price + width, far_lots)
        elif kind == "trade":
            lines = world.trade(now_ms, price, lots)
        elif kind == "cancel":
            chosen = orders.get(f"o{price}")
            lines = world.cancel(now_ms, chosen) if chosen is not None else world.tick(now_ms)
        else:
            name = f"o{before}"
            orders[name] = makers[kind](name, Side.BUY if width else Side.SELL, lots, price)
            sent_ms[name] = now_ms
            lines = world.submit(now_ms, orders[name])
        touched = 0
        for name, word, *_ in (line.split() for line in lines):
            if word == "BYTES_LEFT":
                assert sent_ms[name] == now_ms
                continue
            assert now_ms >= sent_ms[name] + 20
            if word == "CANCEL_REJECTED":
                continue
            assert name not in ended
            if "@" in word:
                count, at = (int(part) for part in word.split("@"))
                filled[name] = filled.get(name, 0) + count
                side = orders[name].intent.side
                assert at * side.sign <= orders[name].intent.limit_ticks * side.sign
                touched += count if side is Side.BUY else 0
            if word in ("CANCELLED", "EXPIRED", "REJECTED") or filled.get(name, 0) == orders[name].lots:
                ended.add(name)
        assert all(count <= orders[name].lots for name, count in filled.items())
        if kind == "quote":
            assert touched <= far_lots
