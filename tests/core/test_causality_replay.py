"""No machine sees the future, and every machine goes on from where it was."""

from typing import Any

from arbitrary import Simple, machines, words
from hypothesis import given

from catui.core.machine import Machine, atom, delay, resume, run, scan

total: Machine[int, int, int] = atom(0, lambda s, x: (s + x, s + x))


@given(machines, words, words, words)
def test_outputs_depend_on_the_past_only(m: Simple, past: list[int], future: list[int], other: list[int]) -> None:
    assert run(m, past + future)[: len(past)] == run(m, past + other)[: len(past)]


@given(machines, words, words)
def test_replay_by_parts_is_replay_of_the_whole(m: Simple, xs: list[int], ys: list[int]) -> None:
    state, first = scan(m, xs)
    assert run(m, xs + ys) == first + run(resume(m, state), ys)


@given(machines, words)
def test_a_machine_run_twice_gives_the_same(m: Simple, xs: list[int]) -> None:
    assert scan(m, xs) == scan(m, xs)


@given(machines, words, words)
def test_a_step_changes_no_state_that_was_given_out(m: Simple, xs: list[int], ys: list[int]) -> None:
    state, _ = scan(m, xs)
    before = repr(state)
    run(resume(m, state), ys)
    assert repr(state) == before


@given(machines, words)
def test_resuming_at_the_start_changes_nothing(m: Simple, xs: list[int]) -> None:
    assert run(resume(m, m.init), xs) == run(m, xs)


def test_replay_by_hand() -> None:
    state, outputs = scan(total, [1, 2])
    assert (state, outputs) == (3, [1, 3])
    assert run(resume(total, state), [4]) == [7]
    assert run(resume(resume(total, 100), 3), [4]) == [7]


def test_the_law_of_causality_can_fail() -> None:
    """A list function that looks ahead is no machine, and the law says so."""

    def centred(xs: list[int]) -> list[int]:
        return [xs[min(i + 1, len(xs) - 1)] for i in range(len(xs))]

    assert centred([1, 2, 3])[:2] != centred([1, 2])[:2]


def test_steps_are_compiled_once() -> None:
    machine: Machine[Any, int, int] = total >> delay(0)
    assert machine.step is machine.step
