"""Feedback is delayed: it obeys the laws of a trace except yanking, which is the one that would allow look-ahead."""

from typing import Any

from arbitrary import SIZE, Paired, Simple, bodies, functions, letters, machines, pairs, words
from hypothesis import given
from hypothesis import strategies as st

from catui.core.machine import Machine, delay, feedback, identity, lift, resume, run

Letter = tuple[int, int]

swap: Machine[None, Any, Any] = lift(lambda pair: (pair[1], pair[0]))


@given(letters, bodies(), machines, machines, words)
def test_tightening_what_is_outside_of_the_knot_may_go_inside(
    c: int, body: Paired, g: Simple, h: Simple, xs: list[int]
) -> None:
    assert run(feedback(c, (g * identity) >> body >> (h * identity)), xs) == run(g >> feedback(c, body) >> h, xs)


@given(machines, words)
def test_vanishing_a_wire_that_says_nothing_is_no_wire(m: Simple, xs: list[int]) -> None:
    assert run(feedback(None, m * identity), xs) == run(m, xs)


@given(letters, letters, bodies(), bodies(), bodies(), words)
def test_joining_two_knots_are_one_knot_of_two_wires(
    c: int, d: int, f: Paired, g: Paired, h: Paired, xs: list[int]
) -> None:
    outward: Machine[None, Any, Any] = lift(lambda x: (x[0][0], (x[0][1], x[1])))  # ((a, c), d) -> (a, (c, d))
    inward: Machine[None, Any, Any] = lift(lambda x: ((x[0], x[1][0]), x[1][1]))
    body = (f * identity) >> outward >> (identity * g) >> inward >> (h * identity)  # every wire meets every other
    assert run(feedback(c, feedback(d, body)), xs) == run(feedback((c, d), inward >> body >> outward), xs)


@given(letters, bodies(), machines, pairs)
def test_strength_a_machine_beside_the_knot_may_go_inside(c: int, body: Paired, g: Simple, xs: list[Letter]) -> None:
    outward: Machine[None, Any, Any] = lift(lambda x: (x[0][0], (x[0][1], x[1])))
    inward: Machine[None, Any, Any] = lift(lambda x: ((x[0], x[1][0]), x[1][1]))
    assert run(feedback(c, outward >> (g * body) >> inward), xs) == run(g * feedback(c, body), xs)


@given(letters, bodies(), functions, words)
def test_sliding_a_function_moves_along_the_wire(c: int, body: Paired, f: Any, xs: list[int]) -> None:
    at_the_end = feedback(f(c), body >> (identity * lift(f)))
    at_the_start = feedback(c, (identity * lift(f)) >> body)
    assert run(at_the_end, xs) == run(at_the_start, xs)


@given(letters, bodies(), machines, words)
def test_sliding_a_machine_moves_along_the_wire_one_step_ahead(c: int, body: Paired, m: Simple, xs: list[int]) -> None:
    ahead, first = m.step(m.init, c)
    at_the_end = feedback(first, body >> (identity * resume(m, ahead)))
    at_the_start = feedback(c, (identity * m) >> body)
    assert run(at_the_end, xs) == run(at_the_start, xs)


@given(letters, words)
def test_no_yanking_a_crossed_wire_fed_back_is_a_delay(c: int, xs: list[int]) -> None:
    assert run(feedback(c, swap), xs) == run(delay(c), xs) == [c, *xs][: len(xs)]


@given(letters, bodies(), st.lists(letters, min_size=1, max_size=8))
def test_what_a_step_feeds_back_is_usable_at_the_next_one(c: int, body: Paired, xs: list[int]) -> None:
    state, fed, outputs = body.init, c, []
    for a in xs:  # the naive loop
        state, (b, fed) = body.step(state, (a, fed))
        outputs.append(b)
    assert run(feedback(c, body), xs) == outputs


@given(machines, machines, pairs)
def test_carrying_reports_beside_the_data_is_a_functor(f: Simple, g: Simple, xs: list[Letter]) -> None:
    assert run((f * identity) >> (g * identity), xs) == run((f >> g) * identity, xs)
    assert [report for _, report in run(f * identity, xs)] == [report for _, report in xs]


def test_feedback_by_hand() -> None:
    body: Machine[None, Any, Any] = lift(
        lambda pair: (10 * pair[0] + pair[1], pair[0])
    )  # the last input, seen beside this one
    assert run(feedback(7, body), [1, 2, 3]) == [17, 21, 32]


def test_joined_feedback_by_hand() -> None:
    fibonacci: Machine[None, Any, Any] = lift(lambda x: (x[1][1], (x[1][1], x[1][0] + x[1][1])))
    assert run(feedback((0, 1), fibonacci), [None] * 7) == [1, 1, 2, 3, 5, 8, 13]


def test_sliding_by_hand() -> None:
    body: Machine[None, Any, Any] = lift(lambda pair: (pair[1], (pair[0] + pair[1]) % SIZE))
    double: Machine[None, Any, Any] = lift(lambda x: 2 * x)
    assert run(feedback(4, body >> (identity * double)), [1, 1, 1]) == [4, 10, 8]
    assert run(feedback(2, (identity * double) >> body), [1, 1, 1]) == [4, 10, 8]


def test_strength_and_vanishing_by_hand() -> None:
    assert run(feedback(None, delay(5) * identity), [1, 2]) == [5, 1]
    assert run(delay(0) * feedback(3, swap), [(1, 10), (2, 20)]) == [(0, 3), (1, 10)]
