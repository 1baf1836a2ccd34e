"""The styles of a theme by role: panes speak of `up` and `muted`, never of a colour."""

from msgspec import Struct
from rich.style import Style


class Palette(Struct, frozen=True, kw_only=True):
    """Ready styles, made once a theme. Every style carries the theme's background, so that a line is painted whole.

    `bar`, `cursor` and `changed` are backgrounds alone, to be added to another style. `is_ascii` draws with ASCII only.
    """

    name: str
    is_ascii: bool
    text: Style
    strong: Style
    muted: Style
    heading: Style
    border: Style
    focus: Style
    accent: Style
    warning: Style
    error: Style
    success: Style
    up: Style
    down: Style
    bid_bar: Style
    ask_bar: Style
    own: Style
    last: Style
    stale: Style
    cursor: Style
    changed: Style
    bar: Style
    paper: Style
    sim: Style
    replay: Style
    live: Style
    halted: Style
    reducing: Style
    past: Style

    def signed(self, value: float | None) -> Style:
        """`up` above 0, `down` below 0, else plain text: a hint beside the sign, never instead of it."""
        if not value:
            return self.text
        return self.up if value > 0 else self.down
