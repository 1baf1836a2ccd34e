"""The console's first paint: from the start of the process to the first pane's title in the terminal's bytes."""

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

from benchmarks.figures import figure


def first_paint_s(runs: str) -> float:
    """Seconds from fork to the book pane's title, on a pty of 120x40."""
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.execv(sys.executable, [sys.executable, "-m", "catui", "console", "--runs", runs])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen = b""
    try:
        while b"Book" not in seen and time.perf_counter() - began < 20:
            if select.select([terminal], [], [], 0.05)[0]:
                seen += os.read(terminal, 65536)
        return time.perf_counter() - began
    finally:
        os.kill(pid, signal.SIGTERM)
        deadline = time.perf_counter() + 15
        while os.waitpid(pid, os.WNOHANG)[0] == 0:
            if select.select([terminal], [], [], 0.05)[0]:
                try:
                    os.read(terminal, 65536)
                except OSError:
                    time.sleep(0.05)
            if time.perf_counter() > deadline:
                os.kill(pid, signal.SIGKILL)
        os.close(terminal)


def main() -> bool:
    """Median of three, under a second."""
    with tempfile.TemporaryDirectory() as runs:
        first_paint_s(runs)
        return figure(
            "console, first paint, median of 3", statistics.median(first_paint_s(runs) for _ in range(3)), "s", 1.0
        )
