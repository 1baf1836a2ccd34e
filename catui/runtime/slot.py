"""What every console keeps of its engine: the newest snapshot, overwritten, and one line of how it is doing."""

from catui.errors import UsageError
from catui.preview import PreviewView
from catui.snapshot import Snapshot
from catui.venues.wallclock import now_ns


class Slot:
    """One snapshot, one line, one exit code; and the answers of an engine that cannot go on without its console."""

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

    def lost(self) -> tuple[str, ...]:
        return ()

    async def recover(self) -> None:
        raise UsageError("this engine cannot be taken up from here")

    def _show(self, snapshot: Snapshot) -> None:
        self._latest, self._came_ns, self._status = snapshot, now_ns(), "running"
