"""Latency as a histogram of fixed size, and memory: what is kept does not grow, however long the desk runs."""

import os
from pathlib import Path

_PARTS = 16  # buckets for each doubling: a value is told within 1/16
_MAX_BITS = 44  # 2**44 ns are almost five hours
_BUCKETS = _PARTS * (_MAX_BITS + 1)


class Latency:
    """Counts of durations in nanoseconds, by logarithmic bucket."""

    def __init__(self) -> None:
        self.count = 0
        self.max_ns = 0
        self.last_ns = 0
        self._counts = [0] * _BUCKETS

    def add(self, duration_ns: int) -> None:
        """Count one duration; below 0 counts as 0."""
        self.last_ns = duration_ns = max(duration_ns, 0)
        self.count += 1
        self.max_ns = max(self.max_ns, duration_ns)
        self._counts[_bucket(duration_ns)] += 1

    @property
    def max_us(self) -> float | None:
        """The longest in microseconds; None before the first."""
        return self.max_ns / 1000 if self.count else None

    def quantile_us(self, share: float) -> float | None:
        """The duration in microseconds that `share` of all do not exceed, to 1/16; None before the first."""
        if not self.count:
            return None
        left = share * self.count
        for bucket, count in enumerate(self._counts):
            left -= count
            if left <= 0 and count:
                return min(_upper_ns(bucket), self.max_ns) / 1000
        return self.max_ns / 1000


def _bucket(value: int) -> int:
    """Exact below 16; above, the number of doublings and the next four bits."""
    bits = value.bit_length()
    if bits <= 4:
        return value
    return min((bits - 4) * _PARTS + ((value >> (bits - 5)) & (_PARTS - 1)), _BUCKETS - 1)


def _upper_ns(bucket: int) -> int:
    doublings, part = divmod(bucket, _PARTS)
    return bucket if doublings == 0 else (((_PARTS + part + 1) << (doublings - 1)) - 1)


def resident_bytes() -> int | None:
    """Memory that this process holds now; None where the system does not say it in /proc."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None
