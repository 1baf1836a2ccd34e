"""The past is what it was: any state equals stepping from the start, any frame equals the one that was shown."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict
from past_world import LOOK, Recorded, recorded, sought, worked_ahead

from catui.core.fuse import plain
from catui.runtime.past.messages import ToSeq
from catui.runtime.past.seeker import Seeker
from catui.snapshot import View

LIVE_ONLY = ("health", "results", "log")  # what an engine measures, answers and says while it runs


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def seeker(run: Recorded, tmp_path_factory: pytest.TempPathFactory) -> Seeker:
    return Seeker(run.directory, tmp_path_factory.mktemp("cache"), interval=256)


def test_every_frame_that_was_shown_is_found_again(run: Recorded, seeker: Seeker) -> None:
    assert len(run.frames) > 30
    for frame in run.frames:
        moment = sought(seeker, ToSeq(frame.seq))
        then, now = asdict(frame), asdict(moment.snapshot)
        for name in then.keys() - set(LIVE_ONLY):
            assert now[name] == then[name], (frame.seq, name)
        assert moment.snapshot.health.latency_p50_us is None
        assert moment.snapshot.results == ()
    assert run.frames[-1].ended == "duration"
    assert [frame.ended for frame in run.frames[:-1]] == [""] * (len(run.frames) - 1)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_state_is_the_one_that_stepping_from_the_start_gives(
    run: Recorded, seeker: Seeker, data: st.DataObject
) -> None:
    """Back and forth, on the borders of checkpoints and slices, and beside them."""
    last = len(run.events)
    borders = [at + off for at in range(0, last, 250) for off in (-1, 0, 1) if 0 <= at + off <= last]
    anywhere = st.integers(0, last) | st.sampled_from(borders)
    for seq in data.draw(st.lists(anywhere, min_size=1, max_size=6)):
        assert plain(run.machine, seeker.states.at(seq)) == run.states[seq], seq


def test_stepping_back_and_forth_one_event_at_a_time_gives_the_same_states(run: Recorded, seeker: Seeker) -> None:
    for seq in [*range(510, 490, -1), *range(490, 515)]:
        assert plain(run.machine, seeker.states.at(seq)) == run.states[seq], seq


def test_states_are_the_same_from_the_seekers_own_checkpoints(run: Recorded, tmp_path: Path) -> None:
    seeker = Seeker(run.directory, tmp_path, interval=256)
    sought(seeker, ToSeq(1))
    worked_ahead(seeker)
    seeker.close()
    again = Seeker(run.directory, tmp_path, interval=256)
    own = [seq for seq in again.states.checkpoints.seqs if seq % 500]
    assert len(own) >= len(run.events) // 500
    for seq in own:
        assert again.states.checkpoints.state(seq) == (seq, run.states[seq])
    again.close()


def test_a_step_is_told_with_what_was_known_before_and_what_came_of_it(run: Recorded, seeker: Seeker) -> None:
    [seq, *_] = {mark.seq for mark in run.marks}
    step = seeker.states.transition(seq)
    assert (step.seq, step.event, step.before) == (seq, run.events[seq - 1], run.states[seq - 1])
    assert plain(run.machine, step.after) == run.states[seq]
    assert step.outputs.seq == seq


def test_a_moment_shows_what_is_looked_at(run: Recorded, seeker: Seeker) -> None:
    other = run.reader.manifest.desk.instruments[1].key
    narrow, wide = sought(seeker, ToSeq(900), View(other, 3, 2)), sought(seeker, ToSeq(900), LOOK)
    assert (narrow.snapshot.shown, len(narrow.snapshot.book.bids)) == (other, 3)
    assert (wide.snapshot.shown, len(wide.snapshot.book.bids)) == (run.frames[0].shown, 12)
    assert narrow.snapshot.equity_money == wide.snapshot.equity_money
