"""The clipboard, the file beside it and CSV: what leaves the screen does nothing in a terminal nor in a spreadsheet."""

import csv
import itertools
import re
import sys
from pathlib import Path

import pytest
from desk_driver import Driver, drive
from hypothesis import given, settings
from hypothesis import strategies as st
from test_console_gate import REFUSED, hostile, poisoned

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from unicodedata import category

from sample import NOW_NS, sample_snapshot
from snapshots_strategy import HOSTILE

from catui.console.app import CatuiApp
from catui.console.look.themes import load_themes, palette, theme_dirs
from catui.console.panes import PANES
from catui.console.panes.pane import Walk
from catui.console.render.listing import Sheet
from catui.console.render.text import shown
from catui.console.render.view import LogLine, PaneView
from catui.console.words.sheets import csv_text, row_text
from catui.snapshot import Snapshot

FORMULAS = (
    "=1+1",
    "+1+cmd",
    "-2+3",
    "@SUM(1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://a.example","b")',
    " =1",
    "\t=1",
    "\r\n=1",
    "\xa0=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    '"=1',
    "a,=1",
)
NUMBER = re.compile(r"[+-]\d[\d,]*(\.\d+)?[%kMGT]?|--")
DARK = palette(load_themes(theme_dirs())["dark"])
WALKS = [(name, tab, walk) for name, pane in sorted(PANES.items()) for tab, walk in enumerate(pane.walks)]


def assert_harmless(text: str) -> None:
    assert not [c for c in text if category(c) in REFUSED and c not in "\n\t"]


def assert_computed_nowhere(cells: list[str]) -> None:
    for cell in cells:
        assert cell == cell.strip()
        is_sign = cell in ("+", "-")
        assert not cell.startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20")) or is_sign or NUMBER.fullmatch(cell), cell


def assert_sound(sheet: Sheet) -> None:
    """What is written of a sheet reads back, as wide as it was, and no cell of it does anything."""
    text = csv_text(sheet)
    assert_harmless(text)
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) == len(sheet.rows) + 1 == text.count("\n")  # a row is a line
    for row in rows:
        assert len(row) == len(sheet.titles)
        assert_computed_nowhere(row)
    for place in range(len(sheet.rows)):
        copied = row_text(sheet, place)
        assert "\n" not in copied
        assert_harmless(copied)
        assert_computed_nowhere(copied.split("\t") if copied else [])


def desk(texts: tuple[str, ...], first: int) -> Snapshot:
    return poisoned(sample_snapshot(), itertools.cycle(texts[first:] + texts[:first]))


@pytest.mark.parametrize(("name", "tab", "walk"), WALKS, ids=[f"{name}-{tab}" for name, tab, _ in WALKS])
def test_no_table_and_no_row_of_it_hands_on_foreign_text(name: str, tab: int, walk: Walk) -> None:
    assert walk.sheet is not None
    short = tuple(text[:2000] for text in HOSTILE)
    for first in range(len(short)):
        for texts in (FORMULAS, short):
            bad = desk(texts, first % len(texts))
            lines = tuple(LogLine(str(n), NOW_NS, "error", text, text) for n, text in enumerate(texts))
            sheet, _ = walk.sheet(bad, PaneView(tab=tab, log=lines, cursor_ticks=601_225), DARK)
            assert_sound(sheet)


@settings(max_examples=200)
@given(st.lists(st.text(max_size=20) | st.sampled_from((*HOSTILE[:13], *FORMULAS)), min_size=1, max_size=6))
def test_any_text_in_a_text_column_is_written_as_text(texts: list[str]) -> None:
    cells = tuple(shown(text, 80) for text in texts)
    assert_sound(Sheet(tuple(shown(f"t{n}", 9) for n in range(len(cells))), (False,) * len(cells), (cells,)))


def test_a_sign_and_a_number_stay_what_they_are() -> None:
    row = tuple(shown(text, 20) for text in ("-", "-1,204.51", "-2+3", "+0.71"))
    sheet = Sheet(tuple(shown(name, 9) for name in "abcd"), (False, True, False, True), (row,))
    assert csv_text(sheet) == "a,b,c,d\n-,-1204.51,'-2+3,+0.71\n"
    assert row_text(sheet, 0) == "-\t-1,204.51\t'-2+3\t+0.71"


@pytest.mark.parametrize("first", range(0, len(HOSTILE), 4))
def test_the_keys_hand_on_no_foreign_text(first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(CatuiApp, "copy_to_clipboard", lambda _, text: copied.append(text))

    async def act(driver: Driver) -> None:
        for pane in PANES.values():
            if pane.number:
                await driver.press(str(pane.number), "j", "y", "e")

    drive(act, poisoned(sample_snapshot(), hostile(first)), size=(200, 60), files=tmp_path)
    written = [file.read_text("utf-8") for file in tmp_path.iterdir()]
    assert len(copied) > 5
    assert len(written) > 5
    for text in copied + written:
        assert_harmless(text)
    assert not [text for text in copied if "\n" in text]
    assert not [file.name for file in tmp_path.iterdir() if not re.fullmatch(r"[a-zA-Z0-9.-]+", file.name)]
