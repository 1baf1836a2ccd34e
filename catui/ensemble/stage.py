"""The ensemble stage: signals to one target an instrument; every instrument learns weights of its own."""

from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom, each, many, named
from catui.domain.events import SetWeight
from catui.domain.moment import Control, Moment, StrategyState
from catui.domain.reports import Reports
from catui.domain.settings import Desk
from catui.domain.signals import Signals, Target
from catui.ensemble.blend import blend, shares
from catui.ensemble.weights import Weights, first_weights, gain, learned, with_weight

Signalled = tuple[tuple[str, Signals], ...]
Targets = tuple[tuple[str, Target], ...]
Wire = tuple[tuple[Moment, Signalled], Reports]
TargetWire = tuple[tuple[Moment, Targets], Reports]

STOPPED = (StrategyState.PAUSE, StrategyState.QUARANTINE)


class Heard(Struct, frozen=True):
    """What an instrument's ensemble hears: new signals, or a weight set by hand; and who runs."""

    signals: Signals | None
    is_running: tuple[bool, ...]
    order: tuple[int, float] | None = None  # member, weight


class Learner(Struct, frozen=True):
    """The weights, and the signals that the next return will judge (None: took no part)."""

    weights: Weights
    held: tuple[float | None, ...]


def ensemble(desk: Desk) -> Machine[Any, Wire, TargetWire]:
    """Signals to targets: `exposure = sum_i w_i s_i` over the members that run and have a signal.

    `multiplicative` weights learn at each quote from what the held signals earned over its return, less the cost of
    turning them over. A weight set by hand holds for all instruments, and is learned on from there.
    Laws: those of `blend`; a paused member equals the ensemble without it; instruments are isolated.
    """
    names = desk.strategy_names
    member: Machine[Any, tuple[str, Heard], tuple[str, Target | None]] = each(learner(desk))
    told = many(member)
    aim = told.step
    keys = tuple(desk.by_key)

    def step(state: Any, wire: Wire) -> tuple[Any, TargetWire]:
        (moment, signalled), reports = wire
        command = moment.command
        is_order = command is not None and isinstance(command.action, SetWeight)
        if not signalled and not is_order:
            return state, ((moment, ()), reports)
        is_running = _running(moment.control, names)
        heard = tuple((key, Heard(signals, is_running)) for key, signals in signalled)
        if command is not None and isinstance(command.action, SetWeight):
            order = (names.index(command.action.strategy), command.action.weight)
            heard += tuple((key, Heard(None, is_running, order)) for key in keys)
        state, targets = aim(state, heard)
        return state, ((moment, tuple((key, t) for key, t in targets if t is not None)), reports)

    return named("ensemble", atom(told.init, step))


def learner(desk: Desk) -> Machine[Learner, Heard, Target | None]:
    """One instrument's ensemble. Output: None for a weight that was set, and a target for signals."""
    settings, names = desk.ensemble, desk.strategy_names
    rate = settings.learning_rate if settings.method == "multiplicative" else 0.0
    cost_bps, floor = settings.cost_bps, settings.floor

    def step(s: Learner, heard: Heard) -> tuple[Learner, Target | None]:
        weights = s.weights
        if heard.order is not None:
            weights = with_weight(weights, *heard.order)
        if heard.signals is None:
            return Learner(weights, s.held), None
        signals, features = heard.signals.values, heard.signals.features
        is_in = tuple(runs and signal is not None for runs, signal in zip(heard.is_running, signals, strict=True))
        if rate > 0.0:
            was_in = tuple(now and held is not None for now, held in zip(is_in, s.held, strict=True))
            gains = tuple(
                gain(held, features.log_return, (signal or 0.0) - held, cost_bps) if held is not None else 0.0
                for held, signal in zip(s.held, signals, strict=True)
            )
            weights = learned(weights, gains, was_in, rate, floor)
        used = shares(weights, is_in)
        parts, exposure = blend(used, signals)
        held_next = tuple(signal if takes_part else None for signal, takes_part in zip(signals, is_in, strict=True))
        return Learner(weights, held_next), Target(features, signals, used, parts, exposure)

    return atom(Learner(first_weights(settings, names), (None,) * len(names)), step)


def _running(control: Control, names: tuple[str, ...]) -> tuple[bool, ...]:
    return tuple(control.strategies[name].state not in STOPPED for name in names)
