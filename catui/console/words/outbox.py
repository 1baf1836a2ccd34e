"""Commands under way: what was sent, what the desk answered, and what the footer says about it."""

from msgspec import Struct

from catui.console.render.text import Cell, shown
from catui.snapshot import ResultView, Snapshot

ANSWER_S = 2.0  # a command without an answer after it is said to have none, and is never sent again by itself
SHOWN_S = 6.0  # how long an answer stands in the footer


class Waiting(Struct, frozen=True):
    """A command on its way. `words` say it, `after` names the way back."""

    words: Cell
    after: Cell
    sent_s: float


class Word(Struct, frozen=True):
    """A line for the footer."""

    text: Cell = Cell("")
    is_warning: bool = False
    since_s: float = 0.0


class Outbox:
    """What became of the commands; the newest word wins."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._word = Word()
        self._results: tuple[ResultView, ...] | None = None

    def say(self, text: str, now_s: float, is_warning: bool = False) -> None:
        """The console's own word."""
        self._word = Word(shown(text), is_warning, now_s)

    def sent(self, id: str, words: Cell, after: str, now_s: float) -> None:
        """A command has left."""
        self._waiting[id] = Waiting(words, shown(after), now_s)
        self.say(f"sent: {words} ..", now_s)

    def read(self, snapshot: Snapshot, now_s: float) -> None:
        """Look for answers: to what was sent from here, and to what somebody else asked since the last look."""
        if snapshot.results == self._results and not self._waiting:
            return
        before = snapshot.results if self._results is None else self._results
        for result in snapshot.results:
            waiting = self._waiting.pop(result.id, None)
            if waiting is not None:
                self._answered(waiting, result, now_s)
            elif result not in before and result.author:
                refused = "" if result.ok else "REFUSED: "
                self.say(f"{result.author}: {refused}{result.text}", now_s, is_warning=not result.ok)
        self._results = snapshot.results

    def _answered(self, waiting: Waiting, result: ResultView, now_s: float) -> None:
        if result.ok:
            self.say(f"ok: {waiting.words}{f'; {waiting.after}' if waiting.after else ''}", now_s)
        else:
            self.say(f"REFUSED: {waiting.words}: {shown(result.text)}", now_s, is_warning=True)

    def word(self, now_s: float) -> Word:
        """The footer's line now; empty: the keys may be shown."""
        late = [each for each in self._waiting.values() if now_s - each.sent_s >= ANSWER_S]
        if late:
            oldest = min(late, key=lambda each: each.sent_s)
            more = f" and {len(late) - 1} more" if len(late) > 1 else ""
            text = f"NO ANSWER for {now_s - oldest.sent_s:.0f}s: {oldest.words}{more}; it may yet be done"
            return Word(shown(text), True, now_s)
        return self._word if now_s - self._word.since_s < SHOWN_S or self._is_waiting() else Word()

    def _is_waiting(self) -> bool:
        return bool(self._waiting)
