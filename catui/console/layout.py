"""Where the panes stand: a pure function of the size, from trees of weights; every cell belongs to one pane.

under 60x15   header, `small`, footer: too small to work in, large enough to stop the desk
under 100x30  book | positions, strategies; orders below where there is height
under 160x50  two columns: book, trades | P&L, health; positions; strategies; orders, alerts
from there    three columns, with everything
"""

from collections.abc import Sequence

from msgspec import Struct
from textual.geometry import Region

from catui.console.render.view import Size

NEEDED = Size(60, 15)


class Split(Struct, frozen=True):
    """Parts side by side (`is_row`) or one under another. A part: weight, least cells, what stands there."""

    is_row: bool
    parts: tuple[tuple[int, int, "Split | str"], ...]


Node = Split | str


class Layout(Struct, frozen=True):
    """A tree of panes for terminals of at least `least`; `header` rows above it."""

    least: Size
    header: int
    body: Node


def _row(*parts: tuple[int, int, Node]) -> Split:
    return Split(True, parts)


def _column(*parts: tuple[int, int, Node]) -> Split:
    return Split(False, parts)


LAYOUTS: tuple[Layout, ...] = (  # the largest first
    Layout(
        Size(160, 50),
        2,
        _row(
            (46, 46, _column((37, 20, "book"), (20, 10, "trades"))),
            (
                92,
                60,
                _column((18, 12, "pnl"), (12, 7, "positions"), (27, 10, "orders")),
            ),
            (
                62,
                50,
                _column((14, 9, "strategies"), (17, 9, "limits"), (13, 7, "alerts"), (13, 9, "health")),
            ),
        ),
    ),
    Layout(
        Size(100, 30),
        2,
        _row(
            (38, 40, _column((25, 14, "book"), (12, 6, "trades"))),
            (
                62,
                58,
                _column(
                    (10, 7, _row((60, 34, "pnl"), (40, 24, "health"))),
                    (7, 6, "positions"),
                    (9, 7, "strategies"),
                    (9, 6, _row((60, 34, "orders"), (40, 24, "alerts"))),
                ),
            ),
        ),
    ),
    Layout(
        Size(60, 21),
        1,
        _column(
            (14, 13, _row((38, 30, "book"), (42, 30, _column((6, 5, "positions"), (7, 6, "strategies"))))),
            (6, 5, "orders"),
        ),
    ),
    Layout(NEEDED, 1, _row((38, 30, "book"), (42, 30, _column((6, 5, "positions"), (7, 6, "strategies"))))),
)


def layout(width: int, height: int, zoom: str | None = None) -> dict[str, Region]:
    """The region of every visible pane, header and footer. `zoom` gives one pane the whole body.

    Law: the regions cover the screen without overlap, at every size. Under 60x15 the body is the pane `small`.
    """
    if width <= 0 or height <= 0:
        return {}
    chosen = next((each for each in LAYOUTS if width >= each.least.width and height >= each.least.height), None)
    header = min(chosen.header if chosen else 1, height)
    footer = 1 if height > header else 0
    regions = {"header": Region(0, 0, width, header)}
    body = Region(0, header, width, height - header - footer)
    if body.height:
        _place((zoom or chosen.body) if chosen else "small", body, regions)
    if footer:
        regions["footer"] = Region(0, height - 1, width, 1)
    return regions


def _place(node: Node, region: Region, regions: dict[str, Region]) -> None:
    if isinstance(node, str):
        regions[node] = region
        return
    x, y = region.x, region.y
    for (_, _, part), cells in zip(
        node.parts, _shared(node, region.width if node.is_row else region.height), strict=True
    ):
        size = (cells, region.height) if node.is_row else (region.width, cells)
        _place(part, Region(x, y, *size), regions)
        x, y = (x + cells, y) if node.is_row else (x, y + cells)


def _shared(node: Split, cells: int) -> Sequence[int]:
    """`cells` by weight, none under its least while there is enough for all, and not one lost."""
    weights = [weight for weight, _, _ in node.parts]
    least = [need for _, need, _ in node.parts]
    if sum(least) > cells:
        weights, least = least, [0] * len(least)
    given = _by_weight(weights, cells)
    short = [max(need - have, 0) for need, have in zip(least, given, strict=True)]
    spare = [max(have - need, 0) for need, have in zip(least, given, strict=True)]
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
