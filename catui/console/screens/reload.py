"""A configuration beside what runs: what would be taken over, what needs a restart; `y` is yes, Enter is no."""

from collections.abc import Iterator

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, said
from catui.domain.events import ReloadConfig
from catui.preview import ChangeView, PreviewView

MOST = 14  # lines


class ReloadScreen(Dialog[bool]):
    """Answers True for `y`. The desk says what differs from what it runs by; `others` are no settings of the desk."""

    TITLE_TEXT = "Take over the configuration"

    def __init__(self, wish: ReloadConfig, others: tuple[ChangeView, ...]) -> None:
        super().__init__()
        self._wish = wish
        self._others = others
        self.answer: PreviewView | None = None

    def body(self) -> Iterator[Widget]:
        """The differences and the keys."""
        yield Static(self._facts(), id="facts")
        yield Static(self._keys(), id="fault")

    def wish(self) -> ReloadConfig:
        """What the desk is asked about."""
        return self._wish

    def judged(self, view: PreviewView | None) -> None:
        """The desk's word. Where nothing differs there is nothing to ask."""
        if view is None or view == self.answer or not self.is_mounted:
            return
        self.answer = view
        if not view.changes and not self._others:
            self.leave(None)
            return
        self.query_one("#facts", Static).update(self._facts())
        keys = self.query_one("#fault", Static)
        keys.update(self._keys())
        keys.set_class(not view.ok, "bad")

    def hears(self, key: str) -> bool:
        """One key is yes, three are no; every other is nothing."""
        if key == "y" and self.answer is not None and self.answer.ok:
            self.leave(True)
        elif key in ("n", "enter", "escape"):
            self.leave(False)
        return True

    def _facts(self) -> Content:
        if self.answer is None:
            return said("asking the desk what differs ..")
        changes = (*self.answer.changes, *self._others)
        lines = [f"{each.path} {each.before} -> {each.after}{_why(each)}" for each in changes[:MOST]]
        more = len(changes) - MOST
        return said("\n".join([*lines, *([f"and {more} more"] if more > 0 else [])]))

    def _keys(self) -> Content:
        if self.answer is None:
            return said("n leaves")
        return said("y yes   n no   Enter is no" if self.answer.ok else f"{self.answer.text}; n leaves")


def _why(change: ChangeView) -> str:
    return f"   {change.fault}" if change.fault else ""
