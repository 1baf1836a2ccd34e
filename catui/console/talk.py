"""Conversations: questions that follow from one another, and who hears the keys that are pressed in between.

A dialog is on top before the next key is looked at, where a key opens it by itself. Where there is work between two of
them (a command of several dialogs, a seeker that starts), the screen below must not hear what was meant for the next:
a word typed at once holds letters that are keys there.
"""

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from textual.events import Key
from textual.screen import Screen

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

Answer = TypeVar("Answer")


class Talk:
    """One conversation, over the screen on which it began. Keys that come between its dialogs go to the next of them,
    or to nobody where it ends.
    """

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app
        self._ground = app.screen
        self._held: list[Key] = []
        app.talks.append(self)

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        """The conversation is over: keys mean again what they mean on the screen below."""
        self._app.talks.remove(self)

    def keeps(self, key: Key) -> bool:
        """Keep a key for the next dialog; whether this is a key for it."""
        is_between = self._app.screen is self._ground
        if is_between:
            self._held.append(key)
        return is_between

    async def ask(self, dialog: Screen[Answer]) -> Answer:
        """Put a dialog on top, with the keys that were meant for it; its answer."""
        answer: asyncio.Future[Answer] = self._app.push_screen(dialog, wait_for_dismiss=True)
        held, self._held = self._held, []
        for key in held:
            dialog._forward_event(key)
        return await asyncio.shield(answer)
