"""Features: formulas by hand, bounds and symmetries for any market."""

from math import log, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from signals_world import (
    BTC,
    ETH,
    KEYS,
    attended,
    desk,
    keyed_groups,
    observations,
    on_wire,
    path,
    quote,
    returns,
    through,
    trade,
)

from catui.core.machine import Machine, resume, run, scan
from catui.domain.signals import Features, Observation
from catui.features import features
from catui.features.book import book_pressure
from catui.features.flow import trade_flow
from catui.features.price import touch_price
from catui.features.volatility import volatility

Groups = list[tuple[tuple[str, Observation], ...]]
BID, ASK = 99.0, 101.0


def touch(bid: float, bid_size: float, ask: float, ask_size: float) -> Observation:
    return Observation(0.0, True, bid, ask, bid_size, ask_size, bid_size, ask_size, 0.0)


def test_mid_microprice_spread_and_return_by_hand() -> None:
    first, second = run(touch_price(), [touch(99.0, 3.0, 101.0, 1.0), touch(109.0, 0.0, 111.0, 0.0)])
    assert (first.mid, first.microprice, first.spread_bps, first.log_return) == (100.0, 100.5, 200.0, 0.0)
    assert (second.mid, second.microprice) == (110.0, 110.0)
    assert second.log_return == log(1.1)


def test_a_return_from_a_price_of_one_is_a_return() -> None:
    assert [p.log_return for p in run(touch_price(), [quote(1.0), quote(2.0), quote(1.0)])] == [0.0, log(2.0), log(0.5)]


@given(observations())
def test_the_microprice_lies_within_the_spread(seen: list[Observation]) -> None:
    for at, told in zip(run(touch_price(), seen), seen, strict=True):
        assert told.bid * (1 - 1e-12) <= at.microprice <= told.ask * (1 + 1e-12)
        assert at.spread_bps >= 0.0


@given(observations(), st.integers(-20, 20))
def test_returns_are_blind_to_the_scale_of_prices(seen: list[Observation], power: int) -> None:
    scale = 2.0**power  # exact in binary, so that equality is exact
    scaled = [replace(x, bid=x.bid * scale, ask=x.ask * scale) for x in seen]
    assert [p.log_return for p in run(touch_price(), scaled)] == [p.log_return for p in run(touch_price(), seen)]
    assert [p.spread_bps for p in run(touch_price(), scaled)] == [p.spread_bps for p in run(touch_price(), seen)]


@given(returns)
def test_returns_sum_to_the_return_of_the_whole(changes: list[float]) -> None:
    told = run(touch_price(), [quote(mid) for mid in path(changes)])
    assert sum(p.log_return for p in told) == pytest.approx(sum(changes), abs=1e-12)


def test_volatility_by_hand() -> None:
    # half-life 1: keep 1/2; weights 1/2, 3/4, 7/8; mean squares 1, 1 + 3 * 2/3 = 3, 3 - 3 * 4/7 = 9/7
    assert run(volatility(1.0, 1), [1.0, 2.0, 0.0]) == pytest.approx([1.0, sqrt(3.0), sqrt(9 / 7)])


def test_volatility_waits_for_its_warm_up() -> None:
    assert run(volatility(1.0, 3), [1.0, 1.0, 1.0, 1.0]) == [None, None, 1.0, 1.0]


@given(returns, st.floats(0.5, 50.0))
def test_volatility_is_even_and_of_the_size_of_the_returns(changes: list[float], half_life_ticks: float) -> None:
    told = run(volatility(half_life_ticks, 1), changes)
    assert run(volatility(half_life_ticks, 1), [-r for r in changes]) == told
    squares: list[float] = []
    for change, deviation in zip(changes, told, strict=True):
        squares.append(change * change)
        assert deviation is not None
        assert min(squares) * (1 - 1e-9) <= deviation * deviation <= max(squares) * (1 + 1e-9)


@given(returns, st.floats(0.5, 50.0))
def test_volatility_is_the_weighted_mean_of_all_squares(changes: list[float], half_life_ticks: float) -> None:
    weights = [0.5 ** (age / half_life_ticks) for age in range(len(changes))][::-1]  # the naive formula
    mean = sum(w * r * r for w, r in zip(weights, changes, strict=True)) / sum(weights)
    assert run(volatility(half_life_ticks, 1), changes)[-1] == pytest.approx(sqrt(mean), rel=1e-9, abs=1e-15)


def test_imbalances_by_hand() -> None:
    heavy = replace(touch(BID, 3.0, ASK, 1.0), depth_bid=0.125, depth_ask=0.5)
    empty = touch(BID, 0.0, ASK, 0.0)
    told = run(book_pressure(1.0), [heavy, empty])
    assert [(p.imbalance, p.depth_imbalance) for p in told] == [(0.5, -0.6), (0.0, 0.0)]


@pytest.mark.parametrize(
    ("second", "sign"),
    [
        (touch(99.5, 2.0, ASK, 4.0), 1.0),  # the bid rises: +2
        (touch(98.5, 2.0, ASK, 4.0), -1.0),  # the bid falls: -4
        (touch(BID, 7.0, ASK, 4.0), 1.0),  # the bid grows: +3
        (touch(BID, 4.0, 100.5, 2.0), -1.0),  # the ask falls: -2
        (touch(BID, 4.0, 101.5, 2.0), 1.0),  # the ask rises: +4
        (touch(BID, 4.0, ASK, 3.0), 1.0),  # the ask shrinks: +1
        (touch(BID, 4.0, ASK, 4.0), 0.0),  # nothing came and nothing went
    ],
)
def test_order_flow_has_the_sign_of_the_change_at_the_touch(second: Observation, sign: float) -> None:
    first = touch(BID, 4.0, ASK, 4.0)
    assert [p.order_flow for p in run(book_pressure(1.0), [first, second])] == [None, sign]


def test_order_flow_is_smoothed_by_hand() -> None:
    # events +3, -4 and keep 1/2: signed 3, -2.5; absolute 3, 5.5; then only decay, which changes no share
    seen = [touch(BID, 4.0, ASK, 4.0), touch(BID, 7.0, ASK, 4.0), touch(BID, 3.0, ASK, 4.0), touch(BID, 3.0, ASK, 4.0)]
    told = [p.order_flow for p in run(book_pressure(1.0), seen)]
    assert told[:2] == [None, 1.0]
    assert told[2:] == pytest.approx([-2.5 / 5.5, -2.5 / 5.5])


def mirrored(x: Observation) -> Observation:
    """Sides swapped: every price p becomes -p + 2e5, bids become asks."""
    return replace(
        x,
        bid=2e5 - x.ask,
        ask=2e5 - x.bid,
        bid_size=x.ask_size,
        ask_size=x.bid_size,
        depth_bid=x.depth_ask,
        depth_ask=x.depth_bid,
        trade_size=-x.trade_size,
    )


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 6), max_size=12))
def test_book_features_are_odd_when_the_sides_are_swapped(rows: list[tuple[int, ...]]) -> None:
    seen = [Observation(0.0, True, 100.0 + b, 110.0 + a, p, q, r, s, 0.0) for b, a, p, q, r, s in rows]
    for one, other in zip(
        run(book_pressure(3.0), seen), run(book_pressure(3.0), [mirrored(x) for x in seen]), strict=True
    ):
        assert other.imbalance == -one.imbalance
        assert other.depth_imbalance == -one.depth_imbalance
        assert (other.order_flow is None) == (one.order_flow is None)
        assert (other.order_flow or 0.0) == pytest.approx(-(one.order_flow or 0.0), abs=1e-12)


def test_trade_flow_by_hand() -> None:
    # half-life 2 s: 3 bought; 2 s later 1 sold: (1.5 - 1) / (1.5 + 1); then only decay, which changes no share
    seen = [quote(100.0, 0.0), trade(3.0, 10.0), trade(-1.0, 12.0), quote(100.0, 20.0)]
    assert run(trade_flow(2.0), seen) == pytest.approx([None, 1.0, 0.2, 0.2])


def test_trade_flow_takes_a_time_that_steps_back_as_no_time() -> None:
    assert run(trade_flow(2.0), [trade(3.0, 10.0), trade(-1.0, 5.0)]) == [1.0, 0.5]


@given(observations())
def test_trade_flow_is_odd_in_the_aggressor(seen: list[Observation]) -> None:
    other = [replace(x, trade_size=-x.trade_size) for x in seen]
    expected = [None if flow is None else -flow for flow in run(trade_flow(3.0), seen)]
    assert run(trade_flow(3.0), other) == expected


@given(keyed_groups)
def test_every_feature_is_bounded_for_any_market(groups: Groups) -> None:
    for group in through(features(desk()), groups):
        for _, told in group:
            for share in (told.imbalance, told.depth_imbalance, told.order_flow, told.trade_flow):
                assert share is None or -1.0 <= share <= 1.0
            assert told.volatility is None or told.volatility >= 0.0


@given(observations())
def test_every_feature_is_the_one_of_its_family(seen: list[Observation]) -> None:
    quotes = [replace(x, is_quote=True) for x in seen]
    prices, books = run(touch_price(), quotes), run(book_pressure(5.0), quotes)
    deviations, flows = run(volatility(5.0, 3), [p.log_return for p in prices]), run(trade_flow(2.0), quotes)
    told = [x for group in through(features(desk()), [((BTC.key, x),) for x in quotes]) for _, x in group]
    assert told == [
        Features(
            time_s=x.time_s,
            mid=p.mid,
            microprice=p.microprice,
            spread_bps=p.spread_bps,
            log_return=p.log_return,
            volatility=deviation,
            imbalance=b.imbalance,
            depth_imbalance=b.depth_imbalance,
            order_flow=b.order_flow,
            trade_flow=flow,
        )
        for x, p, b, deviation, flow in zip(quotes, prices, books, deviations, flows, strict=True)
    ]


@given(keyed_groups)
def test_quotes_make_features_and_trades_make_none(groups: Groups) -> None:
    for said, group in zip(groups, through(features(desk()), groups), strict=True):
        assert [key for key, _ in group] == [key for key, seen in said if seen.is_quote]


@given(keyed_groups)
def test_features_depend_on_their_own_instrument_only(groups: Groups) -> None:
    together = through(features(desk()), groups)
    for key in KEYS:
        alone = through(features(desk()), [group for group in groups if group[0][0] == key])
        assert [group for said, group in zip(groups, together, strict=True) if said[0][0] == key] == alone


@given(keyed_groups, keyed_groups, keyed_groups)
def test_features_depend_on_the_past_only(past: Groups, future: Groups, other: Groups) -> None:
    stage = features(desk())
    assert through(stage, past + future)[: len(past)] == through(stage, past + other)[: len(past)]


@given(keyed_groups, keyed_groups)
def test_features_go_on_from_where_they_were(first: Groups, second: Groups) -> None:
    stage: Machine[Any, Any, Any] = features(desk())
    state, _ = scan(stage, [on_wire(attended(group)) for group in first])
    assert through(stage, first + second) == through(stage, first) + through(resume(stage, state), second)


def test_a_trade_moves_the_flow_of_the_next_quote_and_nothing_else() -> None:
    groups = [((BTC.key, x),) for x in (quote(100.0), trade(2.0), quote(100.0))]
    first, none, second = through(features(desk()), groups)
    assert none == ()
    [(_, before)], [(_, after)] = first, second
    assert (before.trade_flow, after.trade_flow) == (None, 1.0)
    assert replace(after, trade_flow=None, order_flow=None) == replace(before, order_flow=None)


def test_several_instruments_in_one_step_keep_their_order() -> None:
    [group] = through(features(desk()), [((ETH.key, quote(10.0)), (BTC.key, trade(1.0)), (BTC.key, quote(20.0)))])
    assert [(key, told.mid) for key, told in group] == [(ETH.key, 10.0), (BTC.key, 20.0)]


@pytest.mark.parametrize("bid", [0.0, -1.0])
def test_a_touch_without_a_price_describes_nothing_and_breaks_nothing(bid: float) -> None:
    broken = replace(quote(100.0), bid=bid, ask=bid)
    told = through(features(desk()), [((BTC.key, x),) for x in (quote(100.0), broken, quote(200.0))])
    assert [len(group) for group in told] == [1, 0, 1]
    described: Features = told[2][0][1]
    assert described.log_return == log(2.0)


def test_no_observation_leaves_the_state_alone() -> None:
    stage: Machine[Any, Any, Any] = features(desk())
    state, _ = scan(stage, [on_wire(attended(((BTC.key, quote(100.0)),)))])
    after, ((_, told), _) = stage.step(state, on_wire(()))
    assert told == ()
    assert after == state


@pytest.mark.parametrize("half_life", [0.0, -1.0, float("nan")])
def test_a_half_life_that_is_none_is_refused(half_life: float) -> None:
    for make in (book_pressure, trade_flow, lambda x: volatility(x, 1)):
        with pytest.raises(ValueError, match="must be above 0"):
            make(half_life)
    with pytest.raises(ValueError, match="warm_up_ticks must be at least 1 tick, got 0"):
        volatility(1.0, 0)
