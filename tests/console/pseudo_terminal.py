"""A pseudo terminal with a program on it: what it writes, what is pressed, how it leaves the terminal."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Sequence

LIMIT_S = 120.0  # a hang fails the test; nothing here is timed
ALT_ON, ALT_OFF = b"\x1b[?1049h", b"\x1b[?1049l"
PROMPT = "what next> "  # of a shell, when it listens again: what is typed before is lost with the console's input
OURS = ("TEXTUAL", "NO_COLOR", "COLUMNS", "LINES", "XDG_", "CATUI_")


class Terminal:
    """A pseudo terminal, with a command on it that begins with nothing in its home."""

    def __init__(self, command: Sequence[str], home: str, size: tuple[int, int] = (80, 24)) -> None:
        self.ours, self.theirs = pty.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(self.theirs)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        said = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "HOME": home, "PS1": PROMPT}
        self.process = subprocess.Popen(
            command,
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            env={**kept, **said},
            start_new_session=True,
        )
        self.seen = b""  # since the last text that was waited for
        self.told = b""  # ever

    def resize(self, width: int, height: int) -> None:
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds: float) -> None:
        if select.select([self.ours], [], [], seconds)[0]:
            told = os.read(self.ours, 1 << 16)
            self.seen += told
            self.told += told

    def until(self, text: bytes) -> None:
        """Read until these bytes have come after the last that were waited for."""
        end = time.monotonic() + LIMIT_S
        while text not in self.seen:
            assert time.monotonic() < end, (text, self.seen[-2000:])
            self.read(0.1)
        self.seen = self.seen[self.seen.index(text) + len(text) :]

    def press(self, keys: bytes) -> None:
        os.write(self.ours, keys)

    def ended(self, says: tuple[bytes, bytes] | None = None) -> int:
        """Wait for the end, reading on: the exit code, with everything that was still written in `seen`.

        `says`: if this is asked meanwhile, that is the answer.
        """
        end = time.monotonic() + LIMIT_S
        while self.process.poll() is None:
            assert time.monotonic() < end
            self.read(0.05)
            if says is not None and says[0] in self.seen:
                self.press(says[1])
                says = None
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
