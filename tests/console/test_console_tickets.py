"""The operator's orders from the console: what is typed, what the desk says of it, what is sent, and when."""

import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import BTC
from textual.widgets import Static
from ticket_answers import DESK, WITH_MINE, preview, source

from catui.console.keys.actions import BY_ID
from catui.console.screens.confirm import ConfirmScreen
from catui.console.screens.desk import DeskScreen
from catui.console.screens.ticket import TicketScreen
from catui.console.screens.typed import TypedScreen
from catui.console.words.spoken import spoken
from catui.console.words.terms import price_ticks, quantity_lots, stepped
from catui.domain import events
from catui.domain.events import ReplaceOrder, SubmitOrder
from catui.domain.orders import OrderType, Side, TimeInForce
from catui.preview import HeldPreview, PreviewView
from catui.snapshot import MarketView

MARKET = MarketView(BTC.key, 601_235, 601_240, 601_235, "ok", 0)


def shown(driver: Driver, id: str) -> str:
    return str(driver.app.screen.query_one(f"#{id}", Static).content)


async def fill(driver: Driver, quantity: str = "0.1", price: str = "") -> None:
    await driver.write(quantity)
    if price:
        await driver.press("tab", "ctrl+u")
        await driver.write(price)
    await driver.draw()


@pytest.mark.parametrize(
    ("keys", "side", "ticks"),
    [
        (("o",), Side.BUY, 601_235),
        (("1", "b"), Side.BUY, 601_235),
        (("1", "s"), Side.SELL, 601_240),
        (("1", "down", "down", "b"), Side.BUY, None),  # the cursor's price
    ],
)
def test_a_ticket_asks_and_y_sends_exactly_its_order(keys: tuple[str, ...], side: Side, ticks: int | None) -> None:
    made = source()

    async def act(driver: Driver) -> None:
        nonlocal ticks
        await driver.press(*keys)
        if ticks is None:
            ticks = driver.app.desk.panes["book"].view.cursor_ticks
        await fill(driver)
        for refusal in ("enter", "escape", "n"):
            await driver.press("enter")
            assert driver.top() is ConfirmScreen
            await driver.press(refusal)
            assert driver.top() is TicketScreen
            assert driver.sent == []
        await driver.press("enter", "y")

    sent = drive(act, source=made).sent
    assert [(each.action, each.seen_seq, each.expected) for each in sent] == [
        (SubmitOrder(BTC.key, side, 100, ticks or 0), DESK.seq, None)
    ]


def test_every_term_of_a_ticket_reaches_the_desk_and_what_only_closes_is_not_asked_about() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver, "50%", "ask+2")
        await driver.press("shift+tab", "shift+tab", "right", "tab", "tab", "tab", "right", "tab", "space", "enter")

    [sent] = drive(act, source=source()).sent
    assert sent.action == SubmitOrder(
        BTC.key, Side.SELL, 210, 601_242, OrderType.LIMIT, TimeInForce.IOC, reduce_only=True
    )
    assert sent.expected == 420  # the position it is a share of


def test_with_real_money_a_ticket_is_typed_and_a_wrong_word_sends_nothing() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver)
        await driver.press("enter")
        assert driver.top() is TypedScreen
        await driver.write("because")
        await driver.press("enter")
        await driver.write("buy BTCUSDT")
        await driver.press("enter")
        assert driver.sent == []
        await driver.press("ctrl+u")
        await driver.write("BUY BTCUSDT")
        await driver.press("enter")

    [sent] = drive(act, source=source(desk=replace(DESK, badge="LIVE"))).sent
    assert sent.reason == "because"


def test_a_refused_preview_stays_open_with_its_reason_and_sends_nothing() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver)
        assert shown(driver, "verdict").startswith("REFUSED P12 PRICE_COLLAR 312 bps, limit 200")
        await driver.press("enter")
        assert driver.top() is TicketScreen
        assert "nothing was sent" in shown(driver, "fault")

    assert drive(act, source=source("REFUSED")).sent == []


def test_a_resized_verdict_says_both_quantities_and_its_check() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver, "0.5")
        assert shown(driver, "verdict").startswith(
            "RESIZED 0.500 -> 0.180 P18 MAX_POSITION 40,000.00 USDT, limit 20,000.00"
        )
        assert "P16 FAT_FINGER 6,012.00 of 10,000.00 USDT, margin 3,988.00" in shown(driver, "verdict")

    drive(act, source=source("RESIZED"))


def test_a_ticket_that_goes_away_hears_no_answer() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver)
        ticket = driver.app.screen
        assert isinstance(ticket, TicketScreen)
        await ticket.query_one("#side").remove()  # its parts go one by one
        ticket.leave(None)
        ticket.judged(preview(SubmitOrder(BTC.key, Side.BUY, 100, 601_235)))

    drive(act, source=source())


def test_what_cannot_be_read_is_said_once_and_enter_goes_to_its_field() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver, "2k", "60.123,45")  # a worth, of no price that can be read
        await driver.press("tab", "enter")
        assert "'60.123,45' is no price" in shown(driver, "verdict")
        assert shown(driver, "fault") == "nothing was sent: the price is not clear yet"
        assert driver.app.focused is driver.app.screen.query_one("#price")

    assert drive(act, source=source()).sent == []


def test_a_ticket_stays_until_the_desk_has_accepted_it() -> None:
    made = source()

    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver)
        await driver.press("enter", "y", "enter")
        assert "waiting" in shown(driver, "fault")
        made.answer(False, "P12 PRICE_COLLAR: far \x1b[31m")
        await driver.draw()
        assert driver.top() is TicketScreen
        assert shown(driver, "fault").startswith("REFUSED: P12 PRICE_COLLAR: far \\x1b")
        await driver.press("enter", "y")
        made.answer(True, "sent to risk")
        await driver.draw()
        assert driver.top() is DeskScreen

    assert len(drive(act, source=made).sent) == 2


def test_a_verdict_of_other_terms_is_not_shown() -> None:
    made = source("REFUSED")

    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver)
        made.answers = lambda _: None
        await driver.write("1")
        assert shown(driver, "verdict") == "no verdict yet"

    drive(act, source=made)


def test_a_price_that_goes_with_the_market_keeps_its_verdict_while_it_moves() -> None:
    made = source()

    async def act(driver: Driver) -> None:
        await driver.press("o")
        await fill(driver, price="bid-1")
        for bid_ticks in (601_230, 601_220, 601_210):
            markets = tuple(replace(each, bid_ticks=bid_ticks) for each in DESK.markets)
            await driver.show(replace(DESK, markets=markets))
            assert shown(driver, "verdict").startswith("APPROVED")
            assert made.previews[-1][1] == SubmitOrder(BTC.key, Side.BUY, 100, bid_ticks - 1)
        await driver.write("0")  # other terms
        assert shown(driver, "verdict") == "no verdict yet"

    drive(act, source=made)


def test_an_override_says_what_it_would_have_let_through() -> None:
    made = source()
    held = HeldPreview(DESK.now_ns - 3_600 * 10**9, 14, 12, 1_180, 1_100)
    made.answers = lambda _: PreviewView(DESK.seq, True, "", held=held)

    async def act(driver: Driver) -> None:
        await driver.press("r", "O")
        await driver.write("0.1")
        await driver.draw()
        await driver.draw()
        assert "of the last 1h it would have let 12 of 14 through, largest 1.180" in shown(driver, "facts")

    assert isinstance(drive(act, source=made).previews[-1][1], events.OverrideLimit)


def test_a_frame_may_fall_between_a_tickets_opening_and_its_fields() -> None:
    async def act(driver: Driver) -> None:
        assert driver.app.tickets.open(BY_ID["ticket"], driver.app.desk.context()) == ""
        driver.app.frame()
        await driver.pilot.pause()
        assert driver.top() is TicketScreen

    drive(act, source=source())


def test_the_emergency_row_works_in_a_ticket() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("o", "f7", "f8", "f9")
        assert driver.top() is TicketScreen

    sent = [each.action for each in drive(act, source=source()).sent]
    assert sent == [events.CancelAll(), events.SetTradingState(events.TradingState.HALTED), events.Kill()]


@pytest.mark.parametrize(
    ("quantity", "price", "is_asked"),
    [("0.2", "60122.40", False), ("0.19", "60122.50", False), ("0.21", "60122.50", True), ("0.2", "60122.60", True)],
)
def test_an_amend_asks_only_where_it_is_larger_or_nearer(quantity: str, price: str, is_asked: bool) -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "down", "E", "ctrl+u")
        assert driver.top() is TicketScreen
        await fill(driver, quantity, price)
        await driver.press("enter")
        assert (driver.top() is ConfirmScreen) is is_asked
        await driver.press(*(["y"] if is_asked else []))

    [sent] = drive(act, source=source(desk=WITH_MINE)).sent
    ticks, lots = round(float(price) * 10), round(float(quantity) * 1000)
    assert (sent.action, sent.expected) == (ReplaceOrder("mine", lots, ticks), 150)


def test_an_amend_of_an_order_that_is_gone_says_so_and_sends_nothing() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "down", "E", "ctrl+u")
        await fill(driver, "0.3")
        await driver.press("enter")
        await driver.show(DESK)
        await driver.press("y")
        assert driver.top() is ConfirmScreen
        await driver.press("n")
        await driver.draw()
        await driver.press("enter")
        assert "gone" in shown(driver, "fault")

    assert drive(act, source=source(desk=WITH_MINE)).sent == []


def test_an_order_of_the_strategies_is_not_amended() -> None:
    async def act(driver: Driver) -> None:
        await driver.press("6", "E")
        assert driver.top() is DeskScreen
        assert "only an order from a ticket" in driver.footer()

    drive(act, source=source())


@pytest.mark.parametrize(
    ("text", "side", "expected"),
    [
        ("60123.5", Side.BUY, 601_235),
        ("bid", Side.BUY, 601_235),
        ("bid-1", Side.BUY, 601_234),
        ("ask+2", Side.BUY, 601_242),
        ("mid", Side.BUY, 601_237),
        ("mid", Side.SELL, 601_238),
        ("60123.55", Side.BUY, "price 60123.55 is not on its step 0.10; write 60123.50 or 60123.60"),
        ("60.123,45", Side.BUY, "'60.123,45' is no price: write 60123.45, with a point and no commas"),
        ("60,123.45", Side.BUY, "'60,123.45' is no price: write 60123.45, with a point and no commas"),
        ("", Side.BUY, "write a price"),
        ("0", Side.BUY, "the price must be above 0"),
        ("bid-999999", Side.BUY, "bid-999999 is no price above 0"),
        ("bidbid", Side.BUY, "'bidbid' is no price; write a number with a point, or like bid, ask+2, mid"),
    ],
)
def test_a_price_is_read_exactly_or_its_mend_is_named(text: str, side: Side, expected: int | str) -> None:
    assert price_ticks(text, side, BTC, MARKET) == expected
    assert price_ticks("bid", side, BTC, None) == "there is no bid now; write a price"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.180", 180),
        ("50%", 210),
        ("100%", 420),
        ("2k", 33),  # 2,000 at 60,123.50 is 0.03326
        ("0.5M", 8_316),
        ("0.1805", "quantity 0.1805 is not on its step 0.001; write 0.180 or 0.181"),
        ("101%", "'101%' is no share of the position; write 1% to 100%"),
        ("1k%", "'1k%' is no share of the position; write 1% to 100%"),
        ("0.0001%", "0.0001% of the position is less than a lot"),
        ("1e5", "'1e5' is no quantity; write one with a point, like 0.5"),
        ("1" * 30, f"'{'1' * 30}' is no quantity; write one with a point, like 0.5"),
        ("-1", "the quantity must be above 0"),
        ("0.0004", "quantity 0.0004 is not on its step 0.001; write 0.001"),  # 0 is none
    ],
)
def test_a_quantity_is_read_exactly_or_its_mend_is_named(text: str, expected: int | str) -> None:
    assert quantity_lots(text, BTC, -420, 601_235, DESK.money_digits) == expected


def test_the_arrows_move_a_price_by_its_tick() -> None:
    assert [stepped(text, -2, BTC) for text in ("bid", "bid+2", "60123.5", "so", "0.1")] == [
        "bid-2",
        "bid",
        "60123.30",
        "so",
        "0.1",
    ]


def test_an_order_is_named_by_its_terms_and_an_unknown_one_by_its_id() -> None:
    amend, cancel = ReplaceOrder("mine", 300, 601_230), events.CancelOrder("mine")
    assert spoken(amend, WITH_MINE) == "amend BUY binance:BTCUSDT 0.200 at 60,122.50 -> 0.300 at 60,123.00"
    assert spoken(cancel, WITH_MINE) == "cancel BUY binance:BTCUSDT 0.200 at 60,122.50"
    assert spoken(amend, DESK) == "amend order mine to ? at ?"  # of which instrument, nobody knows
    assert spoken(cancel, DESK) == "cancel order mine"
