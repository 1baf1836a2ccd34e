"""Which kinds of alerts a person may mute."""

from collections.abc import Mapping

from catui.domain.events import MuteAlert
from catui.domain.reports import Alert

MOST_S = 14_400  # whoever is away for longer should not be told that all is quiet


def mute_fault(alerts: Mapping[str, Alert], action: MuteAlert) -> str | None:
    """Why this kind cannot be muted; None if it can: it is known by an alert of it, and none of them is critical."""
    known = [alert for alert in alerts.values() if alert.kind == action.kind]
    if not known:
        return "there is no alert of this kind"
    if any(alert.severity == "critical" for alert in known):
        return "critical alerts cannot be muted"
    if not 0 <= action.ttl_s <= MOST_S:
        return f"ttl must be 0 to {MOST_S} s, got {action.ttl_s}"
    return None
