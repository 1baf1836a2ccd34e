"""A kill that nobody has answered, and that cannot be left in a file from here: what is so, and what to do."""

from collections.abc import Iterator

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, said
from catui.console.words.outbox import ANSWER_S


class UnheardScreen(Dialog[bool]):
    """Stays until it is read; what the desk says after all is shown in it."""

    TITLE_TEXT = "Kill"
    AUTO_FOCUS = ".dialog"
    IS_READ = True

    def __init__(self, why: str, key: str) -> None:
        super().__init__()
        self._why = why
        self._key = key

    def body(self) -> Iterator[Widget]:
        """What is so, what to do, and the keys."""
        lines = (
            f"NO ANSWER within {ANSWER_S:.0f} s: NOT VERIFIED, the desk may be trading.",
            "No kill file can be laid from here:",
            *(f"  {part}" for part in self._why.split("; ")),
        )
        yield Static(said("\n".join(lines)), id="facts")
        yield Static(said(f"{self._key} sends it again   escape closes this"), id="fault", classes="bad")

    def hear(self, words: str) -> None:
        """What the desk says after all."""
        self.query_one("#facts", Static).update(said(words))
