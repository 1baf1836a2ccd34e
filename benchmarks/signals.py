"""The whole signal path in one text: features, five strategies, a learning ensemble, caps, fills and an account."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, get_args

import numpy as np
from msgspec import Struct

from benchmarks.cross import best, quotes
from benchmarks.figures import figure
from catui.core.fuse import Flat
from catui.core.machine import Machine, atom, identity, lift, optional
from catui.domain.ensembles import EnsembleSettings, GroupSettings, Method, RegimeSettings
from catui.domain.instrument import Instrument
from catui.domain.settings import Desk, StrategySettings
from catui.domain.signals import Features, Observation, Roster, Signals, Target
from catui.ensemble.stage import learner
from catui.features.stage import described
from catui.strategies.stage import side_by_side

EVENTS = 1_000_000
FIVE = (
    StrategySettings("trend", "momentum"),
    StrategySettings("drift", "momentum", {"fast_half_life_ticks": 100.0, "slow_half_life_ticks": 900.0}),
    StrategySettings("reversion", "mean_reversion"),
    StrategySettings("return", "mean_reversion", {"half_life_ticks": 600.0, "full_z": 3.0}),
    StrategySettings("hold", "hold"),
)


ENSEMBLES: dict[str, dict[str, Any]] = {
    **{method: {"ensemble": EnsembleSettings(method=method)} for method in get_args(Method)},
    "in two groups": {
        "ensembles": {
            "trends": GroupSettings(members=("trend", "drift")),
            "backs": GroupSettings(members=("reversion", "return")),
        }
    },
    "in regimes": {"regime": RegimeSettings("variance_ratio", members={"trend": "trend", "reversion": "range"})},
}


class Account(Struct, frozen=True, gc=False):
    """What is held, cash, fees, fills, and the highest equity."""

    position: float
    cash: float
    fees: float
    fills: float
    peak: float


def account(full: float, largest: float, least: float, fee: float) -> Machine[Any, Any, tuple[float, float]]:
    """Target to position under two caps, filled at the touch: `(position, equity)`; flat below half of the peak."""

    def step(s: Account, told: tuple[Target | None, Observation]) -> tuple[Account, tuple[float, float]]:
        target, x = told
        mid = (x.bid + x.ask) * 0.5
        equity = s.cash + s.position * mid
        peak = equity if equity > s.peak else s.peak
        if target is None:
            return Account(s.position, s.cash, s.fees, s.fills, peak), (s.position, equity)
        wanted = target.exposure * full
        wanted = min(max(wanted, -largest), largest)
        wanted = wanted if equity > peak - largest * mid else 0.0
        lots = wanted - s.position
        if abs(lots) < least:
            return Account(s.position, s.cash, s.fees, s.fills, peak), (s.position, equity)
        price = x.ask if lots > 0.0 else x.bid
        paid = abs(lots) * price * fee
        cash = s.cash - lots * price - paid
        return Account(wanted, cash, s.fees + paid, s.fills + 1.0, peak), (wanted, cash + wanted * mid)

    return atom(Account(0.0, 0.0, 0.0, 0.0, 0.0), step)


def path(
    strategies: tuple[StrategySettings, ...] = FIVE, **ensemble: Any
) -> Machine[Any, Observation, tuple[float, float]]:
    """Observation to account, for one instrument whose strategies all run; `ensemble` are settings of the desk's."""
    desk = Desk(1, (Instrument("bench", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001"),), strategies, **ensemble)
    of = desk.features
    roster = Roster((True,) * len(strategies), (False,) * len(strategies))

    def attended(signals: Signals | None) -> tuple[Signals | None, Roster]:
        return signals, roster

    features = described(of.volatility_half_life_ticks, of.flow_half_life_s, of.warm_up_ticks)
    speaking: Machine[Any, Features | None, Signals | None] = optional(side_by_side(strategies))
    aimed = features >> speaking >> lift(attended) >> learner(desk)
    return (aimed & identity) >> account(2.0, 1.5, 0.02, 1e-4)


def columns(count: int = EVENTS) -> dict[str, Any]:
    """Observations as columns: quotes, and a trade every fifth event."""
    random = np.random.default_rng(11)
    bid, ask = quotes(count)
    sizes = [random.uniform(0.01, 5.0, count) for _ in range(4)]
    is_quote = np.arange(count) % 5 != 4
    trade = np.where(is_quote, 0.0, random.normal(0.0, 1.0, count))
    names = ("bid_size", "ask_size", "depth_bid", "depth_ask")
    told = {"time_s": np.arange(count) * 0.05, "is_quote": is_quote, "bid": bid, "ask": ask}
    return {**told, **dict(zip(names, sizes, strict=True)), "trade_size": trade}


def main() -> bool:
    """Events a second in every reading; the first compiled result of a process; many instruments beside one."""
    from catui.compiled import Compiled, has_numba
    from catui.core.fuse import fuse

    machine = path()
    flat = fuse(machine, Observation)
    table = columns()
    rows = [Observation(*row) for row in zip(*[c.tolist() for c in table.values()], strict=True)]

    def plain() -> Any:
        return lived(flat, rows)

    few = rows[: EVENTS // 5]

    def closures() -> Any:
        step, state = machine.step, machine.init
        for row in few:
            state, _ = step(state, row)
        return state

    met = [figure("signal path, live plain Python", best(plain, 3) / EVENTS * 1e6, "us/event", 2.5)]
    figure("signal path, closures", best(closures, 1) / len(few) * 1e6, "us/event")
    for name, ensemble in ENSEMBLES.items():
        other = fuse(path(**ensemble), Observation)
        figure(f"signal path, {name}, live", best(partial(lived, other, few), 1) / len(few) * 1e6, "us/event")
    if not has_numba():
        return all(met)
    compiled = Compiled(flat)
    given = list(table.values())
    outs = compiled.blank(EVENTS)
    state, _ = compiled.scan(given, None, outs)
    assert state == flat.plain(plain())
    once = best(lambda: compiled.scan(given, None, outs))
    met.append(figure("signal path, compiled", EVENTS / once / 1e6, "M/s", 8.0, at_least=True))
    seconds = [best(partial(compiled.scan_each, np.arange(EVENTS) % n, n, given)) for n in (1, 500)]
    figure("signal path, one instrument of a keyed scan", seconds[0] / EVENTS * 1e9, "ns/event")
    met.append(figure("500 instruments over one", seconds[1] / seconds[0], "times", 1.3))
    with tempfile.TemporaryDirectory() as cache:
        met.append(figure("first compiled result, cold cache", first_result(cache), "s", 4.0))
        met.append(figure("first compiled result, warm cache", first_result(cache), "s", 1.5))
    return all(met)


def lived(flat: Flat, rows: Sequence[Observation]) -> Any:
    """The state after these rows, by the live reading in plain Python."""
    generator = flat.functions["live"](flat.parameters, flat.flat(flat.init))
    next(generator)
    send = generator.send
    for row in rows:
        send(row)
    return generator.send(...)


def first_result(cache: str) -> float:
    """Seconds from the start of a process to the result of a compiled scan."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST, cache], check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
    return time.perf_counter() - began


FIRST = """
import sys
from pathlib import Path
from benchmarks.signals import columns, path
from catui.compiled import Compiled
from catui.core.fuse import fuse
from catui.domain.signals import Observation
compiled = Compiled(fuse(path(), Observation), Path(sys.argv[1]))
compiled.scan(list(columns(1_000).values()))
"""
