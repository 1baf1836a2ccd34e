"""A console that is killed, and one whose terminal does not read: what becomes of the engine behind it."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pseudo_terminal import ALT_OFF, LIMIT_S, Terminal

from catui.errors import CatuiError
from catui.runtime.journal import JournalReader
from catui.runtime.manifest import Seal

CATUI = [sys.executable, "-m", "catui"]
SIZE = (200, 60)


def sealed(runs: Path) -> Seal:
    """How the only run has ended, once it has."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        for directory in runs.glob("*"):
            try:
                reader = JournalReader(directory)
            except (CatuiError, sqlite3.Error):  # it is only being made
                continue
            seal = reader.seal
            reader.close()
            if seal is not None:
                return seal
        time.sleep(0.05)
    raise AssertionError("no run has ended")


def test_a_console_that_is_killed_leaves_an_engine_that_ends_its_run_after_the_grace(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    command = [*CATUI, "console", "--source", "simulated:7", "--runs", str(runs), "--set", "engine.console_grace_s=0"]
    terminal = Terminal(command, str(tmp_path), SIZE)
    try:
        terminal.until(b"spread")
        terminal.process.kill()
        assert sealed(runs).reason == "console lost"
    finally:
        terminal.close()


def test_an_engine_behind_a_terminal_that_does_not_read_ends_on_the_digest_of_one_without(
    recording: Callable[[str], Path], tmp_path: Path
) -> None:
    source = ["--source", f"tape:{recording('binance/spot_alts_20211012.jsonl.gz')}", "--speed", "max"]
    alone = [*CATUI, "run", *source, "--json", "--runs", str(tmp_path / "alone")]
    summary = json.loads(subprocess.run(alone, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    terminal = Terminal([*CATUI, "console", *source, "--runs", str(tmp_path / "runs")], str(tmp_path), SIZE)
    try:
        seal = sealed(tmp_path / "runs")  # nothing of what the console writes has been read
        assert (seal.reason, seal.state_digest) == (summary["ended"], summary["state_digest"])
        terminal.until(b"4 Positions")
        terminal.press(b"q")
        assert terminal.ended() == 0
        terminal.assert_restored()
        assert b"run 20" in terminal.seen[terminal.seen.rindex(ALT_OFF) :]  # how it went stays on the terminal
    finally:
        terminal.close()
