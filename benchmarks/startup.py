"""`catui --help`: how long, and that nothing heavy is imported for it."""

import statistics
import subprocess
import sys
import time

from benchmarks.figures import CATUI, figure

HEAVY = ("textual", "numpy", "numba", "websockets", "aiohttp")


def main() -> bool:
    """Median of seven runs, under 350 ms, and the heavy modules absent."""
    times = []
    for _ in range(8):
        began = time.perf_counter()
        subprocess.run([*CATUI, "--help"], check=True, capture_output=True)
        times.append((time.perf_counter() - began) * 1000)
    program = f"import catui.cli, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    heavy = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
    print(f"heavy modules after import catui.cli: {heavy}")
    return figure("catui --help, median of 7", statistics.median(times[1:]), "ms", 350) and heavy == "[]"
