"""Items on one row, the least important left out until the rest fits: a number is shown whole or not at all."""

from collections.abc import Sequence

from msgspec import Struct

from catui.console.render.line import Piece, Row, width_of
from catui.console.render.palette import Palette
from catui.console.render.text import Cell


class Item(Struct, frozen=True):
    """Pieces that belong together. Priority 0 stays longest; `is_right` stands at the right end."""

    pieces: Row
    priority: int = 0
    is_right: bool = False


def flow(items: Sequence[Item], width: int, palette: Palette, gap: int = 2) -> list[Piece]:
    """The items that fit in `width`, `gap` cells apart, right ones at the right end; at worst the first, cut."""
    chosen = kept(items, width, gap)
    left = joined([item for item in chosen if not item.is_right], palette, gap)
    right = joined([item for item in chosen if item.is_right], palette, gap)
    between = width - width_of(left) - width_of(right)
    return [*left, (Cell(" " * max(between, 0)), palette.text), *right]


def kept(items: Sequence[Item], width: int, gap: int = 2) -> list[Item]:
    """The items left when the least important have made room: never less than one."""
    chosen = [item for item in items if width_of(item.pieces)]
    needed = sum(width_of(item.pieces) for item in chosen) + gap * max(len(chosen) - 1, 0)
    for dropped in sorted(chosen, key=_priority, reverse=True)[:-1]:
        if needed <= width:
            break
        needed -= width_of(dropped.pieces) + gap
        chosen = [item for item in chosen if item is not dropped]
    return chosen


def joined(items: Sequence[Item], palette: Palette, gap: int = 2) -> list[Piece]:
    """The pieces of the items, `gap` cells apart."""
    space: Piece = (Cell(" " * gap), palette.text)
    pieces: list[Piece] = []
    for item in items:
        pieces += [space, *item.pieces] if pieces else item.pieces
    return pieces


def _priority(item: Item) -> int:
    return item.priority
