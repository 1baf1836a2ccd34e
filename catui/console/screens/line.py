"""One line to type: a moment to go to, a note to keep."""

from collections.abc import Callable, Iterator

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, field, said


class LineScreen(Dialog[str]):
    """Answers with the line once `fault` finds nothing wrong with it; else stays and says what is."""

    def __init__(self, title: str, label: str, fault: Callable[[str], str]) -> None:
        super().__init__()
        self.TITLE_TEXT = title
        self._label = label
        self._fault = fault

    def body(self) -> Iterator[Widget]:
        """The field."""
        yield Static(said(self._label), classes="label")
        yield field("line")
        yield Static(said("Enter takes it, escape leaves"), id="fault")

    def entered(self, id: str) -> None:
        """Enter: done, if it can be used."""
        text = self.text_of("line")
        fault = self._fault(text)
        if fault:
            self.tell(fault)
        else:
            self.leave(text)
