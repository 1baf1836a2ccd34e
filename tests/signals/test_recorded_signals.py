"""The signal path on a real market: 4,000 quotes and the trades between them, of one recorded session."""

import gzip
import json
from collections.abc import Callable
from itertools import islice, pairwise
from math import log, sqrt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from signals_world import BTC, REPORTS, desk, moment

from catui.core.machine import Machine, resume, run, scan
from catui.domain.settings import Desk, StrategySettings
from catui.domain.signals import Observation, Target
from catui.ensemble import ensemble
from catui.ensemble.roster import called
from catui.features import features
from catui.runtime import statecodec
from catui.strategies import strategies
from catui.strategies.registry import DESK_KINDS, warm_up_ticks

OF = Desk(7, (BTC,), tuple(StrategySettings(kind, kind) for kind in DESK_KINDS), features=desk().features)
QUOTES = 4_000


def recorded(path: Path) -> list[Observation]:
    """Quotes with their sizes, up to the last one wanted, and trades at the touch before them."""
    seen: list[Observation] = []
    wanted = QUOTES
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 1, None):
            frame = json.loads(line)
            told = json.loads(frame["m"])
            stream, data = told.get("stream", ""), told.get("data")
            if stream.endswith("@bookTicker"):
                bid, bid_size, ask, ask_size = (float(data[name]) for name in "bBaA")
                touch = (bid, ask, bid_size, ask_size, bid_size, ask_size)
                seen.append(Observation(frame["t"] / 1e9, True, *touch, 0.0))
                wanted -= 1
            elif stream.endswith("@trade") and seen:
                size = -float(data["q"]) if data["m"] else float(data["q"])
                seen.append(replace(seen[-1], time_s=frame["t"] / 1e9, is_quote=False, trade_size=size))
            if not wanted:
                break
    return seen


@pytest.fixture(scope="session")
def session(recording: Callable[[str], Path]) -> list[Observation]:
    return recorded(recording("binance/spot_btcusdt_20240808.jsonl.gz"))


def path_of_signals() -> Machine[Any, Any, Any]:
    return features(OF) >> strategies(OF) >> ensemble(OF)


def wires(seen: list[Observation]) -> list[Any]:
    at, everybody = moment({}, OF.strategy_names), called({}, OF.strategy_names)
    return [((at, ((BTC.key, (x, everybody)),)), REPORTS) for x in seen]


def targets(outputs: list[Any]) -> list[Target]:
    return [target for (_, told), _ in outputs for _, target in told if target is not None]


def test_every_quote_gives_a_target_that_adds_up(session: list[Observation]) -> None:
    told = targets(run(path_of_signals(), wires(session)))
    assert len(told) == sum(x.is_quote for x in session) == QUOTES
    for target in told:
        assert sum(target.weights) == pytest.approx(1.0)
        assert sum(target.parts) == pytest.approx(target.exposure, abs=1e-12)
        assert -1.0 <= target.exposure <= 1.0
        assert all(weight >= 0.0 for weight in target.weights)
    assert len({target.exposure for target in told}) > QUOTES // 2


def test_every_strategy_speaks_from_its_warm_up_on(session: list[Observation]) -> None:
    told = targets(run(path_of_signals(), wires(session)))
    for place, settings in enumerate(OF.strategies):
        first = next(number for number, t in enumerate(told, start=1) if t.signals[place] is not None)
        assert first == warm_up_ticks(settings)
        assert all(t.signals[place] is not None for t in told[first:])


def test_features_are_what_the_naive_formulas_give(session: list[Observation]) -> None:
    last = targets(run(path_of_signals(), wires(session)))[-1].features
    quotes = [x for x in session if x.is_quote]
    mids = [(x.bid + x.ask) / 2 for x in quotes]
    returns = [0.0] + [log(b / a) for a, b in pairwise(mids)]
    weights = [0.5 ** (age / 5.0) for age in range(len(returns))][::-1]
    mean = sum(w * r * r for w, r in zip(weights, returns, strict=True)) / sum(weights)
    assert last.volatility == pytest.approx(sqrt(mean))
    decayed = [(0.5 ** ((last.time_s - x.time_s) / 2.0), x.trade_size) for x in session[: session.index(quotes[-1])]]
    signed, absolute = sum(w * q for w, q in decayed), sum(w * abs(q) for w, q in decayed)
    assert last.trade_flow == pytest.approx(signed / absolute)


def test_a_session_in_parts_is_the_session(session: list[Observation]) -> None:
    told, cut = wires(session), len(session) // 3
    state, first = scan(path_of_signals(), told[:cut])
    again = statecodec.decode(statecodec.encode(state))
    assert again == state
    assert targets(first) + targets(run(resume(path_of_signals(), again), told[cut:])) == targets(
        run(path_of_signals(), told)
    )


def test_another_future_changes_no_target_before_it(session: list[Observation]) -> None:
    cut = len(session) // 2
    other = [replace(x, bid=x.bid * 1.1, ask=x.ask * 1.1, trade_size=-x.trade_size) for x in session[cut:]]
    before = targets(run(path_of_signals(), wires(session[:cut])))
    assert targets(run(path_of_signals(), wires(session[:cut] + other)))[: len(before)] == before
