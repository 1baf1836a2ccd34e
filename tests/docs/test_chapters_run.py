"""The chapters' examples are true."""

import doctest
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.name for path in (ROOT / "docs").glob("*.md") if ">>> " in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_examples_of_a_chapter(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT / "tests" / "core")])
    tested = doctest.testfile(str(ROOT / "docs" / name), module_relative=False, encoding="utf-8")
    assert tested.failed == 0
    assert tested.attempted > 0


def test_the_algebra_is_a_chapter() -> None:
    assert "algebra.md" in CHAPTERS
