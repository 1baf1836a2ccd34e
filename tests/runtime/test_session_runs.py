"""A run: the same bytes twice, with keys pressed too; an order is on disk before it leaves; ends are clean."""

import asyncio
from pathlib import Path

import pytest
from run_world import SIMULATED, quick, ran, reader_of

from catui.core.fuse import plain
from catui.domain.events import (
    Action,
    Command,
    Flatten,
    OverrideLimit,
    PauseStrategy,
    ResumeStrategy,
    SetTradingState,
    SetWeight,
    TradingState,
)
from catui.domain.orders import Request, Submit
from catui.pipeline import pipeline
from catui.runtime import statecodec
from catui.runtime.desk import new_session
from catui.runtime.engine import recover
from catui.runtime.journal import JournalError, JournalReader
from catui.runtime.session import Session
from catui.runtime.startorder import Start

KEYS: tuple[Action, ...] = (
    PauseStrategy("momentum"),
    SetWeight("reversion", 0.8),
    ResumeStrategy("momentum"),
    OverrideLimit("P29", "desk", 10_000_000_000, 60, 5),
    Flatten(),
    PauseStrategy("nobody"),
    SetTradingState(TradingState.HALTED),
    SetTradingState(TradingState.ACTIVE),
)


def test_a_run_with_orders_is_the_same_run_twice(tmp_path: Path) -> None:
    (one, first), (two, second) = asyncio.run(ran(tmp_path)), asyncio.run(ran(tmp_path))
    assert one.tally.fills > 0
    assert (first.events, first.state_digest, first.journal_digest) == (
        second.events,
        second.state_digest,
        second.journal_digest,
    )
    assert one.name != two.name


def test_a_run_with_keys_pressed_replays_to_what_it_was_sealed_with(tmp_path: Path) -> None:
    session, seal = asyncio.run(ran(tmp_path, keys=KEYS))
    results = [r for r in session._results if r.id.startswith("operator")]
    assert [r.ok for r in results] == [True, True, True, True, True, False, True, True]
    replayed, again = asyncio.run(ran(tmp_path / "again", None, f"run:{session.engine.journal.directory}"))
    assert (again.state_digest, again.journal_digest) == (seal.state_digest, seal.journal_digest)
    assert replayed.tally.orders == session.tally.orders > 0


def test_the_journal_says_what_the_keys_said(tmp_path: Path) -> None:
    session, _ = asyncio.run(ran(tmp_path, keys=KEYS))
    events = reader_of(session).events()
    assert tuple(e.action for e in events if isinstance(e, Command) and e.author == "operator") == KEYS


def test_an_order_is_on_disk_before_it_leaves(tmp_path: Path) -> None:
    async def watched() -> tuple[int, list[str]]:
        session = await new_session(Start(SIMULATED, quick(), None, tmp_path))
        venue, missing, sent = session._opened.venue, [], 0
        send = venue.send

        async def looked(request: Request) -> None:
            nonlocal sent
            if isinstance(request, Submit):
                sent += 1
                reader = JournalReader(session.engine.journal.directory)
                if request.order.id not in {order.id for _, order in reader.orders()}:
                    missing.append(request.order.id)
                reader.close()
            await send(request)

        venue.send = looked  # type: ignore[method-assign]  # a witness at the door
        await session.run(15.0)
        session.engine.journal.close()
        return sent, missing

    sent, missing = asyncio.run(watched())
    assert sent > 3
    assert missing == []


def test_nothing_works_when_a_run_has_ended(tmp_path: Path) -> None:
    session, seal = asyncio.run(ran(tmp_path))
    assert session.engine.orders().working == {}
    assert seal.reason == "duration"
    assert session.engine.control().trading_state is TradingState.REDUCING


def test_a_checkpoint_and_the_events_behind_it_are_the_state(tmp_path: Path) -> None:
    session, seal = asyncio.run(ran(tmp_path))
    reader = reader_of(session)
    checkpoint = reader.checkpoint()
    assert checkpoint is not None
    assert 0 < checkpoint.seq < seal.events
    machine = pipeline(session.engine.desk)
    state, seq, _ = recover(reader, machine)
    whole = machine.init
    for event in reader.events():
        whole, _ = machine.step(whole, event)
    assert seq == seal.events
    assert statecodec.digest(plain(machine, state)) == statecodec.digest(plain(machine, whole)) == seal.state_digest


def test_a_journal_that_fails_ends_the_run_and_still_cancels(tmp_path: Path) -> None:
    async def failing() -> tuple[Session, list[Request], str]:
        session = await new_session(Start(SIMULATED, quick(), None, tmp_path))
        sent: list[Request] = []
        journal, send = session.engine.journal, session._opened.venue.send
        flush = journal.flush

        async def counted(request: Request) -> None:
            sent.append(request)
            await send(request)

        def full() -> None:
            if session.tally.orders > 4 and session.engine.orders().working:
                raise JournalError("journal: the disk is full; make room, then catui run --resume")
            flush()

        session._opened.venue.send = counted  # type: ignore[method-assign]
        journal.flush = full  # type: ignore[method-assign]
        with pytest.raises(JournalError) as raised:
            await session.run(60.0)
        journal.flush = flush  # type: ignore[method-assign]
        journal.close()
        return session, sent, str(raised.value)

    session, sent, said = asyncio.run(failing())
    assert "disk is full" in said
    assert session.ended == said
    working = set(session.engine.orders().working)
    assert working <= {request.order.id for request in sent if not isinstance(request, Submit)}
    assert reader_of(session).seal is None


def test_runs_that_start_in_one_second_have_names_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.strftime", lambda *_: "20260109T140307Z")
    monkeypatch.setattr(Path, "exists", lambda _: False)  # the other one makes its directory at this very moment

    async def names() -> list[str]:
        made = [await new_session(Start(SIMULATED, quick(), None, tmp_path)) for _ in range(2)]
        for session in made:
            session.engine.journal.close()
        return [session.name for session in made]

    assert asyncio.run(names()) == ["20260109T140307Z-simulated", "20260109T140307Z-simulated-2"]
