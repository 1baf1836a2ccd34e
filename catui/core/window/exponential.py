"""Windows without an edge: every input counts, the older the less, by halves."""

from math import expm1, isfinite, log
from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.core.window.moments import HALF_OF_ALL, WIDEST, within


class Mean(Struct, frozen=True, gc=False):
    """A mean, once there is one."""

    mean: float
    has_begun: bool


class MeanByTime(Struct, frozen=True, gc=False):
    """A mean, and the latest time."""

    mean: float
    time_s: float
    has_begun: bool


class Moments(Struct, frozen=True, gc=False):
    """Mean and variance, once there is one input."""

    mean: float
    variance: float
    has_begun: bool


def ewma(half_life_ticks: float) -> Machine[Any, float, float]:
    """The exponentially weighted mean, by ticks.

        m_1 = x_1,   m_t = m_{t-1} + a (x_t - m_{t-1}),   a = 1 - 0.5 ** (1 / half_life_ticks)

    Laws: a constant is itself; never outside of the smallest and the largest input so far. An input beyond 2**1023
    counts as that. Warm-up: none. ValueError: half_life_ticks not above 0.

    >>> from catui.core.machine import run
    >>> run(ewma(1.0), [10.0, 12.0, 12.0])
    [10.0, 11.0, 11.5]
    """
    move = 1.0 - 0.5 ** (1.0 / _checked("half_life_ticks", half_life_ticks, "ticks"))

    def step(s: Mean, x: float) -> tuple[Mean, float]:
        now = within(x, HALF_OF_ALL)
        mean = s.mean + move * (now - s.mean) if s.has_begun else now
        return Mean(mean, True), mean

    return atom(Mean(0.0, False), step)


def ewma_by_time(half_life_s: float) -> Machine[Any, tuple[float, float], float]:
    """The exponentially weighted mean, by time; the input is `(time_s, x)`.

        m_1 = x_1,   m_t = m_{t-1} + (1 - 0.5 ** (dt / half_life_s)) (x_t - m_{t-1})

    An input stands for the time since the one before it, so the second of two at one time counts for nothing; a time
    that steps back counts as no time. Otherwise as `ewma`, which it is where ticks come once a second. ValueError:
    half_life_s not above 0. Source: Eckner, *Algorithms for unevenly spaced time series* (2019), EMA with next values.

    >>> from catui.core.machine import run
    >>> run(ewma_by_time(5.0), [(0.0, 10.0), (5.0, 12.0), (5.0, 99.0), (15.0, 15.0)])
    [10.0, 11.0, 11.0, 14.0]
    """
    rate = log(2.0) / _checked("half_life_s", half_life_s, "s")

    def step(s: MeanByTime, at: tuple[float, float]) -> tuple[MeanByTime, float]:
        time_s, x = at
        now = within(x, HALF_OF_ALL)
        if not s.has_begun:
            return MeanByTime(now, time_s, True), now
        if time_s <= s.time_s:
            return s, s.mean
        mean = s.mean - expm1(rate * (s.time_s - time_s)) * (now - s.mean)
        return MeanByTime(mean, time_s, True), mean

    return atom(MeanByTime(0.0, 0.0, False), step)


def ew_variance(half_life_ticks: float) -> Machine[Any, float, float]:
    """The exponentially weighted variance about the exponentially weighted mean, by ticks.

        d_t = x_t - m_{t-1},   m_t = m_{t-1} + a d_t,   v_t = (1 - a) (v_{t-1} + a d_t^2),   v_1 = 0

    with a as in `ewma`. Laws: 0 on a constant, exactly; never below 0; blind to offset, up to rounding. An input beyond
    1e150 counts as that. Warm-up: none. ValueError: half_life_ticks not above 0.
    Source: Finch, *Incremental calculation of weighted mean and variance* (2009), section 9.

    >>> from catui.core.machine import run
    >>> run(ew_variance(1.0), [10.0, 12.0, 11.0])
    [0.0, 1.0, 0.5]
    """
    move = 1.0 - 0.5 ** (1.0 / _checked("half_life_ticks", half_life_ticks, "ticks"))

    def step(s: Moments, x: float) -> tuple[Moments, float]:
        now = within(x, WIDEST)
        if not s.has_begun:
            return Moments(now, 0.0, True), 0.0
        away = now - s.mean
        variance = (1.0 - move) * (s.variance + move * away * away)
        return Moments(s.mean + move * away, variance, True), variance

    return atom(Moments(0.0, 0.0, False), step)


def _checked(name: str, half_life: float, unit: str) -> float:
    """ValueError: a half-life that is not above 0, or not finite."""
    if not half_life > 0.0 or not isfinite(half_life):
        raise ValueError(f"{name} must be above 0 {unit}, and finite, got {half_life!r}")
    return float(half_life)
