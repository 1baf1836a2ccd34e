"""Each feature by hand, by a naive loop, or by the table that its author printed."""

from itertools import pairwise
from math import log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.core.machine import run
from catui.domain.signals import Bar, Five, Levels, Observation
from catui.features.flow import trade_imbalance
from catui.features.levels import level_imbalance, weighted_mid
from catui.features.macd import Macd, macd
from catui.features.order_flow import level_order_flow, order_flow_imbalance
from catui.features.price import bar_return, log_return, microprice
from catui.features.reversion import reversion_half_life
from catui.features.spread import Deal, effective_spread, quoted_spread, realised_spread, relative_spread
from catui.features.wilder import atr, rsi, wilder

NONE: Five = (0.0, 0.0, 0.0, 0.0, 0.0)
sizes = st.integers(0, 9).map(float)


def touch(bid: float, bid_size: float, ask: float, ask_size: float) -> Observation:
    return Observation(0.0, True, bid, ask, bid_size, ask_size, bid_size, ask_size, 0.0)


def first(*some: float) -> Five:
    a, b, c, d, e = (*some, *NONE)[:5]
    return a, b, c, d, e


def bar(high: float, low: float, close: float, open: float | None = None) -> Bar:
    return Bar(0.0, 1.0, low if open is None else open, high, low, close, 1.0, 0.0, 1.0)


# ---- the touch


ONE_SIDED = [touch(0.0, 0.0, 101.0, 1.0), touch(99.0, 1.0, 0.0, 0.0), touch(0.0, 0.0, 0.0, 0.0)]
OF_THE_TOUCH = [microprice, quoted_spread, relative_spread, order_flow_imbalance]


@pytest.mark.parametrize("kind", OF_THE_TOUCH, ids=lambda kind: kind.name)
def test_a_side_without_a_price_is_passed_over(kind: Any) -> None:
    seen = [touch(99.0, 3.0, 101.0, 1.0), touch(99.0, 4.0, 101.0, 1.0)]
    with_gaps = run(kind(), [seen[0], *ONE_SIDED, seen[1]])
    assert [with_gaps[0], with_gaps[-1]] == run(kind(), seen)
    assert with_gaps[1:4] == [None] * 3


def test_the_microprice_leans_to_the_side_that_weighs_less_by_hand() -> None:
    seen = [touch(99.0, 3.0, 101.0, 1.0), touch(99.0, 0.0, 101.0, 1.0), touch(99.0, 0.0, 101.0, 0.0)]
    assert run(microprice(), seen) == [100.5, 99.0, 100.0]


def test_spreads_of_the_touch_by_hand() -> None:
    seen = [touch(99.0, 1.0, 101.0, 1.0), touch(100.0, 1.0, 100.0, 1.0)]
    assert run(quoted_spread(), seen) == [2.0, 0.0]
    assert run(relative_spread(), seen) == [200.0, 0.0]


def test_a_trade_at_the_touch_pays_the_relative_spread() -> None:
    deals = [Deal(101.0, 1.0, 100.0), Deal(99.0, -1.0, 100.0), Deal(100.0, 1.0, 100.0), Deal(1.0, 1.0, 0.0)]
    assert run(effective_spread(), deals) == [200.0, 200.0, 0.0, None]


def test_the_realised_spread_is_what_is_kept_by_hand() -> None:
    # bought at 101 over a mid of 100, the mid went to 100.5: half a unit kept of one; then sold at 99.5 under 100.5
    rows = [(101.0, 2.0, 100.0), (100.0, 1.0, 100.25), (99.5, -1.0, 100.5), (99.0, 0.0, 98.0), (99.0, 1.0, 98.5)]
    kept = run(realised_spread(2), [Deal(*row) for row in rows])
    assert kept == [None, None, pytest.approx(100.0), pytest.approx(2e4 * 2.0 / 100.25), pytest.approx(-2e4 / 100.5)]


@given(st.lists(st.tuples(st.sampled_from((-1.0, 1.0)), st.integers(0, 50)), min_size=6, max_size=12))
def test_where_the_mid_stays_the_realised_spread_is_the_effective_one(rows: list[tuple[float, int]]) -> None:
    deals = [Deal(100.0 + side * away / 100, side, 100.0) for side, away in rows]
    assert run(realised_spread(5), deals)[5:] == pytest.approx(run(effective_spread(), deals)[:-5])


def test_log_return_pass_over_what_is_no_price_by_hand() -> None:
    closes = [2.0, 0.0, -1.0, 4.0, 1.0]
    assert run(log_return(), closes) == [None, None, None, log(2.0), log(0.25)]
    assert run(bar_return(), [bar(5.0, 0.0, close) for close in closes]) == run(log_return(), closes)


# ---- order flow


def test_order_flow_in_depths_by_hand() -> None:
    # half-life 1, keep 1/2; events +3 (bid grows), then +2 (bid rises), -4 + 4 (sizes stay)
    seen = [touch(99.0, 4.0, 101.0, 4.0), touch(99.0, 7.0, 101.0, 4.0), touch(99.5, 2.0, 101.0, 4.0)]
    # depths 4, 11/2, 3 by weights 1, 1/2, 1/4: (11/2 + 4/2) / (3/2) = 5; (3 + 11/4 + 4/4) / (7/4) = 27/7
    told = run(order_flow_imbalance(1.0), seen)
    assert told == [None, pytest.approx(3.0 / 5.0), pytest.approx(3.5 / (27.0 / 7.0))]


quotes = st.lists(st.tuples(st.integers(90, 95), sizes, st.integers(96, 99), sizes), min_size=2, max_size=20)


@given(quotes, st.floats(0.5, 20.0))
def test_order_flow_is_the_naive_sum(rows: list[tuple[int, float, int, float]], half_life: float) -> None:
    weight_of = [0.5 ** (age / half_life) for age in range(len(rows))][::-1]
    flow = 0.0
    for weight, ((b0, q0, a0, r0), (b, q, a, r)) in zip(weight_of[1:], pairwise(rows), strict=True):
        flow += weight * ((b >= b0) * q - (b <= b0) * q0 - (a <= a0) * r + (a >= a0) * r0)
    depth = sum(w * (q + r) / 2 for w, (_, q, _, r) in zip(weight_of, rows, strict=True)) / sum(weight_of)
    told = run(order_flow_imbalance(half_life), [touch(b, q, a, r) for b, q, a, r in rows])
    assert told[-1] == pytest.approx(flow / depth if depth else 0.0, rel=1e-9, abs=1e-9)


@given(quotes)
def test_of_one_level_the_flow_of_levels_is_that_of_the_touch(rows: list[tuple[int, float, int, float]]) -> None:
    books = [Levels(0.0, first(b), first(q), first(a), first(r)) for b, q, a, r in rows]
    touches = run(order_flow_imbalance(3.0), [touch(b, q, a, r) for b, q, a, r in rows])
    assert run(level_order_flow(3.0, 0.0), books) == pytest.approx(touches, rel=1e-12)
    assert run(level_order_flow(3.0, 0.5), books) == pytest.approx(touches, rel=1e-12)


def test_order_flow_below_the_touch_by_hand() -> None:
    # half-life 1, weight 1/2: at the second level bid 3 -> 7 counts 2; an ask of 4 that appears there counts -2
    seen = [
        Levels(0.0, first(99.0, 98.0), first(4.0, 3.0), first(101.0), first(4.0)),
        Levels(0.0, first(99.0, 98.0), first(4.0, 7.0), first(101.0), first(4.0)),
        Levels(0.0, first(99.0, 98.0), first(4.0, 7.0), first(101.0, 102.0), first(4.0, 4.0)),
        Levels(0.0, first(99.0, 98.0), first(4.0, 7.0), first(101.0), first(4.0)),
    ]
    # weighed sizes of both sides 9.5, 11.5, 13.5, 11.5: halves by weights 1, 1/2, 1/4, 1/8
    flows, depths = [2.0, -1.0, 1.5], [(11.5 + 4.75) / 1.5, (13.5 + 5.75 + 2.375) / 1.75, (11.5 + 10.8125) / 1.875]
    told = run(level_order_flow(1.0, 0.5), seen)
    assert told == [None, *(pytest.approx(f / (d / 2)) for f, d in zip(flows, depths, strict=True))]


# ---- levels


BOOK = Levels(0.0, first(99.0, 98.0), first(2.0, 4.0), first(101.0, 103.0, 104.0), first(1.0, 1.0, 2.0))


def test_the_imbalance_of_levels_by_hand() -> None:
    # bids 2 + 4/2 = 4, asks 1 + 1/2 + 2/4 = 2; of the touch alone 2 and 1; unweighed 6 and 4
    assert [run(level_imbalance(w), [BOOK])[0] for w in (0.5, 0.0, 1.0)] == pytest.approx([1 / 3, 1 / 3, 0.2])
    assert run(level_imbalance(), [Levels(0.0, NONE, NONE, NONE, NONE)]) == [0.0]


def test_the_weighted_mid_of_levels_by_hand() -> None:
    # bids 4 at (99 2 + 98 2) / 4 = 98.5, asks 2 at (101 + 51.5 + 52) / 2 = 102.25
    assert run(weighted_mid(0.5), [BOOK]) == pytest.approx([(102.25 * 4 + 98.5 * 2) / 6])
    assert run(weighted_mid(0.0), [BOOK]) == run(microprice(), [touch(99.0, 2.0, 101.0, 1.0)])
    assert run(weighted_mid(), [Levels(0.0, NONE, NONE, BOOK.ask_prices, BOOK.ask_sizes)]) == [None]


# ---- trades


def test_the_imbalance_of_trades_by_hand() -> None:
    assert run(trade_imbalance(1.0), [0.0, 3.0, -1.0, 0.0]) == pytest.approx([0.0, 1.0, 0.5 / 2.5, 0.2])


# ---- Wilder


def test_wilders_smoothing_by_hand() -> None:
    assert run(wilder(2), [1.0, 3.0, 6.0, 0.0]) == [None, 2.0, 4.0, 2.0]


# The worked example of the relative strength index that charting sites print: 14 days of QQQQ, and the index after.
QQQQ = [
    *(44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328),
    *(45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515),
    *(45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314),
]
INDEX = [
    *(70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38),
    *(54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.30, 33.08, 37.77),
]


def test_the_relative_strength_index_is_the_printed_table() -> None:
    told = run(rsi(14), QQQQ)
    assert told[:14] == [None] * 14
    assert told[14:] == pytest.approx(INDEX, abs=0.006)


@given(st.lists(st.integers(-64, 64).map(lambda n: n / 8), min_size=6, max_size=30))
def test_the_index_of_the_mirrored_price_is_the_rest_to_a_hundred(levels: list[float]) -> None:
    one, other = run(rsi(4), levels), run(rsi(4), [-x for x in levels])
    for strength, weakness in zip(one, other, strict=True):
        assert (strength is None) == (weakness is None)
        if strength is not None and weakness is not None:
            assert 0.0 <= strength <= 100.0
            assert strength + weakness == pytest.approx(100.0)


def test_the_index_of_what_does_not_move_is_the_middle() -> None:
    assert run(rsi(2), [7.0] * 4) == [None, None, 50.0, 50.0]


def test_the_average_true_range_by_hand() -> None:
    # ranges: 2; from the close 9 up to 12: 3; from 11 down to 7: 4; then (2 + 3) / 2, (2.5 + 4) / 2
    seen = [bar(10.0, 8.0, 9.0), bar(12.0, 10.0, 11.0), bar(9.0, 7.0, 8.0)]
    assert run(atr(2), seen) == [None, 2.5, 3.25]


# ---- moving averages


def test_macd_by_hand() -> None:
    # spans 1 and 3: the fast mean is the price, the slow one goes half of the way; the signal is the line itself
    assert run(macd(1, 3, 1), [4.0, 8.0, 8.0, 8.0]) == [None, None, Macd(1.0, 1.0, 0.0), Macd(0.5, 0.5, 0.0)]
    # signal span 3: half of the way to 0, 2, 1, 1/2, 1/4 each: 0, 1, 1, 3/4, 1/2
    told = run(macd(1, 3, 3), [4.0, 8.0, 8.0, 8.0, 8.0])
    assert told[-1] == Macd(0.25, 0.5, -0.25)
    assert told[:-1] == [None] * 4


def naive_macd(prices: list[float], fast: int, slow: int, signal: int) -> Macd:
    def ema(values: list[float], span: int) -> list[float]:
        means = [values[0]]
        for x in values[1:]:
            means.append(means[-1] * (span - 1) / (span + 1) + x * 2 / (span + 1))
        return means

    line = [a - b for a, b in zip(ema(prices, fast), ema(prices, slow), strict=True)]
    mean = ema(line, signal)[-1]
    return Macd(line[-1], mean, line[-1] - mean)


@given(st.lists(st.floats(-100.0, 100.0), min_size=40, max_size=60))
def test_macd_is_the_naive_loop(prices: list[float]) -> None:
    told, expected = run(macd(), prices)[-1], naive_macd(prices, 12, 26, 9)
    assert told is not None
    assert (told.line, told.signal) == pytest.approx((expected.line, expected.signal), rel=1e-9, abs=1e-9)


# ---- mean reversion


def test_the_half_life_of_a_reversion_by_hand() -> None:
    # half-life 1, levels 0, 1, 3/4: slope (1/16) / (1/4) = 1/4 (as the moments of that regression): two halvings a tick
    assert run(reversion_half_life(1.0, 100.0), [0.0, 1.0, 0.75])[-1] == pytest.approx(0.5)
    assert run(reversion_half_life(1.0, 100.0), [0.0, 1.0, 0.5])[-1] == 0.0
    assert run(reversion_half_life(1.0, 0.4), [0.0, 1.0, 0.75])[-1] == 0.4


def test_the_half_life_is_found_in_an_autoregression() -> None:
    x, seed, seen = 0.0, 12345, []
    for _ in range(8000):
        seed = (seed * 1103515245 + 12345) % 2**31
        x = 0.9 * x + (1.0 if seed >> 16 & 1 else -1.0)
        seen.append(x)
    told = run(reversion_half_life(2000.0, 1e4), seen)
    assert told[:1999] == [None] * 1999
    assert told[-1] == pytest.approx(log(0.5) / log(0.9), rel=0.15)


def test_what_does_not_revert_or_does_not_move_has_the_longest_half_life() -> None:
    rising = [float(i) for i in range(200)]
    assert run(reversion_half_life(10.0, 500.0), rising)[-1] == 500.0
    assert run(reversion_half_life(10.0, 500.0), [3.0] * 20)[-1] == 500.0


@pytest.mark.parametrize(
    ("attempt", "fault"),
    [
        (lambda: trade_imbalance(0.0), "half_life_trades must be above 0 trades, got 0.0"),
        (lambda: order_flow_imbalance(0.0), "half_life_ticks must be above 0 ticks"),
        (lambda: level_order_flow(0.0), "half_life_ticks must be above 0 ticks"),
        (lambda: realised_spread(0), "lag_trades must be at least 1 trade, got 0"),
        (lambda: rsi(0), "length must be at least 1 input, got 0"),
        (lambda: atr(0), "length must be at least 1 input, got 0"),
        (lambda: macd(26, 26), "fast_span must be at least 1 input and below slow_span, got 26, 26"),
        (lambda: macd(signal_span=0), "signal_span must be at least 1 input, got 0"),
        (lambda: reversion_half_life(0.0), "half_life_ticks must be above 0 ticks"),
        (lambda: reversion_half_life(longest_ticks=0.0), "longest_ticks must be above 0 ticks"),
    ],
)
def test_features_that_cannot_be_are_refused(attempt: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        attempt()
