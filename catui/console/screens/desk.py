"""The desk: every pane, placed by the size of the terminal; keys go from here to what they mean."""

from collections.abc import Callable

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from catui.console.actions import Action, Context
from catui.console.keys import CHORD_S, Keymap, chords, emergency_keys, footer_keys, press
from catui.console.layout import layout
from catui.console.pane import PaneWidget
from catui.console.panes import PANES
from catui.console.render.palette import Palette
from catui.console.waiting import BLANK
from catui.snapshot import Snapshot, View

GROUPINGS = (0, 1, 2, 5, 10, 20, 50, 100)  # ticks a price step; 0: as the book's depth suggests
FIRST = "book"
BY_NUMBER = {pane.number: name for name, pane in PANES.items() if pane.number}
DEPTH, TRADES = 40, 50  # the least that is asked of the engine, so that a small resize needs no new view
NOTHING: tuple[tuple[str, str], ...] = ()


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


class DeskScreen(Screen[None], inherit_bindings=False):
    """Focus, zoom, chords and cursors are the console's own and live here; commands go to the app as `Ordered`."""

    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    class Ordered(Message):
        """A key that means a command to the desk."""

        def __init__(self, action: Action, context: Context) -> None:
            super().__init__()
            self.action = action
            self.context = context

    class Wanted(Message):
        """A key that means something of the app's own: help, theme, quit."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

    class Changed(Message):
        """What is seen has changed: draw."""

    def __init__(self, keys: Keymap, palette: Palette, now_s: Callable[[], float]) -> None:
        super().__init__()
        self.panes = {name: PaneWidget(pane, palette) for name, pane in PANES.items()}
        self.focused_pane = FIRST
        self.zoomed: str | None = None
        self.instrument = ""
        self._keys = keys
        self._now_s = now_s
        self._armed = ""
        self._armed_s = 0.0
        self._snapshot: Snapshot | None = None
        self._body = Body(self.panes, lambda width, height: layout(width, height, self.zoomed))
        self._own = self._doings()

    def _doings(self) -> dict[str, Callable[[int], None]]:
        """What the desk does by itself, by the action's id; a function of the key's place among its keys."""
        return {
            "pane": lambda place: self._go_to_number(place + 1),
            "next_pane": lambda _: self._cycle(1),
            "previous_pane": lambda _: self._cycle(-1),
            "up": lambda _: self._move(-1),
            "down": lambda _: self._move(1),
            "page_up": lambda _: self._move(-self._page()),
            "page_down": lambda _: self._move(self._page()),
            "top": lambda _: self._move(-(10**6)),
            "bottom": lambda _: self._move(10**6),
            "zoom": lambda _: self._zoom(None if self.zoomed else self.focused_pane),
            "back": lambda _: self._zoom(None),
            "previous_instrument": lambda _: self._step_instrument(-1),
            "next_instrument": lambda _: self._step_instrument(1),
            "coarser": lambda _: self._group(1),
            "finer": lambda _: self._group(-1),
            "centre": lambda _: self._change(centre_ticks=None),
            "sort": lambda _: self._sort(),
            "reverse": lambda _: self._change(is_reversed=not self._focused().view.is_reversed),
            "limits": lambda _: self.go_to("limits"),
            "repaint": lambda _: self._repaint(),
        }

    @property
    def own_actions(self) -> frozenset[str]:
        """The ids of what the desk does by itself."""
        return frozenset(self._own)

    def compose(self) -> ComposeResult:
        """One body."""
        yield self._body

    def placed(self) -> dict[str, Region]:
        """The panes on the screen now."""
        return layout(self.size.width, self.size.height, self.zoomed)

    def show(
        self,
        snapshot: Snapshot | None,
        palette: Palette,
        words: str,
        header: str,
        footer: tuple[str, bool],
        is_read_only: bool = False,
    ) -> None:
        """Draw. `words` is the engine's state, `header` a warning, `footer` a line and whether it is bad news."""
        self._snapshot = snapshot
        armed = self._armed_words()
        text, is_warning = (armed, False) if armed else footer
        seen = self.placed()
        self._see("header", message=header, is_warning=bool(header), is_read_only=is_read_only)
        keys = footer_keys(self._keys, self._pane()) if not text else NOTHING
        self._see("footer", message=text, is_warning=is_warning, keys=keys, emergency=emergency_keys(self._keys))
        for name in seen:
            widget = self.panes[name]
            if widget.view.is_focused != (name == self.focused_pane):
                widget.view = replace(widget.view, is_focused=name == self.focused_pane)
            widget.show(snapshot, palette, words)

    @property
    def seen_seq(self) -> int:
        """The picture on the screen, on which whatever is sent now was decided."""
        return self._snapshot.seq if self._snapshot is not None else 0

    def context(self) -> Context:
        """What is pointed at: nothing in a pane that is not seen."""
        pane = self._pane()
        row = self.panes[pane].row() if pane else None
        return Context(self._snapshot or BLANK, pane, row)

    def act(self, action: Action, place: int = 0) -> None:
        """Do what a key means, or hand it on."""
        if action.is_order:
            self.post_message(self.Ordered(action, self.context()))
        elif action.id in self._own:
            self._own[action.id](place)
        else:
            self.post_message(self.Wanted(action))

    def go_to(self, name: str) -> None:
        """Focus a pane; one that has no place here is zoomed."""
        self.focused_pane = name
        if self.zoomed or name not in self.placed():
            self._zoom(name)

    def choose_instrument(self, key: str) -> None:
        """Look at an instrument from now on."""
        self.instrument = key
        self.post_message(self.Changed())

    def view_wanted(self) -> View:
        """What the engine should send."""
        regions = self.placed()
        depth = regions["book"].height if "book" in regions else 0
        trades = regions["trades"].height if "trades" in regions else 0
        return View(self.instrument, max(DEPTH, depth), max(TRADES, trades))

    def on_key(self, event: events.Key) -> None:
        """A key on the desk."""
        event.stop()
        if self._armed and self._now_s() - self._armed_s >= CHORD_S:
            self._armed = ""
        pressed = press(self._keys, self._pane(), self._armed, event.key)
        self._armed, self._armed_s = pressed.armed, self._now_s()
        if pressed.action is not None:
            self.act(pressed.action, pressed.place)
        self.post_message(self.Changed())

    def on_pane_widget_pointed(self, message: PaneWidget.Pointed) -> None:
        """A click brings the focus, and nothing else."""
        message.stop()
        if PANES[message.pane_name].number:
            self.focused_pane = message.pane_name
        self.post_message(self.Changed())

    def on_resize(self) -> None:
        """A pane that lost its place gives up the focus."""
        if self._pane() == "" and FIRST in self.placed():
            self.focused_pane = FIRST
        self.post_message(self.Changed())

    def _pane(self) -> str:
        """The focused pane, if it is seen."""
        return self.focused_pane if self.focused_pane in self.placed() else ""

    def _focused(self) -> PaneWidget:
        return self.panes[self.focused_pane]

    def _armed_words(self) -> str:
        if self._armed and self._now_s() - self._armed_s >= CHORD_S:
            self._armed = ""
        if not self._armed:
            return ""
        return "   ".join(f"{key}: {text}" for key, text in chords(self._keys, self._pane(), self._armed))

    def _see(self, name: str, **changes: object) -> None:
        widget = self.panes[name]
        widget.view = replace(widget.view, **changes)

    def _go_to_number(self, number: int) -> None:
        if number in BY_NUMBER:
            self.go_to(BY_NUMBER[number])

    def _cycle(self, step: int) -> None:
        numbers = sorted(PANES[name].number for name in self.placed() if PANES[name].number)
        if not numbers:
            return
        here = PANES[self.focused_pane].number
        place = numbers.index(here) + step if here in numbers else 0
        self.focused_pane = BY_NUMBER[numbers[place % len(numbers)]]

    def _zoom(self, name: str | None) -> None:
        self.zoomed = name
        if self.focused_pane not in self.placed() and FIRST in self.placed():
            self.focused_pane = FIRST
        self._body.rearrange()

    def _move(self, rows: int) -> None:
        self._focused().move_to(self._focused().view.cursor + rows)

    def _page(self) -> int:
        return max(self._focused().size.height - 4, 1)

    def _step_instrument(self, step: int) -> None:
        keys = [each.key for each in self._snapshot.instruments] if self._snapshot else []
        if keys:
            here = self.instrument or (self._snapshot.shown if self._snapshot else "")
            self.choose_instrument(keys[(keys.index(here) + step) % len(keys)] if here in keys else keys[0])

    def _group(self, step: int) -> None:
        view = self._focused().view
        now = GROUPINGS.index(view.group_ticks) if view.group_ticks in GROUPINGS else 0
        self._change(group_ticks=GROUPINGS[min(max(now + step, 0), len(GROUPINGS) - 1)], centre_ticks=None)

    def _sort(self) -> None:
        widget = self._focused()
        row = widget.row()
        self._change(sort=(widget.view.sort + 1) % (len(widget.pane.sorts) + 1))
        widget.keep(row)

    def _change(self, **changes: object) -> None:
        self._see(self.focused_pane, **changes)

    def _repaint(self) -> None:
        for widget in self.panes.values():
            widget.revive()
        self.refresh(repaint=True, layout=True)
