"""Ask for control: the token of the run, typed, three times at most."""

from collections.abc import Awaitable, Callable, Iterator

from textual.widget import Widget
from textual.widgets import Input, Static

from catui.console.screens.dialog import Dialog, field, said


class TokenScreen(Dialog[bool]):
    """Answers True once the engine has taken the token; it judges, this only asks. What is typed is not shown."""

    TITLE_TEXT = "Ask for control"

    def __init__(self, claim: Callable[[str], Awaitable[str]]) -> None:
        super().__init__()
        self._claim = claim

    def body(self) -> Iterator[Widget]:
        """The field."""
        yield Static(said("the control token of this run"), classes="label")
        token = field("token")
        token.password = True
        yield token
        yield Static(said("Enter asks, escape leaves"), id="fault")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: the engine answers."""
        event.stop()
        typed = self.text_of("token")
        event.input.value = ""
        fault = await self._claim(typed) if typed else "nothing was typed"
        if fault:
            self.tell(fault)
        else:
            self.leave(True)
