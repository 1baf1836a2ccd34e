"""Filters, and what is taken from the screen: a row, a table, a picture, a layout."""

import csv
from pathlib import Path

import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import sample_snapshot
from test_console_viewing import pointed, rows_of

from catui.console.app import CatuiApp
from catui.console.look.arrangement import Arrangement
from catui.console.look.layouts import layouts, read
from catui.console.look.themes import load_themes, palette, theme_dirs
from catui.console.panes import PANES
from catui.console.render.view import PaneView
from catui.console.words.sheets import csv_text, row_text
from catui.domain import events

DESK = sample_snapshot()
DARK = palette(load_themes(theme_dirs())["dark"])


# Filters


def test_a_filter_shows_at_every_key_what_it_leaves_and_enter_keeps_it() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "slash", "b", "u")
        assert "/bu_" in driver.footer()
        assert "/bu 2 of 4" in rows_of(driver, "orders")[0]
        await driver.press("y", "space", "m", "o", "m")
        assert "/buy mom 1 of 4" in rows_of(driver, "orders")[0]
        assert driver.sent == []  # x, y and m are letters here
        await driver.press("enter", "x")
        assert driver.sent == [events.CancelOrder("c7-000133")]

    drive(act)


def test_escape_puts_back_what_stood_before_and_then_takes_the_filter_away() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "slash", *"sell", "enter", "slash", *"xyz")
        assert "/sellxyz 0 of 4" in rows_of(driver, "orders")[0]
        await driver.press("escape")
        assert "/sell 2 of 4" in rows_of(driver, "orders")[0]
        await driver.press("escape")
        assert "of 4" not in rows_of(driver, "orders")[0]

    drive(act)


def test_backspace_takes_a_letter_and_control_u_all_of_them() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "slash", *"buys", "backspace")
        assert "/buy 2 of 4" in rows_of(driver, "orders")[0]
        await driver.press("ctrl+u", "s", "enter")
        assert "/s 4 of 4" in rows_of(driver, "orders")[0]

    drive(act)


def test_a_filter_holds_no_more_than_fits_and_nothing_that_a_terminal_obeys() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "slash", *["a"] * 80)
        assert driver.app.desk.panes["orders"].view.filter == "a" * 60
        await driver.press("f1", "left", "tab")
        assert driver.app.desk.panes["orders"].view.filter == "a" * 60

    drive(act)


def test_the_emergency_row_works_while_a_filter_is_typed() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5", "slash", "m", "f7", "f8")
        assert driver.app.desk.panes["strategies"].view.filter == "m"

    sent = [each.action for each in drive(act).sent]
    assert sent == [events.CancelAll(), events.SetTradingState(events.TradingState.HALTED)]


def test_matches_are_gone_through_in_a_circle() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "slash", *"buy", "enter", "g")
        seen = []
        for key in ("n", "n", "N"):
            await driver.press(key)
            seen.append(driver.app.desk.context().row)
        assert seen == ["c7-000133", "c7-000131", "c7-000133"]
        await driver.press("1", "n")
        assert driver.app.desk.context().row == "c7-000132"  # in the book: from one of our prices to the next
        await driver.press("n")
        assert driver.app.desk.context().row == "c7-000131"

    drive(act)


def test_a_click_ends_the_typing_and_keeps_the_filter() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "slash", *"buy")
        await driver.pilot.click("#pane-positions", offset=(5, 2))
        assert driver.app.desk.focused_pane == "positions"
        await driver.press("5", "p")
        assert len(driver.sent) == 1
        assert "/buy 2 of 4" in rows_of(driver, "orders")[0]

    drive(act)


# Rows and tables


def test_a_row_goes_to_the_clipboard_and_to_a_file_that_the_answer_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(CatuiApp, "copy_to_clipboard", lambda _, text: copied.append(text))

    async def act(driver: Driver) -> None:
        await driver.press("4", "j", "y")
        assert f"copied to the clipboard and to {tmp_path}/copied.txt" in driver.footer()

    drive(act, size=(200, 60), files=tmp_path)
    [text] = copied
    assert text.split("\t")[:3] == ["ETHUSDT", "binance", "-0.3100"]
    assert (tmp_path / "copied.txt").read_text() == f"{text}\n"
    assert (tmp_path / "copied.txt").stat().st_mode & 0o777 == 0o600


def test_where_there_is_no_row_nothing_is_copied(tmp_path: Path) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("1", "y")  # no cursor in the book yet
        assert "no row here" in driver.footer()
        await driver.press("j", "y")
        assert "copied" in driver.footer()

    drive(act, files=tmp_path)
    assert (tmp_path / "copied.txt").read_text() == "bid\t60,123.50\t0.987\t0.000\n"


def test_a_table_is_written_whole_with_all_its_columns_and_numbers_that_parse(tmp_path: Path) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("4", "e", "e")
        assert "positions-20260109T140307Z-2.csv" in driver.footer()

    drive(act, size=(200, 60), files=tmp_path)
    with (tmp_path / "positions-20260109T140307Z.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["symbol"] for row in rows] == ["BTCUSDT", "ETHUSDT"]
    assert float(rows[0]["average"]) == 60_001.64
    assert float(rows[1]["value"]) == -9_344.27
    assert (tmp_path / "positions-20260109T140307Z-2.csv").exists()


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    async def act(driver: Driver) -> None:
        await driver.press("4", "e")
        assert "was not written" in driver.footer()
        await driver.press("V")
        assert "was not saved" in driver.footer()

    drive(act, size=(200, 60), files=tmp_path / "file")


@pytest.mark.parametrize("name", sorted(name for name, pane in PANES.items() if pane.walks))
def test_every_pane_with_rows_can_be_written(name: str) -> None:
    pane = PANES[name]
    for tab, walk in enumerate(pane.walks):
        assert walk.sheet is not None
        sheet, _ = walk.sheet(DESK, PaneView(tab=tab), DARK)
        read_back = list(csv.reader(csv_text(sheet).splitlines()))
        assert len(read_back) == len(sheet.rows) + 1
        assert {len(row) for row in read_back} == {len(sheet.titles)}
        assert all(read_back[0])


def test_nothing_in_a_table_is_a_formula_or_obeyed_by_a_terminal() -> None:
    evil = "=HYPERLINK(1)\x1b[31m"
    rows = tuple(replace(row, name=evil, kind="@SUM", reason="+x") for row in DESK.strategies)
    walk = PANES["strategies"].walks[0]
    assert walk.sheet is not None
    sheet, row = walk.sheet(replace(DESK, strategies=rows), PaneView(), DARK)
    assert row == 0
    text = csv_text(sheet)
    assert "\x1b" not in text + row_text(sheet, 0)
    cells = [cell for line in csv.reader(text.splitlines()) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    assert not [cell for cell in cells if cell.startswith("+") and not cell[1:2].isdigit()]


def test_the_levels_of_the_book_are_written_with_ours_among_them() -> None:
    walk = PANES["book"].walks[0]
    assert walk.sheet is not None
    sheet, row = walk.sheet(DESK, PaneView(cursor_ticks=601_225), DARK)
    assert row is not None
    assert sheet.rows[row] == ("bid", "60,122.50", "3.709", "0.300")
    prices = [float(price.replace(",", "")) for _, price, _, _ in sheet.rows]
    assert prices == sorted(prices, reverse=True)


def test_the_chart_is_written_as_candles_and_a_gap_as_nothing() -> None:
    walk = PANES["chart"].walks[0]
    assert walk.sheet is not None
    sheet, _ = walk.sheet(DESK, PaneView(), DARK)
    assert sheet.rows[0][0] == "14:03:00"
    assert sheet.rows[0][4] == "60,123.75"
    assert sheet.rows[46][1:] == ("", "", "", "")


def test_a_picture_of_the_screen_is_written(tmp_path: Path) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("ctrl+s")
        assert "picture written to" in driver.footer()

    drive(act, size=(160, 40), files=tmp_path)
    svg = (tmp_path / "screen-20260109T140307Z.svg").read_text()
    assert svg.startswith("<svg")
    assert "60,123.50" in svg


# Layouts

SCALPING = {"scalping": ("5: (book 2 / trades 1) 2 | (chart 3 / positions 1) 3", "2: orders 3 | alerts+health+log 2")}


def test_layouts_are_gone_through_and_the_circle_closes() -> None:
    async def act(driver: Driver) -> None:
        auto = set(driver.app.desk.placed())
        await driver.press("7", "v")
        assert "layout market" in driver.footer()
        await driver.press("v")
        assert "layout risk" in driver.footer()
        assert "book" not in driver.app.desk.placed()
        await driver.press("v")
        assert set(driver.app.desk.placed()) == {
            *["book", "trades", "chart", "positions", "orders", "alerts", "header", "footer"]
        }
        await driver.press("v")
        assert "layout auto" in driver.footer()
        assert set(driver.app.desk.placed()) == auto

    drive(act, arrangement=Arrangement(layouts(SCALPING)))


def test_a_pane_without_a_place_in_the_layout_gives_up_the_focus_and_is_zoomed_by_its_key() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("5", "v", "v", "v")
        assert driver.app.desk.focused_pane == "book"
        await driver.press("5")
        assert set(driver.app.desk.placed()) == {"header", "strategies", "footer"}

    drive(act, arrangement=Arrangement(layouts(SCALPING)))


def test_a_pane_grows_and_shrinks_and_the_others_make_room() -> None:
    async def act(driver: Driver) -> None:
        before = driver.app.desk.placed()["book"].width
        await driver.press("shift+right", "shift+right")
        wider = driver.app.desk.placed()["book"].width
        assert wider > before
        await driver.press("shift+down")
        assert driver.app.desk.placed()["book"].height > 25
        await driver.press(*["shift+left"] * 30)
        assert driver.app.desk.placed()["book"].width >= 30
        regions = driver.app.desk.placed().values()
        assert sum(region.area for region in regions) == 120 * 40

    drive(act)


def test_a_layout_that_was_saved_is_the_one_to_start_with(tmp_path: Path) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("v", "v", "v", "V", "v", "shift+right", "V")
        assert f"layout own saved to {tmp_path}/layouts.toml" in driver.footer()

    drive(act, size=(200, 60), files=tmp_path, arrangement=Arrangement(layouts(SCALPING)))
    found, start = read(tmp_path / "layouts.toml")
    assert (set(found), start) == ({"scalping", "own"}, "own")

    async def again(driver: Driver) -> None:
        book = driver.app.desk.placed()["book"].width
        await driver.press("v")
        assert "layout auto" in driver.footer()
        assert driver.app.desk.placed()["book"].width < book
        await driver.press("V")
        assert "layout own-2 saved" in driver.footer()

    drive(again, size=(200, 60), files=tmp_path, arrangement=Arrangement(layouts(found), start))
    assert set(read(tmp_path / "layouts.toml")[0]) == {"scalping", "own", "own-2"}


def test_a_lost_row_is_not_copied(tmp_path: Path) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "j")
        await driver.show(replace(DESK, orders=DESK.orders[2:]))
        assert pointed(driver, "orders") == []
        await driver.press("y")
        assert "no row here" in driver.footer()

    drive(act, files=tmp_path)
