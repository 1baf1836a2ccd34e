"""A console with its engine, as the benchmark of hosts runs it: `python -m benchmarks.hosted ...`.

The arguments are HOST SECONDS SPEED RUNS [HITCH]; HOST is a value of `console.host`. With HITCH the console makes one C
call of 200 ms each second, which lets no other thread of its process run. It leaves by itself, and writes what the
engine and the console have measured as JSON beside RUNS.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from benchmarks.moving import assert_all_move, texts
from catui.config import load
from catui.console.app import CatuiApp
from catui.console.show import run_console
from catui.console.start import host_of
from catui.runtime.host import Host
from catui.runtime.startorder import Start

HITCH_S = 0.2


def heavy_call() -> list[int]:
    """What one C call sorts for `HITCH_S`: `list.sort` keeps the interpreter for its whole length."""
    size, took_s = 10_000, 0.0
    while took_s < HITCH_S:
        size = int(size * min(max(1.1 * HITCH_S / max(took_s, 1e-3), 1.1), 4.0))
        numbers = [(n * 7919 + 13) % 1_000_003 for n in range(size)]
        began_s = time.perf_counter()
        numbers.copy().sort()
        took_s = time.perf_counter() - began_s
    return numbers


class HostedApp(CatuiApp):
    """Looks at itself after a while, is held up if it is meant to be, and leaves."""

    def __init__(self, source: Host, seconds: float, *, is_hitched: bool) -> None:
        self._is_timed = False
        self.drawn = 0
        super().__init__(source)
        self._seconds = seconds
        self._load = heavy_call() if is_hitched else []
        self._before: dict[str, list[str]] = {}
        self.p99_us: float | None = None

    def frame(self) -> None:
        """Count what is drawn; the time of the benchmark runs from the first prices on."""
        super().frame()
        self.drawn += 1
        snapshot = self.source.latest()
        if not self._is_timed and snapshot is not None and snapshot.book.bids:
            self._is_timed = True
            self.set_timer(self._seconds / 2, self._look)
            self.set_timer(self._seconds, self._done)
            if self._load:
                self.set_interval(1.0, lambda: self._load.copy().sort())

    def _look(self) -> None:
        self._before = texts(self)

    def _done(self) -> None:
        quiet = {"pnl", "positions", "orders", "alerts", "strategies"}  # where nothing is held, nothing moves
        assert_all_move(self, self._before, quiet)
        snapshot = self.source.latest()
        assert snapshot is not None
        self.p99_us = snapshot.health.latency_p99_us
        self.run_worker(self._gone())

    async def _gone(self) -> None:
        await self.close_source()
        self.leave(0)


def main(host: Literal["process", "thread"], seconds: float, speed: float, runs: Path, *, is_hitched: bool) -> int:
    """Run it; the exit code."""
    config = load()
    config = replace(config, console=replace(config.console, host=host))
    app = HostedApp(host_of(Start("simulated:7", config, speed, runs)), seconds, is_hitched=is_hitched)
    code = asyncio.run(run_console(app))
    runs.with_suffix(".json").write_bytes(msgspec.json.encode({"p99_us": app.p99_us, "frames": app.drawn}))
    return code


if __name__ == "__main__":
    name, length, pace, place, *more = sys.argv[1:]
    where: Literal["process", "thread"] = "thread" if name == "thread" else "process"
    sys.exit(main(where, float(length), float(pace), Path(place), is_hitched=bool(more)))
