"""Steps that do not end: noticed by the processor's time that they take, and stopped alone.

A timer that runs only while the process computes looks which guarded step is under way. One that is there for as long
as no step has any business to be is raised out of; its guard then stops it as it stops any other fault. The same
events stop it at the same place again, so that the day replays: a step that ends, but takes nearly that long, is the
one thing that may be another in another process. A call into C that does not return cannot be left.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from catui.core.guard import Overtime, guarding

TICK_S = 0.25
MOST_TICKS = 4


class Watch:
    """Which guarded step the last ticks met, and how many of them."""

    def __init__(self) -> None:
        self._step: FrameType | None = None
        self._ticks = 0

    def tick(self, _: int, frame: FrameType | None) -> None:
        """Look; Overtime: the step that is under way has been for `MOST_TICKS`."""
        step = guarding(frame)
        self._ticks = self._ticks + 1 if step is not None and step is self._step else 0
        self._step = step
        if self._ticks >= MOST_TICKS and step is not frame:
            self._ticks, self._step = 0, None
            raise Overtime


@contextmanager
def watched_steps() -> Iterator[None]:
    """Watch the steps of this process, as long as they run in its main thread."""
    if not hasattr(signal, "SIGVTALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, Watch().tick)
    signal.setitimer(signal.ITIMER_VIRTUAL, TICK_S, TICK_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
