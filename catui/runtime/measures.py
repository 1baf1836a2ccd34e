"""What a live engine measures of itself: decisions, orders on their way to the wire, how far apart the clocks are.

All of it is read off what passes anyway; nothing is asked of a venue, and what was not measured is None.
"""

from collections.abc import Sequence

from catui.domain.events import BookDelta, BookSnapshot, Event, Quote, Report, Trade
from catui.domain.orders import Cause, Request, Submit
from catui.runtime.tally import Tally
from catui.runtime.telemetry import Latency, resident_bytes
from catui.snapshot import HealthView
from catui.venues.wallclock import now_ns

WINDOW_NS = 60_000_000_000
STAMPED = (Quote, BookDelta, BookSnapshot, Trade, Report)  # events that may carry the venue's clock


class Sends:
    """From the decision of a new order to the socket that takes its bytes; cancels are not stamped by the socket."""

    def __init__(self) -> None:
        self.latency = Latency()
        self._decided: dict[str, int] = {}

    def decided(self, order_id: str, now_ns: int) -> None:
        """An order was decided on, journaled, and is handed over now."""
        self._decided[order_id] = now_ns

    def heard(self, report: Report) -> None:
        """The first report of an order: it is measured where it says that the bytes have left, else forgotten."""
        decided_ns = self._decided.pop(report.order_id, None)
        if decided_ns is not None and report.cause is Cause.BYTES_LEFT:
            self.latency.add(report.ts_receive_ns - decided_ns)


class Offset:
    """An upper bound of how far our clock is ahead of the venue's: the least of receive - event in the last minute.

    receive - event = the way here + our clock - the venue's, and no way takes less than nothing. So a negative one
    says for certain that ours is behind, by that much at least. The window is renewed by halves: it holds 30 to 60 s.
    """

    def __init__(self) -> None:
        self._begun_ns = 0
        self._least: int | None = None
        self._before: int | None = None

    def heard(self, event: Event) -> None:
        """An event as the source gave it; one without the venue's clock says nothing."""
        if isinstance(event, STAMPED) and event.ts_event_ns is not None:
            self._renewed(event.ts_receive_ns)
            distance = event.ts_receive_ns - event.ts_event_ns
            self._least = distance if self._least is None else min(self._least, distance)

    def bound_us(self, now_ns: int) -> float | None:
        """The bound in microseconds; None where the venue has not told its time for a minute."""
        self._renewed(now_ns)
        known = [least for least in (self._before, self._least) if least is not None]
        return min(known) / 1000 if known else None

    def _renewed(self, now_ns: int) -> None:
        if now_ns - self._begun_ns >= WINDOW_NS // 2:
            is_next = now_ns - self._begun_ns < WINDOW_NS
            self._before = self._least if is_next else None
            self._begun_ns, self._least = now_ns, None


class Measures:
    """The measures of one run. Where no clock runs nothing is received or sent; a replay decides nothing anew."""

    def __init__(self, tally: Tally, *, is_live: bool, is_replay: bool) -> None:
        self._tally, self._is_live = tally, is_live
        self._decisions = Latency() if is_replay else tally.latency
        self._sends, self._offset = Sends(), Offset()

    def decided(self, request: Request) -> None:
        """A request is handed over."""
        if self._is_live and isinstance(request, Submit):
            self._sends.decided(request.order.id, now_ns())

    def heard(self, events: Sequence[Event]) -> None:
        """Events as the source gave them."""
        if self._is_live:
            for event in events:
                self._offset.heard(event)
                if isinstance(event, Report):
                    self._sends.heard(event)

    def health(self, at_ns: int, queue: int, commit_ms: float) -> HealthView:
        """All of it at this time, with what the queue and the journal say."""
        decided, sent = self._decisions, self._sends.latency
        return HealthView(
            events_per_s=self._tally.events_per_s(),
            latency_p50_us=decided.quantile_us(0.5),
            latency_p99_us=decided.quantile_us(0.99),
            journal_commit_ms=commit_ms or None,
            queue=queue,
            latency_max_us=decided.max_us,
            lag_us=decided.last_ns / 1000 if decided.count and self._is_live else None,
            rss_bytes=resident_bytes(),
            sent_p50_us=sent.quantile_us(0.5),
            sent_p99_us=sent.quantile_us(0.99),
            sent_max_us=sent.max_us,
            clock_us=self._offset.bound_us(at_ns) if self._is_live else None,
        )
