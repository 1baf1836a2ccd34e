"""Numbers that look drawn and are the same for ever: what inputs are made of."""

from collections.abc import Iterator

_MASK = (1 << 64) - 1


def draws(seed: int) -> Iterator[float]:
    """Numbers in [0, 1) for ever: SplitMix64, the upper 53 bits.

    Source: Steele, Lea, Flood, *Fast splittable pseudorandom number generators* (2014), figure 17.

    >>> first, second = draws(0), draws(0)
    >>> [round(next(first), 3) for _ in range(3)], next(second) == next(draws(0))
    ([0.883, 0.432, 0.026], True)
    """
    state = seed & _MASK
    while True:
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        yield ((mixed ^ (mixed >> 31)) >> 11) * 2.0**-53
