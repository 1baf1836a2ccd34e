"""Sliding windows: what an event costs by window, length and reading, and that the length hardly matters."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import figure
from catui.core import window
from catui.core.fuse import Flat, fuse
from catui.core.machine import Machine, identity

LENGTHS = (10, 1_000, 100_000)
LIVE = 10_000  # events, once the window is full
SCANNED = 400_000
LONGER = 2.0  # how much more the longest window may cost
LONGER_ORDERED = 2.0 * 5.0  # likewise, times log(100,000) / log(10)

Window = Machine[Any, float, float | None]


def _correlation(length: int) -> Window:
    return (identity & identity) >> window.correlation(length)


AGGREGATES: dict[str, Callable[[int], Window]] = {
    "mean": window.mean,
    "variance": window.variance,
    "minimum": window.minimum,
    "slope": window.slope,
    "correlation": _correlation,
}
ORDERED: dict[str, Callable[[int], Window]] = {"median": window.median, "rank": window.rank}


def main() -> bool:
    """ns of the processor an event; the longest window over the shortest: twice at most, but for order statistics."""
    from catui.compiled import has_numba

    xs = 100.0 + np.random.default_rng(3).normal(0.0, 1.0, 2 * SCANNED)
    met = []
    with tempfile.TemporaryDirectory() as cache:
        for name, made in {**AGGREGATES, **ORDERED}.items():
            most = LONGER_ORDERED if name in ORDERED else LONGER
            flats = [fuse(made(length), float) for length in LENGTHS]
            by_lists = [live(flat, length, xs) for flat, length in zip(flats, LENGTHS, strict=True)]
            met.append(told(name, "lists", by_lists, most))
            if has_numba():
                met.append(told(name, "numba", [scanned(flat, Path(cache), xs) for flat in flats], most))
    by_tuples = [tuples(window.variance(length), xs) for length in LENGTHS]
    told("variance", "tuples", by_tuples, None)
    return all(met)


def told(name: str, reading: str, ns: list[float], most: float | None) -> bool:
    """A line a length, and one for how the longest compares."""
    for length, one in zip(LENGTHS, ns, strict=True):
        figure(f"window of {length:,}, {name}, {reading}", one, "ns/event")
    return most is None or figure(f"longest over shortest, {name}, {reading}", ns[-1] / ns[0], "times", most)


def live(flat: Flat, length: int, xs: Any) -> float:
    """The generator in plain Python, the window full."""
    generator = flat.functions["live"](flat.parameters, flat.flat(flat.init))
    next(generator)
    send = generator.send
    for x in xs[:length].tolist():
        send(x)
    some = xs[length : length + LIVE].tolist()

    def run() -> None:
        for x in some:
            send(x)

    return least(run, 3) / LIVE * 1e9


def scanned(flat: Flat, cache: Path, xs: Any) -> float:
    """The compiled scan: what twice the events cost more."""
    from catui.compiled import Compiled

    compiled = Compiled(flat, cache)
    one = least(lambda: compiled.scan([xs[:SCANNED]]), 3)
    return (least(lambda: compiled.scan([xs]), 3) - one) / SCANNED * 1e9


def tuples(machine: Window, xs: Any) -> float:
    """The reference, which copies the window at every step; it need not be full for that."""
    step, some = machine.step, xs[:200].tolist()

    def run() -> None:
        state = machine.init
        for x in some:
            state, _ = step(state, x)

    return least(run, 1) / len(some) * 1e9


def least(run: Callable[[], object], times: int) -> float:
    """Seconds of the processor: the least of some runs."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return min(taken)
