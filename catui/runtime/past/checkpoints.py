"""States to start from: the engine's in the journal, the seeker's own on the shelf, and the beginning."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter_ns
from typing import Any

from catui.errors import IntegrityError
from catui.runtime import statecodec
from catui.runtime.journal import JournalReader
from catui.runtime.past.shelf import Shelf


class Checkpoints:
    """States by sequence number. Those of a journal that other code has written are not used: it steps otherwise."""

    def __init__(self, reader: JournalReader, shelf: Shelf, init: Any, *, is_same_code: bool) -> None:
        self._reader = reader
        self._shelf = shelf
        self._init = init
        self._is_same_code = is_same_code
        self._journal: list[int] = []
        self._encoder = statecodec.Encoder()
        self.read_ns = 40_000_000.0  # to read a state and decode it
        self.seqs = sorted(shelf.seqs)
        self.follow()

    def follow(self) -> None:
        """Take in what the engine has written since."""
        if self._is_same_code:
            for seq in self._reader.checkpoint_seqs(self._journal[-1] if self._journal else 0):
                self._journal.append(seq)
                if seq not in self.seqs:
                    insort(self.seqs, seq)

    def before(self, seq: int) -> int:
        """Where the newest state at or before `seq` stands; 0 for the beginning."""
        place = bisect_right(self.seqs, seq)
        return self.seqs[place - 1] if place else 0

    def state(self, seq: int) -> tuple[int, Any]:
        """The newest state at or before `seq`, and where it stands; what does not decode is passed over for good."""
        while (at := self.before(seq)) > 0:
            began = perf_counter_ns()
            try:
                state = statecodec.decode(self._bytes(at))
            except IntegrityError:
                self.seqs.remove(at)
                self._shelf.drop(at)
                continue
            self.read_ns += (perf_counter_ns() - began - self.read_ns) / 4
            return at, state
        return 0, self._init

    def put(self, seq: int, state: Any) -> bool:
        """Keep a plain state; whether there was room."""
        if seq in self.seqs:
            return True
        is_kept = self._shelf.put(seq, self._encoder.encode(state))
        if is_kept:
            insort(self.seqs, seq)
        return is_kept

    def _bytes(self, seq: int) -> bytes:
        if seq in self._journal:
            found = self._reader.checkpoint(seq)
            if found is not None and found.seq == seq:
                return found.state
        return self._shelf.get(seq) or b""


def gaps(seqs: Sequence[int], last_seq: int, interval: int) -> list[tuple[int, int]]:
    """The stretches `(from, to)` without a state inside that are longer than an interval and a half.

    >>> gaps((100, 500), 560, 100)
    [(100, 500)]
    """
    edges = [0, *(seq for seq in seqs if seq < last_seq), last_seq]
    return [(start, end) for start, end in pairwise(edges) if (end - start) * 2 > interval * 3]


def nearest(stretches: Sequence[tuple[int, int]], seq: int) -> tuple[int, int]:
    """The stretch that holds `seq`, or begins or ends closest to it. ValueError: there is none.

    >>> nearest([(0, 100), (300, 900)], 250)
    (300, 900)
    """
    return min(stretches, key=lambda each: max(each[0] - seq, seq - each[1], 0))
