"""When the console draws by itself: so many times a second, and as soon as the first prices are there."""

import asyncio
import gc
from typing import TYPE_CHECKING

from catui.console.frameclock import FrameClock
from catui.console.render.view import FrameTimes

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

FRAMES_PER_S = 12
LOOK_S, LOOKS = 1 / 100, 300  # for the first prices: soon, and for three seconds


class Pace:
    """The console's one clock; what it costs is measured."""

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app
        self._frames = FrameClock(FRAMES_PER_S)

    def start(self) -> None:
        """Draw by the clock from now on."""
        self._app.set_interval(1 / FRAMES_PER_S, self._tick)
        self._app.call_after_refresh(_freeze)
        self._app.run_worker(self._first_prices(), name="first prices", exit_on_error=False)

    def times(self) -> FrameTimes | None:
        """What drawing costs; None before the first frame of the clock."""
        return self._frames.times()

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
