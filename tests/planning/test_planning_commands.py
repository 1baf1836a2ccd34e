"""What the operator's commands make planning do: cancels, tickets, and the way to flat."""

import pytest
from planning_world import ASK, BID, KEY, MS, S, Session, desk, held, target, working

from catui.domain.events import (
    Action,
    CancelAll,
    CancelOrder,
    DrainStrategy,
    Flatten,
    Kill,
    Note,
    PauseAll,
    PauseStrategy,
    Quarantine,
    ResumeAll,
    SubmitOrder,
)
from catui.domain.orders import Leg, OrderType, Side, TimeInForce
from catui.domain.reports import Positions

UP = working(Side.BUY, "up")
DOWN = working(Side.SELL, "down", legs=(Leg("down", -100),))
TICKET = working(Side.BUY, "ticket", owner="manual", purpose="ticket", legs=(Leg("manual", 100),))


@pytest.mark.parametrize(
    ("action", "cancels"),
    [
        (Kill(), ("up", "down", "ticket")),
        (PauseStrategy("up"), ("up",)),
        (DrainStrategy("down"), ("down",)),
        (Quarantine("up", "it raised"), ("up",)),
        (PauseAll(), ("up", "down")),
        (CancelOrder("ticket"), ("ticket",)),
        (CancelOrder("gone"), ()),
        (CancelAll(), ("up", "down", "ticket")),
        (CancelAll(KEY), ("up", "down", "ticket")),
        (CancelAll("paper:ETHUSDT"), ()),
        (Flatten(KEY), ("up", "down", "ticket")),
        (ResumeAll(), ()),
        (Note("lunch"), ()),
    ],
)
def test_a_command_cancels_the_orders_concerned(action: Action, cancels: tuple[str, ...]) -> None:
    plan = Session().step(orders=(UP, DOWN, TICKET), action=action)
    assert (plan.cancels, plan.intents) == (cancels, ())


def test_a_ticket_is_an_intent_of_the_operator() -> None:
    [intent] = Session().step(action=SubmitOrder(KEY, Side.SELL, 12, 6_100_000)).intents
    assert (intent.owner, intent.legs) == ("manual", (Leg("manual", -12),))
    assert (intent.side, intent.lots, intent.limit_ticks, intent.tif) == (Side.SELL, 12, 6_100_000, TimeInForce.GTC)


def test_a_ticket_is_of_the_type_that_was_wanted() -> None:
    wanted = SubmitOrder(KEY, Side.BUY, 1, BID, OrderType.LIMIT_MAKER, TimeInForce.GTC, reduce_only=True)
    [intent] = Session().step(action=wanted).intents
    assert (intent.type, intent.tif, intent.reduce_only) == (OrderType.LIMIT_MAKER, TimeInForce.GTC, True)
    [at_once] = Session().step(action=SubmitOrder(KEY, Side.BUY, 1, BID, tif=TimeInForce.IOC)).intents
    assert (at_once.type, at_once.tif, at_once.reduce_only) == (OrderType.LIMIT, TimeInForce.IOC, False)


def test_flatten_sells_what_everybody_holds_at_the_far_touch() -> None:
    [intent] = Session().step(positions=held(up=100, down=-30, manual=5), action=Flatten()).intents
    assert intent.legs == (Leg("up", -100), Leg("down", 30), Leg("manual", -5))
    assert (intent.side, intent.lots, intent.limit_ticks) == (Side.SELL, 75, BID - 12_000)
    assert (intent.tif, intent.reduce_only, intent.owner) == (TimeInForce.IOC, True, "manual")


def test_flatten_buys_back_a_short_position() -> None:
    [intent] = Session().step(positions=held(up=-100), action=Flatten(KEY)).intents
    assert (intent.side, intent.limit_ticks) == (Side.BUY, ASK + 12_000)


def test_flat_needs_no_order() -> None:
    assert Session().step(positions=held(up=5, down=-5), action=Flatten()).intents == ()
    assert Session().step(positions=Positions(), action=Flatten()).intents == ()


def test_flatten_waits_until_nothing_is_at_work_and_sees_what_filled_meanwhile() -> None:
    world = Session()
    plan = world.step(positions=held(up=100), orders=(UP,), action=Flatten())
    assert (plan.cancels, plan.intents) == (("up",), ())
    assert world.step(at_ns=S, positions=held(up=100), orders=(UP,)).intents == ()
    [intent] = world.step(at_ns=2 * S, positions=held(up=140)).intents
    assert intent.lots == 140


@pytest.mark.parametrize(("at_ns", "count"), [(5 * S, 1), (5 * S + 1, 0)])
def test_flatten_waits_for_five_seconds(at_ns: int, count: int) -> None:
    world = Session()
    world.step(positions=held(up=100), orders=(UP,), action=Flatten())
    assert len(world.step(at_ns=at_ns, positions=held(up=100)).intents) == count
    assert world.step(at_ns=at_ns + 1, positions=held(up=100)).intents == ()


def test_what_the_touch_left_is_flattened_again_after_the_pause() -> None:
    world = Session()
    world.step(positions=held(up=100), action=Flatten())
    world.sequence = 1  # an order came of it, and ended
    assert world.step(at_ns=499 * MS, positions=held(up=60)).intents == ()
    [intent] = world.step(at_ns=500 * MS, positions=held(up=60)).intents
    assert intent.lots == 60
    world.sequence = 2
    assert world.step(at_ns=S, positions=held()).intents == ()
    assert world.step(at_ns=2 * S, positions=held(up=7)).intents == ()  # flat once is done


def test_a_refused_flatten_is_not_repeated() -> None:
    world = Session()
    assert len(world.step(positions=held(up=100), action=Flatten()).intents) == 1
    assert world.step(at_ns=S, positions=held(up=100)).intents == ()
    world.sequence = 1
    assert world.step(at_ns=2 * S, positions=held(up=100)).intents == ()


def test_a_kill_ends_a_flattening() -> None:
    world = Session()
    world.step(positions=held(up=100), orders=(UP,), action=Flatten())
    world.step(positions=held(up=100), orders=(UP,), action=Kill())
    assert world.step(at_ns=S, positions=held(up=100)).intents == ()


def test_while_it_flattens_the_ensemble_waits() -> None:
    world = Session(desk(style="cross"))
    world.step(positions=held(up=100), orders=(UP,), action=Flatten())
    assert world.step(target(0.5), at_ns=S, positions=held(up=100), orders=(UP,)).intents == ()
    [intent] = world.step(target(0.5), at_ns=2 * S, positions=held(up=100)).intents
    assert intent.purpose == "flatten"
    at_work = working(Side.SELL, "f", owner="manual", purpose="flatten", legs=(Leg("up", -100),))
    assert world.step(target(0.5), at_ns=8 * S, positions=held(up=100), orders=(at_work,)).intents == ()
