"""Features for strategies on unkind markets, and quick parameters for every kind."""

from itertools import accumulate
from math import exp, log
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from catui.core.machine import Machine
from catui.domain.kind import Kind
from catui.domain.signals import Features

# Parameters with which a kind is warm within a few quotes; a kind that is not here runs by its defaults.
QUICK: dict[str, dict[str, float]] = {
    "momentum": {"fast_half_life_ticks": 2.0, "slow_half_life_ticks": 6.0},
    "time_series_momentum": {"half_life_ticks": 5.0},
    "breakout": {"channel_ticks": 8.0},
    "mean_reversion": {"half_life_ticks": 4.0},
    "ornstein_uhlenbeck": {"half_life_ticks": 6.0},
    "book_imbalance": {"half_life_ticks": 3.0},
    "pairs": {"half_life_ticks": 5.0},
}
WAITING = 4  # quotes without a volatility


def values_of(kind: Kind[..., Any]) -> dict[str, float]:
    return {name: p.default for name, p in kind.parameters.items()} | QUICK.get(kind.name, {})


def quick(kind: Kind[..., Any]) -> Machine[Any, Any, Any]:
    machine: Machine[Any, Any, Any] = kind(**values_of(kind))
    return machine


def described(mid: float, volatility: float | None = 1e-3, **changes: float) -> Features:
    return replace(Features(0.0, mid, mid, 0.0, 0.0, volatility, 0.0, 0.0, None, None), **changes)


def told(kind: Kind[..., Any], market: list[Features]) -> list[Any]:
    """The market as the kind wants it: features, two log prices, or features with an inventory."""
    if kind.input is Features:
        return list(market)
    if kind.name == "pairs":
        return [(log(x.mid), log(x.mid) * 0.5 + x.imbalance * 1e-3) for x in market]
    return [(x, x.imbalance) for x in market]


shares = st.sampled_from((-1.0, 0.0, 1.0)) | st.floats(-1.0, 1.0)
volatilities = st.sampled_from((0.0, 5e-324, 1e-12, 1e-3)) | st.floats(0.0, 10.0)


@st.composite
def markets(draw: st.DrawFn, changes: st.SearchStrategy[float], longest: int = 40) -> list[Features]:
    """Quotes with the given log returns; the volatility is known from the one after `WAITING` on."""
    returns = [0.0, *draw(st.lists(changes, max_size=longest))]
    start, time_s = draw(st.sampled_from((1e-8, 1.0, 123.4, 1e9))), 0.0
    seen = []
    for number, (change, log_price) in enumerate(zip(returns, accumulate(returns), strict=True)):
        mid, time_s = start * exp(log_price), time_s + draw(st.sampled_from((0.0, 0.1, 3.0, 86_400.0)))
        volatility = draw(volatilities) if number >= WAITING else None
        touch, depth = draw(shares), draw(shares)
        flow, trades = (draw(shares), draw(shares)) if number else (None, None)
        seen.append(Features(time_s, mid, mid, 1.0, change, volatility, touch, depth, flow, trades))
    return seen


wild = st.sampled_from((0.0, 0.0, log(10.0), -log(10.0), 1e-9, -1e-9)) | st.floats(-0.5, 0.5)
wild_markets = markets(wild)
