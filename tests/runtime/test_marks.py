"""Marks stand in the journal beside what caused them: all of them, and none of another."""

import asyncio
from pathlib import Path

from run_world import SIMULATED, quick, ran, reader_of

from catui.domain.events import CancelOrder, Note, PauseStrategy, ResumeStrategy
from catui.pipeline import pipeline
from catui.runtime.desk import new_session, resume_session
from catui.runtime.journal import SCHEMA_VERSION, JournalReader
from catui.runtime.marks import Kind, Mark, marks_of
from catui.runtime.session import Session
from catui.runtime.startorder import Start


def scanned(reader: JournalReader) -> list[Mark]:
    """The marks of a run, found by stepping all of it."""
    desk = reader.manifest.desk
    machine, found = pipeline(desk), list[Mark]()
    state = machine.init
    for seq, event in enumerate(reader.events(), 1):
        state, outputs = machine.step(state, event)
        found += marks_of(desk, seq, event, outputs)
    return found


async def has_filled(session: Session, fills: int) -> None:
    """Let the run go on until it has booked so many fills."""
    while True:
        await asyncio.sleep(0)
        if session.tally.fills >= fills:
            return


def test_the_marks_of_a_run_are_those_that_stepping_it_finds(tmp_path: Path) -> None:
    keys = (PauseStrategy("momentum"), Note("a look at this"), ResumeStrategy("momentum"))
    session, _ = asyncio.run(ran(tmp_path, keys=keys))
    reader = reader_of(session)
    marks = list(reader.marks())
    assert marks == scanned(reader)
    assert {mark.kind for mark in marks} == set(Kind)
    assert [mark for mark in marks if mark.kind is Kind.FILL][-1].text.startswith(("filled BUY ", "filled SELL "))
    assert len([mark for mark in marks if mark.kind is Kind.ORDER]) == session.tally.orders
    middle = marks[len(marks) // 2].seq
    assert list(reader.marks(middle, middle)) == [mark for mark in marks if mark.seq == middle]


def test_a_run_that_was_killed_and_taken_up_has_all_its_marks(tmp_path: Path) -> None:
    async def killed() -> Path:
        session = await new_session(Start(SIMULATED, quick(), None, tmp_path))
        running = asyncio.create_task(session.run())
        await has_filled(session, 3)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        session.engine.journal.close()
        return session.engine.journal.directory

    async def taken_up(directory: Path) -> None:
        session = await resume_session(directory, quick(), None)
        await session.run(10.0)
        session.engine.journal.close()

    directory = asyncio.run(killed())
    reader = JournalReader(directory)
    before = list(reader.marks())
    assert before == scanned(reader)
    asyncio.run(taken_up(directory))
    after = list(reader.marks())
    assert after == scanned(reader)
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert reader.version == SCHEMA_VERSION


def test_foreign_text_is_made_visible_before_it_is_kept(tmp_path: Path) -> None:
    session, _ = asyncio.run(ran(tmp_path, keys=(Note("\x1b[2J" + "x" * 500), CancelOrder("\u202enobody"))))
    marks = [mark for mark in reader_of(session).marks() if mark.text.startswith(("\\x1b", "operator"))]
    assert [mark.text[:20] for mark in marks] == ["\\x1b[2Jxxxxxxxxxxxxx", "operator: cancel_ord"]
    assert all(mark.text.isprintable() and len(mark.text) <= 120 for mark in marks)
    assert "\\u202e" in marks[1].text
