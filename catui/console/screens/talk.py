"""Keys in their turn: each is heard, and all is done that it means, before the next; none can overtake a dialog.

A dialog is on top before the next key is looked at, where a key opens it by itself; it is heard once it is up. Where
there is work between two of them (a command of several dialogs, a seeker that starts), the screen below must not hear
what was meant for the next: a word typed at once holds letters that are keys there.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from textual.events import Key
from textual.screen import Screen

from catui.console.screens.dialog import Dialog

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

Answer = TypeVar("Answer")


class Typing:
    """What was typed and is not heard yet, in order. `hear` hands a key to the screen on top."""

    def __init__(self, app: "CatuiApp", hear: Callable[[Key], Awaitable[None]]) -> None:
        self._app = app
        self._hear = hear
        self._held: deque[Key] = deque()
        self._grounds: list[Screen[object]] = []  # under conversations, which have a dialog of their own on top

    async def take(self, key: Key) -> None:
        """A key was pressed."""
        self._held.append(key)
        await self.go_on()

    async def go_on(self) -> None:
        """Hear what is held, as far as there is somebody to hear it. In the app's own turn only."""
        while self._held and not self._is_waiting():
            await self._hear(self._held.popleft())

    def begin(self) -> Screen[object]:
        """From here on the screen on top hears nothing itself: that screen."""
        ground: Screen[object] = self._app.screen
        self._grounds.append(ground)
        return ground

    def end(self, ground: Screen[object]) -> None:
        """It hears again; what came in between, with no dialog to hear it, was meant for none."""
        self._grounds.remove(ground)
        if self._app.screen is ground:
            self._held.clear()

    def _is_waiting(self) -> bool:
        top: Screen[object] = self._app.screen
        return (isinstance(top, Dialog) and not top.is_up) or any(ground is top for ground in self._grounds)


class Talk:
    """One conversation: questions that follow from one another, over the screen on which it began.

    Keys that come between its dialogs go to the next of them, or to nobody where it ends.
    """

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app
        self._ground = app.typing.begin()

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        """The conversation is over."""
        self._app.typing.end(self._ground)

    async def ask(self, dialog: Screen[Answer]) -> Answer:
        """Put a dialog on top; its answer."""
        answer: asyncio.Future[Answer] = self._app.push_screen(dialog, wait_for_dismiss=True)
        self._app.call_later(self._app.typing.go_on)
        return await asyncio.shield(answer)
