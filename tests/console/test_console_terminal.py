"""A real terminal: drawn on, resized, left as it was found, whatever ends the console."""

import base64
import os
import re
import shlex
import signal
import sys
from pathlib import Path
from unicodedata import category

import pytest
from pseudo_terminal import ALT_OFF, ALT_ON, PROMPT, Terminal

from catui.console.terminal import terminal_faults

SCRIPT = Path(__file__).with_name("frozen_desk.py")


class Frozen(Terminal):
    """A console on a prepared snapshot."""

    def __init__(self, mark: Path, *arguments: str) -> None:
        super().__init__([sys.executable, str(SCRIPT), str(mark), *arguments], str(mark.parent))
        self.mark = mark

    def leave(self) -> None:
        """By the key, and as it was found."""
        self.press(b"q")
        self.until(b"Leave the desk?")
        self.press(b"y")
        assert self.ended() == 0
        self.assert_left()

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


def test_a_pane_that_fails_says_so_and_the_desk_goes_on(mark: Path) -> None:
    terminal = Frozen(mark, "pane")
    try:
        terminal.until(b"ERROR, see log")
        terminal.press(b"\x1b[19~")  # F8
        terminal.until(b"sent: halt")
        terminal.leave()
        assert b"hunter2hunter2" not in terminal.seen
    finally:
        terminal.close()


def test_a_command_that_fails_on_its_way_is_said_and_the_desk_goes_on(mark: Path) -> None:
    terminal = Frozen(mark, "send")
    try:
        terminal.until(b"4 Positions")
        terminal.press(b"\x1b[19~")  # F8
        terminal.until(b"NOT SENT: halt: RuntimeError")
        terminal.leave()
        assert b"hunter2hunter2" not in terminal.seen
    finally:
        terminal.close()


def test_the_bytes_of_a_terminal_hold_nothing_of_what_foreign_text_would_have_it_do(mark: Path) -> None:
    terminal = Frozen(mark, "hostile")
    try:
        for wanted, keys in (
            (b"4 Positions", b"7z"),
            (b"\\x1b]", b"z5z"),  # it is shown, in letters
            (b"5 Strategies", b"z:"),
            (b"Actions", b"\x1b"),
        ):
            terminal.until(wanted)
            terminal.press(keys)
        terminal.process.terminate()
        terminal.ended()
        told = (terminal.told + terminal.seen).replace(
            b"\x1b]22;default\x07", b""
        )  # the toolkit's own, for the pointer
        for raw in (b"\x1b[31m", b"\x1b]0;", b"\x1b]52;", b"\xc2\x9b", b"\xe2\x80\xae", b"\xe2\x80\x8d", b"\x07"):
            assert raw not in told, raw
    finally:
        terminal.close()


def test_a_row_of_foreign_text_goes_to_the_clipboard_as_words_and_as_one_message(mark: Path) -> None:
    terminal = Frozen(mark, "hostile")
    try:
        terminal.until(b"5 Strategies")
        terminal.press(b"5y")
        terminal.until(b"copied to the clipboard and to")
        told = terminal.told + terminal.seen
        messages = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", told)
        assert told.count(b"\x1b]52;") == len(messages) == 1
        copied = base64.b64decode(messages[0]).decode("utf-8")
        assert copied.startswith("\\x1b]0;title\\x07"), copied  # shown, in letters
        assert not [c for c in copied if category(c) in ("Cc", "Cf", "Cs") and c != "\t"]
        kept = mark.parent / ".local" / "share" / "catui" / "exports" / "copied.txt"
        assert kept.read_text("utf-8") == f"{copied}\n"
    finally:
        terminal.close()


def test_three_hundred_sizes_later_the_desk_fits(mark: Path) -> None:
    terminal = Frozen(mark)
    try:
        terminal.until(b"4 Positions")
        for number in range(300):
            terminal.resize(1 + number * 37 % 240, 1 + number * 17 % 70)
            os.killpg(terminal.process.pid, signal.SIGWINCH)
            terminal.read(0)
        terminal.resize(200, 60)
        os.killpg(terminal.process.pid, signal.SIGWINCH)
        terminal.until(b"9 Log")
        terminal.leave()
    finally:
        terminal.close()


def test_suspended_it_gives_the_shell_its_terminal_and_comes_back_by_fg(mark: Path) -> None:
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], str(mark.parent))
    try:
        terminal.until(PROMPT.encode())
        terminal.press(f"{shlex.join([sys.executable, str(SCRIPT), str(mark)])}\n".encode())
        terminal.until(ALT_ON)
        terminal.until(b"4 Positions")
        terminal.press(b"\x1a")
        terminal.until(ALT_OFF)
        terminal.until(b"Stopped")
        terminal.until(PROMPT.encode())
        terminal.press(b"echo $((6 * 7))\n")
        terminal.until(b"42")
        terminal.until(PROMPT.encode())
        terminal.press(b"fg\n")
        terminal.until(ALT_ON)
        terminal.until(b"4 Positions")
        terminal.press(b"q")
        terminal.until(b"Leave the desk?")
        terminal.press(b"y")
        terminal.until(ALT_OFF)
        terminal.until(PROMPT.encode())
        terminal.press(b"echo left $((20 + $?))\nexit\n")
        terminal.until(b"left 20")
        assert terminal.ended() == 0
        assert mark.read_text("utf-8") == "closed 1"
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
