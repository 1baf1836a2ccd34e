"""The toolkit's application with its unsafe defaults closed: no palette of its own, no locals in a traceback."""

import traceback
from typing import Any, TypeVar

from rich.text import Text
from textual._styles_cache import StylesCache
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.drivers._writer_thread import WriterThread
from textual.screen import Screen

from catui.console.render.text import shown

Answer = TypeVar("Answer")


class Ground(Screen[Answer]):
    """A screen that dialogs may stand on.

    Of a screen below the top one the toolkit hands on what has changed, and marks the same as changed once more: with
    the dialog's first frame that is the whole screen, and so in every frame from then on, three times the bytes.
    """

    def _compositor_refresh(self) -> None:
        is_wanted, regions = self._repaint_required, self._repaint_regions.copy()
        super()._compositor_refresh()
        if self is not self.app.screen:
            self._repaint_required, self._repaint_regions = is_wanted, regions


class SafeApp(App[int], inherit_bindings=False):
    """What the console is built on."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False

    def is_behind(self) -> bool:
        """Whether the terminal has not taken yet what was drawn: more would only wait behind it, and every key too."""
        writer: WriterThread | None = getattr(self._driver, "_writer_thread", None)
        return writer is not None and not writer._queue.empty()

    def on_mount(self) -> None:
        """Hear of the return from the shell."""
        self.app_resume_signal.subscribe(self, self._resumed)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen, and forget it: the toolkit keeps what a thousand closed ones had drawn, 25 MB."""
        left = super().pop_screen()
        vars(StylesCache)["get_inner_outer"].cache_clear()
        return left

    def _resumed(self, _: App[Any]) -> None:
        """The shell has left its own on the screen: draw everything."""
        self.refresh(repaint=True, layout=True)

    def _fatal_error(self) -> None:
        """The traceback without local variables: they may hold what nobody should read."""
        self.bell()
        lines = traceback.format_exc().splitlines()
        self._exit_renderables.append(Text("\n".join(shown(line, 400) for line in lines)))
        self._close_messages_no_wait()
