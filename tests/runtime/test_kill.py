"""A desk is stopped from outside: by its socket with the answer verified, and by a file where it does not answer."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from attach_world import attached, commands, engine, runtime, until
from run_world import quick

from catui.domain.events import Action, Kill, TradingState
from catui.errors import CatuiError, UsageError
from catui.runtime import killing
from catui.runtime.attach import login_name
from catui.runtime.desk import new_session, resume_session
from catui.runtime.killfile import KillFile, KillOrder, leave
from catui.runtime.killing import by_file, kill, kill_all, kill_run
from catui.runtime.startorder import Start

__all__ = ["runtime"]


def kills(directory: Path) -> list[tuple[str, str]]:
    """Author and reason of every kill in a run's journal."""
    return [(c.author, c.reason) for c in commands(directory) if isinstance(c.action, Kill)]


def test_a_kill_is_verified_by_the_desk_and_stands_in_its_journal(runtime: Path, tmp_path: Path) -> None:
    async def killed() -> Path:
        async with engine(tmp_path) as (running, card), attached(card) as console:
            await until(lambda: console.desk.orders)
            done = await asyncio.to_thread(kill, card, "enough", False)
            assert (done.halted, done.working, done.ended, done.file) == (True, 0, False, "")
            assert done.words == f"run {card.run}: HALTED, no order works"
            await until(lambda: console.desk.trading_state == "HALTED")
            assert console.desk.trading_reason == f"{login_name()}-2: enough"  # beside the console of the same user
            done = await asyncio.to_thread(kill, card, "and out", True)
            assert (done.is_done, done.ended) == (True, True)
            assert (await running.end())["code"] == 3
            return Path(card.directory)

    name = f"{login_name()}-2"
    assert kills(asyncio.run(killed())) == [(name, "enough"), (name, "and out")]


def test_a_stopped_engine_is_left_a_kill_file_and_obeys_it_when_it_goes_on(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killing, "ANSWER_S", 0.3)

    async def stopped() -> Path:
        async with engine(tmp_path) as (running, card), attached(card) as console:
            running.process.send_signal(signal.SIGSTOP)
            done = await asyncio.to_thread(kill, card, "frozen", False)
            file = Path(card.directory) / "kill"
            assert (done.halted, done.is_done, done.file) == (False, False, str(file))
            assert "no answer within" in done.words
            assert "NOT VERIFIED" in done.words
            assert file.stat().st_mode & 0o077 == 0
            running.process.send_signal(signal.SIGCONT)
            await until(lambda: console.desk.trading_state == "HALTED")
            assert console.desk.trading_reason == f"{login_name()}: frozen"
            await until(lambda: not file.exists())
            return Path(card.directory)

    assert kills(asyncio.run(stopped())) == [(login_name(), "frozen")]


def test_an_empty_kill_file_will_do_and_one_may_end_the_run(runtime: Path, tmp_path: Path) -> None:
    async def touched() -> Path:
        async with engine(tmp_path) as (running, card), attached(card) as console:
            directory = Path(card.directory)
            (directory / "kill").touch()
            await until(lambda: console.desk.trading_state == "HALTED")
            leave(directory, KillOrder("\x1b[31mann", "bye", stop=True))
            assert (await running.end())["code"] == 3
            assert console.desk.ended == "killed"
            return directory

    assert kills(asyncio.run(touched())) == [("kill file", "kill file"), ("\\x1b[31mann", "bye")]


def test_a_dead_engine_obeys_its_kill_file_when_its_run_is_taken_up(runtime: Path, tmp_path: Path) -> None:
    async def taken_up() -> TradingState:
        session = await new_session(Start("simulated:7", quick(), 1.0, tmp_path))
        directory = session.engine.journal.directory
        running = asyncio.create_task(session.run())
        await until(lambda: session.tally.events > 20)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        session.engine.journal.flush()
        session.engine.journal.close()
        done = kill_run(directory.name, tmp_path, "late", stop=True)
        assert "no engine of yours listens for it" in done.words
        again = await resume_session(directory, quick(), 1.0)
        await again.run()
        again.engine.journal.close()
        return again.engine.control().trading_state

    assert asyncio.run(taken_up()) is TradingState.HALTED


def test_a_crash_does_not_loosen_a_desk_that_was_killed(tmp_path: Path) -> None:
    async def taken_up(*keys: Action) -> tuple[TradingState, str]:
        session = await new_session(Start("simulated:7", quick(), None, tmp_path))
        for key in keys:
            session.command(key, "ann", "enough")
        running = asyncio.create_task(session.run())
        await until(lambda: session.tally.events > 20)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        session.engine.journal.flush()
        session.engine.journal.close()
        again = await resume_session(session.engine.journal.directory, quick(), None)
        running = asyncio.create_task(again.run())
        await until(lambda: again.tally.events > 20)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        again.engine.journal.close()
        return again.engine.control().trading_state, again.engine.control().trading_reason

    assert asyncio.run(taken_up(Kill())) == (TradingState.HALTED, "ann: enough")
    state, reason = asyncio.run(taken_up())
    assert (state, reason.startswith("desk: resumed after a crash")) == (TradingState.REDUCING, True)


def test_a_kill_file_is_obeyed_once_even_where_it_cannot_be_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    looking = KillFile(tmp_path)
    assert looking.take() is None
    leave(tmp_path, KillOrder("ann", "now"))
    monkeypatch.setattr(Path, "unlink", refused)
    assert looking.take() == KillOrder("ann", "now")
    assert looking.take() is None
    (tmp_path / "kill").write_text("not json")
    os.utime(tmp_path / "kill", ns=(1, 1))
    assert looking.take() == KillOrder()
    assert looking.take() is None


def test_what_cannot_be_killed_is_said(runtime: Path, tmp_path: Path) -> None:
    assert kill_all("now", stop=False) == []
    with pytest.raises(UsageError, match="no engine of yours runs it"):
        kill_run("nothing", tmp_path, "now", stop=False)
    with pytest.raises(UsageError, match="no engine runs"):
        kill_run(None, tmp_path, "now", stop=False)
    with pytest.raises(CatuiError, match=r"silent; no kill file either: .*no such file or directory"):
        by_file("gone", tmp_path / "gone", "now", False, "silent")


def test_the_command_kills_every_engine_and_says_so_to_machines(runtime: Path, tmp_path: Path) -> None:
    async def both() -> list[str]:
        async with engine(tmp_path / "one") as (one, _), engine(tmp_path / "two") as (two, _):
            command = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "catui", "kill", "--all", "--stop", "--json"), stdout=asyncio.subprocess.PIPE
            )
            out, _ = await command.communicate()
            assert command.returncode == 0
            assert {(await one.end())["state"], (await two.end())["state"]} == {"HALTED"}
            return out.decode().splitlines()

    *lines, last = map(json.loads, asyncio.run(both()))
    assert [(line["halted"], line["working"], line["ended"]) for line in lines] == [(True, 0, True)] * 2
    assert last == {"summary": True, "engines": 2, "verified": 2}
