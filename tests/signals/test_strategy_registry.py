"""The registry: what it says of a kind is what the constructor takes, and what it refuses it refuses with the mend."""

from inspect import signature
from math import inf, nan

import pytest
from signals_world import described

from catui.core.machine import run
from catui.domain.settings import StrategySettings
from catui.strategies.baseline import hold
from catui.strategies.mean_reversion import mean_reversion
from catui.strategies.momentum import momentum
from catui.strategies.registry import DESK_KINDS, KINDS, build, warm_up_ticks

every_kind = pytest.mark.parametrize("kind", DESK_KINDS)


@every_kind
def test_a_kind_declares_the_parameters_of_its_constructor(kind: str) -> None:
    assert list(KINDS[kind].parameters) == list(signature(KINDS[kind].construct).parameters)
    warm_up = KINDS[kind].warm_up
    assert callable(warm_up) or warm_up in {"", *KINDS[kind].parameters}


@every_kind
def test_a_default_is_within_its_bounds_and_said_in_words(kind: str) -> None:
    for parameter in KINDS[kind].parameters.values():
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.text


@every_kind
def test_a_kind_is_built_from_its_defaults(kind: str) -> None:
    settings = StrategySettings("any name", kind)
    assert run(build(settings), [described(100.0)])[0] in (None, 1.0, 0.0)
    assert warm_up_ticks(settings) >= 1


@every_kind
@pytest.mark.parametrize("outside", [nan, inf, -inf])
def test_no_parameter_is_out_of_bounds(kind: str, outside: float) -> None:
    for name in KINDS[kind].parameters:
        with pytest.raises(ValueError, match=f"^{name} = "):
            build(StrategySettings("x", kind, {name: outside}))


def test_a_value_out_of_bounds_is_told_with_bounds_and_unit() -> None:
    with pytest.raises(ValueError, match=r"^full_z = 99 must be 0\.1 to 20 standard deviations$"):
        build(StrategySettings("x", "mean_reversion", {"full_z": 99}))


def test_an_unknown_parameter_is_told_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r"'half_life_tick' is unknown; did you mean half_life_ticks\?"):
        build(StrategySettings("x", "mean_reversion", {"half_life_tick": 9}))
    with pytest.raises(ValueError, match="'qqq' is unknown; hold has exposure"):
        build(StrategySettings("x", "hold", {"qqq": 1}))


def test_an_unknown_kind_is_told_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r"kind 'momentun' is unknown; did you mean momentum\?"):
        build(StrategySettings("x", "momentun"))
    with pytest.raises(ValueError, match="known: momentum, time_series_momentum, breakout, "):
        warm_up_ticks(StrategySettings("x", "qqq"))


def test_the_fast_mean_must_be_faster_than_the_slow_one() -> None:
    with pytest.raises(ValueError, match=r"below slow_half_life_ticks \(50 ticks\), got 50"):
        build(StrategySettings("x", "momentum", {"fast_half_life_ticks": 50, "slow_half_life_ticks": 50}))


def test_constructors_refuse_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="gain must be above 0"):
        momentum(1.0, 2.0, 0.0)
    with pytest.raises(ValueError, match="half_life_ticks must be above 0 ticks"):
        mean_reversion(nan, 1.0)
    with pytest.raises(ValueError, match="full_z must be above 0 standard deviations"):
        mean_reversion(1.0, -1.0)
    with pytest.raises(ValueError, match=r"exposure must be -1 to 1, got 1\.5"):
        hold(1.5)


def test_a_warm_up_is_a_whole_number_of_quotes() -> None:
    settings = StrategySettings("x", "mean_reversion", {"half_life_ticks": 2.5})
    assert warm_up_ticks(settings) == 3
    spoken = [x is not None for x in run(build(settings), [described(100.0)] * 4)]
    assert spoken == [False, False, True, True]
