"""The parts of a pipeline's state that are shown."""

from typing import Any, NamedTuple

from catui.core.guard import Cell
from catui.core.machine import Machine, Named
from catui.core.places import places
from catui.domain.events import Event
from catui.domain.moment import Control
from catui.domain.reports import Outputs, Reports
from catui.domain.signals import Target
from catui.ensemble import History, Moments, Regime
from catui.market import MarketState
from catui.monitoring import Metrics, Queues, Series
from catui.planning import Replacing


class Parts(NamedTuple):
    """The parts of a pipeline's state that are shown, by the names of their places."""

    reports: Reports
    control: Control
    market: MarketState
    targets: dict[str, Target]
    metrics: Metrics
    candles: dict[str, Series]
    queues: Queues
    history: dict[str, History]
    cells: dict[str, str]  # by strategy: why it was stopped
    regimes: dict[str, Regime]
    moments: dict[str, Moments]
    muted: dict[str, int]  # by kind of alert: until when
    replacing: dict[str, Replacing]  # by order: the terms that it is on its way to


def parts_of(machine: Machine[Any, Event, Outputs], state: Any) -> Parts:
    """The shown parts of a state. KeyError: the machine is no pipeline."""
    found: dict[str, Any] = {}
    cells: dict[str, str] = {}
    for place in places(machine, state):
        if not isinstance(place.node, Named):
            continue
        if isinstance(place.state, Cell):
            cells[place.node.name] = cells.get(place.node.name) or place.state.error
        else:
            found[place.path] = place.state
    _, reports = state
    return Parts(
        reports,
        found["desk/control"],
        found["desk/market"],
        found["desk/targets"],
        found["desk/monitoring/metrics"],
        found["desk/monitoring/candles"],
        found["desk/monitoring/queues"],
        found["desk/history"],
        cells,
        _of_instruments(found, "regime"),
        found["desk/correlation"],
        found["desk/monitoring/alerts"].muted,
        found["desk/planning"].replacing,
    )


def _of_instruments(found: dict[str, Any], name: str) -> dict[str, Any]:
    """By instrument: the state of a place of the ensemble."""
    before, after = "desk/ensemble/", f"/{name}"
    paths = [path for path in found if path.startswith(before) and path.endswith(after)]
    return {path.removeprefix(before).removesuffix(after): found[path] for path in paths}
