"""Where the panes stand: a pure function of the size, from trees of weights; every cell belongs to one pane.

A tree is a pane, tabs (panes that share a box, one of them drawn), or parts side by side or one under another. What has
no room is dropped, the least important first; the book and the positions never are.
"""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from textual.geometry import Region

from catui.console.render.view import Size

NEEDED = Size(60, 15)

LEAST = {  # cells under which a pane cannot speak, its frame included
    "book": Size(30, 13),  # nine rungs of the ladder
    "trades": Size(24, 5),
    "chart": Size(30, 7),
    "pnl": Size(24, 6),
    "positions": Size(30, 5),
    "strategies": Size(30, 5),
    "orders": Size(34, 5),
    "alerts": Size(24, 5),
    "health": Size(24, 5),
    "log": Size(24, 5),
    "limits": Size(24, 5),
}
DROPPED_FIRST = ("log", "health", "limits", "trades", "pnl", "chart", "alerts", "orders", "strategies")


LEAST_SHARE = 5  # hundredths that a pane keeps when another grows


class Tabs(Struct, frozen=True):
    """Panes that share a box: one is drawn, the others are named in its title."""

    names: tuple[str, ...]


class Split(Struct, frozen=True):
    """Parts side by side (`is_row`) or one under another, each with its weight."""

    is_row: bool
    parts: tuple[tuple[int, "Split | Tabs | str"], ...]


Node = Split | Tabs | str


class Layout(Struct, frozen=True):
    """A tree of panes for terminals of at least `least`."""

    least: Size
    body: Node


def beside(*parts: tuple[int, Node]) -> Split:
    """Parts side by side, each with its share of the width."""
    return Split(True, parts)


def stacked(*parts: tuple[int, Node]) -> Split:
    """Parts one under another, each with its share of the height."""
    return Split(False, parts)


WATCH = Tabs(("alerts", "health", "log"))

LAYOUTS: tuple[Layout, ...] = (  # the largest first
    Layout(
        Size(160, 50),
        beside(
            (46, stacked((37, "book"), (20, "trades"))),
            (92, stacked((20, "chart"), (12, Tabs(("pnl", "limits"))), (12, "positions"), (13, "orders"))),
            (62, stacked((18, "strategies"), (13, "alerts"), (13, "health"), (13, "log"))),
        ),
    ),
    Layout(
        Size(160, 30),
        beside(
            (46, stacked((27, "book"), (10, "trades"))),
            (64, stacked((15, "chart"), (10, "positions"), (12, "orders"))),
            (50, stacked((12, Tabs(("pnl", "limits"))), (12, "strategies"), (12, WATCH))),
        ),
    ),
    Layout(
        Size(100, 30),
        beside(
            (38, stacked((25, "book"), (12, "trades"))),
            (
                62,
                stacked(
                    (12, beside((65, "chart"), (35, "pnl"))),
                    (8, "positions"),
                    (8, "strategies"),
                    (9, beside((60, "orders"), (40, WATCH))),
                ),
            ),
        ),
    ),
    Layout(
        Size(60, 34),
        stacked(
            (
                25,
                beside(
                    (38, stacked((18, "book"), (7, "trades"))),
                    (42, stacked((9, "chart"), (8, "positions"), (8, "strategies"))),
                ),
            ),
            (9, Tabs(("orders", "alerts", "health", "log"))),
        ),
    ),
    Layout(
        Size(60, 21),
        stacked(
            (14, beside((38, "book"), (42, stacked((6, "positions"), (7, "strategies"))))),
            (7, Tabs(("orders", "alerts", "health", "log"))),
        ),
    ),
    Layout(NEEDED, beside((38, "book"), (42, stacked((6, "positions"), (7, "strategies"))))),
)


def layout(
    width: int,
    height: int,
    zoom: str | None = None,
    front: tuple[str, ...] = (),
    chosen: Node | None = None,
    *,
    is_past: bool = False,
) -> dict[str, Region]:
    """The region of every visible pane, header and footer. `zoom` gives one pane the whole body.

    `front` are the tabs brought forward, `chosen` a tree instead of the one for this size. In the past a timeline
    stands above the footer, where there is room for one.
    Law: the regions cover the screen without overlap, at every size. Under 60x15 the body is the pane `small`.
    """
    if width <= 0 or height <= 0:
        return {}
    rows = timeline_rows(width, height) if is_past else 0
    if rows:
        regions = layout(width, height - rows, zoom, front, chosen)
        below = {"timeline": Region(0, height - rows - 1, width, rows), "footer": Region(0, height - 1, width, 1)}
        return regions | below
    head = min(header_rows(width, height), height)
    footer = 1 if height > head else 0
    regions = {"header": Region(0, 0, width, head)}
    body = Region(0, head, width, height - head - footer)
    if body.height:
        _place(zoom or fitted(width, height, chosen) if is_enough(width, height) else "small", body, front, regions)
    if footer:
        regions["footer"] = Region(0, height - 1, width, 1)
    return regions


def is_enough(width: int, height: int) -> bool:
    """Whether there is room for panes at all."""
    return width >= NEEDED.width and height >= NEEDED.height


def tree_for(width: int, height: int) -> Node:
    """The delivered tree for this size, whole."""
    return next((each for each in LAYOUTS if _is_within(each.least, width, height)), LAYOUTS[-1]).body


@lru_cache(maxsize=64)
def fitted(width: int, height: int, chosen: Node | None = None) -> Node:
    """The tree for this size, without the panes that have no room."""
    tree = chosen or tree_for(width, height)
    room = Size(width, height - header_rows(width, height) - 1)
    for name in DROPPED_FIRST:
        if _is_within(least(tree), room.width, room.height):
            break
        tree = _without(tree, name) or tree
    return tree


def sharing(tree: Node) -> dict[str, tuple[str, ...]]:
    """By pane: all panes of its box, where it shares one."""
    match tree:
        case Tabs(names=names) if len(names) > 1:
            return dict.fromkeys(names, names)
        case Split(parts=parts):
            return {name: names for _, part in parts for name, names in sharing(part).items()}
        case _:
            return {}


def names_of(tree: Node) -> tuple[str, ...]:
    """Every pane of a tree, drawn or not."""
    match tree:
        case str(name):
            return (name,)
        case Tabs(names=names):
            return names
        case Split(parts=parts):
            return tuple(name for _, part in parts for name in names_of(part))


def grown(tree: Node, name: str, points: int, *, is_row: bool) -> Node | None:
    """The tree with so many hundredths more for a pane where it stands nearest beside others (`is_row`), or above or
    below them; None where it stands beside nothing. What it gains the others lose in proportion; all keep something."""
    match tree:
        case Split(is_row=this, parts=parts):
            place = next((index for index, (_, part) in enumerate(parts) if name in names_of(part)), None)
            if place is None:
                return None
            inside = grown(parts[place][1], name, points, is_row=is_row)
            if inside is not None:
                return Split(this, tuple((w, inside if n == place else part) for n, (w, part) in enumerate(parts)))
            if this != is_row or len(parts) < 2:
                return None
            weights = _by_weight([weight for weight, _ in parts], 100)
            most = 100 - LEAST_SHARE * (len(parts) - 1)
            own = min(max(weights[place] + points, LEAST_SHARE), most)
            rest = iter(_by_weight([w for n, w in enumerate(weights) if n != place], 100 - own))
            shares = [own if n == place else max(next(rest), 1) for n in range(len(parts))]
            return Split(this, tuple((share, part) for share, (_, part) in zip(shares, parts, strict=True)))
        case _:
            return None


def least(tree: Node) -> Size:
    """The least room in which every pane of a tree can speak."""
    match tree:
        case str(name):
            return LEAST[name]
        case Tabs(names=names):
            return Size(max(LEAST[name].width for name in names), max(LEAST[name].height for name in names))
        case Split(is_row=is_row, parts=parts):
            needs = [least(part) for _, part in parts]
            across, down = [need.width for need in needs], [need.height for need in needs]
            return Size(sum(across), max(down)) if is_row else Size(max(across), sum(down))


def _without(tree: Node, name: str) -> Node | None:
    """The tree without a pane, None where nothing is left; a shared box stays as long as one of it is worth more."""
    match tree:
        case str(each):
            return None if each == name else tree
        case Tabs(names=names):
            is_last = name in names and all(_worth(each) <= _worth(name) for each in names)
            return None if is_last else tree
        case Split(is_row=is_row, parts=parts):
            kept = tuple((weight, cut) for weight, part in parts if (cut := _without(part, name)) is not None)
            return Split(is_row, kept) if kept else None


def _worth(name: str) -> int:
    return DROPPED_FIRST.index(name) if name in DROPPED_FIRST else len(DROPPED_FIRST)


def header_rows(width: int, height: int) -> int:
    """Rows of the header on a screen of this size."""
    return 2 if width >= 100 and height >= 30 else 1


def timeline_rows(width: int, height: int) -> int:
    """Density, marks, and from 30 rows on a row of words; nothing where the panes need every row."""
    if not is_enough(width, height - 2):
        return 0
    return 3 if height >= 30 else 2


def _is_within(need: Size, width: int, height: int) -> bool:
    return need.width <= width and need.height <= height


def _place(node: Node, region: Region, front: tuple[str, ...], regions: dict[str, Region]) -> None:
    match node:
        case str(name):
            regions[name] = region
        case Tabs(names=names):
            regions[next((name for name in front if name in names), names[0])] = region
        case Split(is_row=is_row, parts=parts):
            x, y = region.x, region.y
            for (_, part), cells in zip(parts, _shared(node, region.width if is_row else region.height), strict=True):
                size = (cells, region.height) if is_row else (region.width, cells)
                _place(part, Region(x, y, *size), front, regions)
                x, y = (x + cells, y) if is_row else (x, y + cells)


def _shared(node: Split, cells: int) -> Sequence[int]:
    """`cells` by weight, none under its least while there is enough for all, and not one lost."""
    weights = [weight for weight, _ in node.parts]
    needs = [need.width if node.is_row else need.height for need in (least(part) for _, part in node.parts)]
    if sum(needs) > cells:
        weights, needs = needs, [0] * len(needs)
    given = _by_weight(weights, cells)
    short = [max(need - have, 0) for need, have in zip(needs, given, strict=True)]
    spare = [max(have - need, 0) for need, have in zip(needs, given, strict=True)]
    taken = _by_weight(spare, sum(short)) if sum(short) else [0] * len(spare)
    return [have + more - less for have, more, less in zip(given, short, taken, strict=True)]


def _by_weight(weights: Sequence[int], cells: int) -> list[int]:
    """Cumulative rounding: parts of `cells` in proportion, that sum to it."""
    whole, total, placed = sum(weights), 0, 0
    parts = []
    for weight in weights:
        total += weight
        edge = (2 * total * cells + whole) // (2 * whole)
        parts.append(edge - placed)
        placed = edge
    return parts
