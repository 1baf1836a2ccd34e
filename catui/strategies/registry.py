"""The registry: every kind of strategy with its parameters, their bounds, units and defaults. One entry a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from math import ceil
from typing import Any

from catui.core.machine import Machine
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features
from catui.strategies.baseline import hold
from catui.strategies.mean_reversion import mean_reversion
from catui.strategies.momentum import momentum

Strategy = Machine[Any, Features, float | None]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a strategy: its default, its bounds (inclusive), its unit, and what it is."""

    default: float
    low: float
    high: float
    unit: str
    text: str


@dataclass(frozen=True)
class Kind:
    """A kind of strategy: its constructor, its parameters by name, and how many quotes it needs before it speaks."""

    construct: Callable[..., Strategy]
    parameters: dict[str, Parameter]
    warm_up: str = ""  # the parameter that says the warm-up in quotes; none: it speaks at once


KINDS: dict[str, Kind] = {
    "momentum": Kind(
        momentum,
        {
            "fast_half_life_ticks": Parameter(20, 1, 1e6, "ticks", "of the fast mean"),
            "slow_half_life_ticks": Parameter(120, 2, 1e7, "ticks", "of the slow mean"),
            "gain": Parameter(1.5, 0.01, 100, "", "of the crossing, before tanh"),
        },
        warm_up="slow_half_life_ticks",
    ),
    "mean_reversion": Kind(
        mean_reversion,
        {
            "half_life_ticks": Parameter(60, 1, 1e7, "ticks", "of mean and variance"),
            "full_z": Parameter(2.0, 0.1, 20, "standard deviations", "at which the signal is full"),
        },
        warm_up="half_life_ticks",
    ),
    "hold": Kind(hold, {"exposure": Parameter(1.0, -1, 1, "", "always this signal")}),
}


def build(settings: StrategySettings) -> Strategy:
    """The machine that the settings ask for. ValueError: names what is unknown or out of bounds, and the mend."""
    kind = _kind(settings.kind)
    return kind.construct(**_parameters(settings, kind))


def warm_up_ticks(settings: StrategySettings) -> int:
    """The first quote, counted from 1, at which the strategy may speak; momentum also waits for the volatility.

    ValueError: as for `build`.
    """
    kind = _kind(settings.kind)
    return ceil(_parameters(settings, kind)[kind.warm_up]) if kind.warm_up else 1


def _kind(name: str) -> Kind:
    if name in KINDS:
        return KINDS[name]
    near = get_close_matches(name, KINDS, n=1)
    mend = f"did you mean {near[0]}?" if near else f"known: {', '.join(KINDS)}"
    raise ValueError(f"kind {name[:40]!r} is unknown; {mend}")


def _parameters(settings: StrategySettings, kind: Kind) -> dict[str, float]:
    values = {name: parameter.default for name, parameter in kind.parameters.items()}
    for name, value in settings.parameters.items():
        if name not in values:
            near = get_close_matches(name, values, n=1)
            mend = f"did you mean {near[0]}?" if near else f"{settings.kind} has {', '.join(values)}"
            raise ValueError(f"parameter {name[:40]!r} is unknown; {mend}")
        bounds = kind.parameters[name]
        if not bounds.low <= value <= bounds.high:
            raise ValueError(f"{name} = {value:g} must be {bounds.low:g} to {bounds.high:g} {bounds.unit}".rstrip())
        values[name] = value
    return values
