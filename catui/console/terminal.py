"""The terminal that the console stands on: can it be drawn on, in which glyphs, and how it is left by force."""

import asyncio
import contextlib
import os
import signal
import sys
import termios
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType

from catui.errors import UsageError

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
ABANDON_S = 15  # a clean end may cancel orders first; a terminal that no longer reads is left after it
RESTORE = b"\x1b[?1049l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m"  # screen, mouse, paste, cursor


def terminal_faults(stdin_isatty: bool, stderr_isatty: bool, term: str, encoding: str) -> str | None:
    """Why there can be no console here, and what to do instead; None when there can.

    >>> terminal_faults(True, True, "xterm-256color", "utf-8") is None
    True
    >>> terminal_faults(False, True, "xterm", "utf-8")
    'standard input is no terminal; for a desk without a screen: catui run'
    """
    mend = "for a desk without a screen: catui run"
    if not stdin_isatty:
        return f"standard input is no terminal; {mend}"
    if not stderr_isatty:
        return f"standard error, on which the console draws, is no terminal; {mend}"
    if term in ("", "dumb", "unknown"):
        return f"TERM={term or 'nothing'} cannot draw; set it to your terminal's, e.g. xterm-256color; {mend}"
    if not encoding:
        return f"the terminal's encoding is unknown; set LC_ALL=C.UTF-8; {mend}"
    return None


def must_draw() -> None:
    """UsageError: this process has no terminal on which a console can be drawn."""
    is_tty = sys.stdin.isatty(), sys.stderr.isatty()
    fault = terminal_faults(*is_tty, os.environ.get("TERM", ""), sys.stderr.encoding or "")
    if fault is not None:
        raise UsageError(fault)


def is_ascii_only(environment: Mapping[str, str], encoding: str) -> bool:
    """Whether only ASCII can be drawn: the locale says no UTF-8, or it is the Linux console.

    >>> is_ascii_only({"LANG": "C", "TERM": "xterm"}, "utf-8"), is_ascii_only({"LANG": "C.UTF-8"}, "utf-8")
    (True, False)
    """
    locale = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    says_utf8 = "utf-8" in locale.lower() or "utf8" in locale.lower()
    return not says_utf8 or "utf" not in encoding.lower() or environment.get("TERM") == "linux"


def as_given(environment: Mapping[str, str], given: Path = Path("/proc/self/environ")) -> Mapping[str, str]:
    """The environment as this process was given it: where that says the locale C, Python writes an LC_CTYPE of UTF-8
    into its own (PEP 538), which says nothing of the terminal. Where `given` cannot be read, the two cannot be told
    apart."""
    try:
        has_it = any(entry.startswith(b"LC_CTYPE=") for entry in given.read_bytes().split(b"\0"))
    except OSError:
        return environment
    return environment if has_it else {name: value for name, value in environment.items() if name != "LC_CTYPE"}


def theme_for(wanted: str, environment: Mapping[str, str]) -> str:
    """The theme to start with: without colour where NO_COLOR is set to anything (no-color.org).

    >>> theme_for("dark", {"NO_COLOR": "1"}), theme_for("dark", {"NO_COLOR": ""})
    ('mono', 'dark')
    """
    return "mono" if environment.get("NO_COLOR") else wanted


@contextlib.contextmanager
def left_on_signals(leave: Callable[[int], None]) -> Iterator[None]:
    """SIGTERM and SIGHUP call `leave(128 + signal)` on the loop, so that the terminal and the engine are left cleanly.

    A terminal that stopped reading holds the loop up for ever: then, after `ABANDON_S`, it is restored by hand and the
    process ends.
    """
    loop = asyncio.get_running_loop()
    told: list[int] = []
    saved = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None

    def hear(signum: int, _: FrameType | None) -> None:
        told.append(128 + signum)
        signal.alarm(ABANDON_S)
        loop.call_soon_threadsafe(leave, 128 + signum)

    def abandon(_: int, __: FrameType | None) -> None:
        if saved is not None:
            with contextlib.suppress(OSError, termios.error):
                os.set_blocking(2, False)
                os.write(2, RESTORE)
                termios.tcsetattr(sys.stdin, termios.TCSANOW, saved)
        os._exit(told[-1] if told else 1)

    before = {signum: signal.signal(signum, hear) for signum in SIGNALS}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, abandon)
    try:
        yield
    finally:
        signal.alarm(0)
        for signum, handler in before.items():
            signal.signal(signum, handler)
