"""A branch on its way: how many events are stepped, and escape to have it end."""

from collections.abc import Iterator

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, said
from catui.runtime.past.client import Answers
from catui.runtime.past.messages import Compared, Offered, Refused

Answer = Offered | Compared | Refused
BAR = 40  # cells


class GrowingScreen(Dialog[Answer]):
    """Answers with what came of request `id`; None where the person would not wait."""

    AUTO_FOCUS = ""

    def __init__(self, title: str, id: int) -> None:
        super().__init__()
        self.TITLE_TEXT = title
        self._request = id

    def body(self) -> Iterator[Widget]:
        """How far it is."""
        yield Static(said("looking for the state at the fork"), id="progress")
        yield Static(said("escape ends it"), id="fault")

    def hear(self, answers: Answers, died: str) -> None:
        """Read what was answered."""
        for found in (answers.offered, answers.compared, answers.refused):
            if found is not None and found.id == self._request:
                self.leave(found)
                return
        if died:
            said_last = answers.refused
            self.leave(said_last if said_last is not None else Refused(self._request, died))
            return
        grown = answers.grown
        if grown is not None and grown.id == self._request and grown.events and self.is_mounted:
            self.query_one("#progress", Static).update(said(progress(grown.done, grown.events)))


def progress(done: int, events: int) -> str:
    """A bar, percent and events.

    >>> progress(512, 2048)
    '##########..............................  25%  512 of 2,048 events'
    """
    full = BAR * done // events
    return f"{'#' * full}{'.' * (BAR - full)}  {done * 100 // events}%  {done:,} of {events:,} events"
