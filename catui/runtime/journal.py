"""The journal: one SQLite file a run, in which every input stands in order and every order stands before its bytes.

Inputs are written in compressed blocks under one running hash. An order is written with full sync in one transaction
with the inputs up to the event that caused it, before its bytes leave; other blocks close by size, or by time. The
hash runs over
`length | payload` of every event, so it does not depend on where blocks end.

    run/
      journal.db    blocks, orders, commands, marks, checkpoints, manifest, seal
      run.lock      held while a process writes the run

Sync settings are set and read back at each open, as SQLite forgets them. A sync error or a full disk ends writing for
good: `JournalError`, and the desk halts. Sources: SQLite's WAL documentation; Rebello et al., USENIX ATC 2020.
"""

import fcntl
import os
import sqlite3
import struct
import time
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import msgspec

from catui.domain.events import Command, Event
from catui.domain.orders import Order
from catui.errors import CatuiError, IntegrityError, UsageError
from catui.runtime.manifest import Manifest, Seal
from catui.runtime.marks import Kind, Mark

APPLICATION_ID = 0x43545549  # "CTUI"
SCHEMA_VERSION = 2  # 2: marks
BLOCK_BYTES = 64 * 1024
LAST = 1 << 62  # above every sequence number

_SCHEMA = """
create table meta(key text primary key, value blob not null) strict;
create table block(first_seq integer primary key, last_seq integer not null, ts_ns integer not null,
                   hash blob not null, payload blob not null) strict;
create table intent(order_id text primary key, seq integer not null, payload blob not null) strict;
create table command(seq integer primary key, payload blob not null) strict;
create table mark(seq integer not null, place integer not null, ts_ns integer not null, kind integer not null,
                  text text not null, primary key (seq, place)) strict, without rowid;
create table checkpoint(seq integer primary key, hash blob not null, state blob not null) strict;
"""

_encoder = msgspec.msgpack.Encoder()
_event_decoder = msgspec.msgpack.Decoder(Event)
_length = struct.Struct("<I")


class TakenError(UsageError):
    """There is a run of that name already."""


class JournalError(CatuiError):
    """The journal cannot be written: trading halts, the file stays as it is."""


class Block(NamedTuple):
    """Where a block stands: its first and last event, and the time of the last."""

    first: int
    last: int
    ts_ns: int


@dataclass(frozen=True)
class Checkpoint:
    """A state to start from: `state` is what the pipeline had after event `seq`."""

    seq: int
    state: bytes


class JournalWriter:
    """Appends to a run. Owns the only writing connection; holds the run's lock until `close`."""

    def __init__(self, directory: Path, database: sqlite3.Connection, lock: int, seq: int, hasher: "blake2b") -> None:
        self.directory = directory
        self.seq = seq  # of the last event appended
        self.commit_ms = 0.0  # of the last commit
        self._database = database
        self._lock = lock
        self._hash = hasher
        self._open: list[bytes] = []
        self._open_bytes = 0
        self._open_since_seq = seq + 1
        self._commands: list[tuple[int, bytes]] = []
        self._orders: list[tuple[int, Order]] = []
        self._marks: list[Mark] = []
        self._last_ts = 0

    @staticmethod
    def create(directory: Path, manifest: Manifest) -> "JournalWriter":
        """A new run in a new directory. TakenError: it exists; UsageError: it cannot be written."""
        try:
            directory.mkdir(parents=True, mode=0o700)
        except FileExistsError as error:
            raise TakenError(f"run directory {directory}: {_words(error)}; choose another with --runs DIR") from None
        except OSError as error:
            raise UsageError(f"run directory {directory}: {_words(error)}; choose another with --runs DIR") from None
        lock = _take_lock(directory)
        database = _open_database(directory / "journal.db", create=True)
        with _guarded(directory):
            database.execute("begin immediate")
            for statement in _SCHEMA.split(";"):
                if statement.strip():
                    database.execute(statement)
            database.execute(f"pragma application_id = {APPLICATION_ID}")
            database.execute(f"pragma user_version = {SCHEMA_VERSION}")
            database.execute("insert into meta values ('manifest', ?)", (msgspec.json.encode(manifest),))
            database.execute("commit")
        return JournalWriter(directory, database, lock, 0, blake2b(digest_size=16))

    @staticmethod
    def reopen(directory: Path) -> "JournalWriter":
        """An unsealed run, to go on behind its last whole block. UsageError: sealed, or another process writes it."""
        reader = JournalReader(directory)
        if reader.version < SCHEMA_VERSION:
            raise UsageError(f"run {directory.name}: of an earlier catui; replay it with --source run:{directory}")
        if reader.seal is not None:
            raise UsageError(
                f"run {directory.name}: is sealed ({reader.seal.reason}); replay it with --source run:{directory}"
            )
        lock = _take_lock(directory)
        hasher, seq = reader.verify()
        reader.close()
        return JournalWriter(directory, _open_database(directory / "journal.db", create=False), lock, seq, hasher)

    def append(self, event: Event) -> int:
        """Put an input into the open block; its sequence number. Nothing is durable yet.

        A block that is full is closed by the input behind it, so that what its last input caused is written with it.
        """
        if self._open_bytes >= BLOCK_BYTES:
            self.flush()
        payload = _encoder.encode(event)
        self.seq += 1
        self._open.append(_length.pack(len(payload)))
        self._open.append(payload)
        self._open_bytes += len(payload) + 4
        self._last_ts = event.ts_receive_ns
        if type(event) is Command:
            self._commands.append((self.seq, payload))
        return self.seq

    def approve(self, orders: tuple[Order, ...]) -> None:
        """Put orders beside their cause, the last event: they become durable together, at `flush` at the latest."""
        self._orders += [(self.seq, order) for order in orders]

    def mark(self, marks: tuple[Mark, ...]) -> None:
        """Put marks beside their cause, the last event; they are written with its block."""
        self._marks += marks

    def flush(self) -> None:
        """Make everything durable: the open block, its commands and its orders, in one synced transaction."""
        if self._open:
            self._write()

    def checkpoint(self, state: bytes) -> None:
        """Keep the state after the last event. Only a cache: replay can do without it."""
        self.flush()
        with _guarded(self.directory):
            row = (self.seq, self._hash.digest(), zlib.compress(state, 1))
            self._database.execute("insert or replace into checkpoint values (?, ?, ?)", row)

    def seal(self, reason: str, state_digest: str) -> Seal:
        """End the run: nothing is appended behind a seal, and it proves that the tail is whole."""
        self.flush()
        seal = Seal(reason=reason, events=self.seq, journal_digest=self._hash.hexdigest(), state_digest=state_digest)
        with _guarded(self.directory):
            self._database.execute("insert or replace into meta values ('seal', ?)", (msgspec.json.encode(seal),))
            self._database.execute("pragma wal_checkpoint(truncate)")
        return seal

    @property
    def digest(self) -> str:
        """The running hash of all inputs so far, 32 hex digits."""
        running = self._hash.copy()
        running.update(b"".join(self._open))
        return running.hexdigest()

    def close(self) -> None:
        """Let the run go. What was not flushed is lost, as after a crash."""
        self._database.close()
        os.close(self._lock)

    def _write(self) -> None:
        began = time.perf_counter_ns()
        execute = self._database.execute
        inputs = b"".join(self._open)
        self._hash.update(inputs)
        with _guarded(self.directory):
            execute("begin immediate")
            payload = zlib.compress(inputs, 1)
            row = (self._open_since_seq, self.seq, self._last_ts, self._hash.digest(), payload)
            execute("insert into block values (?, ?, ?, ?, ?)", row)
            for seq, payload in self._commands:
                execute("insert into command values (?, ?)", (seq, payload))
            for seq, order in self._orders:
                execute("insert into intent values (?, ?, ?)", (order.id, seq, _encoder.encode(order)))
            for place, mark in enumerate(self._marks):
                values = (mark.seq, place, mark.ts_ns, mark.kind, mark.text)
                execute("insert into mark values (?, ?, ?, ?, ?)", values)
            execute("commit")
        self._open, self._open_bytes, self._open_since_seq = [], 0, self.seq + 1
        self._commands, self._orders, self._marks = [], [], []
        self.commit_ms = (time.perf_counter_ns() - began) / 1e6


class JournalReader:
    """Reads a run, live or ended, without ever writing to it."""

    def __init__(self, directory: Path) -> None:
        path = directory / "journal.db"
        if not path.is_file():
            raise UsageError(f"run {directory}: no journal.db there; `catui locate` says where runs are")
        self.directory = directory
        try:
            self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
            (application,) = self._database.execute("pragma application_id").fetchone()
            (version,) = self._database.execute("pragma user_version").fetchone()
        except sqlite3.Error as error:
            raise IntegrityError(f"run {directory.name}: journal.db cannot be read: {error}") from None
        if application != APPLICATION_ID:
            raise IntegrityError(f"run {directory.name}: journal.db is no journal of catui")
        if version > SCHEMA_VERSION:
            fault = f"written by a newer catui (schema {version}, this one reads {SCHEMA_VERSION})"
            raise IntegrityError(f"run {directory.name}: {fault}; upgrade")
        self.version = version  # of the schema; before 2 there are no marks
        self.manifest = msgspec.json.decode(self._meta("manifest") or b"null", type=Manifest)

    @property
    def seal(self) -> Seal | None:
        """How the run ended; None while it has not, or was killed."""
        row = self._meta("seal")
        return None if row is None else msgspec.json.decode(row, type=Seal)

    def events(self, after_seq: int = 0) -> Iterator[Event]:
        """The inputs behind `after_seq`, in order. IntegrityError: a block whose content is not what was hashed."""
        query = "select first_seq, last_seq, payload from block where last_seq > ? order by first_seq"
        for first, last, packed in self._database.execute(query, (after_seq,)):
            for seq, event in enumerate(self._events(first, last, packed), first):
                if seq > after_seq:
                    yield event

    def blocks(self, after_seq: int = 0) -> Iterator[Block]:
        """Where the blocks behind `after_seq` stand, in order."""
        query = "select first_seq, last_seq, ts_ns from block where first_seq > ? order by first_seq"
        for row in self._database.execute(query, (after_seq,)):
            yield Block(*row)

    def block(self, first_seq: int) -> tuple[Event, ...]:
        """The events of the block that begins at `first_seq`. IntegrityError: its content is not what was written."""
        query = "select first_seq, last_seq, payload from block where first_seq = ?"
        return tuple(self._events(*self._database.execute(query, (first_seq,)).fetchone()))

    def _events(self, first: int, last: int, packed: bytes) -> Iterator[Event]:
        seq = first - 1
        try:
            for payload in _payloads(packed, self.directory.name, first):
                seq += 1
                yield _event_decoder.decode(payload)
        except msgspec.DecodeError as error:
            raise IntegrityError(f"run {self.directory.name}: block at {first}: event {seq}: {error}") from None
        if seq != last:
            raise IntegrityError(
                f"run {self.directory.name}: block at {first} holds {seq - first + 1} events, says {last}"
            )

    def verify(self) -> tuple["blake2b", int]:
        """Walk the whole chain: `(hasher, last seq)`. IntegrityError: names the block that does not fit."""
        hasher = blake2b(digest_size=16)
        seq = deque(self.chain(hasher), maxlen=1)
        return hasher, seq[0] if seq else 0

    def chain(self, hasher: "blake2b") -> Iterator[int]:
        """Walk the chain block by block: the last event of each one that fits, with `hasher` moved over it.

        IntegrityError: names the block that does not fit.
        """
        seal, seq = self.seal, 0  # first, so that a run sealed in the meantime has all that its seal counts
        query = "select first_seq, last_seq, hash, payload from block where first_seq = ?"
        for block in list(self.blocks()):  # each read by itself: a long read would keep a live run's log from ending
            first, last, expected, packed = self._database.execute(query, (block.first,)).fetchone()
            if first != seq + 1:
                raise IntegrityError(
                    f"run {self.directory.name}: block at {first} follows event {seq}: events are missing"
                )
            for payload in _payloads(packed, self.directory.name, first):
                hasher.update(_length.pack(len(payload)))
                hasher.update(payload)
            if hasher.digest() != expected:
                fault = f"hash {hasher.hexdigest()}, expected {bytes(expected).hex()}"
                raise IntegrityError(f"run {self.directory.name}: block of events {first} to {last}: {fault}")
            seq = last
            yield seq
        if seal is not None and (seal.events, seal.journal_digest) != (seq, hasher.hexdigest()):
            raise IntegrityError(f"run {self.directory.name}: sealed after {seal.events} events, {seq} are there")

    def marks(self, first_seq: int = 0, last_seq: int = LAST) -> Iterator[Mark]:
        """The marks from `first_seq` to `last_seq`, in order; none of a run of an earlier catui."""
        if self.version >= 2:
            query = "select seq, ts_ns, kind, text from mark where seq between ? and ? order by seq, place"
            for seq, ts_ns, kind, text in self._database.execute(query, (first_seq, last_seq)):
                yield Mark(seq, ts_ns, Kind(kind), text)

    def orders(self) -> Iterator[tuple[int, Order]]:
        """Every order that was committed, with the sequence number it was committed at."""
        for seq, payload in self._database.execute("select seq, payload from intent order by seq, rowid"):
            yield seq, msgspec.msgpack.decode(payload, type=Order)

    def checkpoint(self, before_seq: int | None = None) -> Checkpoint | None:
        """The newest checkpoint at or before `before_seq` whose events are all in the journal."""
        query = (
            "select seq, state from checkpoint where seq <= min(?, (select coalesce(max(last_seq), 0) from block))"
            " order by seq desc limit 1"
        )
        row = self._database.execute(query, (LAST if before_seq is None else before_seq,)).fetchone()
        return None if row is None else Checkpoint(row[0], zlib.decompress(row[1]))

    def checkpoint_seqs(self, after_seq: int = 0) -> list[int]:
        """Where the checkpoints behind `after_seq` stand whose events are all in the journal, in order."""
        query = (
            "select seq from checkpoint where seq > ? and seq <= (select coalesce(max(last_seq), 0) from block)"
            " order by seq"
        )
        return [seq for (seq,) in self._database.execute(query, (after_seq,))]

    def close(self) -> None:
        self._database.close()

    def _meta(self, key: str) -> bytes | None:
        row = self._database.execute("select value from meta where key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])


def _payloads(packed: bytes, run: str, first: int) -> Iterator[bytes]:
    try:
        data = zlib.decompress(packed)
    except zlib.error as error:
        raise IntegrityError(f"run {run}: block at {first} cannot be unpacked: {error}") from None
    place = 0
    while place < len(data):
        (length,) = _length.unpack_from(data, place)
        yield data[place + 4 : place + 4 + length]
        place += 4 + length


def _open_database(path: Path, *, create: bool) -> sqlite3.Connection:
    if create:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    with _guarded(path.parent):
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        database.execute("pragma journal_mode = wal")
        for name, value in (("synchronous", 2), ("fullfsync", 1), ("mmap_size", 0), ("trusted_schema", 0)):
            database.execute(f"pragma {name} = {value}")
        (synchronous,) = database.execute("pragma synchronous").fetchone()
        if synchronous != 2:
            raise JournalError(f"run {path.parent}: SQLite refused full sync; choose another disk with --runs DIR")
    return database


def _take_lock(directory: Path) -> int:
    descriptor = os.open(directory / "run.lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        owner = os.read(descriptor, 32).decode("ascii", "replace") or "another process"
        os.close(descriptor)
        raise UsageError(f"run {directory.name}: written by pid {owner}; attach to it, or stop it") from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


@contextmanager
def _guarded(directory: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into one clear line."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise JournalError(f"journal {directory}: {_words(error)}; free space or choose --runs DIR") from error


def _words(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error)
