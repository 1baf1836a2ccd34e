"""The laws of the whole library: what a kind declares it keeps, on any market, in every reading."""

from math import isfinite
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategy_market import (
    DESK,
    WAITING,
    calm_markets,
    described,
    later,
    markets,
    mirrored,
    quick,
    scaled,
    told,
    values_of,
    wild,
    wild_markets,
)

from catui.core.fuse import fuse, fused, plain
from catui.core.machine import resume, run, scan
from catui.domain.kind import Kind
from catui.domain.signals import Features
from catui.runtime import statecodec
from catui.strategies.quoting import Quotes
from catui.strategies.registry import ALL

Any_kind = Kind[..., Any]
MODERATE = settings(max_examples=25, deadline=None)
WAITS_FOR_VOLATILITY = ("momentum", "time_series_momentum", "breakout", "quoting")

every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind.name))


def declaring(symmetry: str) -> pytest.MarkDecorator:
    kinds = [kind for kind in DESK if symmetry in kind.symmetries]
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: str(kind.name))


@every_kind
@MODERATE
@given(market=wild_markets)
def test_it_speaks_from_its_warm_up_on(kind: Any_kind, market: list[Features]) -> None:
    first = kind.warm_up_ticks(values_of(kind))
    if kind.name in WAITS_FOR_VOLATILITY:
        first = max(first, WAITING + 1)
    for number, said in enumerate(run(quick(kind), told(kind, market)), start=1):
        assert (said is None) == (number < first)


@every_kind
@MODERATE
@given(market=wild_markets)
def test_no_market_makes_it_say_what_is_no_number(kind: Any_kind, market: list[Features]) -> None:
    for said in run(quick(kind), told(kind, market)):
        numbers = (said.bid, said.ask, said.reservation) if isinstance(said, Quotes) else (said,)
        assert all(number is None or isfinite(number) for number in numbers)
        if "bounded" in kind.symmetries:
            assert said is None or -1.0 <= said <= 1.0


@every_kind
@MODERATE
@given(market=wild_markets)
def test_the_flat_text_is_the_machine_to_the_bit(kind: Any_kind, market: list[Features]) -> None:
    machine, inputs = quick(kind), told(kind, market)
    state, outputs = scan(machine, inputs)
    twin = fused(machine, kind.input)
    fused_state, fused_outputs = scan(twin, inputs)
    assert list(map(repr, fused_outputs)) == list(map(repr, outputs))
    assert statecodec.encode(plain(twin, fused_state)) == statecodec.encode(state)


@every_kind
def test_parameters_change_no_text(kind: Any_kind) -> None:
    defaults = {name: p.default for name, p in kind.parameters.items()}
    assert fuse(quick(kind), kind.input).text == fuse(kind(**defaults), kind.input).text


@every_kind
@MODERATE
@given(market=wild_markets, other=markets(wild, 5), cut=st.integers(0, 40))
def test_it_depends_on_the_past_only_and_goes_on_from_its_state(
    kind: Any_kind, market: list[Features], other: list[Features], cut: int
) -> None:
    inputs, strange = told(kind, market), told(kind, other)
    machine = quick(kind)
    state, first = scan(machine, inputs[:cut])
    again = statecodec.decode(statecodec.encode(state))
    assert run(machine, inputs) == first + run(resume(machine, again), inputs[cut:])
    assert run(machine, inputs[:cut] + strange)[: len(first)] == first


@declaring("odd")
@MODERATE
@given(market=calm_markets)
def test_a_mirrored_market_mirrors_the_signal(kind: Any_kind, market: list[Features]) -> None:
    one, other = run(quick(kind), market), run(quick(kind), [mirrored(x, market[0].mid) for x in market])
    assert [None if x is None else -x for x in other] == pytest.approx(one, abs=1e-6)


@declaring("scale_free")
@MODERATE
@given(market=wild_markets, power=st.integers(-20, 20))
def test_the_scale_of_prices_changes_nothing(kind: Any_kind, market: list[Features], power: int) -> None:
    assert run(quick(kind), [scaled(x, 2.0**power) for x in market]) == run(quick(kind), market)


@declaring("time_free")
@MODERATE
@given(market=wild_markets, by_s=st.floats(0.0, 2e9))
def test_a_shift_of_time_changes_nothing(kind: Any_kind, market: list[Features], by_s: float) -> None:
    assert run(quick(kind), [later(x, by_s) for x in market]) == run(quick(kind), market)


@declaring("flat")
@MODERATE
@given(price=st.floats(1e-8, 1e9), volatility=st.none() | st.floats(0.0, 1.0), quotes=st.integers(1, 60))
def test_a_constant_price_gives_no_signal(kind: Any_kind, price: float, volatility: float | None, quotes: int) -> None:
    assert set(run(quick(kind), [described(price, volatility)] * quotes)) <= {None, 0.0}


@pytest.mark.parametrize("name", ["mean_reversion", "ornstein_uhlenbeck", "pairs"])
def test_after_a_move_a_price_that_stays_for_ever_leaves_no_signal_of_rounding(name: str) -> None:
    [kind] = [kind for kind in ALL if kind.name == name]
    market = [described(mid) for mid in (100.0, 101.3, 100.7, *[100.9] * 2000)]
    last = run(quick(kind), told(kind, market))[-1]
    assert abs(last) < 1e-9


def test_every_kind_says_what_it_does_and_where_it_is_from() -> None:
    for kind in ALL:
        assert kind.text.endswith(".")
        assert "Warm-up:" in kind.documentation
        assert "Laws:" in kind.documentation
        assert "ValueError:" in kind.documentation or not kind.parameters
