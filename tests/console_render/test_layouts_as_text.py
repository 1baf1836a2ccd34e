"""Layouts as text: read, written, every fault at once; trees that grow, and trees that do not fit."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from catui.config import LayoutSettings, load
from catui.console.checked import faults
from catui.console.look.layout import (
    LAYOUTS,
    LEAST,
    Node,
    Split,
    Tabs,
    fitted,
    grown,
    header_rows,
    layout,
    least,
    names_of,
)
from catui.console.look.layouts import BUILT_IN, layouts, read, rows_of, tree_of, write
from catui.console.show import arrangement_of
from catui.errors import ConfigError


@st.composite
def trees(draw: st.DrawFn) -> Node:
    """Arbitrary trees, each pane at most once."""
    names = draw(st.permutations(sorted(LEAST)))[: draw(st.integers(1, len(LEAST)))]

    def tree(part: list[str], depth: int) -> Node:
        if len(part) == 1:
            return part[0]
        if depth == 0 or draw(st.booleans()):
            return Tabs(tuple(part))
        cut = draw(st.integers(1, len(part) - 1))
        pieces = [(draw(st.integers(1, 99)), tree(each, depth - 1)) for each in (part[:cut], part[cut:])]
        return Split(draw(st.booleans()), tuple(pieces))

    return tree(list(names), 3)


@given(trees())
def test_a_tree_comes_back_from_its_text(tree: Node) -> None:
    assert tree_of(rows_of(tree)) == tree


@settings(max_examples=60, deadline=None)
@given(trees(), st.integers(1, 250), st.integers(1, 80), st.booleans())
def test_every_tree_covers_every_screen_without_overlap(tree: Node, width: int, height: int, is_past: bool) -> None:
    regions = list(layout(width, height, chosen=tree, is_past=is_past).values())
    assert sum(region.area for region in regions) == width * height
    assert not any(a.overlaps(b) for i, a in enumerate(regions) for b in regions[i + 1 :])


@settings(max_examples=60, deadline=None)
@given(trees(), st.integers(60, 250), st.integers(15, 80))
def test_what_has_no_room_is_dropped_until_the_rest_has(tree: Node, width: int, height: int) -> None:
    left = fitted(width, height, tree)
    assert set(names_of(left)) <= set(names_of(tree))
    kept = {"book", "positions"} & set(names_of(tree))
    assert kept <= set(names_of(left))
    need = least(left)
    if need.width > width or need.height > height - header_rows(width, height) - 1:
        assert set(names_of(left)) <= {"book", "positions", *_boxed(left)} or len(names_of(left)) == 1


def _boxed(tree: Node) -> set[str]:
    """Panes that share a box with one that is never dropped."""
    match tree:
        case Tabs(names=names):
            return set(names) if {"book", "positions"} & set(names) else set()
        case Split(parts=parts):
            return {name for _, part in parts for name in _boxed(part)}
        case _:
            return set()


@given(trees(), st.sampled_from(sorted(LEAST)), st.integers(-60, 60), st.booleans())
def test_growing_keeps_every_pane_and_its_place(tree: Node, name: str, points: int, is_row: bool) -> None:
    after = grown(tree, name, points, is_row=is_row)
    if after is not None:
        assert names_of(after) == names_of(tree)
        assert tree_of(rows_of(after)) == after


def test_growing_by_hand() -> None:
    tree = tree_of(["3: book 1 | chart 1", "1: orders 2 | alerts 1 | log 1"])
    assert rows_of(grown(tree, "book", 5, is_row=True) or "") == (
        "3: book 55 | chart 45",
        "1: orders 2 | alerts 1 | log 1",
    )
    assert rows_of(grown(tree, "alerts", 6, is_row=True) or "")[1] == "1: orders 46 | alerts 31 | log 23"
    assert [row[:2] for row in rows_of(grown(tree, "log", 5, is_row=False) or "")] == ["70", "30"]
    assert rows_of(grown(tree, "book", 99, is_row=True) or "")[0] == "3: book 95 | chart 5"
    assert grown("book", "book", 5, is_row=True) is None
    assert grown(tree, "limits", 5, is_row=True) is None


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_delivered_layouts_fit_a_plain_terminal_whole(name: str) -> None:
    tree = layouts({})[name]
    assert fitted(120, 40, tree) == tree


def test_a_tree_larger_than_the_terminal_loses_the_least_important_first() -> None:
    tree = LAYOUTS[0].body
    order = [set(names_of(fitted(width, height, tree))) for width, height in ((160, 50), (120, 40), (80, 24), (60, 15))]
    assert order[0] == set(names_of(tree))
    for more, fewer in itertools.pairwise(order):
        assert fewer <= more
    assert {"book", "positions"} <= order[-1]
    assert "log" not in order[2]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "has no rows"),
        (["bok | chart"], "bok is no pane; known are book"),
        (["book | chart", "1: log | book"], "book stands twice"),
        (["book 0"], "0 is no share"),
        (["book 99999"], "99999 is no share"),
        (["(book | chart"], ") is missing before the end"),
        (["(book)"], "in ( ) there is | or / between parts"),
        (["book chart"], "'chart' is not expected here"),
        (["book | "], "nothing is no pane"),
        (["book + | chart"], "| is no pane"),
        (["(book / chart | log)"], ") is missing before |"),
        (["\x1b[31m"], "is no pane"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_what(rows: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as caught:
        tree_of(rows)
    assert "\x1b" not in str(caught.value)


def test_all_faults_of_all_layouts_are_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        layouts({"auto": ("book",), "Odd Name": ("book",), "a": ("bok",), "b": (), "good": ("book | log",)})
    said = list(caught.value.faults)
    assert [fault.partition(":")[0] for fault in said] == ["layout.auto", "layout.Odd Name", "layout.a", "layout.b"]


def test_a_layout_of_a_delivered_name_takes_its_place() -> None:
    assert layouts({"risk": ("limits",)})["risk"] == "limits"


def test_what_is_saved_is_read_back_beside_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "more" / "layouts.toml"
    write(file, "own", tree_of(["book 2 | (chart 1 / log 3) 1"]))
    write(file, "night", tree_of(["1: positions", "2: alerts+log"]))
    found, start = read(file)
    assert found == {"own": ("book 2 | (chart 1 / log 3) 1",), "night": ("1: positions", "2: alerts+log")}
    assert start == "night"
    assert read(tmp_path / "none.toml") == ({}, "")


@pytest.mark.parametrize("text", ["layout = 3", "[layout.a]\nrows = 3", "[layout]\na = 1", "start = ", "[layout.a]"])
def test_a_file_of_something_else_is_refused_by_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "layouts.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"layouts\.toml: cannot be read"):
        read(file)


def test_what_only_the_console_can_judge_is_judged_by_config_check_too() -> None:
    config = replace(load(None), keys={"halt": "", "fly": "x"}, layout={"a": LayoutSettings(("bok",))})
    assert [fault.partition(" ")[0] for fault in faults(config)] == ["keys.halt", "keys.fly", "layout.a:"]
    assert faults(load(None)) == ()


def test_the_console_starts_with_the_layout_that_is_asked_for_else_with_the_one_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    plain = load(None)
    assert arrangement_of(plain).name == "auto"
    write(tmp_path / "catui" / "layouts.toml", "own", "limits")
    assert arrangement_of(plain).name == "own"
    wanted = replace(plain, console=replace(plain.console, layout="risk"))
    assert arrangement_of(wanted).name == "risk"
    assert arrangement_of(replace(plain, console=replace(plain.console, layout="auto"))).name == "auto"
    with pytest.raises(ConfigError, match=r"console\.layout = 'rsk': is no layout; known are auto market risk own"):
        arrangement_of(replace(plain, console=replace(plain.console, layout="rsk")))


def test_a_saved_layout_goes_before_one_of_its_name_in_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    config = replace(load(None), layout={"desk": LayoutSettings(("book | log",))})
    wanted = replace(config, console=replace(config.console, layout="desk"))
    assert set(arrangement_of(wanted).regions(120, 40)) == {"header", "book", "log", "footer"}
    write(tmp_path / "catui" / "layouts.toml", "desk", "limits")
    assert set(arrangement_of(wanted).regions(120, 40)) == {"header", "limits", "footer"}
