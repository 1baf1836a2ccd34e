"""Marks by place, kind and direction: the journal's, and the bookmarks of the file beside the run."""

import os
from array import array
from bisect import bisect_left, bisect_right, insort
from pathlib import Path

import msgspec

from catui.runtime.journal import LAST, JournalReader
from catui.runtime.marks import TEXT_CELLS, Kind, Mark
from catui.text import printable

FILE = "bookmarks.jsonl"
LISTED = 500

_line = msgspec.json.Decoder(Mark)


class Markers:
    """Which moments of a run are marked. The texts stay in the journal; here are places and kinds, 9 bytes a mark."""

    def __init__(self, reader: JournalReader) -> None:
        self._reader = reader
        self._seqs = array("q")
        self._kinds = bytearray()
        self._file = reader.directory / FILE
        self._kept = _read(self._file)  # bookmarks of the file, in order
        self.follow()

    def follow(self) -> bool:
        """Take in what was written since; whether a bookmark is among it."""
        before = len(self._seqs)
        for mark in self._reader.marks(self._seqs[-1] + 1 if self._seqs else 0):
            self._seqs.append(mark.seq)
            self._kinds.append(mark.kind)
        return self._kinds.find(Kind.BOOKMARK, before) >= 0

    def next(self, seq: int, kind: Kind | None) -> int | None:
        """The first marked event behind `seq`; of one kind, or of any."""
        place = bisect_right(self._seqs, seq)
        if kind is not None:
            place = self._kinds.find(kind, place)
        found = self._seqs[place : place + 1] if place >= 0 else ()
        own = self._kept[bisect_right(self._kept, seq, key=_seq) :][:1] if kind in (None, Kind.BOOKMARK) else ()
        return min([*found, *(mark.seq for mark in own)], default=None)

    def previous(self, seq: int, kind: Kind | None) -> int | None:
        """The last marked event before `seq`; of one kind, or of any."""
        place = bisect_left(self._seqs, seq)
        place = place - 1 if kind is None else self._kinds.rfind(kind, 0, place)
        found = (self._seqs[place],) if place >= 0 else ()
        own = self._kept[: bisect_left(self._kept, seq, key=_seq)][-1:] if kind in (None, Kind.BOOKMARK) else ()
        return max([*found, *(mark.seq for mark in own)], default=None)

    def weightiest(self, after_seq: int, last_seq: int, kind: Kind | None) -> int:
        """The greatest kind of the marks behind `after_seq` up to `last_seq`, `kind` where it is one of them and only
        that is looked for; 0 where there is none."""
        kinds = self._kinds[bisect_right(self._seqs, after_seq) : bisect_right(self._seqs, last_seq)]
        own = bisect_right(self._kept, after_seq, key=_seq) < bisect_right(self._kept, last_seq, key=_seq)
        if kind is None:
            return max(kinds, default=Kind.BOOKMARK if own else 0)
        return kind if kind in kinds or (own and kind is Kind.BOOKMARK) else 0

    def at(self, seq: int) -> tuple[Mark, ...]:
        """The marks of one event."""
        return (*self._reader.marks(seq, seq), *(mark for mark in self._kept if mark.seq == seq))

    def bookmarks(self) -> tuple[Mark, ...]:
        """The last bookmarks of the run, the journal's and the file's, in order."""
        places = [place for place, kind in enumerate(self._kinds) if kind == Kind.BOOKMARK][-LISTED:]
        seqs = dict.fromkeys(self._seqs[place] for place in places)
        noted = [mark for seq in seqs for mark in self._reader.marks(seq, seq) if mark.kind is Kind.BOOKMARK]
        return tuple(sorted([*noted, *self._kept], key=_seq)[-LISTED:])

    def keep(self, seq: int, ts_ns: int, text: str) -> None:
        """Write a bookmark to the file. OSError: it cannot be written."""
        mark = Mark(seq, ts_ns, Kind.BOOKMARK, printable(text, TEXT_CELLS))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        with os.fdopen(os.open(self._file, flags, 0o600), "ab") as file:
            file.write(b"\n" + msgspec.json.encode(mark))  # in front, so that a line cut off by a crash spoils no other
        insort(self._kept, mark, key=_seq)


def _seq(mark: Mark) -> int:
    return mark.seq


def _read(file: Path) -> list[Mark]:
    """The bookmarks of a file in order; a line that is none, such as one cut off by a crash, is passed over."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError:
        return []
    marks = []
    for line in lines:
        try:
            mark = _line.decode(line)
        except msgspec.DecodeError:
            continue
        if 0 < mark.seq < LAST:
            marks.append(Mark(mark.seq, mark.ts_ns, Kind.BOOKMARK, printable(mark.text, TEXT_CELLS)))
    return sorted(marks, key=_seq)
