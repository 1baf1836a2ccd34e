"""Muting: it ends by itself, it changes nothing about the alerts, and it comes back from a checkpoint."""

from hypothesis import given
from hypothesis import strategies as st
from monitoring_world import NOW, A, S, Watched, command, market, scene

from catui.domain.events import MuteAlert, Note, Tick
from catui.monitoring.alerts import silenced
from catui.runtime import statecodec

MINUTE = 60 * S


def test_a_kind_is_muted_for_its_time_and_no_longer() -> None:
    muted = silenced({}, command(MuteAlert("stale_feed", 60)), NOW)
    assert muted == {"stale_feed": NOW + MINUTE}
    assert silenced(muted, None, NOW + MINUTE - 1) == muted
    assert silenced(muted, None, NOW + MINUTE) == {}


def test_muting_again_counts_from_now_and_zero_ends_it() -> None:
    muted = silenced({}, command(MuteAlert("stale_feed", 60)), NOW)
    again = silenced(muted, command(MuteAlert("stale_feed", 60)), NOW + 30 * S)
    assert again == {"stale_feed": NOW + 90 * S}
    assert silenced(again, command(MuteAlert("stale_feed", 0)), NOW + 31 * S) == {}


def test_no_other_command_mutes_anything() -> None:
    nothing: dict[str, int] = {}
    assert silenced(nothing, command(Note("mute")), NOW) is nothing


@given(st.lists(st.tuples(st.integers(0, 2 * S), st.integers(0, 9), st.booleans()), max_size=30))
def test_what_is_raised_and_cleared_is_the_same_muted_or_not(steps: list[tuple[int, int, bool]]) -> None:
    loud, quiet, now_ns = Watched(), Watched(), NOW
    for wait_ns, age_s, is_muting in steps:
        now_ns += wait_ns
        markets = [market(quote_ns=now_ns - age_s * S)]
        event = command(MuteAlert("stale_feed", 60), now_ns) if is_muting else Tick(now_ns)
        silent = command(Note("nothing"), now_ns) if is_muting else Tick(now_ns)
        told = [watched.see(scene(each, markets=markets)).alerts for watched, each in ((quiet, event), (loud, silent))]
        assert told[0] == told[1]
    assert quiet.reports.alerts == loud.reports.alerts
    assert statecodec.decode(statecodec.encode(quiet.state)) == quiet.state
    assert A in str(quiet.reports.alerts) or not quiet.reports.alerts
