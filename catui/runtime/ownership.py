"""Whose run it is: a console that started it, or one that took it up, keeps it; a run that nobody keeps is told so.

    owner says goodbye                       the run goes on, nobody's
    owner is lost, another may command       that one keeps it, the oldest first
    owner is lost, nobody may command        after the grace time it is told; who comes before keeps it

A run that no console started is nobody's from the start, and stays so.
"""

import asyncio
from collections.abc import Callable

from catui.runtime.publish import Peer


class Ownership:
    """Told of consoles that come and go. `lost` is called once nobody has kept the run for `grace_s` seconds."""

    def __init__(self, grace_s: float, lost: Callable[[], None]) -> None:
        self.owner: Peer | None = None
        self._grace_s, self._lost = grace_s, lost
        self._waiting: asyncio.TimerHandle | None = None

    def came(self, peer: Peer) -> None:
        """A console may command from now on: it keeps a run that is waiting for somebody."""
        if self._waiting is not None and peer.role == "control":
            self.end()
            self.owner = peer

    def went(self, peer: Peer, said_so: bool, left: list[Peer]) -> None:
        """A console is gone, by its own word or not; `left` are those that are still there."""
        if peer is not self.owner:
            return
        heirs = [each for each in left if each.role == "control"]
        self.owner = heirs[0] if heirs and not said_so else None
        if self.owner is None and not said_so:
            self._waiting = asyncio.get_running_loop().call_later(self._grace_s, self._lost)

    def end(self) -> None:
        """Wait no longer."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
