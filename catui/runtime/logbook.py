"""The engine's log: what happened in lines for people, numbered from 1, the last 5,000 of them.

    commands with their answers, fills, ends of orders, alerts, states of feeds, gaps, and what libraries warn of

Each console says in its `View` which line it has had last; the next snapshot brings the ones behind it. So a line is
sent once, and a console that comes late has the whole ring. Everything passes the text gate here.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from catui.domain.events import Command, Event, FeedState, FeedStatus, Gap
from catui.domain.orders import Order, Status
from catui.domain.reports import OrderTable, Outputs
from catui.domain.settings import Desk
from catui.runtime.marks import alert_text, command_text, fill_text, order_text
from catui.snapshot import LogView
from catui.text import printable

KEPT = 5_000
AT_ONCE = 200  # lines in one snapshot
CELLS = 200
LEVELS = {"info": "info", "warning": "warning", "critical": "error"}

Told = tuple[str, str, str]  # level, topic, text


class Logbook:
    """The ring. Lines may come from other threads: libraries log where they run."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lines: deque[LogView] = deque(maxlen=KEPT)
        self._count = 0
        self._ended: dict[str, Order] = {}
        self._lock = threading.Lock()

    def add(self, ts_ns: int, level: str, topic: str, text: str) -> None:
        """One more line."""
        with self._lock:
            self._count += 1
            self._lines.append(LogView(self._count, ts_ns, level, topic, printable(text, CELLS)))

    def behind(self, number: int) -> tuple[LogView, ...]:
        """The lines behind `number`, oldest first, as many as one snapshot may hold; all of them behind one that there
        never was: that console has seen another engine."""
        with self._lock:
            if number == self._count:
                return ()
            first = self._count - len(self._lines) + 1
            start = number + 1 - first if number <= self._count else 0
            return tuple(islice(self._lines, max(start, 0), max(start, 0) + AT_ONCE))

    def observe(self, event: Event, outputs: Outputs, orders: OrderTable) -> None:
        """What one step did."""
        kind = type(event)
        if outputs.fills or outputs.alerts or kind is Command or kind is Gap or kind is FeedStatus:
            for told in _told(self._desk, event, outputs):
                self.add(event.ts_receive_ns, *told)
        if orders.ended is not self._ended:
            for order in _newly(orders.ended, self._ended):
                self.add(event.ts_receive_ns, *_end(self._desk, order))
            self._ended = orders.ended


def _told(desk: Desk, event: Event, outputs: Outputs) -> Iterator[Told]:
    match event:
        case Command():
            for result in outputs.results:
                level, verdict = ("info", "ok") if result.ok else ("warning", "REFUSED")
                yield level, "command", f"{command_text(desk, event)}: {verdict}, {result.text}"
        case Gap(instrument=key, reason=reason, expected=expected, got=got):
            yield "warning", "gap", f"{key.rpartition(':')[2]} {reason}: expected {expected}, got {got}"
        case FeedStatus(feed=feed, state=state, detail=detail):
            level = "warning" if state is FeedState.DOWN else "info"
            yield level, "feed", f"{feed} {state.value}{f': {detail}' if detail else ''}"
        case _:
            pass
    for fill in outputs.fills:
        rested = "maker" if fill.execution.is_maker else "taker"
        yield "info", "fill", f"filled {fill_text(desk.by_key[fill.instrument], fill)} {rested}, order {fill.order_id}"
    for alert in outputs.alerts:
        over = "" if alert.cleared_ns is None else "over: "
        yield LEVELS[alert.severity] if not over else "info", "alert", f"{over}{alert_text(alert)}"


def _newly(ended: dict[str, Order], before: dict[str, Order]) -> list[Order]:
    """The orders that ended since; newest first in the table, so that only they are looked at."""
    new: list[Order] = []
    for id, order in reversed(ended.items()):
        if id in before:
            break
        new.append(order)
    return new[::-1]


def _end(desk: Desk, order: Order) -> Told:
    level = "warning" if order.status in (Status.REJECTED, Status.DENIED) else "info"
    terms = order_text(desk.by_key[order.intent.instrument], order)
    note = f": {order.note}" if order.note else ""
    return level, "order", f"{order.status.value} {terms}, order {order.id}{note}"


Say = Callable[[str, str, str], None]  # level, topic, text


@contextmanager
def libraries_heard(say: Say) -> Iterator[None]:
    """Within it, what libraries warn of becomes lines: one a record, without tracebacks and without their locals."""
    handler = _Handler(say)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


class _Handler(logging.Handler):
    def __init__(self, say: Say) -> None:
        super().__init__(logging.WARNING)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Add the record; one whose arguments do not fit its message says so instead of being lost."""
        try:
            text = record.getMessage()
        except Exception as error:
            text = f"{record.msg} ({type(error).__name__} in its arguments)"
        if record.exc_info and record.exc_info[1] is not None:
            text += f": {type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        level = "error" if record.levelno >= logging.ERROR else "warning"
        self._say(level, record.name, text)
