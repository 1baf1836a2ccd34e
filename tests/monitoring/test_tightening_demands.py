"""What the monitors demand of the trading state, at their limits and one unit before, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from monitoring_world import IDLE, MONEY, NOW, S, anomaly, desk, lost, refused, scene
from msgspec.structs import replace

from catui.domain.events import TradingState
from catui.domain.orders import Approved
from catui.domain.reports import Override, Performance, Positions, RiskState
from catui.domain.settings import Desk
from catui.monitoring.scene import Scene
from catui.monitoring.tightening import demands

ACTIVE, REDUCING, HALTED = TradingState.ACTIVE, TradingState.REDUCING, TradingState.HALTED
FAR = "1000000"


def wanted(of: Desk, seen: Scene) -> TradingState:
    demand = demands(of)(seen)
    return ACTIVE if demand is None else demand[0]


def below_peak(money: int) -> Positions:
    """A desk that won `money` yesterday and lost it again today, before the day's result began."""
    return Positions(performance=Performance(pnl_money=0, peak_money=money))


def widened(check: str, extra: int, scope: str = "desk") -> RiskState:
    return RiskState((Override("o1", check, scope, extra, NOW + S, 10**18, "ann", "known and wanted"),))


def test_nothing_is_demanded_of_a_desk_without_fault() -> None:
    assert demands(desk())(scene()) is None


@pytest.mark.parametrize("residual", [1, -1])
def test_a_ledger_that_does_not_add_up_halts(residual: int) -> None:
    assert demands(desk())(scene(positions=Positions(residual_money=residual))) == (
        HALTED,
        f"R02: the ledgers differ by {residual}",
    )


@pytest.mark.parametrize(("is_integrity", "state"), [(True, HALTED), (False, ACTIVE)])
def test_an_anomaly_halts_where_it_breaks_integrity(is_integrity: bool, state: TradingState) -> None:
    found = (anomaly("overfill"), anomaly("crossed wires", is_integrity=is_integrity))
    assert wanted(desk(), scene(handled=replace(IDLE, anomalies=found))) is state


def test_an_error_inside_the_gate_halts_and_a_refusal_does_not() -> None:
    sound = (refused("P18"), Approved(refused().intent, 10))
    assert wanted(desk(), scene(handled=replace(IDLE, verdicts=sound))) is ACTIVE
    broken = (*sound, refused("P18", "P19", code="GATE_ERROR"))
    assert wanted(desk(), scene(handled=replace(IDLE, verdicts=broken))) is HALTED


@pytest.mark.parametrize(
    ("money", "state"),
    [
        (0, ACTIVE),
        (1000 * MONEY - 1, ACTIVE),
        (1000 * MONEY, REDUCING),
        (1500 * MONEY - 1, REDUCING),
        (1500 * MONEY, HALTED),
        (9000 * MONEY, HALTED),
    ],
)
def test_losses_reduce_at_their_limit_and_halt_at_one_and_a_half(money: int, state: TradingState) -> None:
    by_day = desk(risk={"max_daily_loss_quote": "1000", "max_drawdown_bps": 10_000})
    assert wanted(by_day, scene(positions=lost(money))) is state
    by_drawdown = desk(risk={"max_daily_loss_quote": FAR, "max_drawdown_bps": 100})  # of 100,000 dollars
    assert wanted(by_drawdown, scene(positions=below_peak(money))) is state


def test_the_tighter_of_two_losses_is_demanded() -> None:
    of = desk(risk={"max_daily_loss_quote": "1000", "max_drawdown_bps": 100})
    both = Positions(performance=Performance(pnl_money=-1000 * MONEY, peak_money=500 * MONEY))
    assert wanted(of, scene(positions=both)) is HALTED


def test_a_gain_demands_nothing() -> None:
    of = desk(risk={"max_daily_loss_quote": "0"})
    assert wanted(of, scene(positions=lost(-5))) is ACTIVE


def test_a_limit_of_nothing_is_reached_by_the_first_loss_and_not_by_none() -> None:
    of = desk(risk={"max_daily_loss_quote": "0"})
    assert [wanted(of, scene(positions=lost(money))) for money in (0, 1, 2)] == [ACTIVE, REDUCING, HALTED]
    poor = desk(start_equity_quote="0")
    assert [wanted(poor, scene(positions=below_peak(money))) for money in (0, 1)] == [ACTIVE, HALTED]


def test_a_loss_limit_that_a_person_widened_is_the_limit() -> None:
    of = desk(risk={"max_daily_loss_quote": "1000", "max_drawdown_bps": 100})
    wider_day = replace(IDLE, risk=widened("P29", 200 * MONEY))
    at = [1199 * MONEY, 1200 * MONEY, 1800 * MONEY]
    seen = [scene(positions=Positions(performance=Performance(-money, -money)), handled=wider_day) for money in at]
    assert [wanted(of, each) for each in seen] == [ACTIVE, REDUCING, HALTED]
    wider_drawdown = replace(IDLE, risk=widened("P28", 20))
    seen = [scene(positions=below_peak(money), handled=wider_drawdown) for money in at]
    assert [wanted(of, each) for each in seen] == [ACTIVE, REDUCING, HALTED]


def test_another_limit_that_was_widened_changes_nothing() -> None:
    of = desk(risk={"max_daily_loss_quote": "1000"})
    other = replace(IDLE, risk=widened("P18", 10**12))
    assert wanted(of, scene(positions=lost(1000 * MONEY), handled=other)) is REDUCING


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_a_greater_loss_never_demands_less(one: int, other: int) -> None:
    of = desk(risk={"max_daily_loss_quote": "1000", "max_drawdown_bps": 100})
    less, more = (wanted(of, scene(positions=lost(money))).rank for money in sorted((one, other)))
    assert less <= more


def test_a_loss_limit_is_the_desks_and_no_other_scope_widens_it() -> None:
    of = desk(risk={"max_daily_loss_quote": "1000"})
    other = replace(IDLE, risk=widened("P29", 200 * MONEY, scope="paper:AAA"))
    assert wanted(of, scene(positions=lost(1000 * MONEY), handled=other)) is REDUCING
