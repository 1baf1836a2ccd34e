"""Runs that are killed, told to go, or taken up again; processes of their own, because the signals are real."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from catui.core.fuse import plain
from catui.pipeline import pipeline
from catui.runtime import statecodec
from catui.runtime.journal import JournalReader

WORDS = ["--json", "--set", "planning.min_change=0.05", "--set", "planning.style=cross"]
QUICK = [
    *("--set", "strategies.momentum.fast_half_life_ticks=3", "--set", "strategies.momentum.slow_half_life_ticks=9"),
    *("--set", "features.warm_up_ticks=3"),
]


def started(home: Path, *words: str) -> subprocess.Popen[str]:
    """`catui run` on the embedded exchange, for a user who has nothing yet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "CATUI_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "catui", "run", "--runs", str(home / "runs"), *WORDS, *QUICK, *words],
        env={**kept, "HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_until_orders(running: subprocess.Popen[str], orders: int) -> None:
    """Progress lines, until so many orders are approved."""
    assert running.stdout is not None
    for line in running.stdout:
        told = json.loads(line)
        assert "summary" not in told, told
        if told.get("orders", 0) >= orders:
            return
    raise AssertionError(running.stderr.read() if running.stderr is not None else "no line")


def ended(running: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = running.communicate(timeout=120)
    assert running.returncode in (0, 3), err
    summary: dict[str, Any] = json.loads(out.splitlines()[-1])
    return summary


def replayed(directory: Path) -> str:
    """The digest of a run's events, stepped from the start."""
    reader = JournalReader(directory)
    machine = pipeline(reader.manifest.desk)
    state: Any = machine.init
    for event in reader.events():
        state, _ = machine.step(state, event)
    return statecodec.digest(plain(machine, state))


def test_a_killed_run_goes_on_from_where_it_was(tmp_path: Path) -> None:
    running = started(tmp_path)
    read_until_orders(running, 1)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    [directory] = (tmp_path / "runs").iterdir()
    before = JournalReader(directory)
    count = sum(1 for _ in before.events())
    assert before.seal is None
    assert count > 0
    before.close()
    summary = ended(started(tmp_path, "--resume", str(directory), "--duration", "2s"))
    reader = JournalReader(directory)
    assert reader.seal is not None
    assert reader.seal.events > count
    assert reader.seal.state_digest == summary["state_digest"] == replayed(directory)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_that_is_told_to_go_cancels_and_seals(number: signal.Signals, tmp_path: Path) -> None:
    running = started(tmp_path)
    read_until_orders(running, 0)
    running.send_signal(number)
    summary = ended(running)
    [directory] = (tmp_path / "runs").iterdir()
    seal = JournalReader(directory).seal
    assert seal is not None
    assert number.name in seal.reason
    assert seal.state_digest == summary["state_digest"] == replayed(directory)


def test_an_inbox_keeps_the_order_and_only_the_source_waits() -> None:
    from catui.domain.events import Tick
    from catui.runtime.inbox import ROOM, Inbox

    async def passed() -> tuple[list[int], bool, bool]:
        inbox = Inbox()
        for number in range(ROOM):
            await inbox.offer([Tick(number)])
        blocked = asyncio.create_task(inbox.offer([Tick(ROOM)]))
        await asyncio.sleep(0)
        was_blocked = not blocked.done()
        inbox.put([Tick(-1)])
        taken = [(await inbox.take())[0].ts_receive_ns for _ in range(ROOM + 1)]
        await blocked
        taken.append((await inbox.take())[0].ts_receive_ns)
        emptied = asyncio.create_task(inbox.emptied())
        taking = asyncio.create_task(inbox.take())
        await emptied
        taking.cancel()
        return taken, was_blocked, emptied.done()

    taken, was_blocked, is_empty = asyncio.run(passed())
    assert was_blocked
    assert is_empty
    assert taken == [*range(ROOM), -1, ROOM]


def test_what_has_to_be_known_first_is_taken_first() -> None:
    from catui.domain.events import Tick
    from catui.runtime.inbox import Inbox

    async def taken() -> list[int]:
        inbox = Inbox()
        for number in (2, 3):
            inbox.put([Tick(number)])
        inbox.put_first([Tick(1)])
        inbox.put_first([])
        return [(await inbox.take())[0].ts_receive_ns for _ in range(len(inbox))]

    assert asyncio.run(taken()) == [1, 2, 3]
