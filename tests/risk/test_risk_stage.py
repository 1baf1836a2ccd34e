"""The risk stage: one intent after the other, counters, overrides, and what is shown of it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from risk_world import (
    MONEY,
    MS,
    NOW,
    A,
    B,
    Session,
    checks_of,
    desk,
    intent,
    intents,
    lots_of,
    moment,
    order,
    reports,
)

from catui.domain.events import Action, EndOverride, Kill, OverrideLimit, ReplaceOrder, TradingState
from catui.domain.orders import Approved, Intent, Refused, Resized, Side, Verdict
from catui.domain.reports import Amend, Judged, OrderTable, Override, Plan, Reports, Usage
from catui.domain.settings import Desk
from catui.risk import preview, risk
from catui.risk.limits import Pass
from catui.runtime.statecodec import decode, encode


def left(judged: Judged) -> list[int]:
    return [lots_of(verdict) for verdict in judged.verdicts]


# One after the other


def test_an_order_counts_from_the_moment_it_is_approved() -> None:
    session = Session(desk(max_position_quote="10000"))
    judged = session.step(intent(lots=70), intent(lots=80), intent(lots=5))
    assert left(judged) == [70, 30, 0]


def test_a_shrunk_order_counts_as_what_is_left_of_it() -> None:
    session = Session(desk(max_position_quote="10000", max_order_quote="5000"))
    assert left(session.step(intent(lots=80), intent(lots=60), intent(lots=40))) == [50, 50, 0]


def test_a_partly_filled_order_counts_as_what_may_still_fill() -> None:
    works = replace(reports(), orders=OrderTable(working={"o-1": order(intent(lots=60), cum_lots=45)}))
    assert left(Session(desk(max_position_quote="10000")).step(intent(lots=90), told=works)) == [85]


def test_a_refused_order_takes_no_room() -> None:
    session = Session(desk(max_position_quote="10000"))
    assert left(session.step(intent(lots=70, price=150), intent(lots=80))) == [0, 80]


def test_the_orders_of_one_step_do_not_meet_each_other() -> None:
    judged = Session().step(intent(), intent(Side.SELL))
    assert [checks_of(verdict) for verdict in judged.verdicts] == [[], ["P27"]]


def test_two_closers_of_one_step_do_not_carry_a_reducing_desk_through_zero() -> None:
    told = reports({A: {"up": 20}})
    sells = (intent(Side.SELL, 15), intent(Side.SELL, 16), intent(Side.SELL, 17))
    assert left(Session().step(*sells, told=told, state=TradingState.REDUCING)) == [15, 5, 0]


@given(st.lists(intents(), max_size=6), st.sampled_from(TradingState), st.lists(st.text(max_size=3), max_size=3))
def test_cancels_meet_no_check_and_every_intent_gets_one_verdict_in_order(
    wanted: list[Intent], state: TradingState, cancels: list[str]
) -> None:
    session = Session(desk(order_burst=1, order_rate_per_s=1))
    for _ in range(3):
        judged = session.step(*wanted, cancels=tuple(cancels), state=state, later_ns=MS)
        assert judged.cancels == tuple(cancels)
        assert [verdict.intent for verdict in judged.verdicts] == wanted


@given(st.lists(st.lists(intents(), max_size=3), max_size=20))
def test_after_halted_nothing_is_approved(steps: list[list[Intent]]) -> None:
    session = Session()
    session.step(action=Kill(), state=TradingState.HALTED)
    for wanted in steps:
        judged = session.step(*wanted, state=TradingState.HALTED, later_ns=MS)
        assert all(isinstance(v, Refused) and "P01" in checks_of(v) for v in judged.verdicts)


def test_a_step_without_a_plan_keeps_the_very_state() -> None:
    session = Session()
    session.step()
    before = session.state
    nothing = session.step(later_ns=MS)
    assert session.step(later_ns=MS) is nothing
    assert session.state is before
    assert session.step(later_ns=MS, cancels=("o-1",)).cancels == ("o-1",)
    assert session.state is before


# P31, P32


def test_the_same_order_passes_again_after_the_window_and_not_before() -> None:
    session = Session(desk(duplicate_window_ms=500))
    assert left(session.step(intent())) == [10]
    again = session.step(intent(), later_ns=500 * MS - 1)
    [verdict] = again.verdicts
    assert checks_of(verdict) == ["P31"]
    assert (verdict.reasons[0].measured, verdict.reasons[0].limit) == (499, 500)
    assert left(session.step(intent(), later_ns=1)) == [10]


def test_an_order_that_differs_in_one_term_is_no_duplicate() -> None:
    session = Session()
    told = reports({A: {"manual": 100}, B: {"manual": 100}})
    others = (
        intent(),
        intent(lots=11),
        intent(price=99),
        intent(price=10, key=B),
        intent(owner="up"),
    )
    assert left(session.step(*others, told=told)) == [10, 11, 10, 10, 10]
    assert left(session.step(intent(Side.SELL), told=told)) == [10]


def test_a_refused_order_uses_up_nothing() -> None:
    session = Session(desk(order_burst=1, order_rate_per_s=1))
    session.step(intent(price=150))
    assert left(session.step(intent(price=100))) == [10]
    twice = Session(desk(order_burst=2, order_rate_per_s=1))
    assert left(twice.step(intent(), intent(), intent(lots=11))) == [10, 0, 11]  # the duplicate took no token


def test_the_bucket_gives_its_burst_and_then_its_rate() -> None:
    session = Session(desk(order_burst=3, order_rate_per_s=2))
    wanted = [intent(lots=10 + n) for n in range(5)]
    assert left(session.step(*wanted)) == [10, 11, 12, 0, 0]
    [refused] = session.step(intent(lots=20), later_ns=500 * MS - 1).verdicts
    assert checks_of(refused) == ["P32"]
    assert left(session.step(intent(lots=20), later_ns=1)) == [20]
    assert left(session.step(*wanted, later_ns=3_600_000 * MS)) == [10, 11, 12, 0, 0]  # never more than the burst


def test_time_that_steps_back_fills_no_bucket_twice() -> None:
    session = Session(desk(order_burst=2, order_rate_per_s=1))
    assert left(session.step(intent(lots=10))) == [10]
    assert left(session.step(intent(lots=11), later_ns=-1_000 * MS)) == [11]
    assert left(session.step(intent(lots=12), later_ns=1_000 * MS)) == [0]
    assert left(session.step(intent(lots=13), later_ns=1_000 * MS)) == [13]


def test_a_counters_reason_stands_beside_those_of_the_caps() -> None:
    session = Session(desk(max_order_quote="5000"))
    session.step(intent(lots=60))
    assert checks_of(session.step(intent(lots=60)).verdicts[0]) == ["P17", "P31"]


# P36: overrides

WIDER = OverrideLimit("P17", A, extra=2_000 * MONEY, ttl_s=60, budget=3_000 * MONEY)
LIMITED = {"max_order_quote": "5000"}  # 50 lots at 100


def overridden(action: Action = WIDER, **of: Any) -> Session:
    session = Session(desk(**(LIMITED | of)))
    session.step(action=action)
    return session


def test_an_override_widens_its_limit_in_the_step_of_its_command_and_says_so() -> None:
    session = Session(desk(**LIMITED))
    judged = session.step(intent(lots=80), action=WIDER)
    assert left(judged) == [70]
    [override] = judged.risk.overrides
    assert override == Override("c-1", "P17", A, 2_000 * MONEY, NOW + 60 * 10**9, 1_000 * MONEY, "ann", "a good reason")


def test_the_budget_pays_for_the_part_above_the_limit_and_is_never_refilled() -> None:
    session = overridden()
    assert left(session.step(intent(lots=50))) == [50]  # within the limit: free
    assert left(session.step(intent(lots=70))) == [70]  # 2,000 of 3,000
    [refused] = session.step(intent(lots=69)).verdicts  # 1,900 of 1,000
    assert checks_of(refused) == ["P36"]
    assert (refused.reasons[0].measured, refused.reasons[0].limit) == (1_900 * MONEY, 1_000 * MONEY)
    judged = session.step(intent(lots=60))  # 1,000 of 1,000
    assert left(judged) == [60]
    assert judged.risk.overrides == ()
    assert left(session.step(intent(lots=61))) == [50]


def test_an_override_is_of_its_scope_only() -> None:
    assert left(overridden().step(intent(lots=700, price=10, key=B))) == [500]
    desk_wide = replace(WIDER, scope="desk")
    assert left(overridden(desk_wide).step(intent(lots=700, price=10, key=B))) == [700]


def test_an_override_ends_with_its_time_and_not_before() -> None:
    session = overridden()
    assert left(session.step(intent(lots=60), later_ns=60_000 * MS - 1)) == [60]
    judged = session.step(intent(lots=61), later_ns=1)
    assert left(judged) == [50]
    assert judged.risk.overrides == ()


def test_a_person_ends_an_override() -> None:
    session = overridden()
    assert session.step(action=EndOverride("another")).risk.overrides != ()
    assert session.step(action=EndOverride("c-1")).risk.overrides == ()
    assert left(session.step(intent(lots=60))) == [50]


def test_an_override_does_not_survive_halted() -> None:
    session = overridden()
    assert session.step(state=TradingState.HALTED).risk.overrides == ()
    assert left(session.step(intent(lots=60))) == [50]
    assert Session(desk(**LIMITED)).step(action=WIDER, state=TradingState.HALTED).risk.overrides == ()


def test_no_override_opens_a_halted_desk_or_an_invalid_book() -> None:
    for check in ("P01", "P08", "P11"):
        session = overridden(OverrideLimit(check, "desk", 10**12, 60, 10**12))
        [verdict] = session.step(intent(key="paper:CCC"), state=TradingState.HALTED).verdicts
        assert {"P01", "P08", "P11"} <= set(checks_of(verdict))


def test_an_override_of_a_predicate_pays_what_was_measured_above_its_limit() -> None:
    session = overridden(OverrideLimit("P12", A, extra=300, ttl_s=60, budget=500), max_order_quote="1000000")
    judged = session.step(intent(price=104))  # 400 bps from the mid, the limit is 200
    assert left(judged) == [10]
    assert [o.budget_left for o in judged.risk.overrides] == [300]
    assert left(session.step(intent(price=102))) == [10]
    assert left(session.step(intent(price=105))) == [10]
    assert session.state.counters.overrides == ()


def test_a_budget_that_is_one_too_small_pays_for_nothing() -> None:
    for budget, lots in ((200, 10), (199, 0)):
        session = overridden(OverrideLimit("P12", A, extra=300, ttl_s=60, budget=budget))
        assert left(session.step(intent(price=104))) == [lots]


def test_an_override_of_the_open_orders_pays_each_order_above() -> None:
    action = OverrideLimit("P25", "desk", extra=2, ttl_s=60, budget=4)
    session = overridden(action, max_open_orders=1, max_order_quote="1000000")
    judged = session.step(intent(lots=10), intent(lots=11), intent(lots=12), intent(lots=13))
    assert left(judged) == [10, 11, 12, 0]  # free, 1 above, 2 above, closed
    assert [o.budget_left for o in judged.risk.overrides] == [1]


def test_two_overrides_of_one_limit_pay_together_what_is_above_it() -> None:
    session = overridden()
    session.step(action=replace(WIDER, extra=1_000 * MONEY), command_id="c-2")
    judged = session.step(intent(lots=80))  # 3,000 above: 2,000 of the first, 1,000 of the second
    assert left(judged) == [80]
    assert {o.id: o.budget_left for o in judged.risk.overrides} == {"c-1": 1_000 * MONEY, "c-2": 2_000 * MONEY}
    judged = session.step(intent(lots=55))  # the first alone would have done
    assert {o.id: o.budget_left for o in judged.risk.overrides} == {"c-1": 500 * MONEY, "c-2": 2_000 * MONEY}


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 20)), max_size=30), st.integers(1, 80))
def test_an_override_never_lets_through_more_than_its_budget(orders: list[tuple[int, int]], budget: int) -> None:
    of = desk(**LIMITED, duplicate_window_ms=0, order_burst=1000)
    session = Session(of)
    session.step(action=replace(WIDER, budget=budget * 100 * MONEY))
    budget_lots, until_s, now_s = budget, 60, 0
    for lots, pause_s in orders:
        [verdict] = session.step(intent(lots=max(3, lots)), later_ns=pause_s * 1000 * MS).verdicts
        now_s += pause_s
        wanted = max(3, lots)
        is_open = now_s < until_s and budget_lots > 0
        above = max(0, min(wanted, 70) - 50) if is_open else 0
        expected = 0 if above > budget_lots else min(wanted, 50) + above
        assert lots_of(verdict) == expected
        budget_lots -= above if expected else 0


# What is shown


def shown(judged: Judged, check: str, scope: str = "desk") -> Usage:
    [usage] = [u for u in judged.risk.usage if (u.check, u.scope) == (check, scope)]
    return usage


def test_usage_measures_as_the_checks_do() -> None:
    told = reports({A: {"up": 20}, B: {"down": -400}}, (intent(lots=30), intent(Side.SELL, 100, 11, B)))
    told = replace(told, positions=replace(told.positions, performance=PERFORMANCE))
    judged = Session(desk(max_gross_quote="20000", max_open_orders=9, max_daily_loss_quote="2500")).step(told=told)
    assert (shown(judged, "P18", A).used, shown(judged, "P18", A).limit) == (5_000 * MONEY, 1_000_000 * MONEY)
    assert shown(judged, "P18", B).used == 5_000 * MONEY
    assert (shown(judged, "P19").used, shown(judged, "P19").limit) == (10_000 * MONEY, 20_000 * MONEY)
    assert (shown(judged, "P25").used, shown(judged, "P25").limit) == (2, 9)
    assert (shown(judged, "P28").used, shown(judged, "P28").limit) == (71, 1000)  # 705 of 100,000, rounded up
    assert (shown(judged, "P29").used, shown(judged, "P29").limit) == (205 * MONEY, 2_500 * MONEY)


PERFORMANCE = reports(pnl_money=-205 * MONEY, peak_money=500 * MONEY).positions.performance


def test_usage_counts_the_orders_that_were_just_approved_and_the_overrides_in_force() -> None:
    session = Session(desk(max_position_quote="10000"))
    judged = session.step(intent(lots=70), action=OverrideLimit("P18", A, 5_000 * MONEY, 60, 5_000 * MONEY))
    assert (shown(judged, "P18", A).used, shown(judged, "P18", A).limit) == (7_000 * MONEY, 15_000 * MONEY)
    assert shown(judged, "P25").used == 1


def test_usage_is_counted_once_a_second_of_the_desks_time() -> None:
    session = Session()
    held = reports({A: {"up": 20}})
    session.step()
    assert shown(session.step(told=held, later_ns=1000 * MS - 1), "P18", A).used == 0
    assert shown(session.step(told=held, later_ns=1), "P18", A).used == 2_000 * MONEY


def test_refusals_are_counted_by_check() -> None:
    session = Session()
    session.step(intent(price=150), intent(price=150, lots=1))
    judged = session.step(intent(lots=1), later_ns=MS)
    assert judged.risk.refusals == {"P12": 2, "P09": 2}
    assert session.step(intent(), later_ns=MS).risk.refusals == judged.risk.refusals


@given(st.lists(st.tuples(intents(), st.integers(0, 900)), max_size=12), st.integers(0, 12))
def test_a_stage_that_goes_on_from_the_bytes_of_its_state_gives_the_same(
    orders: list[tuple[Intent, int]], cut: int
) -> None:
    whole, parts = overridden(), overridden()
    for place, (wanted, pause_ms) in enumerate(orders):
        if place == cut:
            parts.state = decode(encode(parts.state))
        assert parts.step(wanted, later_ns=pause_ms * MS) == whole.step(wanted, later_ns=pause_ms * MS)
    assert encode(parts.state) == encode(whole.state)


# A ticket's preview


def resized_in_a_fresh_run(of: Desk, wanted: Intent) -> Verdict:
    machine = risk(of)
    _, ((_, judged), _) = machine.step(machine.init, ((moment(), Plan((wanted,))), reports()))
    assert isinstance(judged, Judged)
    return judged.verdicts[0]


def test_the_same_plan_gives_the_same_verdict_in_every_run() -> None:
    of = desk(**LIMITED)
    first, second = resized_in_a_fresh_run(of, intent(lots=60)), resized_in_a_fresh_run(of, intent(lots=60))
    assert first == second
    assert isinstance(first, Resized)


# Amends: asked about as if the order had ended


def amending(session: Session, wanted: Intent, told: Reports) -> Judged:
    return session.step(
        action=ReplaceOrder("o-0", wanted.lots, wanted.limit_ticks), amends=(Amend("o-0", wanted),), told=told
    )


def test_an_amend_that_passes_lets_go_of_its_order_and_has_no_verdict_yet() -> None:
    told = reports(orders=(intent(lots=60),))
    judged = amending(Session(desk(max_position_quote="10000")), intent(lots=100), told)
    assert (judged.verdicts, judged.cancels) == ((), ("o-0",))  # 60 and 100 together would be too much


def test_an_amend_that_is_refused_keeps_its_order_and_says_why() -> None:
    told = reports(orders=(intent(lots=60), intent(lots=70)))
    session = Session(desk(max_position_quote="7000"))
    judged = amending(session, intent(lots=80), told)
    assert judged.cancels == ()
    assert [checks_of(verdict) for verdict in judged.verdicts] == [["P18"]]  # the other order takes all the room
    assert judged.risk.refusals == {"P18": 1}


def test_an_amend_uses_up_nothing() -> None:
    session = Session(desk(order_burst=1, order_rate_per_s=1))
    amending(session, intent(lots=100), reports(orders=(intent(lots=60),)))
    assert left(session.step(intent(lots=100))) == [100]


# Preview


@given(st.lists(intents(), max_size=3), intents(), st.integers(0, 3))
def test_a_preview_is_the_verdict_that_the_stage_gives_next(before: list[Intent], wanted: Intent, later_s: int) -> None:
    of = desk(max_order_quote="5000", max_position_quote="8000", order_burst=2, order_rate_per_s=1)
    told = reports({A: {"up": 20}}, (intent(Side.SELL, 5, 103),))
    session = Session(of)
    session.step(*before, told=told, action=WIDER)
    session.now_ns += later_s * 250 * MS
    look = preview(of)(session.state.counters, session.at(), told, wanted, ())
    [verdict] = session.step(wanted, told=told).verdicts
    assert look.verdict == verdict


def test_a_preview_reads_every_check_with_its_number() -> None:
    of = desk(max_order_quote="5000", max_position_quote="8000")
    session = Session(of)
    look = preview(of)(session.state.counters, session.at(), reports({A: {"up": 20}}), intent(lots=40), ())
    numbers = {
        check.id: (reading.measured, reading.limit, reading.unit)
        for check, reading in look.readings
        if isinstance(reading, Pass) and reading.unit
    }
    assert numbers == {
        "P17": (4_000 * MONEY, 5_000 * MONEY, "money"),
        "P18": (6_000 * MONEY, 8_000 * MONEY, "money"),
        "P19": (6_000 * MONEY, 1_000_000 * MONEY, "money"),
        "P09": (4_000 * MONEY, 300 * MONEY, "money"),
        "P10": (0, 2_000, "ms"),
        "P12": (0, 200, "bps"),
        "P16": (4_000 * MONEY, 1_000_000 * MONEY, "money"),
        "P25": (1, 1_000, "orders"),
        "P28": (0, 1_000, "bps"),
        "P29": (0, 1_000_000 * MONEY, "money"),
    }
    assert look.verdict == Approved(intent(lots=40), 40)
    assert [check.id for check, _ in look.readings if check.is_least] == ["P03", "P09"]


def test_a_preview_takes_orders_for_ended_and_remembers_nothing() -> None:
    of = desk(max_position_quote="8000", duplicate_window_ms=500)
    session, told = Session(of), reports(orders=(intent(lots=80),))
    ask, counters = preview(of), session.state.counters
    assert isinstance(ask(counters, session.at(), told, intent(lots=40), ()).verdict, Refused)
    for _ in range(3):
        assert ask(counters, session.at(), told, intent(lots=40), ("o-0",)).verdict == Approved(intent(lots=40), 40)
    assert left(session.step(intent(lots=40))) == [40]
