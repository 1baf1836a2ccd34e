"""A tree of the inputs in a window by their order, in flat buffers: a treap with counts.

Nodes are 1 to the length of the window, and 0 is none; the root is `right[0]`. In order, nodes go by value, and equal
ones by age. Every node has a priority that depends on its number alone, and none has a better one than its parent: the
tree looks as if it had been built in random order, so its depth is about 2 ln n. A window fills nodes in turn, which
has nothing to do with their priorities.

Source: Seidel, Aragon, *Randomized search trees* (1996). Cost: every kernel takes steps like log n.
"""

from collections.abc import MutableSequence, Sequence

Ints = MutableSequence[int]


def priority(node: int) -> int:
    """Less is better. No product here is beyond 63 bits."""
    mixed = node * 1103515245 % 2147483647
    return mixed * mixed % 2147483647


def rotate_up(left: Ints, right: Ints, parent: Ints, count: Ints, node: int) -> int:
    """Node and parent change places, order and counts kept."""
    lower = parent[node]
    upper = parent[lower]
    if left[lower] == node:
        inner = right[node]
        left[lower] = inner
        right[node] = lower
    else:
        inner = left[node]
        right[lower] = inner
        left[node] = lower
    if inner != 0:
        parent[inner] = lower
    parent[lower] = node
    parent[node] = upper
    if left[upper] == lower:
        left[upper] = node
    else:
        right[upper] = node
    count[node] = count[lower]
    count[lower] = count[left[lower]] + count[right[lower]] + 1
    return lower


def take_out(left: Ints, right: Ints, parent: Ints, count: Ints, node: int) -> int:
    """The tree without the node: turned down until it is a leaf, and cut off."""
    while left[node] != 0 or right[node] != 0:
        one, other = left[node], right[node]
        if other == 0 or (one != 0 and priority(one) < priority(other)):
            rotate_up(left, right, parent, count, one)
        else:
            rotate_up(left, right, parent, count, other)
    above = parent[node]
    if left[above] == node:
        left[above] = 0
    else:
        right[above] = 0
    while above != 0:
        count[above] -= 1
        above = parent[above]
    return node


def put_in(
    values: MutableSequence[float], left: Ints, right: Ints, parent: Ints, count: Ints, node: int, x: float
) -> int:
    """The tree with `x` as a node, behind its equals; how many are before it."""
    values[node] = x
    left[node] = 0
    right[node] = 0
    count[node] = 1
    before = 0
    above = 0
    at = right[0]
    while at != 0:
        above = at
        count[at] += 1
        if x < values[at]:
            at = left[at]
        else:
            before += count[left[at]] + 1
            at = right[at]
    parent[node] = above
    if above != 0 and x < values[above]:
        left[above] = node
    else:
        right[above] = node
    while parent[node] != 0 and priority(node) < priority(parent[node]):
        rotate_up(left, right, parent, count, node)
    return before


def put_for_oldest(
    values: MutableSequence[float],
    left: Ints,
    right: Ints,
    parent: Ints,
    count: Ints,
    node: int,
    x: float,
    is_full: bool,
) -> int:
    """The tree with `x` as a node, in place of the oldest one where the window is full; how many are before it."""
    if is_full:
        take_out(left, right, parent, count, node)
    return put_in(values, left, right, parent, count, node, x)


def value_at(
    values: Sequence[float], left: Sequence[int], right: Sequence[int], count: Sequence[int], place: int
) -> float:
    """The value at a place in the order, from 0."""
    at = right[0]
    rest = place
    while count[left[at]] != rest:
        if rest < count[left[at]]:
            at = left[at]
        else:
            rest -= count[left[at]] + 1
            at = right[at]
    return values[at]


def count_below(
    values: Sequence[float], left: Sequence[int], right: Sequence[int], count: Sequence[int], x: float
) -> int:
    """How many values are below `x`."""
    below = 0
    at = right[0]
    while at != 0:
        if values[at] < x:
            below += count[left[at]] + 1
            at = right[at]
        else:
            at = left[at]
    return below
