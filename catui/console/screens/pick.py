"""Pick one of a list by typing part of its name: the palette of actions, the list of instruments."""

from collections.abc import Iterator, Sequence

from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from catui.console.screens.dialog import Dialog, field, said

MOVES = {"down": 1, "up": -1}


def matching(choices: Sequence[tuple[str, str]], typed: str) -> list[tuple[str, str]]:
    """The choices in which every typed word stands, in their order.

    >>> matching([("halt", "no new orders"), ("kill", "cancel every order")], "ord no")
    [('halt', 'no new orders')]
    """
    words = typed.lower().split()
    return [(id, text) for id, text in choices if all(word in f"{id} {text}".lower() for word in words)]


class PickScreen(Dialog[str]):
    """Answers with the id of the choice."""

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.TITLE_TEXT = title
        self._choices = choices
        self._narrowed: str | None = None  # what was typed when the list was made

    def body(self) -> Iterator[Widget]:
        """What is typed, and what is left."""
        yield field("typed", "type to search")
        left = OptionList(id="left")
        left.can_focus = False
        yield left

    def on_mount(self) -> None:
        """The first is chosen until another is."""
        self._narrow()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices; what was typed stays."""
        self._choices, self._narrowed = choices, None
        if self.is_up:
            self._narrow()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Fewer choices, or more."""
        event.stop()
        self._narrow()

    def entered(self, id: str) -> None:
        """Enter takes the highlighted one."""
        self._narrow()
        left = self._list()
        if left.highlighted is not None:
            self.leave(left.get_option_at_index(left.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click only highlights: what is chosen is said by Enter."""
        event.stop()

    def hears(self, key: str) -> bool:
        """Up and down move the choice while typing goes on."""
        step, left = MOVES.get(key, 0), self._list()
        self._narrow()
        if step and left.highlighted is not None:
            left.highlighted = min(max(left.highlighted + step, 0), left.option_count - 1)
        return bool(step)

    def _narrow(self) -> None:
        """The list by what is typed now."""
        typed, left = self.text_of("typed"), self._list()
        if typed == self._narrowed:
            return
        self._narrowed = typed
        left.clear_options()
        left.add_options(self._options(typed))
        left.highlighted = 0 if left.option_count else None

    def _list(self) -> OptionList:
        return self.query_one("#left", OptionList)

    def _options(self, typed: str) -> list[Option]:
        return [Option(said(text), id=id) for id, text in matching(self._choices, typed)]
