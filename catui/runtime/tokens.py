"""The two tokens of a run: one gives control, one lets watch. Whoever can read their files may hand them on."""

import hmac
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from catui.errors import UsageError
from catui.runtime.wire import Role
from catui.venues.secret import Secret

BYTES = 32
WRONG, CLOSED_S = 5, 60.0  # so many wrong ones, and for so long nobody is let in by a token


class Tokens:
    """Judges tokens, in a time that says nothing about them, and keeps none of them in the clear."""

    def __init__(self, control: str, watch: str, now_s: Callable[[], float] = time.monotonic) -> None:
        self._held: tuple[tuple[Role, str], ...] = (("control", _print(control)), ("watch", _print(watch)))
        self._now_s = now_s
        self._wrong = 0
        self._open_s = 0.0

    @staticmethod
    def made(control_file: Path, watch_file: Path) -> "Tokens":
        """New tokens, each in a new file that only its owner reads."""
        control, watch = secrets.token_urlsafe(BYTES), secrets.token_urlsafe(BYTES)
        for file, token in ((control_file, control), (watch_file, watch)):
            file.unlink(missing_ok=True)
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w") as opened:
                opened.write(f"{token}\n")
        return Tokens(control, watch)

    def role_of(self, told: str) -> Role | None:
        """What a token allows; None for a wrong one, and for any while too many have been wrong."""
        if self._now_s() < self._open_s:
            return None
        printed = _print(told)
        found: Role | None = None
        for role, held in self._held:  # all are compared, whichever it is
            if hmac.compare_digest(printed, held):
                found = role
        self._wrong = 0 if found else self._wrong + 1
        if self._wrong >= WRONG:
            self._wrong, self._open_s = 0, self._now_s() + CLOSED_S
        return found


def read_token(file: Path) -> str:
    """The token in a file. UsageError: it is not there, others can read it, or it holds none."""
    try:
        mode = file.stat().st_mode
        with file.open(encoding="ascii", errors="replace") as opened:
            token = opened.read(257).strip()
    except OSError as error:
        raise UsageError(f"--token-file {file}: {(error.strerror or str(error)).lower()}") from None
    if mode & 0o077:
        raise UsageError(f"--token-file {file}: others can read it; chmod 600 {file}")
    if not token or not token.isprintable() or len(token) > 256:
        raise UsageError(f"--token-file {file}: holds no token; it is one line, as the engine wrote it")
    return token


_PEPPER = secrets.token_hex(16)


def _print(token: str) -> str:
    """What is kept of a token: enough to know it again in this process, and of no use elsewhere."""
    return Secret(token).sign(_PEPPER)
