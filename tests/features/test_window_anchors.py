"""Features of windows: by hand, by naive loops, and on real bars by another way of computing."""

import csv
import gzip
from collections.abc import Callable
from itertools import pairwise
from math import erf, log, pi, sqrt
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.core.machine import optional, run
from catui.domain.signals import Bar
from catui.features.channels import Channel, bollinger, donchian
from catui.features.price import log_return
from catui.features.ranges import garman_klass, parkinson, rogers_satchell
from catui.features.realised import bipower_variation, jump_share, realised_variance
from catui.features.toxicity import bulk_volume, vpin
from catui.features.variance_ratio import hurst, variance_ratio
from catui.features.wilder import atr, rsi

returns = st.lists(st.integers(-64, 64).map(lambda n: n / 1024), min_size=8, max_size=30)


def bar(open: float, high: float, low: float, close: float, volume: float = 1.0, net: float = 0.0) -> Bar:
    return Bar(0.0, 1.0, open, high, low, close, volume, net, 1.0)


# ---- realised variation


def test_realised_and_bipower_variation_by_hand() -> None:
    seen = [1.0, 2.0, -2.0, 0.0]
    assert run(realised_variance(2), seen) == [None, 5.0, 8.0, 4.0]
    assert run(bipower_variation(2), seen) == [None, *map(pytest.approx, (2.0 * pi, 4.0 * pi, 0.0))]
    assert run(bipower_variation(3), seen) == [None, None, *map(pytest.approx, (6.0 * pi * 0.75, 4.0 * pi * 0.75))]
    assert run(jump_share(2), seen) == [None, 0.0, 0.0, 1.0]


@given(returns)
def test_realised_and_bipower_variation_are_the_naive_sums(changes: list[float]) -> None:
    window = [abs(r) for r in changes[-7:]]
    realised, products = sum(r * r for r in window), sum(a * b for a, b in pairwise(window))
    assert run(realised_variance(7), changes)[-1] == pytest.approx(realised, rel=1e-12, abs=1e-18)
    assert run(bipower_variation(7), changes)[-1] == pytest.approx(pi / 2 * 7 / 6 * products, rel=1e-12, abs=1e-18)


def test_a_jump_is_found_among_small_moves() -> None:
    calm = [0.001 * (-1) ** i for i in range(100)]
    assert run(jump_share(50), calm)[-1] == 0.0
    assert run(jump_share(50), [*calm, 0.05])[-1] == pytest.approx(0.94, abs=0.02)


# ---- bars


def test_ranges_by_hand() -> None:
    seen = [bar(2.0, 4.0, 1.0, 2.0), bar(1.0, 2.0, 1.0, 2.0)]
    two = log(2.0)  # spans 2 ln 2 and ln 2; moves 0 and ln 2
    assert run(parkinson(1), seen) == pytest.approx([sqrt(two), sqrt(two / 4.0)])
    assert run(garman_klass(1), seen) == pytest.approx([two * sqrt(2.0), two * sqrt(0.5 - 2.0 * two + 1.0)])
    assert run(rogers_satchell(1), seen) == pytest.approx([two * sqrt(2.0), 0.0])
    assert run(parkinson(2), seen) == [None, pytest.approx(sqrt(two * 5.0 / 8.0))]


def test_a_bar_without_a_price_is_passed_over() -> None:
    seen = [bar(2.0, 4.0, 1.0, 2.0), bar(0.0, 0.0, 0.0, 0.0), bar(1.0, 1.0, 0.0, 1.0), bar(1.0, 2.0, 1.0, 2.0)]
    for kind in (parkinson, garman_klass, rogers_satchell):
        first, *none, last = run(kind(2), seen)
        assert (first, none) == (None, [None, None])
        assert last == run(kind(2), [seen[0], seen[3]])[1]


def bars_of(path: Path) -> list[Bar]:
    """A file of bars, its columns by name, in either case."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [{name.lower(): text for name, text in row.items()} for row in csv.DictReader(lines)]
    columns = [[float(row[name]) for row in rows] for name in ("open", "high", "low", "close", "volume")]
    return [bar(*row) for row in zip(*columns, strict=True)]


FILES = ("backtestingpy_GOOG", "backtestingpy_EURUSD", "nautilus_BTC-PERP_1m_202201a")


@pytest.fixture(params=FILES)
def real(request: pytest.FixtureRequest, recording: Callable[[str], Path]) -> list[Bar]:
    return bars_of(recording(f"ohlcv/{request.param}.csv.gz"))[:2000]


def rolling(values: Any, length: int) -> Any:
    """Windows of an array, one a row."""
    return np.lib.stride_tricks.sliding_window_view(values, length)


def assert_near(told: list[float | None], expected: Any, after: int) -> None:
    assert list(told[:after]) == [None] * after
    assert len(told) - after == len(expected) > 1000
    np.testing.assert_allclose(np.array(told[after:], float), expected, rtol=1e-9, atol=1e-15)


def test_ranges_of_real_bars_are_those_of_an_array(real: list[Bar]) -> None:
    o, h, l, c = (np.array([getattr(x, name) for x in real]) for name in ("open", "high", "low", "close"))
    u, d, m = np.log(h / o), np.log(l / o), np.log(c / o)
    each = {
        parkinson: (u - d) ** 2 / (4 * np.log(2)),
        garman_klass: (u - d) ** 2 / 2 - (2 * np.log(2) - 1) * m**2,
        rogers_satchell: u * (u - m) + d * (d - m),
    }
    for kind, variances in each.items():
        assert_near(run(kind(20), real), np.sqrt(rolling(variances, 20).mean(axis=1)), 19)


def test_bipower_variation_of_real_bars_is_that_of_an_array(real: list[Bar]) -> None:
    closes = [x.close for x in real]
    r = np.diff(np.log(closes))
    products = np.abs(r[1:] * r[:-1])
    bipower, realised = optional(bipower_variation(60)), optional(realised_variance(60))
    assert_near(run(log_return() >> bipower, closes), np.pi / 2 * 60 / 59 * rolling(products, 59).sum(axis=1), 60)
    assert_near(run(log_return() >> realised, closes), rolling(r * r, 60).sum(axis=1), 60)


def test_the_average_true_range_of_real_bars_is_the_naive_loop(real: list[Bar]) -> None:
    ranges = [real[0].high - real[0].low]
    for before, x in pairwise(real):
        ranges.append(max(x.high - x.low, abs(x.high - before.close), abs(x.low - before.close)))
    means = [sum(ranges[:14]) / 14]
    for each in ranges[14:]:
        means.append((means[-1] * 13 + each) / 14)
    assert_near(run(atr(14), real), means, 13)


def test_the_relative_strength_of_real_closes_is_the_naive_loop(real: list[Bar]) -> None:
    closes = [x.close for x in real]
    moves = [b - a for a, b in pairwise(closes)]
    gain, loss = (sum(max(0.0, sign * m) for m in moves[:14]) / 14 for sign in (1, -1))
    expected = [100 - 100 / (1 + gain / loss)]
    for move in moves[14:]:
        gain, loss = (gain * 13 + max(0.0, move)) / 14, (loss * 13 + max(0.0, -move)) / 14
        expected.append(100 - 100 / (1 + gain / loss))
    assert_near(run(rsi(14), closes), expected, 14)


def test_bands_and_channels_of_real_closes_are_those_of_an_array(real: list[Bar]) -> None:
    closes = np.array([x.close for x in real])
    windows = rolling(closes, 20)
    mean, deviation = windows.mean(axis=1), windows.std(axis=1)
    bands = run(bollinger(20, 2.0), closes.tolist())
    assert_near([None if band is None else band.upper for band in bands], mean + 2 * deviation, 19)
    assert_near([None if band is None else band.lower for band in bands], mean - 2 * deviation, 19)
    channels = run(donchian(20), closes.tolist())
    assert_near([None if channel is None else channel.upper for channel in channels], windows.max(axis=1), 19)
    assert_near([None if channel is None else channel.lower for channel in channels], windows.min(axis=1), 19)


# ---- channels


def test_bollingers_bands_by_hand() -> None:
    none, band, flat = run(bollinger(2, 2.0), [1.0, 3.0, 3.0])
    assert (none, flat) == (None, Channel(3.0, 3.0, 0.0))
    assert band is not None
    assert (band.lower, band.upper, band.position) == pytest.approx((0.0, 4.0, 0.5))


def test_donchians_channel_by_hand() -> None:
    told = run(donchian(3), [1.0, 5.0, 2.0, 5.0, 5.0, 5.0])
    assert told[:2] == [None, None]
    assert told[2:5] == [Channel(1.0, 5.0, -0.5), Channel(2.0, 5.0, 1.0), Channel(2.0, 5.0, 1.0)]
    assert told[5] == Channel(5.0, 5.0, 0.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=20))
def test_the_place_in_a_channel_is_odd_and_within_one(levels: list[float]) -> None:
    for one, other in zip(run(donchian(4), levels), run(donchian(4), [-x for x in levels]), strict=True):
        if one is not None and other is not None:
            assert -1.0 <= one.position <= 1.0
            assert (other.lower, other.upper, other.position) == (-one.upper, -one.lower, -one.position)


# ---- variance ratio


def naive_ratio(r: list[float], q: int) -> float:
    n, m = len(r), sum(r) / len(r)
    one = sum((x - m) ** 2 for x in r) / (n - 1)
    sums = [sum(r[i : i + q]) for i in range(n - q + 1)]
    return sum((s - q * m) ** 2 for s in sums) / (q * (n - q + 1) * (1 - q / n)) / one


def test_the_variance_ratio_by_hand() -> None:
    # mean 1/3; variance (4 + 16 + 4) / 9 / 2 = 4/3; sums 0 and 0, each 2/3 off: 8/9 over 2 2 (1 - 2/3): 2/3
    assert run(variance_ratio(2, 3), [1.0, -1.0, 1.0])[-1] == pytest.approx(0.5)
    assert run(hurst(2, 3), [1.0, -1.0, 1.0])[-1] == pytest.approx(0.0)
    assert run(variance_ratio(2, 3), [0.5] * 4) == [None, None, 1.0, 1.0]
    assert run(hurst(2, 3), [0.5] * 4) == [None, None, 0.5, 0.5]


@given(returns, st.integers(2, 6))
def test_the_variance_ratio_is_the_naive_formula(changes: list[float], lag: int) -> None:
    window = changes[-8:]
    told = run(variance_ratio(lag, 8), changes)[-1]
    assert told == pytest.approx(naive_ratio(window, lag) if len(set(window)) > 1 else 1.0, rel=1e-9, abs=1e-9)


def test_moves_that_go_on_have_a_ratio_above_one_and_a_walk_has_one() -> None:
    drawn, x, last = Random(7), 0.0, 0.0
    walk, trend, back = [], [], []
    for _ in range(2000):
        shock = drawn.gauss()
        x = 0.5 * x + shock
        walk.append(shock)
        trend.append(x)
        back.append(shock - 0.5 * last)
        last = shock
    ratios = [run(variance_ratio(5, 2000), of)[-1] for of in (walk, trend, back)]
    # of a first-order autoregression, 1 + 2 sum (1 - k/5) 0.5 ** k; of a moving average, 1 + 2 (4/5) (-0.5 / 1.25)
    assert ratios == pytest.approx([1.0, 1.0 + 2.0 * (0.4 + 0.15 + 0.05 + 0.0125), 0.36], rel=0.1)
    assert run(hurst(5, 2000), walk)[-1] == pytest.approx(0.5, abs=0.03)


# ---- toxicity


def test_toxicity_by_hand() -> None:
    seen = [bar(1, 1, 1, 1, 4.0, -1.0), bar(1, 1, 1, 1, 6.0, 6.0), bar(1, 1, 1, 1, 0.0), bar(1, 1, 1, 1, 0.0)]
    assert run(vpin(2), seen) == pytest.approx([None, 0.7, 1.0, 0.0])
    assert run(vpin(1), [bar(1, 1, 1, 1, 2.0, 3.0)]) == [1.0]  # a source that counts otherwise


def test_the_sides_of_a_bulk_by_hand() -> None:
    # half-life 1: squares 1, then (1/2 + 4) / (3/2) = 3; of moves 1, -2
    first, second, third = run(bulk_volume(1.0), [bar(5, 5, 5, 5), bar(6, 6, 6, 6, 10.0), bar(4, 4, 4, 4, 10.0)])
    assert first is None
    assert second is not None
    assert third is not None
    assert second.net_volume == pytest.approx(10.0 * erf(1.0 / sqrt(2.0)))  # 68 % of the volume, for one deviation
    assert third.net_volume == pytest.approx(-10.0 * erf(2.0 / sqrt(6.0)))
    assert (second.close, second.volume) == (6.0, 10.0)


def test_a_price_that_stays_has_no_side() -> None:
    told = run(bulk_volume(), [bar(5, 5, 5, 5, 2.0)] * 3)
    assert [x and x.net_volume for x in told] == [None, 0.0, 0.0]


@pytest.mark.parametrize(
    ("attempt", "fault"),
    [
        (lambda: realised_variance(1), "length_ticks must be at least 2 ticks, got 1"),
        (lambda: bipower_variation(1), "length_ticks must be at least 2 ticks, got 1"),
        (lambda: parkinson(0), "length_ticks must be at least 1 ticks, got 0"),
        (lambda: bollinger(1), "length_ticks must be at least 2 ticks, got 1"),
        (lambda: bollinger(width=0.0), r"width must be above 0 deviations, got 0\.0"),
        (lambda: donchian(0), "length_ticks must be at least 1 ticks, got 0"),
        (lambda: variance_ratio(5, 5), "lag_ticks must be at least 2 ticks and below length_ticks, got 5, 5"),
        (lambda: hurst(1, 5), "lag_ticks must be at least 2 ticks and below length_ticks, got 1, 5"),
        (lambda: vpin(0), "length_ticks must be at least 1 ticks, got 0"),
        (lambda: bulk_volume(0.0), r"half_life_bars must be above 0 bars, got 0\.0"),
    ],
)
def test_windows_that_cannot_be_are_refused(attempt: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        attempt()
