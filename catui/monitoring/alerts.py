"""The register of alerts: raised once, counted, acknowledged, cleared, and forgotten a minute later."""

from msgspec.structs import replace

from catui.domain.events import AckAlert, Command, MuteAlert
from catui.domain.reports import Alert
from catui.monitoring.scene import Finding, Findings

Register = dict[str, Alert]
KEPT_NS = 60_000_000_000


def registered(register: Register, findings: Findings, now_ns: int) -> tuple[Register, tuple[Alert, ...]]:
    """The register after `findings`, and the alerts that were raised or cleared by them.

    Law: an alert that is open is raised no second time; `hold` never raises and never clears.
    """
    after: Register | None = None
    told: list[Alert] = []
    for finding in findings:
        before = (register if after is None else after).get(f"{finding.kind} {finding.scope}")
        alert = _next(before, finding, now_ns)
        if alert is not None and alert is not before:
            after = dict(register) if after is None else after
            after[alert.id] = alert
            told.append(alert)
    return register if after is None else after, tuple(told)


def _next(before: Alert | None, finding: Finding, now_ns: int) -> Alert | None:
    is_open = before is not None and before.cleared_ns is None
    if finding.level == "on" and not is_open:
        count = 1 if before is None else before.count + 1
        id = f"{finding.kind} {finding.scope}"
        return Alert(id, finding.kind, finding.scope, finding.severity, finding.text, now_ns, count)
    if finding.level == "off" and before is not None and is_open:
        return replace(before, cleared_ns=now_ns)
    return before


Muted = dict[str, int]  # by kind of alert: until when


def silenced(muted: Muted, command: Command | None, now_ns: int) -> Muted:
    """What is muted after a MuteAlert, and without what is over.

    Law: it changes nothing about which alerts are raised, cleared or counted.
    """
    if command is not None and isinstance(command.action, MuteAlert):
        muted = {**muted, command.action.kind: now_ns + command.action.ttl_s * 1_000_000_000}
    return {kind: until for kind, until in muted.items() if until > now_ns} if muted else muted


def forgotten(register: Register, now_ns: int) -> Register:
    """The register without what was cleared a minute ago; what is open stays, however old."""
    kept = {id: a for id, a in register.items() if a.cleared_ns is None or now_ns - a.cleared_ns < KEPT_NS}
    return kept if len(kept) < len(register) else register


def acknowledged(register: Register, command: Command | None) -> tuple[Register, tuple[Alert, ...]]:
    """The register after an AckAlert, and the alerts that it cleared: anomalies and notes, which nothing else clears.

    Law: an alert that is cleared already keeps the time at which it was.
    """
    if command is None or not isinstance(command.action, AckAlert):
        return register, ()
    wanted = command.action.alert_id
    after, told = dict(register), []
    for id, alert in register.items():
        if wanted is None or id == wanted:
            is_cleared_by_it = alert.kind in ("anomaly", "note") and alert.cleared_ns is None
            cleared_ns = command.ts_receive_ns if is_cleared_by_it else alert.cleared_ns
            after[id] = replace(alert, is_acknowledged=True, cleared_ns=cleared_ns)
            if is_cleared_by_it:
                told.append(after[id])
    return after, tuple(told)
