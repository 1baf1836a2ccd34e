"""The whole console on a real terminal of 120x40 in full colour, its engine at 5,000 messages a second."""

import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import CATUI, figure

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "console"))
from pseudo_terminal import Terminal

MESSAGES_PER_S = 5_000
MARKET_PER_S = 115  # messages in a second of the embedded exchange's own time, three markets
SPEED = MESSAGES_PER_S / MARKET_PER_S
WARM_S, STEADY_S, PRESSES = 4.0, 15.0, 60
FRAMES_PER_S = 12
PANES = (b"1 Book", b"2 Trades", b"3 Chart", b"4 Positions", b"5 Strategies", b"6 Orders", b"7 Alerts")
CAN_SYNCHRONISE, SYNCHRONISED = b"\x1b[?2026$p", b"\x1b[?2026l"
DATA = re.compile(rb"spread +[0-9].*?mid +([0-9,.]+)")
RATE = re.compile(rb"ev/s +([0-9,]+)")
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
KEYS = ((b"\x1b[18~", b"ok: cancel every order"), (b"\x1b[17~", b"ok: only reduce"))  # F7, F6


class Counted(Terminal):
    """A terminal that understands synchronised output, as most do: each frame ends with a mark, and is counted."""

    def __init__(self, command: Sequence[str], home: str, size: tuple[int, int] = (120, 40)) -> None:
        self.began_s = time.perf_counter()
        self.frames = self.count = 0
        super().__init__(command, home, size)

    def read(self, seconds: float) -> None:
        """What has come, counted."""
        before = len(self.seen)
        super().read(seconds)
        self.count += len(self.seen) - before
        new = self.seen[max(before - len(SYNCHRONISED) + 1, 0) :]
        self.frames += new.count(SYNCHRONISED)
        if CAN_SYNCHRONISE in new:
            self.press(b"\x1b[?2026;2$y")

    def drain(self, seconds: float) -> None:
        """Read for so long."""
        until_s = time.perf_counter() + seconds
        while (left_s := until_s - time.perf_counter()) > 0:
            self.read(min(left_s, 0.05))

    def text(self) -> bytes:
        """What has come, without colours and moves of the cursor."""
        return ESCAPES.sub(b"", self.seen)

    def match(self, pattern: re.Pattern[bytes]) -> float:
        """Seconds since the start, once this has come. AssertionError: it did not."""
        while not pattern.search(self.text()):
            assert time.perf_counter() - self.began_s < 30, (pattern, self.seen[-2000:])
            self.read(0.05)
        return time.perf_counter() - self.began_s

    def cpu_s(self) -> float:
        """Seconds of CPU of the console's process; its engine is another."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def console(runs: str, speed: float = SPEED) -> Counted:
    """The console on the embedded exchange."""
    source = ["--source", "simulated:7", "--speed", f"{speed:.1f}"]
    return Counted([*CATUI, "console", *source, "--runs", runs], runs)


def started(runs: str) -> tuple[float, float]:
    """Seconds from the process's start to the first pane, and from there to the first price."""
    terminal = console(runs, 1.0)
    try:
        paint_s = terminal.match(re.compile(rb"1 Book"))
        data_s = terminal.match(DATA)
        terminal.process.terminate()
        terminal.ended()
        return paint_s, data_s - paint_s
    finally:
        terminal.close()


def steady(terminal: Counted) -> bool:
    """CPU, bytes and frames while nobody touches it; and that what is drawn is the whole desk, alive."""
    terminal.match(DATA)
    terminal.drain(WARM_S)
    for title in PANES:
        assert title in terminal.text(), f"{title!r} is not on the screen"
    terminal.seen = b""
    began_s, cpu_s, count, frames = time.perf_counter(), terminal.cpu_s(), terminal.count, terminal.frames
    terminal.drain(STEADY_S)
    wall_s = time.perf_counter() - began_s
    rates = [int(each.replace(b",", b"")) for each in RATE.findall(terminal.text())]
    assert len(set(rates)) > 1, "the engine's rate does not move: the screen is dead"
    assert len(set(DATA.findall(terminal.text()))) > 1, "the book does not move: the screen is dead"
    figure("console, messages of its engine", statistics.median(rates), "events/s")
    figure("console, to the terminal", (terminal.count - count) / wall_s / 1000, "kB/s")
    seen = (terminal.frames - frames) / wall_s / FRAMES_PER_S
    met = figure("console, frames found in the terminal's bytes", 100 * seen, "%", 95, at_least=True)
    return figure("console, CPU of its process", 100 * (terminal.cpu_s() - cpu_s) / wall_s, "%", 35) and met


def key_to_effect_s(terminal: Counted) -> list[float]:
    """Seconds from a key to the engine's answer on the screen, at no fixed phase of the frame clock."""
    phase, took = random.Random(7), []
    for press in range(PRESSES):
        key, answer = KEYS[press % len(KEYS)]
        terminal.drain(0.2 + 0.2 * phase.random())
        terminal.seen = b""
        began_s = time.perf_counter()
        terminal.press(key)
        while answer not in terminal.text():
            assert time.perf_counter() - began_s < 10, (answer, terminal.seen[-2000:])
            terminal.read(0.05)
        took.append(time.perf_counter() - began_s)
    return sorted(took)


def main() -> bool:
    """Start, steady state, keys."""
    with tempfile.TemporaryDirectory() as runs:
        started(runs)
        starts = [started(runs) for _ in range(3)]
        met = figure("console, first paint, median of 3", statistics.median(paint for paint, _ in starts), "s", 0.7)
        met &= figure("console, first data after it, median of 3", statistics.median(d for _, d in starts), "s", 0.3)
        terminal = console(runs)
        try:
            met &= steady(terminal)
            took = key_to_effect_s(terminal)
            terminal.process.terminate()
            terminal.ended()
        finally:
            terminal.close()
    figure("key to the engine's answer on the screen, p50", took[len(took) // 2] * 1000, "ms")
    return (
        figure("key to the engine's answer on the screen, p99", took[len(took) * 99 // 100] * 1000, "ms", 100) and met
    )
