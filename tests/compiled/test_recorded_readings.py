"""A recorded session in every reading, closures, flat text and flat text under numba: the same bytes.

Spot and futures of one morning, merged by receive time: two instruments whose quotes, trades and books are as they
came. The market stage makes the observations; the path is features, five strategies and an ensemble that learns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import islice, product
from pathlib import Path
from typing import Any

import msgspec
import pytest

import catui.pipeline
from catui.compiled import Compiled
from catui.control import control
from catui.core.fuse import FusedStages, fuse, fused, plain
from catui.core.machine import Machine, resume, scan
from catui.domain.events import Event
from catui.domain.instrument import Instrument
from catui.domain.reports import Reports
from catui.domain.settings import Desk, FeatureSettings, PlanningSettings, StrategySettings
from catui.domain.signals import Observation, Roster, Target
from catui.ensemble import ensemble
from catui.ensemble.roster import roster
from catui.features import features
from catui.market import market
from catui.pipeline import pipeline, signals
from catui.runtime import statecodec
from catui.strategies import strategies
from catui.venues.tape import open_tape

pytest.importorskip("numba")

EACH = 7_000  # events of either tape
FIVE = (
    StrategySettings("trend", "momentum", {"fast_half_life_ticks": 20.0, "slow_half_life_ticks": 200.0}),
    StrategySettings("reversion", "mean_reversion"),
    StrategySettings("drift", "time_series_momentum"),
    StrategySettings("swing", "ornstein_uhlenbeck"),
    StrategySettings("book", "book_imbalance"),
)
Inputs = list[tuple[Observation | None, Roster]]
Reading = Callable[[Any, Inputs], tuple[Any, list[Target | None]]]  # a plain state and inputs to the same and outputs


@dataclass(frozen=True)
class Morning:
    """Both tapes as one session, and the desk that is shown them."""

    desk: Desk
    events: list[Event]

    @cached_property
    def wires(self) -> list[Any]:
        """What reaches the signal path."""
        before = control(self.desk) >> market(self.desk) >> roster(self.desk)
        return scan(before, [(event, Reports()) for event in self.events])[1]

    @cached_property
    def stages(self) -> Machine[Any, Any, Any]:
        return features(self.desk) >> strategies(self.desk) >> ensemble(self.desk)

    @cached_property
    def path(self) -> Machine[Any, Any, Any]:
        """What runs for one instrument."""
        whole = signals(self.desk)
        assert isinstance(whole, FusedStages)
        assert whole.flat.outside == {}
        return whole.inner

    def told_of(self, key: str) -> Inputs:
        """What was told of one instrument."""
        return [told for (_, items), _ in self.wires for at, told in items if at == key]

    @property
    def keys(self) -> list[str]:
        return [i.key for i in self.desk.instruments]


@pytest.fixture(scope="module")
def morning(recording: Callable[[str], Path]) -> Morning:
    tapes = [open_tape(recording(f"binance/{name}_btcusdt_20240808.jsonl.gz")) for name in ("spot", "usdm")]
    both = merge(*(islice(tape.events(), EACH) for tape in tapes), key=lambda event: event.ts_receive_ns)
    instruments: tuple[Instrument, ...] = tuple(i for tape in tapes for i in tape.instruments)
    quick = FeatureSettings(volatility_half_life_ticks=50.0, warm_up_ticks=20)
    desk = Desk(7, instruments, FIVE, features=quick, planning=PlanningSettings(min_change=0.1, style="cross"))
    return Morning(desk, list(both))


@pytest.fixture(scope="module")
def readings(morning: Morning, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    path = morning.path
    inputs, example = tuple[Observation | None, Roster], morning.told_of(morning.keys[0])[0]
    text = fused(path, inputs, example)
    compiled = Compiled(fuse(path, inputs, example), tmp_path_factory.mktemp("numba"))

    def by_closures(state: Any, told: Inputs) -> tuple[Any, list[Target | None]]:
        return scan(resume(path, state), told)

    def by_text(state: Any, told: Inputs) -> tuple[Any, list[Target | None]]:
        after, outputs = scan(resume(text, state), told)
        return plain(text, after), outputs

    def by_numba(state: Any, told: Inputs) -> tuple[Any, list[Target | None]]:
        after, outs = compiled.scan(compiled.columns(told), state)
        return after, compiled.values(outs)

    return {"closures": by_closures, "text": by_text, "numba": by_numba}


def as_bytes(outputs: list[Any]) -> bytes:
    return msgspec.msgpack.encode(outputs)


def test_every_reading_of_the_session_is_the_same_bytes(morning: Morning, readings: dict[str, Reading]) -> None:
    assert len(morning.events) == 2 * EACH
    for key in morning.keys:
        told = morning.told_of(key)
        assert len(told) > EACH // 2
        results = [read(morning.path.init, told) for read in readings.values()]
        expected_state, expected = results[0]
        targets = [target for target in expected if target is not None]
        assert len({target.exposure for target in targets}) > 1_000
        assert all(signal is not None for signal in targets[-1].signals)
        assert len({target.weights for target in targets}) > 1_000
        for state, outputs in results[1:]:
            assert as_bytes(outputs) == as_bytes(expected)
            assert statecodec.encode(state) == statecodec.encode(expected_state)


@pytest.mark.parametrize("cut", [137, 2_011])
def test_a_checkpoint_of_any_reading_goes_on_in_any_other(
    morning: Morning, readings: dict[str, Reading], cut: int
) -> None:
    told = morning.told_of(morning.keys[1])
    before, behind = told[:cut], told[cut : cut + 600]
    kept = {name: statecodec.encode(read(morning.path.init, before)[0]) for name, read in readings.items()}
    ends = {
        (one, other): readings[other](statecodec.decode(kept[one]), behind) for one, other in product(kept, readings)
    }
    assert len(ends) == 9
    assert len(set(kept.values())) == 1
    assert len({as_bytes(outputs) for _, outputs in ends.values()}) == 1
    assert len({statecodec.encode(state) for state, _ in ends.values()}) == 1


def test_the_stages_of_both_instruments_are_the_text_of_each(morning: Morning) -> None:
    twin = signals(morning.desk)
    state, outputs = scan(morning.stages, morning.wires)
    twin_state, twin_outputs = scan(twin, morning.wires)
    targets, twin_targets = ([items for (_, items), _ in told] for told in (outputs, twin_outputs))
    assert as_bytes(twin_targets) == as_bytes(targets)
    assert statecodec.encode(plain(twin, twin_state)) == statecodec.encode(state)


def test_the_whole_desk_is_the_same_bytes_with_its_signal_path_in_either_reading(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = pipeline(morning.desk)
    monkeypatch.setattr(catui.pipeline, "signals", lambda desk, kinds: morning.stages)
    nested = pipeline(morning.desk)
    cut = 2 * EACH // 3
    kept, *first = stepped(flat, flat.init, morning.events[:cut])
    assert (kept, *first) == stepped(nested, nested.init, morning.events[:cut])
    rest = morning.events[cut:]
    ends = [stepped(machine, statecodec.decode(kept), rest) for machine in (flat, nested)]
    assert ends[0] == ends[1]
    _, _, orders = ends[0]
    assert orders > 20


def stepped(machine: Machine[Any, Event, Any], state: Any, events: list[Event]) -> tuple[bytes, bytes, int]:
    """The state after events and all outputs, as bytes, and how many orders there were."""
    after, outputs = scan(resume(machine, state), events)
    return statecodec.encode(plain(machine, after)), as_bytes(outputs), sum(len(told.orders) for told in outputs)
