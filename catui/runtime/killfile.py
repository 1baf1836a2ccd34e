"""The kill file: a file named `kill` in a run's directory. Its engine looks for it with each tick.

What it finds it takes away and obeys: HALTED, and every order cancelled, by a command in the journal under the author's
name. It is for an engine that does not answer; one that is dead finds it when its run is taken up. An empty file will
do: `touch DIRECTORY/kill`.
"""

import contextlib
import os
from pathlib import Path

import msgspec
from msgspec import Struct

NAME = "kill"
MOST = 4096  # bytes that are read of one


class KillOrder(Struct, frozen=True):
    """Who wants the desk stopped, why, and whether the run is to end as well."""

    author: str = "kill file"
    reason: str = ""
    stop: bool = False


def leave(directory: Path, order: KillOrder) -> Path:
    """Write a kill file, whole or not at all; where it is. OSError: it cannot be written."""
    file, aside = directory / NAME, directory / f"{NAME}.{os.getpid()}"
    descriptor = os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(msgspec.json.encode(order))
    aside.replace(file)
    return file


class KillFile:
    """The engine's side: each file is obeyed once, even one that cannot be taken away."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / NAME
        self._obeyed: tuple[int, int] | None = None

    def take(self) -> KillOrder | None:
        """The order that was left since the last look; one that cannot be read is an order all the same."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        mark = found.st_ino, found.st_mtime_ns
        if mark == self._obeyed:
            return None
        self._obeyed = mark
        try:
            with self._file.open("rb") as opened:
                order = msgspec.json.decode(opened.read(MOST), type=KillOrder)
        except (OSError, msgspec.DecodeError):
            order = KillOrder()
        with contextlib.suppress(OSError):
            self._file.unlink()
        return order
