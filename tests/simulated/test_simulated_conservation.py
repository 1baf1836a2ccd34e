"""Laws of the ledger and the book, over arbitrary orders and cancels."""

from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_world import BTC, World

from catui.venues.simulated.book import Order
from catui.venues.simulated.ledger import commission
from catui.venues.simulated.listing import UNIT

KINDS = (("LIMIT", "GTC"), ("LIMIT", "IOC"), ("LIMIT", "FOK"), ("LIMIT_MAKER", "GTC"), ("MARKET", "GTC"))
actions = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from((1, -1)),
        st.integers(5_990_000, 5_990_006),
        st.integers(1, 2_000_000),
        st.sampled_from((*KINDS, ("CANCEL", ""))),
    ),
    max_size=40,
)
Action = tuple[str, int, int, int, tuple[str, str]]


def play(world: World, steps: list[Action], orders: list[Order] | None = None) -> list[Order]:
    orders = [] if orders is None else orders
    for name, sign, price, lots, (kind, tif) in steps:
        if kind == "CANCEL":
            resting = [order for order in orders if order.is_resting]
            if resting:
                world.market.cancel(resting[lots % len(resting)], world.now_ns)
        else:
            who = world.a if name == "a" else world.b
            orders.append(world.order(who, sign, 0 if kind == "MARKET" else price, lots, kind, tif))
    return orders


@settings(max_examples=150, deadline=None)
@given(actions)
def test_assets_are_neither_made_nor_lost_and_fees_go_to_the_house(steps: list[Action]) -> None:
    world = World()
    before = world.total()
    orders = play(world, steps)
    assert world.total() == before
    fees = {"USDT": 0, "BTC": 0}
    for order in orders:
        for fill in order.fills:
            fees[fill.asset] += fill.commission
    assert {asset: world.house.free.get(asset, 0) for asset in fees} == fees


@settings(max_examples=150, deadline=None)
@given(actions)
def test_what_is_locked_is_what_resting_orders_need_and_nothing_is_negative(steps: list[Action]) -> None:
    world = World()
    orders = play(world, steps)
    for who in (world.a, world.b):
        needed = {"USDT": 0, "BTC": 0}
        for order in orders:
            if order.account is who and order.is_resting:
                needed["USDT" if order.sign > 0 else "BTC"] += order.leaves * (
                    order.price * BTC.money_unit if order.sign > 0 else BTC.lot_unit
                )
        assert {asset: who.locked[asset] for asset in needed} == needed
        assert min(who.free.values()) >= 0


@settings(max_examples=150, deadline=None)
@given(actions)
def test_the_book_is_never_crossed_and_its_levels_are_the_sums_of_their_orders(steps: list[Action]) -> None:
    world = World()
    orders = play(world, steps)
    bid, _, ask, _ = world.market.top
    assert not (bid and ask) or bid < ask
    for side in (world.market.book.bids, world.market.book.asks):
        sums: dict[int, int] = {}
        for order in orders:
            if order.is_resting and order.sign == side.sign:
                sums[order.price] = sums.get(order.price, 0) + order.leaves
        assert dict(side.depth(1000)) == sums
        assert list(dict(side.depth(1000))) == sorted(sums, reverse=side.sign > 0)


@settings(max_examples=150, deadline=None)
@given(actions)
def test_an_order_fills_no_more_than_it_is_and_no_worse_than_its_limit(steps: list[Action]) -> None:
    for order in play(World(), steps):
        assert order.filled == sum(fill.lots for fill in order.fills) <= order.lots
        assert order.cumulative == sum(fill.lots * fill.price for fill in order.fills) * BTC.money_unit
        assert all((order.price - fill.price) * order.sign >= 0 for fill in order.fills if order.price)
        if order.tif == "FOK":
            assert order.filled in (0, order.lots)


@settings(max_examples=100, deadline=None)
@given(actions)
def test_depth_events_rebuild_the_book_whenever_they_are_cut(steps: list[Action]) -> None:
    world = World()
    sides: dict[str, dict[str, str]] = {"b": {}, "a": {}}
    last = 0
    orders: list[Order] = []
    for step in steps:
        play(world, [step], orders)
        world.market.publish_depth(world.now_ns, is_second=False)
        for event in world.heard("btcusdt@depth@100ms"):
            assert event["U"] == last + 1 <= event["u"]
            last = event["u"]
            for name, side in sides.items():
                assert len(dict(event[name])) == len(event[name])
                side.update(event[name])
    book = world.market.book
    for name, there in (("b", book.bids), ("a", book.asks)):
        held = {price: quantity for price, quantity in sides[name].items() if quantity != "0.00000000"}
        assert len(held) == len(there.keys)
    assert last == book.update_id


def test_commission_is_rounded_half_up() -> None:
    assert commission(40_229_875, 10_000_000) == 4_022_988  # the venue's example: 0.040229875 -> 0.04022988
    assert commission(UNIT, 50_000) == 50_000
    assert commission(1, 49_999_999) == 0
    assert commission(1, 50_000_000) == 1
