"""Every method of the ensemble is one text: closures, plain Python and numba give the same bits."""

from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from catui.compiled import Compiled
from catui.core.fuse import fuse
from catui.core.machine import Machine, lift, scan
from catui.domain.ensembles import REGIMES, EnsembleSettings, GroupSettings, Method, RegimeSettings
from catui.domain.instrument import Instrument
from catui.domain.settings import Desk, StrategySettings
from catui.domain.signals import Features, Roster, Signals
from catui.ensemble.stage import learner

pytest.importorskip("numba")

BTC = Instrument("paper", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001")
NAMES = ("a", "b", "c")
METHODS = get_args(Method)
QUICK: dict[str, Any] = {"learning_rate": 40.0, "half_life_ticks": 5.0, "turnover_penalty": 0.01}

Heard = tuple[Features, tuple[float | None, float | None, float | None], tuple[bool, bool, bool]]


def desk(groups: dict[str, GroupSettings] | None = None, **settings: Any) -> Desk:
    strategies = tuple(StrategySettings(name, "hold") for name in NAMES)
    return Desk(1, (BTC,), strategies, ensemble=EnsembleSettings(**(QUICK | settings)), ensembles=groups or {})


def in_groups(**settings: Any) -> Desk:
    """A group that learns in another way than the ensemble, and one strategy beside it."""
    groups = {"one": GroupSettings(members=("c", "a"), method="inverse_volatility", **(QUICK | settings))}
    return desk(groups, method="exponentiated_gradient", **settings)


def path(of: Desk) -> Machine[Any, Heard, Any]:
    """One instrument's ensemble, told signals and who runs."""

    def attended(heard: Heard) -> tuple[Signals | None, Roster]:
        features, values, runs = heard
        return Signals(features, values), Roster(runs, (False, False, True))

    return lift(attended) >> learner(of)


def told(count: int = 400, seed: int = 5) -> list[Heard]:
    """Signals that come and go, returns that are sometimes huge, members that are paused now and then."""
    random, heard = Random(seed), []
    for _ in range(count):
        values: Any = tuple(None if random.random() < 0.1 else random.uniform(-1.0, 1.0) for _ in NAMES)
        change = random.gauss(0.0, 1e-3) * random.choice((0.0, 1.0, 1.0, 100.0))
        runs: Any = tuple(random.random() < 0.9 for _ in NAMES)
        features = Features(0.0, 100.0, 100.0, 0.0, change, None, 0.0, 0.0, None, None)
        heard.append((features, values, runs))
    return heard


def bits(values: list[Any]) -> list[str]:
    return [repr(value) for value in values]


def in_regimes(measure: Any, enter: float = 1.1, fast: float = 2.0) -> Desk:
    """Two strategies that take part in one regime each."""
    lower, upper = REGIMES[measure]
    regime = RegimeSettings(measure, fast, 4.0, enter, 0.2, {"a": upper, "c": lower})
    return replace(desk(), regime=regime)


def agree(machine: Machine[Any, Heard, Any], directory: Path) -> None:
    """Closures, plain Python and numba, to the bit."""
    heard = told()
    state, expected = scan(machine, heard)
    flat = fuse(machine, Heard)
    for is_native in (False, True):
        compiled = Compiled(flat, directory, is_native=is_native)
        after, outs = compiled.scan(compiled.columns(heard))
        assert bits(compiled.values(outs)) == bits(expected)
        assert after == state


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_the_same_bits_in_all_readings(method: str, tmp_path: Path) -> None:
    agree(path(desk(method=method)), tmp_path)


def test_groups_are_the_same_bits_in_all_readings(tmp_path: Path) -> None:
    agree(path(in_groups()), tmp_path)


@pytest.mark.parametrize("measure", ["variance_ratio", "volatility_ratio"])
def test_regimes_are_the_same_bits_in_all_readings(measure: str, tmp_path: Path) -> None:
    agree(path(in_regimes(measure)), tmp_path)
    assert fuse(path(in_regimes(measure)), Heard).text == fuse(path(in_regimes(measure, 1.3, 4.0)), Heard).text


OTHER: dict[str, Any] = {
    "learning_rate": 3.0,
    "floor": 0.2,
    "cost_bps": 7.0,
    "half_life_ticks": 100.0,
    "turnover_penalty": 0.5,
}


@pytest.mark.parametrize("method", METHODS)
def test_settings_that_are_numbers_change_no_text(method: str) -> None:
    weights = {} if method == "equal" else {"a": 0.9, "c": 0.1}
    other = desk(method=method, weights=weights, **OTHER)
    assert fuse(path(desk(method=method)), Heard).text == fuse(path(other), Heard).text


def test_nor_do_those_of_groups() -> None:
    assert fuse(path(in_groups()), Heard).text == fuse(path(in_groups(**OTHER)), Heard).text
