"""Pictures of the console, compared cell by cell; look at a new one before it is kept."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from frozen_past import FrozenPast
from msgspec.structs import replace

from catui.console.app import CatuiApp
from catui.console.source import FrozenSource
from catui.snapshot import Snapshot

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import halted_snapshot, sample_snapshot, starting_snapshot

SnapCompare = Callable[..., bool]
WIDE = (120, 40)

PICTURES: dict[str, tuple[Snapshot | None, tuple[int, int], str, tuple[str, ...]]] = {
    "desk_80x24": (sample_snapshot(), (80, 24), "dark", ()),
    "desk_120x40": (sample_snapshot(), WIDE, "dark", ()),
    "desk_200x60": (sample_snapshot(), (200, 60), "dark", ()),
    "desk_light": (sample_snapshot(), WIDE, "light", ()),
    "halted_live": (halted_snapshot(), (80, 24), "dark", ()),
    "starting": (starting_snapshot(), WIDE, "dark", ()),
    "before_the_first_snapshot": (None, (80, 24), "dark", ()),
    "too_small": (sample_snapshot(), (40, 10), "dark", ()),
    "help": (sample_snapshot(), (80, 50), "dark", ("question_mark",)),
    "palette": (sample_snapshot(), (80, 24), "dark", ("colon",)),
    "override": (sample_snapshot(), (80, 24), "dark", ("r", "O", "0", ".", "1")),
    "confirm": (sample_snapshot(), (80, 24), "dark", ("5", "j", "j", "p")),
    "typed": (replace(sample_snapshot(), trading_state="REDUCING"), (80, 24), "dark", ("R",)),
    "typed_mono": (replace(sample_snapshot(), trading_state="REDUCING"), (80, 24), "mono", ("R",)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_is_the_one_that_was_kept(name: str, snap_compare: SnapCompare) -> None:
    snapshot, size, theme, press = PICTURES[name]
    source = FrozenSource([] if snapshot is None else [snapshot])
    app = CatuiApp(source, theme=theme, clock=False, now_s=lambda: 0.0)
    assert snap_compare(app, terminal_size=size, press=press)


@pytest.mark.parametrize("size", [(80, 24), WIDE], ids=["80x24", "120x40"])
def test_the_picture_of_the_past_is_the_one_that_was_kept(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    app = CatuiApp(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())
    assert snap_compare(app, terminal_size=size, press=("t", "left_curly_bracket", "left_curly_bracket", "space"))


def test_the_picture_of_why_is_the_one_that_was_kept(snap_compare: SnapCompare) -> None:
    app = CatuiApp(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())
    assert snap_compare(app, terminal_size=WIDE, press=("6", "w", "j", "j"))


def test_the_picture_of_a_branch_is_the_one_that_was_kept(snap_compare: SnapCompare) -> None:
    app = CatuiApp(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())
    assert snap_compare(app, terminal_size=WIDE, press=("B", "enter"))


@pytest.mark.parametrize("size", [(80, 24), WIDE], ids=["80x24", "120x40"])
def test_the_picture_of_the_wiring_is_the_one_that_was_kept(size: tuple[int, int], snap_compare: SnapCompare) -> None:
    app = CatuiApp(FrozenSource([sample_snapshot()]), clock=False, now_s=lambda: 0.0, open_past=lambda _: FrozenPast())
    assert snap_compare(app, terminal_size=size, press=("W", "tab", "tab"))
