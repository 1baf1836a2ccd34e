"""The crossing of two exponential means, with position, orders and fees: one source, and the peers beside it."""

import importlib.util
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from benchmarks.figures import figure
from catui.core.machine import Machine, atom

QUOTES = 1_000_000
FEE = 1e-4
FAST, SLOW = 20.0, 120.0
Floats = npt.NDArray[np.float64]


class Quote(Struct, frozen=True, gc=False):
    """A touch."""

    bid: float
    ask: float


class Account(Struct, frozen=True, gc=False):
    """The two means, what is held, cash, and the orders so far."""

    fast: float
    slow: float
    seen: float
    position: float
    cash: float
    orders: float


def cross(fast_half_life: float, slow_half_life: float, fee: float) -> Machine[Account, Quote, tuple[float, float]]:
    """Long one above, short one below, filled at the touch with a fee: `(position, equity)` after every quote."""
    move_fast, move_slow = 1.0 - 0.5 ** (1.0 / fast_half_life), 1.0 - 0.5 ** (1.0 / slow_half_life)

    def step(s: Account, x: Quote) -> tuple[Account, tuple[float, float]]:
        mid = (x.bid + x.ask) * 0.5
        fast = s.fast + move_fast * (mid - s.fast) if s.seen > 0.0 else mid
        slow = s.slow + move_slow * (mid - s.slow) if s.seen > 0.0 else mid
        seen = s.seen + 1.0
        position, cash, orders = s.position, s.cash, s.orders
        if seen >= slow_half_life:
            wanted = 1.0 if fast > slow else -1.0
            if wanted != position:
                lots = wanted - position
                price = x.ask if lots > 0.0 else x.bid
                cash = cash - lots * price - abs(lots) * price * fee
                position = wanted
                orders = orders + 1.0
        return Account(fast, slow, seen, position, cash, orders), (position, cash + position * mid)

    return atom(Account(0.0, 0.0, 0.0, 0.0, 0.0, 0.0), step)


def quotes(count: int = QUOTES, seed: int = 7) -> tuple[Floats, Floats]:
    """Bids and asks of a random walk on a grid of cents."""
    random = np.random.default_rng(seed)
    mid = 30_000 + np.cumsum(random.normal(0.0, 0.4, count))
    half = random.integers(1, 6, count) * 0.01
    return np.asarray(np.round(mid - half, 2), np.float64), np.asarray(np.round(mid + half, 2), np.float64)


def best(run: Callable[[], Any], times: int = 5) -> float:
    """The shortest of several runs, in seconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return min(took)


def main() -> bool:
    """Millions of quotes a second: compiled, plain, closures, and the peers that are installed."""
    from catui.compiled import Compiled, has_numba
    from catui.core.fuse import fuse

    bid, ask = quotes()
    machine = cross(FAST, SLOW, FEE)
    flat = fuse(machine, Quote)
    rows = [Quote(b, a) for b, a in zip(bid.tolist(), ask.tolist(), strict=True)]

    def plain() -> Any:
        generator = flat.functions["live"](flat.parameters, flat.flat(machine.init))
        next(generator)
        send = generator.send
        for row in rows:
            last = send(row)
        return generator.send(...), last

    def closures() -> Any:
        step, state = machine.step, machine.init
        for row in rows:
            state, _ = step(state, row)
        return state

    expected = closures()
    assert flat.plain(plain()[0]) == expected
    figure("EMA cross: orders of a million quotes", expected.orders, "orders")
    met = [figure("EMA cross, plain Python", QUOTES / best(plain, 3) / 1e6, "M/s", 1.0, at_least=True)]
    figure("EMA cross, closures", QUOTES / best(closures, 2) / 1e6, "M/s")
    if has_numba():
        compiled = Compiled(flat)
        outs = compiled.blank(QUOTES)
        state, _ = compiled.scan([bid, ask], None, outs)
        assert state == expected
        speed = QUOTES / best(lambda: compiled.scan([bid, ask], None, outs), 9) / 1e6
        met.append(figure("EMA cross, compiled", speed, "M/s", 50.0, at_least=True))
        peers = [rate for rate in (_vectorbt(bid, ask), _hftbacktest(bid, ask)) if rate]
        if peers:
            met.append(figure("EMA cross, compiled over the best peer", speed / max(peers), "times", 10, at_least=True))
    return all(met)


def _vectorbt(bid: Floats, ask: Floats) -> float | None:
    """vectorbt from signals on the mids: its own means, orders, fees and equity."""
    if importlib.util.find_spec("vectorbt") is None:
        print("vectorbt: not installed, skipped (the extra bench has it)")
        return None
    import pandas as pd
    import vectorbt as vbt

    mid = pd.Series((bid + ask) / 2)

    def run() -> Any:
        fast = mid.ewm(halflife=FAST, adjust=False).mean()
        slow = mid.ewm(halflife=SLOW, adjust=False).mean()
        above = fast > slow
        portfolio = vbt.Portfolio.from_signals(
            mid, entries=above, short_entries=~above, size=1.0, fees=FEE, freq="1s", init_cash=1e9
        )
        return portfolio.orders.count(), portfolio.value().iloc[-1]

    orders, _ = run()
    rate = float(QUOTES / best(run, 3) / 1e6)
    figure(f"EMA cross, vectorbt {vbt.__version__} ({int(orders)} orders)", rate, "M/s")
    return rate


def _hftbacktest(bid: Floats, ask: Floats) -> float | None:
    """hftbacktest, compiled: the levels of both sides as its feed, orders without latency."""
    if importlib.util.find_spec("hftbacktest") is None:
        print("hftbacktest: not installed, skipped (the extra bench has it)")
        return None
    from benchmarks.cross_hftbacktest import prepared

    run, version = prepared(bid, ask, FAST, SLOW, FEE)
    orders = run()
    rate = QUOTES / best(run, 3) / 1e6
    figure(f"EMA cross, hftbacktest {version} ({orders} orders)", rate, "M/s")
    return rate
