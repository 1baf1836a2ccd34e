"""Every host shows the same desk, answers a key, and ends with a seal; a console that is lost ends the run as well."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attach_world import attached, runtime
from run_world import quick

from catui.domain.events import Kill, PauseStrategy, SetTradingState, TradingState
from catui.runtime.engines import engines
from catui.runtime.host import Host
from catui.runtime.inprocess import TaskHost, ThreadHost
from catui.runtime.journal import JournalReader
from catui.runtime.process import ProcessHost
from catui.runtime.startorder import Start, StartOrder
from catui.snapshot import Snapshot

__all__ = ["runtime"]  # a fixture

DEADLINE_S = 120.0  # far beyond what anything here takes
STEP_S = 0.02


async def until(seen: Callable[[], Any]) -> Any:
    """What `seen` gives, once it gives something."""
    for _ in range(int(DEADLINE_S / STEP_S)):
        found = seen()
        if found:
            return found
        await asyncio.sleep(STEP_S)
    raise AssertionError("nothing came")


def hosts(runs: Path) -> dict[str, Host]:
    start = Start("simulated:7", quick(), 1.0, runs)
    order = StartOrder(start.source, start.config, start.speed, str(runs))
    return {"process": ProcessHost(order), "thread": ThreadHost(start), "task": TaskHost(start)}


def sealed(runs: Path) -> str:
    """Why the only run ended."""
    [directory] = runs.iterdir()
    seal = JournalReader(directory).seal
    assert seal is not None
    return seal.reason


@pytest.mark.parametrize("name", ["process", "thread", "task"])
def test_a_host_shows_answers_and_seals(name: str, tmp_path: Path) -> None:
    async def lived() -> tuple[Snapshot, Any]:
        host = hosts(tmp_path)[name]
        await host.start()
        first: Snapshot = await until(host.latest)
        id = await host.send(PauseStrategy("momentum"), "a test")

        def answered() -> Any:
            snapshot = host.latest()
            return next((r for r in snapshot.results if r.id == id), None) if snapshot is not None else None

        result = await until(answered)
        await host.close()
        await until(lambda: host.ended() is not None)
        assert host.ended() == 0, host.status()
        return first, result

    first, result = asyncio.run(lived())
    assert first.badge == "PAPER"
    assert result.ok
    assert sealed(tmp_path) == "console left"


@pytest.mark.parametrize("name", ["thread", "task"])
def test_an_engine_in_the_console_s_own_process_is_attached_to_by_the_same_door(
    name: str, runtime: Path, tmp_path: Path
) -> None:
    async def lived() -> tuple[tuple[str, ...], int | None, int | None, str]:
        host = hosts(tmp_path)[name]
        await host.start()
        await until(host.latest)
        [card] = await until(engines)
        async with attached(card) as guest:
            id = await guest.send(Kill(), "a test")
            assert await guest.answer(id) == (True, "HALTED; cancelling all", guest.name)
            names = tuple(each.name for each in guest.desk.consoles)
            await host.close()
            await until(lambda: guest.ended() is not None)
            return names, guest.ended(), host.ended(), guest.status()

    names, guest, host, words = asyncio.run(lived())
    assert len(names) == 2
    assert (guest, host) == (3, 3)
    assert words.endswith("console left, HALTED")


def test_a_run_ends_with_the_code_of_its_desk_whoever_shows_it(runtime: Path, tmp_path: Path) -> None:
    async def lived() -> tuple[int | None, int | None, int | None]:
        host = hosts(tmp_path)["process"]
        await host.start()
        await until(host.latest)
        [card] = await until(engines)
        async with attached(card) as guest, attached(card, "watch") as leaver:
            await leaver.close(stop=False)
            await guest.answer(await guest.send(SetTradingState(TradingState.HALTED)))
            await host.close()
            await until(lambda: guest.ended() is not None)
            return host.ended(), guest.ended(), leaver.ended()

    assert asyncio.run(lived()) == (3, 3, None)


def test_a_console_that_is_lost_ends_the_run_after_its_grace(tmp_path: Path) -> None:
    async def lost() -> None:
        host = hosts(tmp_path)["process"]
        assert isinstance(host, ProcessHost)
        await host.start()
        await until(host.latest)
        assert host._channel is not None
        child = host._child
        assert child is not None
        host._channel.close()
        await until(lambda: child.poll() is not None)
        for task in host._tasks:
            task.cancel()
        await asyncio.gather(*host._tasks, return_exceptions=True)

    asyncio.run(lost())
    assert sealed(tmp_path) == "console lost"


def test_a_source_that_cannot_be_is_one_line_in_the_status(tmp_path: Path) -> None:
    async def refused() -> tuple[int | None, str]:
        host = ProcessHost(StartOrder("tape:nowhere.gz", quick(), 1.0, str(tmp_path)))
        await host.start()
        await until(lambda: host.ended() is not None)
        await host.close()
        return host.ended(), host.status()

    code, status = asyncio.run(refused())
    assert code == 2
    assert "nowhere.gz" in status
    assert "\n" not in status


def test_a_child_that_dies_is_told_with_its_last_lines_and_its_run_is_taken_up_reducing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONFAULTHANDLER", "1")  # so that it has last lines

    async def recovered() -> tuple[tuple[str, ...], Snapshot]:
        host = hosts(tmp_path)["process"]
        assert isinstance(host, ProcessHost)
        await host.start()
        first: Snapshot = await until(host.latest)
        assert host._child is not None
        host._child.send_signal(signal.SIGABRT)
        lost = await until(host.lost)
        assert host.ended() == 1
        assert host.status().startswith(lost[0])
        assert "\n" not in host.status()
        await host.recover()
        assert (host.lost(), host.ended()) == ((), None)

        def again() -> Snapshot | None:
            snapshot = host.latest()
            return snapshot if snapshot is not first and snapshot and snapshot.trading_state == "REDUCING" else None

        snapshot: Snapshot = await until(again)
        assert snapshot.run == first.run
        assert "resumed after a crash" in snapshot.trading_reason
        await host.close()
        assert host.ended() == 0, host.status()
        return lost, snapshot

    lost, snapshot = asyncio.run(recovered())
    assert lost[0] == f"the engine died, exit code -6 (SIGABRT); run {snapshot.run}"
    assert any("Fatal Python error: Aborted" in line for line in lost[1:])
    assert sealed(tmp_path) == "console left"
