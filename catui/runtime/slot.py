"""What every console keeps of its engine: the newest snapshot, overwritten, and one line of how it is doing."""

from typing import Protocol

from catui.domain.events import Action
from catui.errors import UsageError
from catui.preview import PreviewView
from catui.snapshot import Snapshot, View
from catui.venues.wallclock import now_ns


class Host(Protocol):
    """An engine as a console sees it."""

    def latest(self) -> Snapshot | None:
        """The newest snapshot; None before the first."""

    def age_s(self) -> float:
        """Seconds since a snapshot came, by our clock."""

    def status(self) -> str:
        """One line: starting, running, or how it ended."""

    def ended(self) -> int | None:
        """The exit code, once the engine has ended."""

    def set_view(self, view: View) -> None:
        """What the console shows."""

    async def send(
        self, action: Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """A command; its id, under which the answer will stand in `Snapshot.results`."""

    def preview(self, id: str, action: Action) -> None:
        """Ask what would be said to a command."""

    def previewed(self) -> tuple[str, PreviewView] | None:
        """The newest answer to a preview, by the id it was asked with."""

    async def start(self) -> None:
        """Start the engine; returns when it runs or has failed."""

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly, or leave it (`stop` False)."""

    def owns(self) -> bool:
        """Whether the engine was started from here."""

    def can_detach(self) -> bool:
        """Whether it can go on without us."""

    def may_command(self) -> bool:
        """Whether it takes our commands."""

    async def claim(self, token: str) -> str:
        """Ask for control; empty once it is given, else why not."""

    def lost(self) -> tuple[str, ...]:
        """What is known of an engine that went without a word."""

    async def recover(self) -> None:
        """Take up what was lost."""

    def write_kill_file(self) -> str:
        """Leave a kill order in the run's directory; the file."""


class Slot:
    """One snapshot, one line, one exit code; and the answers of an engine that lives in the console's own process."""

    def __init__(self) -> None:
        self._latest: Snapshot | None = None
        self._came_ns = now_ns()
        self._status = "starting"
        self._ended: int | None = None
        self._previewed: tuple[str, PreviewView] | None = None

    def latest(self) -> Snapshot | None:
        return self._latest

    def age_s(self) -> float:
        return (now_ns() - self._came_ns) / 1e9

    def status(self) -> str:
        return self._status

    def ended(self) -> int | None:
        return self._ended

    def previewed(self) -> tuple[str, PreviewView] | None:
        return self._previewed

    def owns(self) -> bool:
        return True

    def can_detach(self) -> bool:
        return False

    def may_command(self) -> bool:
        return True

    async def claim(self, token: str) -> str:
        return "this console has control"

    def lost(self) -> tuple[str, ...]:
        return ()

    async def recover(self) -> None:
        raise UsageError("this engine cannot be taken up from here")

    def write_kill_file(self) -> str:
        raise UsageError("the engine runs in this very process: where it does not answer, end the process")

    def _show(self, snapshot: Snapshot) -> None:
        self._latest, self._came_ns, self._status = snapshot, now_ns(), "running"
