"""What drawing costs this console: how long frames take, and how many were missed because the last took too long."""

from collections import deque

from catui.console.render.view import FrameTimes

KEPT = 120  # ten seconds
FRESH = 12  # frames between two readings: a number that changes at every frame cannot be read


class FrameClock:
    """Measures by the console's own clock; says nothing before there is something to say."""

    def __init__(self, frames_per_s: int) -> None:
        self._period_s = 1 / frames_per_s
        self._took_s: deque[float] = deque(maxlen=KEPT)
        self._last_s: float | None = None
        self._dropped = self._count = 0
        self._times: FrameTimes | None = None

    def drawn(self, began_s: float, ended_s: float, *, was_behind: bool = False) -> None:
        """A frame of the clock. Whole periods between two of them were missed, and so was one for which the terminal
        `was_behind`."""
        self._dropped += was_behind
        if self._last_s is not None:
            self._dropped += max(round((began_s - self._last_s) / self._period_s) - 1, 0)
        self._last_s = began_s
        self._took_s.append(ended_s - began_s)
        if self._count % FRESH == 0:
            took = sorted(self._took_s)
            self._times = FrameTimes(took[len(took) // 2] * 1000, took[-1] * 1000, self._dropped)
        self._count += 1

    def times(self) -> FrameTimes | None:
        """The last ten seconds, renewed once a second; None before the first frame."""
        return self._times
