"""What the seeker answers: the newest request only, marks as a scan finds them, a timeline that loses no event."""

import shutil
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from past_world import LOOK, Recorded, answers, recorded, sought, worked_ahead

from catui.domain.events import Command, Note
from catui.errors import IntegrityError, UsageError
from catui.runtime.journal import JournalWriter
from catui.runtime.marks import Kind, Mark
from catui.runtime.past.messages import (
    Bookmarks,
    Draw,
    FromSeeker,
    Keep,
    Moment,
    Opened,
    Reach,
    Refused,
    Rest,
    Seek,
    Timeline,
    ToMark,
    ToSeq,
    ToTime,
    Working,
)
from catui.runtime.past.seeker import Seeker


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def seeker(run: Recorded, tmp_path_factory: pytest.TempPathFactory) -> Seeker:
    return Seeker(run.directory, tmp_path_factory.mktemp("cache"), interval=256)


@pytest.fixture
def copied(run: Recorded, tmp_path: Path) -> Path:
    """The run once more, to be written to."""
    directory = tmp_path / "run"
    shutil.copytree(run.directory, directory)
    return directory


def only(kind: type, said: list[FromSeeker]) -> list[FromSeeker]:
    return [each for each in said if isinstance(each, kind)]


def test_of_requests_that_wait_only_the_newest_is_answered(seeker: Seeker) -> None:
    said = answers(seeker, *(Seek(id, ToSeq(id * 100), LOOK) for id in range(1, 9)))
    assert [(each.id, each.seq) for each in said if isinstance(each, Moment)] == [(8, 800)]


def test_a_long_way_is_given_up_for_a_newer_request_and_a_short_one_is_finished(run: Recorded, tmp_path: Path) -> None:
    for behind, ids in ((len(run.events), [2]), (600, [1, 2])):
        seeker = Seeker(run.directory, tmp_path / str(behind), interval=256)
        seeker.states.checkpoints.seqs.clear()  # the way begins at the beginning
        seeker.hear(Seek(1, ToSeq(behind), LOOK))
        said = seeker.work() + seeker.work()
        said += answers(seeker, Seek(2, ToSeq(40), LOOK))
        assert [each.id for each in said if isinstance(each, Moment)] == ids
        seeker.close()


def test_a_moment_is_found_by_number_by_time_and_nothing_lies_outside_of_the_run(run: Recorded, seeker: Seeker) -> None:
    times, last = [event.ts_receive_ns for event in run.events], len(run.events)
    for asked, seq in ((1, 1), (777, 777), (last, last), (0, 1), (-5, 1), (last + 9, last)):
        assert sought(seeker, ToSeq(asked)).seq == seq
    for ts_ns in (times[0], times[400], times[400] + 1, times[-1], times[-1] + 10**12):
        moment = sought(seeker, ToTime(ts_ns))
        assert moment.seq == sum(each <= ts_ns for each in times)
        assert moment.ts_ns == times[moment.seq - 1] == moment.snapshot.now_ns
        assert moment.next_ns == (times[moment.seq] if moment.seq < last else None)
    assert sought(seeker, ToTime(times[0] - 1)).seq == 1


@given(st.data())
def test_the_next_and_the_previous_mark_are_those_that_a_scan_finds(
    run: Recorded, seeker: Seeker, data: st.DataObject
) -> None:
    seq = data.draw(st.integers(1, len(run.events)) | st.sampled_from([mark.seq for mark in run.marks]))
    kind = data.draw(st.none() | st.sampled_from(Kind))
    marked = [mark.seq for mark in run.marks if kind in (None, mark.kind)]
    for is_forward, beyond in (
        (True, [m for m in marked if m > seq][:1]),
        (False, [m for m in marked if m < seq][-1:]),
    ):
        said = seeker._resolved(ToMark(seq, is_forward, kind))
        assert said == ((beyond[0], True) if beyond else (seq, False))


def test_a_moment_says_its_marks_and_a_mark_that_is_not_there_leaves_you_where_you_are(
    run: Recorded, seeker: Seeker
) -> None:
    fill = sought(seeker, ToMark(1, True, Kind.FILL))
    assert fill.is_found
    assert list(fill.marks) == [mark for mark in run.marks if mark.seq == fill.seq]
    assert Kind.FILL in {mark.kind for mark in fill.marks}
    nowhere = sought(seeker, ToMark(len(run.events), True))
    assert (nowhere.is_found, nowhere.seq) == (False, len(run.events))


@given(st.integers(1, 250), st.integers(-(10**10), 10**10), st.integers(0, 10**11))
def test_a_timeline_holds_every_event_once_and_the_weightiest_mark_of_each_cell(
    run: Recorded, seeker: Seeker, cells: int, off_ns: int, span_ns: int
) -> None:
    start = run.events[0].ts_receive_ns + off_ns
    [line] = only(Timeline, answers(seeker, Draw(5, cells, start, start + span_ns)))
    assert isinstance(line, Timeline)
    assert (line.id, len(line.counts), len(line.kinds)) == (5, cells, cells)
    assert sum(line.counts) == len(run.events)
    border = [start + place * span_ns // cells for place in range(1, cells)]

    def cell(ts_ns: int) -> int:
        return sum(ts_ns > each for each in border)

    expected = [0] * cells
    for mark in run.marks:
        place = cell(mark.ts_ns)
        expected[place] = max(expected[place], mark.kind)
    assert list(line.kinds) == expected
    [of_fills] = only(Timeline, answers(seeker, Draw(6, cells, start, start + span_ns, Kind.FILL)))
    filled = {cell(mark.ts_ns) for mark in run.marks if mark.kind is Kind.FILL}
    assert isinstance(of_fills, Timeline)
    assert list(of_fills.kinds) == [Kind.FILL if each in filled else 0 for each in range(cells)]
    place = cells // 2
    assert line.counts[place] == sum(cell(event.ts_receive_ns) == place for event in run.events)


def test_a_bookmark_of_the_past_stands_in_a_file_beside_the_sealed_run(copied: Path, tmp_path: Path) -> None:
    before = (copied / "journal.db").read_bytes()
    seeker = Seeker(copied, tmp_path / "cache", interval=256)
    answers(seeker, Keep(700, "here it\x1b[2J turned"), Keep(300, "and here"))
    seeker.close()
    with (copied / "bookmarks.jsonl").open("ab") as file:
        file.write(b'\n["cut off')
    again = Seeker(copied, tmp_path / "cache", interval=256)
    [told] = only(Bookmarks, answers(again))
    assert isinstance(told, Bookmarks)
    assert [(mark.seq, mark.text) for mark in told.marks if "look" not in mark.text and "ended" not in mark.text] == [
        (300, "and here"),
        (700, "here it\\x1b[2J turned"),
    ]
    assert [mark.text for mark in told.marks if "look" in mark.text] == ["a look at this (operator)"]
    assert sought(again, ToMark(301, True, Kind.BOOKMARK)).seq in {mark.seq for mark in told.marks}
    assert sought(again, ToMark(701, False, Kind.BOOKMARK)).seq == 700
    assert sought(again, ToSeq(700)).marks[-1].text == "here it\\x1b[2J turned"
    answers(again, Keep(900, "third"))
    again.close()
    assert [mark.seq for mark in Seeker(copied, tmp_path / "cache")._markers._kept] == [300, 700, 900]
    assert (copied / "journal.db").read_bytes() == before
    assert (copied / "bookmarks.jsonl").stat().st_mode & 0o777 == 0o600


def test_it_works_ahead_until_every_moment_is_near_a_checkpoint_and_rests_when_told(
    run: Recorded, tmp_path: Path
) -> None:
    seeker = Seeker(run.directory, tmp_path, interval=256)
    answers(seeker)
    busy = [seeker.is_busy]  # nobody has looked yet
    sought(seeker, ToSeq(1_200))
    busy.append(seeker.is_busy)
    seeker.hear(Rest())
    busy.append(seeker.is_busy)
    assert busy == [False, True, False]
    sought(seeker, ToSeq(1_201))
    said = worked_ahead(seeker)
    words = [each.text for each in said if isinstance(each, Working)]
    assert words[-1] == ""
    assert any(word.startswith("checking the journal") for word in words)
    assert any(word.startswith("preparing") for word in words)
    edges = [0, *seeker.states.checkpoints.seqs, len(run.events)]
    assert max(b - a for a, b in pairwise(edges)) <= 256 * 3 // 2
    seeker.close()


def damage(directory: Path, statement: str) -> None:
    database = sqlite3.connect(directory / "journal.db")
    database.execute(statement)
    database.commit()
    database.close()


def test_behind_a_damaged_block_nothing_is_shown_and_the_block_is_named(
    run: Recorded, copied: Path, tmp_path: Path
) -> None:
    blocks = list(run.reader.blocks())
    broken = blocks[len(blocks) // 2]
    damage(copied, f"update block set payload = zeroblob(40) where first_seq = {broken.first}")
    damage(copied, "delete from checkpoint")
    seeker = Seeker(copied, tmp_path / "cache", interval=256)
    said = answers(seeker, Seek(1, ToSeq(len(run.events)), LOOK))
    [refused] = only(Refused, said)
    assert isinstance(refused, Refused)
    assert (refused.id, f"block at {broken.first}" in refused.text) == (1, True)
    said = worked_ahead(seeker)
    assert [each.warning[:8] for each in said if isinstance(each, Opened)] == ["damaged:"]
    assert [each.seq for each in said if isinstance(each, Reach)] == [broken.first - 1]
    assert (
        sought(seeker, ToSeq(len(run.events))).snapshot.equity_money
        == sought(seeker, ToSeq(broken.first - 1)).snapshot.equity_money
    )
    assert sought(seeker, ToSeq(len(run.events))).seq == broken.first - 1
    seeker.close()


def test_a_run_of_other_code_is_shown_with_a_warning_and_by_no_foreign_state(copied: Path, tmp_path: Path) -> None:
    changed = """cast(replace(cast(value as text), '"code_hash":"', '"code_hash":"0') as blob)"""
    damage(copied, f"update meta set value = {changed} where key = 'manifest'")
    seeker = Seeker(copied, tmp_path / "cache", interval=256)
    [opened] = only(Opened, answers(seeker))
    assert isinstance(opened, Opened)
    assert "other code" in opened.warning
    assert seeker.states.checkpoints.seqs == []
    assert sought(seeker, ToSeq(900)).seq == 900
    seeker.close()


def test_what_is_no_run_is_refused_at_the_door(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no journal\.db there"):
        Seeker(tmp_path / "nowhere", tmp_path)
    (tmp_path / "journal.db").write_bytes(b"no database at all, but long enough to be looked at")
    with pytest.raises(IntegrityError, match="cannot be read"):
        Seeker(tmp_path, tmp_path)


def test_a_run_that_is_still_written_is_followed(run: Recorded, tmp_path: Path) -> None:
    writer = JournalWriter.create(tmp_path / "live", run.reader.manifest)
    seeker = Seeker(tmp_path / "live", tmp_path / "cache", interval=256)
    [reach] = only(Reach, answers(seeker))
    assert isinstance(reach, Reach)
    assert (reach.seq, reach.is_sealed) == (0, False)
    assert sought(seeker, ToSeq(1)).seq == 0  # nothing has happened yet, and that can be shown
    for seq, event in enumerate(run.events[:700], 1):
        writer.append(event)
        writer.mark(tuple(mark for mark in run.marks if mark.seq == seq))
        if seq in (300, 700):
            writer.flush()
            seeker.follow()
            [reach] = only(Reach, answers(seeker))
            assert isinstance(reach, Reach)
            assert (reach.seq, reach.ts_ns, reach.first_ns) == (seq, event.ts_receive_ns, run.events[0].ts_receive_ns)
            assert sought(seeker, ToSeq(10**9)).seq == seq
    writer.append(Command("1", "ann", run.events[699].ts_receive_ns, Note("now")))
    writer.mark((Mark(701, run.events[699].ts_receive_ns, Kind.BOOKMARK, "now (ann)"),))
    writer.flush()
    seeker.follow()
    [told] = only(Bookmarks, answers(seeker))
    assert isinstance(told, Bookmarks)
    assert told.marks[-1].text == "now (ann)"
    writer.seal("done", "")
    writer.close()
    seeker.follow()
    [reach] = only(Reach, answers(seeker))
    assert isinstance(reach, Reach)
    assert (reach.seq, reach.is_sealed) == (701, True)
    seeker.follow()
    assert answers(seeker) == []
    assert sought(seeker, ToSeq(701)).snapshot.ended == "done"
    assert sought(seeker, ToSeq(700)).snapshot.ended == ""
    assert seeker._markers.previous(701, None) == max(mark.seq for mark in run.marks if mark.seq <= 700)
    seeker.close()


def test_a_shelf_that_is_damaged_or_of_other_code_is_begun_anew(run: Recorded, tmp_path: Path) -> None:
    seeker = Seeker(run.directory, tmp_path, interval=256)
    sought(seeker, ToSeq(1))
    worked_ahead(seeker)
    seeker.close()
    [file] = tmp_path.glob("*.db")
    for spoil in (
        b"nothing of a database",
        file.read_bytes().replace(run.reader.manifest.code_hash.encode(), b"0" * 32),
    ):
        file.write_bytes(spoil)
        again = Seeker(run.directory, tmp_path, interval=256)
        assert again._shelf.seqs == []
        assert sought(again, ToSeq(333)).seq == 333
        again.close()


def test_a_state_on_the_shelf_that_does_not_decode_is_passed_over(run: Recorded, tmp_path: Path) -> None:
    seeker = Seeker(run.directory, tmp_path, interval=256)
    seeker._shelf.put(777, b"no state")
    seeker.close()
    again = Seeker(run.directory, tmp_path, interval=256)
    assert 777 in again.states.checkpoints.seqs
    assert again.states.checkpoints.state(780)[0] == 500
    assert 777 not in again.states.checkpoints.seqs
    again.close()
    assert Seeker(run.directory, tmp_path)._shelf.seqs == []
