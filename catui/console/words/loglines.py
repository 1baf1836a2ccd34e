"""The console's log: the engine's lines as they come, and its own between them; the last 5,000.

The engine numbers its lines. Each snapshot brings those behind the last one that this console has named in its `View`,
so none comes twice; a hole in the numbers is said. A log that begins anew is another engine's.
"""

import threading
from collections import deque
from collections.abc import Sequence

from catui.console.render.text import shown
from catui.console.render.view import LogLine
from catui.snapshot import LogView

KEPT = 5_000


class LogLines:
    """The ring. The console's own lines may come from other threads."""

    def __init__(self) -> None:
        self.last = 0  # number of the engine's last line
        self._ring: deque[LogLine] = deque(maxlen=KEPT)
        self._lines: tuple[LogLine, ...] = ()
        self._count = 0
        self._is_new = False
        self._lock = threading.Lock()

    def read(self, lines: Sequence[LogView]) -> None:
        """Take over what is new of the engine's."""
        if not lines or lines[-1].number == self.last:
            return
        if lines[-1].number < self.last:
            self.last = 0
        for line in lines:
            if line.number > self.last:
                if line.number > self.last + 1 and self.last:
                    lost = line.number - self.last - 1
                    self.add(line.ts_ns, "warning", "console", f"{lost} lines of the engine came too late to be kept")
                self.last = line.number
                self.add(line.ts_ns, line.level, line.topic, line.text)

    def add(self, ts_ns: int, level: str, topic: str, text: str) -> None:
        """One more line."""
        with self._lock:
            self._count += 1
            self._ring.append(LogLine(str(self._count), ts_ns, level, shown(topic, 24), shown(text, 400)))
            self._is_new = True

    def lines(self) -> tuple[LogLine, ...]:
        """All of them, oldest first; the same object until there are more."""
        if self._is_new:
            with self._lock:
                self._lines, self._is_new = tuple(self._ring), False
        return self._lines
