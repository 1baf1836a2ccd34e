"""An armed chord says what its second key would do: to whom, how much, at what price; and then it waits no longer."""

import pytest
from desk_driver import Driver, drive
from msgspec.structs import replace
from sample import sample_snapshot
from ticket_answers import FAR, USD, preview

from catui.console.keys.actions import BY_ID, Context, build
from catui.console.keys.keymap import CHORD_S
from catui.console.keys.outlook import asked, outlook
from catui.console.source import FrozenSource
from catui.domain import events
from catui.domain.orders import Side
from catui.preview import OrderPreview, PreviewView
from catui.snapshot import Snapshot

DESK = sample_snapshot()
BTC, ETH = (each.instrument for each in DESK.positions[:2])
FLATTEN = BY_ID["flatten"]


def closing(lots: int = 420, verdict: str = "APPROVED") -> PreviewView:
    """The desk's word on closing the bitcoin position."""
    ticket = preview(events.SubmitOrder(BTC, Side.SELL, lots, 601_235)).order
    assert isinstance(ticket, OrderPreview)
    order = replace(ticket, verdict=verdict, value_money=25_251 * USD, fee_money=12 * USD)
    if verdict == "REFUSED":
        order = replace(order, approved_lots=0, checks=(FAR,))
    return PreviewView(DESK.seq, True, "flattening", order)


def said(answer: PreviewView | None, desk: Snapshot = DESK, row: str = BTC) -> str:
    return outlook(FLATTEN, Context(desk, "positions", row), answer)


def test_the_close_of_a_position_is_told_by_the_desks_own_preview() -> None:
    assert said(closing()) == "SELL 0.420 down to 60,123.50 for 25,251.00, fees 12.00"
    assert said(closing(180)) == "SELL 0.180/0.420 down to 60,123.50 for 25,251.00, fees 12.00"
    assert said(closing(verdict="REFUSED")) == "REFUSED P12 PRICE_COLLAR: far"
    assert said(PreviewView(DESK.seq, False, "no instrument x")) == "REFUSED no instrument x"


def test_before_the_desk_has_answered_the_position_is_told_and_no_price() -> None:
    assert said(None) == "close +0.420"
    assert said(PreviewView(DESK.seq, True, "flattening")) == "close +0.420: no price to close it at"


def test_only_a_position_that_is_held_is_asked_about() -> None:
    flat = replace(DESK, positions=tuple(replace(each, lots=0) for each in DESK.positions))
    assert asked(FLATTEN, Context(DESK, "positions", ETH)) == events.Flatten(ETH)
    assert asked(FLATTEN, Context(flat, "positions", ETH)) is None
    assert asked(BY_ID["flatten_all"], Context(DESK, "positions", ETH)) is None
    assert said(None, flat) == "nothing to close here"


def test_the_other_chords_name_what_they_would_touch() -> None:
    context = Context(DESK)
    held = [each for each in DESK.positions if each.lots]
    worth = sum(abs(each.notional_money) for each in held)
    assert len(held) == 2
    assert worth // USD > 0
    assert outlook(BY_ID["flatten_all"], context) == f"close 2 positions, {worth / USD:,.2f} USDT: BTCUSDT, ETHUSDT"
    assert outlook(BY_ID["pause_all"], context) == "pause 3: momentum, reversion, quoting"
    assert outlook(BY_ID["cancel_here"], context) == "cancel 3 orders of BTCUSDT: 2 BUY, 1 SELL"


def test_a_chord_with_nothing_to_touch_says_so() -> None:
    empty = replace(
        DESK,
        orders=(),
        strategies=tuple(replace(each, state="PAUSE") for each in DESK.strategies),
        positions=tuple(replace(each, lots=0) for each in DESK.positions),
    )
    ids = ("flatten_all", "pause_all", "cancel_here")
    assert [outlook(BY_ID[id], Context(empty)) for id in ids] == [
        "no position to close",
        "no strategy to pause",
        "no order of BTCUSDT to cancel",
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_footer_says_it_whole_until_the_chord_has_waited_too_long(size: tuple[int, int]) -> None:
    source = FrozenSource([DESK])
    source.answers = lambda action: closing() if action == events.Flatten(BTC) else None

    async def act(driver: Driver) -> None:
        await driver.press("4", "f")
        assert source.previews[-1][1] == events.Flatten(BTC)
        await driver.draw()
        assert "F: SELL 0.420 down to 60,123.50 for 25,251.00, fees 12.00" in driver.footer()
        assert all(key in driver.footer() for key in ("F6", "F7", "F8", "F9"))
        driver.clock.now_s += CHORD_S
        await driver.draw()
        assert "SELL" not in driver.footer()
        await driver.press("F")
        assert driver.sent == []

    drive(act, source=source, size=size)


def test_what_was_told_of_one_position_is_not_told_of_another() -> None:
    source = FrozenSource([DESK])
    source.answers = lambda action: closing() if action == events.Flatten(BTC) else None

    async def act(driver: Driver) -> None:
        await driver.press("4", "f")
        await driver.draw()
        assert "F: SELL 0.420" in driver.footer()
        await driver.press("escape", "down", "f")
        await driver.draw()
        assert "F: close -0.3100" in driver.footer()
        await driver.press("F")
        assert driver.sent == [events.Flatten(ETH)]

    drive(act, source=source)


@pytest.mark.parametrize(
    ("first", "words"),
    [("F", "f: close 2 positions"), ("P", "p: pause 3: momentum"), ("X", "x: cancel 3 orders of BTCUSDT: 2 BUY")],
)
def test_a_first_key_shows_the_outlook_and_any_other_key_ends_it(first: str, words: str) -> None:
    async def act(driver: Driver) -> None:
        await driver.press(first)
        assert words in driver.footer()
        await driver.press("z")
        assert words not in driver.footer()
        assert driver.app.desk.arrangement.zoomed is None
        assert driver.sent == []

    drive(act)


def test_what_is_done_by_hand_is_no_strategy_to_pause() -> None:
    by_hand = replace(DESK.strategies[0], name="manual", state="HAND")
    desk = replace(DESK, strategies=(*DESK.strategies, by_hand))
    assert outlook(BY_ID["pause_all"], Context(desk)) == outlook(BY_ID["pause_all"], Context(DESK))
    at_it = Context(desk, "strategies", "manual")
    assert [build(BY_ID[id], at_it) for id in ("pause", "resume", "drain")] == [None, None, None]
