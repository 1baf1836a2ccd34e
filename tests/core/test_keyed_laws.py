"""`each` is a functor, its keys are isolated and natural in injective relabelling; `many` is the list functor."""

from typing import Any

from arbitrary import Simple, keyed_words, machines, words
from hypothesis import given
from hypothesis import strategies as st

from catui.core.machine import Machine, atom, delay, each, identity, lift, many, optional, run, scan
from catui.core.past import latest

Keyed = list[tuple[str, int]]

gappy = st.lists(st.none() | st.integers(0, 6), max_size=8)
groups = st.lists(st.lists(st.integers(0, 6), max_size=4).map(tuple), max_size=6)
relabellings = st.permutations("xyz").map(lambda names: dict(zip("xyz", names, strict=True)))
Renaming = Machine[Any, tuple[str, int], tuple[str, int]]

total: Machine[int, int, int] = atom(0, lambda s, x: (s + x, s + x))


def per_key(machine: Machine[Any, int, int]) -> Machine[dict[str, Any], tuple[str, int], tuple[str, int]]:
    return each(machine)


@given(machines, machines, keyed_words)
def test_each_is_a_functor(f: Simple, g: Simple, xs: Keyed) -> None:
    assert run(per_key(f) >> per_key(g), xs) == run(per_key(f >> g), xs)


@given(keyed_words)
def test_each_of_the_identity_is_the_identity(xs: Keyed) -> None:
    assert run(per_key(identity), xs) == xs


@given(machines, keyed_words)
def test_what_a_key_gives_depends_on_its_own_inputs_only(m: Simple, xs: Keyed) -> None:
    outputs = run(per_key(m), xs)
    assert [key for key, _ in outputs] == [key for key, _ in xs]
    for key in "xyz":
        assert [b for k, b in outputs if k == key] == run(m, [a for k, a in xs if k == key])


@given(machines, relabellings, keyed_words)
def test_each_is_natural_in_renaming_the_keys(m: Simple, names: dict[str, str], xs: Keyed) -> None:
    name: Machine[None, str, str] = lift(lambda key: names[key])
    renamed: Renaming = name * identity
    assert run(renamed >> per_key(m), xs) == run(per_key(m) >> renamed, xs)


def test_each_is_not_natural_in_merging_two_keys() -> None:
    name: Machine[None, str, str] = lift(lambda key: "all")
    merged: Renaming = name * identity
    xs = [("x", 1), ("y", 2)]
    assert run(merged >> per_key(total), xs) == [("all", 1), ("all", 3)]
    assert run(per_key(total) >> merged, xs) == [("all", 1), ("all", 2)]


def test_each_by_hand() -> None:
    state, outputs = scan(per_key(total), [("x", 1), ("y", 10), ("x", 2), ("z", 5), ("y", 1)])
    assert outputs == [("x", 1), ("y", 10), ("x", 3), ("z", 5), ("y", 11)]
    assert state == {"x": 3, "y": 11, "z": 5}


def test_a_step_of_each_leaves_the_state_before_it_alone() -> None:
    machine = per_key(total)
    before, _ = machine.step(machine.init, ("x", 1))
    machine.step(before, ("x", 5))
    machine.step(before, ("y", 7))
    assert before == {"x": 1}
    assert machine.init == {}


@given(machines, groups)
def test_many_is_running_all_of_them_in_order(m: Simple, xs: list[tuple[int, ...]]) -> None:
    outputs = run(many(m), xs)
    assert [len(group) for group in outputs] == [len(group) for group in xs]
    assert [b for group in outputs for b in group] == run(m, [a for group in xs for a in group])


@given(machines, machines, groups)
def test_many_is_a_functor(f: Simple, g: Simple, xs: list[tuple[int, ...]]) -> None:
    assert run(many(f) >> many(g), xs) == run(many(f >> g), xs)
    assert run(many(identity), xs) == xs


@given(machines, words)
def test_none_of_many_leaves_the_state_alone(m: Simple, xs: list[int]) -> None:
    state, _ = scan(m, xs)
    after, outputs = many(m).step(state, ())
    assert after is state
    assert outputs == ()


def test_many_by_hand() -> None:
    assert run(many(total), [(1, 2), (), (3,)]) == [(1, 3), (), (6,)]
    assert run(many(delay(0)), [(1, 2), (3,)]) == [(0, 1), (2,)]


@given(st.lists(st.lists(st.tuples(st.sampled_from("xy"), st.integers()), max_size=3).map(tuple), max_size=6))
def test_keeping_the_latest_means_the_identity(xs: list[tuple[tuple[str, int], ...]]) -> None:
    keep: Machine[dict[str, int], Any, Any] = latest()
    state, outputs = scan(keep, xs)
    assert outputs == xs
    assert state == {key: value for group in xs for key, value in group}


@given(machines, machines, gappy)
def test_optional_is_a_functor(f: Simple, g: Simple, xs: list[Any]) -> None:
    assert run(optional(f) >> optional(g), xs) == run(optional(f >> g), xs)


@given(machines, gappy)
def test_none_is_no_step_and_anything_else_is_one(m: Simple, xs: list[Any]) -> None:
    told = run(optional(m), xs)
    assert [x is None for x in told] == [x is None for x in xs]
    assert [x for x in told if x is not None] == run(m, [x for x in xs if x is not None])


def test_optional_by_hand() -> None:
    assert run(optional(delay(5)), [0, None, 1]) == [5, None, 0]
