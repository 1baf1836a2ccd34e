"""A kill on its way: done only when the desk's own picture says so, and not left to hope where nobody answers."""

from typing import TYPE_CHECKING

from catui.console.screens.unheard import UnheardScreen
from catui.console.words.outbox import ANSWER_S
from catui.console.words.spoken import at_work
from catui.errors import CatuiError
from catui.snapshot import Snapshot

if TYPE_CHECKING:
    from catui.console.app import CatuiApp

VERIFIED = "VERIFIED: HALTED, no order works"


class KillWatch:
    """Follows the last kill that was sent, until it is verified or refused.

    Without an answer for `ANSWER_S` seconds a kill file is laid where the engine will find it. Where none can be laid,
    a dialog says so, and what to do instead.
    """

    def __init__(self, app: "CatuiApp") -> None:
        self._app = app
        self._id = ""
        self._sent_s = 0.0
        self._has_cried = False
        self._told = -1  # how many orders were said to work still
        self._screen: UnheardScreen | None = None

    def sent(self, id: str) -> None:
        """A kill has left, under this id."""
        self._id, self._sent_s, self._has_cried, self._told = id, self._app.now_s(), False, -1

    def frame(self) -> None:
        """Look at the newest picture for what became of it."""
        if not self._id:
            return
        snapshot = self._app.source.latest()
        results = () if snapshot is None else snapshot.results
        result = next((each for each in results if each.id == self._id), None)
        if snapshot is not None and result is not None:
            self._answered(snapshot, is_done=result.ok)
        elif self._app.now_s() - self._sent_s >= ANSWER_S and not self._has_cried:
            self._has_cried = True
            self.lay_file()

    def lay_file(self) -> bool:
        """Leave a kill order in the run's directory; where that is not at hand, say what to do instead, and False."""
        try:
            place = self._app.source.write_kill_file()
        except (CatuiError, OSError) as error:
            self._cry(str(error))
            return False
        self._app.tell(f"KILL FILE WRITTEN, not yet obeyed: {place}", is_warning=True)
        return True

    def _answered(self, snapshot: Snapshot, *, is_done: bool) -> None:
        if not is_done:
            self._id = ""  # refused: the outbox says why
            return
        working = len(snapshot.orders)
        if snapshot.trading_state != "HALTED" or working == self._told:
            return
        self._told = working
        words = VERIFIED if not working else f"HALTED; {at_work(working)} still, being cancelled"
        self._app.tell(words, is_warning=working > 0)
        if self._screen is not None:
            self._screen.hear(words)
        if not working:
            self._id = ""

    def _cry(self, why: str) -> None:
        if self._screen is None:
            self._screen = UnheardScreen(why, self._app.label("kill"))
            self._app.open(self._screen, self._left)

    def _left(self, _: bool | None) -> None:
        self._screen = None
