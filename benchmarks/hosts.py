"""What an open console costs the engine's decisions: latency with it against headless, interleaved in pairs.

Two waits are told apart. Arrival: from the moment at which the exchange says that an event happened to our receipt of
it; the exchange hands out every 5 ms, so that a headless run has some too. Decision: from receipt to the decision. A
thread that is not let run receives late and then decides at once, so both count.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import CATUI, figure
from benchmarks.terminal import MARKET_PER_S, Counted
from catui.runtime.journal import JournalReader

MESSAGES_PER_S = 2_000
SPEED = MESSAGES_PER_S / MARKET_PER_S
PAIRS, SECONDS = 5, 8.0
WARM_SHARE = 5  # of the events, the first fifth is the start


class Variant(NamedTuple):
    """A console beside the engine, and how many times the headless p99 it may cost."""

    name: str
    arguments: tuple[str, ...]
    target: float


VARIANTS = (
    Variant("process", ("process",), 1.5),
    Variant("process, C call of 200 ms each second", ("process", "hitch"), 2.0),
    Variant("thread", ("thread",), 3.0),
)


class Waits(NamedTuple):
    """p99 in microseconds."""

    arrival: float
    decision: float


def headless(place: Path) -> Waits:
    """The same desk without a console."""
    command = [*CATUI, "run", "--source", "simulated:7", "--speed", f"{SPEED:.1f}", "--duration", f"{SECONDS}s"]
    out = subprocess.run([*command, "--json", "--runs", str(place)], check=False, capture_output=True, text=True).stdout
    return Waits(arrival_us(place), json.loads(out.splitlines()[-1])["latency_us"]["p99"])


def opened(place: Path, arguments: tuple[str, ...]) -> Waits:
    """The desk with a console on a terminal, all panes moving. AssertionError: the console failed, and what it said."""
    host, *hitch = arguments
    command = [sys.executable, "-m", "benchmarks.hosted", host, str(SECONDS), f"{SPEED:.1f}", str(place), *hitch]
    terminal = Counted(command, str(place.parent))
    try:
        code = terminal.ended()
        assert code == 0, terminal.text()[-2000:].decode("utf-8", "replace")
    finally:
        terminal.close()
    told = json.loads(place.with_suffix(".json").read_text("utf-8"))
    return Waits(arrival_us(place), told["p99_us"])


def arrival_us(place: Path) -> float:
    """p99 from the exchange's moment to our receipt, above the shortest of the run, in wall time."""
    [directory] = place.iterdir()
    reader = JournalReader(directory)
    stamps = [(event.ts_receive_ns, getattr(event, "ts_event_ns", None)) for event in reader.events()]
    reader.close()
    first = next(at for _, at in stamps if at is not None)
    waits = [received - (at - first) / SPEED for received, at in stamps if at is not None]
    waits = sorted(waits[len(waits) // WARM_SHARE :])
    return float(waits[len(waits) * 99 // 100] - waits[0]) / 1000


def main() -> bool:
    """The median over the pairs of open against headless, for each variant."""
    alone: list[Waits] = []
    beside: dict[str, list[Waits]] = {each.name: [] for each in VARIANTS}
    with tempfile.TemporaryDirectory() as runs:
        for pair in range(PAIRS):
            alone.append(headless(Path(runs, f"{pair}-headless")))
            for number, each in enumerate(VARIANTS):
                beside[each.name].append(opened(Path(runs, f"{pair}-{number}"), each.arguments))
    met = True
    for wait in Waits._fields:
        lone = [getattr(each, wait) for each in alone]
        figure(f"headless, {wait}, p99, median of {PAIRS}", statistics.median(lone), "us")
        for variant in VARIANTS:
            times = [getattr(with_it, wait) / one for with_it, one in zip(beside[variant.name], lone, strict=True)]
            met &= figure(f"{variant.name}, {wait}, p99", statistics.median(times), "times", variant.target)
    return met
