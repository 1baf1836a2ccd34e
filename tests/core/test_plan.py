"""The plan of a machine: every named place once, in the order of the data, with how many keys it has met."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catui.core.inspection import leaves_at
from catui.core.leaves import Leaf, leaves
from catui.core.machine import Machine, delay, each, feedback, identity, many, named, optional, scan
from catui.core.plan import Beside, Box, Loop, Series, boxes_of
from catui.core.plan_of import plan_of
from catui.core.wiring import Box as Outlined
from catui.core.wiring import boxes


def outlined(found: tuple[Outlined, ...]) -> list[str]:
    return [name for box in found for name in (box.name, *outlined(box.boxes))]


def grown(inner: st.SearchStrategy[Machine[Any, Any, Any]]) -> st.SearchStrategy[Machine[Any, Any, Any]]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] >> pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] & pair[1]),
        inner.map(lambda machine: feedback(0, machine)),
        inner.map(each),
        inner.map(many),
        inner.map(optional),
        st.tuples(st.sampled_from("abcde"), inner).map(lambda pair: named(*pair)),
    )


LEAF = st.one_of(st.just(identity), st.sampled_from("xyz").map(lambda name: named(name, delay(0))))
MACHINES = st.recursive(LEAF, grown, max_leaves=12)


@given(MACHINES)
def test_every_named_place_is_a_box_once_and_in_order(machine: Machine[Any, Any, Any]) -> None:
    assert [box.name for box in boxes_of(plan_of(machine, machine.init))] == outlined(boxes(machine))


def test_series_beside_and_loops_are_told_apart() -> None:
    a, b, c = (named(name, delay(0)) for name in "abc")
    box_a, box_b, box_c = (Box(name, name) for name in "abc")
    machine = a >> (b & c)
    assert plan_of(machine, machine.init) == Series((box_a, Beside((box_b, box_c))))
    body: Machine[Any, Any, Any] = identity >> a
    loop: Machine[Any, Any, Any] = feedback(0, body)
    assert plan_of(loop, loop.init) == Loop(box_a)
    assert plan_of(identity, None) is None


def test_series_and_side_by_side_are_flat_however_they_are_bracketed() -> None:
    a, b, c = (named(name, delay(0)) for name in "abc")
    for one, other in (((a >> b) >> c, a >> (b >> c)), ((a & b) & c, a & (b & c))):
        assert plan_of(one, one.init) == plan_of(other, other.init)


def test_a_place_of_each_tells_how_many_keys_it_has_met() -> None:
    machine: Machine[Any, Any, Any] = named("books", each(named("book", delay(0))))
    state, _ = scan(machine, [("x", 1), ("y", 2), ("x", 3)])
    assert plan_of(machine, state) == Box("books", "books", 2, Box("book", "books/*/book", 2))


def test_the_values_of_a_place_go_by_their_paths_from_there() -> None:
    kept: Machine[Any, Any, Any] = each(delay(0))
    machine: Machine[Any, Any, Any] = named("all", named("a", delay(0)) >> named("b", kept))
    assert leaves_at(machine, (5, {"x": 7}), "all/a") == (Leaf("", 5),)
    assert leaves_at(machine, (5, {"x": 7}), "all/b") == (Leaf("x", 7),)


def test_a_long_sequence_is_told_by_its_length_and_its_last_value() -> None:
    assert list(leaves(tuple(range(20)), "a")) == [Leaf("a/length", 20), Leaf("a/last", 19)]
    assert list(leaves(object(), "a")) == [Leaf("a", "a object")]
