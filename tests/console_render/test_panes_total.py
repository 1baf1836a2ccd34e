"""Every pane, for every snapshot at every size: exactly its cells, nothing a terminal would obey, no exception."""

import re
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from sample import halted_snapshot, sample_snapshot, starting_snapshot
from snapshots_strategy import snapshots

from catui.console.look.layout import layout
from catui.console.look.themes import load_themes, palette, theme_dirs
from catui.console.panes import PANES
from catui.console.render.palette import Palette
from catui.console.render.view import PaneView, PastView, Size
from catui.snapshot import Snapshot

THEMES = load_themes(theme_dirs())
DARK = palette(THEMES["dark"])
ASCII = palette(THEMES["mono"], is_ascii=True)

sizes = st.builds(Size, st.integers(1, 300), st.integers(1, 100)) | st.builds(
    Size, st.integers(1, 90), st.integers(1, 30)
)
times = st.integers(-(2**62), 2**62)
pasts = st.builds(
    PastView,
    seq=st.integers(0, 2**60),
    ts_ns=times,
    last_seq=st.integers(0, 2**60),
    last_ns=times,
    live_pnl_money=st.none() | st.integers(-(2**70), 2**70),
    live_digits=st.integers(0, 30),
    live_state=st.sampled_from(("", "ACTIVE", "HALTED", "\x1b[2J")),
    live_alerts=st.integers(0, 10**6),
    from_ns=times,
    until_ns=times,
    counts=st.lists(st.integers(0, 2**40), max_size=130).map(tuple),
    kinds=st.lists(st.integers(-1, 7), max_size=130).map(tuple),
    here=st.lists(st.tuples(st.integers(0, 7), st.sampled_from(("filled BUY", "\u202e\x9b"))), max_size=3).map(tuple),
    is_playing=st.booleans(),
    word=st.sampled_from(("", "preparing 34%", "\x1b[2J damaged")),
    is_warning=st.booleans(),
)
views = st.builds(
    PaneView,
    top=st.integers(-3, 300),
    cursor=st.integers(-3, 300),
    is_focused=st.booleans(),
    sort=st.integers(-1, 4),
    is_reversed=st.booleans(),
    centre_ticks=st.none() | st.integers(-(2**40), 2**40),
    auto_ticks=st.integers(-1, 1000),
    group_ticks=st.integers(-1, 1000),
    cursor_ticks=st.none() | st.integers(-(2**40), 2**40),
    is_lost=st.booleans(),
    held=st.lists(st.text(max_size=3), max_size=3).map(tuple),
    filter=st.sampled_from(("", "buy", "\x1b[2J", "a b")),
    tab=st.integers(-1, 4),
    is_candles=st.booleans(),
    before=st.none() | snapshots,
    tabs=st.sampled_from(((), ((7, "Alerts 1!", True), (8, "Health", False), (0, "\x9bLimits", False)))),
    keys=st.just((("p", "pause"), ("\x1b", "\u202e"))),
    message=st.sampled_from(("", "sent ..", "\x1b[2J refused")),
    past=st.none() | pasts,
)


def is_harmless(text: str) -> bool:
    return all(category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in text)


def drawn(name: str, snapshot: Snapshot, view: PaneView, size: Size, colours: Palette) -> str:
    """The pane's text, after its shape and its characters are checked."""
    lines = PANES[name].render(snapshot, view, size, colours)
    assert len(lines) == size.height
    for each in lines:
        assert each.cell_length == size.width == cell_len(each.text), (name, size)
        assert is_harmless(each.text), (name, each.text)
        assert not colours.is_ascii or each.text.isascii(), (name, each.text)
    return "\n".join(each.text for each in lines)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(snapshots, views, sizes, st.booleans())
def test_every_pane_fills_exactly_its_cells_with_harmless_text(
    snapshot: Snapshot, view: PaneView, size: Size, is_ascii: bool
) -> None:
    for name in PANES:
        drawn(name, snapshot, view, size, ASCII if is_ascii else DARK)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(snapshots, views, st.integers(0, 300))
def test_what_the_cursor_points_at_exists_wherever_it_stands(snapshot: Snapshot, view: PaneView, y: int) -> None:
    size = Size(80, 24)
    for pane in PANES.values():
        rows = pane.rows(snapshot, view)
        assert rows >= 0
        assert (pane.row_id(snapshot, view) is not None) == (rows > 0 and not view.is_lost)
        walk = pane.walk(view)
        pointed = walk.point(snapshot, view, size, y)
        if pointed is not None and walk.is_list:
            assert 0 <= pointed.cursor < rows
        for steps in (-FAR, -1, 1, FAR):
            for moved in (walk.move(snapshot, view, size, steps), walk.jump(snapshot, view, size, steps)):
                assert not walk.is_list or 0 <= moved.cursor < max(rows, 1)
                drawn(pane.name, snapshot, moved, size, DARK)


@pytest.mark.parametrize("size", [Size(w, h) for w in (1, 2, 3, 5, 8, 13, 40, 79, 300) for h in (1, 2, 3, 5, 24, 100)])
@pytest.mark.parametrize("snapshot", [sample_snapshot(), halted_snapshot(), starting_snapshot()])
def test_plain_days_are_drawn_at_every_size(snapshot: Snapshot, size: Size) -> None:
    for name in PANES:
        drawn(name, snapshot, PaneView(is_focused=True, cursor=1), size, DARK)


@pytest.mark.parametrize("name", sorted(PANES))
def test_a_pane_is_a_pure_function(name: str) -> None:
    snapshot, size = sample_snapshot(), Size(60, 16)
    assert PANES[name].render(snapshot, PaneView(), size, DARK) == PANES[name].render(snapshot, PaneView(), size, DARK)


FAR = 10**6
NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?")


@pytest.mark.parametrize("name", ["positions", "orders", "trades", "strategies"])
def test_a_number_is_never_cut(name: str) -> None:
    """Every number seen at any width is one of those seen where there is room for all."""
    snapshot = sample_snapshot()
    full = drawn(name, snapshot, PaneView(), Size(300, 40), DARK)
    whole = {match.group() for match in NUMBER.finditer(full)}
    for width in range(1, 160):
        narrow = drawn(name, snapshot, PaneView(), Size(width, 12), DARK)
        for row in narrow.splitlines()[1:]:
            for word in row.strip("│╭╮╰╯─").split():
                if NUMBER.fullmatch(word):
                    assert word in whole, (width, row)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_frame_without_styles_still_says_all(size: tuple[int, int]) -> None:
    """Side, severity, state and money are words, signs and glyphs; colour only repeats them."""
    snapshot = sample_snapshot()
    text = "".join(
        drawn(name, snapshot, PaneView(), Size(region.width, region.height), palette(THEMES["mono"]))
        for name, region in layout(*size).items()
    )
    for word in ("PAPER", "ACTIVE", "BUY", "SELL", "UNKNOWN ?", "PAUSE", "+1,204.51", "!", "F9", "paused by ann"):
        assert word in text, word


@pytest.mark.parametrize("name", sorted(set(PANES) - {"header", "footer", "small", "timeline"}))
def test_the_frame_is_whole_at_every_width(name: str) -> None:
    for width in range(2, 130):
        rows = drawn(name, sample_snapshot(), PaneView(), Size(width, 9), DARK).splitlines()
        assert rows[0][0] + rows[0][-1] + rows[-1][0] + rows[-1][-1] == "╭╮╰╯"
        assert all(row[0] + row[-1] == "││" for row in rows[1:-1])


def test_halted_fills_the_header_with_its_reason_and_live_stands_at_both_ends() -> None:
    [line] = PANES["header"].render(halted_snapshot(), PaneView(), Size(120, 1), DARK)
    assert line.text.startswith(" LIVE ")
    assert line.text.endswith(" LIVE ")
    assert "HALTED daily loss 2,510.20 of 2,500.00" in line.text
    assert {segment.style for segment in line} <= {DARK.halted, DARK.live}


def test_the_emergency_row_is_seen_at_every_width() -> None:
    for width in range(12, 200):
        keys = tuple((str(n), "word") for n in range(20))
        [line] = PANES["footer"].render(sample_snapshot(), PaneView(keys=keys), Size(width, 1), DARK)
        assert all(key in line.text for key in ("F6", "F7", "F8", "F9")), (width, line.text)


def test_a_scrolled_list_shows_the_row_under_the_cursor() -> None:
    snapshot = sample_snapshot()
    for cursor in range(len(snapshot.trades)):
        text = drawn("trades", snapshot, PaneView(cursor=cursor, is_focused=True), Size(60, 9), DARK)
        [row] = [line for line in text.splitlines() if ">" in line]
        trade = snapshot.trades[cursor]
        assert f"{trade.lots / 1000:.3f}" in row


LISTS = ["positions", "strategies", "orders", "alerts", "limits", "trades", "health", "pnl"]


@pytest.mark.parametrize("name", LISTS)
def test_a_click_finds_the_row_that_the_cursor_marks(name: str) -> None:
    """`point` and `render` agree: the marked line is the line that leads back to the cursor."""
    snapshot, pane = sample_snapshot(), PANES[name]
    for height in (7, 9, 16, 30) if name != "pnl" else (17, 20, 30):
        size = Size(100, height)
        for tab, walk in enumerate(pane.walks):
            for cursor in range(len(walk.ids(snapshot, PaneView(tab=tab)))):
                view = PaneView(cursor=cursor, is_focused=True, tab=tab)
                lines = [line.text for line in pane.render(snapshot, view, size, DARK)]
                [marked] = [y for y, text in enumerate(lines) if text[1] == ">"]
                pointed = walk.point(snapshot, view, size, marked)
                assert pointed is not None
                assert pointed.cursor == cursor
