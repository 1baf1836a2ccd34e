"""Machines are a category, symmetric monoidal, with copying; equality is equality of outputs."""

from typing import Any

from arbitrary import Simple, functions, letters, machines, pairs, words
from hypothesis import given

from catui.core.machine import Machine, atom, delay, identity, lift, run

Letter = tuple[int, int]


def swapped(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    return pair[1], pair[0]


swap: Machine[None, tuple[Any, Any], tuple[Any, Any]] = lift(swapped)
total: Machine[int, int, int] = atom(0, lambda s, x: (s + x, s + x))
double: Machine[None, int, int] = lift(lambda x: 2 * x)


@given(machines, words)
def test_identity_is_a_unit_of_series_on_both_sides(f: Simple, xs: list[int]) -> None:
    assert run(identity >> f, xs) == run(f, xs) == run(f >> identity, xs)


@given(machines, machines, machines, words)
def test_series_is_associative(f: Simple, g: Simple, h: Simple, xs: list[int]) -> None:
    assert run((f >> g) >> h, xs) == run(f >> (g >> h), xs)


@given(machines, machines, words)
def test_running_a_series_is_running_one_after_the_other(f: Simple, g: Simple, xs: list[int]) -> None:
    assert run(f >> g, xs) == run(g, run(f, xs))
    assert run(identity, xs) == xs


@given(machines, machines, machines, machines, pairs)
def test_series_and_parallel_interchange(f: Simple, g: Simple, h: Simple, k: Simple, xs: list[Letter]) -> None:
    assert run((f * g) >> (h * k), xs) == run((f >> h) * (g >> k), xs)


@given(pairs)
def test_identities_side_by_side_are_the_identity(xs: list[Letter]) -> None:
    assert run(identity * identity, xs) == xs


@given(machines, machines, pairs)
def test_parallel_is_running_each_side_alone(f: Simple, g: Simple, xs: list[Letter]) -> None:
    left, right = run(f, [a for a, _ in xs]), run(g, [c for _, c in xs])
    assert run(f * g, xs) == list(zip(left, right, strict=True))


@given(machines, machines, pairs)
def test_swapping_the_wires_is_natural_and_its_own_inverse(f: Simple, g: Simple, xs: list[Letter]) -> None:
    assert run((f * g) >> swap, xs) == run(swap >> (g * f), xs)
    assert run(swap >> swap, xs) == xs


@given(machines, machines, machines, words)
def test_a_shared_machine_is_computed_once_before_a_fanout(f: Simple, g: Simple, h: Simple, xs: list[int]) -> None:
    assert run(h >> (f & g), xs) == run((h >> f) & (h >> g), xs)


@given(machines, machines, words)
def test_a_fanout_forgets_to_either_of_its_sides(f: Simple, g: Simple, xs: list[int]) -> None:
    assert run((f & g).map(lambda pair: pair[0]), xs) == run(f, xs)
    assert run((f & g).map(lambda pair: pair[1]), xs) == run(g, xs)


@given(machines, words)
def test_copying_before_a_machine_is_copying_after_it(f: Simple, xs: list[int]) -> None:
    assert run((identity & identity) >> (f * f), xs) == run(f >> (identity & identity), xs)


@given(machines, functions, functions, words)
def test_map_is_a_functor(m: Simple, f: Any, g: Any, xs: list[int]) -> None:
    assert run(m.map(lambda b: b), xs) == run(m, xs)
    assert run(m.map(f).map(g), xs) == run(m.map(lambda b: g(f(b))), xs)
    assert run(m.map(f), xs) == [f(b) for b in run(m, xs)]


@given(machines, functions, functions, words)
def test_premap_is_a_contravariant_functor(m: Simple, f: Any, g: Any, xs: list[int]) -> None:
    assert run(m.premap(lambda a: a), xs) == run(m, xs)
    assert run(m.premap(f).premap(g), xs) == run(m.premap(lambda a: f(g(a))), xs)
    assert run(m.premap(f), xs) == run(m, [f(a) for a in xs])


@given(machines, functions, functions, words)
def test_map_and_premap_do_not_see_each_other(m: Simple, f: Any, g: Any, xs: list[int]) -> None:
    assert run(m.map(f).premap(g), xs) == run(m.premap(g).map(f), xs)


@given(functions, functions, words)
def test_lifted_functions_compose_as_functions(f: Any, g: Any, xs: list[int]) -> None:
    assert run(lift(f) >> lift(g), xs) == run(lift(lambda x: g(f(x))), xs) == [g(f(x)) for x in xs]


@given(machines, letters, words)
def test_a_delay_passes_through_a_machine_up_to_its_first_step(m: Simple, first: int, xs: list[int]) -> None:
    # behind a delay, a machine sees `first` and then all but the last: the naive list says the same
    assert run(delay(first) >> m, xs) == run(m, [first, *xs][: len(xs)])


def test_series_by_hand() -> None:
    assert run(total >> double, [1, 2, 3]) == [2, 6, 12]
    assert run(double >> total, [1, 2, 3]) == [2, 6, 12]
    assert run(total >> delay(9), [1, 2, 3]) == [9, 1, 3]


def test_parallel_by_hand() -> None:
    assert run(total * double, [(1, 1), (2, 2), (3, 3)]) == [(1, 2), (3, 4), (6, 6)]
    assert run(swap, [(1, "a")]) == [("a", 1)]


def test_fanout_by_hand() -> None:
    assert run(double >> (total & delay(0)), [1, 2, 3]) == [(2, 0), (6, 2), (12, 4)]


def test_map_and_premap_by_hand() -> None:
    assert run(total.map(str), [1, 2]) == ["1", "3"]
    assert run(total.premap(len), ["ab", "c"]) == [2, 3]


def test_no_input_gives_no_output() -> None:
    assert run(total, []) == []


def test_a_wire_that_nothing_touches_by_hand() -> None:
    pairs = [(1, "a"), (2, "b"), (3, "c")]
    assert run(delay(0) * identity, pairs) == [(0, "a"), (1, "b"), (2, "c")]
    assert run(identity * delay(""), pairs) == [(1, ""), (2, "a"), (3, "b")]
    assert run((identity * delay("")) * identity, [(pair, True) for pair in pairs])[2] == ((3, "b"), True)
