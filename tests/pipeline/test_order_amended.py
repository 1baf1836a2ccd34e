"""The operator's order on a whole desk: what the gate said is the answer, and an amend never fills beyond its wish."""

from desk_world import DESK, KEYS, MS, Happening, Watch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from catui.domain import events as ev
from catui.domain.moment import CommandResult
from catui.domain.orders import TICKETS, Order, Side

ONLY = replace(DESK, strategies=DESK.strategies[:1], planning=replace(DESK.planning, min_change=1.0))
KEY = KEYS[0]


class Desk(Watch):
    """A desk whose strategies rest, with a book of 5,000 lots a side one step round 100.00."""

    def __init__(self) -> None:
        super().__init__(ONLY)
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
