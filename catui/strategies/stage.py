"""The strategy stage: features to every strategy's signal, one copy an instrument, each in its cell."""

from typing import Any

from catui.core.machine import Machine, each, identity, many, named
from catui.domain.moment import Moment
from catui.domain.reports import Reports
from catui.domain.settings import Desk, StrategySettings
from catui.domain.signals import Features, Signals
from catui.strategies.isolation import isolated
from catui.strategies.registry import build

Described = tuple[tuple[str, Features], ...]
Signalled = tuple[tuple[str, Signals], ...]
Wire = tuple[tuple[Moment, Described], Reports]
SignalledWire = tuple[tuple[Moment, Signalled], Reports]


def strategies(desk: Desk) -> Machine[Any, Wire, SignalledWire]:
    """Features to signals, in the desk's order; the moment and the reports pass untouched.

    ValueError: a strategy that the registry does not know or whose parameters are out of bounds.
    Laws: isolation between instruments and between strategies; bounded by 1; causality; replay by parts.
    """
    keyed: Machine[Any, tuple[str, Features], tuple[str, Signals]] = each(side_by_side(desk.strategies))
    return named("strategies", (identity * many(keyed)) * identity)


def side_by_side(settings: tuple[StrategySettings, ...]) -> Machine[Any, Features, Signals]:
    """Every strategy on the same features: `(identity & s_1 & s_2 ...)`, as one record."""
    beside: Machine[Any, Features, Any] = identity
    for one in settings:
        beside = beside & named(one.name, isolated(build(one)))
    return beside.map(_recorded)


def _recorded(nested: Any) -> Signals:
    """`(((features, s_1), s_2), ...)` as `Signals(features, (s_1, s_2, ...))`."""
    values: list[float | None] = []
    while isinstance(nested, tuple):
        nested, value = nested
        values.append(value)
    return Signals(nested, tuple(reversed(values)))
