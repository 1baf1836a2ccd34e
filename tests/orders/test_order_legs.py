"""Shares of a fill: no lot is lost, none is made, and a whole order gives its legs exactly."""

from hypothesis import assume, given
from hypothesis import strategies as st
from orders_world import KEY, Session, execution, intent

from catui.domain.legs import scale_legs
from catui.domain.orders import Cause, Intent, Leg, Side

names = st.sampled_from(["a", "b", "c", "d", "e"])


@st.composite
def legs_of(draw: st.DrawFn) -> tuple[Leg, ...]:
    lots = draw(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=5))
    assume(sum(lots) != 0)
    return tuple(Leg(name, n) for name, n in zip("abcde", lots, strict=False))


def wanted(legs: tuple[Leg, ...]) -> Intent:
    net = sum(leg.lots for leg in legs)
    return intent(abs(net), Side.of(net), legs)


@given(legs_of(), st.integers(0, 3 * 10**9))
def test_scaled_legs_sum_exactly_and_each_is_within_a_lot_of_its_share(legs: tuple[Leg, ...], lots: int) -> None:
    net = sum(leg.lots for leg in legs)
    scaled = scale_legs(legs, abs(net), lots)
    assert sum(leg.lots for leg in scaled) == (lots if net > 0 else -lots)
    assert all(abs(s.lots * abs(net) - leg.lots * lots) < abs(net) for s, leg in zip(scaled, legs, strict=True))


def test_three_equal_legs_share_ten_lots_by_hand() -> None:
    legs = (Leg("a", 4), Leg("b", 4), Leg("c", 4))
    assert [leg.lots for leg in scale_legs(legs, 12, 10)] == [4, 3, 3]
    assert [leg.lots for leg in scale_legs(legs, 12, 11)] == [4, 4, 3]


def test_the_spare_lot_goes_to_the_largest_remainder_by_hand() -> None:
    legs = (Leg("a", 3), Leg("b", 5), Leg("c", 2))
    assert [leg.lots for leg in scale_legs(legs, 10, 7)] == [2, 4, 1]  # of 2.1, 3.5 and 1.4


def test_legs_against_the_order_shrink_with_it_by_hand() -> None:
    assert [leg.lots for leg in scale_legs((Leg("a", -9), Leg("b", 3)), 6, 2)] == [-3, 1]


@given(legs_of(), st.data())
def test_the_legs_of_all_fills_of_a_filled_order_are_its_legs(legs: tuple[Leg, ...], data: st.DataObject) -> None:
    session = Session()
    asked = wanted(legs)
    lots = data.draw(st.integers(1, asked.lots))
    order = session.live(asked, None if lots == asked.lots else lots)
    booked: dict[str, int] = dict.fromkeys("abcde", 0)
    left, number = lots, 0
    while left:
        part = left if number > 5 else data.draw(st.integers(1, left))
        number += 1
        left -= part
        [fill] = session.tell(order.id, Cause.FILL, execution=execution(str(number), part)).fills
        assert sum(leg.lots for leg in fill.legs) == asked.side.sign * part
        assert fill.instrument == KEY
        for leg in fill.legs:
            booked[leg.strategy] += leg.lots
    whole = {leg.strategy: leg.lots for leg in scale_legs(legs, asked.lots, lots)}
    assert {name: n for name, n in booked.items() if n} == {name: n for name, n in whole.items() if n}
