"""When the console draws by itself: so many times a second, and as soon as what it waits for is there."""

import asyncio
import gc
from typing import TYPE_CHECKING

from catui.console.frameclock import FrameClock
from catui.console.render.view import FrameTimes

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

FRAMES_PER_S = 12
LOOK_S = 1 / 100  # between two looks at what is waited for
LOOKS = 300  # for the first prices


class Pace:
    """The console's one clock; what it costs is measured."""

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app
        self._frames = FrameClock(FRAMES_PER_S)
        self._is_awaited = False

    def start(self) -> None:
        """Draw by the clock from now on."""
        self._app.set_interval(1 / FRAMES_PER_S, self._tick)
        self._app.call_after_refresh(_freeze)
        self._app.run_worker(self._first_prices(), name="first prices", exit_on_error=False)

    def times(self) -> FrameTimes | None:
        """What drawing costs; None before the first frame of the clock."""
        return self._frames.times()

    def catch_up(self) -> None:
        """The terminal is behind: draw as soon as it has taken what it was given, and not at the clock's next tick."""
        if not self._is_awaited:
            self._is_awaited = True
            self._app.set_timer(LOOK_S, self._caught_up)

    def _caught_up(self) -> None:
        self._is_awaited = False
        if self._app.is_behind():
            self.catch_up()
        else:
            self._app.frame()

    def _tick(self) -> None:
        began_s, was_behind = self._app.now_s(), self._app.is_behind()
        self._app.frame()
        self._frames.drawn(began_s, self._app.now_s(), was_behind=was_behind)

    async def _first_prices(self) -> None:
        """Drawn when they come, and not at the clock's next tick: who has just started looks at nothing else."""
        for _ in range(LOOKS):
            latest = self._app.source.latest()
            if latest is not None and any(market.age_ns is not None for market in latest.markets):
                self._app.frame()
                return
            await asyncio.sleep(LOOK_S)


def _freeze() -> None:
    """What start-up made stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
