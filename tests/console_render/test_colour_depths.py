"""With 256 and with sixteen colours every theme can still be read, and up is still not down."""

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style
from test_layout_themes import COLOURED, THEMES, contrast

from catui.console.look.themes import palette

TEXTS = ("text", "muted", "warning", "error", "success", "up", "down", "own", "accent", "stale")
BADGES = ("paper", "sim", "replay", "live", "halted", "reducing", "past")
BARS = ("bid_bar", "ask_bar")


def shown(colour: Color | None, system: ColorSystem) -> Color:
    assert colour is not None
    return colour.downgrade(system)


def of_256(style: Style) -> tuple[str, str]:
    front, back = (shown(each, ColorSystem.EIGHT_BIT).get_truecolor().hex for each in (style.color, style.bgcolor))
    return front, back


@pytest.mark.parametrize("name", COLOURED)
def test_with_256_colours_every_text_can_be_read_on_its_ground(name: str) -> None:
    colours = palette(THEMES[name])
    for role in (*TEXTS, *BARS, *BADGES):
        assert contrast(*of_256(getattr(colours, role))) >= 4.5, role
    assert of_256(colours.up) != of_256(colours.down)


@pytest.mark.parametrize("name", COLOURED)
def test_with_sixteen_colours_no_text_has_the_colour_of_its_ground_and_up_is_not_down(name: str) -> None:
    colours = palette(THEMES[name], is_ansi16=True)

    def number(colour: Color | None) -> int | None:
        return None if colour is None else shown(colour, ColorSystem.STANDARD).number

    for role in (*BARS, *BADGES):
        style = getattr(colours, role)
        assert number(style.color) != number(style.bgcolor), role
    assert all(getattr(colours, role).bgcolor is None for role in TEXTS)  # the terminal's own ground
    assert number(colours.up.color) != number(colours.down.color)
    assert number(colours.bid_bar.bgcolor) != number(colours.ask_bar.bgcolor)
