"""The strategy stage: features to every strategy's signal, one copy an instrument, each in its cell."""

from typing import Any

from catui.core.guard import guarded
from catui.core.machine import Machine, identity, lift, named, optional
from catui.domain.settings import Desk, StrategySettings
from catui.domain.signals import Features, Roster, Signals
from catui.domain.wires import Wire, by_instrument
from catui.strategies.registry import KINDS, Kinds, build

Described = tuple[Features | None, Roster]
Signalled = tuple[Signals | None, Roster]


def strategies(desk: Desk, kinds: Kinds = KINDS) -> Machine[Any, Wire[Described], Wire[Signalled]]:
    """Features to signals, in the desk's order; who takes part passes untouched.

    ValueError: a strategy whose kind is not among `kinds` or whose parameters are out of bounds.
    Laws: isolation between instruments and between strategies; bounded by 1; causality; replay by parts.
    """
    return named("strategies", by_instrument(optional(side_by_side(desk.strategies, kinds)) * identity))


def side_by_side(settings: tuple[StrategySettings, ...], kinds: Kinds = KINDS) -> Machine[Any, Features, Signals]:
    """Every strategy on the same features, each guarded: what goes wrong in it stops it alone."""
    beside: Machine[Any, Features, Signals] = lift(_silent)
    for one in settings:
        beside = (beside & named(one.name, guarded(build(one, kinds), -1.0, 1.0))).map(_joined)
    return beside


def _silent(x: Features) -> Signals:
    return Signals(x, ())


def _joined(pair: tuple[Signals, float | None]) -> Signals:
    signals, value = pair
    return Signals(signals.features, (*signals.values, value))
