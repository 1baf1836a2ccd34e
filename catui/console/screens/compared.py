"""What came of a branch, over the whole screen."""

from collections.abc import Sequence
from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from catui.console.panes.compared import KEYS_ROW, render
from catui.console.render.line import Line
from catui.console.render.palette import Palette
from catui.console.render.view import Size
from catui.runtime.past.messages import Compared
from catui.runtime.past.whatif import Change

Word = Literal["go", "again"]


class Sheet(Widget, inherit_bindings=False):
    """Draws a comparison in ready lines."""

    DEFAULT_CSS = "Sheet { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, told: Compared, changes: Sequence[Change], palette: Palette, warning: str) -> None:
        super().__init__()
        self._told, self._changes, self._palette, self._warning = told, changes, palette, warning
        self._lines: list[Line] = []
        self._drawn_for = Size(0, 0)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`, exactly."""
        size = Size(self.size.width, self.size.height)
        if size != self._drawn_for:
            self._drawn_for = size
            self._lines = render(self._told, self._changes, KEYS_ROW, size, self._palette, self._warning)
        return [each.crop_extend(crop.x, crop.right, None) for each in self._lines[crop.y : crop.bottom]]


class ComparedScreen(ModalScreen[Word | None], inherit_bindings=False):
    """Answers `go` where the person wants to see the first difference, `again` to change more, None to leave.

    `warning`: why the run's own side is not to be relied on.
    """

    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    def __init__(self, told: Compared, changes: Sequence[Change], palette: Palette, warning: str = "") -> None:
        super().__init__()
        self._told = told
        self._sheet = Sheet(told, changes, palette, warning)
        self._is_left = False

    def compose(self) -> ComposeResult:
        """The sheet."""
        yield self._sheet

    def on_key(self, event: events.Key) -> None:
        """Where to from here."""
        event.stop()
        answers: dict[str, Word | None] = {"escape": None, "q": None, "B": "again", "enter": "go"}
        if event.key == "enter" and self._told.difference is None:
            return
        if event.key in answers and not self._is_left:
            self._is_left = True
            self.dismiss(answers[event.key])
