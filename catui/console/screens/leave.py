"""How to leave a desk on which something is at stake: end the run, leave the engine running, or stay."""

from collections.abc import Iterator
from typing import Literal

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, Question, said
from catui.snapshot import Snapshot

Leaving = Literal["end", "detach"]


class LeaveScreen(Dialog[Leaving]):
    """`y` ends the run, `d` leaves the engine to itself where that can be, Enter stays. The facts are live."""

    def __init__(self, question: Question, snapshot: Snapshot, can_detach: bool) -> None:
        super().__init__()
        self.TITLE_TEXT = question.title
        self._question = question
        self._snapshot = snapshot
        self._can_detach = can_detach

    def body(self) -> Iterator[Widget]:
        """The facts and the keys."""
        yield Static(said("\n".join(self._question.lines(self._snapshot))), id="facts")
        detach = "   d leave it running, catui attach comes back" if self._can_detach else ""
        yield Static(said(f"y end the run{detach}   n stay   Enter stays"), id="fault")

    def follow(self, snapshot: Snapshot) -> None:
        """The facts as they are now."""
        self._snapshot = snapshot
        self.query_one("#facts", Static).update(said("\n".join(self._question.lines(snapshot))))

    def hears(self, key: str) -> bool:
        """One key ends, one detaches, three stay; every other is nothing."""
        if key == "y":
            self.leave("end")
        elif key == "d" and self._can_detach:
            self.leave("detach")
        elif key in ("n", "enter", "escape"):
            self.leave(None)
        return True
