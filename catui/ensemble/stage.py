"""The ensemble stage: signals to one target an instrument; every instrument learns weights of its own."""

from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom, named
from catui.domain.settings import Desk
from catui.domain.signals import Roster, Signals, Target
from catui.domain.wires import Wire, by_instrument
from catui.ensemble.blend import blend, only_less, shares
from catui.ensemble.groups import nested
from catui.ensemble.methods import rule_of
from catui.ensemble.regime import gate
from catui.ensemble.weights import Spoken, taught, with_weight

Signalled = tuple[Signals | None, Roster]
Taking = tuple[Signals | None, Roster, Spoken]  # and the signals of those who take part


class Learner(Struct, frozen=True):
    """What the rule remembers, the signals that the next return will judge, and every member's last part."""

    memory: Any
    held: tuple[float | None, ...]
    parts: tuple[float, ...]


def ensemble(desk: Desk) -> Machine[Any, Wire[Signalled], Wire[Target | None]]:
    """Signals to targets: `exposure = sum_i w_i s_i` over the members that run and have a signal.

    Weights learn at each quote from what the held signals earned over its return, less the cost of turning them over,
    by the desk's method. A weight set by hand holds for all instruments, and is learned on from there. A draining
    member's part comes nearer to 0 only, and never crosses it.
    Where the desk's regimes are told apart, a strategy takes part in its own alone; see `regime`.
    Laws: those of `blend`; a paused member equals the ensemble without it; instruments are isolated.
    """
    return named("ensemble", by_instrument(learner(desk)))


def learner(desk: Desk) -> Machine[Any, Signalled, Target | None]:
    """One instrument's ensemble. Output: None where there are no signals, a target for them."""
    blending: Machine[Any, Signalled, Target | None] = nested(desk) if desk.ensembles else flat(desk)
    return blending if desk.regime.measure == "none" else gate(desk) >> blending


def flat(desk: Desk) -> Machine[Any, Signalled, Target | None]:
    """All strategies in one ensemble."""
    rule, cost_bps = rule_of(desk.ensemble, desk.strategy_names), desk.ensemble.cost_bps
    count = len(desk.strategies)

    def step(s: Learner, heard: Taking) -> tuple[Learner, Target | None]:
        signals, roster, taking = heard
        memory = s.memory
        if roster.member >= 0:
            memory = rule.told(memory, with_weight(rule.weights(memory), roster.member, roster.weight))
        if signals is None:
            return Learner(memory, s.held, s.parts), None
        memory = taught(rule, memory, s.held, taking, signals.features.log_return, cost_bps)
        used = shares(rule.weights(memory), tuple([x is not None for x in taking]))
        parts, exposure = blend(used, taking)
        if any(roster.drains):
            parts, exposure = only_less(parts, s.parts, roster.drains)
        return Learner(memory, taking, parts), Target(signals.features, signals.values, used, parts, exposure)

    return atom(Learner(rule.first, (None,) * count, (0.0,) * count), step).premap(_attended)


def _attended(heard: Signalled) -> Taking:
    """Asked before the step that learns: it has one presence a member, and a straight way where all are there."""
    signals, roster = heard
    if signals is None:
        return None, roster, tuple([None for _ in roster.runs])
    return signals, roster, tuple([x if runs else None for x, runs in zip(signals.values, roster.runs, strict=True)])
