"""The examination finds what is wrong with a machine, and names what mends it."""

import io
import shutil
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import NamedTuple

import pytest

from catui import doctor
from catui.doctor import Finding, examine


class Terminal:
    """A terminal in the place of standard output."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding

    def isatty(self) -> bool:
        return True


def findings(terminal: str = "", **environment: str) -> dict[str, Finding]:
    """What is found, by name, on a terminal of this encoding or on none, with these variables set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", Terminal(terminal) if terminal else io.StringIO())
        for name, value in environment.items():
            patch.setenv(name, value)
        return {finding.name: finding for finding in examine()}


@pytest.fixture(autouse=True)
def nothing_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("CATUI_CONFIG", raising=False)


@pytest.mark.parametrize(
    ("columns", "lines", "ok"),
    [(60, 15, True), (120, 40, True), (59, 15, False), (60, 14, False), (200, 5, False), (20, 80, False)],
)
def test_a_terminal_must_be_wide_and_high_enough(columns: int, lines: int, ok: bool) -> None:
    size = findings("utf-8", COLUMNS=str(columns), LINES=str(lines))["size"]
    assert size == Finding("size", ok, f"{columns}x{lines}", "" if ok else "at least 60x15")


@pytest.mark.parametrize(
    ("term", "colorterm", "found", "ok"),
    [
        ("xterm-256color", "truecolor", "xterm-256color, truecolor colours", True),
        ("xterm-256color", "", "xterm-256color, 256 colours", True),
        ("linux", "", "linux, 16 colours", True),
        ("dumb", "", "dumb, 16 colours", False),
        ("", "", "unknown, 16 colours", False),
    ],
)
def test_a_terminal_that_can_draw_nothing_is_bad(term: str, colorterm: str, found: str, ok: bool) -> None:
    finding = findings("utf-8", TERM=term, COLORTERM=colorterm)["terminal"]
    assert (finding.found, finding.ok, bool(finding.mend)) == (found, ok, not ok)


@pytest.mark.parametrize(("encoding", "ok"), [("utf-8", True), ("UTF8", True), ("ascii", False), ("latin-1", False)])
def test_a_terminal_must_speak_utf(encoding: str, ok: bool) -> None:
    finding = findings(encoding)["encoding"]
    assert (finding.ok, bool(finding.mend)) == (ok, not ok)


def test_without_a_terminal_the_desk_still_runs() -> None:
    found = findings()
    assert found["terminal"] == Finding("terminal", True, "none here: catui run works without")
    assert not {"size", "encoding"} & set(found)


def test_a_package_that_is_not_there_is_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "textual":
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(doctor, "version", version)
    found = findings()
    assert found["textual"] == Finding("textual", False, "not installed", "make env")
    assert found["rich"] == Finding("rich", True, "1")


def test_a_full_disk_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 400 * 10**6))
    assert findings()["disk"] == Finding("disk", False, "0.4 GB free", "free space")


def test_what_is_bad_names_its_mend_and_what_is_well_none(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("[risk]\nx = 1\n")
    for finding in findings("ascii", CATUI_CONFIG=str(file), TERM="dumb", COLUMNS="10").values():
        if finding.name != "clock":
            assert bool(finding.mend) is not finding.ok, finding
