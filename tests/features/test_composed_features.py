"""Features as parts: of a strategy in a person's own file, and behind bars, on a real session."""

import gzip
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from catui.core.fuse import fused
from catui.core.machine import Machine, optional, run
from catui.domain.signals import Bar, Features, Observation, Print
from catui.features.order_flow import order_flow_imbalance
from catui.features.price import bar_return
from catui.features.ranges import garman_klass
from catui.features.realised import jump_share
from catui.features.stage import described
from catui.features.toxicity import vpin
from catui.features.wilder import rsi
from catui.market.bars import time_bars, volume_bars
from catui.plugins import construct, load_constructor

OWN_FILE = '''"""Against a price that has gone up, or down, too often."""

from typing import Annotated, Any

from catui.core.machine import Machine
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds
from catui.domain.signals import Features
from catui.features.wilder import rsi


def mid(x: Features) -> float:
    return x.mid


def against(strength: float | None) -> float | None:
    return None if strength is None else (50.0 - strength) / 50.0


@strategy(warm_up=lambda length: length + 1, symmetries=("scale_free", "time_free", "flat", "bounded"))
def overbought(
    length: Annotated[int, Bounds(2, 500, "quotes", "of the index")] = 14,
) -> Machine[Any, Features, float | None]:
    """Against the relative strength index of the mid."""
    return rsi(length).premap(mid).map(against)
'''
QUOTES = 1_500


def recorded(path: Path) -> tuple[list[Observation], list[Print]]:
    """The first quotes of a session, and the prints among them."""
    quotes: list[Observation] = []
    prints: list[Print] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 1, None):
            frame = json.loads(line)
            told = json.loads(frame["m"])
            stream, data, time_s = told.get("stream", ""), told.get("data"), frame["t"] / 1e9
            if stream.endswith("@bookTicker"):
                bid, bid_size, ask, ask_size = (float(data[name]) for name in "bBaA")
                quotes.append(Observation(time_s, True, bid, ask, bid_size, ask_size, bid_size, ask_size, 0.0))
                if len(quotes) == QUOTES:
                    break
            elif stream.endswith("@trade"):
                prints.append(Print(time_s, float(data["p"]), float(data["q"]) * (-1.0 if data["m"] else 1.0)))
    return quotes, prints


@pytest.fixture(scope="session")
def session(recording: Callable[[str], Path]) -> tuple[list[Observation], list[Print]]:
    return recorded(recording("binance/spot_btcusdt_20240808.jsonl.gz"))


def test_a_strategy_of_ones_own_is_made_of_features(
    session: tuple[list[Observation], list[Print]], tmp_path: Path
) -> None:
    file = tmp_path / "overbought.py"
    file.write_text(OWN_FILE)
    kind = load_constructor(f"{file}:overbought")
    assert kind.is_for_desk
    machine = construct(kind, {"length": 50})
    seen = [x for x in run(described(20.0, 5.0, 2), session[0]) if x is not None]
    signals = run(machine, seen)
    assert signals[:50] == [None] * 50
    assert [50.0 - 50.0 * signal for signal in signals[50:]] == pytest.approx(
        run(rsi(50), [x.mid for x in seen])[50:], abs=1e-9
    )
    assert len(set(signals)) > 100
    assert run(fused(machine, Features), seen) == signals


def of_seconds() -> Machine[Any, Print, Any]:
    jumps = optional(jump_share(5))
    return time_bars(1.0) >> optional(garman_klass(3) & (bar_return() >> jumps))


def test_features_of_bars_of_prints_are_one_text(session: tuple[list[Observation], list[Print]]) -> None:
    prints = session[1]
    told = run(of_seconds(), prints)
    bars = [bar for bar in run(time_bars(1.0), prints) if bar is not None]
    spoken = [both for both in told if both is not None]
    assert len(spoken) == len(bars) > 5
    assert [volatility for volatility, _ in spoken] == run(garman_klass(3), bars)
    assert run(fused(of_seconds(), Print), prints) == told


def test_toxicity_of_a_real_session_is_the_naive_share(session: tuple[list[Observation], list[Print]]) -> None:
    buckets: list[Bar] = [bar for bar in run(volume_bars(0.1), session[1]) if bar is not None]
    assert len(buckets) > 12
    one_sided, volume = (
        sum(each) for each in zip(*((abs(b.net_volume), b.volume) for b in buckets[-10:]), strict=True)
    )
    assert run(vpin(10), buckets)[-1] == pytest.approx(one_sided / volume)


def test_order_flow_goes_with_the_price_of_a_real_session(session: tuple[list[Observation], list[Print]]) -> None:
    """The fact that the measure was made for: its sign is that of the move of the mid over the same quotes."""
    quotes = session[0]
    flow = run(order_flow_imbalance(25.0), quotes)
    mids = [(x.bid + x.ask) / 2 for x in quotes]
    pairs = [(flow[i], mids[i] - mids[i - 50]) for i in range(50, len(quotes), 50)]
    agreeing = sum(f * m > 0 for f, m in pairs if f is not None and m)
    assert agreeing >= 0.75 * sum(m != 0 for _, m in pairs) > 5
