"""Markets for laws: observations of one instrument, made up and the same for ever.

Times are multiples of 1/1024 s, so that a shift of them is exact. In a steady market the spread is a fixed share of the
price, so that the mirror image of it has mirrored returns to the last digit but one.
"""

from collections.abc import Callable, Iterator
from math import exp, log
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from catui.core.check import draws
from catui.domain.signals import Observation

BP = 1e-4
PAUSES_S = (0.0, 1.0 / 1024, 0.125, 1.0, 2.5)
WILD_PAUSES_S = (0.0, 0.0, 1.0 / 1024, 60.0, 259_200.0)


class Market(NamedTuple):
    """Observations, and which fact of them is told to a machine that takes plain numbers."""

    seen: tuple[Observation, ...]
    number: str = "mid"


Maker: TypeAlias = Callable[[int, int], Market]
"""How many observations, and a seed, to a market."""


def trending(count: int, seed: int) -> Market:
    """A price that rises, two steps of three."""
    return Market(_steady(_rising(seed), count, seed, start=100.0, half_spread=1 * BP))


def reverting(count: int, seed: int) -> Market:
    """A price that is pulled back to where it began."""
    return Market(_steady(_pulled(seed), count, seed, start=0.0625, half_spread=0.0), "log_return")


def jumpy(count: int, seed: int) -> Market:
    """A calm price that now and then moves by a tenth."""
    return Market(_steady(_jumping(seed), count, seed, start=40_000.0, half_spread=20 * BP), "log_mid")


def constant(count: int, seed: int) -> Market:
    """A price that stays, in a book that does not."""
    return Market(_steady(_still(), count, seed, start=123.5, half_spread=5 * BP))


def tiny(count: int, seed: int) -> Market:
    """Hostile, at a hundred-millionth."""
    return Market(_hostile(count, seed, start=1e-8), "trade_size")


def huge(count: int, seed: int) -> Market:
    """Hostile, at a thousand million."""
    return Market(_hostile(count, seed, start=1e9))


STEADY: tuple[Maker, ...] = (trending, reverting, jumpy)
HOSTILE: tuple[Maker, ...] = (tiny, huge)


def talkative(count: int, seed: int) -> Market:
    """A trending market in which every observation is a quote of two full sides, and a trade: nothing is waited for."""
    every = _steady(_rising(seed), 2 * count, seed, start=100.0, half_spread=1 * BP)[::2]
    return Market(tuple([_full(x) for x in every]))


def _full(x: Observation) -> Observation:
    bid_size, ask_size = x.bid_size or 1.0, x.ask_size or 1.0
    traded = x.trade_size or 0.5
    return Observation(x.time_s, True, x.bid, x.ask, bid_size, ask_size, bid_size + 4.0, ask_size + 5.0, traded)


def mirrored(market: Market) -> Market:
    """Every return and both sides of the book swapped, about the first price."""
    about = market.seen[0].bid * market.seen[0].ask if market.seen else 1.0

    def turned(price: float) -> float:
        return about / price if price > 0.0 else 0.0

    return market._replace(
        seen=tuple(
            [
                Observation(
                    *(x.time_s, x.is_quote, turned(x.ask), turned(x.bid), x.ask_size, x.bid_size),
                    *(x.depth_ask, x.depth_bid, -x.trade_size),
                )
                for x in market.seen
            ]
        )
    )


def scaled(market: Market, prices: float, sizes: float) -> Market:
    """Prices and sizes times constants; exact for powers of two."""
    return market._replace(
        seen=tuple(
            [
                Observation(
                    *(x.time_s, x.is_quote, x.bid * prices, x.ask * prices, x.bid_size * sizes, x.ask_size * sizes),
                    *(x.depth_bid * sizes, x.depth_ask * sizes, x.trade_size * sizes),
                )
                for x in market.seen
            ]
        )
    )


def later(market: Market, by_s: float) -> Market:
    """The same at another time; exact for multiples of 1/1024 s."""
    return market._replace(seen=tuple([replace(x, time_s=x.time_s + by_s) for x in market.seen]))


def _steady(
    moves_bps: Iterator[int], count: int, seed: int, start: float, half_spread: float
) -> tuple[Observation, ...]:
    """Quotes with these returns; one observation in eight is a trade on the quote before it.

    A price that comes back is the same to the bit.
    """
    draw, at_bps, time_s = draws(seed + 1), 0, 0.0
    seen: list[Observation] = []
    for number in range(count):
        time_s += PAUSES_S[int(next(draw) * len(PAUSES_S))]
        size = (next(draw) - 0.5) * 4.0
        if seen and next(draw) < 0.125:
            seen.append(replace(seen[-1], time_s=time_s, is_quote=False, trade_size=size))
            continue
        at_bps += next(moves_bps) if number else 0
        mid = start * exp(at_bps * BP)
        bid_size, ask_size = _sizes(draw)
        bid_depth, ask_depth = bid_size + 8.0 * next(draw), ask_size + 8.0 * next(draw)
        traded = size if next(draw) < 0.25 else 0.0
        bid, ask = mid * (1.0 - half_spread), mid * (1.0 + half_spread)
        seen.append(Observation(time_s, True, bid, ask, bid_size, ask_size, bid_depth, ask_depth, traded))
    return tuple(seen)


def _hostile(count: int, seed: int, start: float) -> tuple[Observation, ...]:
    """Whatever a venue may legally send: no spread and a wide one, a side without size or price, jumps, gaps."""
    draw, log_price, time_s = draws(seed), log(start), 0.0
    seen: list[Observation] = []
    for number in range(count):
        time_s += WILD_PAUSES_S[int(next(draw) * len(WILD_PAUSES_S))]
        is_still = number % 96 >= 48
        away = log_price - log(start)
        jump = (log(10.0) if next(draw) * 8.0 > 4.0 + away else -log(10.0)) if next(draw) < 0.2 else BP * next(draw)
        log_price += 0.0 if is_still or not number else jump
        mid = exp(log_price)
        half = mid * (0.0, 0.0, 1e-9, 0.4)[int(next(draw) * 4)]
        bid_size, ask_size = _sizes(draw, share_empty=0.3)
        scale = (1e-8, 1.0, 1e9)[int(next(draw) * 3)]
        depths = [0.0 if size == 0.0 and next(draw) < 0.5 else size + next(draw) for size in (bid_size, ask_size)]
        traded = (0.0, 0.0, 1e-8, -1e9)[int(next(draw) * 4)]
        is_quote = not seen or next(draw) < 0.9
        touch, depth = (scale * bid_size, scale * ask_size), (scale * depths[0], scale * depths[1])
        bid, ask = ((0.0, mid), (mid, 0.0), *[(mid - half, mid + half)] * 14)[int(next(draw) * 16)]
        seen.append(Observation(time_s, is_quote, bid, ask, *touch, *depth, traded))
    return tuple(seen)


def _sizes(draw: Iterator[float], share_empty: float = 0.05) -> tuple[float, float]:
    one, other = [0.0 if next(draw) < share_empty else 0.25 + 4.0 * next(draw) for _ in range(2)]
    return one, other


def _rising(seed: int) -> Iterator[int]:
    for one in draws(seed):
        yield (-4, -1, 0, 0, 1, 2, 3, 6)[int(one * 8)]


def _pulled(seed: int) -> Iterator[int]:
    """Changes of a first-order autoregression."""
    at = 0
    for one in draws(seed):
        before, at = at, round(0.8 * at + 20.0 * (one - 0.5))
        yield at - before


def _jumping(seed: int) -> Iterator[int]:
    draw = draws(seed)
    for one in draw:
        yield round(4.0 * one) - 2 if next(draw) < 0.95 else (1_000 if one < 0.5 else -1_000)


def _still() -> Iterator[int]:
    while True:
        yield 0
