"""Why: the tree of causes over the desk. Enter goes to the moment of a node."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace
from textual.app import ComposeResult

from catui.console.keys.actions import BY_ID
from catui.console.keys.keymap import Keymap, press
from catui.console.look.layout import header_rows
from catui.console.panes.pane import Pane, list_walk
from catui.console.panes.waiting import BLANK
from catui.console.render.box import Frame, box, inner, message
from catui.console.render.line import Line, Row, restyled
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, shown
from catui.console.render.tree import Branch, branches, drawn, lines_of
from catui.console.render.view import PaneView, Size
from catui.console.screens.dialog import Dialog
from catui.console.widgets.pane import PaneWidget
from catui.snapshot import Snapshot
from catui.why import Node

NAME, TITLE = "why", "Why"
FAR = 10**6
STEPPING = "stepping the run again"


class Chosen(Struct, frozen=True):
    """What a person wants of a node: its moment."""

    node: Node
    what: Literal["moment", "wiring"]


class WhyScreen(Dialog[Chosen]):
    """A tree that a cursor walks. `seq` is the event after which the thing asked about stood on the screen."""

    AUTO_FOCUS = ""
    NAMED = TITLE

    def __init__(self, keys: Keymap, palette: Palette, seq: int) -> None:
        super().__init__()
        self._keys = keys
        self._palette = palette
        self._seq = seq
        self._branches: tuple[Branch, ...] = ()
        self._foot = self._feet()
        self._widget = PaneWidget(self._pane(()), palette, STEPPING)
        self._widget.view = PaneView(is_focused=True)

    def _feet(self) -> Cell:
        wiring, why = (self._keys.label(BY_ID[id]) for id in ("wiring", "why"))
        return Cell(f"Enter goes to that moment  {wiring} wiring  {why} or esc leaves")

    def compose(self) -> ComposeResult:
        """The tree."""
        yield self._widget

    def on_mount(self) -> None:
        """What there is to say so far."""
        self._draw()

    def on_resize(self) -> None:
        """The header stays in sight, and nothing of the desk between."""
        self._widget.styles.margin = (header_rows(*self.size), 0, 1, 0)

    def tell(self, fault: str) -> None:
        """Why it cannot be told."""
        self._say(Node(f"? {fault}"))

    def tell_root(self, root: Node) -> None:
        """The answer."""
        self._say(root)

    def hears(self, key: str) -> bool:
        """The desk's own keys move the cursor."""
        if key == "enter":
            self._choose("moment")
            return True
        action = press(self._keys, NAME, "", key).action
        page = max(self._widget.size.height - 4, 1)
        moves = {"up": -1, "down": 1, "page_up": -page, "page_down": page, "top": -FAR, "bottom": FAR}
        match action.id if action is not None else "":
            case id if id in moves:
                self._widget.move(moves[id])
                self._draw()
            case "wiring":
                self._choose("wiring")
            case "why":
                self.leave(None)
            case _:
                return False
        return True

    def on_pane_widget_pointed(self, message: PaneWidget.Pointed) -> None:
        """A click takes the cursor there."""
        message.stop()
        self._draw()

    def on_pane_widget_asked(self, message: PaneWidget.Asked) -> None:
        """Two go to the moment."""
        message.stop()
        self._choose("moment")

    def _choose(self, what: Literal["moment", "wiring"]) -> None:
        row = self._widget.row()
        node = self._branches[int(row)].node if row is not None else None
        if node is not None and (node.seq if what == "moment" else node.place):
            self.leave(Chosen(node, what))

    def _say(self, root: Node) -> None:
        self._branches = branches(root)
        self._widget.pane = self._pane(self._branches)
        self._widget.revive()
        self._draw()

    def _draw(self) -> None:
        self._widget.show(BLANK, self._palette)

    def _pane(self, tree: tuple[Branch, ...]) -> Pane:
        """A pane of this one tree: whatever snapshot it is shown, it draws the same."""
        ids = tuple(str(place) for place in range(len(tree)))

        def render(_: Snapshot, view: PaneView, size: Size, palette: Palette) -> list[Line]:
            note = Cell(f"of seq {self._seq:,}")
            frame = Frame(0, Cell(self.NAMED), note, foot=self._foot, is_focused=True)
            space = inner(size)
            if not tree:
                return box(frame, message(shown(f"{STEPPING} ..", 40), space, palette.muted), size, palette)
            return box(frame, body(tree, view, space, palette), size, palette)

        def point(_: Snapshot, view: PaneView, size: Size, y: int) -> PaneView | None:
            owners, line = owners_of(tree, inner(size).width), view.top + y - 1
            is_inside = 0 < y < size.height - 1 and line < len(owners)
            return replace(view, cursor=owners[line]) if is_inside else None

        def follow(_: Snapshot, view: PaneView, size: Size) -> PaneView:
            return replace(view, top=top_of(tree, view, inner(size))) if tree else view

        return Pane(NAME, 0, TITLE, render, (list_walk(lambda _, __: ids, point, follow),))


def owners_of(tree: Sequence[Branch], width: int) -> list[int]:
    """For every line the node it belongs to."""
    return [place for place, branch in enumerate(tree) for _ in lines_of(branch, width)]


def top_of(tree: Sequence[Branch], view: PaneView, space: Size) -> int:
    """The first line to show: the cursor's node is seen from its first line on."""
    owners = owners_of(tree, space.width)
    cursor = min(max(view.cursor, 0), len(tree) - 1)
    first = owners.index(cursor)
    last = first + owners.count(cursor) - 1
    top = min(max(view.top, last - space.height + 1), first)
    return max(0, min(top, len(owners) - space.height))


def body(tree: Sequence[Branch], view: PaneView, space: Size, palette: Palette) -> list[Row]:
    """The lines that are in sight, those of the cursor's node on its ground."""
    rows: list[Row] = []
    for place, branch in enumerate(tree):
        lines = drawn(branch, space.width, palette)
        rows += [restyled(line, palette.cursor) for line in lines] if place == view.cursor else lines
    return rows[view.top : view.top + space.height]
