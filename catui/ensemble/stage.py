"""The ensemble stage: signals to one target an instrument; every instrument learns weights of its own."""

from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom, each, many, named
from catui.domain.events import SetWeight
from catui.domain.moment import Control, Moment, StrategyState
from catui.domain.reports import Reports
from catui.domain.settings import Desk
from catui.domain.signals import Signals, Target
from catui.ensemble.blend import blend, only_less, shares
from catui.ensemble.weights import Weights, first_weights, gain, learned, with_weight

Signalled = tuple[tuple[str, Signals], ...]
Targets = tuple[tuple[str, Target], ...]
Wire = tuple[tuple[Moment, Signalled], Reports]
TargetWire = tuple[tuple[Moment, Targets], Reports]
States = tuple[StrategyState, ...]

STOPPED = (StrategyState.PAUSE, StrategyState.QUARANTINE)


class Heard(Struct, frozen=True):
    """What an instrument's ensemble hears: new signals and who runs, or a weight set by hand (`member`, `weight`)."""

    signals: Signals | None
    states: States = ()
    order: tuple[int, float] | None = None


class Learner(Struct, frozen=True):
    """The weights, the signals that the next return will judge (None: took no part), and every member's last part."""

    weights: Weights
    held: tuple[float | None, ...]
    parts: tuple[float, ...]


def ensemble(desk: Desk) -> Machine[Any, Wire, TargetWire]:
    """Signals to targets: `exposure = sum_i w_i s_i` over the members that run and have a signal.

    `multiplicative` weights learn at each quote from what the held signals earned over its return, less the cost of
    turning them over. A weight set by hand holds for all instruments, and is learned on from there. A draining member's
    part comes nearer to 0 only, and never crosses it.
    Laws: those of `blend`; a paused member equals the ensemble without it; instruments are isolated.
    """
    names, keys = desk.strategy_names, tuple(desk.by_key)
    member: Machine[Any, tuple[str, Heard], tuple[str, Target | None]] = each(learner(desk))
    told = many(member)
    hear = told.step

    def step(state: Any, wire: Wire) -> tuple[Any, TargetWire]:
        (moment, signalled), reports = wire
        command = moment.command
        if command is not None and isinstance(command.action, SetWeight):
            order = Heard(None, order=(names.index(command.action.strategy), command.action.weight))
            state, _ = hear(state, tuple([(key, order) for key in keys]))
        if not signalled:
            return state, ((moment, ()), reports)
        states = _states(moment.control, names)
        state, targets = hear(state, tuple([(key, Heard(signals, states)) for key, signals in signalled]))
        return state, ((moment, tuple([(key, t) for key, t in targets if t is not None])), reports)

    return named("ensemble", atom(told.init, step))


def learner(desk: Desk) -> Machine[Learner, Heard, Target | None]:
    """One instrument's ensemble. Output: None for a weight that was set, and a target for signals."""
    settings, count = desk.ensemble, len(desk.strategies)
    rate = settings.learning_rate if settings.method == "multiplicative" else 0.0
    cost_bps, floor = settings.cost_bps, settings.floor
    all_run = (StrategyState.RUN,) * count

    def step(s: Learner, heard: Heard) -> tuple[Learner, Target | None]:
        weights, held = s.weights, s.held
        if heard.order is not None:
            weights = with_weight(weights, *heard.order)
        if heard.signals is None:
            return Learner(weights, held, s.parts), None
        signals, features = heard.signals.values, heard.signals.features
        taking = signals
        if heard.states != all_run:
            taking = tuple([None if at in STOPPED else x for at, x in zip(heard.states, signals, strict=True)])
        if rate > 0.0:
            judged, gains = [], []
            for x, was in zip(taking, held, strict=True):
                if x is not None and was is not None:
                    judged.append(True)
                    gains.append(gain(was, features.log_return, x - was, cost_bps))
                else:
                    judged.append(False)
                    gains.append(0.0)
            weights = learned(weights, gains, judged, rate, floor)
        used = shares(weights, [x is not None for x in taking])
        parts, exposure = blend(used, taking)
        if StrategyState.DRAIN in heard.states:
            parts, exposure = only_less(parts, s.parts, [at is StrategyState.DRAIN for at in heard.states])
        return Learner(weights, taking, parts), Target(features, signals, used, parts, exposure)

    return atom(Learner(first_weights(settings, desk.strategy_names), (None,) * count, (0.0,) * count), step)


def _states(control: Control, names: tuple[str, ...]) -> States:
    standing = control.strategies
    return tuple([standing[name].state for name in names])
