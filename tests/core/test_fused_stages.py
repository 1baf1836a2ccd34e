"""Stages of many keys as one text a key: what they mean, and states that are used again, kept, or too old."""

from typing import Any

import pytest
from fusible import Floats, ema, machines
from hypothesis import given, settings
from hypothesis import strategies as st

from catui.core.fuse import FuseError, fused_stages, plain
from catui.core.fuse.live import KEPT_INPUTS
from catui.core.machine import Machine, each, identity, lift, many, named, resume, run, scan
from catui.runtime import statecodec

Stages = Machine[Any, Any, Any]
keys = st.sampled_from(["a", "b", "c"])
items = st.lists(st.tuples(keys, st.floats(-9, 9)), max_size=3).map(tuple)
days = st.lists(items, max_size=20)


def stage(machine: Floats) -> Stages:
    """One copy of a machine a key, between two things that pass."""
    keyed: Machine[Any, Any, Any] = each(machine)
    return (identity * many(keyed)) * identity


def wires(day: list[Any]) -> list[Any]:
    return [(("before", told), "after") for told in day]


@given(machines, machines, days)
def test_stages_are_their_text_to_the_bit(f: Floats, g: Floats, day: list[Any]) -> None:
    stages = named("first", stage(f)) >> named("second", stage(g))
    twin = fused_stages(stages, float)
    state, outputs = scan(stages, wires(day))
    twin_state, twin_outputs = scan(twin, wires(day))
    assert repr(twin_outputs) == repr(outputs)
    assert statecodec.encode(plain(twin, twin_state)) == statecodec.encode(state)


@given(machines, days, days, days)
@settings(max_examples=40)
def test_a_state_of_many_keys_can_be_used_again(f: Floats, past: list[Any], one: list[Any], two: list[Any]) -> None:
    stages = stage(f)
    twin = fused_stages(stages, float)
    before, _ = scan(twin, wires(past))
    expected_state, expected = scan(resume(stages, plain(twin, before)), wires(two))
    run(resume(twin, before), wires(one))
    assert plain(twin, before) == scan(stages, wires(past))[0]
    state, outputs = scan(resume(twin, before), wires(two))
    assert repr(outputs) == repr(expected)
    assert statecodec.encode(plain(twin, state)) == statecodec.encode(expected_state)


def test_a_key_that_came_later_is_no_part_of_an_earlier_state() -> None:
    twin = fused_stages(stage(ema(0.5)), float)
    before, _ = scan(twin, wires([(("a", 1.0),), (("b", 2.0),)]))
    run(resume(twin, before), wires([(("c", 3.0), ("a", 5.0))]))
    assert list(plain(twin, before)[0][1]) == ["a", "b"]
    assert plain(twin, before)[0][1]["a"].mean == 1.0


def test_a_state_that_is_too_old_is_refused_and_the_newest_is_always_there() -> None:
    twin = fused_stages(stage(ema(0.5)), float)
    before, _ = scan(twin, wires([(("a", 1.0),)]))
    kept = plain(twin, before)
    after, _ = scan(resume(twin, before), wires([(("a", 1.0), ("b", 2.0))] * KEPT_INPUTS))
    assert plain(twin, after)[0][1]["b"].mean == 2.0
    with pytest.raises(LookupError, match="the state after step 1 of fused stages is gone; they went on to 2049"):
        plain(twin, before)
    assert run(resume(twin, kept), wires([(("a", 3.0),)])) == [(("before", (("a", 2.0),)), "after")]


def test_a_stage_of_another_shape_is_kept_outside() -> None:
    with pytest.raises(FuseError, match="Lift is no stage of one machine a key; keep it outside"):
        fused_stages(stage(ema(0.5)) >> lift(repr), float)
