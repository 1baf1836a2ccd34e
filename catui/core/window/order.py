"""Order statistics of a window: quantiles, and the rank of the newest input."""

from math import floor, inf
from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.core.ring import Ring, change, look, ring_of
from catui.core.window.order_tree import count_below, put_for_oldest, value_at
from catui.core.window.sliding import checked_length


class Ordered(Struct, frozen=True, gc=False):
    """The window as a tree by order: its newest node, the inputs so far, at most the length, and its buffers."""

    seen: int
    node: int
    values: Ring[float]
    left: Ring[int]
    right: Ring[int]
    parent: Ring[int]
    count: Ring[int]


def quantile(length_ticks: int, q: float) -> Machine[Any, float, float | None]:
    """The quantile of the last `length_ticks` inputs, between two of them by a straight line.

        p = q (n - 1),   x_(k) + (p - k) (x_(k+1) - x_(k)),   k = floor(p), x_(0) the smallest

    Laws: 0 is `minimum`, 1 is `maximum`; never outside of the two; not below that of a smaller q. Warm-up: None until
    there are `length_ticks` inputs. Cost: like log n a tick; the reading by tuples copies the window besides.
    ValueError: a length below 1, q outside of [0, 1]. Source: Hyndman, Fan, *Sample quantiles* (1996), definition 7.

    >>> from catui.core.machine import run
    >>> run(quantile(3, 0.25), [4.0, 1.0, 2.0, 3.0])
    [None, None, 1.5, 1.5]
    """
    checked_length(length_ticks)
    if not 0.0 <= q <= 1.0:
        raise ValueError(f"q must be in [0, 1], as a share of the window, got {q!r}")
    share = float(q)

    def step(s: Ordered, x: float) -> tuple[Ordered, float | None]:
        after, _ = _with_newest(s, x)
        length = len(s.values) - 1
        if after.seen < length:
            return after, None
        tree = (after.values, after.left, after.right, after.count)
        place = share * (length - 1)
        below = floor(place)
        part = place - below
        low = look(value_at, tree, below)
        if part <= 0.0:
            return after, low
        return after, _between(low, look(value_at, tree, below + 1), part)

    return atom(_empty(length_ticks), step)


def median(length_ticks: int) -> Machine[Any, float, float | None]:
    """The middle of the last `length_ticks` inputs, half-way between the two middle ones: `quantile` at 0.5."""
    return quantile(length_ticks, 0.5)


def rank(length_ticks: int) -> Machine[Any, float, float | None]:
    """The share of the other inputs in the window that the newest is above, in [0, 1]; equal ones count as half.

        (how many are below + how many are equal / 2) / (n - 1),   of the n - 1 inputs before the newest

    Laws: `rank(x) + rank(-x) == 1`, up to rounding; 0.5 on a constant; blind to anything that keeps the order.
    Warm-up: None until there are `length_ticks` inputs. Cost: like log n a tick. ValueError: a length below 2.

    >>> from catui.core.machine import run
    >>> run(rank(3), [1.0, 2.0, 3.0, 0.0, 3.0, 3.0])
    [None, None, 1.0, 0.0, 0.75, 0.75]
    """
    checked_length(length_ticks, 2)

    def step(s: Ordered, x: float) -> tuple[Ordered, float | None]:
        after, before = _with_newest(s, x)
        length = len(s.values) - 1
        if after.seen < length:
            return after, None
        below = look(count_below, (after.values, after.left, after.right, after.count), x)
        return after, (below + before) * 0.5 / (length - 1)

    return atom(_empty(length_ticks), step)


def _empty(length: int) -> Ordered:
    whole = ring_of(length + 1, 0)
    return Ordered(0, 0, ring_of(length + 1, 0.0), whole, whole, whole, whole)


def _with_newest(s: Ordered, x: float) -> tuple[Ordered, int]:
    """The window with its newest input, and how many are not above it."""
    length = len(s.values) - 1
    node = s.node + 1 if s.node < length else 1
    rings = (s.values, s.left, s.right, s.parent, s.count)
    (values, left, right, parent, count), before = change(put_for_oldest, rings, node, x, s.seen == length)
    seen = s.seen + 1 if s.seen < length else s.seen
    return Ordered(seen, node, values, left, right, parent, count), before


def _between(low: float, high: float, part: float) -> float:
    """A point between two numbers, however far apart they are."""
    apart = high - low
    if apart == inf:
        return low * (1.0 - part) + high * part
    found = low + apart * part
    return found if found < high else high
