"""Memory over ten simulated hours: it must not grow once the bounded buffers are full."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.figures import CATUI, figure


def _rss_mb(pid: int) -> float | None:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return None
    return None


def main() -> bool:
    """The median of the last fifth of all samples against that of the second fifth: at most 5 % more."""
    hours = os.environ.get("CATUI_BENCH_HOURS", "10")
    with tempfile.TemporaryDirectory() as runs:
        command = [*CATUI, "run", "--speed", "max", "--duration", f"{hours}h", "--json", "--runs", runs]
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        samples: list[float] = []
        while child.poll() is None:
            now = _rss_mb(child.pid)
            if now is not None:
                samples.append(now)
            time.sleep(0.5)
    took = time.perf_counter() - began
    if child.returncode != 0 or len(samples) < 20:
        print(f"memory: the run ended with {child.returncode} after {len(samples)} samples")
        return False
    fifth = len(samples) // 5
    early, late = sorted(samples[fifth : 2 * fifth])[fifth // 2], sorted(samples[-fifth:])[fifth // 2]
    figure(f"{hours} simulated hours took", took, "s")
    figure("resident memory, late", late, "MB")
    return figure("growth of resident memory, late over early", (late / early - 1) * 100, "%", 5.0)
