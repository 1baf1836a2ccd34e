"""Where in a run what stands: sequence numbers by time, and times by sequence number, while the run may still grow."""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from catui.domain.events import Event
from catui.runtime.journal import JournalReader

HELD_BLOCKS = 128
HELD_TIMES = 8_192  # borders of timelines, which are asked for again and again


class Track:
    """The events of a run by place. Receive times never fall in a journal, so that both directions are bisections."""

    def __init__(self, reader: JournalReader) -> None:
        self.seq = 0  # of the last event
        self.ts_ns = reader.manifest.created_ns
        self.first_ns = reader.manifest.created_ns
        self._reader = reader
        self._firsts: list[int] = []
        self._times: list[int] = []  # of each block's last event
        self._block = lru_cache(HELD_BLOCKS)(reader.block)
        self._limit: int | None = None
        self._seq_at = lru_cache(HELD_TIMES)(self._counted)
        self.follow()

    def follow(self) -> bool:
        """Take in what was written since; whether there was anything. IntegrityError: the first block is damaged."""
        before = self.seq
        for block in self._reader.blocks(before):
            if self._limit is not None and block.last > self._limit:
                break
            self._firsts.append(block.first)
            self._times.append(block.ts_ns)
            self.seq, self.ts_ns = block.last, block.ts_ns
        if not before and self.seq:
            self.first_ns = self._block(1)[0].ts_receive_ns
        return self.seq > before

    def cut(self, seq: int) -> None:
        """End here: what stands behind event `seq`, the last of a block, is damaged."""
        self._limit = seq
        kept = bisect_right(self._firsts, seq)
        del self._firsts[kept:], self._times[kept:]
        self.seq = seq
        self.ts_ns = self._times[-1] if kept else self.first_ns

    def event(self, seq: int) -> Event:
        """Event `seq`, from 1 to the last. IntegrityError: its block is damaged."""
        first = self._firsts[bisect_right(self._firsts, seq) - 1]
        return self._block(first)[seq - first]

    def events(self, after_seq: int, last_seq: int) -> Iterator[Event]:
        """The events behind `after_seq` up to `last_seq`, in order. IntegrityError: a block is damaged."""
        seq = after_seq
        while seq < last_seq:
            first = self._firsts[bisect_right(self._firsts, seq + 1) - 1]
            events = self._block(first)[seq + 1 - first : last_seq + 1 - first]
            yield from events
            seq += len(events)

    def ts_at(self, seq: int) -> int:
        """The time of event `seq`; the first one's for 0."""
        return self.event(seq).ts_receive_ns if seq > 0 else self.first_ns

    def seq_at(self, ts_ns: int) -> int:
        """How many events came at or before `ts_ns`: the last of them, by number."""
        return self.seq if ts_ns >= self.ts_ns else self._seq_at(ts_ns)

    def _counted(self, ts_ns: int) -> int:
        """The same for a time before the last event's, which no event to come can change."""
        place = bisect_right(self._times, ts_ns)
        first = self._firsts[place]
        return first - 1 + bisect_right(self._block(first), ts_ns, key=lambda event: event.ts_receive_ns)
