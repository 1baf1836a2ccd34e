"""Breakout: a price that leaves the range it has long kept goes on."""

from math import ceil
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import SIGNAL_SYMMETRIES, strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features
from catui.strategies.log_path import LOG_PATH, PathState, Point

BLOCKS = 8
Extremes = tuple[float, float, float, float, float, float, float, float]
NOTHING_YET: Extremes = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class ChannelState(Struct, frozen=True, gc=False):
    """Highs and lows of the log path: of the last blocks, and of all with the one being filled; the position held."""

    highs: Extremes
    lows: Extremes
    block_high: float
    block_low: float
    high: float
    low: float
    filled: float
    position: float


def _warm_up(channel_ticks: float, break_vols: float) -> float:
    return float(BLOCKS * ceil(channel_ticks / BLOCKS) + 1)


@strategy(warm_up=_warm_up, symmetries=SIGNAL_SYMMETRIES)
def breakout(
    channel_ticks: Annotated[float, Bounds(8, 1e7, "ticks", "length of the channel")] = 240.0,
    break_vols: Annotated[float, Bounds(0.01, 100, "volatilities", "beyond the channel, for a break")] = 0.5,
) -> Machine[tuple[PathState, ChannelState], Features, float | None]:
    """Stop and reverse at the breaks of a Donchian channel.

        x_t = ln(mid_t / mid_1),   high, low: of the channel before this quote
        signal = 1 once x_t > high + break_vols volatility,  -1 once x_t < low - break_vols volatility,  else as before

    and 0 before the first break. The channel is the last 8 blocks of `channel_ticks` / 8 quotes, rounded up, and the
    block being filled: it forgets by blocks, so that its state is small however long it is.
    Warm-up: 8 blocks and one quote, and the volatility's own. Laws: odd under mirrored returns, blind to the scale of
    prices, independent of absolute time, bounded by 1, 0 on a constant price. ValueError: a parameter not above 0.
    Source: R. Donchian's four-week rule; Brock, Lakonishok, LeBaron, *Simple technical trading rules and the stochastic
    properties of stock returns* (1992), for the band around the range.
    """
    above_zero("channel_ticks", channel_ticks, "ticks")
    above_zero("break_vols", break_vols, "volatilities")
    block_ticks = float(ceil(channel_ticks / BLOCKS))
    warm = BLOCKS * block_ticks

    def step(s: ChannelState, p: Point) -> tuple[ChannelState, float | None]:
        x, at = p.features, p.at
        is_warm = p.quotes > warm and x.volatility is not None
        beyond = x.volatility * break_vols if x.volatility is not None else 0.0
        position = s.position
        if is_warm and at > s.high + beyond:
            position = 1.0
        elif is_warm and at < s.low - beyond:
            position = -1.0
        signal = position if is_warm else None
        block_high = max(s.block_high, at) if s.filled > 0.0 else at
        block_low = min(s.block_low, at) if s.filled > 0.0 else at
        filled = s.filled + 1.0
        highs = s.highs
        lows = s.lows
        high = max(s.high, at)
        low = min(s.low, at)
        if filled >= block_ticks:
            highs = (*s.highs[1:], block_high)
            lows = (*s.lows[1:], block_low)
            high = _highest(highs)
            low = _lowest(lows)
            filled = 0.0
        state = ChannelState(highs, lows, block_high, block_low, high, low, filled, position)
        return state, signal

    return LOG_PATH >> atom(ChannelState(NOTHING_YET, NOTHING_YET, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), step)


def _highest(of: Extremes) -> float:
    found = of[0]
    for one in of:
        found = max(found, one)
    return found


def _lowest(of: Extremes) -> float:
    found = of[0]
    for one in of:
        found = min(found, one)
    return found
