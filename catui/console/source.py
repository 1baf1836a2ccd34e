"""Hosts without an engine: a recorded run, and prepared snapshots for tests and pictures."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from catui.domain import events
from catui.errors import UsageError
from catui.preview import PreviewView
from catui.runtime.slot import Slot
from catui.snapshot import ResultView, Snapshot, View

NO_COMMAND = "a recorded run takes no command"


class Recorded(Slot):
    """A run without an engine: nothing live to show, nobody to command. All there is to see is its past."""

    def __init__(self, run: str) -> None:
        super().__init__()
        self._status = f"opening run {run}"  # until the first moment is there

    def set_view(self, view: View) -> None:
        """The past is asked for what is seen of it."""

    async def send(
        self, action: events.Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """There is nobody to hear it. UsageError: always."""
        raise UsageError(NO_COMMAND)

    def preview(self, id: str, action: events.Action) -> None:
        """There is nobody to ask."""

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self, stop: bool = True) -> None:
        """Nothing to end."""

    def owns(self) -> bool:
        """Leaving ends nothing."""
        return False

    def may_command(self) -> bool:
        """Nobody may."""
        return False

    async def claim(self, token: str) -> str:
        """Nobody can give control."""
        return NO_COMMAND

    async def recover(self) -> None:
        """Nothing to take up. UsageError: always."""
        raise UsageError("a recorded run is not taken up from here; see catui run --resume")

    def write_kill_file(self) -> str:
        """Nothing to kill. UsageError: always."""
        raise UsageError(NO_COMMAND)


class Sent(Struct, frozen=True):
    """A command that a frozen source was given."""

    id: str
    action: events.Action
    reason: str
    seen_seq: int | None
    expected: int | None = None


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
        self.previews: list[tuple[str, events.Action]] = []
        self.answers: Callable[[events.Action], PreviewView | None] = lambda _: None
        self.starts = 0
        self.closes = 0
        self.stops: list[bool] = []
        self.is_owner = True
        self.is_watching = False
        self.claims: list[str] = []
        self.lost_words: tuple[str, ...] = ()
        self.recoveries = 0
        self.kills = 0

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

    async def send(
        self, action: events.Action, reason: str = "", seen_seq: int | None = None, expected: int | None = None
    ) -> str:
        """Keep the command."""
        id = f"frozen-{len(self.sent) + 1}"
        self.sent.append(Sent(id, action, reason, seen_seq, expected))
        return id

    def preview(self, id: str, action: events.Action) -> None:
        """Keep the question."""
        self.previews.append((id, action))

    def previewed(self) -> tuple[str, PreviewView] | None:
        """What `answers` has for the last question."""
        answer = self.answers(self.previews[-1][1]) if self.previews else None
        return None if answer is None else (self.previews[-1][0], answer)

    async def start(self) -> None:
        """Count the start."""
        self.starts += 1

    async def close(self, stop: bool = True) -> None:
        """Count the end, and keep whether it ends the run."""
        self.closes += 1
        self.stops.append(stop)

    def owns(self) -> bool:
        """As it was told."""
        return self.is_owner

    def can_detach(self) -> bool:
        """There is nothing here that could not."""
        return True

    def may_command(self) -> bool:
        """As it was told."""
        return not self.is_watching

    async def claim(self, token: str) -> str:
        """Keep the token; `open` is the right one."""
        self.claims.append(token)
        self.is_watching = self.is_watching and token != "open"
        return "not the token" if self.is_watching else ""

    def lost(self) -> tuple[str, ...]:
        """The lines it was given."""
        return self.lost_words

    async def recover(self) -> None:
        """Count it, and be well."""
        self.recoveries += 1
        self.lost_words, self.exit_code = (), None

    def write_kill_file(self) -> str:
        """Count it."""
        self.kills += 1
        return "/runs/frozen/kill"
