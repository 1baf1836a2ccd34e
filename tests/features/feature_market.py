"""Inputs for features of every type, kind and unkind ones; quick parameters."""

from functools import cache
from itertools import accumulate
from math import exp, log
from typing import Any, get_args

from hypothesis import strategies as st

from catui.core.machine import Machine
from catui.domain.kind import Kind
from catui.domain.signals import Bar, Levels, Observation
from catui.features.spread import Deal

# Parameters with which a kind is warm within a few inputs; a kind that is not here runs by its defaults.
QUICK: dict[str, dict[str, float]] = {
    "book_pressure": {"half_life_ticks": 3.0},
    "order_flow_imbalance": {"half_life_ticks": 3.0},
    "level_order_flow": {"half_life_ticks": 3.0},
    "trade_imbalance": {"half_life_trades": 3.0},
    "realised_spread": {"lag_trades": 3},
    "volatility": {"half_life_ticks": 3.0, "warm_up_ticks": 4},
    "reversion_half_life": {"half_life_ticks": 5.5, "longest_ticks": 50.0},
    "realised_variance": {"length_ticks": 4},
    "bipower_variation": {"length_ticks": 4},
    "jump_share": {"length_ticks": 5},
    "parkinson": {"length_bars": 4},
    "garman_klass": {"length_bars": 3},
    "rogers_satchell": {"length_bars": 3},
    "variance_ratio": {"lag_ticks": 2, "length_ticks": 7},
    "hurst": {"lag_ticks": 3, "length_ticks": 8},
    "vpin": {"length_bars": 4},
    "bulk_volume": {"half_life_bars": 3.0},
    "bollinger": {"length": 5},
    "donchian": {"length": 4},
    "rsi": {"length": 4},
    "macd": {"fast_span": 2, "slow_span": 4, "signal_span": 3},
    "atr": {"length": 4},
}
STARTS = (1e-8, 1.0, 123.4, 1e9)


def values_of(kind: Kind[..., Any]) -> dict[str, float]:
    return {name: p.default for name, p in kind.parameters.items()} | QUICK.get(kind.name, {})


@cache
def quick(kind: Kind[..., Any]) -> Machine[Any, Any, Any]:
    machine: Machine[Any, Any, Any] = kind(**values_of(kind))
    return machine


numbers = st.sampled_from((0.0, 1.0, -1.0, 1e-9, -1e9, 1e9)) | st.floats(-1e6, 1e6)
calm_numbers = st.integers(-400, 400).map(lambda n: n / 64)
sizes = st.sampled_from((0.0, 1e-8, 1.0, 1e6)) | st.floats(0.0, 1e3)
calm_sizes = st.integers(1, 64).map(float)
jumps = st.sampled_from((0.0, 0.0, log(10.0), -log(10.0), 1e-9)) | st.floats(-0.5, 0.5)
calm_moves = st.integers(-40, 40).map(lambda bps: bps / 1e4)
pauses_s = st.sampled_from((0.0, 0.1, 3.0, 86_400.0))


@st.composite
def mids(draw: st.DrawFn, longest: int, is_calm: bool) -> list[float]:
    start = draw(st.sampled_from(STARTS))
    moves = draw(st.lists(calm_moves if is_calm else jumps, max_size=longest))
    return [start * exp(log_price) for log_price in accumulate(moves)]


@st.composite
def observations(draw: st.DrawFn, longest: int, is_calm: bool) -> list[Observation]:
    """Calm: quotes with both sides. Else trades among them, empty sides, no spread, equal times and gaps."""
    time_s, seen = 0.0, []
    some_size = calm_sizes if is_calm else sizes
    for mid in draw(mids(longest, is_calm)):
        time_s += draw(pauses_s)
        half = mid * draw(st.sampled_from((1e-4, 1e-3)) if is_calm else st.sampled_from((0.0, 1e-4, 0.1)))
        is_quote = is_calm or draw(st.booleans())
        bid, ask = mid - half, mid + half
        if not is_calm and draw(st.integers(0, 9)) == 0:
            bid, ask = draw(st.sampled_from(((0.0, ask), (bid, 0.0), (0.0, 0.0))))
        touch = draw(some_size), draw(some_size)
        depth = touch[0] + draw(some_size), touch[1] + draw(some_size)
        traded = 0.0 if is_quote else draw(st.sampled_from((-1.0, 1.0))) * draw(some_size)
        seen.append(Observation(time_s, is_quote, bid, ask, *touch, *depth, traded))
    return seen


@st.composite
def books(draw: st.DrawFn, longest: int, is_calm: bool) -> list[Levels]:
    """Calm: five levels a side. Else any number of them, none included, of any size."""
    time_s, seen = 0.0, []
    some_size = calm_sizes if is_calm else sizes
    for mid in draw(mids(longest, is_calm)):
        time_s += draw(pauses_s)
        sides: list[Any] = []
        for toward in (-1.0, 1.0):
            count = 5 if is_calm else draw(st.integers(0, 5))
            at, prices = mid, []
            for _ in range(count):
                at *= 1.0 + toward * draw(st.sampled_from((1e-4, 1e-3)))
                prices.append(at)
            blank = (0.0,) * (5 - count)
            sides += [(*prices, *blank), (*(draw(some_size) for _ in prices), *blank)]
        seen.append(Levels(time_s, *sides))
    return seen


@st.composite
def deals(draw: st.DrawFn, longest: int, is_calm: bool) -> list[Deal]:
    """Calm: trades near the mid. Else anywhere, of no size, now and then at a mid of 0."""
    seen = []
    for mid in draw(mids(longest, is_calm)):
        price = mid * exp(draw(calm_moves if is_calm else jumps))
        size = draw(st.sampled_from((-1.0, 1.0))) * draw(calm_sizes if is_calm else sizes)
        seen.append(Deal(price, size, mid if is_calm or draw(st.integers(0, 9)) else 0.0))
    return seen


@st.composite
def bars(draw: st.DrawFn, longest: int, is_calm: bool) -> list[Bar]:
    """Calm: bars that follow one another. Else jumps between them, without range or volume, now and then at 0."""
    time_s, seen = 0.0, []
    for at in draw(mids(longest, is_calm)):
        start_s, time_s = time_s, time_s + draw(pauses_s)
        walk = draw(st.lists(calm_moves if is_calm else jumps, min_size=4, max_size=4))
        first, second, third, last = (at * exp(move) for move in walk)
        if not is_calm and draw(st.integers(0, 9)) == 0:
            first, second, third, last = draw(st.sampled_from(((at,) * 4, (0.0,) * 4, (at, at, 0.0, at))))
        prices = first, max(first, second, third, last), min(first, second, third, last), last
        volume = draw(calm_sizes if is_calm else sizes)
        net = volume * draw(st.sampled_from((-1.0, 0.0, 0.5, 1.0)))
        seen.append(Bar(start_s, time_s, *prices, volume, net, 4.0))
    return seen


def told(kind: Kind[..., Any], *, is_calm: bool = False, longest: int = 40) -> st.SearchStrategy[list[Any]]:
    """Inputs of the kind's type."""
    return of_type(kind.input, longest, is_calm)


def of_type(wanted: object, longest: int, is_calm: bool) -> st.SearchStrategy[list[Any]]:
    if wanted is float:
        return st.lists(calm_numbers if is_calm else numbers, max_size=longest)
    if wanted is Observation:
        return observations(longest, is_calm)
    if wanted is Levels:
        return books(longest, is_calm)
    if wanted is Deal:
        return deals(longest, is_calm)
    if wanted is Bar:
        return bars(longest, is_calm)
    items = [of_type(item, longest, is_calm) for item in get_args(wanted)]
    assert items, wanted
    return st.tuples(*items).map(lambda columns: list(zip(*columns, strict=False)))
