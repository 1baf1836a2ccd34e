"""Netting: totals are a push-forward along a map of owners, linear, and blind to the path on which they are grouped."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K")
J = TypeVar("J")


def push(amounts: Mapping[K, int], to: Callable[[K], J]) -> dict[J, int]:
    """Amounts by key, summed along `to`.

    Laws: `push(push(x, f), g) == push(x, g . f)`, and `push(x + y, f) == push(x, f) + push(y, f)`.

    >>> push({"BTC/momentum": 3, "BTC/reversion": -1, "ETH/momentum": 2}, lambda key: key[:3])
    {'BTC': 2, 'ETH': 2}
    """
    total: dict[J, int] = {}
    for key, amount in amounts.items():
        group = to(key)
        total[group] = total.get(group, 0) + amount
    return total


def shared(amount: int, weights: Iterable[int]) -> tuple[int, ...]:
    """`amount` split in proportion to `weights` by largest remainder: the shares sum to it exactly.

    Ties go to the earlier one. Source: Balinski and Young, *Fair Representation* (1982), Hamilton's method.
    ZeroDivisionError: weights that sum to 0.

    >>> shared(10, (1, 1, 1)), shared(-7, (3, 1))
    ((4, 3, 3), (-5, -2))
    """
    weights = tuple(weights)
    whole = sum(weights)
    parts = [divmod(amount * weight, whole) for weight in weights]
    spare = amount - sum(part for part, _ in parts)
    ranked = sorted(range(len(parts)), key=lambda i: -parts[i][1])
    lucky = frozenset(ranked[:spare])
    return tuple(part + (1 if i in lucky else 0) for i, (part, _) in enumerate(parts))
