"""Every key, from the table."""

from collections.abc import Iterator

from textual.widget import Widget
from textual.widgets import Static

from catui.console.keys.keymap import Keymap, help_rows, pane_rows
from catui.console.screens.dialog import Dialog, said

LEAVE = ("q", "question_mark", "enter")


class HelpScreen(Dialog[bool]):
    """The keys of the pane it was asked in, then the table by groups; arrows scroll, escape leaves."""

    TITLE_TEXT = "Keys"
    AUTO_FOCUS = ".dialog"
    IS_READ = True

    def __init__(self, keys: Keymap, pane: str) -> None:
        super().__init__()
        self._keys = keys
        self._pane = pane

    def body(self) -> Iterator[Widget]:
        """Group by group."""
        groups = ((f"in {self._pane}", pane_rows(self._keys, self._pane)), *help_rows(self._keys))
        width = max(len(keys) for _, rows in groups for keys, _ in rows)
        blocks = [
            "\n".join([group.upper(), *(f"  {keys:<{width}}  {text}" for keys, text in rows)])
            for group, rows in groups
            if rows
        ]
        yield Static(said("\n\n".join(blocks)))

    def hears(self, key: str) -> bool:
        """The help key leaves it too."""
        if key in LEAVE:
            self.leave(None)
        return key in LEAVE
