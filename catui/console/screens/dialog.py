"""What every dialog has: a box over the desk, live words, and a way out that changes nothing."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from catui.console.render.text import shown
from catui.console.toolkit import Ground
from catui.snapshot import Snapshot

Answer = TypeVar("Answer")

SAFE = r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]*"
MOST = 200  # characters in a field


class Question(Struct, frozen=True):
    """What is asked, said anew with each snapshot; `stands` is whether it still makes sense."""

    title: str
    lines: Callable[[Snapshot], tuple[str, ...]]
    stands: Callable[[Snapshot], bool]


def said(text: str) -> Content:
    """Any text, safe in a widget: no markup, no control characters, line by line."""
    return Content("\n".join(shown(line, 400) for line in text.split("\n")))


class Entry:
    """A part of a dialog that takes keys while it has the focus."""

    def takes(self, key: events.Key) -> bool:
        """Act on a key; whether it was one for this part."""
        return False


class Field(Entry, Input):
    """A line to type in; Enter is `entered` in its dialog. Both at once: the toolkit's own way is a message each,
    so that letters would overtake the Enter before them.
    """

    def takes(self, key: events.Key) -> bool:
        """A letter."""
        if not key.is_printable or key.character is None:
            return False
        self.replace(key.character, *self.selection)
        return True

    async def action_submit(self) -> None:
        """Enter."""
        dialog = self.screen
        assert isinstance(dialog, Dialog)
        dialog.entered(self.id or "")


def field(id: str, placeholder: str = "", value: str = "") -> Field:
    """A line to type in, without a blinking cursor."""
    typed = Field(
        value=value,
        placeholder=placeholder,
        id=id,
        restrict=SAFE,  # a field draws what was pasted as it is
        max_length=MOST,
        select_on_focus=False,
        compact=True,
    )
    typed.cursor_blink = False
    return typed


class Dialog(Ground[Answer | None], ModalScreen[Answer | None]):
    """A box with a title; escape leaves it with None. `follow` is called with every new snapshot.

    `then` is called with the answer as soon as the box is off the screen, before another key is heard.
    """

    TITLE_TEXT = ""
    AUTO_FOCUS = "Input"
    IS_READ = False  # whether it is there to be read: then the arrows scroll it

    class Up(Message):
        """It is on the screen, with the focus where it shall be: keys can be heard."""

    def __init__(self) -> None:
        super().__init__()
        self.is_up = False
        self.is_left = False
        self.then: Callable[[Answer | None], None] = lambda _: None

    def compose(self) -> ComposeResult:
        """The box around the body."""
        with VerticalScroll(classes="dialog", can_focus=self.IS_READ):
            yield Static(said(self.TITLE_TEXT), classes="title")
            yield from self.body()

    def body(self) -> Iterator[Widget]:
        """What stands in the box."""
        yield from ()

    def follow(self, snapshot: Snapshot) -> None:
        """A new snapshot: show live values."""

    def on_mount(self) -> None:
        """Every part is there."""
        self.is_up = True
        self.post_message(self.Up())

    def takes(self, key: events.Key) -> bool:
        """A key: of the part that has the focus, else of the dialog, in `hears`, else escape is the way out."""
        part: object = self.focused
        if (isinstance(part, Entry) and part.takes(key)) or self.hears(key.key):
            return True
        if key.key == "escape":
            self.leave(None)
        return key.key == "escape"

    def entered(self, id: str) -> None:
        """Enter in a field."""

    def hears(self, key: str) -> bool:
        """Act on a key of this dialog; whether it was one."""
        return False

    def leave(self, answer: Answer | None) -> None:
        """Close with this answer, once: keys pressed faster than the screen goes away mean nothing more."""
        if not self.is_left:
            self.is_left = True
            self.dismiss(answer)
            self.then(answer)

    def tell(self, fault: str) -> None:
        """Say in the dialog what is wrong; it stays open."""
        line = self.query_one("#fault", Static)
        line.update(said(fault))
        line.add_class("bad")

    def text_of(self, id: str) -> str:
        """What stands in a field."""
        return self.query_one(f"#{id}", Input).value.strip()
