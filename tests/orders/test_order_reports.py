"""What the order stage makes of reports, cancels and time: each case once, by hand."""

import pytest
from orders_world import BTC, DESK, KEY, MS, RISK, S, Session, execution, intent, moment, report

from catui.domain.events import Command, Kill, Tick
from catui.domain.orders import Approved, Cancel, Cause, Leg, Query, Refused, Status, Submit
from catui.domain.reports import Judged, Reports
from catui.orders import orders
from catui.orders.booking import Booking, fee_money
from catui.orders.ids import Identity, order_id, parse


def unknown(session: Session) -> str:
    order = session.new(intent())
    session.tell(order.id, Cause.BYTES_LEFT)
    session.tell(order.id, Cause.NO_ANSWER)
    assert session.order(order.id).status is Status.UNKNOWN
    return order.id


def test_an_approved_intent_becomes_an_order_and_a_request() -> None:
    session = Session()
    handled = session.step(
        Tick(5 * S), verdicts=(Approved(intent(), 10), Refused(intent(), ()), Approved(intent(), 10))
    )
    first, second = (r.order for r in handled.requests if isinstance(r, Submit))
    assert first.status is Status.INTENDED
    assert (first.created_ns, first.valid_until_ns) == (5 * S, 10 * S)
    assert parse(first.id) == Identity(7, 0, 0)
    assert parse(second.id) == Identity(7, 0, 1)
    assert list(handled.orders.working) == [first.id, second.id]
    assert handled.orders.sequence == 2
    assert len(handled.verdicts) == 3


def test_nothing_to_do_gives_the_same_objects() -> None:
    machine, judged, reports = orders(DESK), Judged((), (), RISK), Reports()
    state, ((_, first), _) = machine.step(machine.init, ((moment(Tick(1)), judged), reports))
    later, ((_, second), same) = machine.step(state, ((moment(Tick(2)), judged), reports))
    assert later is state
    assert second is first
    assert same is reports


def test_reports_of_the_last_step_are_heard_before_this_event() -> None:
    session = Session()
    order = session.new(intent(10))
    left = report(order.id, Cause.BYTES_LEFT)
    handled = session.step(report(order.id, Cause.ACCEPTED), executions=(left,))
    assert handled.orders.working[order.id].status is Status.LIVE
    assert handled.anomalies == ()


def test_cancels_leave_before_new_orders() -> None:
    session = Session()
    order = session.live()
    handled = session.step(Tick(0), verdicts=(Approved(intent(), 10),), cancels=(order.id,))
    assert [type(r) for r in handled.requests] == [Cancel, Submit]


def test_an_intended_order_is_cancelled_without_a_byte() -> None:
    session = Session()
    order = session.new(intent())
    handled = session.step(Tick(0), cancels=(order.id,))
    assert handled.requests == ()
    assert handled.orders.ended[order.id].status is Status.CANCELLED


def test_bytes_of_a_voided_order_halt_and_are_taken_back() -> None:
    session = Session()
    order = session.new(intent())
    session.step(Tick(0), cancels=(order.id,))
    handled = session.tell(order.id, Cause.BYTES_LEFT)
    assert [a.is_integrity for a in handled.anomalies] == [True]
    assert [type(r) for r in handled.requests] == [Cancel]


def test_one_cancel_is_pending_at_a_time_and_a_kill_repeats_it() -> None:
    session = Session()
    order = session.live()
    assert len(session.step(Tick(0), cancels=(order.id,)).requests) == 1
    assert session.step(Tick(0), cancels=(order.id,)).requests == ()
    kill = Command("k", "operator", 0, Kill())
    assert len(session.step(kill, cancels=(order.id,), command=kill).requests) == 1


def test_a_cancel_that_overtook_its_order_is_sent_again_when_the_order_arrives() -> None:
    session = Session()
    order = session.new(intent())
    session.tell(order.id, Cause.BYTES_LEFT)
    session.step(Tick(0), cancels=(order.id,))
    rejected = session.tell(order.id, Cause.CANCEL_REJECTED)
    assert [type(r) for r in rejected.requests] == [Query]
    assert (session.order(order.id).pending, session.order(order.id).wish_cancel) == (None, True)
    assert [type(r) for r in session.tell(order.id, Cause.ACCEPTED).requests] == [Cancel]
    assert session.order(order.id).pending is not None


@pytest.mark.parametrize("cause", [Cause.CANCEL_REJECTED, Cause.CANCEL_UNKNOWN])
def test_a_cancel_that_was_not_taken_is_repeated_with_back_off(cause: Cause) -> None:
    session = Session()
    order = session.live()
    session.step(Tick(0), cancels=(order.id,))
    session.tell(order.id, cause)
    assert session.step(Tick(199 * MS)).requests == ()
    assert [type(r) for r in session.step(Tick(200 * MS)).requests] == [Cancel]
    session.tell(order.id, cause, 210 * MS)
    assert session.step(Tick(499 * MS)).requests == ()
    assert [type(r) for r in session.step(Tick(500 * MS)).requests] == [Cancel]
    session.tell(order.id, Cause.CANCELLED, 600 * MS)
    assert session.step(Tick(3600 * S)).requests == ()


def test_an_unknown_order_is_asked_about_on_the_schedule_and_never_resolved_by_time() -> None:
    session = Session()
    unknown(session)
    asked = [at for at in range(0, 31_000, 100) if session.step(Tick(at * MS)).requests]
    assert asked == [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000]
    assert len(session.step(Tick(10**6 * S)).requests) == 1  # hours later: one question, not a burst
    assert session.step(Tick(10**6 * S + 1)).requests == ()
    assert [o.status for o in session.state.table.working.values()] == [Status.UNKNOWN]


def test_not_found_is_evidence_only_when_the_request_can_no_longer_arrive() -> None:
    session = Session()
    order_id_ = unknown(session)  # valid until 5 s; reads lag by up to 2 s
    session.tell(order_id_, Cause.NOT_FOUND, 7 * S)
    assert session.order(order_id_).status is Status.UNKNOWN
    handled = session.tell(order_id_, Cause.NOT_FOUND, 7 * S + 1)
    assert handled.orders.ended[order_id_].status is Status.REJECTED
    assert handled.orders.rejects_in_row == 1


def test_a_live_order_that_is_not_found_is_an_anomaly_and_stays() -> None:
    session = Session()
    order = session.live()
    handled = session.tell(order.id, Cause.NOT_FOUND, 100 * S)
    assert [(a.kind, a.is_integrity) for a in handled.anomalies] == [("illegal report", False)]
    assert handled.orders.working[order.id].status is Status.LIVE


def test_fills_move_money_once_and_end_the_order() -> None:
    session = Session()
    order = session.live(intent(10))
    part = execution("1", 4, 6_000_000, fee=120)
    assert [f.fee_money for f in session.tell(order.id, Cause.FILL, execution=part).fills] == [120]
    again = session.tell(order.id, Cause.FILL, execution=part)
    assert (again.fills, again.anomalies, session.state.duplicates) == ((), (), 1)
    done = session.tell(order.id, Cause.FILL, execution=execution("2", 6, 6_000_100, fee=200)).orders.ended[order.id]
    assert (done.status, done.cum_lots, done.leaves_lots, done.fill_ids) == (Status.FILLED, 10, 0, ("1", "2"))
    assert (done.filled_value, done.fee_money) == (4 * 6_000_000 + 6 * 6_000_100, 320)


def test_a_known_fill_with_other_content_halts() -> None:
    session = Session()
    order = session.live(intent(10))
    session.tell(order.id, Cause.FILL, execution=execution("1", 4))
    handled = session.tell(order.id, Cause.FILL, execution=execution("1", 5))
    assert [(a.kind, a.is_integrity) for a in handled.anomalies] == [("changed fill", True)]
    assert handled.fills == ()
    assert [type(r) for r in handled.requests] == [Query]


def test_a_fill_after_the_cancel_is_booked_and_the_end_stays() -> None:
    session = Session()
    order = session.live()
    session.tell(order.id, Cause.CANCELLED)
    handled = session.tell(order.id, Cause.FILL, execution=execution("1", 4))
    assert len(handled.fills) == 1
    assert handled.anomalies == ()
    late = handled.orders.ended[order.id]
    assert (late.status, late.cum_lots, late.leaves_lots) == (Status.CANCELLED, 4, 0)


def test_a_fill_after_a_rejection_is_booked_and_halts() -> None:
    session = Session()
    order = session.new(intent())
    session.tell(order.id, Cause.BYTES_LEFT)
    session.tell(order.id, Cause.REJECTED)
    handled = session.tell(order.id, Cause.FILL, execution=execution("1", 4))
    assert len(handled.fills) == 1
    assert [a.is_integrity for a in handled.anomalies] == [True]
    assert handled.orders.ended[order.id].status is Status.REJECTED


def test_an_overfill_is_booked_whole() -> None:
    session = Session()
    order = session.live(intent(10, legs=(Leg("up", 15), Leg("down", -5))))
    handled = session.tell(order.id, Cause.FILL, execution=execution("1", 12))
    assert [leg.lots for leg in handled.fills[0].legs] == [18, -6]
    assert [(a.kind, a.is_integrity) for a in handled.anomalies] == [("overfill", False)]
    assert handled.orders.ended[order.id].cum_lots == 12


def test_an_end_with_a_larger_total_waits_for_its_fills() -> None:
    session = Session()
    order = session.live(intent(10))
    handled = session.tell(order.id, Cause.CANCELLED, cum_lots=4)
    assert [type(r) for r in handled.requests] == [Query]
    assert handled.orders.working[order.id].leaves_lots == 10
    assert [type(r) for r in session.step(Tick(200 * MS)).requests] == [Query]
    session.tell(order.id, Cause.FILL, execution=execution("1", 4))
    assert session.step(Tick(500 * MS)).requests == ()
    session.tell(order.id, Cause.CANCELLED, cum_lots=4)
    assert session.order(order.id).status is Status.CANCELLED


def test_an_order_short_of_fills_is_asked_about_until_all_are_there() -> None:
    session = Session()
    order = session.live(intent(10))
    assert [type(r) for r in session.tell(order.id, Cause.ACCEPTED, cum_lots=4).requests] == [Query]
    session.tell(order.id, Cause.FILL, execution=execution("1", 1), cum_lots=1)
    assert [type(r) for r in session.step(Tick(200 * MS)).requests] == [Query]
    session.tell(order.id, Cause.FILL, 300 * MS, execution=execution("2", 3), cum_lots=4)
    assert session.step(Tick(500 * MS)).requests == ()


def test_an_end_with_a_smaller_total_is_a_difference_and_no_bust() -> None:
    session = Session()
    order = session.live(intent(10))
    session.tell(order.id, Cause.FILL, execution=execution("1", 4))
    handled = session.tell(order.id, Cause.CANCELLED, cum_lots=3)
    assert [a.kind for a in handled.anomalies] == ["total below ours"]
    assert handled.orders.ended[order.id].cum_lots == 4


@pytest.mark.parametrize(
    "bad", [None, execution("1", 0), execution("1", -3), execution("1", 1, price_ticks=0), execution("", 1)]
)
def test_a_fill_that_cannot_be_is_refused_and_asked_about(bad: object) -> None:
    session = Session()
    order = session.live()
    handled = session.tell(order.id, Cause.FILL, execution=bad)
    assert [a.kind for a in handled.anomalies] == ["malformed fill"]
    assert (handled.fills, [type(r) for r in handled.requests]) == ((), [Query])


def test_reports_of_unknown_orders_are_foreign_forgotten_or_halting() -> None:
    session = Session()
    session.live()
    other_run, beyond = order_id(Identity(8, 0, 0)), order_id(Identity(7, 0, 1))
    past = order_id(Identity(7, 1, 0))
    assert [(a.kind, a.is_integrity) for a in session.tell("web-1", Cause.FILL).anomalies] == [("foreign order", False)]
    for text in (other_run, beyond):
        assert [a.is_integrity for a in session.tell(text, Cause.ACCEPTED).anomalies] == [True]
    assert [a.is_integrity for a in session.tell(past, Cause.CANCELLED).anomalies] == [False]
    assert [a.is_integrity for a in session.tell(past, Cause.FILL).anomalies] == [True]


def test_rejections_in_a_row_are_counted_until_one_is_taken() -> None:
    session = Session()
    for count in (1, 2):
        order = session.new(intent())
        session.tell(order.id, Cause.BYTES_LEFT)
        assert session.tell(order.id, Cause.REJECTED).orders.rejects_in_row == count
    session.tell(order.id, Cause.REJECTED)
    assert session.state.table.rejects_in_row == 2  # the same one, told twice
    taken = session.new(intent())
    session.tell(taken.id, Cause.BYTES_LEFT)
    session.tell(taken.id, Cause.FILL, execution=execution("1", 1))  # a fill before the ack is the ack
    assert session.state.table.rejects_in_row == 0


def test_the_last_thousand_ended_orders_are_kept() -> None:
    session = Session()
    ids = []
    for _ in range(1_002):
        order = session.new(intent())
        ids.append(order.id)
        session.step(Tick(0), cancels=(order.id,))
    assert list(session.state.table.ended) == ids[2:]
    assert session.state.table.working == {}


def test_fees_are_valued_by_hand() -> None:
    booking = Booking({KEY: BTC}, 8)
    quote = execution("1", 10, fee=123)
    assert fee_money(booking, BTC, quote) == 123
    # 0.00000025 BTC at 61,837.63 = 0.0154594075 USDT, which is 1,545,940.75 units of 1e-8
    assert fee_money(booking, BTC, execution("1", 10, 6_183_763, fee=25, asset="BTC")) == 1_545_941
    assert fee_money(booking, BTC, execution("1", 10, 6_183_763, fee=-25, asset="BTC")) == -1_545_941
    assert fee_money(Booking({KEY: BTC}, 7), BTC, execution("1", 10, fee=125)) == 13
    assert fee_money(booking, BTC, execution("1", 10, fee=0, asset="BNB")) == 0
    assert fee_money(booking, BTC, execution("1", 10, fee=1, asset="BNB")) is None


def test_a_fee_without_a_price_is_booked_as_nothing_and_told() -> None:
    session = Session()
    order = session.live()
    handled = session.tell(order.id, Cause.FILL, execution=execution("1", 1, fee=5, asset="BNB"))
    assert [f.fee_money for f in handled.fills] == [0]
    assert [(a.kind, a.is_integrity) for a in handled.anomalies] == [("unvalued fee", False)]
