"""An engine as a console sees it, wherever that engine runs: the one face of every host.

    ProcessHost   a child process and one end of a socket pair, see `process`: the default
    ThreadHost    a thread of the console's with its own loop, TaskHost a task on the console's own, see `inprocess`
    AttachHost    somebody else's engine, see `attach`

The console says what it wants and why; author, id and time are the host's. It polls `latest` from its frame clock:
nothing is queued on this side, and a slow console drops frames, never events.
"""

from typing import Protocol

from catui.domain.events import Action
from catui.preview import PreviewView
from catui.snapshot import Snapshot, View


class Host(Protocol):
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

    async def send(
        self, action: Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """Hand over a command; its id, under which the answer will stand in `Snapshot.results`."""

    def preview(self, id: str, action: Action) -> None:
        """Ask what the desk would say to a command; nothing is done."""

    def previewed(self) -> tuple[str, PreviewView] | None:
        """The newest answer to a preview, by the id it was asked with; None before the first."""

    async def start(self) -> None:
        """Start; how it goes on stands in `status`, a failure in `ended` as well."""

    async def close(self, stop: bool = True) -> None:
        """End the run cleanly (`stop`), or leave the engine to itself. Again: nothing more happens."""

    def owns(self) -> bool:
        """Whether this console started the engine: then leaving ends the run."""

    def can_detach(self) -> bool:
        """Whether the engine can go on without this console."""

    def may_command(self) -> bool:
        """Whether the engine takes commands from here; it refuses them by itself where not."""

    async def claim(self, token: str) -> str:
        """Ask for control with the run's token; empty once it is given, else why not."""

    def lost(self) -> tuple[str, ...]:
        """What is known of an engine that went without a word, in lines; empty while it runs, or has ended."""

    async def recover(self) -> None:
        """Take up what was lost; returns as `start` does."""

    def write_kill_file(self) -> str:
        """Leave a kill order where the engine will find it; where that is. CatuiError: it cannot be left from here."""
