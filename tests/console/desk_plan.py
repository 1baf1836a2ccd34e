"""The plan of a desk with the instruments and the strategies of the sample, read off the pipeline that would run it."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "console_render"))
from sample import sample_snapshot

from catui.core.machine import Machine, scan
from catui.core.plan import Plan
from catui.core.plan_of import plan_of
from catui.domain.events import Quote
from catui.domain.instrument import Instrument
from catui.domain.settings import Desk, StrategySettings
from catui.pipeline import pipeline

KINDS = {"momentum": "momentum", "reversion": "mean_reversion", "imbalance": "book_imbalance", "quoting": "hold"}


def sample_machine() -> Machine[Any, Any, Any]:
    """The machine of the sample's desk."""
    snapshot = sample_snapshot()
    instruments = tuple(
        Instrument(each.venue, each.symbol, each.base, "USDT", "0.01", "0.001") for each in snapshot.instruments
    )
    strategies = tuple(StrategySettings(each.name, KINDS[each.name]) for each in snapshot.strategies)
    return pipeline(Desk(1, instruments, strategies))


def sample_plan() -> Plan:
    """Its plan once every instrument has been quoted."""
    machine = sample_machine()
    quotes = [Quote(each.key, 1, None, 100, 1, 101, 1) for each in sample_snapshot().instruments]
    found = plan_of(machine, scan(machine, quotes)[0])
    assert found is not None
    return found
