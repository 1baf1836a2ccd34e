"""Rings in a machine's state: one source, three readings; what would not mean the same in each is refused."""

from collections.abc import Callable, MutableSequence, Sequence
from math import floor, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from catui.core.fuse import Flat, FuseError, NotFlat, fuse, fused, plain
from catui.core.fuse.live import KEPT_INPUTS, Live, Texts
from catui.core.machine import Machine, atom, delay, feedback, lift, resume, run, scan
from catui.core.ring import Ring, change, look, put, ring_of
from catui.core.window import mean, median


class Lag(Struct, frozen=True, gc=False):
    """The last inputs, by slot; the next one goes into `at`."""

    past: Ring[float]
    at: int


def lag(ticks: int) -> Machine[Any, float, float]:
    """Every input so many ticks late: the naive loop is a delay of delays."""

    def step(s: Lag, x: float) -> tuple[Lag, float]:
        told = s.past[s.at]
        after = s.at + 1
        return Lag(put(s.past, s.at, x), after if after < len(s.past) else 0), told

    return atom(Lag(ring_of(ticks, 0.0), 0), step)


def lagged_when_positive(ticks: int) -> Machine[Any, float, float | None]:
    """`lag` of the positive inputs: the ring is changed in one branch and left alone in the other."""

    def step(s: Lag, x: float) -> tuple[Lag, float | None]:
        if x <= 0.0:
            return s, None
        told = s.past[s.at]
        past = put(s.past, s.at, x) if x < 1e6 else s.past
        at = s.at + 1
        if at == len(past):
            at = 0
        return Lag(past, at), told

    return atom(Lag(ring_of(ticks, 0.5), 0), step)


class Sorted(Struct, frozen=True, gc=False):
    """All inputs so far, in order, as far as there is room."""

    values: Ring[float]
    seen: Ring[int]


def shifted_in(values: MutableSequence[float], seen: MutableSequence[int], x: float) -> tuple[int, float]:
    """Insertion; how many there are, and the root of the largest."""
    at = seen[0]
    while at > 0 and values[at - 1] > x:
        values[at] = values[at - 1]
        at -= 1
    values[at] = x
    seen[0] += 1
    return seen[0], root_of(values, seen)


def root_of(values: Sequence[float], seen: Sequence[int]) -> float:
    return sqrt(abs(values[seen[0] - 1]))


def in_order(room: int) -> Machine[Any, float, tuple[int, float, float] | None]:
    """A kernel that calls another one, and one that only looks."""

    def step(s: Sorted, x: float) -> tuple[Sorted, tuple[int, float, float] | None]:
        if s.seen[0] >= room:
            return s, None
        (values, seen), (count, root) = change(shifted_in, (s.values, s.seen), x)
        return Sorted(values, seen), (count, root, look(root_of, (values, seen)))

    return atom(Sorted(ring_of(room, 0.0), ring_of(1, 0)), step)


floats = st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(-0.0)), max_size=40)
RINGED: list[Machine[Any, float, Any]] = [
    lag(1),
    lag(3),
    lagged_when_positive(2),
    in_order(12),
    feedback(0.0, lift(lambda p: p[0] + 0.5 * p[1]) >> lag(4) >> lift(lambda x: (x, x))),
]


def scanned(flat: Flat, values: list[float]) -> list[Any]:
    """The scan in plain Python over lists as columns."""
    columns = [list(column) for column in zip(*[flat.row(x) for x in values], strict=True)]
    outs: list[list[Any]] = [[None] * len(values) for _ in flat.outs]
    flat.functions["scan"](flat.parameters, flat.flat(flat.init), *columns, *outs, 0, len(values))
    return [flat.value(row) for row in zip(*outs, strict=True)]


@given(st.sampled_from(RINGED), floats)
def test_a_fused_ring_is_the_ring_to_the_bit(machine: Machine[Any, float, Any], xs: list[float]) -> None:
    state, expected = scan(machine, xs)
    twin = fused(machine, float)
    fused_state, told = scan(twin, xs)
    assert list(map(repr, told)) == list(map(repr, expected))
    assert repr(plain(twin, fused_state)) == repr(state)
    if xs:
        assert list(map(repr, scanned(fuse(machine, float), xs))) == list(map(repr, expected))


@given(st.sampled_from(RINGED), floats, floats, floats)
def test_a_state_with_a_ring_can_be_used_again(
    machine: Machine[Any, float, Any], past: list[float], one: list[float], two: list[float]
) -> None:
    twin = fused(machine, float)
    state, _ = scan(twin, past)
    expected = run(machine, past + two)[len(past) :]
    run(resume(twin, state), one)
    assert run(resume(twin, state), two) == expected


@given(st.integers(1, 5), floats)
def test_a_lag_is_a_delay_of_delays(ticks: int, xs: list[float]) -> None:
    delays: Machine[Any, float, float] = delay(0.0)
    for _ in range(ticks - 1):
        delays = delays >> delay(0.0)
    assert run(lag(ticks), xs) == run(delays, xs)


def test_lengths_are_no_part_of_the_text() -> None:
    assert fuse(lag(3), float).text == fuse(lag(300), float).text


def test_kernels_are_in_the_text_once_and_as_they_are_written() -> None:
    text = fuse(in_order(5) & in_order(5), float).text
    assert text.count("def shifted_in(") == text.count("def root_of(") == 1
    assert text.index("def root_of(") < text.index("def shifted_in(")
    assert '"""Insertion; how many there are, and the root of the largest."""' in text
    assert "from math import sqrt" in text


def test_a_kernel_gives_way_to_a_name_that_is_taken() -> None:
    def step(s: Sorted, x: float) -> tuple[Sorted, float]:
        root_of = x + 1.0
        (values, seen), (_, root) = change(shifted_in, (s.values, s.seen), 0.0)
        return Sorted(values, seen), root * root_of

    machine: Machine[Any, float, float] = atom(Sorted(ring_of(9, 0.0), ring_of(1, 0)), step)
    assert "def root_of_2(" in fuse(machine, float).text
    assert run(fused(machine, float), [1.0, 4.0]) == run(machine, [1.0, 4.0])


# ---- looking back


def test_a_state_that_was_told_stays_as_it_was() -> None:
    flat = fuse(mean(4), float)
    first = flat.flat(flat.init)
    live = flat.functions["live"](flat.parameters, first)
    next(live)
    live.send(1.0)
    held = live.send(...)
    before = flat.plain(held)
    live.send(2.0)
    assert flat.plain(held) == before
    flat.functions["step"](flat.parameters, first, 5.0)
    assert flat.plain(first) == flat.init


def test_looking_back_runs_the_text_and_not_the_closures() -> None:
    """The closures cost the length of the window at every step."""
    machine = mean(5_000) & median(2_000)
    texts = Texts(machine, float)
    texts.machine = lift(lambda x: x)  # the closures of something else
    live = Live(texts, machine.init)
    xs = [float(i * i % 97) for i in range(300)]
    for x in xs:
        live.send(x)
    assert live.replayed(250) == scan(machine, xs[:250])[0]
    assert live.leg.most >= KEPT_INPUTS + (2 * 2_500 + 5 * 2_000) // 8


def test_looking_back_reaches_over_the_moment_where_a_state_was_kept() -> None:
    machine = lag(2)
    live = Live(Texts(machine, float), machine.init)
    xs = [float(i) for i in range(2 * live.leg.most + 3)]
    for x in xs:
        live.send(x)
    for count in (len(xs), len(xs) - 4, live.leg.most + 1):
        assert live.replayed(count) == scan(machine, xs[:count])[0]
    with pytest.raises(LookupError, match="the state after step 5 of a fused machine is gone"):
        live.replayed(5)


def test_a_failure_leaves_the_run_where_it_stood() -> None:
    machine = (lag(2) & lift(_inverse)).map(lambda pair: pair[0] + pair[1])
    live = Live(Texts(machine, float), machine.init)
    for x in (1.0, 2.0, 4.0):
        live.send(x)
    with pytest.raises(ZeroDivisionError):
        live.send(0.0)
    assert live.plain() == scan(machine, [1.0, 2.0, 4.0])[0]
    assert live.send(8.0) == 2.0 + 0.125
    assert [live.replayed(k) for k in range(5)] == [scan(machine, [1.0, 2.0, 4.0, 8.0][:k])[0] for k in range(5)]


def _inverse(x: float) -> float:
    return 1.0 / x


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (Lag(ring_of(4, 0.0), 0), "has 4 slots, not 3"),
        (Lag(ring_of(3, 0), 0), "is no ring of floats"),
        (Lag((0.0, 0.0, 0.0), 0), "is no ring of floats"),  # type: ignore[arg-type]  # that is the point
    ],
)
def test_a_state_with_another_ring_is_not_of_this_shape(state: Lag, says: str) -> None:
    with pytest.raises(NotFlat, match=says):
        fuse(lag(3), float).flat(state)


# ---- what would not be the same in every reading


def _stale(s: Lag, x: float) -> tuple[Lag, float]:
    past = put(s.past, s.at, x)
    return Lag(past, s.at), s.past[0]


def _dropped(s: Lag, x: float) -> tuple[Lag, float]:
    _ = put(s.past, s.at, x)
    return s, x


def _forked(s: Lag, x: float) -> tuple[Lag, float]:
    past = put(s.past, 0, x)
    return Lag(put(s.past, 1, x), s.at), past[0]


def _stale_after_a_branch(s: Lag, x: float) -> tuple[Lag, float]:
    past = put(s.past, s.at, x) if x > 0.0 else s.past
    return Lag(past, s.at), s.past[0]


def _half_dropped(s: Lag, x: float) -> tuple[Lag, float]:
    if x > 0.0:
        past = put(s.past, s.at, x)
        return Lag(s.past, s.at), past[0]
    return s, x


def _handed_out(s: Lag, x: float) -> tuple[Lag, Ring[float]]:
    return s, s.past


def _by_a_float(s: Lag, x: float) -> tuple[Lag, float]:
    return s, s.past[x]  # type: ignore[index]  # that is the point


def _of_another_kind(s: Lag, x: float) -> tuple[Lag, float]:
    return Lag(put(s.past, s.at, s.at), s.at), x


def _into_a_tuple(s: Lag, x: float) -> tuple[Lag, float]:
    _ = put((x, x), 0, x)  # type: ignore[arg-type]  # that is the point
    return s, x


def _untold(values: MutableSequence[float]):  # type: ignore[no-untyped-def]  # that is the point
    return values[0]


def _untold_kernel(s: Lag, x: float) -> tuple[Lag, float]:
    return s, look(_untold, (s.past,))


LIMIT = 3.0


def _limited(values: MutableSequence[float]) -> float:
    return LIMIT


def _kernel_with_a_constant(s: Lag, x: float) -> tuple[Lag, float]:
    return s, look(_limited, (s.past,))


def _kernel_of_two(s: Lag, x: float) -> tuple[Lag, float]:
    (one, _), told = change(_touched, (s.past, s.past), x)
    return Lag(one, s.at), told


def _touched(one: MutableSequence[float], other: MutableSequence[float], x: float) -> float:
    one[0] = x
    return other[0]


def _kernel_without_rings(s: Lag, x: float) -> tuple[Lag, float]:
    return s, look(_limited, (x,))  # type: ignore[arg-type]  # that is the point


def _smallest(values: Sequence[float]) -> float:
    return values[0]


def _kernel_with_a_tuple(s: Lag, x: float) -> tuple[Lag, float]:
    return s, look(_smallest, (s.past,), (x, x))  # type: ignore[arg-type]  # that is the point


def _unknown_kernel(s: Lag, x: float) -> tuple[Lag, float]:
    return s, look(floor, (s.past,))


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (_stale, "a ring that was changed since: s.past[0]; read it before"),
        (_dropped, "a ring is not kept as it is now: return (s, x); keep it in its own field, and what `put` gives"),
        (_forked, "a ring that was changed since"),
        (_stale_after_a_branch, "a ring that was changed since: s.past[0]"),
        (_half_dropped, "a ring is not kept as it is now"),
        (_handed_out, "a ring leaves its machine: return (s, s.past); give out what is read from it"),
        (_by_a_float, "a slot of a ring that is no int"),
        (_of_another_kind, "an int in a ring of floats"),
        (_into_a_tuple, "put into something that is no ring"),
        (_untold_kernel, "the kernel _untold says not what it returns"),
        (_kernel_with_a_constant, "the kernel _limited uses LIMIT, which is not in the text"),
        (_kernel_of_two, "one ring twice"),
        (_kernel_without_rings, "something that is no ring among the rings"),
        (_kernel_with_a_tuple, "an argument of a kernel that is no number"),
        (_unknown_kernel, "no kernel, or no rings"),
    ],
)
def test_what_would_not_be_the_same_everywhere_is_refused(step: Callable[[Lag, float], Any], says: str) -> None:
    with pytest.raises(FuseError) as raised:
        fuse(atom(Lag(ring_of(3, 0.0), 0), step), float)
    assert says in str(raised.value)


def test_a_ring_that_may_be_none_is_refused() -> None:
    def step(s: Ring[float] | None, x: float) -> tuple[Ring[float] | None, float]:
        return s, x

    with pytest.raises(FuseError, match="a ring that may be None has no length"):
        fuse(atom(ring_of(3, 0.0), step), float)


def test_an_empty_ring_is_refused() -> None:
    with pytest.raises(FuseError, match="a ring holds floats alone or ints alone, one or more"):
        fuse(lag(0), float)
