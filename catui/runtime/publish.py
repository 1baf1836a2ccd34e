"""Snapshots to a console: twelve a second, and out of turn after a command, at most thirty."""

import asyncio
from collections.abc import Callable

from catui.runtime.session import Session
from catui.runtime.wire import Progress, Published, ToConsole, frame
from catui.snapshot import View
from catui.text import printable

PERIOD_S = 1 / 12
LEAST_S = 1 / 30


class Publisher:
    """Makes a snapshot when it is time and hands its frame to `send`."""

    def __init__(self, session: Session, send: Callable[[bytes], None]) -> None:
        self.look = View()
        self._session = session
        self._send = send
        self._urgent = asyncio.Event()
        session.on_urgent = self._urgent.set

    def publish(self) -> None:
        """One snapshot, now. A fault in making it is told instead of it: what trades must not end by what is shown."""
        try:
            message: ToConsole = Published(self._session.snapshot(self.look))
        except Exception as error:
            message = Progress(f"the snapshot failed: {printable(f'{type(error).__name__}: {error}', 120)}")
        self._send(frame(message))

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            self.publish()
            await asyncio.sleep(LEAST_S)
            try:
                await asyncio.wait_for(self._urgent.wait(), PERIOD_S - LEAST_S)
                self._urgent.clear()
            except TimeoutError:
                continue
