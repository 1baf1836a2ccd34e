"""A preview is the gate's own word ahead of time: it changes nothing, and what it says is what comes."""

from typing import Any

import pytest
from desk_world import ACTIONS, DESK, KEYS, MS, Happening, Watch, days
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import msgpack
from msgspec.structs import replace

from catui.domain import events as ev
from catui.domain.orders import Approved, OrderType, Refused, Resized, Side, TimeInForce, Verdict
from catui.domain.reports import Outputs
from catui.preview import PreviewView
from catui.preview.answers import previews
from catui.runtime import statecodec

KEY = KEYS[0]
USDT = 10**8
PURPOSES = {ev.SubmitOrder: "ticket", ev.ReplaceOrder: "amend", ev.Flatten: "flatten"}
WORDS = {Approved: "APPROVED", Resized: "RESIZED", Refused: "REFUSED"}
BUSY = [Happening("quote", step=3 if i % 4 < 2 else -3, wait_ms=300, lots=50_000) for i in range(24)]


def command(watch: Watch, action: ev.Action) -> ev.Command:
    return ev.Command("c-x", "ann", watch.now_ns, action, "because of a test")


def asked(watch: Watch, action: ev.Action) -> PreviewView:
    """The answer; the state is the same after it."""
    before = watch.state_digest()
    answer = previews(watch.desk, watch.machine)(watch.state, command(watch, action))
    assert watch.state_digest() == before
    return answer


def verdicts(outputs: Outputs, action: ev.Action) -> list[Verdict]:
    purpose = PURPOSES.get(type(action))
    return [v for v in outputs.verdicts if (v.intent.owner, v.intent.purpose) == ("manual", purpose)]


orders = st.one_of(
    st.builds(
        ev.SubmitOrder,
        st.sampled_from((*KEYS, "paper:NONE")),
        st.sampled_from(Side),
        st.integers(-1, 90_000) | st.just(2**70),
        st.integers(-1, 12_000) | st.integers(9_900, 10_100),
        st.sampled_from(OrderType),
        st.sampled_from(TimeInForce),
        st.booleans(),
    ),
    st.builds(ev.ReplaceOrder, st.just(""), st.integers(0, 90_000), st.integers(9_700, 10_300)),
    st.sampled_from((ev.Flatten(KEY), ev.Flatten(KEYS[1]))),
    ACTIONS,
)


@settings(max_examples=120, deadline=None)
@given(days, orders, st.integers(0, 5))
def test_on_any_day_the_preview_of_a_command_is_what_the_gate_then_says(
    day: list[Happening], wanted: ev.Action, pick: int
) -> None:
    watch = Watch(replace(DESK, risk=replace(DESK.risk, duplicate_window_ms=500, order_burst=6, order_rate_per_s=2)))
    for happening in BUSY[:12] + day:
        watch.happen(happening)
    ticket = ev.SubmitOrder(KEY, Side.BUY, 300, watch.mids[KEY] - 30)
    watch.step(command(watch, ticket))  # something to amend
    action = watch.aimed(Happening("command", action=wanted, pick=pick))
    answer = asked(watch, action)
    works = any(order.intent.instrument == KEY for order in watch.reports().orders.working.values())
    outputs = watch.step(command(watch, action))
    found = verdicts(outputs, action)
    if not answer.ok:
        assert (outputs.results[0].ok, found) == (False, [])
        assert outputs.results[0].text == answer.text
    elif answer.order is None:
        assert outputs.results[0].ok
        assert not found
    elif isinstance(action, ev.Flatten) and works:
        assert found == []  # it waits for the orders that work
    elif isinstance(action, ev.ReplaceOrder) and answer.order.verdict != "REFUSED":
        assert found == []  # its order is let go of first
        assert watch.reports().orders.working[action.order_id].wish_cancel or outputs.results[0].ok
    else:
        [verdict] = found[:1]
        assert WORDS[type(verdict)] == answer.order.verdict
        assert answer.order.approved_lots == (0 if isinstance(verdict, Refused) else verdict.lots)
        said = {check.text for check in answer.order.checks if check.text}
        assert said == {reason.text for reason in verdict.reasons}


def test_a_preview_takes_the_whole_of_a_wish_and_every_number_passes_the_wire() -> None:
    watch = Watch()
    watch.happen(Happening("quote", lots=100))
    answer = asked(watch, ev.SubmitOrder(KEY, Side.BUY, 2**90, 2**90))
    assert answer.order is not None
    assert answer.order.verdict == "REFUSED"
    assert msgpack.decode(msgpack.encode(answer), type=PreviewView) == answer


def test_the_counters_speak_too() -> None:
    watch = Watch(replace(DESK, risk=replace(DESK.risk, duplicate_window_ms=500, order_burst=2, order_rate_per_s=1)))
    watch.happen(Happening("quote", lots=5_000))
    ticket = ev.SubmitOrder(KEY, Side.BUY, 1_000, 9_990)
    watch.step(command(watch, ticket))
    for action, check in ((ticket, "P31"), (replace(ticket, lots=2_000), ""), (replace(ticket, lots=3_000), "P32")):
        order = asked(watch, action).order
        assert order is not None
        assert [each.check for each in order.checks if each.outcome == "refuse"] == ([check] if check else [])
        [verdict] = verdicts(watch.step(command(watch, action)), action)
        assert [reason.check for reason in verdict.reasons] == ([check] if check else [])


# Facts, by hand: a book of 5.000 at 99.99 and 5.001 at 100.01, the desk's limits of desk_world


def desk(*levels: tuple[int, int]) -> Watch:
    watch = Watch()
    watch.happen(Happening("command", action=ev.PauseAll()))
    watch.happen(Happening("quote", lots=5_000))
    if levels:
        watch.now_ns += MS
        asks = tuple((10_001 + n, lots) for n, (_, lots) in enumerate(levels))
        bids = tuple((9_999 - n, lots) for n, (lots, _) in enumerate(levels))
        watch.step(ev.BookSnapshot(KEY, watch.now_ns, None, 1, bids, asks))
    return watch


def order_of(watch: Watch, *terms: Any) -> Any:
    answer = asked(watch, ev.SubmitOrder(KEY, *terms))
    assert answer.ok
    assert answer.seq == len(watch.events)
    assert answer.order is not None
    return answer.order


def test_an_approved_order_by_hand() -> None:
    order = order_of(desk(), Side.BUY, 10_000, 9_990)  # 10 ONE at 99.90
    assert (order.verdict, order.lots, order.approved_lots) == ("APPROVED", 10_000, 10_000)
    assert (order.taken_lots, order.rest_lots, order.worst_lots) == (0, 10_000, 10_000)
    assert (order.value_money, order.fee_money) == (999 * USDT, -999 * USDT // 10_000)  # a rebate of 1 bps
    assert order.mid_half_ticks == 20_000
    read = {
        check.check: (check.measured, check.limit, check.unit, check.margin) for check in order.checks if check.unit
    }
    assert read["P12"] == (10, 200, "bps", 190)
    assert read["P16"] == (999 * USDT, 10_000 * USDT, "money", 9_001 * USDT)
    assert read["P17"] == (999 * USDT, 5_000 * USDT, "money", 4_001 * USDT)
    assert read["P18"] == (1_000 * USDT, 20_000 * USDT, "money", 19_000 * USDT)  # counted at the mark
    assert read["P25"] == (1, 20, "orders", 19)
    assert read["P09"] == (999 * USDT, 0, "money", 999 * USDT)  # a lower bound: the margin is what is above it
    assert all(check.outcome == "pass" and not check.text for check in order.checks)


def test_a_resized_order_by_hand() -> None:
    order = order_of(desk(), Side.SELL, 80_000, 10_010)
    assert (order.verdict, order.lots, order.approved_lots) == ("RESIZED", 80_000, 49_950)  # 5,000 at 100.10
    [cap] = [check for check in order.checks if check.outcome == "cap"]
    assert (cap.check, cap.measured, cap.limit, cap.margin) == ("P17", 8_008 * USDT, 5_000 * USDT, -3_008 * USDT)
    assert order.value_money == 49_950 * 10_010 * 1_000  # of what would go out
    assert order.worst_lots == -49_950


def test_a_refused_order_by_hand() -> None:
    order = order_of(desk(), Side.BUY, 10_000, 10_312)
    assert (order.verdict, order.approved_lots) == ("REFUSED", 0)
    [no] = [check for check in order.checks if check.outcome == "refuse"]
    assert (no.check, no.measured, no.limit, no.margin) == ("P12", 312, 200, -112)
    assert no.text.startswith("P12 PRICE_COLLAR: price 103.12 is 312 bps above reference 100.00, limit 200 bps")
    assert (order.taken_lots, order.taken_value) == (5_001, 5_001 * 10_001)


def test_what_is_taken_is_counted_level_by_level_within_the_limit() -> None:
    watch = desk((1_000, 2_000), (3_000, 4_000))
    taken = order_of(watch, Side.BUY, 7_000, 10_002)
    assert (taken.taken_lots, taken.taken_value, taken.rest_lots) == (6_000, 2_000 * 10_001 + 4_000 * 10_002, 1_000)
    value = (taken.taken_value + 1_000 * 10_002) * 1_000
    assert taken.value_money == value
    assert taken.fee_money == taken.taken_value * 1_000 * 5 // 10_000 - 1_000 * 10_002 * 1_000 // 10_000
    at_once = order_of(watch, Side.SELL, 7_000, 9_999, OrderType.LIMIT, TimeInForce.IOC)
    assert (at_once.taken_lots, at_once.taken_value, at_once.rest_lots) == (1_000, 1_000 * 9_999, 0)


@pytest.mark.parametrize(("price", "would_match"), [(10_000, False), (10_001, True)])
def test_an_order_that_must_rest_takes_nothing_and_says_when_the_venue_would_reject_it(
    price: int, would_match: bool
) -> None:
    order = order_of(desk(), Side.BUY, 1_000, price, OrderType.LIMIT_MAKER)
    assert (order.would_match, order.taken_lots, order.rest_lots) == (would_match, 0, 1_000)


def test_an_amend_is_judged_as_if_its_order_had_ended() -> None:
    watch = desk()
    watch.step(command(watch, ev.SubmitOrder(KEY, Side.BUY, 40_000, 9_990)))
    [id] = watch.reports().orders.working
    answer = asked(watch, ev.ReplaceOrder(id, 45_000, 9_991))
    assert answer.order is not None
    assert (answer.order.verdict, answer.order.lots, answer.order.worst_lots) == ("APPROVED", 45_000, 45_000)


def test_a_flattening_says_its_worst_price_and_what_it_closes() -> None:
    watch = desk()
    watch.step(command(watch, ev.SubmitOrder(KEY, Side.BUY, 3_000, 10_001)))
    for _ in range(3):
        watch.happen(Happening("quote", lots=5_000, wait_ms=5))
    answer = asked(watch, ev.Flatten(KEY))
    assert answer.order is not None
    assert (answer.order.side, answer.order.approved_lots, answer.order.limit_ticks) == ("SELL", 3_000, 9_980)
    assert (answer.order.worst_lots, answer.order.taken_lots) == (0, 3_000)
    assert asked(watch, ev.Flatten(KEYS[1])).order is None


def test_an_override_says_what_it_would_have_let_through() -> None:
    watch = desk()
    for lots in (52_000, 60_000, 70_000):
        watch.step(command(watch, ev.SubmitOrder(KEY, Side.BUY, lots, 9_990)))
        watch.now_ns += MS
    watch.step(command(watch, ev.SubmitOrder(KEY, Side.BUY, 90_000, 12_000)))  # that one P12 stops as well
    wish = ev.OverrideLimit("P17", KEY, 1_000 * USDT, 60, USDT)
    answer = asked(watch, wish)
    assert answer.ok
    assert answer.held is not None
    assert (answer.held.count, answer.held.through) == (3, 2)
    assert (answer.held.largest, answer.held.limit) == (70_000 * 9_990 * 1_000, 5_000 * USDT)
    assert answer.held.since_ns == watch.now_ns - 3_600 * 10**9
    elsewhere = asked(watch, replace(wish, scope=KEYS[1])).held
    assert elsewhere is not None
    assert elsewhere.count == 0
    refused = asked(watch, replace(wish, extra=10**15))
    assert (refused.ok, "at most" in refused.text, refused.held) == (False, True, replace(answer.held, through=3))


def test_a_command_that_would_be_refused_says_why() -> None:
    watch = desk()
    assert asked(watch, ev.SubmitOrder("paper:NONE", Side.BUY, 1, 1)) == PreviewView(
        2, False, "no instrument paper:NONE"
    )
    assert asked(watch, ev.ReplaceOrder("none", 1, 1)) == PreviewView(2, False, "that order is not working")
    assert asked(watch, ev.PauseAll()).ok


def test_previews_between_the_steps_change_no_byte_of_the_day() -> None:
    one, other = Watch(), Watch()
    ask = previews(other.desk, other.machine)
    for happening in BUSY:
        one.happen(happening)
        ask(other.state, command(other, ev.SubmitOrder(KEY, Side.BUY, 1_000, 10_000)))
        other.happen(happening)
    assert one.outputs == other.outputs
    assert statecodec.encode(one.state[1]) == statecodec.encode(other.state[1])
    assert one.state_digest() == other.state_digest()
