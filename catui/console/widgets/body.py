"""The body of the screen: all panes, placed by a function of the size."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from catui.console.widgets.pane import PaneWidget


class Places(Layout):
    """The toolkit's door to `layout`: who is in its answer is placed, who is not is off the screen."""

    name = "places"

    def __init__(self, regions: Callable[[int, int], dict[str, Region]]) -> None:
        self._regions = regions

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """A placement for every pane that the layout names."""
        regions = self._regions(size.width, size.height)
        return [
            WidgetPlacement(regions[each.pane.name], NULL_OFFSET, NULL_SPACING, each)
            for each in children
            if isinstance(each, PaneWidget) and each.pane.name in regions
        ]


class Body(Widget, inherit_bindings=False):
    """All panes, always mounted; a layout of its own says which are seen."""

    DEFAULT_CSS = "Body { width: 1fr; height: 1fr; overflow: hidden; }"

    def __init__(self, panes: dict[str, PaneWidget], regions: Callable[[int, int], dict[str, Region]]) -> None:
        super().__init__()
        self._panes = panes
        self._places = Places(regions)

    @property
    def layout(self) -> Layout:
        """Ours, whatever the styles say."""
        return self._places

    def compose(self) -> ComposeResult:
        """The panes."""
        yield from self._panes.values()

    def rearrange(self) -> None:
        """Ask the layout again though the size is the same."""
        next(iter(self._panes.values())).refresh(layout=True)
