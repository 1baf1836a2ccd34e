"""The book synchroniser: depth updates and snapshots to a book without holes, or a gap that says so. No socket.

    spot      buffer; snapshot L; drop u <= L; the first kept has U <= L + 1 <= u; then U == last + 1
    futures   buffer; snapshot L; drop u < L;  the first kept has U <= L <= u;     then pu == last

Later on u <= last is stale. A hole is a `Gap`: the book is invalid, updates are buffered again, and a snapshot is asked
for. A snapshot older than the buffer is refused, and the buffer kept. Source: Binance, *How to manage a local order
book correctly*.
"""

from dataclasses import dataclass
from typing import Literal

from catui.venues.binance.messages import DepthSnapshot, DepthUpdate

MAX_BUFFER = 10_000

Rule = Literal["spot", "futures"]


@dataclass(frozen=True)
class Apply:
    """This update follows the last one."""

    update: DepthUpdate


@dataclass(frozen=True)
class Replace:
    """This snapshot is the book; what follows comes as `Apply`."""

    snapshot: DepthSnapshot


@dataclass(frozen=True)
class Stale:
    """The book has had this update."""

    update: DepthUpdate


@dataclass(frozen=True)
class Hole:
    """Updates are missing between `expected` and `got`."""

    expected: int
    got: int
    reason: str


@dataclass(frozen=True)
class NeedSnapshot:
    """The book cannot go on without a new snapshot."""


Outcome = Apply | Replace | Stale | Hole | NeedSnapshot


class BookSync:
    """The synchroniser of one symbol. It keeps ids and a bounded buffer, no book."""

    def __init__(self, rule: Rule = "spot") -> None:
        self._rule = rule
        self._last: int | None = None  # of the last applied update; None while waiting for a snapshot
        self._is_first = True  # the next update is the first behind a snapshot
        self._buffer: list[DepthUpdate] = []

    @property
    def waiting(self) -> int:
        """How many updates wait for a snapshot."""
        return len(self._buffer)

    def update(self, update: DepthUpdate) -> list[Outcome]:
        """A depth update has come."""
        if self._last is None:
            self._buffer.append(update)
            if len(self._buffer) > MAX_BUFFER:
                self._buffer = [update]
                return [NeedSnapshot()]
            return [NeedSnapshot()] if len(self._buffer) == 1 else []
        return self._follow(update, self._last)

    def snapshot(self, snapshot: DepthSnapshot) -> list[Outcome]:
        """A snapshot has come. Older than the buffer, it asks for another; older than the book, it is nothing."""
        if self._last is not None and snapshot.lastUpdateId < self._last:
            return []
        if self._buffer and not self._reaches(self._buffer[0], snapshot.lastUpdateId):
            return [NeedSnapshot()]
        last = self._last = snapshot.lastUpdateId
        self._is_first = True
        waiting, self._buffer = self._buffer, []
        outcomes: list[Outcome] = [Replace(snapshot)]
        for place, update in enumerate(waiting):
            followed = self._follow(update, last)
            outcomes += followed
            if isinstance(followed[0], Hole):
                self._buffer += waiting[place + 1 :]
                break
            last = max(last, update.u)
        return outcomes

    def reset(self) -> None:
        """A new connection: nothing of the old one counts."""
        self._last, self._is_first, self._buffer = None, True, []

    def _follow(self, update: DepthUpdate, last: int) -> list[Outcome]:
        is_stale = update.u <= last if self._rule == "spot" else update.u < last
        if is_stale:
            return [Stale(update)]
        expected = last + 1 if self._rule == "spot" else last
        if self._is_first:
            follows, got = update.U <= expected, update.U
        elif self._rule == "spot":
            follows, got = update.U == expected, update.U
        else:
            follows, got = update.pu == expected, update.pu or 0
        if not follows:
            self._last, self._buffer = None, [update]
            return [Hole(expected, got, "updates are missing"), NeedSnapshot()]
        self._last, self._is_first = update.u, False
        return [Apply(update)]

    def _reaches(self, oldest: DepthUpdate, last_id: int) -> bool:
        """Whether a snapshot is not older than the oldest update that waits."""
        return oldest.U <= (last_id + 1 if self._rule == "spot" else last_id)
