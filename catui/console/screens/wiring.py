"""The wiring over the desk: a cursor goes from box to box; on a strategy's box the strategy's keys work."""

from collections.abc import Callable

from msgspec.structs import replace
from textual.app import ComposeResult

from catui.console.keys.actions import BY_ID, Action, Context
from catui.console.keys.keymap import Keymap, press
from catui.console.look.layout import header_rows
from catui.console.panes.pane import Pane
from catui.console.panes.wiring import NAME, drawing_of, pane, spot_at, top_of
from catui.console.render.palette import Palette
from catui.console.render.text import Cell
from catui.console.render.view import PaneView, Size
from catui.console.render.wiring import Drawing, neighbour
from catui.console.screens.dialog import Dialog
from catui.console.widgets.pane import PaneWidget
from catui.core.plan import EVERY_KEY, Box, Plan, boxes_of
from catui.runtime.past.messages import Flowed
from catui.snapshot import Snapshot

AWAITED = "reading the machine"
STRATEGIES = "strategies"
MOVES = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class WiringScreen(Dialog[bool]):
    """`place` is where the cursor begins. `inspect(path)` asks for a box's state, `order` sends what a key means."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        keys: Keymap,
        snapshot: Snapshot,
        palette: Palette,
        place: str,
        inspect: Callable[[str], None],
        order: Callable[[Action, Context], None],
    ) -> None:
        super().__init__()
        self._keys = keys
        self._palette = palette
        self._place = place
        self._inspect = inspect
        self._order = order
        self._whole: Plan | None = None
        self._shown: Plan | None = None
        self._flowed: Flowed | None = None
        self._snapshot = snapshot
        self._widget = PaneWidget(self._pane(AWAITED), palette, AWAITED)
        self._widget.view = PaneView(is_focused=True)

    def compose(self) -> ComposeResult:
        """The drawing."""
        yield self._widget

    def on_mount(self) -> None:
        """What there is so far."""
        self._redraw()

    def tell_plan(self, plan: Plan) -> None:
        """The machine that runs."""
        self._whole = plan
        self._open(plan)

    def tell_flow(self, flowed: Flowed) -> None:
        """What went over its wires."""
        self._flowed = flowed
        self._widget.pane = self._pane("")
        self._redraw()

    def tell(self, fault: str) -> None:
        """Why there is none."""
        self._widget.pane = self._pane(f"? {fault}")
        self._redraw()

    def show(self, snapshot: Snapshot, palette: Palette) -> None:
        """The readings of a snapshot."""
        self._snapshot, self._palette = snapshot, palette
        self._place_cursor()
        self._widget.show(snapshot, palette)

    def box(self) -> Box | None:
        """The box under the cursor."""
        drawing = self._drawing()
        return drawing.spots[self._cursor(drawing)].box if drawing is not None else None

    def hears(self, key: str) -> bool:
        """Arrows go from box to box, Enter looks inside; a strategy's keys are its own."""
        box = self.box()
        if key == "escape" and self._shown is not self._whole and self._whole is not None:
            self._open(self._whole)
            return True
        if key == "enter":
            self._look_inside()
            return True
        if box is not None and box.path.startswith("desk/strategies/"):
            own = press(self._keys, STRATEGIES, "", key).action
            if own is not None and own.is_order and STRATEGIES in own.scope:
                self._order(own, Context(self._snapshot, STRATEGIES, box.name))
                return True
        action = press(self._keys, NAME, "", key).action
        id = action.id if action is not None else ""
        if id in MOVES:
            self._move(*MOVES[id])
        elif id in ("next_pane", "previous_pane"):
            self._step(1 if id == "next_pane" else -1)
        elif id == "wiring":
            self.leave(None)
        return id in MOVES or id in ("next_pane", "previous_pane", "wiring")

    def on_resize(self) -> None:
        """Another size is another drawing; the cursor stays on its box, the header in sight."""
        self._widget.styles.margin = (header_rows(*self.size), 0, 1, 0)
        self._redraw()

    def on_pane_widget_pointed(self, message: PaneWidget.Pointed) -> None:
        """A click takes the cursor to the box."""
        message.stop()
        drawing = self._drawing()
        if drawing is not None:
            found = spot_at(drawing, message.x - 1, message.y - 1 + self._widget.view.top)
            if found is not None:
                self._go(drawing, found)

    def on_pane_widget_asked(self, message: PaneWidget.Asked) -> None:
        """Two look inside."""
        message.stop()
        self._look_inside()

    def _look_inside(self) -> None:
        """What is folded is drawn alone; else the state's values are asked for."""
        drawing = self._drawing()
        if drawing is None:
            return
        spot = drawing.spots[self._cursor(drawing)]
        if spot.hidden and spot.box is not self._shown:
            self._open(spot.box)
        else:
            self._inspect(spot.box.path.replace(EVERY_KEY, self._snapshot.shown))

    def _move(self, dx: int, dy: int) -> None:
        drawing = self._drawing()
        if drawing is not None:
            self._go(drawing, neighbour(drawing.spots, self._cursor(drawing), dx, dy))

    def _step(self, step: int) -> None:
        drawing = self._drawing()
        if drawing is not None:
            self._go(drawing, (self._cursor(drawing) + step) % len(drawing.spots))

    def _go(self, drawing: Drawing, cursor: int) -> None:
        self._place = drawing.spots[cursor].box.path
        self._redraw()

    def _open(self, plan: Plan) -> None:
        self._shown = plan
        self._widget.pane = self._pane("")
        paths = [box.path for box in boxes_of(plan)]
        if self._place not in paths:
            self._place = paths[min(1, len(paths) - 1)]
        self._redraw()

    def _redraw(self) -> None:
        self._widget.revive()
        self.show(self._snapshot, self._palette)

    def _place_cursor(self) -> None:
        drawing = self._drawing()
        if drawing is None:
            return
        cursor = self._cursor(drawing)
        top = top_of(drawing, cursor, self._widget.view.top, self._widget.size.height - 2)
        self._widget.view = replace(self._widget.view, cursor=cursor, top=top)

    def _cursor(self, drawing: Drawing) -> int:
        """The place of the cursor's box, or of the one that it is folded into."""
        for place, spot in enumerate(drawing.spots):
            if spot.box.path == self._place or any(box.path == self._place for box in spot.hidden):
                return place
        return 0

    def _drawing(self) -> Drawing | None:
        size = Size(self._widget.size.width, self._widget.size.height)
        return None if self._shown is None else drawing_of(self._shown, self._snapshot, size, self._flowed)

    def _pane(self, words: str) -> Pane:
        wiring, pause = (self._keys.label(BY_ID[id]) for id in ("wiring", "pause"))
        foot = Cell(f"Enter looks inside  {pause} pauses a strategy  {wiring} or esc leaves")
        return pane(self._shown, foot, words, self._flowed)
