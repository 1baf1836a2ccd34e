"""The ensemble stage: signals to one target an instrument; every instrument learns weights of its own."""

from typing import Any

from msgspec import Struct

from catui.core.machine import Machine, atom, named
from catui.domain.settings import Desk
from catui.domain.signals import Roster, Signals, Target
from catui.domain.wires import Wire, by_instrument
from catui.ensemble.blend import blend, only_less, shares
from catui.ensemble.weights import Weights, first_weights, gain, learned, with_weight

Signalled = tuple[Signals | None, Roster]


class Learner(Struct, frozen=True):
    """The weights, the signals that the next return will judge (None: took no part), and every member's last part."""

    weights: Weights
    held: tuple[float | None, ...]
    parts: tuple[float, ...]


def ensemble(desk: Desk) -> Machine[Any, Wire[Signalled], Wire[Target | None]]:
    """Signals to targets: `exposure = sum_i w_i s_i` over the members that run and have a signal.

    `multiplicative` weights learn at each quote from what the held signals earned over its return, less the cost of
    turning them over. A weight set by hand holds for all instruments, and is learned on from there. A draining member's
    part comes nearer to 0 only, and never crosses it.
    Laws: those of `blend`; a paused member equals the ensemble without it; instruments are isolated.
    """
    return named("ensemble", by_instrument(learner(desk)))


def learner(desk: Desk) -> Machine[Learner, Signalled, Target | None]:
    """One instrument's ensemble. Output: None where there are no signals, a target for them."""
    settings, count = desk.ensemble, len(desk.strategies)
    rate = settings.learning_rate if settings.method == "multiplicative" else 0.0
    cost_bps, floor = settings.cost_bps, settings.floor

    def step(s: Learner, heard: Signalled) -> tuple[Learner, Target | None]:
        signals, roster = heard
        weights = with_weight(s.weights, roster.member, roster.weight) if roster.member >= 0 else s.weights
        if signals is None:
            return Learner(weights, s.held, s.parts), None
        taking = tuple([x if runs else None for x, runs in zip(signals.values, roster.runs, strict=True)])
        is_in = tuple([x is not None for x in taking])
        if rate > 0.0:
            judged = tuple([x is not None and was is not None for x, was in zip(taking, s.held, strict=True)])
            gains = tuple(
                [
                    gain(was, signals.features.log_return, x - was, cost_bps)
                    if x is not None and was is not None
                    else 0.0
                    for x, was in zip(taking, s.held, strict=True)
                ]
            )
            weights = learned(weights, gains, judged, rate, floor)
        used = shares(weights, is_in)
        parts, exposure = blend(used, taking)
        if any(roster.drains):
            parts, exposure = only_less(parts, s.parts, roster.drains)
        return Learner(weights, taking, parts), Target(signals.features, signals.values, used, parts, exposure)

    return atom(Learner(first_weights(settings, desk.strategy_names), (None,) * count, (0.0,) * count), step)
