"""The names on the way are the path of a state; the meaning of a machine has no names in it."""

from typing import Any

import pytest
from arbitrary import Simple, machines, words
from hypothesis import given

from catui.core.machine import (
    Machine,
    Named,
    atom,
    delay,
    each,
    feedback,
    identity,
    lift,
    many,
    named,
    resume,
    run,
    scan,
)
from catui.core.places import places, state_at
from catui.core.wiring import Box, boxes, outline

Whole = Machine[Any, Any, Any]

total: Whole = atom(0, lambda s, x: (s + x, s + x))
added: Whole = lift(sum)
last: Whole = delay(0)
desk: Whole = named("desk", feedback(0, named("in", added) >> named("book", total) >> (identity & named("last", last))))
keyed_twice: Whole = many(each(named("momentum", total >> named("inner", total))))
keyed: Whole = named("stage", (identity * many(each(named("momentum", total)))) * identity)


@given(machines, words)
def test_a_name_changes_no_meaning(m: Simple, xs: list[int]) -> None:
    assert scan(named("here", m), xs) == scan(m, xs)


@given(machines, words)
def test_every_place_of_any_tree_can_be_read(m: Simple, xs: list[int]) -> None:
    whole = named("here", m)
    state, _ = scan(whole, xs)
    found = list(places(whole, state))
    assert found[0].path == "here"
    assert state_at(whole, state, "here") is state


@given(machines, words)
def test_a_place_that_is_asked_for_is_the_one_that_is_listed(m: Simple, xs: list[int]) -> None:
    whole = named("here", keyed_twice * named("there", m))
    state, _ = scan(whole, [((("x", n), ("y", -n)), n) for n in xs])
    named_places = [place for place in places(whole, state) if isinstance(place.node, Named)]
    listed = {place.path: place.state for place in reversed(named_places)}  # the first, where two have one path
    assert {"here", "here/there"} <= set(listed)
    assert {path: state_at(whole, state, path) for path in listed} == listed


def test_states_are_found_by_the_names_on_the_way() -> None:
    state, outputs = scan(desk, [1, 2, 3])
    assert outputs == [1, 3, 7]  # totals 1, 3, 7: the total before the last comes back beside the input
    assert state_at(desk, state, "desk/book") == 7
    assert state_at(desk, state, "desk/last") == 7
    assert state_at(desk, state, "desk/in") is None
    assert state_at(desk, state, "desk") == state


def test_states_of_each_go_by_their_key() -> None:
    state, _ = scan(keyed, [(("moment", (("x", 1), ("y", 5))), "reports"), (("moment", (("x", 2),)), "reports")])
    found = [(place.path, place.state) for place in places(keyed, state) if isinstance(place.node, Named)]
    assert found[1:] == [("stage/x/momentum", 3), ("stage/y/momentum", 5)]
    assert state_at(keyed, state, "stage/y/momentum") == 5


def test_a_place_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="desk/nowhere"):
        state_at(desk, desk.init, "desk/nowhere")


@pytest.mark.parametrize("name", ["", "a/b", "/"])
def test_a_name_that_would_break_a_path_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="non-empty text without '/'"):
        named(name, identity)


def test_a_resumed_machine_keeps_its_places() -> None:
    state, _ = scan(desk, [1, 2])
    again = resume(desk, state)
    assert run(again, [3]) == [7]
    assert state_at(again, scan(again, [3])[0], "desk/book") == 7


def test_the_wiring_is_read_off_the_tree() -> None:
    assert boxes(desk) == (
        Box("desk", ("fed back, one step late",), (Box("in", (), ()), Box("book", (), ()), Box("last", (), ()))),
    )
    assert outline(desk >> keyed).splitlines() == [
        "desk  (fed back, one step late)",
        "|- in",
        "|- book",
        "`- last",
        "stage  (one for each key)",
        "`- momentum",
    ]
