"""A real terminal: drawn on, resized, left as it was found, whatever ends the console."""

import os
import signal
import sys
from pathlib import Path

import pytest
from pseudo_terminal import ALT_OFF, ALT_ON, Terminal

from catui.console.terminal import terminal_faults

SCRIPT = Path(__file__).with_name("frozen_desk.py")


class Frozen(Terminal):
    """A console on a prepared snapshot."""

    def __init__(self, mark: Path, *arguments: str) -> None:
        super().__init__([sys.executable, str(SCRIPT), str(mark), *arguments], str(mark.parent))
        self.mark = mark

    def assert_left(self) -> None:
        """The terminal is as it was, and the source was closed."""
        self.assert_restored()
        assert self.mark.read_text("utf-8") == "closed 1"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "closed"


def test_the_console_is_drawn_resized_left_by_a_key_and_gives_the_terminal_back(mark: Path) -> None:
    terminal = Frozen(mark)
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
        terminal.assert_left()
    finally:
        terminal.close()


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_run_cleanly_and_gives_the_terminal_back(mark: Path, signum: int, code: int) -> None:
    terminal = Frozen(mark)
    try:
        terminal.until(b"4 Positions")
        terminal.process.send_signal(signum)
        assert terminal.ended() == code
        terminal.assert_left()
    finally:
        terminal.close()


def test_a_crash_gives_the_terminal_back_and_prints_no_local_variable(mark: Path) -> None:
    terminal = Frozen(mark, "crash")
    try:
        terminal.until(b"4 Positions")
        terminal.press(b"T")
        assert terminal.ended() == 1
        terminal.assert_left()
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
