"""A step that asks much of what may be missing has a straight way for where nothing is, and means the same."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from catui.core.fuse import fuse
from catui.core.machine import Machine, atom, run, scan

Four = tuple[float | None, float | None, float | None, float | None]

NONE: Four = (None, None, None, None)
fours = st.tuples(*[st.none() | st.floats(-1e3, 1e3) for _ in range(4)])
mostly_there = st.lists(fours | st.tuples(*[st.floats(-1e3, 1e3) for _ in range(4)]), max_size=20)


class Before(Struct, frozen=True):
    """What was told last, and the weights."""

    told: Four
    weights: tuple[float, float, float, float]


def learns(s: Before, now: Four) -> tuple[Before, tuple[float, float | None]]:
    """Weights of those who were told twice move towards the product; the mean of those who are told."""
    weights: tuple[float, ...] = ()
    for w, was, x in zip(s.weights, s.told, now, strict=True):
        if was is None or x is None:
            weights = (*weights, w)
        else:
            weights = (*weights, w + 0.1 * (was * x - w))
    count, whole = 0.0, 0.0
    for w, x in zip(weights, now, strict=True):
        count += 0.0 if x is None else 1.0
        whole += 0.0 if x is None else w * x
    mean = whole / count if count > 0.0 else None
    return Before(now, weights), (count, mean)  # type: ignore[arg-type]  # four of them


def counts(s: float, now: Four) -> tuple[float, float]:
    """Asks once of each."""
    for x in now:
        s += 0.0 if x is None else 1.0
    return s, s


def machine() -> Machine[Any, Four, tuple[float, float | None]]:
    return atom(Before(NONE, (1.0, 1.0, 1.0, 1.0)), learns)


@given(mostly_there)
def test_both_ways_are_the_step_to_the_bit(told: list[Four]) -> None:
    flat = fuse(machine(), Four)
    live = flat.functions["live"](flat.parameters, flat.flat(flat.init))
    next(live)
    assert repr([live.send(x) for x in told]) == repr(run(machine(), told))
    state, _ = scan(machine(), told)
    assert repr(flat.plain(live.send(...))) == repr(state)


def test_the_straight_way_asks_nothing() -> None:
    lines = fuse(machine(), Four).text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.count("_there and ") == 7)
    straight = lines[start + 1 : lines.index("        else:", start)]
    assert "            s_weights_0 = s_weights_0 + 0.1 * (s_told_0 * x_0 - s_weights_0)" in straight
    assert not [line for line in straight if "if " in line]


def test_a_step_that_asks_little_is_written_once() -> None:
    assert "_there and " not in fuse(atom(0.0, counts), Four).text


def test_a_text_that_was_written_twice_depends_on_no_parameter() -> None:
    def of(by: float) -> Machine[Any, Four, Any]:
        def step(s: Before, now: Four) -> tuple[Before, float | None]:
            after, (count, mean) = learns(s, now)
            return after, None if mean is None else mean * by * count

        return atom(Before(NONE, (1.0, 1.0, 1.0, 1.0)), step)

    assert fuse(of(0.5), Four).text == fuse(of(2.0), Four).text
