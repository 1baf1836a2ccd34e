"""Values as the checks see them: exact as text, made anew without identity, near but for rounding."""

from collections import deque
from enum import Enum
from itertools import count
from math import inf, nan
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from catui.core.check.draws import draws
from catui.core.check.values import anew, is_near, negative, numbers, written


class Point(Struct, frozen=True):
    x: float
    tags: tuple[str, ...] = ()


class Pair(NamedTuple):
    one: float
    other: int


class Colour(Enum):
    RED = 1


class Holder:
    def __init__(self, held: list[float]) -> None:
        self.held = held


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.floats().map(lambda x: Point(x, ("a",))),
        st.floats(allow_nan=False).map(lambda x: Pair(x, 3)),
    ),
    max_leaves=6,
)


@given(values)
def test_a_value_made_anew_is_written_the_same(value: Any) -> None:
    assert written(anew(value)) == written(value)


def test_a_value_made_anew_shares_no_identity() -> None:
    big = 12345.678
    value = (big, Point(big), [big], Pair(big, 1), {"k": big}, Holder([big]))
    copy = anew(value)
    assert copy is not value
    assert copy[0] is not big
    assert copy[1] is not value[1]
    assert copy[1].x is not big
    assert copy[5].held is not value[5].held
    assert copy[3] == value[3]


@pytest.mark.parametrize(
    ("one", "other"),
    [(0.0, -0.0), (1, 1.0), (True, 1), ((1,), [1]), (Point(1.0), Point(2.0)), ({1: 2}, {2: 1}), ("1", 1)],
)
def test_what_differs_is_written_otherwise(one: object, other: object) -> None:
    assert written(one) != written(other)


def test_what_an_object_holds_is_written_too() -> None:
    held = Holder([1.0])
    before = written(held)
    held.held.append(2.0)
    assert written(held) != before
    counter = count()
    started = written(counter)
    next(counter)
    assert written(counter) != started
    assert written(deque([1.0], 4)) != written(deque([2.0], 4))


def test_a_set_is_written_in_an_order_of_its_own() -> None:
    assert written(frozenset("cab")) == "frozenset('a', 'b', 'c')"
    assert written(Colour.RED) == "Colour.RED"
    assert written(Pair(1.0, 2)) == "Pair(one=1.0, other=2)"
    assert written(written) == "catui.core.check.values.written"


def test_a_value_that_holds_itself_has_an_end() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "..." in written(loop)


def test_the_numbers_of_an_output() -> None:
    assert list(numbers((1.0, None, Point(2.0), [True, 3, "4"]))) == [1.0, 2.0, 3.0]
    assert negative((1.0, None, Point(2.0), Pair(1.0, 2), True)) == (-1.0, None, Point(-2.0), Pair(-1.0, -2), True)


def test_nearness_is_relative_above_one_and_absolute_below() -> None:
    assert is_near(1e9, 1e9 + 0.5, 1e-9)
    assert not is_near(1e-9, 2e-9, 0.0)
    assert is_near(1e-9, 2e-9, 1e-8)
    assert is_near((Point(nan), inf), (Point(nan), inf), 0.0)
    assert not is_near((1.0, 2.0), (1.0,), 1.0)
    assert not is_near(None, 0.0, 1.0)
    assert is_near(-0.0, 0.0, 0.0)


def test_draws_are_the_published_sequence() -> None:
    # SplitMix64 from 0: 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f
    first = draws(0)
    outputs = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)
    assert [next(first) for _ in outputs] == [(one >> 11) / 2.0**53 for one in outputs]
