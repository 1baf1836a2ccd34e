"""Wilder's smoothing, and his two indicators of it: the relative strength index and the average true range."""

from typing import Annotated, Any, TypeAlias

from msgspec import Struct

from catui.core.machine import Machine, atom, lift, optional
from catui.domain.kind import feature
from catui.domain.parameters import Bounds
from catui.domain.signals import Bar

Means: TypeAlias = tuple[float | None, float | None]
Length = Annotated[int, Bounds(1, 1e6, "inputs", "of the smoothing")]


class Level(Struct, frozen=True, gc=False):
    """The last input, where there was one."""

    at: float
    is_known: bool


class Smoothed(Struct, frozen=True, gc=False):
    """The mean, and how many inputs it has, up to its length."""

    mean: float
    seen: float


def wilder(length: int) -> Machine[Smoothed, float, float | None]:
    """Wilder's smoothing: the mean of the first `length` inputs, then a `length`-th of the way to each next one.

        m_n = (x_1 + ... + x_n) / n,   m_t = (m_{t-1} (n - 1) + x_t) / n,   n = length

    Warm-up: `length` inputs. Laws: linear; within the inputs' extremes. ValueError: length below 1.
    Source: Wilder, *New concepts in technical trading systems* (1978).
    """
    if length < 1:
        raise ValueError(f"length must be at least 1 input, got {length!r}")
    full = float(length)

    def step(s: Smoothed, x: float) -> tuple[Smoothed, float | None]:
        seen = s.seen if s.seen >= full else s.seen + 1.0
        mean = s.mean + (x - s.mean) / seen
        return Smoothed(mean, seen), (mean if seen >= full else None)

    return atom(Smoothed(0.0, 0.0), step)


@feature(warm_up=lambda length: length + 1, symmetries=("scale_free", "time_free"))
def rsi(length: Length = 14) -> Machine[Any, float, float | None]:
    """The relative strength index of a price: which share of its moves went up.

        RSI = 100 G / (G + L),   G, L: the gains and the losses from price to price, by Wilder's smoothing

    From 0 to 100; 50 where nothing moved. In: a price, or any level. Warm-up: `length` + 1 prices.
    Laws: blind to an offset and to the scale of the price; of the negated price it is 100 - RSI.
    ValueError: length below 1. Source: Wilder, *New concepts in technical trading systems* (1978), section VI.
    """
    means: Machine[Any, float, Means] = wilder(length).premap(_gain) & wilder(length).premap(_loss)
    strength = optional(means >> lift(_strength))
    return moves() >> strength


def moves() -> Machine[Level, float, float | None]:
    """From each input to the next one: `x_t - x_{t-1}`; None at the first."""

    def step(s: Level, x: float) -> tuple[Level, float | None]:
        return Level(x, True), (x - s.at if s.is_known else None)

    return atom(Level(0.0, False), step)


def _gain(move: float) -> float:
    return max(0.0, move)


def _loss(move: float) -> float:
    return max(0.0, -move)


def _strength(means: Means) -> float | None:
    gain, loss = means
    if gain is None or loss is None:
        return None
    return 100.0 * gain / (gain + loss) if gain + loss > 0.0 else 50.0


@feature(warm_up="length", symmetries=("time_free", "flat"))
def atr(length: Length = 14) -> Machine[Any, Bar, float | None]:
    """The average true range of bars, in quote currency, by Wilder's smoothing.

        TR_t = max(high_t, close_{t-1}) - min(low_t, close_{t-1}),   of the first bar high - low

    Warm-up: `length` bars. Laws: it goes with the scale of prices; at least the smoothed range high - low.
    ValueError: length below 1. Source: Wilder, *New concepts in technical trading systems* (1978), section III.
    """
    return true_range() >> wilder(length)


def true_range() -> Machine[Level, Bar, float]:
    """How far the price went since the last close, gaps between bars included; see `atr`."""

    def step(s: Level, bar: Bar) -> tuple[Level, float]:
        highest = max(bar.high, s.at) if s.is_known else bar.high
        lowest = min(bar.low, s.at) if s.is_known else bar.low
        return Level(bar.close, True), highest - lowest

    return atom(Level(0.0, False), step)
