"""Control, market, features, strategies, ensemble, planning, risk, orders, execution, positions: the path, fed back.

    event --> control --> market --> features --> strategies --> ensemble --> planning --> risk --> orders
                 ^                                                                                    |
                 |                                                                                execution
                 |                                                                                    |
                 +---- reports, one step late ------------------------------- monitoring <-- positions

Every stage is a machine on a wire `((moment, data), reports)`: what it is told, beside the reports of the step before.
No stage knows another; their order is said here and nowhere else.
"""

from typing import Any, TypeVar

from catui.control import control
from catui.core.fuse import FusedStages, FuseError, fused_stages
from catui.core.machine import Machine, feedback, identity, lift, named
from catui.core.past import latest
from catui.core.places import places
from catui.domain.events import Event
from catui.domain.reports import Outputs, Positions, Reports
from catui.domain.settings import Desk
from catui.domain.signals import Observation, Roster, Target
from catui.domain.wires import Keyed, Wire
from catui.ensemble import correlation, ensemble, history, roster
from catui.execution import execution
from catui.features import features
from catui.market import market
from catui.monitoring import monitoring
from catui.orders import orders
from catui.planning import planning
from catui.positions import positions
from catui.risk import risk
from catui.strategies import strategies
from catui.strategies.registry import KINDS, Kinds

Targets = Keyed[Target]
A = TypeVar("A")
B = TypeVar("B")


def pipeline(desk: Desk, kinds: Kinds = KINDS) -> Machine[Any, Event, Outputs]:
    """The whole desk: an event in, its outputs out. All else is a source, a sink or a window.

    `kinds` are the strategies that its settings may name; a person's own among them, where the shell has loaded some.
    Laws: causal (outputs up to n depend on events up to n only), replay by parts, and a report of step n is first
    usable at step n + 1.
    """
    memory: Machine[Any, Targets, Targets] = named("targets", latest())
    of_members = correlation(desk.ensemble.correlation_half_life_s, desk.ensemble.cost_bps)
    past = memory >> named("history", history()) >> named("correlation", of_members)
    kept: Machine[Any, Wire[Target | None], Wire[Target]] = (identity * (lift(_aimed) >> past)) * identity
    path = (
        control(desk)  # event       -> the operator's standing orders; the command, if it was accepted
        >> market(desk)  # control     -> the moment: every market's latest state; what this event told of one
        >> roster(desk)  # observation -> who takes part, beside it
        >> signals(desk, kinds)  # features, signals, one target; the weights learn from realised returns
        >> kept  # targets     -> the same; the latest ones and their past stay, for who looks in
        >> planning(desk)  # target      -> intents: what is wanted, less what is held and what works
        >> risk(desk)  # intents     -> verdicts: approved, shrunk or refused, never enlarged
        >> orders(desk)  # verdicts    -> requests, fills, and the life of each order
        >> execution(desk)  # requests    -> reports: matched on paper, or the venue's when they come
        >> positions(desk)  # fills       -> the ledger, exact
        >> monitoring(desk)  # everything  -> (outputs, reports): alerts, and what the next step will know
    )
    at_start = Reports(Positions(equity_money=desk.money(desk.start_equity_quote)))
    return named("desk", feedback(at_start, path))


def signals(
    desk: Desk, kinds: Kinds = KINDS
) -> Machine[Any, Wire[tuple[Observation | None, Roster]], Wire[Target | None]]:
    """The signal path, one copy an instrument, run as one flat text; `by_closures` says what of it cannot be.

    Law: either way the same outputs and the same plain state, to the bit.
    """
    stages = features(desk) >> strategies(desk, kinds) >> ensemble(desk)
    try:
        return _fused(stages, desk)
    except FuseError:
        return stages


def by_closures(machine: Machine[Any, Event, Outputs], desk: Desk, kinds: Kinds = KINDS) -> dict[str, str]:
    """What of a desk's signal path runs by nested closures, by its place, and why: file, line, what to write instead.

    A strategy outside of the dialect is called from the text of all others; "" is the place of the whole path.
    """
    fused = (place.node for place in places(machine, machine.init) if isinstance(place.node, FusedStages))
    if (found := next(fused, None)) is not None:
        return found.flat.outside
    try:
        return _fused(features(desk) >> strategies(desk, kinds) >> ensemble(desk), desk).flat.outside
    except FuseError as error:
        return {"": str(error)}


def _fused(stages: Machine[Any, A, B], desk: Desk) -> FusedStages[A, B]:
    everybody = (True,) * len(desk.strategies)
    return fused_stages(stages, tuple[Observation | None, Roster], (None, Roster(everybody, everybody)))


def _aimed(told: Keyed[Target | None]) -> Targets:
    return tuple([(key, target) for key, target in told if target is not None]) if told else ()
