"""One frame: the modes have their turn, the newest snapshot is read, and what changed is drawn."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from catui.console.look.dress import Dress
from catui.console.render.view import FrameTimes
from catui.console.screens.dialog import Dialog
from catui.console.words.crier import Crier, called
from catui.console.words.outbox import Outbox
from catui.snapshot import Snapshot, View

if TYPE_CHECKING:
    from catui.console.app import CatuiApp


class Picture:
    """Draws the desk, live or past, and tells the engine what of it is seen."""

    def __init__(self, app: "CatuiApp", dress: Dress, outbox: Outbox, *, has_bell: bool) -> None:
        self._app = app
        self._dress = dress
        self._outbox = outbox
        self._has_bell = has_bell
        self._crier = Crier()
        self._sent_view: View | None = None
        self._followed: tuple[int, int] | None = None  # which dialog has seen which snapshot

    def draw(self, times: FrameTimes | None) -> None:
        """Draw the newest snapshot, if anything changed; none while the terminal is behind, but nothing else waits."""
        app = self._app
        for mode in (app.past, app.why, app.tickets, app.branches, app.wiring):
            mode.frame()
        snapshot = app.source.latest()
        if snapshot is not None:
            self._read(snapshot)
        app.kills.frame()
        app.bond.tell_loss()
        if app.is_behind():
            app.pace.catch_up()
            return
        app.desk.tell(app.past.lines(app.log_lines.lines()), times)
        self._show(snapshot)
        if snapshot is not None:
            self._follow(snapshot)

    def say_view(self, *, is_new: bool = False) -> None:
        """Tell the engine what is seen, where that has changed; `is_new`: it has only now begun to listen."""
        view = self._app.desk.view_wanted(self._app.log_lines.last)
        if is_new or view != self._sent_view:
            self._sent_view = view
            self._app.source.set_view(view)
            self._app.past.look(replace(view, log_after=0))

    def _read(self, snapshot: Snapshot) -> None:
        """Answers, lines for the log, and alerts that are new: said, and rung."""
        app = self._app
        self._outbox.read(snapshot, app.now_s())
        app.log_lines.read(snapshot.log)
        if alerts := self._crier.new(snapshot):
            app.tell(called(alerts), is_warning=True)
            if self._has_bell:
                app.bell()
        self.say_view()

    def _show(self, snapshot: Snapshot | None) -> None:
        app, word = self._app, self._outbox.word(self._app.now_s())
        is_silent, header = app.bond.silence()
        footer = word.text or app.past.doing(), word.is_warning
        then = app.past.snapshot()
        if then is not None:
            app.desk.show(then, self._dress.past, app.bond.words, header, footer, past=app.past.view(snapshot))
        else:
            palette = self._dress.dimmed if is_silent else self._dress.live
            app.desk.show(snapshot, palette, app.bond.words, header, footer, not app.source.may_command())

    def _follow(self, snapshot: Snapshot) -> None:
        """The newest snapshot, once, to the dialog on top."""
        top = self._app.screen
        if isinstance(top, Dialog) and top.is_mounted and self._followed != (id(top), id(snapshot)):
            self._followed = id(top), id(snapshot)
            top.follow(snapshot)
