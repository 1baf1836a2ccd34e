"""The operator's order on a whole desk: what the gate said is the answer, and an amend never fills beyond its wish."""

from desk_world import DESK, KEYS, MS, Happening, Watch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from catui.domain import events as ev
from catui.domain.moment import CommandResult
from catui.domain.orders import TICKETS, Cause, Order, Side
from catui.domain.settings import Desk as Settled
from catui.snapshot import View
from catui.snapshot.parts import parts_of
from catui.snapshot.whole import Shown, view

ONLY = replace(DESK, strategies=DESK.strategies[:1], planning=replace(DESK.planning, min_change=1.0))
KEY = KEYS[0]


class Desk(Watch):
    """A desk whose strategies rest, with a book of 5,000 lots a side one step round 100.00."""

    def __init__(self, desk: Settled = ONLY) -> None:
        super().__init__(desk)
        self.say(ev.PauseAll())
        self.quote(lots=5_000)

    def quote(self, step: int = 0, lots: int = 5_000, wait_ms: int = 5) -> None:
        self.happen(Happening("quote", step=step, lots=lots, wait_ms=wait_ms))

    def say(self, action: ev.Action) -> CommandResult:
        self.now_ns += MS
        outputs = self.step(ev.Command(f"c-{len(self.events)}", "ann", self.now_ns, action, "by hand"))
        [result] = outputs.results
        return result

    def tickets(self) -> list[Order]:
        return [o for o in self.reports().orders.working.values() if o.intent.purpose in TICKETS]

    def ended(self) -> list[Order]:
        return [o for o in self.reports().orders.ended.values() if o.intent.purpose in TICKETS]


def test_the_answer_to_a_ticket_is_what_the_gate_said() -> None:
    desk = Desk()
    assert desk.say(ev.SubmitOrder(KEY, Side.BUY, 1_000, 9_990)) == CommandResult("c-2", True, "sent to risk", "ann")
    far = desk.say(ev.SubmitOrder(KEY, Side.BUY, 1_000, 9_000))
    assert (far.ok, far.text) == (
        False,
        "P12 PRICE_COLLAR: price 90.00 is 1,000 bps below reference 100.00, limit 200 bps (paper ONEUSDT, manual)",
    )
    large = desk.say(ev.SubmitOrder(KEY, Side.BUY, 80_000, 9_990))
    assert large.ok
    assert large.text.startswith("resized 80.000 -> 50.050: P17 MAX_ORDER_QTY: worth 7,992.00 USDT, limit 5,000.00")


def test_an_amend_is_a_cancel_and_then_an_order_for_what_is_left() -> None:
    desk = Desk()
    desk.say(ev.SubmitOrder(KEY, Side.BUY, 1_000, 9_990))
    for _ in range(2):
        desk.quote()
    [old] = desk.tickets()
    assert desk.say(ev.ReplaceOrder(old.id, 1_500, 9_995)).ok
    assert [order.id for order in desk.tickets()] == [old.id]
    for _ in range(3):
        desk.quote()
    [new] = desk.tickets()
    assert (new.lots, new.intent.limit_ticks, new.intent.side, new.intent.purpose) == (1_500, 9_995, Side.BUY, "amend")
    assert [order.id for order in desk.ended()] == [old.id]


def test_an_amend_that_the_gate_refuses_changes_nothing_and_says_why() -> None:
    desk = Desk()
    desk.say(ev.SubmitOrder(KEY, Side.BUY, 1_000, 9_990))
    desk.quote()
    [old] = desk.tickets()
    answer = desk.say(ev.ReplaceOrder(old.id, 1_000, 9_000))
    assert not answer.ok
    assert "P12" in answer.text
    for _ in range(3):
        desk.quote()
    assert [(order.id, order.wish_cancel) for order in desk.tickets()] == [(old.id, False)]


def test_what_filled_before_the_cancel_arrives_is_taken_off() -> None:
    desk = Desk()
    desk.say(ev.SubmitOrder(KEY, Side.BUY, 1_000, 9_990))
    for _ in range(2):
        desk.quote()
    [old] = desk.tickets()
    desk.say(ev.ReplaceOrder(old.id, 1_200, 9_990))
    desk.quote(step=-11, lots=299, wait_ms=0)  # the ask comes to it while the cancel is on its way
    for _ in range(3):
        desk.quote(step=11)
    [new] = desk.tickets()
    [gone] = desk.ended()
    assert (gone.cum_lots, new.lots) == (300, 900)


def at_venue() -> tuple[Desk, Order]:
    """A desk whose venue has accepted an order and hears of an amend of it, and then says nothing more."""
    desk = Desk(replace(ONLY, execution=replace(ONLY.execution, mode="venue")))
    desk.say(ev.SubmitOrder(KEY, Side.BUY, 1_000, 9_990))
    [order] = desk.tickets()
    for cause in (Cause.BYTES_LEFT, Cause.ACCEPTED):
        desk.now_ns += MS
        desk.step(ev.Report(order.id, desk.now_ns, None, cause, "stream", venue_id="1", cum_lots=0))
    assert desk.say(ev.ReplaceOrder(order.id, 1_500, 9_995)).ok
    return desk, order


def test_an_amend_under_way_stands_with_its_order_and_lapses_aloud_when_the_venue_is_silent() -> None:
    desk, order = at_venue()
    shown = Shown("run", "venue", "SIM", desk.now_ns)
    for _ in range(5):
        desk.quote(wait_ms=990)
        [row] = view(desk.desk, parts_of(desk.machine, desk.state), View(), shown).orders
        assert (row.amend_lots, row.amend_ticks, row.is_cancelling) == (1_500, 9_995, True)
    assert not any(alert.kind == "note" for outputs in desk.outputs for alert in outputs.alerts)
    desk.quote(wait_ms=400)
    [alert] = [alert for alert in desk.outputs[-1].alerts if alert.kind == "note"]
    assert (alert.id, alert.severity) == (f"note amend {order.id}", "warning")
    assert "amend lapsed" in alert.text
    assert "it may still fill" in alert.text
    [row] = view(desk.desk, parts_of(desk.machine, desk.state), View(), shown).orders
    assert (row.amend_lots, row.amend_ticks, row.is_cancelling) == (None, None, True)


def test_an_amend_whose_cancel_is_confirmed_raises_no_alert() -> None:
    desk, order = at_venue()
    desk.now_ns += MS
    desk.step(ev.Report(order.id, desk.now_ns, None, Cause.CANCELLED, "stream", venue_id="1", cum_lots=0))
    for _ in range(8):
        desk.quote(wait_ms=900)
    assert [each.intent.purpose for each in desk.tickets()] == ["amend"]
    assert not any(alert.kind == "note" for outputs in desk.outputs for alert in outputs.alerts)


KINDS = st.sampled_from(("quote", "trade"))
TERMS = st.tuples(st.integers(1, 2_000), st.integers(9_940, 10_060))  # of an amend
MOVES = TERMS | st.builds(
    Happening, KINDS, step=st.integers(-12, 12), lots=st.integers(1, 400), wait_ms=st.integers(0, 3)
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(Side), st.lists(MOVES, min_size=5, max_size=60))
def test_however_an_order_is_amended_only_one_works_and_no_wish_is_exceeded(
    side: Side, moves: list[Happening | tuple[int, int]]
) -> None:
    desk = Desk()
    desk.say(ev.SubmitOrder(KEY, side, 1_000, 10_000 - 10 * side.sign))
    wishes = [1_000]
    for move in moves:
        if isinstance(move, Happening):
            desk.happen(move)
        elif tickets := desk.tickets():
            answer = desk.say(ev.ReplaceOrder(tickets[0].id, tickets[0].cum_lots + move[0], move[1]))
            done = sum(order.cum_lots for order in desk.ended())
            wishes += [done + tickets[0].cum_lots + move[0]] if answer.ok else []
        assert len(desk.tickets()) <= 1
        filled = sum(order.cum_lots for order in (*desk.tickets(), *desk.ended()))
        assert filled + sum(order.leaves_lots for order in desk.tickets()) <= max(wishes[-2:])  # old terms, or new ones
