"""The desk: every pane, placed by the size of the terminal; keys go from here to what they mean."""

from collections.abc import Callable

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region
from textual.message import Message

from catui.console.keys.actions import BY_ID, Action, Context
from catui.console.keys.keymap import CHORD_S, Keymap, chords, emergency_keys, footer_keys, press
from catui.console.keys.outlook import asked, outlook
from catui.console.look.arrangement import Arrangement
from catui.console.look.layout import Node
from catui.console.panes import PANES
from catui.console.panes.book import regrouped
from catui.console.panes.chart import MOST, SCALES_S, scale_s_of
from catui.console.panes.waiting import BLANK
from catui.console.render.listing import Sheet
from catui.console.render.palette import Palette
from catui.console.render.view import FrameTimes, LogLine, PastView, Size
from catui.console.toolkit import Ground
from catui.console.widgets.body import Body
from catui.console.widgets.filtering import Filtering
from catui.console.widgets.pane import PaneWidget
from catui.domain.events import Flatten
from catui.preview import PreviewView
from catui.snapshot import Snapshot, View

FIRST = "book"
BY_NUMBER = {pane.number: name for name, pane in PANES.items() if pane.number}
FOCUSABLE = tuple(name for name in PANES if name not in ("header", "small", "timeline", "footer"))
FAR = 10**6  # rows: to the first or the last one
DEPTH, TRADES = 40, 50  # the least that is asked of the engine, so that a small resize needs no new view
NOTHING: tuple[tuple[str, str], ...] = ()


class DeskScreen(Ground[None], inherit_bindings=False):
    """Focus, zoom, chords and cursors are the console's own and live here; whatever else a key means goes to `do`.

    That is done before the next key is looked at: a dialog that a key opens has every key that follows it.
    """

    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    class Clicked(Message):
        """A click on the timeline, at this cell."""

        def __init__(self, x: int) -> None:
            super().__init__()
            self.x = x

    class Changed(Message):
        """What is seen has changed: draw."""

    def __init__(
        self,
        keys: Keymap,
        palette: Palette,
        now_s: Callable[[], float],
        awaited: str,
        arrangement: Arrangement,
        do: Callable[[Action, Context], None],
    ) -> None:
        super().__init__()
        self._do = do
        self.panes = {name: PaneWidget(pane, palette, awaited) for name, pane in PANES.items()}
        self.focused_pane = FIRST
        self.arrangement = arrangement
        self.instrument = ""
        self._keys = keys
        self._now_s = now_s
        self._armed = ""
        self._armed_s = 0.0
        self._answer: PreviewView | None = None  # the desk's, to what the armed chord would do
        self._snapshot: Snapshot | None = None
        self._is_ascii = palette.is_ascii
        self._filtering = Filtering()
        self._body = Body(self.panes, self._regions)
        self._own = self._doings()

    def _doings(self) -> dict[str, Callable[[int], None]]:
        """What the desk does by itself, by the action's id; a function of the key's place among its keys."""
        return {
            "pane": lambda place: self._go_to_number(place + 1),
            "next_pane": lambda _: self._cycle(1),
            "previous_pane": lambda _: self._cycle(-1),
            "up": lambda _: self._focused().move(-1),
            "down": lambda _: self._focused().move(1),
            "left": lambda _: self._aside(-1),
            "right": lambda _: self._aside(1),
            "page_up": lambda _: self._focused().move(-self._page()),
            "page_down": lambda _: self._focused().move(self._page()),
            "top": lambda _: self._focused().move(-FAR),
            "bottom": lambda _: self._focused().move(FAR),
            "zoom": lambda _: self._zoom(None if self.arrangement.zoomed else self.focused_pane),
            "back": lambda _: self._back(),
            "wider": lambda _: self._grow(1, is_wider=True),
            "narrower": lambda _: self._grow(-1, is_wider=True),
            "taller": lambda _: self._grow(1, is_wider=False),
            "lower": lambda _: self._grow(-1, is_wider=False),
            "filter": lambda _: self._filtering.begin(self._focused()),
            "next_match": lambda _: self._focused().jump(1),
            "previous_match": lambda _: self._focused().jump(-1),
            "previous_instrument": lambda _: self._step_instrument(-1),
            "next_instrument": lambda _: self._step_instrument(1),
            "coarser": lambda _: self._scale(1),
            "finer": lambda _: self._scale(-1),
            "candles": lambda _: self._change(is_candles=not self._focused().view.is_candles),
            "centre": lambda _: self._change(centre_ticks=None, cursor_ticks=None, cursor=0),
            "sort": lambda _: self._sort(),
            "reverse": lambda _: self._focused().rearrange(is_reversed=not self._focused().view.is_reversed),
            "pnl": lambda _: self.go_to("pnl"),
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
        return self._regions(self.size.width, self.size.height)

    def _regions(self, width: int, height: int) -> dict[str, Region]:
        return self.arrangement.regions(width, height)

    def _has(self, name: str) -> bool:
        """Whether a pane has a place here, in front or behind."""
        return self.arrangement.has(name, self.size.width, self.size.height)

    def rearrange(self) -> None:
        """Another layout: a pane that has no place in it gives up the focus."""
        if self.focused_pane not in self.placed() and FIRST in self.placed():
            self.focused_pane = FIRST
        self._body.rearrange()

    def show(
        self,
        snapshot: Snapshot | None,
        palette: Palette,
        words: str,
        header: str,
        footer: tuple[str, bool],
        is_read_only: bool = False,
        past: PastView | None = None,
    ) -> None:
        """Draw. `words` is the engine's state, `header` a warning, `footer` a line and whether it is bad news.

        `past` is there when `snapshot` is a moment of the past.
        """
        self._snapshot, self._is_ascii = snapshot, palette.is_ascii
        if self.arrangement.is_past != (past is not None):
            self.arrangement.is_past = past is not None
            self._body.rearrange()
        self._see("timeline", past=past)
        armed = self._filtering.words() or self._armed_words()
        text, is_warning = (armed, False) if armed else footer
        seen = self.placed()
        self._see("header", message=header, is_warning=bool(header), is_read_only=is_read_only, past=past)
        keys = NOTHING  # under another screen none of them works
        if not text and self.app.screen is self:
            keys = footer_keys(self._keys, self._pane(), is_past=self.arrangement.is_past)
        self._see("footer", message=text, is_warning=is_warning, keys=keys, emergency=emergency_keys(self._keys))
        shared = self.arrangement.sharing(self.size.width, self.size.height)
        for name in seen:
            widget = self.panes[name]
            tabs = self._tabs(name, shared.get(name, ()), snapshot)
            if widget.view.is_focused != (name == self.focused_pane) or widget.view.tabs != tabs:
                widget.view = replace(widget.view, is_focused=name == self.focused_pane, tabs=tabs)
            widget.show(snapshot, palette, words)

    def tell(self, log: tuple[LogLine, ...], frames: FrameTimes | None) -> None:
        """What panes show of the console itself; the log's own is kept as the same object until it grows."""
        placed = self.placed()
        if "log" in placed and self.panes["log"].view.log is not log:
            self._see("log", log=log)
        if "health" in placed:
            self._see("health", frames=frames)

    @property
    def seen_seq(self) -> int:
        """The picture on the screen, on which whatever is sent now was decided."""
        return self._snapshot.seq if self._snapshot is not None else 0

    def context(self) -> Context:
        """What is pointed at: nothing in a pane that is not seen."""
        pane = self._pane()
        widget = self.panes[pane] if pane else None
        row = widget.row() if widget else None
        price_ticks, tab = (widget.view.cursor_ticks, widget.view.tab) if widget else (None, 0)
        return Context(self._snapshot or BLANK, pane, row, price_ticks, tab)

    def act(self, action: Action, place: int = 0) -> None:
        """Do what a key means, or hand it on."""
        if action.id in self._own:
            self._own[action.id](place)
        else:
            self._do(action, self.context())

    def go_to(self, name: str) -> None:
        """Focus a pane: bring it forward where it shares a box, zoom it where it has no place."""
        self.focused_pane = name
        if not self.arrangement.zoomed and self._has(name):
            self._bring_forward(name)
        elif self.arrangement.zoomed or name not in self.placed():
            self._zoom(name)

    def _bring_forward(self, name: str) -> None:
        if name not in self.placed():
            self.arrangement.bring_forward(name)
            self._body.rearrange()

    def _tabs(self, name: str, shared: tuple[str, ...], snapshot: Snapshot | None) -> tuple[tuple[int, str, bool], ...]:
        """The panes that share the box of one: number, label, whether it is that one."""
        tabs = []
        for each in shared:
            pane = PANES[each]
            label = pane.label(snapshot) if pane.label is not None and snapshot is not None else pane.title
            tabs.append((pane.number, label, each == name))
        return tuple(tabs)

    def sheet(self) -> tuple[Sheet | None, int | None]:
        """The focused pane in cells, and which row the cursor is on; None where there is none."""
        pane = self._pane()
        return self.panes[pane].sheet() if pane else (None, None)

    def next_layout(self) -> str:
        """Go to the next layout; its name."""
        name = self.arrangement.next()
        self.rearrange()
        return name

    def kept_layout(self) -> tuple[str, Node]:
        """The layout in use, by name."""
        return self.arrangement.keep(self.size.width, self.size.height)

    def choose_instrument(self, key: str) -> None:
        """Look at an instrument from now on."""
        self.instrument = key
        self.post_message(self.Changed())

    def view_wanted(self, log_after: int = 0) -> View:
        """What the engine should send; of its log what is behind this line."""
        regions = self.placed()
        depth = regions["book"].height if "book" in regions else 0
        trades = regions["trades"].height if "trades" in regions else 0
        candles = min(2 * regions["chart"].width, MOST) if "chart" in regions else 0
        return View(self.instrument, max(DEPTH, depth), max(TRADES, trades), self._scale_s(), candles, log_after)

    def _scale_s(self) -> int:
        """Of the chart: where it is not seen, of one without a size."""
        region, view = self.placed().get("chart", Region()), self.panes["chart"].view
        return scale_s_of(self._snapshot, view, Size(region.width, region.height), is_ascii=self._is_ascii)

    def on_key(self, event: events.Key) -> None:
        """A key on the desk."""
        event.stop()
        if self._filtering.is_on:
            self._filtering.hear(event.key, event.character)
            self.post_message(self.Changed())
            return
        self._chords()  # an armed one may have waited too long
        pressed = press(self._keys, self._pane(), self._armed, event.key)
        self._armed, self._armed_s, self._answer = pressed.armed, self._now_s(), None
        if pressed.action is not None:
            self.act(pressed.action, pressed.place)
        self.post_message(self.Changed())

    def on_pane_widget_pointed(self, message: PaneWidget.Pointed) -> None:
        """A click brings the focus, on a tab's name to its pane, and nothing else; a filter being typed is kept."""
        message.stop()
        self._filtering.end()
        if message.pane_name == "timeline":
            self.post_message(self.Clicked(message.x))
        shared = self.arrangement.sharing(self.size.width, self.size.height).get(message.pane_name, ())
        if message.tab is not None and message.tab < len(shared):
            self.go_to(shared[message.tab])
        elif message.pane_name in FOCUSABLE:
            self.focused_pane = message.pane_name
        self.post_message(self.Changed())

    def on_pane_widget_asked(self, message: PaneWidget.Asked) -> None:
        """Twice on a row: where does it come from?"""
        message.stop()
        self.act(BY_ID["why"])

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

    def wish(self) -> Flatten | None:
        """What the desk is to be asked about while a chord is armed."""
        if self.arrangement.is_past:
            return None
        context = self.context()
        wishes = (asked(action, context) for _, action in self._chords())
        return next((wish for wish in wishes if wish is not None), None)

    def judged(self, view: PreviewView | None) -> None:
        """The desk's answer; it stands until the chord is done with."""
        self._answer = view or self._answer

    def _chords(self) -> tuple[tuple[str, Action], ...]:
        if self._armed and self._now_s() - self._armed_s >= CHORD_S:
            self._armed = ""
        return chords(self._keys, self._pane(), self._armed) if self._armed else ()

    def _armed_words(self) -> str:
        context, is_past = self.context(), self.arrangement.is_past
        told = ((key, a.text if is_past else outlook(a, context, self._answer)) for key, a in self._chords())
        return "   ".join(f"{key}: {text}" for key, text in told)

    def _see(self, name: str, **changes: object) -> None:
        widget = self.panes[name]
        widget.view = replace(widget.view, **changes)

    def _go_to_number(self, number: int) -> None:
        if number in BY_NUMBER:
            self.go_to(BY_NUMBER[number])

    def _cycle(self, step: int) -> None:
        placed = self.placed()
        seen = [name for name in FOCUSABLE if name in placed]
        if seen:
            place = seen.index(self.focused_pane) + step if self.focused_pane in seen else 0
            self.focused_pane = seen[place % len(seen)]

    def _zoom(self, name: str | None) -> None:
        self.arrangement.zoomed = name
        if not name and self._has(self.focused_pane):
            self._bring_forward(self.focused_pane)
        self.rearrange()

    def _back(self) -> None:
        """Out of the nearest thing: the filter, else zoom."""
        widget = self._focused()
        if widget.view.filter:
            widget.rearrange(filter="")
        else:
            self._zoom(None)

    def _grow(self, sign: int, *, is_wider: bool) -> None:
        if self.arrangement.grow(self.focused_pane, self.size.width, self.size.height, sign, is_wider=is_wider):
            self._body.rearrange()

    def _aside(self, step: int) -> None:
        """Left and right: back and forth in time on the chart, else to the next list of the pane."""
        widget = self._focused()
        if self.focused_pane == "chart":
            widget.move(-step)
        elif len(widget.pane.walks) > 1:
            widget.turn_to((widget.view.tab + step) % len(widget.pane.walks))

    def _page(self) -> int:
        return max(self._focused().size.height - 4, 1)

    def _step_instrument(self, step: int) -> None:
        keys = [each.key for each in self._snapshot.instruments] if self._snapshot else []
        if keys:
            here = self.instrument or (self._snapshot.shown if self._snapshot else "")
            self.choose_instrument(keys[(keys.index(here) + step) % len(keys)] if here in keys else keys[0])

    def _scale(self, step: int) -> None:
        """Coarser or finer: price steps in the book, intervals on the chart."""
        view = self._focused().view
        if self.focused_pane == "chart":
            place = SCALES_S.index(self._scale_s())
            self._change(scale_s=SCALES_S[min(max(place + step, 0), len(SCALES_S) - 1)], cursor=0)
        else:
            self._change(group_ticks=regrouped(view, step), centre_ticks=None)

    def _sort(self) -> None:
        widget = self._focused()
        sorts = widget.pane.walk(widget.view).sorts
        widget.rearrange(sort=(widget.view.sort + 1) % (len(sorts) + 1))

    def _change(self, **changes: object) -> None:
        self._see(self.focused_pane, **changes)

    def _repaint(self) -> None:
        for widget in self.panes.values():
            widget.revive()
        self.refresh(repaint=True, layout=True)
