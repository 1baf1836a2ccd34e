"""Layouts cover the screen at every size; themes are strict, readable, and told apart by every kind of eye."""

import math
from pathlib import Path

import pytest
from textual.theme import Theme as TextualTheme

from catui.console.look.layout import NEEDED, layout
from catui.console.look.themes import dimmed, load_themes, palette, textual_theme, theme_dirs, theme_variables
from catui.console.panes import PANES
from catui.errors import ConfigError

THEMES = load_themes(theme_dirs())
COLOURED = sorted(name for name in THEMES if name != "mono")


def test_the_layout_covers_the_screen_without_overlap_at_every_size() -> None:
    widths = (*range(1, 130, 3), 119, 120, 159, 160, 161, 200, 299, 300)
    for zoom, is_past in ((None, False), ("book", False), ("limits", True), (None, True)):
        for width in widths:
            for height in (*range(1, 62), 99, 100):
                regions = layout(width, height, zoom, is_past=is_past).values()
                assert sum(region.area for region in regions) == width * height
                assert all(
                    region.x >= 0 and region.y >= 0 and region.right <= width and region.bottom <= height
                    for region in regions
                )
                placed = list(regions)
                assert not any(a.overlaps(b) for i, a in enumerate(placed) for b in placed[i + 1 :])


def test_every_pane_laid_out_exists_and_has_room_to_speak() -> None:
    for width in range(NEEDED.width, 301, 7):
        for height in range(NEEDED.height, 101, 3):
            for name, region in layout(width, height).items():
                assert name in PANES
                if name not in ("header", "footer"):
                    assert region.width >= 24
                    assert region.height >= 5


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ((59, 40), {"header", "small", "footer"}),
        ((60, 15), {"header", "book", "positions", "strategies", "footer"}),
        ((80, 24), {"header", "book", "positions", "strategies", "orders", "footer"}),
        ((80, 50), {"header", "book", "trades", "chart", "positions", "strategies", "orders", "footer"}),
        ((120, 40), set(PANES) - {"limits", "health", "log", "small", "timeline"}),
        ((180, 40), set(PANES) - {"limits", "health", "log", "small", "timeline"}),
        ((200, 60), set(PANES) - {"limits", "small", "timeline"}),
    ],
)
def test_more_room_shows_more_panes(size: tuple[int, int], names: set[str]) -> None:
    assert set(layout(*size)) == names


def test_the_smallest_desk_keeps_nine_rungs_of_the_ladder() -> None:
    book = layout(60, 15)["book"]
    assert book.height - 2 - 2 >= 9  # frame; headings and spread


def test_in_the_past_a_timeline_stands_above_the_footer_where_there_is_room() -> None:
    for size, rows in (((200, 60), 3), ((120, 40), 3), ((80, 24), 2), ((60, 17), 2), ((60, 16), 0), ((59, 40), 0)):
        regions = layout(*size, is_past=True)
        height = regions["timeline"].height if "timeline" in regions else 0
        assert height == rows, size
        if rows:
            assert regions["timeline"].bottom == regions["footer"].y
        assert set(regions) - {"timeline"} <= set(layout(*size))


def test_zoom_gives_one_pane_the_body() -> None:
    regions = layout(80, 24, "limits")
    assert list(regions) == ["header", "limits", "footer"]
    assert regions["limits"].size == (80, 22)


def linear(colour: str) -> tuple[float, float, float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def contrast(front: str, back: str) -> float:
    """The WCAG 2.1 contrast ratio."""
    light = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(front), linear(back)))
    return (light[1] + 0.05) / (light[0] + 0.05)


# Machado, Oliveira, Fernandes (2009), severity 1.0
EYES = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(colour: str, eye: str) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as that eye sees it."""
    rgb = linear(colour)
    r, g, b = (min(max(sum(k * c for k, c in zip(row, rgb, strict=True)), 0.0), 1.0) for row in EYES[eye])
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, eye: str) -> float:
    """CIE76."""
    return math.dist(lab(one, eye), lab(other, eye))


def test_contrast_and_distance_by_hand() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.1)
    assert distance("#56b4e9", "#e69f00", "normal") == pytest.approx(113, abs=1)
    assert distance("#3fb950", "#ff6b6b", "deutan") < 10


@pytest.mark.parametrize("name", COLOURED)
def test_every_text_can_be_read_on_every_ground_it_stands_on(name: str) -> None:
    colours = THEMES[name].colours
    for role in ("foreground", "muted", "accent", "warning", "error", "success", "up", "down", "own", "last", "stale"):
        for ground in ("background", "panel", "cursor"):
            assert contrast(colours[role], colours[ground]) >= 4.5, (role, ground)
    for bar in ("bid_bar", "ask_bar"):
        assert contrast(colours["foreground"], colours[bar]) >= 4.5, bar


@pytest.mark.parametrize("name", COLOURED)
def test_badges_stand_out(name: str) -> None:
    for role, (front, back) in THEMES[name].badges.items():
        assert contrast(front, back) >= 7, role


@pytest.mark.parametrize("name", COLOURED)
def test_up_and_down_differ_to_every_eye_or_the_theme_says_that_they_do_not(name: str) -> None:
    theme = THEMES[name]
    apart = {eye: distance(theme.colours["up"], theme.colours["down"], eye) for eye in EYES}
    assert (min(apart.values()) >= 40) == theme.colour_safe, apart


def test_mono_sets_no_colour_at_all() -> None:
    mono = palette(THEMES["mono"])
    for role in mono.__struct_fields__:
        style = getattr(mono, role)
        if role not in ("name", "is_ascii"):
            assert style.color is None, role
            assert style.bgcolor is None, role
    assert mono.live.reverse
    assert mono.down.underline


def test_every_style_carries_a_ground_so_that_no_cell_shows_the_terminals_own() -> None:
    dark = palette(THEMES["dark"])
    for role in set(dark.__struct_fields__) - {"name", "is_ascii"}:
        assert getattr(dark, role).bgcolor is not None, role


def test_sixteen_colours_are_named_not_guessed() -> None:
    style = palette(THEMES["dark"], is_ansi16=True).up
    assert style.color is not None
    assert style.color.name == "bright_cyan"
    assert style.bgcolor is None


def test_a_silent_engine_dims_the_numbers_but_not_the_warnings() -> None:
    bright = palette(THEMES["dark"])
    dim = dimmed(bright)
    assert dim.up == dim.text == bright.muted
    assert (dim.error, dim.live) == (bright.error, bright.live)


def test_a_theme_takes_from_another_what_it_leaves_out() -> None:
    assert THEMES["high-contrast"].badges == THEMES["dark"].badges
    assert THEMES["high-contrast"].colours["up"] == "#87d7ff"
    assert "up" not in THEMES["high-contrast"].ansi16


@pytest.mark.parametrize("name", sorted(THEMES))
def test_every_theme_is_one_of_the_toolkits(name: str) -> None:
    made = textual_theme(THEMES[name])
    assert isinstance(made, TextualTheme)
    assert made.to_color_system().generate()
    assert made.ansi == (name == "mono")
    assert set(made.variables) == set(theme_variables(THEMES["dark"]))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "a"\ndark = "yes"\n[base]\nmuted = "grey"\nblue = "#000000"\n[odd]\n')
    (tmp_path / "b.toml").write_text("name = ")
    (tmp_path / "c.toml").write_text(
        '[badge]\npaper = ["#000000"]\n[ansi16]\nup = "pink"\n[attributes]\nup = "blink"\n'
    )
    with pytest.raises(ConfigError) as caught:
        load_themes([tmp_path])
    text = str(caught.value)
    for part in (
        "a.toml: dark = 'yes': is no bool",
        "a.toml: base.muted = 'grey': is no colour",
        "a.toml: base.blue = '#000000': is unknown",
        "a.toml: odd = {}: is unknown",
        "b.toml: is no TOML",
        "c.toml: badge.paper",
        "c.toml: ansi16.up = 'pink'",
        "c.toml: attributes.up = 'blink'",
        "c.toml: name is missing",
    ):
        assert part in text, part


def test_a_theme_that_inherits_nothing_must_be_whole(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "a"\n')
    (tmp_path / "b.toml").write_text('name = "b"\ninherits = "c"\n')
    (tmp_path / "d.toml").write_text('name = "d"\ninherits = "d"\n')
    with pytest.raises(ConfigError) as caught:
        load_themes([tmp_path])
    text = str(caught.value)
    assert "a.toml: trading.up is missing" in text
    assert "b.toml: inherits = 'c': is no theme" in text
    assert "d.toml: inherits = 'd': is inherited in a circle" in text


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_themes([tmp_path / "none.toml"])
