"""Rings: buffers of fixed length in a machine's state, frozen for who reads them, changed in place where that is safe.

    put(ring, slot, x)                  the ring with x in that slot
    change(kernel, rings, *numbers)     the rings as a kernel leaves them, and what it says
    look(kernel, rings, *numbers)       what a kernel says of rings that it only reads

A step hands its state on and never looks back, so a ring is used once: what these give is the ring from now on, and the
old one is garbage at that moment. `fuse` knows this. It keeps a ring as one list or array, writes into it, and refuses
a step that reads a ring after it was changed. So one source has three readings: tuples, a list in plain Python, an
array under numba. A change costs the length of the ring in the first, and nothing in the other two.

A kernel is a function with loops, which a step may not have. It sees rings as sequences that it indexes, and whose
slots it may assign; it may call other kernels, `range`, `len`, `abs` and `math`, and nothing else; what it returns is
annotated as an int, a float, a bool, or a tuple of these. Its source is copied into the text as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct

V = TypeVar("V", float, int)
R = TypeVar("R")
Rings = TypeVar("Rings", bound="tuple[Ring[Any], ...]")


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


def change(kernel: Callable[..., R], rings: Rings, *numbers: float) -> tuple[Rings, R]:
    """The rings as the kernel leaves them, and what it returns. `put` is `change` with `values[slot] = value`.

    >>> def swapped(values, i, j):
    ...     values[i], values[j] = values[j], values[i]
    ...     return values[i]
    >>> change(swapped, (Ring((1.0, 2.0)),), 0, 1)
    ((Ring(values=(2.0, 1.0)),), 2.0)
    """
    buffers = [list(ring.values) for ring in rings]
    told = kernel(*buffers, *numbers)
    changed: Any = tuple([Ring(tuple(buffer)) for buffer in buffers])
    return changed, told


def look(kernel: Callable[..., R], rings: tuple[Ring[Any], ...], *numbers: float) -> R:
    """What the kernel says of the rings; it must not assign.

    >>> look(len, (Ring((1.0, 2.0)),))
    2
    """
    return kernel(*[ring.values for ring in rings], *numbers)
