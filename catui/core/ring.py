"""Rings: buffers of fixed length in a machine's state, frozen for who reads them, changed in place where that is safe.

A step hands its state on and never looks back, so a ring is used once: `put` makes a new ring, and the old one is
garbage at that moment. `fuse` knows this. It keeps a ring as one list or array, writes into it, and refuses a step
that reads a ring after it was changed. So one source has three readings: tuples, a list in plain Python, an array
under numba. `put` costs the length of the ring in the first and nothing in the other two.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

V = TypeVar("V", float, int)


class Ring(Struct, Generic[V], frozen=True, gc=False):
    """Numbers of one kind by slot. A slot is an index from 0 to the length less 1; what it means is its machine's."""

    values: tuple[V, ...]

    def __getitem__(self, slot: int) -> V:
        return self.values[slot]

    def __len__(self) -> int:
        return len(self.values)


def ring_of(length: int, value: V) -> Ring[V]:
    """A ring that holds `value` in every slot.

    >>> ring_of(3, 0.0)
    Ring(values=(0.0, 0.0, 0.0))
    """
    return Ring((value,) * length)


def put(ring: Ring[V], slot: int, value: V) -> Ring[V]:
    """The ring with another value in one slot. Law: `put(r, i, x)[j]` is x where j is i, and `r[j]` elsewhere.

    >>> put(ring_of(3, 0), 1, 7)
    Ring(values=(0, 7, 0))
    """
    values = list(ring.values)
    values[slot] = value
    return Ring(tuple(values))
