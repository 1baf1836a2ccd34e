"""The checks: a machine that keeps a law passes; one that breaks it is shown, on as few inputs as it takes."""

from math import inf, nan
from typing import Any

import pytest
from arbitrary import Simple, machines, words
from hypothesis import given, settings
from hypothesis import strategies as st

from catui.core import check
from catui.core.check.example import MOST_TRIES, Example
from catui.core.fuse import fuse
from catui.core.machine import Machine, atom, delay, identity, lift

MODERATE = settings(max_examples=40, deadline=None)
Numbers = Machine[Any, float, float]

total: Numbers = atom(0.0, lambda s, x: (s + x, s + x))
ten = [float(i) for i in range(10)]


def hidden(reset: bool) -> Machine[int, float, float]:
    """A sum that is kept in a list of the closure."""
    kept = [0.0]

    def step(seen: int, x: float) -> tuple[int, float]:
        if reset and seen == 0:
            kept[0] = 0.0
        kept[0] += x
        return seen + 1, kept[0]

    return atom(0, step)


def found(example: Example | None) -> Example:
    assert example is not None
    return example


@MODERATE
@given(machines, words, words)
def test_any_machine_keeps_the_laws_of_machines(m: Simple, xs: list[int], ys: list[int]) -> None:
    assert check.untouched(m, xs) is None
    assert check.repeatable(m, xs) is None
    assert check.causal(m, xs, ys) is None
    assert check.replayed(m, xs) is None
    assert check.isolated(m, xs, ys) is None
    assert check.finite(m, xs) is None
    assert check.within(m, xs, 0.0, 6.0) is None
    assert check.silent_until(m, xs, 1) is None
    assert check.speaks_at(m, xs, 1) is None
    assert check.unchanged(m, [(x, x) for x in xs]) is None


def test_an_input_that_is_changed_is_shown_as_it_was() -> None:
    def emptied(xs: list[int]) -> int:
        return xs.pop() if xs else 0

    example = found(check.untouched(lift(emptied), [[], [1, 2], [3]]))
    assert example.says == "a step changes the input that it was given"
    assert (example.inputs, example.at, example.expected, example.got) == (([1, 2],), 0, "[1, 2]", "[1]")


def test_a_state_that_is_changed_is_shown() -> None:
    def step(s: list[float], x: float) -> tuple[list[float], float]:
        s.append(x)
        return s, s[0]

    example = found(check.untouched(atom([], step), ten))
    assert (example.says, example.at) == ("a step changes the state that it was given", 0)


def test_state_outside_of_the_machine_is_not_repeatable() -> None:
    example = found(check.repeatable(hidden(reset=False), ten))
    assert (example.inputs, example.at) == ((1.0,), 0)
    assert example.expected != example.got


def test_what_only_a_second_run_tells_is_not_repeatable() -> None:
    marks: list[float] = []

    def step(seen: int, x: float) -> tuple[int, float]:
        if len(marks) == seen:
            marks.append(x)
        return seen + 1, marks[seen + 1] if len(marks) > seen + 1 else 0.0

    example = found(check.repeatable(atom(0, step), ten))
    assert (example.says, example.at) == ("the same run gives another output", 0)


def test_an_output_that_is_changed_later_is_look_ahead() -> None:
    buffer = [0.0]

    def step(_: None, x: float) -> tuple[None, list[float]]:
        buffer[0] = x
        return None, buffer

    example = found(check.causal(atom(None, step), ten, [5.0]))
    assert example.says == "an output changes with what comes after it"
    assert (example.inputs, example.at, example.expected) == ((0.0,), 0, "[0.0]")
    assert example.against[:1] == (0.0,)
    assert example.got == f"[{example.against[-1]}]"


def test_a_state_that_is_known_by_its_identity_does_not_replay() -> None:
    first = (0.5,)

    def step(s: tuple[float], x: float) -> tuple[tuple[float], float]:
        return (x,), 1.0 if s is first else s[0]

    example = found(check.replayed(atom(first, step), ten))
    assert (example.inputs, example.at, example.expected, example.got) == ((0.0,), 0, "1.0", "0.5")
    assert example.says == "going on from a copy of the state after 0 inputs is not what going on was"


def test_state_that_two_instruments_share_is_seen_between_them() -> None:
    shared = hidden(reset=True)
    example = found(check.isolated(shared, ten, [100.0] * 10))
    keys: list[Any] = [event[0] for event in example.inputs if isinstance(event, tuple)]
    assert set(keys) == {"a", "b"}
    assert len(keys) <= 3
    assert example.at == len(example.inputs) - 1


@pytest.mark.parametrize("broken", [inf, -inf, nan])
def test_what_is_no_number_is_shown(broken: float) -> None:
    example = found(check.finite(lift(lambda x: (0.0, broken) if x == 7.0 else (x, None)), ten))
    assert (example.inputs, example.at, example.got) == ((7.0,), 0, f"(0.0, {broken!r})")


def test_a_step_that_raises_is_shown_with_its_line() -> None:
    def step(s: float, x: float) -> tuple[float, float]:
        return s + 1.0, 1.0 / (3.0 - s)

    line = step.__code__.co_firstlineno + 1
    example = found(check.finite(atom(0.0, step), ten))
    assert (example.at, len(example.inputs), example.place) == (3, 4, f"{__file__}:{line}")
    assert example.got == "raises ZeroDivisionError: float division by zero"


def test_a_step_that_is_called_wrongly_has_no_line_of_the_check() -> None:
    example = found(check.finite(atom(0.0, lambda s: (s, s)), ten))  # type: ignore[arg-type, misc]  # one argument
    assert "takes 1 positional argument" in example.got
    assert example.place == ""


def test_a_warm_up_is_kept_by_speaking_neither_early_nor_late() -> None:
    third: Machine[int, float, float | None] = atom(0, lambda n, x: (n + 1, x if n >= 2 else None))
    assert check.silent_until(third, ten, 3) is None
    assert check.speaks_at(third, ten, 3) is None
    early = found(check.silent_until(third, ten, 5))
    assert (early.at, len(early.inputs), early.expected) == (2, 3, "None")
    late = found(check.speaks_at(third, ten, 2))
    assert (late.at, len(late.inputs), late.got) == (1, 2, "None")


def test_numbers_out_of_bounds_and_off_zero_are_shown_alone() -> None:
    assert check.within(identity, ten, 0.0, 9.0) is None
    assert found(check.within(identity, ten, 0.0, 8.5)).inputs == (9.0,)
    assert found(check.zero(identity, [0.0, -0.0, 3.0])).inputs == (3.0,)
    assert check.zero(lift(lambda x: (0.0, None)), ten) is None


def test_symmetries_are_kept_within_a_tolerance() -> None:
    pairs = [(x, -x) for x in ten]
    assert check.negated(total, pairs) is None
    assert check.unchanged(total.map(abs), pairs) is None
    near = total.map(lambda y: y + 1e-9)
    assert check.negated(near, pairs, 1e-6) is None
    example = found(check.negated(near, pairs))
    assert (example.at, example.inputs, example.against) == (0, (0.0,), (-0.0,))
    changed = found(check.unchanged(total, pairs))
    assert (changed.inputs, changed.against, changed.expected, changed.got) == ((1.0,), (-1.0,), "1.0", "-1.0")


def test_a_reading_that_says_something_else_is_shown() -> None:
    assert check.twin(total, check.by_text(fuse(total, float)), "text", ten) is None

    def wrong_at_six(xs: Any) -> tuple[Any, list[Any]]:
        return sum(xs, 0.0), [0.0 if x == 6.0 else sum(xs[: i + 1], 0.0) for i, x in enumerate(xs)]

    example = found(check.twin(total, wrong_at_six, "text", ten))
    assert (example.says, example.inputs, example.at) == ("text says something else", (6.0,), 0)
    assert (example.expected, example.got) == ("6.0", "0.0")

    def loses_its_state(xs: Any) -> tuple[Any, list[Any]]:
        return 0.0, [sum(xs[: i + 1], 0.0) for i in range(len(xs))]

    lost = found(check.twin(total, loses_its_state, "text", ten))
    assert (lost.says, lost.at, lost.inputs) == ("text ends in another state", None, (1.0,))


def test_a_machine_outside_of_the_dialect_is_told_with_its_line() -> None:
    def step(s: float, x: float) -> tuple[float, float]:
        return s, x**2

    assert check.in_dialect(total, float, "here") is None
    example = found(check.in_dialect(atom(0.0, step), float, "here"))
    assert example.place == f"{__file__}:{step.__code__.co_firstlineno + 1}"
    assert "slower" in example.says
    assert "write x*x" in example.says
    unplaced = found(check.in_dialect(delay("x"), str, "mine.py:3"))
    assert unplaced.place == "mine.py:3"


@MODERATE
@given(st.lists(st.integers(0, 20), max_size=60), st.sets(st.integers(0, 20), min_size=1, max_size=3))
def test_what_is_left_of_a_stream_is_exactly_what_breaks_the_law(xs: list[int], wanted: set[int]) -> None:
    def fault(kept: list[int]) -> Example | None:
        return Example("all are there", tuple(kept)) if wanted <= set(kept) else None

    example = check.smallest(fault, xs)
    assert (example is not None) == (wanted <= set(xs))
    if example is not None:
        assert set(example.inputs) == wanted
        assert len(example.inputs) == len(wanted)


def test_making_it_smaller_ends_and_never_returns_what_was_not_seen_to_fail() -> None:
    tries = 0

    def flaky(kept: list[int]) -> Example | None:
        nonlocal tries
        tries += 1
        return Example("odd tries", tuple(kept)) if tries % 2 else None

    example = found(check.smallest(flaky, list(range(5_000))))
    assert example.says == "odd tries"
    assert tries <= MOST_TRIES + 20
