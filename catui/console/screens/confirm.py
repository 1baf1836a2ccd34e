"""Yes or no, for what raises risk: `y` is yes, Enter is no."""

from collections.abc import Iterator

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, Question, said
from catui.snapshot import Snapshot


class ConfirmScreen(Dialog[bool]):
    """Shows what would be done to what, live; when the question no longer makes sense, yes is off."""

    def __init__(self, question: Question, snapshot: Snapshot) -> None:
        super().__init__()
        self.TITLE_TEXT = question.title
        self._question = question
        self._snapshot = snapshot

    def body(self) -> Iterator[Widget]:
        """The facts and the keys."""
        yield Static(self._facts(), id="facts")
        yield Static(self._keys(), id="fault")

    def follow(self, snapshot: Snapshot) -> None:
        """The facts as they are now."""
        self._snapshot = snapshot
        self.query_one("#facts", Static).update(self._facts())
        keys = self.query_one("#fault", Static)
        keys.update(self._keys())
        keys.set_class(not self._question.stands(snapshot), "bad")

    def hears(self, key: str) -> bool:
        """One key is yes, three are no; every other is nothing."""
        if key == "y" and self._question.stands(self._snapshot):
            self.leave(True)
        elif key in ("n", "enter", "escape"):
            self.leave(False)
        return True

    def _facts(self) -> Content:
        return said("\n".join(self._question.lines(self._snapshot)))

    def _keys(self) -> Content:
        if not self._question.stands(self._snapshot):
            return said("what this was about has changed; n leaves")
        return said("y yes   n no   Enter is no")
