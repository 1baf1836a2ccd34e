"""The register of alerts: raised once, counted again, acknowledged, cleared, forgotten."""

from hypothesis import given
from hypothesis import strategies as st
from monitoring_world import NOW, A, S, command

from catui.domain.events import AckAlert, Note
from catui.domain.reports import Alert
from catui.monitoring.alerts import Register, acknowledged, forgotten, registered
from catui.monitoring.scene import Finding

STALE = f"stale_feed {A}"
ON = Finding("stale_feed", A, "warning", "on", "4 s")
HOLD = Finding("stale_feed", A, "warning", "hold", "2 s")
OFF = Finding("stale_feed", A, "warning", "off", "0 s")
OVERFILL = Finding("anomaly", "overfill", "warning", "on", "2 lots too many")


def raised(*findings: Finding, at_ns: int = NOW) -> Register:
    return registered({}, findings, at_ns)[0]


def test_an_alert_says_what_was_found_and_since_when() -> None:
    register, told = registered({}, (ON,), NOW)
    alert = Alert(STALE, "stale_feed", A, "warning", "4 s", NOW)
    assert register == {STALE: alert}
    assert told == (alert,)


def test_what_is_open_is_raised_no_second_time() -> None:
    register = raised(ON)
    again, told = registered(register, (ON, HOLD), NOW + S)
    assert again is register
    assert told == ()


def test_hold_and_off_raise_nothing() -> None:
    empty: Register = {}
    register, told = registered(empty, (HOLD, OFF), NOW)
    assert register is empty
    assert told == ()


def test_off_clears_and_says_so_once() -> None:
    register, told = registered(raised(ON), (OFF,), NOW + S)
    assert [(a.id, a.since_ns, a.cleared_ns) for a in told] == [(STALE, NOW, NOW + S)]
    later, nothing = registered(register, (OFF,), NOW + 2 * S)
    assert later is register
    assert nothing == ()


def test_an_alert_that_comes_again_within_a_minute_is_counted_and_unseen_again() -> None:
    register, _ = acknowledged(raised(ON), command(AckAlert()))
    register, _ = registered(register, (OFF,), NOW + S)
    register, (alert,) = registered(forgotten(register, NOW + 60 * S), (ON,), NOW + 60 * S)
    assert (alert.count, alert.since_ns, alert.cleared_ns, alert.is_acknowledged) == (2, NOW + 60 * S, None, False)


def test_a_cleared_alert_is_forgotten_after_a_minute_and_counts_from_one() -> None:
    register, _ = registered(raised(ON), (OFF,), NOW + S)
    assert forgotten(register, NOW + 61 * S - 1) is register
    assert forgotten(register, NOW + 61 * S) == {}
    _, (alert,) = registered({}, (ON,), NOW + 61 * S)
    assert alert.count == 1


def test_what_is_open_is_never_forgotten() -> None:
    register = raised(ON, OVERFILL)
    assert forgotten(register, NOW + 10**6 * S) is register


def test_acknowledging_one_alert_leaves_it_open_and_the_others_unseen() -> None:
    register, cleared = acknowledged(raised(ON, OVERFILL), command(AckAlert(STALE), NOW + S))
    assert cleared == ()
    assert [(a.is_acknowledged, a.cleared_ns) for a in register.values()] == [(True, None), (False, None)]


def test_an_anomaly_is_cleared_by_who_has_seen_it_and_told_of() -> None:
    register, cleared = acknowledged(raised(ON, OVERFILL), command(AckAlert(), NOW + S))
    assert [(a.is_acknowledged, a.cleared_ns) for a in register.values()] == [(True, None), (True, NOW + S)]
    assert cleared == (register["anomaly overfill"],)


def test_a_note_stands_until_somebody_has_seen_it() -> None:
    note = Finding("note", "desk-1", "info", "on", "slower than it could be")
    register = raised(note)
    assert registered(register, (OFF,), NOW + S) == (register, ())
    after, cleared = acknowledged(register, command(AckAlert("note desk-1"), NOW + S))
    assert cleared == (after["note desk-1"],)
    assert after["note desk-1"].cleared_ns == NOW + S


def test_an_anomaly_that_is_cleared_keeps_its_time() -> None:
    first, _ = acknowledged(raised(OVERFILL), command(AckAlert(), NOW + S))
    second, cleared = acknowledged(first, command(AckAlert(), NOW + 30 * S))
    assert (second, cleared) == (first, ())


def test_an_anomaly_is_cleared_by_nothing_else() -> None:
    register = raised(OVERFILL)
    assert acknowledged(register, None) == (register, ())
    assert acknowledged(register, command(Note("seen"))) == (register, ())
    assert acknowledged(register, command(AckAlert(STALE))) == (register, ())
    assert registered(register, (OFF,), NOW + S) == (register, ())


findings = st.lists(
    st.builds(
        Finding,
        kind=st.sampled_from(["stale_feed", "latency"]),
        scope=st.sampled_from(["x", "y"]),
        severity=st.just("warning"),
        level=st.sampled_from(["on", "hold", "off"]),
        text=st.just(""),
    ),
    max_size=4,
).map(tuple)


@given(st.lists(findings, max_size=30))
def test_of_one_alert_raising_and_clearing_alternate(steps: list[tuple[Finding, ...]]) -> None:
    register: Register = {}
    told: list[Alert] = []
    for second, found in enumerate(steps):
        register, news = registered(forgotten(register, second * S), found, second * S)
        told += news
    for id in {alert.id for alert in told}:
        opened = [alert.cleared_ns is None for alert in told if alert.id == id]
        assert opened == [n % 2 == 0 for n in range(len(opened))]
        assert (register[id].cleared_ns is None) == opened[-1]


@given(st.lists(findings, max_size=10), findings)
def test_a_register_that_was_handed_out_is_never_changed(
    steps: list[tuple[Finding, ...]], last: tuple[Finding, ...]
) -> None:
    register: Register = {}
    for second, found in enumerate(steps):
        register, _ = registered(register, found, second * S)
    before = dict(register)
    registered(register, last, 99 * S)
    acknowledged(register, command(AckAlert()))
    forgotten(register, 10**6 * S)
    assert register == before
