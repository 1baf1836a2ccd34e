"""The journal keeps every input in order, proves it, and loses at most an unclosed block."""

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catui.domain.events import Command, Event, Kill, Quote, Tick
from catui.domain.instrument import Instrument
from catui.domain.orders import Intent, Leg, Order, Side, Status
from catui.domain.settings import Desk, StrategySettings
from catui.errors import IntegrityError, UsageError
from catui.runtime.journal import JournalError, JournalReader, JournalWriter
from catui.runtime.manifest import Manifest

BTC = Instrument("binance", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
DESK = Desk(1, (BTC,), (StrategySettings("momentum", "momentum"),))
MANIFEST = Manifest("r", DESK, "simulated", "PAPER", 1, "0", "3", "c", "h")


def quote(n: int) -> Quote:
    return Quote(BTC.key, n, None, 100 + n, 5, 101 + n, 6)


def order(n: int) -> Order:
    intent = Intent(BTC.key, Side.BUY, 5, 100, (Leg("momentum", 5),), "ensemble", n)
    return Order(f"id-{n}", intent, 5, Status.INTENDED, n, n, n + 5, n)


def written(path: Path, events: list[Event]) -> JournalWriter:
    writer = JournalWriter.create(path, MANIFEST)
    for event in events:
        writer.append(event)
    return writer


EVENTS: list[Event] = [quote(1), Command("1", "me", 2, Kill(), "because"), Tick(3), quote(4)]


def test_what_was_sealed_reads_back_in_order_and_proves_itself(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    seal = writer.seal("done", "state")
    writer.close()
    reader = JournalReader(tmp_path / "r")
    assert list(reader.events()) == EVENTS
    assert list(reader.events(after_seq=2)) == EVENTS[2:]
    assert reader.seal == seal
    assert (seal.events, seal.reason, seal.state_digest) == (4, "done", "state")
    hasher, seq = reader.verify()
    assert (hasher.hexdigest(), seq) == (seal.journal_digest, 4)
    assert reader.manifest == MANIFEST


@given(st.lists(st.integers(0, 5), max_size=6))
def test_the_hash_does_not_depend_on_where_blocks_end(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("runs") / "r"
    writer = JournalWriter.create(path, MANIFEST)
    for n in range(6):
        if n in cuts:
            writer.flush()
        writer.append(quote(n))
    cut = writer.seal("done", "").journal_digest
    writer.close()
    whole = written(path.with_name("whole"), [quote(n) for n in range(6)])
    assert whole.seal("done", "").journal_digest == cut
    whole.close()


def test_an_order_is_durable_with_the_events_that_caused_it(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    writer.approve((order(4),))
    writer.flush()
    writer.append(quote(5))  # in the open block: lost with the process
    writer.close()
    reader = JournalReader(tmp_path / "r")
    assert list(reader.events()) == EVENTS
    assert list(reader.orders()) == [(4, order(4))]
    assert reader.seal is None


def test_no_order_is_committed_twice(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    writer.approve((order(4), order(4)))
    with pytest.raises(JournalError):
        writer.flush()
    writer.close()


def test_a_killed_run_is_taken_up_behind_its_last_whole_block(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    writer.flush()
    writer.close()
    again = JournalWriter.reopen(tmp_path / "r")
    assert again.seq == 4
    again.append(quote(5))
    digest = again.seal("done", "").journal_digest
    again.close()
    whole = written(tmp_path / "whole", [*EVENTS, quote(5)])
    assert whole.digest == digest
    whole.close()
    assert JournalReader(tmp_path / "r").verify()[1] == 5


def test_a_sealed_run_is_not_taken_up(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    writer.seal("done", "")
    writer.close()
    with pytest.raises(UsageError, match="sealed"):
        JournalWriter.reopen(tmp_path / "r")


def test_a_run_has_one_writer(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    with pytest.raises(UsageError, match=f"written by pid {os.getpid()}"):
        JournalWriter.reopen(tmp_path / "r")
    writer.close()


def damage(path: Path, statement: str, *values: object) -> None:
    database = sqlite3.connect(path / "journal.db")
    database.execute(statement, values)
    database.commit()
    database.close()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("update block set hash = zeroblob(16) where first_seq = 3", "block of events 3 to 4: hash"),
        ("update block set payload = zeroblob(9) where first_seq = 3", "block at 3 cannot be unpacked"),
        ("delete from block where first_seq = 1", "block at 3 follows event 0: events are missing"),
        ("delete from block where first_seq = 3", "sealed after 4 events, 2 are there"),
    ],
)
def test_damage_is_named_by_its_place(tmp_path: Path, statement: str, says: str) -> None:
    writer = written(tmp_path / "r", EVENTS[:2])
    writer.flush()
    for event in EVENTS[2:]:
        writer.append(event)
    writer.seal("done", "")
    writer.close()
    damage(tmp_path / "r", statement)
    with pytest.raises(IntegrityError, match=says):
        JournalReader(tmp_path / "r").verify()


def test_a_foreign_database_and_a_newer_schema_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "r", []).close()
    damage(tmp_path / "r", "pragma user_version = 99")
    with pytest.raises(IntegrityError, match="newer catui"):
        JournalReader(tmp_path / "r")
    damage(tmp_path / "r", "pragma application_id = 7")
    with pytest.raises(IntegrityError, match="no journal of catui"):
        JournalReader(tmp_path / "r")


def test_full_sync_is_on_at_every_open(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    assert writer._database.execute("pragma synchronous").fetchone() == (2,)
    assert writer._database.execute("pragma journal_mode").fetchone() == ("wal",)
    writer.close()


def test_the_journal_is_the_owners_alone(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", EVENTS)
    assert (tmp_path / "r").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "r" / "journal.db").stat().st_mode & 0o777 == 0o600
    writer.close()


def test_a_directory_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UsageError, match=r"run directory .*: not a directory; choose another"):
        JournalWriter.create(blocked / "r", MANIFEST)


def test_a_disk_that_refuses_ends_writing_with_one_clear_line(tmp_path: Path) -> None:
    writer = written(tmp_path / "r", [])
    writer._database.execute("pragma max_page_count = 1")  # SQLite's own full disk
    for n in range(2000):
        writer.append(replace(quote(n), instrument="x" * 90 + str(n)))
        if writer._open_bytes > 60_000:
            break
    with pytest.raises(JournalError, match="free space or choose --runs DIR"):
        writer.flush()
    writer.close()


def test_the_newest_checkpoint_that_the_journal_covers_is_used(tmp_path: Path) -> None:
    writer = JournalWriter.create(tmp_path / "r", MANIFEST)
    for n in range(1, 7):
        writer.append(quote(n))
        if n in (2, 4):
            writer.checkpoint(str(n).encode())
    writer.flush()
    writer.close()
    reader = JournalReader(tmp_path / "r")
    found = [reader.checkpoint(before) for before in (None, 3, 1)]
    assert [None if c is None else (c.seq, c.state) for c in found] == [(4, b"4"), (2, b"2"), None]
