"""What `catui verify` does not ask of the features: to go on speaking, and from a checkpoint, on any market."""

from typing import Any

import pytest
from feature_market import quick, told, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

from catui.core.fuse import fuse
from catui.core.machine import resume, run, scan
from catui.domain.kind import Kind
from catui.features.registry import ALL, KINDS
from catui.runtime import statecodec
from catui.strategies.registry import KINDS as STRATEGIES

Any_kind = Kind[..., Any]
FEW = settings(max_examples=6)

every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind.name))


@every_kind
@FEW
@given(data=st.data())
def test_it_speaks_from_its_warm_up_on(kind: Any_kind, data: st.DataObject) -> None:
    first = kind.warm_up_ticks(values_of(kind))
    for is_calm in (True, False):
        for number, said in enumerate(run(quick(kind), data.draw(told(kind, is_calm=is_calm))), start=1):
            assert said is None or number >= first
            if is_calm and not kind.waits_for:
                assert (said is None) == (number < first)


@every_kind
def test_float_parameters_change_no_text(kind: Any_kind) -> None:
    values = values_of(kind)
    halved = {
        n: (v + kind.parameters[n].low) * 0.5 if not kind.parameters[n].is_whole else v for n, v in values.items()
    }
    assert fuse(kind(**values), kind.input).text == fuse(kind(**halved), kind.input).text


@every_kind
@FEW
@given(data=st.data(), cut=st.integers(0, 40))
def test_it_goes_on_from_a_checkpoint(kind: Any_kind, data: st.DataObject, cut: int) -> None:
    machine, inputs = quick(kind), data.draw(told(kind))
    state, first = scan(machine, inputs[:cut])
    again = statecodec.decode(statecodec.encode(state))
    assert run(machine, inputs) == first + run(resume(machine, again), inputs[cut:])


def test_names_are_their_constructors_and_no_strategys() -> None:
    assert [kind.name for kind in ALL] == list(KINDS)
    assert all(kind.is_feature and kind.construct.__name__ == name for name, kind in KINDS.items())
    assert not KINDS.keys() & STRATEGIES.keys()
    assert not any(kind.is_feature for kind in STRATEGIES.values())


def test_every_kind_says_what_it_does_and_where_it_is_from() -> None:
    for kind in ALL:
        assert kind.text.endswith(".")
        assert "Warm-up:" in kind.documentation, kind.name
        assert "Laws:" in kind.documentation, kind.name
        assert "Source:" in kind.documentation, kind.name
        assert "ValueError:" in kind.documentation or not kind.parameters, kind.name


@every_kind
def test_a_default_is_within_its_bounds_and_said_in_words(kind: Any_kind) -> None:
    for parameter in kind.parameters.values():
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.text
