"""The median and the distance in deviations: anchors by hand, and what one wild value cannot do."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.monitoring.robust import MIN_SAMPLES, Window, deviation, distance_in_mads, median, newest

numbers = st.floats(-1e6, 1e6)
samples = st.lists(numbers, min_size=MIN_SAMPLES, max_size=80)


def mads(value: float, window: list[float], least: float = 1e-12) -> float:
    """The distance, of a window that is long enough."""
    found = distance_in_mads(value, sorted(window), least)
    assert found is not None
    return found.mads


@pytest.mark.parametrize(
    ("values", "middle"), [([5.0], 5.0), ([1.0, 2.0, 3.0], 2.0), ([1.0, 2.0, 3.0, 4.0], 2.5), ([1.0, 7.0, 7.0], 7.0)]
)
def test_the_median_of_a_few_values_by_hand(values: list[float], middle: float) -> None:
    assert median(values) == middle


def test_no_values_have_no_median() -> None:
    with pytest.raises(IndexError):
        median([])


@given(st.lists(numbers, min_size=1, max_size=50))
def test_the_median_is_the_one_of_the_standard_library(values: list[float]) -> None:
    assert median(sorted(values)) == statistics.median(values)


@given(st.lists(numbers | st.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=50), numbers)
def test_the_deviation_is_the_median_of_all_distances(values: list[float], middle: float) -> None:
    assert deviation(sorted(values), middle) == statistics.median(abs(value - middle) for value in values)


@given(st.lists(numbers | st.sampled_from([0.0, 1.0, 2.0]), max_size=60), st.integers(1, 20))
def test_a_window_holds_the_last_values_as_they_came_and_by_size(values: list[float], length: int) -> None:
    window = Window()
    for value in values:
        window = newest(window, value, length)
    assert window == Window(tuple(values[-length:]), tuple(sorted(values[-length:])))


def test_the_distance_by_hand() -> None:
    window = [8.0, 10.0, 12.0] * 11  # median 10; deviations 2, 0, 2: their median is 2
    assert mads(16.0, window) == 3.0
    assert mads(11.0, window) == 0.5
    assert mads(10.0, window) == 0.0
    assert mads(2.0, window) == 0.0  # below is nothing to tell of


def test_nothing_is_said_before_the_thirty_second_sample() -> None:
    assert distance_in_mads(99.0, [1.0] * 31) is None
    assert distance_in_mads(99.0, [1.0] * 32) is not None


def test_equal_samples_deviate_by_a_twentieth_of_their_median() -> None:
    assert mads(11.0, [10.0] * 32) == 2.0
    assert mads(-9.0, [-10.0] * 32) == 2.0


def test_samples_around_nothing_deviate_by_the_least_that_was_given() -> None:
    assert mads(0.5, [0.0] * 32, least=0.1) == 5.0


@given(samples, numbers)
def test_a_distance_is_never_below_nothing(window: list[float], value: float) -> None:
    assert mads(value, window) >= 0.0


@given(samples, numbers, numbers)
def test_more_is_never_nearer(window: list[float], one: float, other: float) -> None:
    assert mads(min(one, other), window) <= mads(max(one, other), window)


@given(st.floats(1e3, 1e12))
def test_one_wild_sample_moves_no_distance(wild: float) -> None:
    window = [8.0, 10.0, 12.0] * 13
    assert distance_in_mads(16.0, sorted([*window, wild])) == distance_in_mads(16.0, sorted([*window, 13.0]))
