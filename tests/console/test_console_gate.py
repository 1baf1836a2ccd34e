"""The one text gate, on the whole screen: whatever a venue, a strategy or a person wrote, no terminal obeys it."""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar
from unicodedata import category

import msgspec
import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import sample_snapshot
from snapshots_strategy import HOSTILE

from catui.console.panes import PANES
from catui.snapshot import ConsoleView, LogView

S = TypeVar("S", bound=msgspec.Struct)
KEYS = ("key", "instrument", "shown")  # by which the parts of a snapshot find each other
WORDS = ("state", "status", "severity", "side", "badge", "trading_state", "unit")  # of our own
REFUSED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def poisoned(struct: S, poison: Iterator[str]) -> S:
    """The same snapshot with another hostile text in every field that is one."""

    def bad(name: str, value: object) -> object:
        match value:
            case str() if name not in (*KEYS, *WORDS):
                return next(poison)
            case msgspec.Struct():
                return poisoned(value, poison)
            case tuple():
                return tuple(bad(name, each) for each in value)
            case _:
                return value

    return replace(struct, **{name: bad(name, getattr(struct, name)) for name in struct.__struct_fields__})


def hostile(first: int) -> Iterator[str]:
    """The hostile texts in turn, from one of them on; short enough for many fields of a screen."""
    texts = [text[:2000] for text in HOSTILE]
    return itertools.cycle(texts[first:] + texts[:first])


def assert_harmless(driver: Driver) -> None:
    for row in driver.screen():
        assert not [c for c in row if category(c) in REFUSED], row
    assert driver.app.is_running


@pytest.mark.parametrize("first", [0, 6, 12])
def test_no_pane_and_no_dialog_lets_foreign_text_through(first: int) -> None:
    desk = sample_snapshot()
    lines = tuple(LogView(n, desk.now_ns, "info", "gap", "x") for n in range(1, 20))
    here = (ConsoleView("a", "control", desk.now_ns), ConsoleView("b", "watch", desk.now_ns))
    bad = poisoned(replace(desk, log=lines, consoles=here), hostile(first))

    async def act(driver: Driver) -> None:
        assert_harmless(driver)
        for pane in PANES.values():
            if pane.number:
                await driver.press(str(pane.number), "z")
                assert_harmless(driver)
                await driver.press("z")
        for keys in (("5", "p"), ("6", "x"), ("i",), ("r", "O"), ("R",), ("q",), ("colon",), ("question_mark",)):
            await driver.press(*keys)
            assert_harmless(driver)
            await driver.press("escape", "escape")

    drive(act, bad, size=(200, 60))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_the_console_says_and_logs_and_pictures_is_harmless(text: str) -> None:
    async def act(driver: Driver) -> None:
        driver.app.hear("error", text, text)
        await driver.press("f7")
        driver.source.answer(False, text)
        await driver.draw()
        assert_harmless(driver)
        driver.app.say(text, is_warning=True)
        await driver.press("9", "z")
        assert_harmless(driver)
        picture = driver.app.export_screenshot()
        assert not [c for c in picture if category(c) in REFUSED and c != "\n"]

    drive(act, size=(100, 30))


def test_a_secret_of_the_environment_reaches_no_frame_no_picture_and_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "canary-5f3c9b"
    monkeypatch.setenv("CATUI_BINANCE_SECRET", canary)
    monkeypatch.setenv("CATUI_BINANCE_KEY", canary)

    async def act(driver: Driver) -> None:
        for keys in ((), ("8", "z"), ("9",), ("escape", "question_mark"), ("escape", "colon"), ("escape", "r")):
            await driver.press(*keys)
            assert canary not in "\n".join(driver.screen())
            assert canary not in driver.app.export_screenshot()
        assert not [line for line in driver.app.log_lines.lines() if canary in line.text]

    drive(act)
