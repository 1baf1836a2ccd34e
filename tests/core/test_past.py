"""Past-time predicates against their definitions over the whole past, their laws, and their fused readings."""

from collections.abc import Callable
from re import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.core.fuse import fuse, fused, plain
from catui.core.machine import Machine, feedback, identity, lift, optional, run, scan
from catui.core.past import debounce, ever, historically, hysteresis, once_within, once_within_time, since

numbers = st.lists(st.integers(-3, 3).map(float), max_size=30)
truths = st.lists(st.booleans(), max_size=30)
ticks = st.integers(1, 8)
timed = st.lists(st.tuples(st.integers(0, 3).map(float), st.booleans()), max_size=30)


def _is_high(x: float) -> bool:
    return x > 1.0


def _is_low(x: float) -> bool:
    return not x > 1.0


def _is_positive(x: float) -> bool:
    return x > 0.0


def _is_any(x: float) -> bool:
    return True


def pasts(xs: list[Any]) -> list[list[Any]]:
    """What had been at every step, that step's input last."""
    return [xs[: i + 1] for i in range(len(xs))]


# ---- definitions over the whole past


@given(numbers)
def test_ever_is_any_of_the_past(xs: list[float]) -> None:
    assert run(ever(_is_high), xs) == [any(x > 1.0 for x in past) for past in pasts(xs)]


@given(numbers)
def test_historically_is_all_of_the_past(xs: list[float]) -> None:
    assert run(historically(_is_high), xs) == [all(x > 1.0 for x in past) for past in pasts(xs)]


@given(numbers)
def test_since_is_a_start_after_which_all_hold(xs: list[float]) -> None:
    expected = [
        any(past[k] > 1.0 and all(x > 0.0 for x in past[k + 1 :]) for k in range(len(past))) for past in pasts(xs)
    ]
    assert run(since(_is_positive, _is_high), xs) == expected


@given(ticks, truths)
def test_once_within_is_any_of_the_last(length: int, xs: list[bool]) -> None:
    assert run(once_within(length), xs) == [any(past[-length:]) for past in pasts(xs)]


def accumulated(steps: list[tuple[float, bool]]) -> list[tuple[float, bool]]:
    time_s, told = 0.0, []
    for gap, truth in steps:
        time_s += gap
        told.append((time_s, truth))
    return told


@given(st.integers(0, 6).map(float), timed)
def test_once_within_time_is_any_that_is_not_too_old(window: float, steps: list[tuple[float, bool]]) -> None:
    xs = accumulated(steps)
    expected = [any(truth and past[-1][0] - at <= window for at, truth in past) for past in pasts(xs)]
    assert run(once_within_time(window), xs) == expected


@given(ticks, truths)
def test_debounce_turns_when_the_last_inputs_all_say_so(length: int, xs: list[bool]) -> None:
    told = False
    for past, now in zip(pasts(xs), run(debounce(length), xs), strict=True):
        last = past[-length:]
        if len(last) == length and set(last) == {not told}:
            told = not told
        assert now == told


@given(numbers)
def test_hysteresis_is_a_since(xs: list[float]) -> None:
    machine = hysteresis(2.0, -1.0)
    assert run(machine, xs) == run(since(lambda x: x > -1.0, lambda x: x >= 2.0), xs)


# ---- laws


@given(numbers)
def test_ever_and_historically_are_dual(xs: list[float]) -> None:
    assert run(ever(_is_high), xs) == [not y for y in run(historically(_is_low), xs)]


@given(numbers)
def test_since_of_anything_is_ever_and_any_since_implies_it(xs: list[float]) -> None:
    once = run(ever(_is_high), xs)
    assert run(since(_is_any, _is_high), xs) == once
    assert all(a <= b for a, b in zip(run(since(_is_positive, _is_high), xs), once, strict=True))


@given(ticks, ticks, truths)
def test_once_within_is_monotone_in_the_window(a: int, b: int, xs: list[bool]) -> None:
    short, long = run(once_within(min(a, b)), xs), run(once_within(max(a, b)), xs)
    assert all(one <= other for one, other in zip(short, long, strict=True))
    assert run(once_within(1), xs) == xs
    assert run(once_within(len(xs) + 1), xs) == run(ever(_itself), xs)


@given(st.floats(0.0, 9.0), st.floats(0.0, 9.0), timed)
def test_once_within_time_is_monotone_in_the_window(a: float, b: float, steps: list[tuple[float, bool]]) -> None:
    xs = accumulated(steps)
    short, long = run(once_within_time(min(a, b)), xs), run(once_within_time(max(a, b)), xs)
    assert all(one <= other for one, other in zip(short, long, strict=True))


@given(truths)
def test_debounce_of_one_is_the_identity(xs: list[bool]) -> None:
    assert run(debounce(1), xs) == xs


@given(st.lists(st.tuples(st.integers(-3, 3).map(float), st.integers(0, 3).map(float)), max_size=30))
def test_hysteresis_is_monotone(pairs: list[tuple[float, float]]) -> None:
    lower, higher = [x for x, _ in pairs], [x + more for x, more in pairs]
    machine = hysteresis(2.0, -1.0)
    assert all(a <= b for a, b in zip(run(machine, lower), run(machine, higher), strict=True))
    wider = hysteresis(2.0, -2.0)
    assert all(a <= b for a, b in zip(run(machine, lower), run(wider, lower), strict=True))


def _itself(x: bool) -> bool:
    return x


# ---- fused


def _tied(pair: tuple[float, bool]) -> tuple[float, bool]:
    x, was_on = pair
    return (x - 0.5 if was_on else x), was_on


def _alarm(pair: tuple[bool, bool]) -> tuple[bool, bool]:
    is_on, was_on = pair
    return is_on and not was_on, is_on


def formula() -> Machine[Any, float, Any]:
    """An alert as a formula: it is on once, a while after, and not again until it has calmed down."""
    rising = feedback(False, lift(_tied) >> (hysteresis(2.0, 0.0) * identity) >> lift(_alarm))
    calm = since(_is_positive, _is_high) & historically(_is_any) & ever(_is_high)
    return (rising >> (once_within(3) & debounce(2))) & calm & optional(once_within_time(2.0)).premap(_timed)


def _timed(x: float) -> tuple[float, bool] | None:
    return (x, x > 1.0) if x > -2.0 else None


@given(numbers)
def test_formulas_fuse_and_mean_the_same(xs: list[float]) -> None:
    machine = formula()
    twin = fused(machine, float)
    state, expected = scan(machine, xs)
    fused_state, told = scan(twin, xs)
    assert told == expected
    assert plain(twin, fused_state) == state


def test_windows_of_all_lengths_share_their_text() -> None:
    pair = tuple[float, bool]
    assert fuse(once_within_time(1.0), pair).text == fuse(once_within_time(2.0), pair).text
    assert fuse(once_within(1), bool).text == fuse(once_within(2), bool).text
    assert fuse(debounce(1), bool).text == fuse(debounce(2), bool).text


# ---- what is refused


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: once_within(0), "length_ticks must be a whole number of ticks, at least 1, got 0"),
        (lambda: debounce(-1), "length_ticks must be a whole number of ticks, at least 1, got -1"),
        (lambda: debounce(True), "length_ticks must be a whole number of ticks, at least 1, got True"),
        (lambda: once_within_time(-1.0), "window_s must be finite and at least 0 s, got -1.0"),
        (lambda: once_within_time(float("nan")), "window_s must be finite and at least 0 s, got nan"),
        (lambda: hysteresis(1.0, 1.0), "off must be below on, both finite, got on = 1.0, off = 1.0"),
        (lambda: hysteresis(float("inf"), 1.0), "off must be below on, both finite, got on = inf, off = 1.0"),
    ],
)
def test_parameters_that_mean_nothing_are_refused(made: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=escape(says)):
        made()
