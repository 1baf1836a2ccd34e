"""Each kind by hand: numbers that can be worked out on paper."""

from math import e, log, log1p, nextafter, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategy_market import described

from catui.core.machine import run
from catui.domain.signals import Features
from catui.strategies.baseline import flat, hold
from catui.strategies.book_imbalance import book_imbalance
from catui.strategies.breakout import breakout
from catui.strategies.mean_reversion import mean_reversion
from catui.strategies.ornstein_uhlenbeck import ornstein_uhlenbeck
from catui.strategies.pairs import hedged, pairs
from catui.strategies.quoting import quoting
from catui.strategies.time_series_momentum import time_series_momentum


def test_hold_holds_and_flat_is_out() -> None:
    assert run(hold(-0.25), [described(1.0)] * 2) == [-0.25, -0.25]
    assert run(flat(), [described(1.0)] * 2) == [0.0, 0.0]


def test_time_series_momentum_by_hand() -> None:
    # half-life 1: keep 1/2, deviation = volatility / sqrt(3/4); R = 0.01, 0.005 - 0.002 = 0.003
    seen = [described(1.0, 0.02, log_return=0.01), described(1.0, 0.02, log_return=-0.002)]
    deviation = 0.02 / sqrt(0.75)
    expected = [0.01 / deviation, 0.003 / deviation]
    assert run(time_series_momentum(1.0, 1.0, 400.0), seen) == pytest.approx(expected)
    halved = [x / 2 for x in expected]  # the volatility is twice the target
    assert run(time_series_momentum(1.0, 1.0, 100.0), seen) == pytest.approx(halved)
    assert run(time_series_momentum(1.0, 0.1, 100.0), seen) == pytest.approx([0.5, 0.5])  # full, at half the size
    assert run(time_series_momentum(2.0, 1.0, 400.0), seen)[0] is None


def test_time_series_momentum_of_a_volatility_of_zero_is_silent() -> None:
    assert run(time_series_momentum(1.0, 1.0, 1.0), [described(1.0, 0.0, log_return=0.5)]) == [0.0]


def prices(*mids: float) -> list[Features]:
    return [described(mid, 0.001) for mid in mids]


def test_breakout_by_hand() -> None:
    # blocks of one quote: the channel is the last eight quotes; a break is half a per mille beyond it
    quiet = [100.0, 101.0, 99.0, 100.0, 100.0, 100.0, 100.0, 100.0]
    later = [101.04, 101.2, 100.0, 98.0, 97.99, 98.1]
    said = run(breakout(8.0, 0.5), prices(*quiet, *later))
    assert said == [None] * 8 + [0.0, 1.0, 1.0, -1.0, -1.0, -1.0]


def test_the_channel_forgets_by_blocks() -> None:
    # blocks of two quotes: a high of the first block is forgotten once eight later blocks are full
    mids = [100.0, 110.0, *[100.0] * 14]
    assert run(breakout(16.0, 0.5), prices(*mids, 105.0))[-1] == 0.0
    assert run(breakout(16.0, 0.5), prices(*mids, 100.0, 105.0))[-1] == 0.0
    assert run(breakout(16.0, 0.5), prices(*mids, 100.0, 100.0, 105.0))[-1] == 1.0


def test_the_block_being_filled_is_part_of_the_channel() -> None:
    mids = [*[100.0] * 16, 102.0, 101.0, 103.0]
    said = run(breakout(16.0, 0.5), [*prices(*mids[:16]), described(102.0, 1.0), *prices(101.0, 101.5)])
    assert said[16:] == [0.0, 0.0, 0.0]  # 102 is within one wide volatility; it keeps 101.5 from being a break


def recomputed(at: list[float], block: int, beyond: float) -> list[float | None]:
    """The rule by its words: the eight full blocks before each log price, and what has come since."""
    said: list[float | None] = []
    position = 0.0
    for i, one in enumerate(at):
        full = i // block
        if full >= 8:
            channel = at[(full - 8) * block : i]
            position = 1.0 if one > max(channel) + beyond else -1.0 if one < min(channel) - beyond else position
        said.append(position if full >= 8 else None)
    return said


@settings(max_examples=60, deadline=None)
@given(
    moves=st.lists(st.integers(-9, 9), min_size=100, max_size=150),
    block=st.integers(1, 4),
    band=st.sampled_from((0.5, 4.0)),
)
def test_breakout_is_the_rule_by_its_words(moves: list[int], block: int, band: float) -> None:
    start = 100.0
    mids = [start * e ** (sum(moves[: i + 1]) / 1e4) for i in range(len(moves))]
    seen = [described(mid, 0.00025) for mid in mids]
    expected = recomputed([log(mid / mids[0]) for mid in mids], block, 0.00025 * band)
    assert run(breakout(8.0 * block, band), seen) == expected


def test_ornstein_uhlenbeck_by_hand() -> None:
    # half-life 1, log mids 0, 1, 1/2; moments of (x, y): after (0, 0): 0; after (0, 1): mean y 1/2, var y 1/4;
    # after (1, 1/2): off x 1, off y 0: mean x 1/2, var x 1/4, mean y 1/2, var y 1/8, covariance 0: slope 0: silent
    seen = [described(mid) for mid in (1.0, e, sqrt(e))]
    assert run(ornstein_uhlenbeck(1.0, 60.0, 2.0), seen) == [0.0, 0.0, 0.0]
    # log mids 0, 1, 3/4: off y 1/4: mean y 5/8, var y (1/4 + 1/32)/2 = 9/64, covariance (1/8)/2 = 1/16: slope 1/4
    # equilibrium (5/8 - 1/8) / (3/4) = 2/3; noise 9/64 - 1/64 = 1/8; deviation sqrt((1/8) / (15/16)) = sqrt(2/15)
    seen = [described(mid) for mid in (1.0, e, e**0.75)]
    assert run(ornstein_uhlenbeck(1.0, 60.0, 2.0), seen)[-1] == pytest.approx((2 / 3 - 3 / 4) / sqrt(2 / 15) / 2.0)
    assert run(ornstein_uhlenbeck(1.0, 60.0, 0.1), seen)[-1] == -1.0
    assert run(ornstein_uhlenbeck(1.0, 0.49, 2.0), seen)[-1] == 0.0  # slope 1/4 is a half-life of 1/2
    assert run(ornstein_uhlenbeck(1.0, 0.51, 2.0), seen)[-1] != 0.0


def test_ornstein_uhlenbeck_finds_the_equilibrium_of_an_autoregression() -> None:
    # x' = 0.9 x + noise of +-1: it is pulled to 0, and strays 1 / sqrt(1 - 0.81) = 2.29 bps
    x, seed, seen = 0.0, 12345, []
    for _ in range(4000):
        seed = (seed * 1103515245 + 12345) % 2**31
        x = 0.9 * x + (1.0 if seed >> 16 & 1 else -1.0)
        seen.append(x)
    full = 2.0
    mids = [100.0 * e ** (at / 1e4) for at in seen]
    signals = run(ornstein_uhlenbeck(1000.0, 60.0, full), [described(mid) for mid in mids])[2000:]
    wanted = [max(-1.0, min(1.0, -at * sqrt(1.0 - 0.81) / full)) for at in seen[2000:]]
    errors = [abs(signal - want) for signal, want in zip(signals, wanted, strict=True) if signal is not None]
    assert len(errors) == len(wanted)
    assert max(errors) < 0.35  # the fit's own error: some hundred effective samples
    assert sum(errors) / len(errors) < 0.15


def test_ornstein_uhlenbeck_is_silent_on_a_trend() -> None:
    rising = [described(100.0 * e ** (i / 1e3)) for i in range(300)]
    assert set(run(ornstein_uhlenbeck(20.0, 5.0, 2.0), rising)) == {None, 0.0}


def test_ornstein_uhlenbeck_is_silent_where_nothing_strays() -> None:
    # a pure decay towards 0.1 is fitted without noise: there is no deviation to measure a distance in
    decay = [described(100.0 * e ** (0.1 * (1.0 - 0.97**i))) for i in range(400)]
    assert set(run(ornstein_uhlenbeck(4.0, 60.0, 2.0), decay)[300:]) == {0.0}


def last_digits(i: int) -> float:
    """1.1, three times, and the next number above it, three times: what rounding leaves of a constant price."""
    return 1.1 if i % 6 < 3 else nextafter(1.1, 2.0)


def test_the_last_digit_of_a_price_is_no_signal() -> None:
    seen = [described(last_digits(i)) for i in range(60)]
    assert set(run(mean_reversion(4.0, 0.1), seen)) == {None, 0.0}
    assert set(run(ornstein_uhlenbeck(6.0, 60.0, 0.1), seen)) == {None, 0.0}
    logs = [log(x.mid) for x in seen]
    assert len(set(logs)) == 2
    assert set(run(pairs(4.0, 0.1), [(y, 0.0) for y in logs])) == {None, 0.0}
    assert {hedge.ratio for hedge in run(hedged(4.0), [(i % 5 * 1e-3, x) for i, x in enumerate(logs)])} == {0.0}


def test_the_hedge_ratio_by_hand() -> None:
    # half-life 1: moments of y, x after (0, 0), (2, 1): means 1, 1/2; var y 1, var x 1/4, covariance 1/2: ratio 2
    [_, hedge] = run(hedged(1.0), [(5.0, 7.0), (7.0, 8.0)])
    assert (hedge.ratio, hedge.spread, hedge.deviation, hedge.pairs) == (2.0, 0.0, 0.0, 2.0)


def test_pairs_by_hand() -> None:
    # then (2, 0): off y 1, off x -1/2: mean y 3/2, mean x 1/4, var y (1 + 1/2)/2 = 3/4, var x (1/4 + 1/8)/2 = 3/16,
    # covariance (1/2 - 1/4)/2 = 1/8: ratio 2/3, spread (1 + 1/3)/2 = 2/3, deviation^2 3/4 - 1/12 = 2/3
    seen = [(0.0, 0.0), (2.0, 1.0), (2.0, 0.0)]
    last = run(hedged(1.0), seen)[-1]
    assert (last.ratio, last.spread, last.deviation) == pytest.approx((2 / 3, 2 / 3, sqrt(2 / 3)))
    assert run(pairs(3.0, 2.0), seen)[:2] == [None, None]
    assert run(pairs(1.0, 2.0), seen) == pytest.approx([0.0, 0.0, -sqrt(2 / 3) / 2])
    assert run(pairs(1.0, 0.1), seen)[-1] == -1.0


pair_moves = st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), max_size=30)


def log_prices(moves: list[tuple[int, int]], sign: float = 1.0, shift: float = 0.0) -> list[tuple[float, float]]:
    y, x, seen = 0.0, 0.0, [(shift, -shift)]
    for dy, dx in moves:
        y, x = y + sign * dy / 1e4, x + sign * dx / 1e4
        seen.append((y + shift, x - shift))
    return seen


@settings(max_examples=50, deadline=None)
@given(moves=pair_moves)
def test_pairs_are_odd_and_blind_to_the_scale_of_either_price(moves: list[tuple[int, int]]) -> None:
    signals = run(pairs(3.0, 2.0), log_prices(moves))
    opposite = run(pairs(3.0, 2.0), log_prices(moves, sign=-1.0))
    assert [None if x is None else -x for x in opposite] == signals
    assert run(pairs(3.0, 2.0), log_prices(moves, shift=3.0)) == pytest.approx(signals, abs=1e-6)


def test_two_prices_that_are_one_are_never_traded() -> None:
    seen = [(log(100.0 + i % 7), log(50.0 + (i % 7) / 2)) for i in range(200)]
    assert set(run(pairs(10.0, 0.1), seen)) == {None, 0.0}


def test_book_imbalance_by_hand() -> None:
    first = described(1.0, imbalance=0.5, depth_imbalance=-1.0)  # no order flow yet: 0.4 0.5 - 0.2 = 0
    second = described(1.0, imbalance=1.0, depth_imbalance=1.0, order_flow=0.5)  # 0.4 + 0.2 + 0.2 = 0.8, half of it
    assert run(book_imbalance(1.0, 0.4, 0.2, 0.4), [first, second]) == pytest.approx([0.0, 0.4])
    assert run(book_imbalance(1.0, 1.0, 0.0, 0.0), [first]) == [0.5]
    assert run(book_imbalance(1.0, 1.0, 0.0, 1.0), [second]) == [0.75]
    assert run(book_imbalance(2.0, 1.0, 0.0, 0.0), [first, second])[0] is None


def test_quoting_by_hand() -> None:
    # gamma 0.5, kappa 0.5, volatility 2 bps, horizon 3: risk 0.5 4 3 = 6 bps; half spread 3 + ln(2) / 0.5
    seen = (described(10_000.0, 2e-4), 0.25)
    [quotes] = run(quoting(0.5, 0.5, 3.0, 50.0), [seen])
    assert quotes is not None
    half = 3.0 + log1p(1.0) / 0.5
    assert (quotes.reservation, quotes.bid, quotes.ask) == pytest.approx((9998.5, 9998.5 - half, 9998.5 + half))
    assert run(quoting(0.5, 0.5, 3.0, 50.0), [(described(1.0, None), 0.0)]) == [None]


def test_quotes_are_never_wider_than_said() -> None:
    [quotes] = run(quoting(0.5, 0.5, 3.0, 50.0), [(described(10_000.0, 10.0), 1e6)])
    assert quotes is not None
    assert (quotes.bid, quotes.ask, quotes.reservation) == pytest.approx((9900.0, 10_000.0, 9950.0))


@settings(max_examples=100, deadline=None)
@given(
    mid=st.floats(1e-8, 1e9),
    volatility=st.floats(0.0, 10.0),
    inventory=st.floats(-1e3, 1e3),
    more=st.floats(0.0, 1e3),
    widest=st.floats(0.1, 4000.0),
)
def test_quotes_lean_against_the_inventory(
    mid: float, volatility: float, inventory: float, more: float, widest: float
) -> None:
    x, machine = described(mid, volatility), quoting(widest_bps=widest)
    one, longer, opposite = run(machine, [(x, inventory), (x, inventory + more), (x, -inventory)])
    assert one is not None
    assert longer is not None
    assert opposite is not None
    assert 0.0 < one.bid < one.reservation < one.ask
    assert longer.bid <= one.bid
    assert longer.ask <= one.ask
    assert opposite.bid + one.ask == pytest.approx(2.0 * mid)
    assert opposite.reservation + one.reservation == pytest.approx(2.0 * mid)


@pytest.mark.parametrize(
    ("attempt", "fault"),
    [
        (lambda: time_series_momentum(0.0), "half_life_ticks must be above 0 ticks, got 0.0"),
        (lambda: time_series_momentum(full_z=-1.0), "full_z must be above 0 standard deviations"),
        (lambda: time_series_momentum(target_bps=0.0), "target_bps must be above 0 bps a tick"),
        (lambda: breakout(0.0), "channel_ticks must be above 0 ticks"),
        (lambda: breakout(break_vols=0.0), "break_vols must be above 0 volatilities"),
        (lambda: ornstein_uhlenbeck(0.0), "half_life_ticks must be above 0 ticks"),
        (lambda: ornstein_uhlenbeck(longest_reversion_ticks=0.0), "longest_reversion_ticks must be above 0 ticks"),
        (lambda: ornstein_uhlenbeck(full_z=0.0), "full_z must be above 0 stationary deviations"),
        (lambda: pairs(0.0), "half_life_ticks must be above 0 ticks"),
        (lambda: pairs(full_z=0.0), "full_z must be above 0 standard deviations"),
        (lambda: book_imbalance(0.0), "half_life_ticks must be above 0 ticks"),
        (lambda: book_imbalance(touch_weight=-0.1), "weights must not be below 0"),
        (lambda: book_imbalance(5.0, 0.0, 0.0, 0.0), r"touch_weight \+ depth_weight \+ flow_weight must be above 0"),
        (lambda: quoting(0.0), "risk_aversion_per_bp must be above 0 per bp"),
        (lambda: quoting(fill_decay_per_bp=0.0), "fill_decay_per_bp must be above 0 per bp"),
        (lambda: quoting(horizon_ticks=0.0), "horizon_ticks must be above 0 ticks"),
        (lambda: quoting(widest_bps=0.0), "widest_bps must be above 0 bps"),
        (lambda: quoting(widest_bps=4000.1), "widest_bps must be at most 4000 bps"),
        (lambda: hold(1.5), "exposure must be -1 to 1"),
    ],
)
def test_constructors_refuse_what_cannot_be(attempt: object, fault: str) -> None:
    assert callable(attempt)
    with pytest.raises(ValueError, match=fault):
        attempt()
