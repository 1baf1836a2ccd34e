"""Causes: the steps that an account of why asks for, stepped again from the run, a slice at a time."""

from collections.abc import Generator

from catui.runtime.past.states import States
from catui.runtime.past.track import Track
from catui.why import Ask, At, First, Node, Since, Story, Transition

Steps = Generator[int, None, Transition | None]


def told(states: States, track: Track, story: Story) -> Generator[int, None, Node]:
    """The account, told to its end. IntegrityError: a block on the way is damaged."""
    try:
        ask = next(story)
        while True:
            ask = story.send((yield from _answer(states, track, ask)))
    except StopIteration as done:
        found: Node = done.value
        return found


def _answer(states: States, track: Track, ask: Ask) -> Steps:
    match ask:
        case At(seq=seq):
            return (yield from states.stepping(seq)) if 1 <= seq <= track.seq else None
        case Since():
            return (yield from _since(states, track, ask))
        case First():
            return (yield from _first(states, track, ask))


def _since(states: States, track: Track, ask: Since) -> Steps:
    """Several events may have come at one time: the first of them that it holds of."""
    for seq in range(track.seq_at(ask.ts_ns - 1) + 1, track.seq_at(ask.ts_ns) + 1):
        step = yield from states.stepping(seq)
        if ask.holds(step):
            return step
    return None


def _first(states: States, track: Track, ask: First) -> Steps:
    """By bisection, at checkpoints while there are any in between: what holds once holds from then on."""
    low, high = ask.after_seq, min(ask.until_seq, track.seq)
    if low >= high or not ask.holds((yield from states.walk(high))):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        at = states.checkpoints.before(middle)
        middle = at if at > low else middle
        if ask.holds((yield from states.walk(middle))):
            high = middle
        else:
            low = middle
    return (yield from states.stepping(high))
