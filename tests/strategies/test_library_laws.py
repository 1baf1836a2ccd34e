"""The laws of the whole library, on random markets: the checks of `catui verify`, on markets that nobody made up."""

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

from catui.core import check
from catui.core.fuse import fuse
from catui.core.machine import resume, run, scan
from catui.domain.kind import Kind
from catui.domain.signals import Features
from catui.runtime import statecodec
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
    assert check.finite(quick(kind), told(kind, market)) is None
    if "bounded" in kind.symmetries:
        assert check.within(quick(kind), told(kind, market), -1.0, 1.0) is None


@every_kind
@MODERATE
@given(market=wild_markets)
def test_the_flat_text_is_the_machine_to_the_bit(kind: Any_kind, market: list[Features]) -> None:
    text = check.by_text(fuse(quick(kind), kind.input))
    assert check.twin(quick(kind), text, "the flat text", told(kind, market)) is None


@every_kind
def test_parameters_change_no_text(kind: Any_kind) -> None:
    defaults = {name: p.default for name, p in kind.parameters.items()}
    assert fuse(quick(kind), kind.input).text == fuse(kind(**defaults), kind.input).text


@every_kind
@MODERATE
@given(market=wild_markets, other=markets(wild, 5))
def test_it_depends_on_the_past_only_and_goes_on_from_its_state(
    kind: Any_kind, market: list[Features], other: list[Features]
) -> None:
    inputs, strange = told(kind, market), told(kind, other)
    assert check.causal(quick(kind), inputs, strange) is None
    assert check.replayed(quick(kind), inputs) is None
    assert check.isolated(quick(kind), inputs, strange) is None


@every_kind
@MODERATE
@given(market=wild_markets, cut=st.integers(0, 40))
def test_it_goes_on_from_a_checkpoint(kind: Any_kind, market: list[Features], cut: int) -> None:
    machine, inputs = quick(kind), told(kind, market)
    state, first = scan(machine, inputs[:cut])
    again = statecodec.decode(statecodec.encode(state))
    assert run(machine, inputs) == first + run(resume(machine, again), inputs[cut:])


def changed(market: list[Features], into: list[Features]) -> list[tuple[Features, Features]]:
    return list(zip(market, into, strict=True))


@declaring("odd")
@MODERATE
@given(market=calm_markets)
def test_a_mirrored_market_mirrors_the_signal(kind: Any_kind, market: list[Features]) -> None:
    pairs = changed(market, [mirrored(x, market[0].mid) for x in market])
    assert check.negated(quick(kind), pairs, tolerance=1e-6) is None


@declaring("scale_free")
@MODERATE
@given(market=wild_markets, power=st.integers(-20, 20))
def test_the_scale_of_prices_changes_nothing(kind: Any_kind, market: list[Features], power: int) -> None:
    assert check.unchanged(quick(kind), changed(market, [scaled(x, 2.0**power) for x in market])) is None


@declaring("time_free")
@MODERATE
@given(market=wild_markets, by_s=st.floats(0.0, 2e9))
def test_a_shift_of_time_changes_nothing(kind: Any_kind, market: list[Features], by_s: float) -> None:
    assert check.unchanged(quick(kind), changed(market, [later(x, by_s) for x in market])) is None


@declaring("flat")
@MODERATE
@given(price=st.floats(1e-8, 1e9), volatility=st.none() | st.floats(0.0, 1.0), quotes=st.integers(1, 60))
def test_a_constant_price_gives_no_signal(kind: Any_kind, price: float, volatility: float | None, quotes: int) -> None:
    assert check.zero(quick(kind), [described(price, volatility)] * quotes) is None


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
