"""Who calls out alerts: which ones are new since the last snapshot, and worth a line and a bell."""

from collections.abc import Sequence

from catui.console.panes.alerts import GLYPHS
from catui.console.render.text import Cell, shown
from catui.snapshot import AlertView, Snapshot

CALLED = ("warning", "critical")  # an info waits in its pane


class Crier:
    """Knows what it has called. What was open when the console came is known to somebody already."""

    def __init__(self) -> None:
        self._known: frozenset[tuple[str, int]] | None = None
        self._seen: Snapshot | None = None

    def new(self, snapshot: Snapshot) -> Sequence[AlertView]:
        """Alerts raised since: neither muted nor acknowledged nor over. One that is raised again is new again."""
        if snapshot is self._seen:
            return ()
        self._seen = snapshot
        known, raised = self._known, frozenset((each.id, each.since_ns) for each in snapshot.alerts)
        self._known = raised
        if known is None:
            return ()
        return [each for each in snapshot.alerts if (each.id, each.since_ns) not in known and _is_called(each)]


def _is_called(alert: AlertView) -> bool:
    is_quiet = alert.is_acknowledged or alert.cleared_ns is not None or alert.muted_until_ns is not None
    return alert.severity in CALLED and not is_quiet


def called(alerts: Sequence[AlertView]) -> Cell:
    """The line: the first one, and how many more. The severity is a glyph and a word."""
    first = min(alerts, key=lambda each: each.severity != "critical")
    more = f"  and {len(alerts) - 1} more" if len(alerts) > 1 else ""
    return Cell(f"{GLYPHS[first.severity]} {first.severity.upper()} {shown(first.text, 120)}{more}")
