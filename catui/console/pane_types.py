"""What every pane offers the screen: a name, a key, and pure functions of the snapshot."""

from collections.abc import Callable

from msgspec import Struct

from catui.console.render.line import Line
from catui.console.render.palette import Palette
from catui.console.render.view import PaneView, Size
from catui.snapshot import Snapshot

Render = Callable[[Snapshot, PaneView, Size, Palette], list[Line]]


def no_rows(_: Snapshot) -> int:
    """A pane without a list has no rows to point at."""
    return 0


def nothing(_: Snapshot, __: PaneView) -> str | None:
    """A pane without a list points at nothing."""
    return None


def nowhere(_: Snapshot, __: PaneView, ___: Size, ____: int) -> int | None:
    """A pane without a list has no row at any line."""
    return None


class Pane(Struct, frozen=True):
    """A pane as data.

    `render` gives exactly `size.height` lines of `size.width` cells for every snapshot. `rows` bounds the cursor,
    `row_id` names what it points at, `row_at` is the row under line y of the pane (for clicks), `sorts` the names of
    the orders that `PaneView.sort` 1, 2, ... choose. `number` is the key that focuses it; 0 for header and footer.
    """

    name: str
    number: int
    title: str
    render: Render
    rows: Callable[[Snapshot], int] = no_rows
    row_id: Callable[[Snapshot, PaneView], str | None] = nothing
    row_at: Callable[[Snapshot, PaneView, Size, int], int | None] = nowhere
    sorts: tuple[str, ...] = ()
