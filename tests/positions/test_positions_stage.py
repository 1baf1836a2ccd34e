"""The position stage: what is conserved at every step, the marks, the UTC day, and what shows that a leg was lost."""

from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from positions_world import (
    DAY,
    NAMES,
    NOON,
    START,
    UNITS,
    USD,
    A,
    B,
    Session,
    Step,
    fill,
    netted_fills,
    steps,
    walked,
)

from catui.domain.orders import Fill
from catui.domain.reports import Performance, Positions
from catui.positions.ledger import worth_money
from catui.positions.stage import DAY_NS

MIDNIGHT = (DAY + 1) * DAY_NS


def results(ledger: Positions) -> dict[str, int]:
    return {name: of.pnl_money for name, of in ledger.by_strategy.items()}


def totals(ledger: Positions) -> tuple[int, ...]:
    """All that does not depend on the way by which the ledger came here."""
    return (
        ledger.equity_money,
        ledger.realised_money,
        ledger.unrealised_money,
        ledger.fees_money,
        ledger.performance.pnl_money,
        ledger.residual_money,
        *(result for _, result in sorted(results(ledger).items())),
    )


# --- laws after every step -------------------------------------------------------------------------------------------


@given(steps)
def test_realised_less_fees_and_unrealised_is_what_the_equity_gained(some: list[Step]) -> None:
    for ledger in walked(Session(), some):
        gained = ledger.realised_money - ledger.fees_money + ledger.unrealised_money
        assert gained == ledger.equity_money - START == ledger.performance.pnl_money


@given(steps)
def test_every_position_is_the_sum_of_its_fills_and_the_desks_the_sum_of_the_strategies(some: list[Step]) -> None:
    legs: dict[tuple[str, str], int] = {}
    for (fills, *_), ledger in zip(some, walked(Session(), some), strict=True):
        for one in fills:
            for leg in one.legs:
                legs[one.instrument, leg.strategy] = legs.get((one.instrument, leg.strategy), 0) + leg.lots
        for key, owners in ledger.accounts.items():
            assert ledger.desk[key].lots == sum(account.lots for account in owners.values())
            assert all(account.lots == legs[key, owner] for owner, account in owners.items())
        assert sum(map(abs, legs.values())) == sum(
            abs(account.lots) for owners in ledger.accounts.values() for account in owners.values()
        )


@given(steps)
def test_the_strategies_sum_to_the_desk_in_every_money_that_is_no_matter_of_cost(some: list[Step]) -> None:
    for ledger in walked(Session(), some):
        assert sum(results(ledger).values()) == ledger.performance.pnl_money
        assert ledger.residual_money == 0
        for key, whole in ledger.desk.items():
            owners = ledger.accounts[key].values()
            assert sum(account.cash_money for account in owners) == whole.cash_money
            assert sum(account.fees_money for account in owners) == whole.fees_money


@given(steps)
def test_a_ledger_that_is_marked_is_the_ledger_that_is_counted_anew(some: list[Step]) -> None:
    session = Session()
    for ledger in walked(session, some):
        worth = dict.fromkeys(NAMES, 0)
        for key, owners in ledger.accounts.items():
            for owner, account in owners.items():
                worth[owner] += worth_money(account, ledger.marks[key], UNITS[key])
        assert results(ledger) == worth
        assert ledger.equity_money == START + sum(worth.values())


@given(steps)
def test_every_held_instrument_is_at_the_newest_mark_after_every_step(some: list[Step]) -> None:
    session = Session()
    for ledger in walked(session, some):
        for key, mark in ledger.marks.items():
            assert session.markets[key].mark_ticks in (mark, None)


@given(steps)
def test_peak_drawdown_and_day_are_those_of_the_whole_history(some: list[Step]) -> None:
    history, day, day_start, now_ns = [0], 0, 0, NOON
    for (*_, passed_ns), ledger in zip(some, walked(Session(), some), strict=True):
        now_ns += passed_ns
        if now_ns // DAY_NS != day:
            day, day_start = now_ns // DAY_NS, history[-1]
        history.append(ledger.performance.pnl_money)
        assert ledger.performance == Performance(history[-1], max(history), day, day_start)
        assert ledger.performance.drawdown_money == max(history) - history[-1] >= 0
        assert ledger.performance.day_money == history[-1] - day_start


# --- the order of things ---------------------------------------------------------------------------------------------


@given(st.lists(netted_fills(), max_size=10))
def test_the_order_of_fills_across_instruments_does_not_change_the_totals(fills: list[Fill]) -> None:
    parts = [[one for one in fills if one.instrument == key] for key in (A, B)]
    told = []
    for order in (fills, parts[0] + parts[1], parts[1] + parts[0]):
        session = Session()
        session.step(mark=31, key=A)
        session.step(mark=17, key=B)
        for one in order:
            session.step(one)
        told.append((totals(session.state), session.state.accounts, session.state.desk))
    assert told[0] == told[1] == told[2]


@given(st.lists(netted_fills(), max_size=6))
def test_fills_of_one_step_are_fills_of_one_step_each(fills: list[Fill]) -> None:
    together, apart = Session(), Session()
    for session in (together, apart):
        session.step(mark=31, key=A)
        session.step(mark=17, key=B)
    together.step(*fills)
    for one in fills:
        apart.step(one)
    assert together.state.accounts == apart.state.accounts
    assert totals(together.state) == totals(apart.state)


def test_the_order_in_which_strategies_trade_is_no_matter_to_any_of_them() -> None:
    fills = (fill({"up": 4}, 100, 5), fill({"down": -3}, 105, 7), fill({"still": 2}, 95, -2))
    told = set()
    for order in permutations(fills):
        session = Session()
        session.step(*order, mark=102)
        told.add(totals(session.state))
    assert len(told) == 1


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_a_netted_fill_is_booked_to_each_by_its_leg_and_once_to_the_desk() -> None:
    """Up buys 6, down sells 2: 4 are bought at 100 dollars; the fee of 80 cents goes 6 to 2."""
    session = Session()
    ledger = session.step(fill({"up": 6, "down": -2}, 100, 80_000_000), mark=103)
    up, down, desk = ledger.accounts[A]["up"], ledger.accounts[A]["down"], ledger.desk[A]
    assert (up.lots, up.cost_money, up.fees_money) == (6, 600 * USD, 60_000_000)
    assert (down.lots, down.cost_money, down.fees_money) == (-2, -200 * USD, 20_000_000)
    assert (desk.lots, desk.cost_money, desk.fees_money) == (4, 400 * USD, 80_000_000)
    assert results(ledger) == {"up": 1_740_000_000, "down": -620_000_000, "still": 0}
    assert (ledger.equity_money, ledger.unrealised_money) == (START + 1_120_000_000, 12 * USD)
    assert ledger.fees_money == 80_000_000


def test_an_instrument_with_a_finer_grid_counts_in_the_same_money() -> None:
    """200 ticks of 5 cents are 10 dollars, 3000 lots of a thousandth 3 pieces: 30 dollars, and 3 of gain at 11."""
    session = Session()
    session.step(fill({"up": 3000}, 200, key=B))
    ledger = session.step(mark=220, key=B)
    assert ledger.accounts[B]["up"].cost_money == 30 * USD
    assert (ledger.unrealised_money, ledger.equity_money) == (3 * USD, START + 3 * USD)


@pytest.mark.parametrize(("fee", "shares"), [(-10, (-3, -3, -4)), (10, (4, 3, 3)), (-1, (0, 0, -1)), (0, (0, 0, 0))])
def test_a_fee_and_a_rebate_are_shared_to_the_last_unit(fee: int, shares: tuple[int, ...]) -> None:
    ledger = Session().step(fill({"up": 2, "down": -2, "still": 2}, fee=fee))
    assert tuple(ledger.accounts[A][name].fees_money for name in NAMES) == shares
    assert (ledger.fees_money, ledger.desk[A].fees_money, ledger.residual_money) == (fee, fee, 0)


def test_a_leg_of_nothing_opens_no_account() -> None:
    ledger = Session().step(fill({"up": 5, "down": 0}, fee=7))
    assert list(ledger.accounts[A]) == ["up"]
    assert ledger.fees_money == 7


def test_the_operators_own_fills_have_a_result_of_their_own() -> None:
    session = Session()
    session.step(fill({"manual": 2}, 100))
    ledger = session.step(mark=110)
    assert results(ledger) == {"up": 0, "down": 0, "still": 0, "manual": 20 * USD}
    assert ledger.residual_money == 0


def test_a_fill_before_any_mark_is_marked_at_its_own_price() -> None:
    ledger = Session().step(fill({"up": 2}, 100))
    assert (ledger.marks, ledger.unrealised_money, ledger.equity_money) == ({A: 100}, 0, START)


def test_a_fill_of_one_instrument_does_not_hide_the_mark_that_came_with_it() -> None:
    session = Session()
    session.step(fill({"up": 1}, 40, key=B), mark=40, key=B)
    ledger = session.step(fill({"up": 1}, 100, key=A), mark=50, key=B)
    assert ledger.marks == {A: 100, B: 50}
    assert ledger.unrealised_money == 10 * UNITS[B]


# --- the day ---------------------------------------------------------------------------------------------------------


def test_the_day_begins_at_midnight_utc_with_the_result_it_found() -> None:
    session = Session()
    session.step(fill({"up": 1}, 100), mark=100)
    assert session.step(mark=130, now_ns=MIDNIGHT - 1).performance.day_money == 30 * USD
    ledger = session.step(mark=125, now_ns=MIDNIGHT)
    assert ledger.performance == Performance(25 * USD, 30 * USD, DAY + 1, 30 * USD)
    assert (ledger.performance.day_money, ledger.performance.drawdown_money) == (-5 * USD, 5 * USD)
    assert ledger.by_strategy["up"] == ledger.performance
    assert ledger.by_strategy["still"] == Performance(0, 0, DAY + 1, 0)


def test_the_day_turns_without_any_fill_or_mark() -> None:
    session = Session()
    session.step(fill({"up": 1}, 100), mark=100)
    session.step(mark=110)
    ledger = session.step(now_ns=MIDNIGHT + DAY_NS)
    assert (ledger.performance.day, ledger.performance.day_money) == (DAY + 2, 0)


def test_a_peak_stays_and_the_drawdown_is_from_it() -> None:
    session = Session()
    session.step(fill({"up": -1}, 100), mark=100)
    told = [session.step(mark=mark).performance for mark in (90, 97, 80, 120)]
    assert [of.peak_money // USD for of in told] == [10, 10, 20, 20]
    assert [of.drawdown_money // USD for of in told] == [0, 7, 0, 40]


# --- what must not go unseen -----------------------------------------------------------------------------------------


@given(netted_fills(), st.sampled_from([-2, -1, 1, 2]), st.lists(netted_fills(), max_size=4))
def test_a_lost_leg_makes_the_residual_and_it_stays(sound: Fill, lost: int, later: list[Fill]) -> None:
    told = sound.side.sign * sound.execution.lots + lost
    assume(told)
    broken = fill({leg.strategy: leg.lots for leg in sound.legs}, 10, 3, sound.instrument, signed_lots=told)
    session = Session()
    assert session.step(broken).residual_money > 0
    for one in later:
        assert session.step(one).residual_money > 0
    assert session.step(mark=45, key=sound.instrument).residual_money > 0


@pytest.mark.parametrize("legs", [{}, {"up": 0}, {"up": 0, "down": 0}])
def test_a_fill_without_any_owner_makes_the_residual_and_no_error(legs: dict[str, int]) -> None:
    session = Session()
    assert session.step(fill(legs, 100, 5, signed_lots=3)).residual_money > 0
    assert session.step(mark=120).residual_money > 0


def test_a_fee_that_one_ledger_lost_makes_the_residual() -> None:
    session = Session()
    ledger = session.step(fill({"up": 3}, 100, 5))
    short = replace(ledger.accounts[A]["up"], fees_money=4, cash_money=ledger.accounts[A]["up"].cash_money + 1)
    session.state = replace(ledger, accounts={A: {"up": short}})
    assert session.step(fill({"up": 1}, 100)).residual_money == 1


# --- steps that tell nothing -----------------------------------------------------------------------------------------


def test_a_step_that_tells_nothing_of_what_is_held_leaves_the_very_same_ledger() -> None:
    session = Session()
    before = session.step(fill({"up": 1}, 100), mark=100)
    assert session.step() is before
    assert session.step(mark=55, key=B) is before  # not held
    assert session.step(mark=100) is before  # the mark it had


def test_a_ledger_that_was_told_is_never_changed() -> None:
    session = Session()
    first = session.step(fill({"up": 1}, 100), mark=100)
    kept = ({**first.accounts[A]}, {**first.desk}, {**first.marks}, {**first.by_strategy}, totals(first))
    session.step(fill({"up": 3, "down": -1}, 90), fill({"down": 2}, 30, key=B), mark=120)
    session.step(mark=60)
    assert kept == (first.accounts[A], first.desk, first.marks, first.by_strategy, totals(first))
