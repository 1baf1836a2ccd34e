"""The wiring drawn: nothing overlaps, all is inside, every box is there or folded into one that is, at any size."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sample import sample_snapshot

sys.path.insert(0, str(Path(__file__).parents[1] / "console"))
from desk_plan import sample_plan

from catui.console.look.themes import load_themes, palette, theme_dirs
from catui.console.panes.readings import readings
from catui.console.panes.wiring import drawing_of, pane, spot_at
from catui.console.render.palette import Palette
from catui.console.render.text import Cell, cells
from catui.console.render.view import PaneView, Size
from catui.console.render.wiring import NARROWEST, Drawing, Spot, fitted, neighbour
from catui.core.plan import Beside, Box, Loop, Plan, Series, boxes_of
from catui.snapshot import HealthView

PLAN = sample_plan()
DARK: Palette = palette(load_themes(theme_dirs())["dark"], False)
NAMES = st.text("abcdefghij_", min_size=1, max_size=14)


def boxes(inside: st.SearchStrategy[Plan | None]) -> st.SearchStrategy[Box]:
    return st.builds(Box, NAMES, NAMES, st.none() | st.integers(0, 400), inside)


def grown(inner: st.SearchStrategy[Plan]) -> st.SearchStrategy[Plan]:
    parts = st.lists(inner, min_size=2, max_size=6).map(tuple)
    return st.one_of(boxes(inner), st.builds(Series, parts), st.builds(Beside, parts), st.builds(Loop, inner))


PLANS = st.recursive(boxes(st.none()), grown, max_leaves=16)
LINES = st.lists(st.text("0123456789,. >", min_size=1, max_size=20).map(Cell), max_size=3).map(tuple)


def overlap(one: Spot, other: Spot) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def holds(outer: Spot, inner: Spot) -> bool:
    return (
        outer.x < inner.x
        and outer.y < inner.y
        and inner.x + inner.width < outer.x + outer.width
        and inner.y + inner.height < outer.y + outer.height
    )


def check(plan: Plan, drawing: Drawing, width: int) -> None:
    spots = drawing.spots
    assert drawing.width <= width
    assert all(0 <= s.x and s.x + s.width <= drawing.width for s in spots)
    assert all(0 <= s.y and s.y + s.height <= drawing.height for s in spots)
    for place, one in enumerate(spots):
        for other in spots[place + 1 :]:
            inside = any(box is other.box for box in boxes_of(one.box.inside))
            assert holds(one, other) if inside else not overlap(one, other)
    there = [id(box) for spot in spots for box in (spot.box, *spot.hidden)]
    assert sorted(there) == sorted(id(box) for box in boxes_of(plan))
    for stroke in drawing.strokes:
        assert 0 <= stroke.x
        assert stroke.x + cells(stroke.text) <= drawing.width
        assert 0 <= stroke.y < drawing.height
        for x in range(stroke.x, stroke.x + cells(stroke.text)):
            spot = spot_at(drawing, x, stroke.y)
            if spot is not None:  # wires run inside of frames, never over them
                on = spots[spot]
                assert on.x < x < on.x + on.width - 1
                assert on.y < stroke.y < on.y + on.height - 1


@settings(max_examples=150)
@given(PLANS, st.integers(NARROWEST, 220), st.integers(1, 70), LINES)
def test_boxes_do_not_overlap_and_all_are_inside_and_there_once(
    plan: Plan, width: int, height: int, lines: tuple[Cell, ...]
) -> None:
    check(plan, fitted(plan, width, height, lambda _: lines), width)


@pytest.mark.parametrize("width", range(NARROWEST, 210, 7))
def test_the_desk_fits_every_width(width: int) -> None:
    snapshot = sample_snapshot()
    check(PLAN, fitted(PLAN, width, 40, lambda box: readings(snapshot, box)), width)


@pytest.mark.parametrize(
    ("size", "is_open"), [(Size(80, 21), False), (Size(120, 37), True), (Size(200, 57), True)], ids=str
)
def test_the_desk_is_read_at_a_glance(size: Size, is_open: bool) -> None:
    snapshot = sample_snapshot()
    lines = pane(PLAN, Cell("foot"), "").render(snapshot, PaneView(is_focused=True), size, DARK)
    assert [line.cell_length for line in lines] == [size.width] * size.height
    text = "\n".join(line.text for line in lines)
    for name in ("control", "market", "features x3", "strategies x3", "ensemble x3", "risk", "orders", "positions"):
        assert f" {name} " in text
    assert text.count("z^-1") == 1
    assert drawing_of(PLAN, snapshot, size).height <= size.height - 2
    for name in ("momentum", "reversion", "imbalance", "quoting", "metrics", "candles", "alerts"):
        assert (f" {name} " in text) == is_open
    for reading in ("> target +0.391", "> mid 60,123.75", "P&L +1,204.51", "refused 14"):
        assert reading in text
    if is_open:
        assert "> +0.71 RUN" in text
        assert "> -- PAUSE" in text


def test_what_is_not_measured_is_not_said() -> None:
    snapshot = replace(sample_snapshot(), health=HealthView(), fills=(), markets=())
    said = {box.path: readings(snapshot, box) for box in boxes_of(PLAN)}
    assert said["desk"] == (Cell(f"seq {snapshot.seq:,}"),)
    assert said["desk/execution"] == said["desk/market"] == said["desk/planning"] == said["desk/features"] == ()


def test_the_cursor_reaches_every_box_by_arrows() -> None:
    drawing = drawing_of(PLAN, sample_snapshot(), Size(120, 37))
    reached, edge = {0}, [0]
    while edge:
        place = edge.pop()
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            found = neighbour(drawing.spots, place, dx, dy)
            if found not in reached:
                reached.add(found)
                edge.append(found)
    assert reached == set(range(len(drawing.spots)))
