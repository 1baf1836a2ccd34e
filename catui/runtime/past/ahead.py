"""Working ahead: checkpoints where they are too far apart, the nearest to the moment looked at first."""

from collections.abc import Callable, Generator

from catui.core.fuse import plain
from catui.runtime.past.checkpoints import gaps, nearest
from catui.runtime.past.states import SLICE, States, Walk
from catui.runtime.past.track import Track


def ahead(states: States, track: Track, looked_at: Callable[[], int]) -> Generator[int]:
    """Fill the gaps between checkpoints, a slice at a time; each turn says how much is done, in percent.

    Ends when there is no gap left, or no room on the shelf. IntegrityError: a block is damaged.
    """
    checkpoints, interval = states.checkpoints, states.interval
    while stretches := gaps(checkpoints.seqs, track.seq, interval):
        start, end = nearest(stretches, looked_at())
        at, state = checkpoints.state(start)
        while (end - at) * 2 > interval * 3 and nearest(stretches, looked_at()) == (start, end):
            for _ in range(0, interval, SLICE):
                state = states.stepped(Walk(at, state), min(at + SLICE, track.seq))
                at = min(at + SLICE, track.seq)
                yield percent(stretches, track.seq)
            if not checkpoints.put(at, plain(states.machine, state)):
                return
            stretches = [(at, end) if each[0] == start else each for each in stretches]
            start = at


def percent(stretches: list[tuple[int, int]], last_seq: int) -> int:
    """How much of a run has checkpoints near enough, in percent."""
    return 100 - sum(end - start for start, end in stretches) * 100 // max(last_seq, 1)
