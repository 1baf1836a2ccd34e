"""An order in other terms: asked about, cancelled, and only then followed by what is left of the wish."""

import pytest
from msgspec.structs import replace
from planning_world import ASK, BID, KEY, S, Session, held, working

from catui.domain.events import Action, CancelAll, CancelOrder, Flatten, Kill, ReplaceOrder, TradingState
from catui.domain.orders import Leg, Order, OrderType, Side, Status
from catui.domain.reports import Plan

TICKET = working(Side.BUY, "t-1", owner="manual", purpose="ticket", legs=(Leg("manual", 100),))
LARGER = ReplaceOrder("t-1", 150, BID - 5)
GOING = replace(TICKET, wish_cancel=True)


def ended(cum_lots: int, status: Status = Status.CANCELLED) -> Order:
    return replace(TICKET, status=status, cum_lots=cum_lots)


def asked(action: ReplaceOrder = LARGER, order: Order = TICKET) -> Session:
    world = Session()
    world.step(orders=(order,), action=action)
    return world


def test_a_replace_asks_for_the_successor_in_the_place_of_its_order_and_cancels_nothing_itself() -> None:
    plan = Session().step(orders=(replace(TICKET, cum_lots=30),), action=LARGER)
    assert (plan.cancels, plan.intents) == ((), ())
    [amend] = plan.amends
    assert amend.order_id == "t-1"
    assert (amend.intent.lots, amend.intent.limit_ticks, amend.intent.purpose) == (120, BID - 5, "amend")
    assert amend.intent.legs == (Leg("manual", 120),)


def test_the_successor_goes_out_when_the_cancel_is_confirmed_and_not_before() -> None:
    world = asked()
    assert world.step(at_ns=1, orders=(GOING,)) == Plan()
    [intent] = world.step(at_ns=2, gone=(ended(40),)).intents
    assert (intent.side, intent.lots, intent.limit_ticks) == (Side.BUY, 110, BID - 5)
    assert world.step(at_ns=3, gone=(ended(40),)).intents == ()


def test_what_the_order_was_in_all_else_its_successor_is() -> None:
    maker = replace(TICKET, intent=replace(TICKET.intent, type=OrderType.LIMIT_MAKER, reduce_only=True))
    world = asked(order=maker)
    [intent] = world.step(at_ns=1, gone=(replace(maker, status=Status.CANCELLED),)).intents
    assert (intent.type, intent.reduce_only, intent.tif) == (OrderType.LIMIT_MAKER, True, TICKET.intent.tif)


@pytest.mark.parametrize(
    ("lots", "cum_lots", "status", "left"),
    [
        (150, 100, Status.FILLED, 50),  # it filled before the cancel: the wish is larger
        (80, 100, Status.FILLED, None),
        (80, 80, Status.CANCELLED, None),
        (80, 79, Status.CANCELLED, 1),
        (150, 10, Status.EXPIRED, 140),
        (150, 0, Status.REJECTED, None),  # it never was: what refused it stands
        (150, 0, Status.DENIED, None),
    ],
)
def test_what_filled_counts_towards_the_wish(lots: int, cum_lots: int, status: Status, left: int | None) -> None:
    world = asked(replace(LARGER, lots=lots))
    intents = world.step(at_ns=1, gone=(ended(cum_lots, status),)).intents
    assert [intent.lots for intent in intents] == ([] if left is None else [left])


def test_a_replace_that_the_gate_refused_leaves_the_order_alone() -> None:
    world = asked()
    world.step(at_ns=1, orders=(TICKET,))  # it was not let go of
    assert world.step(at_ns=2, gone=(ended(0),)).intents == ()


@pytest.mark.parametrize(("at_ns", "count"), [(5 * S, 1), (5 * S + 1, 0)])
def test_a_cancel_that_is_confirmed_late_has_no_successor(at_ns: int, count: int) -> None:
    world = asked()
    assert len(world.step(at_ns=at_ns, gone=(ended(0),)).intents) == count


def test_a_replacing_that_takes_too_long_is_told_of_once() -> None:
    world = asked()
    plans = [world.step(at_ns=at_ns, orders=(GOING,)) for at_ns in (5 * S, 5 * S + 1, 5 * S + 2)]
    assert [plan.lapsed for plan in plans] == [(), ("t-1",), ()]
    assert plans[1] == Plan(lapsed=("t-1",))


def test_a_replacing_that_a_person_or_the_gate_ended_does_not_lapse() -> None:
    revoked, refused = asked(), asked()
    revoked.step(at_ns=1, orders=(GOING,), action=CancelAll())
    refused.step(at_ns=1, orders=(TICKET,))
    for world in (revoked, refused):
        assert world.step(at_ns=5 * S + 1, orders=(GOING,)).lapsed == ()


@pytest.mark.parametrize(
    "action", [Kill(), CancelOrder("t-1"), CancelAll(), CancelAll(KEY), Flatten(), Flatten(KEY)], ids=repr
)
def test_who_wants_the_order_gone_wants_no_successor(action: Action) -> None:
    world = asked()
    world.step(at_ns=1, orders=(GOING,), action=action)
    assert world.step(at_ns=2, gone=(ended(0),)).intents == ()


def test_a_cancel_of_something_else_leaves_the_successor() -> None:
    world = asked()
    world.step(at_ns=1, orders=(GOING,), action=CancelAll("paper:ETHUSDT"))
    world.step(at_ns=2, orders=(GOING,), action=CancelOrder("t-2"))
    assert len(world.step(at_ns=3, gone=(ended(0),)).intents) == 1


def test_halted_ends_a_replacing() -> None:
    world = asked()
    world.trading = TradingState.HALTED
    world.step(at_ns=1, orders=(GOING,))
    world.trading = TradingState.ACTIVE
    assert world.step(at_ns=2, gone=(ended(0),)).intents == ()


def test_an_order_that_may_only_reduce_goes_when_it_would_open() -> None:
    closer = working(Side.SELL, "c-1", owner="manual", purpose="ticket", legs=(Leg("manual", -100),), reduce_only=True)
    opener = replace(closer, id="c-2", intent=replace(closer.intent, reduce_only=False, limit_ticks=ASK))
    world = Session()
    assert world.step(orders=(closer, opener), positions=held(up=100)).cancels == ()
    assert world.step(at_ns=1, orders=(closer, opener), positions=held(up=99)).cancels == ("c-1",)
