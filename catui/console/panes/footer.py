"""The footer: the keys that work here, and the emergency row, which is always there."""

from collections.abc import Sequence

from catui.console.panes.pane import Pane
from catui.console.render.flow import Item, kept
from catui.console.render.line import Line, Piece, line, width_of
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import Snapshot

NAME, NUMBER, TITLE = "footer", 0, "Footer"


def render(_: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
    """`view.message` or else `view.keys` at the left, `view.emergency` at the right.

    To a narrow screen, and to a long message, the emergency row loses its words, and never a key.
    """
    if size.height < 1:
        return []
    said = shown(view.message)
    emergency = _emergency(view, size.width - (cells(said) + 3 if said else 0), palette)
    room = size.width - width_of(emergency) - 2
    if said:
        left: Sequence[Piece] = [
            (Cell(f" {shown(view.message, max(room - 1, 1))}"), palette.warning if view.is_warning else palette.strong)
        ]
    else:
        left = _keys(view, room, palette)
    gap = size.width - width_of(left) - width_of(emergency)
    row = [*left, (Cell(" " * gap), palette.text), *emergency] if room > 0 and gap >= 0 else emergency
    ground = palette.text + palette.bar
    painted = line([(cell, style + palette.bar) for cell, style in row], size.width, palette, ground)
    return [painted, *[line([], size.width, palette, ground)] * (size.height - 1)]


def _emergency(view: PaneView, width: int, palette: Palette) -> list[Piece]:
    words = [(shown(key, 8), shown(label, 10)) for key, label in view.emergency]
    is_short = sum(len(key) + len(label) + 2 for key, label in words) > width
    row: list[Piece] = []
    for key, label in words:
        row.append((Cell(f"{key} "), palette.error))
        if not is_short:
            row.append((Cell(f"{label} "), palette.strong))
    return row


def _keys(view: PaneView, width: int, palette: Palette) -> list[Piece]:
    items = [
        Item(((Cell(f" {shown(key, 16)} "), palette.accent), (shown(label, 24), palette.text)), place)
        for place, (key, label) in enumerate(view.keys)
    ]
    row: list[Piece] = []
    for item in kept(items, width, gap=1):
        row += [(Cell(" "), palette.text), *item.pieces] if row else item.pieces
    return row if width_of(row) <= width else []


PANE = Pane(NAME, NUMBER, TITLE, render)
