"""The sliding aggregate: what a window comes to, in constant time a tick, for any associative merge.

Nothing is ever taken out of an aggregate, so nothing can be left behind in one: no sum drifts, and what was once huge,
or not a number, is gone when it leaves the window. The window of n ticks lies over three blocks of h = n // 2:

    old  |  middle  |  newest            window = (rest of old)  +  middle  +  newest,   + the merge, old before new

`newest` grows at its end, a tick a tick. Meanwhile `middle` is taken up from its end: after k ticks the aggregate of
its last k inputs is known, and is written down. When `newest` is full, `middle` has become `old`, and the aggregates
of all its rests lie ready. Every tick is four merges and no loop, at any length.

What is read at a tick is never read again, so a slot is free for what is written at that tick: one ring of h slots
holds inputs, and one the rests, walked forth and back in turn.

Sources: van Herk (1992) and Gil, Werman (1993), the blocks; Tangwongsan, Hirzel, Schneider, *Low-latency
sliding-window aggregation in worst-case constant time* (2017), the problem without an inverse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct

from catui.core.machine import Machine, atom, lift
from catui.core.ring import Ring, put, ring_of

A = TypeVar("A")
Numbers = tuple[float, ...]


class Aggregate(NamedTuple, Generic[A]):
    """What a window is to come to, by pure functions in the dialect; aggregates are tuples of floats.

    Law: `merge` is associative, up to rounding. It is handed how many inputs each side is of.
    """

    entry: Callable[[A], Numbers]  # what is kept of an input
    single: Callable[[Numbers], Numbers]  # the aggregate of one input, from what was kept
    merge: Callable[[Numbers, int, Numbers, int], Numbers]  # of the older and the newer side
    tell: Callable[[Numbers, int, A], float]  # the output, from the whole, its length, and the newest input


class Sliding(Struct, frozen=True, gc=False):
    """The three blocks. The newest has `filled` inputs; `slot` is the last one used, and `way` leads on from it."""

    seen: int
    filled: int
    slot: int
    way: int
    entries: tuple[Ring[float], ...]
    rests: tuple[Ring[float], ...]
    newest: Numbers
    middle: Numbers
    pulled: Numbers


def sliding(length_ticks: int, kind: Aggregate[A], width: tuple[int, int]) -> Machine[Any, A, float | None]:
    """`kind` over the last `length_ticks` inputs; None until there are so many.

    `width` is how many floats an entry and an aggregate have. Cost: four merges a tick, worst case, whatever the
    length; the reading by tuples copies `length_ticks` numbers besides. ValueError: a length below 1, or not whole.
    """
    half, odd = divmod(length_ticks, 2)
    if half == 0:
        return _newest_alone(kind)
    is_odd = odd == 1

    def step(s: Sliding, x: A) -> tuple[Sliding, float | None]:
        half = len(s.entries[0])
        length = half + half + odd
        is_next = s.filled == half
        slot = s.slot if is_next else s.slot + s.way
        entry = kind.entry(x)
        one = kind.single(entry)
        left = kind.single(tuple([ring[slot] for ring in s.entries]))
        rest = tuple([ring[slot] for ring in s.rests])
        if is_next:
            filled, way = 1, -s.way
            newest, middle, pulled = one, s.newest, left
        else:
            filled, way = s.filled + 1, s.way
            newest = kind.merge(s.newest, s.filled, one, 1)
            middle = s.middle
            pulled = kind.merge(left, 1, s.pulled, s.filled)
        entries = tuple([put(ring, slot, e) for ring, e in zip(s.entries, entry, strict=True)])
        rests = tuple([put(ring, slot, p) for ring, p in zip(s.rests, pulled if is_odd else s.pulled, strict=True)])
        seen = s.seen + 1 if s.seen < length else s.seen
        after = Sliding(seen, filled, slot, way, entries, rests, newest, middle, pulled)
        if seen < length:
            return after, None
        if is_odd or filled < half:
            past = kind.merge(rest, length - half - filled, middle, half)
        else:
            past = middle
        return after, kind.tell(kind.merge(past, length - filled, newest, filled), length, x)

    kept, wide = width
    rings = (ring_of(half, 0.0),)
    zeros = (0.0,) * wide
    return atom(Sliding(0, half, 0, -1, rings * kept, rings * wide, zeros, zeros, zeros), step)


def _newest_alone(kind: Aggregate[A]) -> Machine[None, A, float | None]:
    """A window of one tick: no state."""

    def told(x: A) -> float:
        return kind.tell(kind.single(kind.entry(x)), 1, x)

    return lift(told)


def checked_length(length_ticks: int, least: int = 1) -> None:
    """ValueError: a window's length that is not whole, or below the least."""
    if type(length_ticks) is not int:
        raise ValueError(f"length_ticks must be a whole number of ticks, got {length_ticks!r}")
    if length_ticks < least:
        raise ValueError(f"length_ticks must be at least {least} ticks, got {length_ticks}")
