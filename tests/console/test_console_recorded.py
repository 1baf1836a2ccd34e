"""The console on a recorded run, and from a live desk into its past, on a real terminal with real processes."""

import sys
from pathlib import Path

import pytest
from pseudo_terminal import Terminal

sys.path.insert(0, str(Path(__file__).parents[1] / "past"))
from past_world import recorded

from catui.runtime.journal import JournalReader
from catui.runtime.marks import Kind

WIDE = (120, 40)
CONSOLE = (sys.executable, "-m", "catui", "console")


def test_a_recorded_run_is_shown_travelled_in_and_left(tmp_path: Path) -> None:
    run = recorded(tmp_path / "runs", 5.0)
    before = {file.name: file.read_bytes() for file in run.directory.iterdir()}
    terminal = Terminal([*CONSOLE, "--run", str(run.directory), "--at", "start"], str(tmp_path), WIDE)
    try:
        terminal.until(b" REPLAY ")
        terminal.until(b"PAST")
        terminal.press(b"||||")
        terminal.until(b"marks: command")
        terminal.press(b"}")
        terminal.until(b"operator: pause_strategy momentum")
        terminal.press(b"\x1b[19~")  # F8
        terminal.until(b"a recorded run takes no command")
        terminal.press(b"q")
        assert terminal.ended() == 0
        terminal.assert_restored()
    finally:
        terminal.close()
    assert {file.name: file.read_bytes() for file in run.directory.iterdir()} == before


def test_from_the_past_of_a_live_desk_f8_halts_the_live_one(tmp_path: Path) -> None:
    terminal = Terminal([*CONSOLE, "--source", "simulated:7", "--runs", str(tmp_path / "runs")], str(tmp_path), WIDE)
    try:
        terminal.until(b"ACTIVE")
        terminal.press(b"t")
        terminal.until(b"PAST")
        terminal.until(b"LIVE")
        terminal.press(b",x")
        terminal.until(b"you are at ")
        terminal.press(b"\x1b[19~")  # F8
        terminal.until(b"HALTED")
        terminal.press(b"q")
        assert terminal.ended(says=(b"Leave the desk?", b"y")) == 3  # the run's own code: it ended HALTED
        terminal.assert_restored()
    finally:
        terminal.close()
    [directory] = (tmp_path / "runs").iterdir()
    reader = JournalReader(directory)
    assert reader.seal is not None
    assert "set_trading_state HALTED" in "".join(mark.text for mark in reader.marks() if mark.kind is Kind.COMMAND)


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("--run", "nowhere"), "no journal.db there", 2),
        (("--run", "damaged"), "cannot be read", 4),
        (("--run", "nowhere", "--at", "noon"), "--at noon: is no moment; write #1180233", 2),
        (("--at", "14:03:07"), "add --run DIR", 2),
    ],
)
def test_what_cannot_be_shown_is_one_line_and_no_screen(
    words: tuple[str, ...], says: str, code: int, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "journal.db").write_bytes(b"no database at all, but long enough to be looked at")
    place = [str(tmp_path / word) if word in ("nowhere", "damaged") else word for word in words]
    terminal = Terminal([*CONSOLE, *place], str(tmp_path))
    try:
        assert terminal.ended() == code
        assert says.encode() in terminal.seen
        assert b"\x1b[?1049h" not in terminal.seen
    finally:
        terminal.close()
