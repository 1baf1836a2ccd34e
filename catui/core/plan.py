"""The plan of a machine: its named places as boxes in series, side by side and in loops."""

from collections.abc import Iterator
from typing import Union

from msgspec import Struct

EVERY_KEY = "*"


class Box(Struct, frozen=True, tag="box", array_like=True):
    """A named place.

    `path` is that of `places`, a key of `each` written as `*`. `copies` is how many keys `each` has met so far, None
    where the place is outside of any. `inside` are the named places within.
    """

    name: str
    path: str
    copies: int | None = None
    inside: Union["Box", "Series", "Beside", "Loop", None] = None


class Series(Struct, frozen=True, tag="series", array_like=True):
    """One after another, in the order of the data."""

    parts: tuple[Union[Box, "Beside", "Loop"], ...]


class Beside(Struct, frozen=True, tag="beside", array_like=True):
    """Side by side: on the two halves of an input, or both on the whole of it."""

    parts: tuple[Union[Box, Series, "Loop"], ...]


class Loop(Struct, frozen=True, tag="loop", array_like=True):
    """A body whose output comes back to it one step late."""

    body: Box | Series | Beside


Plan = Box | Series | Beside | Loop


def boxes_of(part: Plan | None) -> Iterator[Box]:
    """The boxes of a plan, outside in and in the order of the data."""
    match part:
        case Box(inside=inside):
            yield part
            yield from boxes_of(inside)
        case Series(parts=parts) | Beside(parts=parts):
            for each in parts:
                yield from boxes_of(each)
        case Loop(body=body):
            yield from boxes_of(body)
        case None:
            return
