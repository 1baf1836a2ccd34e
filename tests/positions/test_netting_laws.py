"""Netting: totals along a map are a functor and linear, and shares sum to what is shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.positions.netting import push, shared

keys = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))
amounts = st.dictionaries(keys, st.integers(-(10**20), 10**20))
weights = st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any)


@given(amounts)
def test_a_push_along_two_maps_is_the_push_along_one_after_the_other(x: dict[tuple[str, str], int]) -> None:
    by_first = push(x, lambda pair: pair[0])
    assert push(by_first, lambda first: first == "a") == push(x, lambda pair: pair[0] == "a")


@given(amounts)
def test_a_push_along_the_identity_changes_nothing(x: dict[tuple[str, str], int]) -> None:
    assert push(x, lambda pair: pair) == x


@given(amounts, amounts, st.integers(-9, 9))
def test_a_push_is_linear(x: dict[tuple[str, str], int], y: dict[tuple[str, str], int], factor: int) -> None:
    both = {pair: x.get(pair, 0) + factor * y.get(pair, 0) for pair in {**x, **y}}
    one, other = push(x, lambda pair: pair[1]), push(y, lambda pair: pair[1])
    expected = {group: one.get(group, 0) + factor * other.get(group, 0) for group in {**one, **other}}
    assert push(both, lambda pair: pair[1]) == expected


@given(amounts)
def test_the_total_does_not_depend_on_the_way_it_is_grouped(x: dict[tuple[str, str], int]) -> None:
    total = sum(x.values())
    assert sum(push(x, lambda pair: pair[0]).values()) == total
    assert sum(push(x, lambda pair: pair[1]).values()) == total


@given(st.integers(-1000, 1000), weights)
def test_shares_sum_to_what_is_shared_each_less_than_one_from_its_exact_part(amount: int, parts: list[int]) -> None:
    shares, whole = shared(amount, parts), sum(parts)
    assert len(shares) == len(parts)
    assert sum(shares) == amount
    assert all(abs(share * whole - amount * part) < whole for share, part in zip(shares, parts, strict=True))


@given(st.integers(-1000, 1000), weights)
def test_a_weight_of_nothing_gets_nothing_and_equal_weights_differ_by_one_at_most(
    amount: int, parts: list[int]
) -> None:
    shares = shared(amount, parts)
    for part in set(parts):
        alike = [share for share, own in zip(shares, parts, strict=True) if own == part]
        assert max(alike) - min(alike) <= 1
        assert part or not any(alike)


@pytest.mark.parametrize(
    ("amount", "parts", "shares"),
    [
        (10, (1, 1, 1), (4, 3, 3)),
        (-10, (1, 1, 1), (-3, -3, -4)),
        (100, (1, 2), (33, 67)),
        (-7, (3, 1), (-5, -2)),
        (0, (5, 1), (0, 0)),
        (1, (0, 3), (0, 1)),
    ],
)
def test_shares_by_hand(amount: int, parts: tuple[int, ...], shares: tuple[int, ...]) -> None:
    assert shared(amount, parts) == shares
