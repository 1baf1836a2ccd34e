"""What the console wears: one theme of all there are, and the palettes that its panes are drawn in."""

from collections.abc import Iterable
from pathlib import Path

from catui.console.look import themes
from catui.console.look.themes import Theme
from catui.errors import ConfigError


class Dress:
    """The theme in force, with its palettes: `live`, `dimmed` for a picture that is old, `past` for another time.

    `paths` are files or directories of more themes. ConfigError: a fault of a theme, or there is none of that name.
    """

    def __init__(self, name: str, paths: Iterable[Path], *, is_ascii: bool) -> None:
        self.themes = themes.load_themes((*themes.theme_dirs(), *paths))
        if name not in self.themes:
            known = " ".join(sorted(self.themes))
            raise ConfigError((f"console.theme = {name!r}: is no theme; known are {known}",))
        self._is_ascii = is_ascii
        self.wear(name)

    def wear(self, name: str, *, is_ansi16: bool = False) -> None:
        """Another theme; `is_ansi16`: the terminal has sixteen colours."""
        self.name = name
        self.live = themes.palette(self.theme, self._is_ascii, is_ansi16)
        self.dimmed = themes.dimmed(self.live)
        self.past = themes.travelled(self.live)

    @property
    def theme(self) -> Theme:
        """As its file has it."""
        return self.themes[self.name]

    @property
    def next(self) -> str:
        """The name behind this one."""
        names = sorted(self.themes)
        return names[(names.index(self.name) + 1) % len(names)]
