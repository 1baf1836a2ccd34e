"""The laws of the whole library of features: what one declares it keeps, on any market, in every reading."""

from math import isfinite
from typing import Any

import pytest
from feature_market import later, mirrored, numbers_in, quick, scaled, still, told, twin, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

from catui.core.fuse import fuse, plain
from catui.core.machine import resume, run, scan
from catui.domain.kind import Kind
from catui.features.registry import ALL, KINDS
from catui.runtime import statecodec
from catui.strategies.registry import KINDS as STRATEGIES

Any_kind = Kind[..., Any]
MODERATE = settings(max_examples=15, deadline=None)

every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind.name))


def declaring(symmetry: str) -> pytest.MarkDecorator:
    kinds = [kind for kind in ALL if symmetry in kind.symmetries]
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: str(kind.name))


@every_kind
@MODERATE
@given(data=st.data())
def test_it_speaks_from_its_warm_up_on(kind: Any_kind, data: st.DataObject) -> None:
    first = kind.warm_up_ticks(values_of(kind))
    for is_calm in (True, False):
        for number, said in enumerate(run(quick(kind), data.draw(told(kind, is_calm=is_calm))), start=1):
            assert said is None or number >= first
            if is_calm and not kind.waits_for:
                assert (said is None) == (number < first)


@every_kind
@MODERATE
@given(data=st.data())
def test_no_market_makes_it_say_what_is_no_number(kind: Any_kind, data: st.DataObject) -> None:
    for said in run(quick(kind), data.draw(told(kind))):
        assert all(isfinite(number) for number in numbers_in(said))
        if "bounded" in kind.symmetries:
            assert all(-1.0 <= number <= 1.0 for number in numbers_in(said))


@every_kind
@MODERATE
@given(data=st.data())
def test_the_flat_text_is_the_machine_to_the_bit(kind: Any_kind, data: st.DataObject) -> None:
    inputs = data.draw(told(kind))
    state, outputs = scan(quick(kind), inputs)
    fused_state, fused_outputs = scan(twin(kind), inputs)
    assert list(map(repr, fused_outputs)) == list(map(repr, outputs))
    assert statecodec.encode(plain(twin(kind), fused_state)) == statecodec.encode(state)


@every_kind
def test_float_parameters_change_no_text(kind: Any_kind) -> None:
    values = values_of(kind)
    halved = {
        n: (v + kind.parameters[n].low) * 0.5 if not kind.parameters[n].is_whole else v for n, v in values.items()
    }
    assert fuse(kind(**values), kind.input).text == fuse(kind(**halved), kind.input).text


@every_kind
@MODERATE
@given(data=st.data(), cut=st.integers(0, 40))
def test_it_depends_on_the_past_only_and_goes_on_from_its_state(kind: Any_kind, data: st.DataObject, cut: int) -> None:
    inputs, strange = data.draw(told(kind)), data.draw(told(kind, longest=5))
    machine = quick(kind)
    state, first = scan(machine, inputs[:cut])
    again = statecodec.decode(statecodec.encode(state))
    assert run(machine, inputs) == first + run(resume(machine, again), inputs[cut:])
    assert run(machine, inputs[:cut] + strange)[: len(first)] == first


def negated(said: Any) -> list[float]:
    return [-number for number in numbers_in(said)]


@declaring("odd")
@MODERATE
@given(data=st.data())
def test_a_mirrored_market_mirrors_it(kind: Any_kind, data: st.DataObject) -> None:
    inputs = data.draw(told(kind, is_calm=True))
    one, other = run(quick(kind), inputs), run(quick(kind), [mirrored(x) for x in inputs])
    for said, opposite in zip(one, other, strict=True):
        assert negated(opposite) == pytest.approx(numbers_in(said), abs=1e-9, rel=1e-9)


@declaring("even")
@MODERATE
@given(data=st.data())
def test_a_mirrored_market_changes_nothing(kind: Any_kind, data: st.DataObject) -> None:
    inputs = data.draw(told(kind, is_calm=True))
    one, other = run(quick(kind), inputs), run(quick(kind), [mirrored(x) for x in inputs])
    for said, same in zip(one, other, strict=True):
        assert numbers_in(same) == pytest.approx(numbers_in(said), abs=1e-9, rel=1e-9)


@declaring("scale_free")
@MODERATE
@given(data=st.data(), power=st.integers(-20, 20))
def test_the_scale_of_everything_changes_nothing(kind: Any_kind, data: st.DataObject, power: int) -> None:
    inputs = data.draw(told(kind))
    assert run(quick(kind), [scaled(x, 2.0**power) for x in inputs]) == run(quick(kind), inputs)


@declaring("time_free")
@MODERATE
@given(data=st.data(), by_s=st.integers(1, 2**31))
def test_a_shift_of_time_changes_nothing(kind: Any_kind, data: st.DataObject, by_s: int) -> None:
    inputs = data.draw(told(kind))
    one, other = run(quick(kind), inputs), run(quick(kind), [later(x, float(by_s)) for x in inputs])
    for said, same in zip(one, other, strict=True):
        assert numbers_in(same) == numbers_in(said)


@declaring("flat")
@MODERATE
@given(of=st.floats(1e-8, 1e9), inputs=st.integers(1, 60))
def test_a_market_that_does_not_move_says_nothing(kind: Any_kind, of: float, inputs: int) -> None:
    for said in run(quick(kind), [still(kind.input, of)] * inputs):
        assert numbers_in(said) in ([], [0.0] * len(numbers_in(said)))


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
