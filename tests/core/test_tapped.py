"""Listening changes nothing: a tapped machine is the machine, its states too, and every named place is heard."""

from typing import Any

from arbitrary import Simple, machines, words
from hypothesis import given

from catui.core.machine import Machine, Step, delay, each, feedback, identity, lift, many, named, optional, run, scan
from catui.core.plan import boxes_of
from catui.core.plan_of import plan_of
from catui.core.tapped import Tap, tapped

Heard = list[tuple[str, object]]


def listener(heard: Heard) -> Tap:
    def tap(path: str, step: Step[Any, Any, Any]) -> Step[Any, Any, Any]:
        def listening(state: Any, a: Any) -> tuple[Any, Any]:
            state, b = step(state, a)
            heard.append((path, b))
            return state, b

        return listening

    return tap


@given(machines, words)
def test_a_tapped_machine_is_the_machine_with_its_states(m: Simple, xs: list[int]) -> None:
    whole = named("whole", m)
    assert scan(tapped(whole, listener([])), xs) == scan(whole, xs)


@given(machines, words)
def test_a_tapped_machine_goes_on_from_a_state_of_the_machine(m: Simple, xs: list[int]) -> None:
    state, _ = scan(m, xs)
    one, other = m, tapped(m, listener([]))
    mine, its = state, state
    for x in xs:
        (mine, y), (its, z) = one.step(mine, x), other.step(its, x)
        assert (mine, y) == (its, z)


@given(machines, words)
def test_the_whole_is_heard_at_every_step(m: Simple, xs: list[int]) -> None:
    heard: Heard = []
    outputs = run(tapped(named("whole", m), listener(heard)), xs)
    assert [b for path, b in heard if path == "whole"] == outputs


def test_places_are_heard_by_the_paths_of_the_plan() -> None:
    inner: Machine[Any, Any, Any] = each(named("book", delay(0)))
    knot: Machine[Any, Any, Any] = lift(lambda pair: (pair[0], pair[0]))
    maybe: Machine[Any, Any, Any] = optional(identity)
    stage: Machine[Any, Any, Any] = named("stage", many(inner) >> named("maybe", maybe))
    machine: Machine[Any, Any, Any] = named("desk", feedback((), knot >> (stage * identity)))
    heard: Heard = []
    run(tapped(machine, listener(heard)), [(("x", 1), ("y", 2)), (("x", 3),)])
    assert heard == [
        ("desk/stage/*/book", 0),
        ("desk/stage/*/book", 0),
        ("desk/stage/maybe", (("x", 0), ("y", 0))),
        ("desk/stage", (("x", 0), ("y", 0))),
        ("desk", (("x", 0), ("y", 0))),
        ("desk/stage/*/book", 1),
        ("desk/stage/maybe", (("x", 1),)),
        ("desk/stage", (("x", 1),)),
        ("desk", (("x", 1),)),
    ]
    assert {path for path, _ in heard} == {box.path for box in boxes_of(plan_of(machine, machine.init))}
