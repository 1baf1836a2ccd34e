"""The engine is gone without a word: what is known of its end, and the way back."""

from collections.abc import Iterator
from typing import Literal

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, said

Answer = Literal["recover", "leave"]


class LostScreen(Dialog[Answer]):
    """`r` takes up the run, `q` leaves, escape looks at the last picture.

    A console that is a guest of the engine knows of the connection alone, and `r` connects again.
    """

    TITLES = "The engine is gone", "The connection is lost"
    AGAIN = "take it up", "connect again"
    AUTO_FOCUS = ".dialog"
    IS_READ = True

    def __init__(self, lines: tuple[str, ...], is_guest: bool) -> None:
        super().__init__()
        self.TITLE_TEXT = self.TITLES[is_guest]
        self._lines, self._again = lines, self.AGAIN[is_guest]

    def body(self) -> Iterator[Widget]:
        """The last words and the keys."""
        yield Static(said("\n".join(self._lines)), id="facts")
        yield Static(said(f"r {self._again}   q leave   escape look at the last picture"), id="fault")

    def hears(self, key: str) -> bool:
        """One key takes up, one leaves, one looks; the arrows scroll."""
        match key:
            case "r":
                self.leave("recover")
            case "q":
                self.leave("leave")
            case "escape":
                self.leave(None)
            case _:
                return False
        return True


class FailedScreen(LostScreen):
    """The same of an engine that never ran, or that never was reached: `r` tries again."""

    TITLES = "The engine did not start", "The engine cannot be reached"
    AGAIN = "try again", "try again"
