"""Every check at its limit, one inside and one outside, by hand."""

from typing import Any

import pytest
from msgspec.structs import replace
from risk_world import (
    FAR,
    MONEY,
    MS,
    NAMES,
    NOW,
    WARM,
    A,
    B,
    checks_of,
    context,
    desk,
    intent,
    lots_of,
    market,
    of_strategies,
    only_reason,
    weighed,
)

from catui.domain.events import TradingState
from catui.domain.instrument import Instrument
from catui.domain.moment import Standing, StrategyState
from catui.domain.orders import Approved, Leg, Refused, Resized, Side
from catui.domain.settings import Desk, StrategySettings


def markets(**changes: Any) -> dict[str, Any]:
    return {"markets": {A: market(A, **changes), B: market(B)}}


def test_an_order_that_no_check_minds_is_approved_as_it_was_wanted() -> None:
    wanted = intent()
    assert weighed(desk(), context(), wanted) == Approved(wanted, 10)


# P01, P02, P03


def test_halted_refuses_every_order() -> None:
    verdict = weighed(desk(), context(state=TradingState.HALTED), intent())
    assert only_reason(verdict).check == "P01"
    closing = weighed(desk(), context({A: {"manual": -10}}, state=TradingState.HALTED), intent())
    assert isinstance(closing, Refused)
    assert checks_of(closing) == ["P01"]


@pytest.mark.parametrize("state", [StrategyState.DRAIN, StrategyState.PAUSE, StrategyState.QUARANTINE])
@pytest.mark.parametrize(("leg", "is_allowed"), [(-19, True), (-20, True), (-21, False), (3, False)])
def test_a_strategy_that_does_not_run_may_close_what_it_holds_and_no_more(
    state: StrategyState, leg: int, is_allowed: bool
) -> None:
    standings = {"up": Standing(state), "down": Standing()}
    known = context({A: {"up": 20}}, strategies=standings)
    verdict = weighed(desk(), known, of_strategies(abs(leg), up=leg))
    assert checks_of(verdict) == ([] if is_allowed else ["P02"])


def test_the_closers_that_work_count_for_a_paused_strategy() -> None:
    known = context({A: {"up": 20}}, (of_strategies(15, up=-15),), strategies={"up": Standing(StrategyState.PAUSE)})
    assert checks_of(weighed(desk(), known, of_strategies(5, up=-5))) == []
    reason = only_reason(weighed(desk(), known, of_strategies(6, up=-6)))
    assert (reason.check, reason.measured, reason.limit) == ("P02", 6, 5)


def test_a_leg_of_nothing_of_a_paused_strategy_is_no_matter() -> None:
    known = context(strategies={"up": Standing(StrategyState.PAUSE), "down": Standing()})
    assert checks_of(weighed(desk(), known, of_strategies(10, down=10, up=0))) == []


@pytest.mark.parametrize(("ticks", "is_allowed"), [(WARM - 1, False), (WARM, True), (WARM + 1, True)])
def test_no_strategy_trades_before_it_is_warm(ticks: int, is_allowed: bool) -> None:
    known = context(**markets(ticks=ticks))
    for wanted in (of_strategies(10, up=10), intent(owner="up")):
        assert checks_of(weighed(desk(), known, wanted)) == ([] if is_allowed else ["P03"])
    assert checks_of(weighed(desk(), known, intent())) == []  # the operator's own


# P08, P09


@pytest.mark.parametrize(("lots", "price"), [(0, 100), (-1, 100), (10, 0), (10, -100)])
def test_an_order_of_nothing_or_for_nothing_is_refused(lots: int, price: int) -> None:
    assert "P08" in checks_of(weighed(desk(), context(), intent(lots=lots, price=price)))


def test_an_instrument_that_the_desk_does_not_have_is_refused() -> None:
    assert "P08" in checks_of(weighed(desk(), context(), intent(key="paper:CCC")))


@pytest.mark.parametrize("legs", [(), (Leg("up", 9),), (Leg("up", -10),), (Leg("up", 20), Leg("down", -9))])
def test_legs_that_do_not_sum_to_the_order_are_refused(legs: tuple[Leg, ...]) -> None:
    assert checks_of(weighed(desk(), context(), intent(legs=legs))) == ["P08"]


@pytest.mark.parametrize(
    ("lots", "price", "is_allowed"), [(2, 150, True), (3, 100, True), (3, 99, False), (1, 400, False)]
)
def test_the_venues_least_quantity_and_notional(lots: int, price: int, is_allowed: bool) -> None:
    known = context(**markets(bid_ticks=price, ask_ticks=price + 1))
    assert checks_of(weighed(desk(), known, intent(lots=lots, price=price))) == ([] if is_allowed else ["P09"])


def test_the_minimum_is_of_what_the_caps_leave() -> None:
    known = context()
    left_three = weighed(desk(max_order_quote="399"), known, intent(lots=10))
    assert isinstance(left_three, Resized)
    assert left_three.lots == 3
    left_two = weighed(desk(max_order_quote="299"), known, intent(lots=10))
    assert isinstance(left_two, Refused)
    assert checks_of(left_two) == ["P09", "P17"]
    dear = context(**markets(bid_ticks=400, ask_ticks=401))
    left_one = weighed(desk(max_order_quote="799"), dear, intent(lots=10, price=400))
    assert [(r.check, r.unit, r.measured) for r in left_one.reasons] == [
        ("P09", "lots", 1),
        ("P17", "money", 4000 * MONEY),
    ]


# P10, P11, P12


@pytest.mark.parametrize(("age_ms", "is_allowed"), [(1999, True), (2000, True), (2001, False)])
def test_nothing_opens_on_a_stale_book(age_ms: int, is_allowed: bool) -> None:
    known = context({A: {"manual": 10}}, **markets(quote_ns=NOW - age_ms * MS))
    verdict = weighed(desk(), known, intent())
    assert checks_of(verdict) == ([] if is_allowed else ["P10"])
    assert checks_of(weighed(desk(), known, intent(Side.SELL))) == []
    if not is_allowed:
        assert (only_reason(verdict).measured, only_reason(verdict).limit) == (age_ms, 2000)


def test_no_order_on_an_invalid_book_not_even_one_that_closes() -> None:
    known = context({A: {"manual": 10}}, **markets(is_valid=False, why_invalid="gap"))
    assert checks_of(weighed(desk(), known, intent(Side.SELL))) == ["P11"]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("price", "is_allowed"), [(97, False), (98, True), (99, True), (101, True), (102, True), (103, False)]
)
def test_the_collar_is_round_the_mid(side: Side, price: int, is_allowed: bool) -> None:
    assert checks_of(weighed(desk(), context(), intent(side, price=price))) == ([] if is_allowed else ["P12"])


def test_the_collar_rounds_a_distance_up() -> None:
    # 2 x 102 - 199 = 5 of 199 half ticks: 251.3 bps
    known = context(**markets(bid_ticks=99, ask_ticks=100))
    assert only_reason(weighed(desk(price_collar_bps=251), known, intent(price=102))).measured == 252
    assert checks_of(weighed(desk(price_collar_bps=252), known, intent(price=102))) == []


def test_without_a_mid_the_last_trade_is_the_reference_and_without_that_nothing_passes() -> None:
    one_sided = context(**markets(bid_ticks=None, last_ticks=120))
    assert checks_of(weighed(desk(), one_sided, intent(price=120))) == []
    assert checks_of(weighed(desk(), one_sided, intent(price=100))) == ["P12"]
    dark = context(**markets(bid_ticks=None, last_ticks=None))
    assert checks_of(weighed(desk(), dark, intent())) == ["P12"]


def test_a_refusal_reads_as_a_sentence() -> None:
    btc = Instrument("binance", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
    of = Desk(7, (btc,), (StrategySettings("momentum", "momentum"),), risk=FAR)
    book = market(btc.key, bid_ticks=6_217_999, ask_ticks=6_218_001)
    wanted = intent(lots=100, price=6_412_000, key=btc.key, legs=(Leg("momentum", 100),), owner="momentum")
    verdict = weighed(of, context(markets={btc.key: book}), wanted)
    assert only_reason(verdict).text == (
        "P12 PRICE_COLLAR: price 64,120.00 is 312 bps above reference 62,180.00, limit 200 bps "
        "(binance BTCUSDT, strategy momentum)"
    )


# P16, P17


@pytest.mark.parametrize(("lots", "is_allowed"), [(49, True), (50, True), (51, False)])
def test_a_fat_finger_is_refused_and_never_trimmed(lots: int, is_allowed: bool) -> None:
    of = desk(max_order_notional_quote="5000", max_order_quote="1000")
    verdict = weighed(of, context(), intent(lots=lots))
    assert isinstance(verdict, Resized if is_allowed else Refused)
    assert checks_of(verdict) == (["P17"] if is_allowed else ["P16", "P17"])


@pytest.mark.parametrize(("lots", "left"), [(49, 49), (50, 50), (51, 50)])
def test_an_order_is_cut_to_its_largest_worth(lots: int, left: int) -> None:
    for limit in ("5000", "5099"):  # rounded down to the lot
        verdict = weighed(desk(max_order_quote=limit), context(), intent(lots=lots))
        assert lots_of(verdict) == left
        assert checks_of(verdict) == ([] if left == lots else ["P17"])


@pytest.mark.parametrize(("order_quote", "position_quote"), [("4000", "6000"), ("6000", "4000")])
def test_of_two_caps_the_smaller_holds_and_both_are_told(order_quote: str, position_quote: str) -> None:
    of = desk(max_order_quote=order_quote, max_position_quote=position_quote)
    verdict = weighed(of, context(), intent(lots=70))
    assert lots_of(verdict) == 40
    assert checks_of(verdict) == ["P17", "P18"]


# P18, P19, P23


@pytest.mark.parametrize(("lots", "left"), [(29, 29), (30, 30), (31, 30)])
@pytest.mark.parametrize("side", list(Side))
def test_the_worst_case_of_the_desk_counts_what_is_held_and_what_works_on_that_side(
    side: Side, lots: int, left: int
) -> None:
    works = (intent(side, 15, 100 - side.sign), intent(side, 5, 100 - 2 * side.sign))
    known = context({A: {"up": side.sign * 70, "down": -side.sign * 20}}, works)
    verdict = weighed(desk(max_position_quote="10000"), known, intent(side, lots))
    assert lots_of(verdict) == left
    assert checks_of(verdict) == ([] if left == lots else ["P18"])


def test_what_works_on_the_other_side_and_in_other_instruments_gives_no_room_and_takes_none() -> None:
    works = (intent(Side.SELL, 40, 103), intent(Side.BUY, 40, 9, B))
    known = context({A: {"up": 90}, B: {"up": 90}}, works)
    assert lots_of(weighed(desk(max_position_quote="10000"), known, intent(lots=40))) == 10


def test_a_position_above_its_limit_can_be_closed() -> None:
    known = context({A: {"up": 150}})
    of = desk(max_position_quote="10000", max_strategy_position_quote="10000")
    assert lots_of(weighed(of, known, intent(Side.SELL, 150))) == 150
    assert isinstance(weighed(of, known, intent(Side.BUY, 3)), Refused)


@pytest.mark.parametrize(("lots", "left"), [(19, 19), (20, 20), (21, 20)])
def test_the_worst_case_of_a_strategy_counts_its_own_share_of_what_works(lots: int, left: int) -> None:
    known = context({A: {"up": 60, "down": -40}}, (of_strategies(15, up=20, down=-5, price=99),))
    of = desk(max_strategy_position_quote="10000")
    verdict = weighed(of, known, of_strategies(lots, up=lots))
    assert lots_of(verdict) == left
    assert checks_of(verdict) == ([] if left == lots else ["P18"])


def test_an_order_is_cut_as_a_whole_until_every_leg_has_room() -> None:
    # up has room for 40 of its 60, down sells 20 of the 40: 40 lots shrink to 26, of which up has 39 and down -13
    known = context({A: {"up": 60}})
    verdict = weighed(desk(max_strategy_position_quote="10000"), known, of_strategies(40, up=60, down=-20))
    assert lots_of(verdict) == 26


def test_a_strategy_limit_is_of_both_sides() -> None:
    known = context({A: {"down": -95}})
    of = desk(max_strategy_position_quote="10000")
    assert lots_of(weighed(of, known, of_strategies(10, down=-10))) == 5
    assert lots_of(weighed(of, known, of_strategies(10, down=10))) == 10


@pytest.mark.parametrize(("lots", "left"), [(29, 29), (30, 30), (31, 30)])
def test_the_gross_worst_case_sums_all_instruments_whatever_their_sign(lots: int, left: int) -> None:
    known = context({A: {"up": 20}, B: {"up": -400}}, (intent(Side.SELL, 100, 11, B),))  # 2,000 and 5,000
    verdict = weighed(desk(max_gross_quote="10000"), known, intent(lots=lots))
    assert lots_of(verdict) == left
    assert checks_of(verdict) == ([] if left == lots else ["P19"])


def test_above_the_gross_limit_a_position_can_still_be_closed() -> None:
    known = context({A: {"up": 20}, B: {"up": -1000}})
    assert lots_of(weighed(desk(max_gross_quote="10000"), known, intent(Side.SELL, 30))) == 20


def test_a_position_without_a_price_lets_only_closers_pass() -> None:
    known = context({A: {"up": 20}, B: {"up": 1}}, markets={A: market(A)})
    assert checks_of(weighed(desk(), known, intent())) == ["P19"]
    assert lots_of(weighed(desk(), known, intent(Side.SELL, 20))) == 20
    assert lots_of(weighed(desk(), replace(known, marks={B: 10}), intent())) == 10


def test_exposure_counts_at_the_limit_price_where_that_is_higher() -> None:
    assert lots_of(weighed(desk(max_position_quote="10200"), context(), intent(lots=110, price=102))) == 100
    assert lots_of(weighed(desk(max_position_quote="9800"), context(), intent(lots=110, price=98))) == 98


@pytest.mark.parametrize(("lots", "left"), [(29, 29), (30, 30), (31, 30)])
@pytest.mark.parametrize("side", list(Side))
def test_reducing_cuts_to_what_can_be_closed_less_the_closers_at_work(side: Side, lots: int, left: int) -> None:
    known = context({A: {"up": -side.sign * 40}}, (intent(side, 10, 100 - side.sign),), state=TradingState.REDUCING)
    verdict = weighed(desk(), known, intent(side, lots))
    assert lots_of(verdict) == left
    assert checks_of(verdict) == ([] if left == lots else ["P23"])


def test_reducing_refuses_what_opens_and_says_so() -> None:
    for known in (context(state=TradingState.REDUCING), context({A: {"up": 5}}, state=TradingState.REDUCING)):
        assert isinstance(weighed(desk(), known, intent()), Refused)
        assert only_reason(weighed(desk(), known, intent())).check == "P23"


def test_a_reduce_only_intent_is_cut_on_an_active_desk_too() -> None:
    known = context({A: {"up": 5}})
    assert lots_of(weighed(desk(), known, intent(Side.SELL, 9, reduce_only=True))) == 5
    assert lots_of(weighed(desk(), known, intent(Side.SELL, 9))) == 9


# P25, P27


@pytest.mark.parametrize(("works", "is_allowed"), [(1, True), (2, True), (3, False)])
def test_the_count_of_orders_on_the_desk_and_of_one_instrument(works: int, is_allowed: bool) -> None:
    elsewhere = context({A: {"up": 10}}, tuple(intent(price=9, key=B) for _ in range(works)))
    here = context({A: {"up": 10}}, tuple(intent(Side.SELL, 1, 102) for _ in range(works)))
    of_desk, of_one = desk(max_open_orders=3), desk(max_open_orders_instrument=3)
    assert checks_of(weighed(of_desk, elsewhere, intent())) == ([] if is_allowed else ["P25"])
    assert checks_of(weighed(of_one, here, intent())) == ([] if is_allowed else ["P25"])
    assert checks_of(weighed(of_one, elsewhere, intent())) == []
    assert checks_of(weighed(of_desk, elsewhere, intent(Side.SELL))) == []  # it closes


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(("behind", "is_allowed"), [(1, True), (0, False), (-1, False)])
def test_an_order_that_would_meet_one_of_our_own_is_refused(side: Side, behind: int, is_allowed: bool) -> None:
    resting = of_strategies(5, price=100 + side.sign * behind, up=-side.sign * 5)
    verdict = weighed(desk(), context({A: {"up": side.sign * 50}}, (resting,)), intent(side))
    assert checks_of(verdict) == ([] if is_allowed else ["P27"])


def test_own_orders_of_the_same_side_or_elsewhere_are_not_met() -> None:
    works = (intent(price=101), intent(Side.SELL, price=9, key=B))
    assert checks_of(weighed(desk(), context(orders=works), intent())) == []


# P28, P29


@pytest.mark.parametrize(("down", "is_allowed"), [(9_980, True), (9_990, True), (9_991, False), (10_000, False)])
def test_nothing_opens_at_the_drawdown_limit(down: int, is_allowed: bool) -> None:
    # the limit is 1,000 bps of 100,000; a part of a basis point counts as a whole one
    known = context({A: {"up": 10}}, drawdown_money=down * MONEY)
    assert checks_of(weighed(desk(), known, intent())) == ([] if is_allowed else ["P28"])
    assert checks_of(weighed(desk(), known, intent(Side.SELL))) == []


@pytest.mark.parametrize(("lost", "is_allowed"), [(2_499, True), (2_500, False), (2_501, False)])
def test_nothing_opens_at_the_daily_loss_limit(lost: int, is_allowed: bool) -> None:
    known = context({A: {"up": 10}}, day_money=-lost * MONEY)
    assert checks_of(weighed(desk(max_daily_loss_quote="2500"), known, intent())) == ([] if is_allowed else ["P29"])
    assert checks_of(weighed(desk(), known, intent(Side.SELL))) == []


def test_an_order_through_zero_opens_unless_it_is_cut_to_close() -> None:
    known = context({A: {"up": 10}}, drawdown_money=20_000 * MONEY)
    assert checks_of(weighed(desk(), known, intent(Side.SELL, 11))) == ["P28"]
    reducing = replace(known, trading_state=TradingState.REDUCING)
    assert lots_of(weighed(desk(), reducing, intent(Side.SELL, 11))) == 10
    assert lots_of(weighed(desk(), known, intent(Side.SELL, 11, reduce_only=True))) == 10


def test_every_reason_is_told_and_not_the_first_alone() -> None:
    known = context(
        state=TradingState.HALTED,
        strategies=dict.fromkeys(NAMES, Standing(StrategyState.PAUSE)),
        drawdown_money=50_000 * MONEY,
        **markets(ticks=0, is_valid=False, why_invalid="gap", quote_ns=None),
    )
    wanted = of_strategies(200, price=120, up=200)
    told = checks_of(weighed(desk(max_order_notional_quote="1", max_order_quote="1"), known, wanted))
    assert told == ["P01", "P02", "P03", "P10", "P11", "P12", "P16", "P17", "P28"]
