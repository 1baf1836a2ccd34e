"""Ask for control: the token of the run, typed, three times at most."""

from collections.abc import Awaitable, Callable, Iterator

from textual.widget import Widget
from textual.widgets import Static

from catui.console.screens.dialog import Dialog, Field, field, said


class TokenScreen(Dialog[bool]):
    """Answers True once the engine has taken the token; it judges, this only asks. What is typed is not shown."""

    TITLE_TEXT = "Ask for control"

    def __init__(self, claim: Callable[[str], Awaitable[str]]) -> None:
        super().__init__()
        self._claim = claim

    def body(self) -> Iterator[Widget]:
        """The field."""
        yield Static(said("the control token of this run"), classes="label")
        yield Static(said("it stands in PID.control, where `catui locate` says that engines are"), classes="label")
        token = field("token")
        token.password = True
        yield token
        yield Static(said("Enter asks, escape leaves"), id="fault")

    def entered(self, id: str) -> None:
        """Enter: the engine answers."""
        typed = self.text_of(id)
        self.query_one(f"#{id}", Field).value = ""
        self.app.run_worker(self._asked(typed), name="token")

    async def _asked(self, typed: str) -> None:
        fault = await self._claim(typed) if typed else "nothing was typed"
        if fault:
            self.tell(fault)
        else:
            self.leave(True)
