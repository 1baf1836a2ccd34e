"""What a run has counted so far, for its summary and the health pane."""

import time

from catui.domain.orders import Refused
from catui.domain.reports import Outputs
from catui.runtime.telemetry import Latency


class Tally:
    """Counts of a run: events, orders, fills, refusals, alerts, and how long decisions took."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.events = self.orders = self.fills = self.refusals = self.alerts = self.anomalies = 0
        self.latency = Latency()
        self.fault = ""
        self.began_ns = time.perf_counter_ns()
        self._rate: float | None = None
        self._rate_from = (self.began_ns, 0)

    def count(self, outputs: Outputs) -> None:
        """Count what a step did."""
        self.events += 1
        if outputs.orders or outputs.verdicts or outputs.fills or outputs.anomalies or outputs.alerts:
            self.orders += len(outputs.orders)
            self.fills += len(outputs.fills)
            self.anomalies += len(outputs.anomalies)
            self.refusals += len([v for v in outputs.verdicts if type(v) is Refused])
            self.alerts += len([a for a in outputs.alerts if a.cleared_ns is None])

    def events_per_s(self) -> float | None:
        """Events a second, over the last second or more."""
        since, events = self._rate_from
        now = time.perf_counter_ns()
        if now - since >= 1_000_000_000:
            self._rate = (self.events - events) * 1e9 / (now - since)
            self._rate_from = (now, self.events)
        return self._rate

    @property
    def duration_s(self) -> float:
        """Seconds since the run began."""
        return (time.perf_counter_ns() - self.began_ns) / 1e9
