"""The tree of causes."""

from typing import Literal

from msgspec import Struct

Kind = Literal["order", "fill", "refusal", "alert", "position", "target"]
KINDS: tuple[Kind, ...] = ("order", "fill", "refusal", "alert", "position", "target")
Value = int | float | str | None


class Subject(Struct, frozen=True, array_like=True):
    """What is asked about, by the id of its row.

    An order's id; a fill as `ORDER TS_NS TICKS LOTS`; a refusal's check; an alert's id; of a position and of a target
    the instrument's key.
    """

    kind: Kind
    id: str


class Node(Struct, frozen=True, array_like=True):
    """One cause, and behind it its own.

    `text` is for people; `values` are the exact numbers of it, by name, on their grids (ticks, lots, money). `seq` is
    the event of it, 0: of none. `place` is the path of the part of the machine that decided it, empty where none did.
    """

    text: str
    seq: int = 0
    place: str = ""
    values: tuple[tuple[str, Value], ...] = ()
    children: tuple["Node", ...] = ()

    def value(self, name: str) -> Value:
        """A number of it. KeyError: there is none of that name."""
        return dict(self.values)[name]


def missing(what: str) -> Node:
    """In the place of a cause that is not there.

    >>> missing("the event that caused it").text
    '? the event that caused it'
    """
    return Node(f"? {what}")
