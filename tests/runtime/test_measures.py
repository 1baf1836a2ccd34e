"""What an engine says of itself was measured: by hand, against a list of all that was heard, and never in a replay."""

import asyncio
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from run_world import ran

from catui.domain.events import Event, Gap, Quote, Report, Tick, Trade
from catui.domain.orders import Cause, Side
from catui.runtime.measures import WINDOW_NS, Measures, Offset, Sends
from catui.runtime.tally import Tally
from catui.snapshot import View

KEY, S, US = "a:X", 1_000_000_000, 1_000


def trade(receive_ns: int, event_ns: int | None) -> Trade:
    return Trade(KEY, receive_ns, event_ns, 1, 100, 1, Side.BUY)


def report(id: str, at_ns: int, cause: Cause = Cause.BYTES_LEFT) -> Report:
    return Report(id, at_ns, None, cause, "socket")


def test_an_order_is_timed_from_its_decision_to_the_bytes_that_left() -> None:
    sends = Sends()
    for id, decided_ns, left_ns in (("a", 1_000, 4_000), ("b", 2_000, 12_000)):
        sends.decided(id, decided_ns)
        sends.heard(report(id, left_ns))
    assert sends.latency.count == 2
    assert sends.latency.max_us == 10.0


def test_an_order_of_which_no_byte_left_and_one_that_is_not_ours_are_not_timed() -> None:
    sends = Sends()
    sends.decided("a", 1_000)
    sends.heard(report("a", 2_000, Cause.NOTHING_LEFT))
    sends.heard(report("a", 3_000))
    sends.heard(report("foreign", 3_000))
    assert sends.latency.count == 0
    assert sends.latency.max_us is None


def test_the_clock_bound_by_hand() -> None:
    offset = Offset()
    assert offset.bound_us(0) is None
    for event in (trade(10_000 * US, 9_000 * US), trade(20_000 * US, 19_700 * US), Tick(20_000 * US),
                  trade(30_000 * US, None), Gap(KEY, 0, "lost", 1, 3),
                  Quote(KEY, 40_000 * US, 39_500 * US, 1, 1, 2, 1)):  # fmt: skip
        offset.heard(event)
    assert offset.bound_us(40_000 * US) == 300.0
    offset.heard(trade(50_000 * US, 50_020 * US))
    assert offset.bound_us(50_000 * US) == -20.0


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 50 * S), st.integers(-S, S)), min_size=1, max_size=40), st.integers(0, 70 * S))
def test_the_clock_bound_is_the_least_of_a_window_of_thirty_to_sixty_seconds(
    heard: list[tuple[int, int]], wait_ns: int
) -> None:
    offset, now_ns, all_of_it = Offset(), 1_700_000_000 * S, []
    for later_ns, distance in heard:
        now_ns += later_ns
        offset.heard(trade(now_ns, now_ns - distance))
        all_of_it.append((now_ns, distance))
    now_ns += wait_ns
    told = offset.bound_us(now_ns)
    fresh = [distance for at_ns, distance in all_of_it if now_ns - at_ns < WINDOW_NS // 2]
    known = [distance for at_ns, distance in all_of_it if now_ns - at_ns < WINDOW_NS]
    if told is None:
        assert not fresh
    else:
        assert told * US in known
        assert min(known) <= told * US <= min(fresh, default=told * US)


def test_without_a_clock_of_ours_neither_clock_nor_wire_is_measured() -> None:
    measures = Measures(Tally("tape"), is_live=False, is_replay=False)
    events: list[Event] = [trade(10, 5), report("a", 10)]
    measures.heard(events)
    health = measures.health(10, 0, 0.0)
    assert (health.clock_us, health.sent_p50_us, health.sent_max_us, health.lag_us) == (None, None, None, None)
    assert health.journal_commit_ms is None


def test_a_replay_shows_no_latency_and_the_run_itself_does(tmp_path: Path) -> None:
    first, _ = asyncio.run(ran(tmp_path, 3.0))
    lived = first.snapshot(View()).health
    assert lived.latency_p50_us is not None
    again, _ = asyncio.run(ran(tmp_path, None, f"run:{first.engine.journal.directory}"))
    health = again.snapshot(View()).health
    assert (health.latency_p50_us, health.latency_p99_us, health.latency_max_us) == (None, None, None)
    assert (health.sent_p50_us, health.sent_max_us, health.clock_us, health.lag_us) == (None, None, None, None)
