"""Lines, text, numbers and curves, by hand and by law."""

import doctest
import gc
from fractions import Fraction
from io import StringIO
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from sample import sample_snapshot
from snapshots_strategy import HOSTILE
from textual.strip import Strip

import catui.text as printable_module
from catui.console.look.layout import layout
from catui.console.look.themes import load_themes, palette, theme_dirs
from catui.console.panes import PANES, health
from catui.console.render import bar as bar_module
from catui.console.render import number as n
from catui.console.render import text as text_module
from catui.console.render.bar import bar, filled, used
from catui.console.render.braille import curve
from catui.console.render.flow import Item, flow, kept
from catui.console.render.line import Line, line, width_of
from catui.console.render.text import Cell, ascii_only, cells, fit, number, plain, shown
from catui.console.render.view import PaneView, Size
from catui.snapshot import InstrumentView

DARK = palette(load_themes(theme_dirs())["dark"])
GRID = InstrumentView("a:X", "X", "a", "X", "USD", 2, 5, 3, 1)


def test_500_painted_frames_leave_no_cyclic_garbage() -> None:
    """The very cuts a screen makes; with a plain `Strip` every line would be a cycle."""
    snapshot, console, size = sample_snapshot(), Console(file=StringIO()), (120, 40)

    def paint() -> None:
        for name, region in layout(*size).items():
            for each in PANES[name].render(snapshot, PaneView(), Size(region.width, region.height), DARK):
                for part in each.crop_extend(0, region.width, None).crop(0, region.width).divide([region.width]):
                    part.render(console)
                each.crop(1, region.width).divide([region.width - 1])
                each.divide([3, region.width])

    paint()
    gc.collect()
    gc.freeze()  # what is there already is not looked at again
    gc.disable()
    try:
        left = []
        for _ in range(5):
            for _ in range(10):  # ten frames of ten panes
                paint()
            left.append(gc.collect())
    finally:
        gc.enable()
        gc.unfreeze()
    assert sorted(left)[:-1] == [0, 0, 0, 0]  # into one of them another thread may have put its own


def test_a_plain_strip_is_a_cycle_so_that_the_law_above_can_fail() -> None:
    gc.collect()
    gc.disable()
    try:
        Strip([], 0).divide([0])
        assert gc.collect() > 0
    finally:
        gc.enable()


@given(st.integers(0, 12), st.integers(0, 14))
def test_a_line_is_cut_as_a_strip_is(start: int, end: int) -> None:
    row = [(Cell("ab漢字"), DARK.text), (Cell("cdef"), DARK.up)]
    mine, theirs = line(row, 10, DARK), Strip(line(row, 10, DARK), 10)
    assert isinstance(mine.crop(start, end), Line)
    assert mine.crop(start, end) == theirs.crop(start, end)
    assert mine.crop_extend(start, end, DARK.text) == theirs.crop_extend(start, end, DARK.text)
    cuts = sorted({min(start, 10), 10})
    assert list(mine.divide(cuts)) == list(theirs.divide(cuts))
    assert all(isinstance(part, Line) for part in mine.divide(cuts))


@given(
    st.lists(st.tuples(st.sampled_from((*HOSTILE[:6], "漢", "ok", "")), st.booleans()), max_size=6), st.integers(0, 40)
)
def test_a_line_is_as_wide_as_it_should_be(parts: list[tuple[str, bool]], width: int) -> None:
    row = [(shown(text), DARK.up if is_up else DARK.text) for text, is_up in parts]
    made = line(row, width, DARK)
    assert made.cell_length == width == sum(cell_len(segment.text) for segment in made)
    if width_of(row) <= width:
        assert made.text == "".join(cell for cell, _ in row).ljust(len(made.text))


@given(st.text(max_size=40) | st.sampled_from(HOSTILE), st.integers(0, 30))
def test_plain_is_exactly_as_wide_as_asked_and_harmless(text: str, width: int) -> None:
    made = plain(text, width)
    assert cell_len(made) == width
    assert made.isprintable()


@pytest.mark.parametrize(
    ("text", "width", "made"),
    [
        ("momentum", 8, "momentum"),
        ("momentum", 5, "mome…"),
        ("ok", 4, "ok  "),
        ("漢字漢字", 4, "漢… "),
        ("漢字漢字", 5, "漢字…"),
        ("\x1b[31m", 10, "\\x1b[31m  "),
        ("a\nb", 4, "a\\nb"),
        ("x", 0, ""),
    ],
)
def test_plain_by_hand(text: str, width: int, made: str) -> None:
    assert plain(text, width) == made


def test_of_a_megabyte_only_the_beginning_is_read() -> None:
    assert plain("\x1b" * 1_000_000, 6) == "\\x1b\\…"


def test_a_number_that_does_not_fit_becomes_hashes() -> None:
    assert number(Cell("60,123.50"), 9) == "60,123.50"
    assert number(Cell("60,123.50"), 8) == "########"


@given(st.text(max_size=20))
def test_ascii_keeps_the_width(text: str) -> None:
    cell = shown(text)
    assert ascii_only(cell).isascii()
    assert len(ascii_only(cell)) == cells(cell)


@given(st.integers(-(10**18), 10**18), st.integers(0, 12))
def test_a_decimal_reads_back_exactly(value: int, decimals: int) -> None:
    text = n.decimal(value, decimals, signed=True)
    assert Fraction(text.replace(",", "")) == Fraction(value, 10**decimals)
    assert text.startswith("+") == (value > 0)


@given(st.integers(-(10**15), 10**15), st.integers(0, 10))
def test_money_is_rounded_to_the_cent_and_zero_has_no_sign(amount: int, digits: int) -> None:
    text = n.money(amount, digits)
    error = abs(Fraction(text.replace(",", "")) - Fraction(amount, 10**digits))
    assert error <= Fraction(1, 200)
    assert text.startswith(("+", "-")) == (text != "0.00")


@pytest.mark.parametrize("module", [n, bar_module, text_module, printable_module, health])
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_halves_are_rounded_away_from_zero() -> None:
    assert [n.rounded(value, 2) for value in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]


def test_numbers_by_hand() -> None:
    assert n.price(1_202_470, GRID) == "60,123.50"
    assert n.price(None, GRID) == "--"
    assert n.price(5, None) == "?"
    assert n.average_price(120_247_050, GRID) == "60,123.525"
    assert n.quantity(-3100, GRID, signed=True) == "-3.100"
    assert n.bps(1, 120_247) == "0.1"
    assert n.percent(-8810, 10_129_261, signed=True) == "-0.09%"
    assert n.share(620, 800) == "78%"
    assert n.short_money(-1_590_000_000_000, 2, signed=True) == "-15.9G"
    assert [n.ratio(x) for x in (float("nan"), float("inf"), -0.001, 1.005)] == ["--", "--", "0.00", "+1.00"]
    assert n.countdown(60_000_000_001) == "1:01"
    assert n.age(-5) == "0.0s"
    assert n.clock(86_399_999_999_999, 3) == "23:59:59.999"


def test_the_mean_of_two_ticks_has_all_its_decimals() -> None:
    assert n.half_price(3, GRID) == "0.075"
    assert n.half_price(4, GRID) == "0.10"
    assert n.half_price(4, None) == "?"


@given(st.integers(-5, 200), st.integers(-5, 200), st.integers(0, 30), st.booleans())
def test_a_bar_is_as_wide_as_asked_and_never_longer_for_less(part: int, whole: int, width: int, is_ascii: bool) -> None:
    assert cell_len(used(part, whole, width, is_ascii)) == width
    assert 0 <= filled(part, whole, width) <= width
    assert filled(part, whole, width) <= filled(part + 1, whole, width)
    assert used(whole, whole, width).strip("█") == "" or whole <= 0


def test_bars_by_hand() -> None:
    assert bar(0.5, 4) == "██··"
    assert bar(1.0, 3) == "███"
    assert bar(0.2, 5, is_ascii=True) == "#...."
    assert bar(float("nan"), 2) == "··"
    assert [filled(part, 100, 10) for part in (0, 1, 55, 100)] == [0, 1, 5, 10]


@settings(max_examples=60)
@given(
    st.lists(st.none() | st.integers(-(2**70), 2**70), max_size=80),
    st.integers(0, 30),
    st.integers(0, 8),
    st.booleans(),
)
def test_a_curve_fills_its_cells(values: list[int | None], width: int, height: int, is_ascii: bool) -> None:
    made = curve(values, width, height, is_ascii)
    assert len(made) == height
    assert all(cell_len(cell) == width for cell in made)
    assert not is_ascii or all(cell.isascii() for cell in made)


def test_curves_by_hand() -> None:
    assert curve([0, 1, 2, 3], 2, 1) == ["⡠⠊"]
    assert curve([0, 3, 0, 3], 2, 1) == ["⡸⡾"]
    assert curve([1, 1], 1, 1) == ["⠤"]
    assert curve([0, None, None, 3], 2, 1) == ["⡀⠈"]
    assert curve([], 3, 1) == ["   "]


def test_a_spike_of_one_point_in_a_thousand_is_drawn_full_height() -> None:
    made = curve([0] * 523 + [100] + [0] * 476, 10, 4)
    assert sum(row[5] != " " for row in made) == 4


def test_items_go_by_priority_and_never_in_part() -> None:
    items = [Item(((Cell(text), Style()),), priority) for text, priority in (("aaaa", 0), ("bbb", 2), ("cc", 1))]
    assert [item.priority for item in kept(items, 13)] == [0, 2, 1]
    assert [item.priority for item in kept(items, 12)] == [0, 1]
    assert [item.priority for item in kept(items, 3)] == [0]
    assert "".join(cell for cell, _ in flow(items, 10, DARK)) == "aaaa  cc  "


def test_fit_pads_on_the_side_asked() -> None:
    assert [fit(Cell("ab"), 5, align) for align in "<>^"] == ["ab   ", "   ab", " ab  "]
