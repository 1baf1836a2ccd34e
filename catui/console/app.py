"""The console's application: what it is made of, and how a key comes to whoever acts on it."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from catui.console.bond import Bond
from catui.console.commands.kill_watch import KillWatch
from catui.console.commands.picking import Picking
from catui.console.commands.reload import ConfigFile, Reload
from catui.console.commands.sending import Commands
from catui.console.commands.taking import Taking
from catui.console.commands.tickets import Tickets
from catui.console.keys.actions import ACTIONS, BY_ID, Action, Context
from catui.console.keys.keymap import Keymap, apart, keymap, name_of
from catui.console.look import themes
from catui.console.look.arrangement import Arrangement
from catui.console.look.dress import Dress
from catui.console.modes.branch import BranchMode
from catui.console.modes.past import OpenPast, PastMode
from catui.console.modes.why import WhyMode
from catui.console.modes.wiring import WiringMode
from catui.console.pace import Pace
from catui.console.picture import Picture
from catui.console.render.palette import Palette
from catui.console.screens.desk import DeskScreen
from catui.console.screens.dialog import Answer, Dialog
from catui.console.screens.talk import Typing
from catui.console.source import Recorded
from catui.console.toolkit import SafeApp
from catui.console.words.loglines import LogLines
from catui.console.words.outbox import Outbox
from catui.console.words.when import When
from catui.places import exports_directory, layouts_file
from catui.runtime.host import Host

log = logging.getLogger(__name__)


INTERRUPT = "ctrl+c"  # what people press who want to leave: it leaves nothing here, and says what does


class CatuiApp(SafeApp, inherit_bindings=False):
    """A replica of the desk. It owns no trading state: closing it changes nothing, a slow one drops frames.

    `clock` False draws on keys and on `frame()` only, for tests and pictures; `now_s` is the console's own clock.
    `theme_paths` are files or directories of more themes. `open_past` opens the past of a run by its name; where the
    source is `Recorded` there is nothing else, and the console starts `at` a moment of it. `can_branch`: it can grow
    branches of the run. `arrangement` has the layouts; `config` is read again by its key; what is taken from the screen
    goes to `exports`, a saved layout to the file `layouts`. ConfigError: faults of the keys, of a theme, or its name.
    """

    TITLE = "catui"
    CSS_PATH = Path(__file__).with_name("console.tcss")
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
        can_branch: bool = True,
        arrangement: Arrangement | None = None,
        config: ConfigFile | None = None,
        exports: Path | None = None,
        layouts: Path | None = None,
    ) -> None:
        self.source = source
        self._dress = Dress(theme, theme_paths, is_ascii=is_ascii)
        self._is_ascii = is_ascii
        self._keys: Keymap = keymap(keys or {})
        super().__init__()
        self._has_clock = clock
        self.now_s = now_s
        self._outbox = Outbox()
        self.log_lines = LogLines()
        self.pace = Pace(self)
        self._picture = Picture(self, self._dress, self._outbox, has_bell=bell)
        self.bond = Bond(self)
        is_replay = isinstance(source, Recorded)
        awaited = "the run" if is_replay else "the engine"
        self.desk = DeskScreen(self._keys, self._dress.live, now_s, awaited, arrangement or Arrangement({}), self._do)
        self.typing = Typing(self, self._hear)
        self._taking = Taking(self, exports or exports_directory(), layouts or layouts_file())
        self.past = PastMode(self, open_past, is_replay=is_replay, at=at)
        self.wiring = WiringMode(self, self.past)
        self.why = WhyMode(self, self.past, self.wiring)
        self.commands = Commands(self, self._outbox, has_clock=clock)
        self.kills = KillWatch(self)
        self.tickets = Tickets(self)
        self.reload = Reload(self, config)
        self.branches = BranchMode(self, open_past, is_near=can_branch)
        self._own = self._doings()
        emergency = [action.id for action in ACTIONS if action.is_emergency and action.keys]
        self._emergency = frozenset(name_of(key) for id in emergency for key in self._keys.keys[id])
        self.set_keymap({id: ",".join(self._keys.keys[id]) for id in emergency})

    @property
    def own_actions(self) -> frozenset[str]:
        """The ids of what the app does by itself."""
        return frozenset(self._own)

    def _doings(self) -> dict[str, Callable[[], None]]:
        """What the app does by itself, by the action's id."""
        return {
            "theme": self._next_theme,
            "suspend": self._suspend,
            **Picking(self).doings(),
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
        return themes.theme_variables(self._dress.theme) | ansi

    def on_mount(self) -> None:
        """Start the engine, and the clock."""
        for theme in self._dress.themes.values():
            self.register_theme(themes.textual_theme(theme))
        self._wear(self._dress.name)
        self.bond.start()
        self.past.start()
        if self._has_clock:
            self.pace.start()

    def frame(self) -> None:
        """Draw the newest snapshot, if anything changed."""
        self._picture.draw(self.pace.times())

    def on_desk_screen_changed(self) -> None:
        """A key, a click, another size: draw now, and tell the engine what is seen."""
        self._picture.say_view()
        self.frame()

    def say_view_again(self) -> None:
        """What is seen, to an engine that has only now begun to listen."""
        self._picture.say_view(is_new=True)
        self.frame()

    def _do(self, action: Action, context: Context) -> None:
        """What a key means that is not the desk's own: a command, or something of the app's."""
        if action.is_order:
            self.commands.order(action, context)
        else:
            self._own[action.id]()

    def open(self, dialog: Dialog[Answer], then: Callable[[Answer | None], None] = lambda _: None) -> None:
        """Put a dialog on top; `then` has its answer."""
        dialog.then = then
        self.push_screen(dialog)

    async def on_event(self, event: Event) -> None:
        """A key is heard, and all is done that it means, before the next is looked at: none can overtake a dialog.

        The emergency row is heard at once, whatever is being asked.
        """
        if isinstance(event, Key) and not event.is_forwarded and event.key not in self._emergency:
            self.app_focus = True
            for key in apart(event, self._keys):
                await self.typing.take(key)
        else:
            await super().on_event(event)

    async def _hear(self, key: Key) -> None:
        """A key whose turn it is, to the screen on top."""
        screen: Screen[object] = self.screen
        if isinstance(screen, Dialog):
            if not screen.takes(key):
                await self._check_bindings(key.key)
        elif screen is self.desk:
            self.desk.on_key(key)
            if key.key == INTERRUPT:
                self.say(f"{self.label('quit')} leaves")
        else:
            await super().on_event(key)

    async def on_dialog_up(self) -> None:
        """What was typed before a dialog could hear it."""
        await self.typing.go_on()

    def on_desk_screen_clicked(self, message: DeskScreen.Clicked) -> None:
        """A click on the timeline."""
        self.past.click(message.x)

    def action_emergency(self, id: str) -> None:
        """The emergency row: at once, from anywhere; from the past it goes to the live desk and acts there."""
        if self.past.is_on and not self.past.is_replay:
            self.past.leave()
            self.frame()
        self.commands.order(BY_ID[id], self.desk.context())

    @property
    def keys(self) -> Keymap:
        """Every action's keys."""
        return self._keys

    @property
    def palette(self) -> Palette:
        """What is drawn in now: the past has colours of its own."""
        return self._dress.past if self.past.is_on else self._dress.live

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

    def say(self, text: str, is_warning: bool = False) -> None:
        """A line in the footer, now."""
        self.tell(text, is_warning)
        self.frame()

    def tell(self, text: str, is_warning: bool = False) -> None:
        """A line in the footer, with the next frame; it stays in the log."""
        self._outbox.say(text, self.now_s(), is_warning)
        self.hear("warning" if is_warning else "info", "console", text)

    def hear(self, level: str, topic: str, text: str) -> None:
        """A line of the console's own for the log, at the desk's time."""
        snapshot = self.source.latest()
        self.log_lines.add(snapshot.now_ns if snapshot else 0, level, topic, text)

    def _wear(self, name: str) -> None:
        is_ansi16 = self.console.color_system == "standard"
        self._dress.wear(name, is_ansi16=is_ansi16)
        self.theme = f"catui-{name}"
        self.set_class(is_ansi16, "sixteen")
        self.set_class(self._is_ascii, "ascii")
        self.frame()

    def _next_theme(self) -> None:
        self._wear(self._dress.next)
        self.say(f"theme {self._dress.name}")

    def _suspend(self) -> None:
        self.say("suspended; the engine went on")
        self.action_suspend_process()
