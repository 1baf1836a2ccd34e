"""Who takes part: the operator's standing orders, as the ensemble reads them, beside what was told of an instrument."""

from catui.core.machine import Machine, atom, named
from catui.domain.events import SetWeight
from catui.domain.moment import Standing, StrategyState
from catui.domain.settings import Desk
from catui.domain.signals import Observation, Roster
from catui.domain.wires import Wire

STOPPED = (StrategyState.PAUSE, StrategyState.QUARANTINE)

Called = tuple[dict[str, Standing] | None, Roster]  # the standing orders last read, and what they say


def roster(desk: Desk) -> Machine[Called, Wire[Observation], Wire[tuple[Observation | None, Roster]]]:
    """Observations with the roster; a weight that is set by hand is told to every instrument, seen or not."""
    names, keys = desk.strategy_names, tuple(desk.by_key)

    def step(state: Called, wire: Wire[Observation]) -> tuple[Called, Wire[tuple[Observation | None, Roster]]]:
        (moment, seen), reports = wire
        command = moment.command
        order = command.action if command is not None and isinstance(command.action, SetWeight) else None
        if not seen and order is None:
            return state, ((moment, ()), reports)
        standing = moment.control.strategies
        if state[0] is not standing:
            state = standing, called(standing, names)
        who = state[1]
        if order is None:
            return state, ((moment, tuple([(key, (x, who)) for key, x in seen])), reports)
        told = Roster(who.runs, who.drains, names.index(order.strategy), order.weight)
        observed = dict(seen)
        return state, ((moment, tuple([(key, (observed.get(key), told)) for key in keys])), reports)

    return named("roster", atom((None, called({}, names)), step))


def called(standing: dict[str, Standing], names: tuple[str, ...]) -> Roster:
    """The roster that standing orders say; a strategy without one runs."""
    states = [standing[name].state if name in standing else StrategyState.RUN for name in names]
    return Roster(tuple([s not in STOPPED for s in states]), tuple([s is StrategyState.DRAIN for s in states]))
