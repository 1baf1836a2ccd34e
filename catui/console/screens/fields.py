"""The state of a box of the wiring, value by value."""

from catui.console.render.text import Cell
from catui.console.screens.why import WhyScreen
from catui.runtime.past.messages import Inspected
from catui.why import Node


class FieldsScreen(WhyScreen):
    """Every value by its path, as it was after the event shown."""

    NAMED = "State"

    def _feet(self) -> Cell:
        return Cell("esc leaves")

    def show_values(self, path: str, found: Inspected) -> None:
        """The answer."""
        self.tell_root(tree_of(path, found))


def tree_of(path: str, found: Inspected) -> Node:
    """The values of a place as a tree of one level."""
    values = [Node(f"{leaf.path or 'value'}  {'--' if leaf.value is None else leaf.value}") for leaf in found.leaves]
    if found.count > len(found.leaves):
        values.append(Node(f"and {found.count - len(found.leaves):,} more values"))
    count = f"{found.count:,} values" if found.count != 1 else "1 value"
    return Node(f"{path}  {count if found.count else 'no state'}", found.seq, "", (), tuple(values))
