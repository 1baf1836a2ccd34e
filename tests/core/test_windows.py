"""Windows say what the loops over their last inputs say, whatever came before; and only once they are full."""

from fractions import Fraction
from math import isfinite, log, sqrt
from statistics import median as middle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from windowed import (
    BY_NAME,
    EPSILON,
    Window,
    exact_mean,
    exact_products,
    exact_variance,
    inputs,
    least,
    named_windows,
    spread,
    tame,
    windows_of,
    within,
)

from catui.core.machine import resume, run, scan
from catui.core.window import (
    correlation,
    deviation,
    ew_variance,
    ewma,
    ewma_by_time,
    maximum,
    mean,
    median,
    minimum,
    quantile,
    rank,
    slope,
    variance,
    zscore,
)
from catui.core.window.order_tree import priority, put_for_oldest

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


# ---- lines


@given(lengths_of_two, st.lists(st.tuples(spread, spread), max_size=40))
def test_the_correlation_is_within_its_bound_of_the_true_one(length: int, pairs: list[tuple[float, float]]) -> None:
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    told = run(correlation(length), pairs)
    for r, x, y in zip(told, windows_of(xs, length), windows_of(ys, length), strict=True):
        if r is not None and x is not None and y is not None:
            scale = exact_products(x, x) * exact_products(y, y)
            true = float(exact_products(x, y)) / sqrt(scale) if scale > 0 else 0.0
            assert abs(r - true) <= 16 * length**1.5 * EPSILON


@given(lengths_of_two, st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=40))
def test_the_correlation_is_symmetric(length: int, pairs: list[tuple[float, float]]) -> None:
    assert run(correlation(length), pairs) == run(correlation(length), [(y, x) for x, y in pairs])


@given(lengths_of_two, st.lists(spread, max_size=40))
def test_the_slope_is_within_its_bound_of_the_true_one(length: int, xs: list[float]) -> None:
    ticks = [float(i) for i in range(length)]
    by_ticks = exact_products(ticks, ticks)
    for told, seen in zip(run(slope(length), xs), windows_of(xs, length), strict=True):
        if told is not None and seen is not None:
            bound = 16 * length**1.5 * EPSILON * sqrt(exact_products(seen, seen) / by_ticks)
            assert abs(told - float(exact_products(seen, ticks) / by_ticks)) <= bound


@given(lengths_of_two, inputs, st.floats(-1e150, 1e150))
def test_the_slope_of_a_constant_is_nothing(length: int, before: list[float], c: float) -> None:
    assert run(slope(length), before + [c] * length)[-1] == 0.0


# ---- order

shares = st.one_of(st.floats(0.0, 1.0), st.sampled_from([0.0, 0.25, 0.5, 1.0]))


@given(lengths, shares, st.lists(st.one_of(st.floats(-1e300, 1e300), st.integers(-2, 2).map(float)), max_size=60))
def test_the_quantile_is_the_point_on_the_line_between_its_neighbours(length: int, q: float, xs: list[float]) -> None:
    for told, seen in zip(run(quantile(length, q), xs), windows_of(xs, length), strict=True):
        if told is not None and seen is not None:
            place = q * (length - 1)
            low, high = sorted(seen)[int(place)], sorted(seen)[min(int(place) + 1, length - 1)]
            true = Fraction(low) + (Fraction(place) - int(place)) * (Fraction(high) - Fraction(low))
            assert abs(Fraction(told) - true) <= (Fraction(high) - Fraction(low)) * Fraction(4 * EPSILON) + Fraction(
                abs(told) * 2 * EPSILON + 5e-324
            )


@given(lengths, shares, shares, inputs)
def test_quantiles_keep_their_order_and_their_ends(length: int, p: float, q: float, xs: list[float]) -> None:
    low, high = run(quantile(length, min(p, q)), xs), run(quantile(length, max(p, q)), xs)
    least, most = run(minimum(length), xs), run(maximum(length), xs)
    for a, b, c, d in zip(least, low, high, most, strict=True):
        assert a is None or b is None or c is None or d is None or a <= b <= c <= d
    assert run(quantile(length, 0.0), xs) == least
    assert run(quantile(length, 1.0), xs) == most


@given(lengths, tame)
def test_the_median_is_the_middle(length: int, xs: list[float]) -> None:
    told = run(median(length), xs)
    assert told == run(quantile(length, 0.5), xs)
    expected = [None if seen is None else middle(seen) for seen in windows_of(xs, length)]
    assert told == pytest.approx(expected, rel=1e-15, abs=1e-15)


@given(lengths_of_two, inputs)
def test_the_rank_is_the_share_that_the_newest_is_above(length: int, xs: list[float]) -> None:
    for told, seen in zip(run(rank(length), xs), windows_of(xs, length), strict=True):
        if told is not None and seen is not None:
            newest, others = seen[-1], seen[:-1]
            assert told == (sum(x < newest for x in others) + sum(x == newest for x in others) / 2) / (length - 1)


@given(lengths_of_two, inputs)
def test_the_rank_of_the_mirrored_inputs_is_the_rest(length: int, xs: list[float]) -> None:
    for one, other in zip(run(rank(length), xs), run(rank(length), [-x for x in xs]), strict=True):
        assert one is None or other is None or one + other == pytest.approx(1.0, abs=1e-15)


@given(st.integers(1, 40), st.lists(st.integers(0, 20).map(float), max_size=150))
def test_the_tree_is_a_tree(length: int, xs: list[float]) -> None:
    """Order, counts, priorities and parents, after every input."""
    machine = median(length)
    state = machine.init
    for i, x in enumerate(xs):
        state, _ = machine.step(state, x)
        nodes = in_order(state, state.right[0])
        assert [state.values[n] for n in nodes] == sorted(xs[max(0, i + 1 - length) : i + 1])
        for n in nodes:
            below = [c for c in (state.left[n], state.right[n]) if c != 0]
            assert state.count[n] == 1 + sum(state.count[c] for c in below)
            assert all(state.parent[c] == n and priority(n) < priority(c) for c in below)


def in_order(tree: Any, node: int) -> list[int]:
    if node == 0:
        return []
    return [*in_order(tree, tree.left[node]), node, *in_order(tree, tree.right[node])]


@pytest.mark.parametrize("shape", ["rising", "falling", "constant", "waves", "a few prices"])
def test_the_tree_stays_shallow_whatever_comes(shape: str) -> None:
    length, of = 1_000, {"rising": 1.0, "falling": -1.0, "constant": 0.0}
    values: list[float] = [0.0] * (length + 1)
    left, right, parent, count = ([0] * (length + 1) for _ in range(4))
    for i in range(3 * length):
        x = i * of[shape] if shape in of else float(i % 89 if shape == "waves" else i * i % 7)
        put_for_oldest(values, left, right, parent, count, i % length + 1, x, i >= length)
    depths = []
    for node in range(1, length + 1):
        depth, at = 0, node
        while at != 0:
            depth, at = depth + 1, parent[at]
        depths.append(depth)
    assert sum(depths) / length < 2 * log(length)
    assert max(depths) < 5 * log(length)


@pytest.mark.parametrize("bad", [-0.1, 1.5, float("nan")])
def test_a_share_outside_of_nought_and_one_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match=rf"q must be in \[0, 1\], as a share of the window, got {bad}"):
        quantile(10, bad)


# ---- exponential


half_lives = st.floats(0.05, 1e6)


@given(half_lives, inputs)
def test_the_ewma_stays_between_the_smallest_and_the_largest(half_life: float, xs: list[float]) -> None:
    limited = [within(x, 2.0**1023) for x in xs]
    for i, told in enumerate(run(ewma(half_life), xs)):
        assert min(limited[: i + 1]) <= told <= max(limited[: i + 1])


@given(half_lives, tame)
def test_the_ewma_weighs_by_halves(half_life: float, xs: list[float]) -> None:
    keep = 0.5 ** (1.0 / half_life)
    for i, told in enumerate(run(ewma(half_life), xs)):
        weights = [keep**i, *[(1.0 - keep) * keep ** (i - k) for k in range(1, i + 1)]]
        true = sum(w * x for w, x in zip(weights, xs, strict=False))
        assert told == pytest.approx(true, rel=1e-9, abs=1e-6)


@given(half_lives, tame)
def test_by_time_is_by_ticks_where_ticks_come_once_a_second(half_life: float, xs: list[float]) -> None:
    timed = run(ewma_by_time(half_life), [(1e9 + i, x) for i, x in enumerate(xs)])
    assert timed == pytest.approx(run(ewma(half_life), xs), rel=1e-9, abs=1e-6)


def test_a_time_that_steps_back_counts_as_none() -> None:
    machine = ewma_by_time(1.0)
    assert run(machine, [(5.0, 1.0), (4.0, 7.0), (5.0, 7.0), (6.0, 3.0)]) == [1.0, 1.0, 1.0, 2.0]


@given(st.floats(0.5, 1e3), tame)
def test_the_ew_variance_weighs_squares_about_the_mean(half_life: float, xs: list[float]) -> None:
    keep = 0.5 ** (1.0 / half_life)
    for i, told in enumerate(run(ew_variance(half_life), xs)):
        weights = [keep**i, *[(1.0 - keep) * keep ** (i - k) for k in range(1, i + 1)]]
        middle = sum(w * x for w, x in zip(weights, xs, strict=False))
        true = sum(w * (x - middle) ** 2 for w, x in zip(weights, xs, strict=False))
        assert told == pytest.approx(true, rel=1e-6, abs=1e-3)


@given(half_lives, st.floats(-1e150, 1e150), st.integers(1, 20))
def test_the_ew_variance_of_a_constant_is_nothing(half_life: float, c: float, count: int) -> None:
    assert run(ew_variance(half_life), [c] * count) == [0.0] * count


@given(half_lives, inputs)
def test_exponential_windows_stay_finite(half_life: float, xs: list[float]) -> None:
    assert all(map(isfinite, run(ewma(half_life), xs) + run(ew_variance(half_life), xs)))


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_a_half_life_that_is_none_is_refused_by_name(bad: float) -> None:
    for made, name in ((ewma, "half_life_ticks"), (ew_variance, "half_life_ticks"), (ewma_by_time, "half_life_s")):
        with pytest.raises(ValueError, match=rf"{name} must be above 0 \w+, and finite, got {bad}"):
            made(bad)
