"""What `catui verify` does not ask of the strategies: to go on speaking, and from a checkpoint, on any market."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategy_market import WAITING, described, quick, told, values_of, wild_markets

from catui.core.fuse import fuse
from catui.core.machine import resume, run, scan
from catui.domain.kind import Kind
from catui.domain.signals import Features
from catui.runtime import statecodec
from catui.strategies.registry import ALL

Any_kind = Kind[..., Any]
FEW = settings(max_examples=6)
WAITS_FOR_VOLATILITY = ("momentum", "time_series_momentum", "breakout", "quoting")

every_kind = pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind.name))


@every_kind
@FEW
@given(market=wild_markets)
def test_it_speaks_from_its_warm_up_on(kind: Any_kind, market: list[Features]) -> None:
    first = kind.warm_up_ticks(values_of(kind))
    if kind.name in WAITS_FOR_VOLATILITY:
        first = max(first, WAITING + 1)
    for number, said in enumerate(run(quick(kind), told(kind, market)), start=1):
        assert (said is None) == (number < first)


@every_kind
def test_parameters_change_no_text(kind: Any_kind) -> None:
    defaults = {name: p.default for name, p in kind.parameters.items()}
    assert fuse(quick(kind), kind.input).text == fuse(kind(**defaults), kind.input).text


@every_kind
@FEW
@given(market=wild_markets, cut=st.integers(0, 40))
def test_it_goes_on_from_a_checkpoint(kind: Any_kind, market: list[Features], cut: int) -> None:
    machine, inputs = quick(kind), told(kind, market)
    state, first = scan(machine, inputs[:cut])
    again = statecodec.decode(statecodec.encode(state))
    assert run(machine, inputs) == first + run(resume(machine, again), inputs[cut:])


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
