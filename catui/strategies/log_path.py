"""The log path: how far the price has come, which every strategy on a log scale asks and one machine answers."""

from math import log

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.signals import Features


class PathState(Struct, frozen=True, gc=False):
    """The first mid, and the quotes seen."""

    first: float
    quotes: float


class Point(Struct, frozen=True, gc=False):
    """The features of a quote, its log mid relative to the first one, and its number, counted from 1."""

    features: Features
    at: float
    quotes: float


def _step(s: PathState, x: Features) -> tuple[PathState, Point]:
    first = s.first if s.quotes > 0.0 else x.mid
    quotes = s.quotes + 1.0
    return PathState(first, quotes), Point(x, log(x.mid / first), quotes)


LOG_PATH: Machine[PathState, Features, Point] = atom(PathState(0.0, 0.0), _step)
"""x_t = ln(mid_t / mid_1). Warm-up: none. Laws: odd under mirrored returns, blind to the scale of prices.

One value, so that it is computed once however many strategies begin with it: `h >> (f & g) == (h >> f) & (h >> g)`.
"""
