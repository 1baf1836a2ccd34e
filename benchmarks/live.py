"""Live latency on the embedded exchange: from a frame's receipt to the decision, over real sockets."""

import json
import subprocess
import tempfile

from benchmarks.figures import CATUI, figure


def main() -> bool:
    """Twenty seconds headless; p50 and p99, printed without a target."""
    with tempfile.TemporaryDirectory() as runs:
        command = [*CATUI, "run", "--duration", "20s", "--json", "--runs", runs]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    summary = json.loads(out.splitlines()[-1])
    figure("live events on the embedded exchange", summary["events_per_s"], "events/s")
    figure("live, receive to decision, p50", summary["latency_us"]["p50"], "us")
    figure("live, receive to decision, p99", summary["latency_us"]["p99"], "us")
    return int(summary["orders"]) > 0 and int(summary["fills"]) > 0
