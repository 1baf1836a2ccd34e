"""From targets to the ensemble's orders: sums are exact, and nothing is wanted twice."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from planning_world import ASK, BID, BTC, FEATURES, FULL, KEY, MS, S, Session, desk, held, target, working

from catui.domain.events import TradingState
from catui.domain.moment import Control, Market, Standing, StrategyState
from catui.domain.orders import Leg, Order, OrderType, Side, TimeInForce
from catui.domain.reports import Account, Positions
from catui.domain.settings import Desk, RiskSettings, StrategySettings
from catui.domain.signals import Target
from catui.planning import planning
from catui.planning.target import deltas


def test_an_order_is_what_is_wanted_less_what_is_held_by_hand() -> None:
    [intent] = Session().step(target(0.5, -0.1), positions=held(up=1_000, down=50)).intents
    # up: 0.5 * 16,666 = 8,333, less 1,000; down: round(-1,666.6) = -1,667, less 50
    assert intent.legs == (Leg("up", 7_333), Leg("down", -1_717))
    assert (intent.side, intent.lots, intent.limit_ticks) == (Side.BUY, 5_616, BID)
    assert (intent.owner, intent.tif, intent.type) == ("ensemble", TimeInForce.GTC, OrderType.LIMIT)
    assert (intent.cause_seq, intent.reduce_only) == (41, False)


def test_crossing_takes_the_far_touch_and_the_collar() -> None:
    [buy] = Session(desk(style="cross")).step(target(0.5)).intents
    [sell] = Session(desk(style="cross")).step(target(-0.5)).intents
    assert (buy.limit_ticks, buy.tif) == (ASK + 12_000, TimeInForce.IOC)  # 20 bps of 60,000.02, cut
    assert (sell.side, sell.limit_ticks) == (Side.SELL, BID - 12_000)


def test_halves_round_to_even() -> None:
    control = Control(TradingState.ACTIVE, "", {})
    legs, _ = deltas(("a", "b", "c"), (0.5, 0.3, -0.5), 5, {}, control)
    assert legs == [("a", 2), ("b", 2), ("c", -2)]


@given(
    parts=st.lists(st.floats(-1, 1), min_size=1, max_size=5),
    lots=st.lists(st.integers(-10_000, 10_000), min_size=5, max_size=5),
    states=st.lists(st.sampled_from(StrategyState), min_size=5, max_size=5),
    bound=st.integers(10, 40_000),
)
def test_the_legs_of_an_order_sum_to_its_signed_lots(
    parts: list[float], lots: list[int], states: list[StrategyState], bound: int
) -> None:
    names = tuple("abcde"[: len(parts)])
    strategies = tuple(StrategySettings(name, "momentum") for name in names)
    world = Session(Desk(7, (BTC,), strategies, risk=RiskSettings(max_order_notional_quote=str(bound))))
    world.strategies = {name: Standing(state) for name, state in zip(names, states, strict=False)}
    share = tuple(part / len(parts) for part in parts)
    accounts = {name: Account(n) for name, n in zip(names, lots, strict=False)}
    wanted = ((KEY, Target(FEATURES, share, share, share, sum(share))),)
    plan = world.step(wanted, positions=Positions(accounts={KEY: accounts}))
    for intent in plan.intents:
        assert sum(leg.lots for leg in intent.legs) == intent.side.sign * intent.lots
        assert all(leg.lots for leg in intent.legs)
        assert intent.lots * 6_000_001 * 10 <= bound * 10**8  # no order above the bound of one order


@given(st.floats(-1, 1), st.integers(-20_000, 20_000), st.sampled_from(StrategyState))
def test_a_strategy_moves_as_its_state_allows(part: float, lots: int, state: StrategyState) -> None:
    control = Control(TradingState.ACTIVE, "", {"a": Standing(state)})
    legs, _ = deltas(("a",), (part,), FULL, {"a": Account(lots)}, control)
    after = lots + sum(moved for _, moved in legs)
    match state:
        case StrategyState.RUN:
            assert after == round(part * FULL)
        case StrategyState.DRAIN:
            assert abs(after) <= abs(lots)
            assert after * lots >= 0
        case StrategyState.PAUSE | StrategyState.QUARANTINE:
            assert after == lots


def test_small_differences_wait() -> None:
    assert Session().step(target(0.1), positions=held(up=1)).intents == ()  # 1,666 of 1,666.6
    [intent] = Session().step(target(0.1), positions=held(up=-1)).intents
    assert intent.lots == 1_668


def test_a_draining_rest_goes_however_small() -> None:
    world = Session()
    world.stand("up", StrategyState.DRAIN)
    [intent] = world.step(target(-0.5), positions=held(up=10)).intents
    assert intent.legs == (Leg("up", -10),)


def test_below_the_venues_minimum_nothing_is_wanted() -> None:
    world = Session()
    world.stand("up", StrategyState.DRAIN)
    assert world.step(target(-0.5), positions=held(up=8)).intents == ()  # 8 lots are worth 4.80, the minimum is 5


def test_a_large_change_goes_in_slices_below_the_bound_of_one_order() -> None:
    [intent] = Session().step(target(1.0), positions=held(up=-FULL)).intents
    assert intent.lots == 16_666  # of 33,332: 10,000 is the bound, and 16,667 lots at 60,000.01 are 10,000.2
    assert intent.legs == (Leg("up", 16_666),)


def test_the_next_intent_of_an_instrument_waits() -> None:
    world = Session()
    assert len(world.step(target(0.5), at_ns=S).intents) == 1
    assert world.step(target(0.5), at_ns=S + 499 * MS).intents == ()
    assert len(world.step(target(0.5), at_ns=S + 500 * MS).intents) == 1


def test_while_an_order_works_the_ensemble_wants_no_other() -> None:
    plan = Session().step(target(0.5), orders=(working(),))
    assert (plan.intents, plan.cancels) == ((), ())


def test_the_operators_own_order_does_not_hold_the_ensemble_up() -> None:
    ticket = working(owner="manual", purpose="ticket", legs=(Leg("manual", 100),))
    plan = Session().step(target(0.5), at_ns=3600 * S, orders=(ticket,))
    assert (len(plan.intents), plan.cancels) == (1, ())


@pytest.mark.parametrize(("at_ns", "cancels"), [(2 * S, ()), (2 * S + 1, ("o-1",))])
def test_an_order_ends_with_its_time_to_live(at_ns: int, cancels: tuple[str, ...]) -> None:
    assert Session().step(target(0.5), at_ns=at_ns, orders=(working(),)).cancels == cancels
    assert Session().step(at_ns=at_ns, orders=(working(),)).cancels == cancels  # a Tick sees it too


@pytest.mark.parametrize("up", [-0.5, 0.0])
def test_an_order_on_the_wrong_side_is_cancelled(up: float) -> None:
    assert Session().step(target(up), orders=(working(),)).cancels == ("o-1",)


def test_a_cancel_is_asked_for_once() -> None:
    order = replace(working(), wish_cancel=True)
    assert Session().step(target(-0.5), at_ns=10 * S, orders=(order,)).cancels == ()


@pytest.mark.parametrize("state", [StrategyState.PAUSE, StrategyState.QUARANTINE])
def test_an_order_with_a_stopped_strategy_in_it_is_cancelled(state: StrategyState) -> None:
    world = Session()
    world.stand("up", state)
    assert world.step(target(0.0, 0.5), orders=(working(),)).cancels == ("o-1",)


def closer() -> Order:
    return working(Side.SELL, "o-2", legs=(Leg("up", -100),))


def test_a_turn_to_halted_cancels_everything_and_wants_nothing() -> None:
    world = Session()
    world.trading = TradingState.HALTED
    ticket = working(Side.BUY, "o-3", owner="manual", purpose="ticket")
    plan = world.step(target(0.5), positions=held(up=100), orders=(working(), closer(), ticket))
    assert (plan.cancels, plan.intents) == (("o-1", "o-2", "o-3"), ())
    assert world.step(target(0.5), at_ns=S).intents == ()


def test_a_turn_to_reducing_cancels_what_opens() -> None:
    world = Session()
    world.trading = TradingState.REDUCING
    assert world.step(positions=held(up=100), orders=(working(), closer())).cancels == ("o-1",)
    assert world.step(target(-0.5), positions=held(up=99), orders=(closer(),)).cancels == ("o-2",)  # through zero


def test_without_a_price_nothing_is_wanted() -> None:
    world = Session()
    world.market = Market(KEY)
    assert world.step(target(0.5)).intents == ()


def test_a_step_without_concern_gives_the_same_objects() -> None:
    world = Session()
    first, state = world.step(), world.state
    assert world.step(at_ns=1) is first
    assert world.state is state


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"style": "hope"}, "join, cross"),
        ({"min_change": 1.5}, "share of a full position"),
        ({"collar_bps": 10_000}, "bps"),
        ({"order_ttl_ms": 0}, "ms"),
        ({"position_quote": "0"}, "USDT"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        planning(desk(**changes))
