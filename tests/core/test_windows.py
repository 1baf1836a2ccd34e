"""Windows say what the loops over their last inputs say, whatever came before; and only once they are full."""

from fractions import Fraction
from math import isfinite, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from windowed import (
    BY_NAME,
    EPSILON,
    Window,
    exact_mean,
    exact_variance,
    inputs,
    least,
    named_windows,
    tame,
    windows_of,
    within,
)

from catui.core.machine import resume, run, scan
from catui.core.window import deviation, maximum, mean, minimum, variance, zscore

lengths = st.integers(1, 12)
lengths_of_two = st.integers(2, 12)


# ---- every window


@given(named_windows(), inputs)
def test_a_window_is_silent_until_it_is_full_and_never_after(given_: tuple[str, int, Window], xs: list[float]) -> None:
    _, length, machine = given_
    assert [y is None for y in run(machine, xs)] == [i + 1 < length for i in range(len(xs))]


@given(named_windows(), inputs)
def test_what_goes_in_is_finite_and_so_is_what_comes_out(given_: tuple[str, int, Window], xs: list[float]) -> None:
    assert all(y is None or isfinite(y) for y in run(given_[2], xs))


@given(named_windows(), inputs, inputs)
def test_a_window_goes_on_from_a_state_it_had(
    given_: tuple[str, int, Window], xs: list[float], ys: list[float]
) -> None:
    machine = given_[2]
    state, first = scan(machine, xs)
    assert first + run(resume(machine, state), ys) == run(machine, xs + ys)


@given(named_windows(), inputs)
def test_what_has_left_the_window_is_forgotten(given_: tuple[str, int, Window], xs: list[float]) -> None:
    _, length, machine = given_
    block = max(1, length // 2)
    before = [1e300] * (2 * block)  # whole blocks, so that the same inputs meet in the same places
    assert run(machine, before + xs)[len(before) + length - 1 :] == run(machine, xs)[length - 1 :]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_length_that_is_none_is_refused_by_name(name: str) -> None:
    for bad in (least(name) - 1, -3):
        with pytest.raises(ValueError, match=rf"length_ticks must be at least {least(name)} ticks, got {bad}"):
            BY_NAME[name](bad)
    with pytest.raises(ValueError, match=r"length_ticks must be a whole number of ticks, got 2\.5"):
        BY_NAME[name](2.5)  # type: ignore[arg-type]  # that is the point


# ---- mean


@given(lengths, inputs)
def test_the_mean_is_within_its_bound_of_the_true_one(length: int, xs: list[float]) -> None:
    limited = [within(x, 2.0**1023) for x in xs]
    for told, seen in zip(run(mean(length), xs), windows_of(limited, length), strict=True):
        if told is not None and seen is not None:
            bound = 4 * length * EPSILON * max(map(abs, seen)) + length * 5e-324
            assert abs(Fraction(told) - exact_mean(seen)) <= Fraction(bound)


@given(lengths, inputs)
def test_the_mean_is_between_the_smallest_and_the_largest(length: int, xs: list[float]) -> None:
    limited = [within(x, 2.0**1023) for x in xs]
    for told, seen in zip(run(mean(length), xs), windows_of(limited, length), strict=True):
        if told is not None and seen is not None:
            assert min(seen) <= told <= max(seen)


# ---- variance, deviation, z-score


@given(lengths_of_two, inputs)
def test_the_variance_is_within_its_bound_of_the_true_one(length: int, xs: list[float]) -> None:
    limited = [within(x, 1e150) for x in xs]
    for told, seen in zip(run(variance(length), xs), windows_of(limited, length), strict=True):
        if told is not None and seen is not None:
            true = exact_variance(seen)
            assert abs(Fraction(told) - true) <= true * Fraction(8 * length**1.5 * EPSILON) + Fraction(1e-300)


@given(lengths_of_two, inputs, st.floats(-1e150, 1e150))
def test_the_variance_of_a_constant_is_nothing(length: int, before: list[float], c: float) -> None:
    assert run(variance(length), before + [c] * length)[-1] == 0.0
    assert run(deviation(length), before + [c] * length)[-1] == 0.0
    assert run(zscore(length), before + [c] * length)[-1] == 0.0


@given(lengths_of_two, inputs)
def test_the_deviation_is_the_root_of_the_variance(length: int, xs: list[float]) -> None:
    expected = [None if v is None else sqrt(v) for v in run(variance(length), xs)]
    assert run(deviation(length), xs) == expected


@given(lengths_of_two, tame)
def test_the_zscore_is_the_distance_from_the_mean_in_deviations(length: int, xs: list[float]) -> None:
    for told, seen in zip(run(zscore(length), xs), windows_of(xs, length), strict=True):
        if told is not None and seen is not None and exact_variance(seen) > 1e-200:
            true = float(Fraction(seen[-1]) - exact_mean(seen)) / sqrt(exact_variance(seen))
            assert told == pytest.approx(true, rel=1e-11, abs=1e-11)


@given(lengths_of_two, inputs)
def test_the_zscore_has_a_greatest_value(length: int, xs: list[float]) -> None:
    assert all(z is None or abs(z) <= (length - 1) / sqrt(length) for z in run(zscore(length), xs))


# ---- extremes


@given(lengths, inputs)
def test_the_extremes_are_those_of_the_window_signs_of_zero_included(length: int, xs: list[float]) -> None:
    seen = windows_of(xs, length)
    assert list(map(repr, run(minimum(length), xs))) == [repr(None if w is None else min(w)) for w in seen]
    assert list(map(repr, run(maximum(length), xs))) == [repr(None if w is None else max(w)) for w in seen]
