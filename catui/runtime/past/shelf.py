"""The shelf: states that the seeker has made, in a side file of the user's cache, never in the run.

Only a cache. A file of another run, of other code, or one that cannot be read is begun anew; what does not decode is
thrown away; a full disk or a full shelf means that nothing more is kept.
"""

import os
import sqlite3
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

from catui.runtime.manifest import Manifest

APPLICATION_ID = 0x43545053  # "CTPS"
SHELF_BYTES = 512 * 1024 * 1024  # of one run
ALL_BYTES = 2 * 1024 * 1024 * 1024  # of all runs together; the longest unused go first

_SCHEMA = """
create table if not exists meta(identity text not null) strict;
create table if not exists state(seq integer primary key, packed blob not null) strict;
"""


class Shelf:
    """States by sequence number, on disk."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._is_open = True
        rows = database.execute("select seq, length(packed) from state").fetchall()
        self.seqs = [seq for seq, _ in rows]
        self._bytes = sum(size for _, size in rows)

    @staticmethod
    def open(directory: Path, manifest: Manifest, code_hash: str) -> "Shelf":
        """The shelf of a run for this code; one in memory, where no file can be had."""
        identity = f"{blake2b(msgspec.json.encode(manifest), digest_size=16).hexdigest()} {code_hash}"
        path = directory / f"{manifest.run}-{identity[:8]}.db"
        sweep(directory, path)
        for _ in range(2):
            try:
                return Shelf(_opened(path, identity))
            except (sqlite3.OperationalError, OSError):
                break  # a full disk, a directory that is not ours, another console at work
            except sqlite3.DatabaseError:
                path.unlink()
        return Shelf(_opened(":memory:", identity))

    def get(self, seq: int) -> bytes | None:
        """The state's bytes; None where it is gone or damaged."""
        try:
            row = self._database.execute("select packed from state where seq = ?", (seq,)).fetchone()
            return None if row is None else zlib.decompress(row[0])
        except (sqlite3.Error, zlib.error):
            return None

    def put(self, seq: int, state: bytes) -> bool:
        """Keep a state; whether there was room."""
        packed = zlib.compress(state, 1)
        if not self._is_open or self._bytes + len(packed) > SHELF_BYTES:
            return False
        try:
            self._database.execute("insert or replace into state values (?, ?)", (seq, packed))
        except sqlite3.Error:  # a full disk, or another console at work: what is there stays
            self._is_open = False
            return False
        self._bytes += len(packed)
        return True

    def drop(self, seq: int) -> None:
        """Forget a state that does not decode."""
        with suppress(sqlite3.Error):
            self._database.execute("delete from state where seq = ?", (seq,))

    def close(self) -> None:
        self._database.close()


def _opened(path: Path | str, identity: str) -> sqlite3.Connection:
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    database = sqlite3.connect(path, isolation_level=None, timeout=0.2)
    try:
        database.execute("pragma journal_mode = memory")  # a cache: what a crash spoils is begun anew
        database.execute("pragma synchronous = off")
        database.executescript(_SCHEMA)
        if database.execute("select identity from meta").fetchone() is None:
            database.execute(f"pragma application_id = {APPLICATION_ID}")
            database.execute("insert into meta values (?)", (identity,))
        if database.execute("select identity from meta").fetchone() != (identity,):
            raise sqlite3.DatabaseError("a shelf of other code")
    except BaseException:
        database.close()
        raise
    return database


def sweep(directory: Path, spare: Path, at_most: int = ALL_BYTES) -> None:
    """Remove the longest unused shelves but `spare`, until all together take at most so many bytes."""
    with suppress(OSError):
        found = [(path.stat(), path) for path in directory.glob("*.db")]
        total = sum(about.st_size for about, _ in found)
        for about, path in sorted(found, key=lambda each: each[0].st_mtime):
            if total <= at_most:
                return
            if path != spare:
                path.unlink()
                total -= about.st_size
