"""What the environment says of the terminal: its colours, its glyphs."""

import subprocess
import sys
from pathlib import Path

import at_rest
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import sample_snapshot

from catui.console.app import CatuiApp
from catui.console.screens.dialog import Dialog
from catui.console.source import FrozenSource
from catui.console.terminal import as_given, is_ascii_only, theme_for


@pytest.mark.parametrize(
    ("environment", "encoding", "is_ascii"),
    [
        ({"LANG": "C.UTF-8", "TERM": "xterm"}, "utf-8", False),
        ({"LC_ALL": "en_US.utf8"}, "utf-8", False),
        ({"LANG": "C"}, "utf-8", True),
        ({}, "utf-8", True),
        ({"LC_ALL": "C", "LANG": "C.UTF-8"}, "utf-8", True),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, "utf-8", True),
        ({"LANG": "C.UTF-8"}, "iso8859-1", True),
    ],
)
def test_glyphs_are_those_that_the_locale_and_the_terminal_have(
    environment: dict[str, str], encoding: str, is_ascii: bool
) -> None:
    assert is_ascii_only(environment, encoding) == is_ascii


@pytest.mark.parametrize(
    ("given", "is_ascii"),
    [
        ({"LANG": "C"}, True),
        ({}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
    ],
)
def test_the_locale_is_the_one_that_was_given_and_not_what_python_makes_of_it(
    given: dict[str, str], is_ascii: bool
) -> None:
    asked = "import os; from catui.console.terminal import as_given, is_ascii_only"
    asked += "; print(is_ascii_only(as_given(os.environ), 'utf-8'))"
    told = subprocess.run([sys.executable, "-c", asked], env=given, capture_output=True, text=True, check=True).stdout
    assert told.strip() == str(is_ascii)


def test_an_environment_that_cannot_be_looked_up_is_taken_as_it_is(tmp_path: Path) -> None:
    said = {"LANG": "C", "LC_CTYPE": "C.UTF-8"}
    assert as_given(said, tmp_path / "nowhere") == said


def test_no_color_that_says_something_takes_the_theme_without_colour() -> None:
    assert [theme_for("light", {"NO_COLOR": value}) for value in ("1", "0", "")] == ["mono", "mono", "light"]
    assert theme_for("light", {}) == "light"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_without_colour_and_with_ascii_only_the_whole_desk_is_there(size: tuple[int, int]) -> None:
    """No cell has a colour, no character is beyond ASCII, and every fact is still a word, a sign or a number."""

    async def seen() -> str:
        app = CatuiApp(FrozenSource([sample_snapshot()]), theme="mono", is_ascii=True, clock=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            rows = app.screen._compositor.render_strips()
            for segment in (each for row in rows for each in row if each.style is not None):
                assert segment.style is not None
                assert segment.style.color is None
                assert segment.style.bgcolor is None
            return "\n".join(row.text for row in rows)

    with at_rest.runner() as runner:
        text = runner.run(seen())
    assert text.isascii()
    for word in ("PAPER", "ACTIVE", "+1,204.51", "BUY", "SELL", "PAUSE", "UNKNOWN ?", "!", "F8"):
        assert word in text, word


DIALOGS = {
    "help": ("question_mark",),
    "palette": ("colon",),
    "instrument": ("i",),
    "leave": ("q",),
    "ticket": ("o",),
    "override": ("r", "O"),
    "confirm": ("5", "j", "j", "p"),
}


@pytest.mark.parametrize("keys", DIALOGS.values(), ids=DIALOGS)
def test_a_dialog_is_drawn_in_ascii_where_there_is_nothing_else(keys: tuple[str, ...]) -> None:
    async def seen() -> list[str]:
        app = CatuiApp(FrozenSource([sample_snapshot()]), is_ascii=True, clock=False)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            assert isinstance(app.screen, Dialog)
            return [row.text for row in app.screen._compositor.render_strips()]

    with at_rest.runner() as runner:
        rows = runner.run(seen())
    assert [row for row in rows if not row.isascii()] == []


def test_under_a_dialog_the_footer_has_the_emergency_row_and_no_key_of_the_desk() -> None:
    async def feet() -> list[str]:
        app, rows = CatuiApp(FrozenSource([sample_snapshot()]), clock=False), []
        async with app.run_test(size=(80, 24)) as pilot:
            for key in ("question_mark", "escape"):
                app.frame()
                await pilot.pause()
                rows.append(app.screen._compositor.render_strips()[-1].text)
                await pilot.press(key)
            return rows

    with at_rest.runner() as runner:
        before, under = runner.run(feet())
    assert "x cancel" in before
    assert under.strip() == "F6 REDUCE F7 CANCEL F8 HALT F9 KILL"
