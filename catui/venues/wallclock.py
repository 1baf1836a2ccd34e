"""Our clock: wall time in nanoseconds that never steps back, and is the same in every part of a process."""

import time

_WALL_START_NS = time.time_ns()
_MONOTONE_START_NS = time.monotonic_ns()


def now_ns() -> int:
    """Nanoseconds UTC, monotone: the wall clock at start plus what the monotone clock has counted since."""
    return _WALL_START_NS + time.monotonic_ns() - _MONOTONE_START_NS
