"""What has been: machines that remember the past of a stream and pass it on."""

from typing import TypeVar

from catui.core.machine import Machine, atom

V = TypeVar("V")
Keyed = tuple[tuple[str, V], ...]


def latest() -> Machine[dict[str, V], Keyed[V], Keyed[V]]:
    """Keyed values pass unchanged; the state is the latest value of every key.

    Law: it means what `identity` means. For who looks at a machine from outside, at its place in the tree.

    >>> from catui.core.machine import scan
    >>> scan(latest(), [(("x", 1),), (), (("y", 2), ("x", 3))])[0]
    {'x': 3, 'y': 2}
    """

    def step(state: dict[str, V], values: Keyed[V]) -> tuple[dict[str, V], Keyed[V]]:
        return ({**state, **dict(values)} if values else state), values

    return atom({}, step)
