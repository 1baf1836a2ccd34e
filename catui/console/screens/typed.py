"""Words to type and a reason to give, for what raises risk most: slow on purpose."""

from collections.abc import Iterator

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, Question, field, said
from catui.snapshot import Snapshot


class TypedScreen(Dialog[str]):
    """Answers with the reason once the words stand there exactly; else stays and says what is missing."""

    def __init__(self, question: Question, words: str, least_reason: int, snapshot: Snapshot) -> None:
        super().__init__()
        self.TITLE_TEXT = question.title
        self._question = question
        self._words = words
        self._least = least_reason
        self._snapshot = snapshot

    def body(self) -> Iterator[Widget]:
        """The facts, the reason, the words."""
        yield Static(said("\n".join(self._question.lines(self._snapshot))), id="facts")
        yield Static(said(f"reason, {self._least} characters or more"), classes="label")
        yield field("reason")
        yield Static(said(f"type {self._words}"), classes="label")
        yield field("words")
        yield Static(said("Enter goes on, escape leaves"), id="fault")

    def follow(self, snapshot: Snapshot) -> None:
        """The facts as they are now."""
        self._snapshot = snapshot
        self.query_one("#facts", Static).update(said("\n".join(self._question.lines(snapshot))))

    def entered(self, id: str) -> None:
        """Enter: to the words, then done, if all is there."""
        reason = self.text_of("reason")
        if not self._question.stands(self._snapshot):
            self.tell("what this was about has changed; escape leaves")
        elif len(reason) < self._least:
            self.tell(f"the reason has {len(reason)} characters; at least {self._least} are needed")
            self.set_focus(self.query_one("#reason"))
        elif id == "reason":
            self.set_focus(self.query_one("#words"))
        elif self.text_of("words") != self._words:
            self.tell(f"the words are not {self._words!r}; nothing was sent")
        else:
            self.leave(reason)
