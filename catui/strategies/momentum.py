"""Momentum: what has risen lately, against how much it usually moves, goes on."""

from math import sqrt, tanh
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import SIGNAL_SYMMETRIES, strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features
from catui.strategies.log_path import LOG_PATH, PathState, Point


class CrossState(Struct, frozen=True, gc=False):
    """Two exponential means of the log path."""

    fast: float
    slow: float


@strategy(warm_up="slow_half_life_ticks", symmetries=SIGNAL_SYMMETRIES)
def momentum(
    fast_half_life_ticks: Annotated[float, Bounds(1, 1e6, "ticks", "of the fast mean")] = 20.0,
    slow_half_life_ticks: Annotated[float, Bounds(2, 1e7, "ticks", "of the slow mean")] = 120.0,
    gain: Annotated[float, Bounds(0.01, 100, "", "of the crossing, before tanh")] = 1.5,
) -> Machine[tuple[PathState, CrossState], Features, float | None]:
    """Crossing of two exponential means of the log mid, in units of its volatility over the slow half-life.

        x_t = ln(mid_t / mid_1)
        f_t = f_{t-1} + (1 - 0.5 ** (1 / fast)) (x_t - f_{t-1}),  s_t likewise with slow
        signal = tanh(gain (f_t - s_t) / (volatility sqrt(slow))),  0 where the volatility is 0

    Warm-up: `slow_half_life_ticks` quotes, and the volatility's own. Laws: odd under mirrored returns, blind to the
    scale of prices, independent of absolute time, bounded by 1, 0 on a constant price.
    ValueError: a half-life not above 0, fast not below slow, gain not above 0.
    Source: Moskowitz, Ooi, Pedersen, *Time series momentum* (2012), for the scaling by volatility.
    """
    if not 0 < fast_half_life_ticks < slow_half_life_ticks:
        raise ValueError(
            f"fast_half_life_ticks must be above 0 and below slow_half_life_ticks ({slow_half_life_ticks:g} ticks), "
            f"got {fast_half_life_ticks:g}"
        )
    above_zero("gain", gain)
    move_fast = 1.0 - 0.5 ** (1.0 / fast_half_life_ticks)
    move_slow = 1.0 - 0.5 ** (1.0 / slow_half_life_ticks)
    per_volatility = gain / sqrt(slow_half_life_ticks)

    def step(s: CrossState, p: Point) -> tuple[CrossState, float | None]:
        x, at = p.features, p.at
        fast = s.fast + move_fast * (at - s.fast)
        slow = s.slow + move_slow * (at - s.slow)
        volatility = x.volatility if x.volatility is not None else 0.0
        signal = tanh(per_volatility * (fast - slow) / volatility) if volatility > 0.0 else 0.0
        is_warm = p.quotes >= slow_half_life_ticks and x.volatility is not None
        return CrossState(fast, slow), (signal if is_warm else None)

    return LOG_PATH >> atom(CrossState(0.0, 0.0), step)
