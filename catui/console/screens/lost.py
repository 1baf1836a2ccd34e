"""The engine is gone without a word: what is known of its end, and the way back."""

from collections.abc import Iterator
from typing import Literal

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, said

Answer = Literal["recover", "leave"]


class LostScreen(Dialog[Answer]):
    """`r` takes up the run, `q` leaves, escape looks at the last picture."""

    TITLE_TEXT = "The engine is gone"
    KEYS = "r take it up   q leave   escape look at the last picture"
    AUTO_FOCUS = ".dialog"
    IS_READ = True

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._lines = lines

    def body(self) -> Iterator[Widget]:
        """The last words and the keys."""
        yield Static(said("\n".join(self._lines)), id="facts")
        yield Static(said(self.KEYS), id="fault")

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
    """The same of an engine that never ran: `r` tries again."""

    TITLE_TEXT = "The engine did not start"
    KEYS = "r try again   q leave"
