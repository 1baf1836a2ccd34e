"""The engines that run for this user: one card each in the runtime directory, beside the socket it tells of.

    PID.json     the card: which run, where its record is, where it listens
    PID.sock     the socket, 0600
    PID.control  the token that gives control, PID.watch the one that lets watch, 0600

What a dead process left behind is removed by whoever comes across it: its socket refuses.
"""

import contextlib
import os
import socket
import stat
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import msgspec
from msgspec import Struct

from catui.errors import UsageError
from catui.places import runtime_directory
from catui.text import printable

KINDS = ("json", "sock", "control", "watch")


class Card(Struct, frozen=True):
    """An engine that runs."""

    pid: int
    run: str
    directory: str  # of the run
    source: str
    badge: str
    started_ns: int
    url: str = ""  # of its WebSocket, if it has one

    def file(self, kind: str) -> Path:
        """One of its files in the runtime directory."""
        return runtime_directory() / f"{self.pid}.{kind}"

    @property
    def words(self) -> str:
        """One line for people."""
        where = printable(self.directory, 120)
        return "  ".join((self.run, self.badge, printable(self.source), f"pid {self.pid}", where, self.url)).rstrip()


def secured() -> Path:
    """The runtime directory, made if it is not there. UsageError: it is not this user's alone."""
    directory = runtime_directory()
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        found = directory.lstat()
    except OSError as error:
        raise UsageError(f"runtime directory {directory}: {(error.strerror or str(error)).lower()}") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise UsageError(f"runtime directory {directory}: is not yours; set XDG_RUNTIME_DIR to one that is")
    if found.st_mode & 0o077:
        raise UsageError(f"runtime directory {directory}: others can enter it; chmod 700 {directory}")
    return directory


def announce(card: Card) -> None:
    """Write the card, whole or not at all."""
    file, aside = card.file("json"), card.file("json.new")
    aside.write_bytes(msgspec.json.encode(card))
    aside.chmod(0o600)
    aside.replace(file)


def withdraw(card: Card) -> None:
    """Remove everything of an engine that has ended."""
    for kind in KINDS:
        with contextlib.suppress(OSError):
            card.file(kind).unlink()


def engines() -> tuple[Card, ...]:
    """Every engine of this user that runs, the oldest first; what dead ones left is removed."""
    found = []
    for file in runtime_directory().glob("*.json"):
        with contextlib.suppress(OSError, msgspec.DecodeError):
            card = msgspec.json.decode(file.read_bytes(), type=Card)
            if file.name != f"{card.pid}.json":
                continue
            if _listens(card.file("sock")):
                found.append(card)
            else:
                withdraw(card)
    return tuple(sorted(found, key=lambda card: (card.started_ns, card.pid)))


def named(text: str, among: Iterable[Card]) -> tuple[Card, ...]:
    """The engines of a run: by its name, its directory, or its socket. A name may be that of two in two places."""
    path = os.path.realpath(text)

    def is_meant(card: Card) -> bool:
        return text == card.run or path in (os.path.realpath(card.directory), os.path.realpath(card.file("sock")))

    return tuple(filter(is_meant, among))


def the_engine(text: str | None) -> Card:
    """The engine that is meant; without a name the only one. UsageError: there is none, or it is not clear which."""
    running = engines()
    found = running if text is None else named(text, running)
    if len(found) == 1:
        return found[0]
    if text is not None and not found:
        near = get_close_matches(text, [card.run for card in running], n=1)
        mend = f"did you mean {near[0]}?" if near else listed(running)
        raise UsageError(f"run {printable(text)}: no engine of yours runs it; {mend}")
    raise UsageError(listed(found))


def listed(running: tuple[Card, ...]) -> str:
    """What runs, for people."""
    if not running:
        return "no engine runs; start one: catui run, or catui"
    return "\n".join(("name one of the engines that run:", *(f"  {card.words}" for card in running)))


def _listens(path: Path) -> bool:
    """Whether somebody is behind a socket; one that is stopped or busy counts."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.setblocking(False)
        try:
            asking.connect(str(path))
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True
