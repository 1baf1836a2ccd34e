"""What flowed in the last seconds: counted like a scan of the run counts it, by a copy that ends where the run was."""

from pathlib import Path

import pytest
from past_world import Recorded, answers, recorded

from catui.core.fuse import plain
from catui.core.plan import boxes_of
from catui.core.plan_of import plan_of
from catui.domain.events import Quote, Trade
from catui.pipeline import pipeline
from catui.runtime.past.follower import WINDOW_NS, Follower
from catui.runtime.past.messages import Flowed, Follow, Inspect, Inspected, Seek, ToSeq
from catui.runtime.past.seeker import Seeker

KEY = "simulated:BTCUSDT"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("runs"), 10.0)


@pytest.fixture
def seeker(run: Recorded, tmp_path: Path) -> Seeker:
    return Seeker(run.directory, tmp_path, interval=256)


def flowed(seeker: Seeker, seq: int, key: str = KEY) -> Flowed:
    [found] = [each for each in answers(seeker, Follow(1, seq, key)) if isinstance(each, Flowed)]
    return found


def test_every_box_of_the_plan_has_a_wire_and_no_other(run: Recorded, seeker: Seeker) -> None:
    end = len(run.events)
    boxes = {box.path for box in boxes_of(plan_of(run.machine, run.states[end]))}
    assert {wire.path for wire in flowed(seeker, end).wires} == boxes


def test_counts_are_those_of_a_scan_of_the_last_seconds(run: Recorded, seeker: Seeker) -> None:
    for seq in (len(run.events), len(run.events) // 2):
        found = flowed(seeker, seq)
        until_ns = run.events[seq - 1].ts_receive_ns
        first = sum(event.ts_receive_ns <= until_ns - WINDOW_NS for event in run.events)
        counts = {wire.path: wire.count for wire in found.wires}
        window = run.events[first:seq]
        assert (found.seq, found.events, found.span_ns) == (seq, len(window), WINDOW_NS)
        assert counts["desk/control"] == counts["desk/monitoring/metrics"] == len(window)
        assert counts["desk/market"] == counts["desk/roster"] == sum(isinstance(e, Quote | Trade) for e in window)
        assert counts["desk/features"] == sum(isinstance(e, Quote) for e in window)
        machine, state, wished, booked = pipeline(run.reader.manifest.desk), run.states[first], 0, 0
        for event in window:
            state, outputs = machine.step(state, event)
            wished += bool(outputs.requests)
            booked += bool(outputs.fills)
        assert wished > 0
        assert counts["desk/execution"] == wished
        assert counts["desk/positions"] == booked


def test_the_copy_ends_where_the_run_was(run: Recorded, seeker: Seeker) -> None:
    follower = Follower(run.reader.manifest.desk, run.machine, seeker._track, seeker.states)
    for seq in (400, 700, 700, 650, 1_000):
        for _ in follower.upto(1, seq, KEY):
            pass
        assert follower.seq == seq
        assert plain(run.machine, follower.state) == run.states[seq]


def test_going_on_tells_the_same_as_beginning_anew(run: Recorded, seeker: Seeker, tmp_path: Path) -> None:
    for seq in (900, 960, 1_100):
        on = flowed(seeker, seq)
        anew = flowed(Seeker(run.directory, tmp_path, interval=256), seq)
        assert (on.seq, on.span_ns, on.events) == (anew.seq, anew.span_ns, anew.events)
        assert [(w.path, w.count) for w in on.wires] == [(w.path, w.count) for w in anew.wires]


def test_a_time_is_told_where_steps_were_made_and_words_where_something_passed(run: Recorded, seeker: Seeker) -> None:
    found = {wire.path: wire for wire in flowed(seeker, len(run.events)).wires}
    assert all((wire.p50_us is not None) == (wire.count > 0) for wire in found.values())
    assert (found["desk"].p50_us or 0) > (found["desk/monitoring"].p50_us or 0) > 0
    for path in ("desk/features", "desk/strategies", "desk/ensemble", "desk/planning", "desk/targets", "desk/history",
                 "desk/correlation"):  # fmt: skip
        assert found[path].last
    for path in ("desk/targets", "desk/history", "desk/correlation", "desk/monitoring/candles"):
        assert found[path].kept
    early = {wire.path: wire for wire in flowed(seeker, 1).wires}
    assert early["desk/orders"].count == 0


def test_a_moment_that_is_asked_for_after_the_wires_is_answered_too(run: Recorded, seeker: Seeker) -> None:
    said = answers(seeker, Follow(1, 900, KEY), Seek(2, ToSeq(300)), Inspect(3, "", 500), Follow(4, 901, KEY))
    assert [each.id for each in said if isinstance(each, Flowed)] == [4]
    assert [each.id for each in said if isinstance(each, Inspected)] == [3]


def test_an_instrument_that_the_desk_has_not_is_no_fault(run: Recorded, seeker: Seeker) -> None:
    found = {wire.path: wire for wire in flowed(seeker, 900, "nowhere:X").wires}
    assert found["desk/features"].count > 0
    assert found["desk/features"].last == ""
