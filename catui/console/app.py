"""The console's application: one clock that draws the newest snapshot, and the one way from a key to a command."""

import asyncio
import gc
import logging
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from msgspec.structs import replace
from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from catui.console import themes
from catui.console.actions import ACTIONS, BY_ID, Action, Context
from catui.console.arrangement import Arrangement
from catui.console.bond import Bond
from catui.console.branch_mode import BranchMode
from catui.console.crier import Crier, called
from catui.console.frameclock import FrameClock
from catui.console.keys import Keymap, keymap
from catui.console.loglines import LogLines
from catui.console.outbox import Outbox
from catui.console.past_mode import OpenPast, PastMode
from catui.console.render.palette import Palette
from catui.console.render.text import shown
from catui.console.screens.asking import ask, build
from catui.console.screens.desk import DeskScreen
from catui.console.screens.dialog import Dialog
from catui.console.screens.help import HelpScreen
from catui.console.screens.pick import PickScreen
from catui.console.source import Recorded
from catui.console.taking import Taking
from catui.console.terminal import left_on_signals
from catui.console.tickets import Tickets
from catui.console.when import When
from catui.console.why_mode import WhyMode
from catui.console.wiring_mode import WiringMode
from catui.console.wording import spoken
from catui.domain import events
from catui.errors import ConfigError
from catui.places import exports_directory, layouts_file
from catui.runtime.host import Host
from catui.runtime.logbook import libraries_heard
from catui.snapshot import Snapshot, View

log = logging.getLogger(__name__)

FRAMES_PER_S = 12
LOOK_S, LOOKS = 1 / 100, 100  # for the answer to a command: soon, and for a second


class CatuiApp(App[int], inherit_bindings=False):
    """A replica of the desk. It owns no trading state: closing it changes nothing, a slow one drops frames.

    `clock` False draws on keys and on `frame()` only, for tests and pictures; `now_s` is the console's own clock.
    `theme_paths` are files or directories of more themes. `open_past` opens the past of a run by its name; where the
    source is `Recorded` there is nothing else, and the console starts `at` a moment of it. `arrangement` has the
    layouts; what is taken from the screen goes to `exports`, a saved layout to the file `layouts`. ConfigError: faults
    of the keys, of a theme, or its name.
    """

    TITLE = "catui"
    CSS_PATH = Path(__file__).with_name("console.tcss")
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [  # priority: the emergency row works in every dialog and field
        Binding(
            ",".join(action.keys), f"emergency('{action.id}')", action.text, show=False, priority=True, id=action.id
        )
        for action in ACTIONS
        if action.is_emergency
    ]

    def __init__(
        self,
        source: Host,
        *,
        theme: str = "dark",
        theme_paths: Iterable[Path] = (),
        keys: Mapping[str, str] | None = None,
        is_ascii: bool = False,
        bell: bool = True,
        clock: bool = True,
        now_s: Callable[[], float] = time.monotonic,
        open_past: OpenPast | None = None,
        at: When | None = None,
        arrangement: Arrangement | None = None,
        exports: Path | None = None,
        layouts: Path | None = None,
    ) -> None:
        self.source = source
        self._themes = themes.load_themes((*themes.theme_dirs(), *theme_paths))
        if theme not in self._themes:
            known = " ".join(sorted(self._themes))
            raise ConfigError((f"console.theme = {theme!r}: is no theme; known are {known}",))
        self._theme_name = theme
        self._keys: Keymap = keymap(keys or {})
        super().__init__()
        self._is_ascii = is_ascii
        self._has_clock = clock
        self.now_s = now_s
        self._outbox = Outbox()
        self._crier = Crier()
        self._has_bell = bell
        self.log_lines = LogLines()
        self._frames = FrameClock(FRAMES_PER_S)
        self._sent_view: View | None = None
        self._followed: tuple[int, int] | None = None  # which dialog has seen which snapshot
        self.bond = Bond(self)
        self._palette = themes.palette(self._themes[self._theme_name], is_ascii)
        self._dimmed = themes.dimmed(self._palette)
        self._past_palette = themes.travelled(self._palette)
        is_replay = isinstance(source, Recorded)
        awaited = "the run" if is_replay else "the engine"
        self.desk = DeskScreen(self._keys, self._palette, now_s, awaited, arrangement or Arrangement({}))
        self._taking = Taking(self, exports or exports_directory(), layouts or layouts_file())
        self.past = PastMode(self, open_past, is_replay=is_replay, at=at)
        self.wiring = WiringMode(self, self.past)
        self.why = WhyMode(self, self.past, self.wiring)
        self.tickets = Tickets(self)
        self.branches = BranchMode(self, open_past)
        self._own = self._doings()
        self.set_keymap({id: ",".join(self._keys.keys[id]) for id in self._keys.keys if BY_ID[id].is_emergency})

    @property
    def own_actions(self) -> frozenset[str]:
        """The ids of what the app does by itself."""
        return frozenset(self._own)

    def _doings(self) -> dict[str, Callable[[], None]]:
        """What the app does by itself, by the action's id."""
        return {
            "instrument": self._pick_instrument,
            "theme": self._next_theme,
            "palette": self._pick_action,
            "help": lambda: self._open(HelpScreen(self._keys)),
            "suspend": self._suspend,
            **self.bond.doings(),
            **self.past.doings(),
            **self.why.doings(),
            "branch": self.branches.start,
            **self.wiring.doings(),
            **self._taking.doings(),
        }

    def get_default_screen(self) -> Screen[None]:
        """The desk."""
        return self.desk

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Every variable that dialogs use, whatever theme is on; two more are for a theme without colour."""
        ansi = {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"}
        return themes.theme_variables(self._themes[self._theme_name]) | ansi

    def on_mount(self) -> None:
        """Start the engine, and the clock."""
        for theme in self._themes.values():
            self.register_theme(themes.textual_theme(theme))
        self._dress(self._theme_name)
        self.app_resume_signal.subscribe(self, self._resumed)
        self.bond.start()
        self.past.start()
        if self._has_clock:
            self.set_interval(1 / FRAMES_PER_S, self._tick)
            self.call_after_refresh(_freeze)

    def _tick(self) -> None:
        began_s = self.now_s()
        self.frame()
        self._frames.drawn(began_s, self.now_s())

    def frame(self) -> None:
        """Draw the newest snapshot, if anything changed."""
        self.past.frame()
        self.why.frame()
        self.tickets.frame()
        self.branches.frame()
        self.wiring.frame()
        snapshot, now_s = self.source.latest(), self.now_s()
        if snapshot is not None:
            self._outbox.read(snapshot, now_s)
            self.log_lines.read(snapshot.log)
            self._call(snapshot)
            self._tell_view()
        is_silent, header = self.bond.silence()
        word = self._outbox.word(now_s)
        words = self.bond.words
        self.desk.tell(self.past.lines(self.log_lines.lines()), self._frames.times())
        footer = word.text or self.past.doing(), word.is_warning
        then = self.past.snapshot()
        if then is not None:
            self.desk.show(then, self._past_palette, words, header, footer, past=self.past.view(snapshot))
        else:
            palette = self._dimmed if is_silent else self._palette
            self.desk.show(snapshot, palette, words, header, footer, not self.source.may_command())
        self.bond.tell_loss()
        top = self.screen
        if (
            isinstance(top, Dialog)
            and top.is_mounted
            and snapshot is not None
            and self._followed != (id(top), id(snapshot))
        ):
            self._followed = id(top), id(snapshot)
            top.follow(snapshot)

    def on_desk_screen_changed(self) -> None:
        """A key, a click, another size: draw now, and tell the engine what is seen."""
        self._tell_view()
        self.frame()

    def say_view_again(self) -> None:
        """What is seen, to an engine that has only now begun to listen."""
        self._sent_view = None
        self.on_desk_screen_changed()

    def _tell_view(self) -> None:
        view = self.desk.view_wanted(self.log_lines.last)
        if view != self._sent_view:
            self._sent_view = view
            self.source.set_view(view)
            self.past.look(replace(view, log_after=0))

    def on_desk_screen_ordered(self, message: DeskScreen.Ordered) -> None:
        """A key that means a command."""
        self.order(message.action, message.context)

    def on_desk_screen_wanted(self, message: DeskScreen.Wanted) -> None:
        """A key that means something of the console's own."""
        self._own[message.action.id]()

    def on_desk_screen_clicked(self, message: DeskScreen.Clicked) -> None:
        """A click on the timeline."""
        self.past.click(message.x)

    def action_emergency(self, id: str) -> None:
        """The emergency row: at once, from anywhere; from the past it goes to the live desk and acts there."""
        if self.past.is_on and not self.past.is_replay:
            self.past.leave()
            self.frame()
        self.order(BY_ID[id], self.desk.context())

    def order(self, action: Action, context: Context) -> None:
        """Send what an action means here; dialogs come first where it raises risk."""
        if refusal := self.past.refusal(action) or self.bond.refusal():
            self.say(refusal, is_warning=not self.source.may_command())
            return
        if action.id == "kill" and self.bond.leave_kill_order():
            return
        if action.form == "ticket":
            if why_not := self.tickets.open(action, context):
                self.say(why_not)
            return
        while action.otherwise and build(action, context) is None:
            action = BY_ID[action.otherwise]
        self.run_worker(self._order(action, context), name=action.id, group="commands", exit_on_error=False)

    def note(self, text: str) -> None:
        """A bookmark in the journal of the live desk."""
        if refusal := self.bond.refusal():
            self.say(refusal, is_warning=True)
            return
        seen = self.desk.context().snapshot
        self.run_worker(
            self.send_command(events.Note(text), "", seen), name="note", group="commands", exit_on_error=False
        )

    @property
    def keys(self) -> Keymap:
        """Every action's keys."""
        return self._keys

    @property
    def palette(self) -> Palette:
        """What is drawn in now: the past has colours of its own."""
        return self._past_palette if self.past.is_on else self._palette

    def label(self, id: str) -> str:
        """The key of an action, as text."""
        return self._keys.label(BY_ID[id])

    def leave(self, code: int) -> None:
        """End with this exit code; the source is closed on the way out."""
        self.exit(return_code=code)

    async def close_source(self) -> None:
        """Part from the engine and from the past."""
        await asyncio.gather(self.bond.close(), self.past.close(), self.branches.close())

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Whatever fails in the background is said: it would be silent otherwise."""
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            log.error("%s failed", event.worker.name, exc_info=error)
            self.say(f"{event.worker.name} failed: {type(error).__name__}: {error}", is_warning=True)

    async def _order(self, action: Action, context: Context) -> None:
        meant = await ask(self, action, context)
        if isinstance(meant, str):
            self.say(meant)
            return
        inverse = BY_ID.get(action.inverse)
        after = f"{self._keys.label(inverse)}: {inverse.text}" if inverse else ""
        await self.send_command(meant.command, meant.reason, context.snapshot, after)

    async def send_command(
        self, command: events.Action, reason: str, seen: Snapshot, after: str = "", expected: int | None = None
    ) -> str:
        """Send a command and watch for its answer; its id, empty where it could not be sent."""
        words = spoken(command, seen)
        try:
            id = await self.source.send(command, reason, self.desk.seen_seq, expected)
        except Exception as error:  # whatever the way to the engine is made of, the person must hear of it
            self.say(f"NOT SENT: {words}: {type(error).__name__}: {error}", is_warning=True)
            return ""
        self._outbox.sent(id, words, after, self.now_s())
        self.frame()
        if self._has_clock:
            self.run_worker(self._draw_answer(id), name="answer", group="answers", exit_on_error=False)
        return id

    async def _draw_answer(self, id: str) -> None:
        """An answer comes out of turn; so is it drawn, and not at the clock's next tick."""
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK_S)
            latest = self.source.latest()
            if latest is not None and any(each.id == id for each in latest.results):
                self.frame()
                return

    def say(self, text: str, is_warning: bool = False) -> None:
        """A line in the footer, now."""
        self.tell(text, is_warning)
        self.frame()

    def tell(self, text: str, is_warning: bool = False) -> None:
        """A line in the footer, with the next frame; it stays in the log."""
        self._outbox.say(text, self.now_s(), is_warning)
        self.hear("warning" if is_warning else "info", "console", text)

    def _call(self, snapshot: Snapshot) -> None:
        """Say what alerts are new, and ring."""
        alerts = self._crier.new(snapshot)
        if alerts:
            self.tell(called(alerts), is_warning=True)
            if self._has_bell:
                self.bell()

    def hear(self, level: str, topic: str, text: str) -> None:
        """A line of the console's own for the log, at the desk's time."""
        snapshot = self.source.latest()
        self.log_lines.add(snapshot.now_ns if snapshot else 0, level, topic, text)

    def _dress(self, name: str) -> None:
        self._theme_name = name
        is_ansi16 = self.console.color_system == "standard"
        self._palette = themes.palette(self._themes[name], self._is_ascii, is_ansi16)
        self._dimmed = themes.dimmed(self._palette)
        self._past_palette = themes.travelled(self._palette)
        self.theme = f"catui-{name}"
        self.set_class(is_ansi16, "sixteen")
        self.frame()

    def _next_theme(self) -> None:
        names = sorted(self._themes)
        self._dress(names[(names.index(self._theme_name) + 1) % len(names)])
        self.say(f"theme {self._theme_name}")

    def _open(self, screen: Dialog[bool]) -> None:
        self.push_screen(screen)

    def _pick_instrument(self) -> None:
        snapshot = self.past.snapshot() or self.source.latest()
        choices = [(each.key, f"{each.symbol}  {each.venue}") for each in (snapshot.instruments if snapshot else ())]
        self.push_screen(PickScreen("Instrument", choices), self._picked_instrument)

    def _picked_instrument(self, key: str | None) -> None:
        if key is not None:
            self.desk.choose_instrument(key)

    def _pick_action(self) -> None:
        here = self.desk.context().pane
        choices = [
            (action.id, f"{self._keys.label(action):<9} {action.text}")
            for action in ACTIONS
            if action.keys
            and action.id not in ("pane", "palette")
            and (not action.scope or here in action.scope)
            and (self.past.is_on or not action.is_of_past)
        ]
        self.push_screen(PickScreen("Actions", choices), self._picked_action)

    def _picked_action(self, id: str | None) -> None:
        if id is not None:
            self.desk.act(BY_ID[id])
            self.on_desk_screen_changed()

    def _suspend(self) -> None:
        self.say("suspended; the engine went on")
        self.action_suspend_process()

    def _resumed(self, _: App[Any]) -> None:
        """Back from the shell, which has left its own on the screen: draw everything."""
        self.refresh(repaint=True, layout=True)

    def _fatal_error(self) -> None:
        """The traceback without local variables: they may hold what nobody should read."""
        self.bell()
        lines = traceback.format_exc().splitlines()
        self._exit_renderables.append(Text("\n".join(shown(line, 400) for line in lines)))
        self._close_messages_no_wait()


def _freeze() -> None:
    """What start-up made stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


async def run_console(app: CatuiApp, mouse: bool = True) -> int:
    """Run until it is left; whatever happens, the source is closed. The exit code: 143 and 129 after a signal."""
    with left_on_signals(app.leave), libraries_heard(app.hear):
        try:
            await app.run_async(mouse=mouse)
        finally:
            await app.close_source()
    return 130 if app.return_code is None else app.return_code
