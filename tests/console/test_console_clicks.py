"""A click on a name in a pane's frame goes to what it names: a pane behind this one, or a list of it."""

import pytest
from desk_driver import Driver, drive

from catui.console.panes.orders import FILLS, REFUSED, WORKING
from catui.console.screens.desk import DeskScreen


def spot(driver: Driver, text: str) -> tuple[int, int]:
    """The middle of a text on the screen."""
    for y, row in enumerate(driver.screen()):
        if text in row:
            return row.index(text) + len(text) // 2, y
    raise AssertionError(f"{text!r} is not on the screen")


async def click(driver: Driver, text: str, times: int = 1) -> None:
    await driver.pilot.click(offset=spot(driver, text), times=times)
    await driver.pilot.pause()


@pytest.mark.parametrize(
    ("size", "clicks"),
    [
        ((80, 24), (("8 Health", "health"), ("9 Log", "log"), ("7 Alerts", "alerts"), ("6 Orders", "orders"))),
        ((120, 40), (("| 8 |", "health"), ("| 9 ", "log"), (" 7 |", "alerts"))),  # names give way to numbers
    ],
)
def test_a_click_on_a_tabs_name_goes_to_its_pane(size: tuple[int, int], clicks: tuple[tuple[str, str], ...]) -> None:
    async def act(driver: Driver) -> None:
        desk = driver.app.desk
        shared = {pane for _, pane in clicks}
        for text, pane in clicks:
            await click(driver, text)
            assert desk.focused_pane == pane
            assert shared & set(desk.placed()) == {pane}
        assert driver.sent == []

    drive(act, size=size)


def test_a_click_on_a_lists_name_shows_that_list() -> None:
    async def act(driver: Driver) -> None:
        orders = driver.app.desk.panes["orders"]
        await driver.press("1")
        for text, tab in (("fills 3", FILLS), ("refused 14", REFUSED), ("working 4", WORKING)):
            await click(driver, text)
            assert orders.view.tab == tab
            assert driver.app.desk.focused_pane == "orders"
        assert driver.sent == []

    drive(act, size=(200, 60))


def test_two_clicks_on_a_name_ask_for_no_cause() -> None:
    async def act(driver: Driver) -> None:
        await click(driver, "fills 3", times=2)
        assert driver.top() is DeskScreen
        assert driver.app.desk.panes["orders"].view.tab == FILLS

    drive(act, size=(200, 60))
