"""Where snapshots come from and commands go: the console's one door, to an engine, a run, or a test.

The console says what it wants and why; author, id and time are the source's. It polls `latest` from its frame clock:
nothing is queued on this side, and a slow console drops frames, never events.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from catui.domain import events
from catui.snapshot import ResultView, Snapshot, View


class Source(Protocol):
    """An engine as the console sees it."""

    def latest(self) -> Snapshot | None:
        """The newest snapshot, the same object until a newer one came; None before the first."""

    def age_s(self) -> float:
        """Seconds since a snapshot came, by the console's monotonic clock."""

    def status(self) -> str:
        """One line for people: starting, running, or how it ended, with the last words of an engine that died."""

    def ended(self) -> int | None:
        """The exit code once the engine has ended; None while it runs."""

    def set_view(self, view: View) -> None:
        """What is on the screen: later snapshots hold no more."""

    async def send(self, action: events.Action, reason: str = "", seen_seq: int | None = None) -> str:
        """Hand over a command; its id, under which the answer will stand in `Snapshot.results`."""

    async def start(self) -> None:
        """Start; returns when the engine runs, or has failed and says so in `status`."""

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly (`stop`), or leave the engine to itself. Again: nothing more happens."""


class Sent(Struct, frozen=True):
    """A command that a frozen source was given."""

    id: str
    action: events.Action
    reason: str
    seen_seq: int | None


class FrozenSource:
    """Prepared snapshots, one at a time: for tests and pictures. It keeps what it was sent and answers when told to."""

    def __init__(self, snapshots: Sequence[Snapshot], *, age_s: float = 0.0, ended: int | None = None) -> None:
        self._snapshots = list(snapshots)
        self._place = 0
        self.age = age_s
        self.words = "running"
        self.exit_code = ended
        self.sent: list[Sent] = []
        self.views: list[View] = []
        self.starts = 0
        self.closes = 0

    def latest(self) -> Snapshot | None:
        """The snapshot in turn."""
        return self._snapshots[self._place] if self._snapshots else None

    def step(self) -> None:
        """Go to the next snapshot; the last one stays."""
        self._place = min(self._place + 1, len(self._snapshots) - 1)

    def show(self, snapshot: Snapshot) -> None:
        """Show this one from now on."""
        self._snapshots, self._place = [snapshot], 0

    def answer(self, ok: bool, text: str) -> None:
        """Answer the last command in the snapshot shown."""
        shown = self._snapshots[self._place]
        self.show(replace(shown, results=(*shown.results, ResultView(self.sent[-1].id, ok, text))))

    def age_s(self) -> float:
        """As old as it was told to be."""
        return self.age

    def status(self) -> str:
        """The words it was given."""
        return self.words

    def ended(self) -> int | None:
        """The exit code it was given."""
        return self.exit_code

    def set_view(self, view: View) -> None:
        """Keep what is looked at."""
        self.views.append(view)

    async def send(self, action: events.Action, reason: str = "", seen_seq: int | None = None) -> str:
        """Keep the command."""
        id = f"frozen-{len(self.sent) + 1}"
        self.sent.append(Sent(id, action, reason, seen_seq))
        return id

    async def start(self) -> None:
        """Count the start."""
        self.starts += 1

    async def close(self, stop: bool = True) -> None:
        """Count the end."""
        self.closes += 1
