"""The level-2 book: a side after deltas is the dictionary of all levels, and no side that was given out changes."""

from copy import deepcopy
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from market_world import changes, put, side_of, whole

from catui.domain.events import Level
from catui.market.book import EMPTY, BookSide, changed_side, depth_lots, fault_of, whole_side

is_bids = st.booleans()


@given(whole, st.lists(changes, max_size=12), is_bids)
def test_a_side_after_deltas_is_the_whole_side_of_the_dictionary_of_all_levels(
    levels: dict[int, int], deltas: list[tuple[Level, ...]], is_bid: bool
) -> None:
    side = whole_side(tuple(levels.items()), is_bid=is_bid)
    for some in deltas:
        side, levels = changed_side(side, some, is_bid=is_bid), put(levels, some)
        assert side == whole_side(tuple(levels.items()), is_bid=is_bid) == side_of(levels, is_bid=is_bid)


@given(whole, st.lists(changes, min_size=1, max_size=12), is_bids)
def test_no_side_that_was_given_out_is_ever_changed(
    levels: dict[int, int], deltas: list[tuple[Level, ...]], is_bid: bool
) -> None:
    sides: list[BookSide] = [whole_side(tuple(levels.items()), is_bid=is_bid)]
    kept = [deepcopy(sides[0])]
    for some in deltas:
        sides.append(changed_side(sides[-1], some, is_bid=is_bid))
        kept.append(deepcopy(sides[-1]))
        if some:
            assert sides[-1][0] is not sides[-2][0]
            assert sides[-1][1] is not sides[-2][1]
    assert sides == kept


@given(whole, changes, is_bids)
def test_a_side_is_sorted_from_the_best_without_a_price_twice_or_an_empty_level(
    levels: dict[int, int], some: tuple[Level, ...], is_bid: bool
) -> None:
    prices, lots = changed_side(whole_side(tuple(levels.items()), is_bid=is_bid), some, is_bid=is_bid)
    from_best = [-price for price in prices] if is_bid else prices
    assert all(better < worse for better, worse in pairwise(from_best))
    assert len(lots) == len(prices)
    assert all(lots)


@given(whole, changes, is_bids)
def test_a_delta_told_twice_is_told_once(levels: dict[int, int], some: tuple[Level, ...], is_bid: bool) -> None:
    once = changed_side(whole_side(tuple(levels.items()), is_bid=is_bid), some, is_bid=is_bid)
    assert changed_side(once, some, is_bid=is_bid) == once


def test_an_empty_delta_gives_the_same_side_back() -> None:
    side = whole_side(((3, 1), (2, 4)), is_bid=True)
    assert changed_side(side, (), is_bid=True) is side


def test_the_empty_side_stays_empty_for_everybody() -> None:
    changed_side(EMPTY, ((1, 1),), is_bid=True)
    assert EMPTY == ([], [])


def test_bids_fall_and_asks_rise_from_the_best() -> None:
    levels = ((101, 2), (103, 4), (102, 0), (100, 1))
    assert whole_side(levels, is_bid=True) == ([103, 101, 100], [4, 2, 1])
    assert whole_side(levels, is_bid=False) == ([100, 101, 103], [1, 2, 4])


def test_a_change_goes_in_at_its_price_and_zero_takes_it_out() -> None:
    bids: BookSide = ([103, 101, 100], [4, 2, 1])
    assert changed_side(bids, ((102, 9), (101, 3), (100, 0), (99, 0)), is_bid=True) == ([103, 102, 101], [4, 9, 3])
    asks: BookSide = ([100, 101, 103], [1, 2, 4])
    assert changed_side(asks, ((99, 5), (103, 0), (104, 6)), is_bid=False) == ([99, 100, 101, 104], [5, 1, 2, 6])


def test_depth_is_the_lots_of_the_best_levels() -> None:
    side: BookSide = ([103, 101, 100], [4, 2, 1])
    assert [depth_lots(side, levels) for levels in (0, 1, 2, 3, 5)] == [0, 4, 6, 7, 7]


@pytest.mark.parametrize(
    ("bids", "asks", "fault"),
    [
        (([100], [1]), ([101], [1]), ""),
        (([101], [1]), ([101], [1]), "crossed: bid 101 at or above ask 101 ticks"),
        (([102, 99], [1, 1]), ([101], [1]), "crossed: bid 102 at or above ask 101 ticks"),
        (EMPTY, ([101], [1]), "one-sided: no bids"),
        (([100], [1]), EMPTY, "one-sided: no asks"),
        (EMPTY, EMPTY, "empty: no bids and no asks"),
    ],
)
def test_a_book_that_may_not_be_traded_on_says_why(bids: BookSide, asks: BookSide, fault: str) -> None:
    assert fault_of(bids, asks) == fault
