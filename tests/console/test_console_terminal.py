"""A real terminal: drawn on, resized, left as it was found, whatever ends the console."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from catui.console.terminal import terminal_faults

SCRIPT = Path(__file__).with_name("frozen_desk.py")
LIMIT_S = 30.0  # a hang fails the test; nothing here is timed
ALT_ON, ALT_OFF = b"\x1b[?1049h", b"\x1b[?1049l"


class Terminal:
    """A pseudo terminal with the console on it."""

    def __init__(self, mark: Path, *arguments: str) -> None:
        self.mark = mark
        self.ours, self.theirs = pty.openpty()
        self.resize(80, 24)
        self.before = termios.tcgetattr(self.theirs)
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("TEXTUAL", "NO_COLOR", "COLUMNS", "LINES"))
            },
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
        }
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(mark), *arguments],
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            env=environment,
            start_new_session=True,
        )
        self.seen = b""

    def resize(self, width: int, height: int) -> None:
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds: float) -> None:
        if select.select([self.ours], [], [], seconds)[0]:
            self.seen += os.read(self.ours, 1 << 16)

    def until(self, text: bytes) -> None:
        """Read until these bytes have come after the last that were waited for."""
        end = time.monotonic() + LIMIT_S
        while text not in self.seen:
            assert time.monotonic() < end, (text, self.seen[-2000:])
            self.read(0.1)
        self.seen = self.seen[self.seen.index(text) + len(text) :]

    def press(self, keys: bytes) -> None:
        os.write(self.ours, keys)

    def ended(self) -> int:
        """Wait for the end, reading on: the exit code, with everything that was still written in `seen`."""
        end = time.monotonic() + LIMIT_S
        while self.process.poll() is None:
            assert time.monotonic() < end
            self.read(0.05)
        while select.select([self.ours], [], [], 0)[0]:
            self.seen += os.read(self.ours, 1 << 16)
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)

    def assert_restored(self) -> None:
        assert ALT_OFF in self.seen
        assert ALT_ON not in self.seen
        assert b"\x1b[?25h" in self.seen  # the cursor is back
        assert termios.tcgetattr(self.theirs)[:4] == self.before[:4]
        assert self.mark.read_text("utf-8") == "closed 1"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "closed"


def test_the_console_is_drawn_resized_left_by_a_key_and_gives_the_terminal_back(mark: Path) -> None:
    terminal = Terminal(mark)
    try:
        terminal.until(ALT_ON)
        terminal.until(b"4 Positions")
        terminal.resize(120, 40)
        os.killpg(terminal.process.pid, signal.SIGWINCH)
        terminal.until(b"8 Health")
        terminal.press(b"?")
        terminal.until(b"STRATEGIES")
        terminal.press(b"\x1b[20~")  # F9, in the dialog
        terminal.until(b"kill: halt and cancel every order")
        terminal.press(b"?")
        terminal.until(b"5 Strategies")
        terminal.press(b"q")
        terminal.until(b"Leave the desk?")
        terminal.press(b"y")
        assert terminal.ended() == 0
        terminal.assert_restored()
    finally:
        terminal.close()


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_run_cleanly_and_gives_the_terminal_back(mark: Path, signum: int, code: int) -> None:
    terminal = Terminal(mark)
    try:
        terminal.until(b"4 Positions")
        terminal.process.send_signal(signum)
        assert terminal.ended() == code
        terminal.assert_restored()
    finally:
        terminal.close()


def test_a_crash_gives_the_terminal_back_and_prints_no_local_variable(mark: Path) -> None:
    terminal = Terminal(mark, "crash")
    try:
        terminal.until(b"4 Positions")
        terminal.press(b"T")
        assert terminal.ended() == 1
        terminal.assert_restored()
        after = terminal.seen[terminal.seen.rindex(ALT_OFF) :]
        assert b"RuntimeError: fault \\x1b[31m of 14" in after
        assert b"hunter2hunter2" not in terminal.seen
    finally:
        terminal.close()


@pytest.mark.parametrize(
    ("stdin", "stderr", "term", "encoding", "word"),
    [
        (False, True, "xterm", "utf-8", "standard input"),
        (True, False, "xterm", "utf-8", "standard error"),
        (True, True, "dumb", "utf-8", "TERM=dumb"),
        (True, True, "", "utf-8", "TERM=nothing"),
        (True, True, "xterm", "", "encoding"),
    ],
)
def test_a_terminal_that_cannot_be_drawn_on_is_refused_with_the_way_out(
    stdin: bool, stderr: bool, term: str, encoding: str, word: str
) -> None:
    said = terminal_faults(stdin, stderr, term, encoding)
    assert said is not None
    assert word in said
    assert "catui run" in said
