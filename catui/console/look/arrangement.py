"""How the panes are arranged now: which layout, what is zoomed, which tabs are in front, what a person made larger."""

from collections.abc import Mapping

from textual.geometry import Region

from catui.console.look.layout import Node, fitted, grown, layout, names_of, sharing, timeline_rows, tree_for

AUTO, OWN = "auto", "own"
STEP = 5  # hundredths of the space shared with its neighbours, by which a pane grows


class Arrangement:
    """`auto` is the tree for the size of the terminal; `own` what it became by growing; the rest have names.

    `is_past`: in the past a timeline takes some rows.
    """

    def __init__(self, named: Mapping[str, Node], chosen: str = AUTO) -> None:
        self.zoomed: str | None = None
        self.name = chosen if chosen in named else AUTO
        self.is_past = False
        self._named = dict(named)
        self._front: tuple[str, ...] = ()  # tabs brought forward, the last one first

    def regions(self, width: int, height: int) -> dict[str, Region]:
        """Where everything stands."""
        return layout(width, height, self.zoomed, self._front, self._named.get(self.name), is_past=self.is_past)

    def sharing(self, width: int, height: int) -> dict[str, tuple[str, ...]]:
        """By pane: all panes of its box, where it shares one that is seen."""
        return {} if self.zoomed else sharing(self._fitted(width, height))

    def has(self, name: str, width: int, height: int) -> bool:
        """Whether a pane has a place, in front or behind."""
        return name in names_of(self._fitted(width, height))

    def bring_forward(self, name: str) -> None:
        """Draw this pane in the box that it shares."""
        self._front = (name, *(each for each in self._front if each != name))

    def next(self) -> str:
        """Go to the next layout; its name."""
        names = [AUTO, *self._named]
        self.name = names[(names.index(self.name) + 1) % len(names)]
        self.zoomed = None
        return self.name

    def grow(self, name: str, width: int, height: int, sign: int, *, is_wider: bool) -> bool:
        """Give a pane more of the width, or of the height, or less of it; whether it stands beside anything."""
        tree = grown(self._tree(width, height), name, sign * STEP, is_row=is_wider)
        if tree is not None:
            self._own(tree)
        return tree is not None

    def keep(self, width: int, height: int) -> tuple[str, Node]:
        """The tree in use with its name, for a file; that for this size becomes the person's own."""
        tree = self._tree(width, height)
        self._own(tree)
        return self.name, tree

    def _own(self, tree: Node) -> None:
        if self.name == AUTO:
            names = (OWN, *(f"{OWN}-{number}" for number in range(2, 100)))
            self.name = next((name for name in names if name not in self._named), OWN)
        self._named[self.name] = tree

    def _tree(self, width: int, height: int) -> Node:
        return self._named.get(self.name) or tree_for(width, self._height(width, height))

    def _fitted(self, width: int, height: int) -> Node:
        return fitted(width, self._height(width, height), self._named.get(self.name))

    def _height(self, width: int, height: int) -> int:
        return height - (timeline_rows(width, height) if self.is_past else 0)
