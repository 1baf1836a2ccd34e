"""Machines in the dialect, and arbitrary trees of them: floats in, floats out, state of every kind."""

from math import exp, log, sqrt, tanh
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from catui.core import window
from catui.core.guard import guarded
from catui.core.machine import Machine, atom, delay, feedback, identity, lift, named, optional, resume
from catui.core.past import debounce, hysteresis

Floats = Machine[Any, float, float]


class Mean(Struct, frozen=True, gc=False):
    """An exponential mean, and how many it has seen."""

    mean: float
    seen: int


class Held(Struct, frozen=True, gc=False):
    """What was last held, if anything, and the last three inputs."""

    last: float | None
    three: tuple[float, float, float]
    is_up: bool


def ema(move: float) -> Floats:
    def step(s: Mean, x: float) -> tuple[Mean, float]:
        mean = s.mean + move * (x - s.mean) if s.seen > 0 else x
        return Mean(mean, s.seen + 1), mean

    return atom(Mean(0.0, 0), step)


def every_third() -> Machine[Any, float, float | None]:
    def step(count: int, x: float) -> tuple[int, float | None]:
        if count == 2:
            return 0, x
        return count + 1, None

    return atom(0, step)


def filled(blank: float) -> Machine[Any, float | None, float]:
    def step(s: Held, x: float | None) -> tuple[Held, float]:
        if x is None:
            kept = s.last if s.last is not None else blank
            return s, kept
        three = (*s.three[1:], x)
        is_up = s.last is not None and x > s.last
        total = 0.0
        for i, one in enumerate(three):
            if i > 0:
                total += one
        return Held(x, three, is_up), total if is_up else max(three)

    return atom(Held(None, (0.0, 0.0, 0.0), False), step)


def squashed(gain: float) -> Floats:
    def squash(x: float) -> float:
        return tanh(gain * x) if abs(x) < 1e3 else (1.0 if x > 0.0 else -1.0)

    return lift(squash)


def _signed_root(x: float) -> float:
    root = sqrt(abs(x))
    if x < 0.0:
        return -root
    return root


def rooted() -> Floats:
    return lift(_signed_root)


def _logged(x: float) -> float:
    return log(1.0 + exp(x)) if x < 30.0 else x


def accumulated(keep: float) -> Floats:
    """The sum of what came, decayed, by a knot."""

    def body(pair: tuple[float, float]) -> tuple[float, float]:
        x, held = pair
        total = held * keep + x
        return total, total

    return feedback(0.0, lift(body))


def _added(pair: tuple[float, float]) -> float:
    return pair[0] + pair[1]


def _product(pair: tuple[float, float]) -> float:
    a, b = pair
    return a * b if -1e6 < a * b < 1e6 else min(a, b)


def _twice(x: float) -> tuple[float, float]:
    return x, x


def _present(x: float | None) -> float:
    return 0.0 if x is None else x


def spread_of_every_third(length: int) -> Floats:
    return every_third() >> optional(window.variance(length).map(_known)) >> lift(_present)


def _known(x: float | None) -> float:
    return 1.0 if x is None else min(x, 100.0)


def _as_float(truth: bool) -> float:
    return 1.0 if truth else 0.0


LEAVES = st.one_of(
    st.floats(0.01, 1.0).map(ema),
    st.floats(0.1, 3.0).map(squashed),
    st.floats(0.0, 0.9).map(accumulated),
    st.floats(-1.0, 1.0).map(lambda blank: every_third() >> filled(blank)),
    st.floats(0.1, 1.0).map(lambda move: every_third() >> optional(ema(move)) >> lift(_present)),
    st.floats(-2.0, 2.0).map(delay),
    st.just(rooted()),
    st.just(lift(_logged)),
    st.just(identity),
    st.floats(0.1, 1.0).map(lambda move: guarded(ema(move), -10.0, 10.0).map(_present)),
    st.integers(1, 5).map(lambda length: window.mean(length).map(_present)),
    st.integers(2, 5).map(spread_of_every_third),
    st.integers(1, 5).map(lambda length: window.median(length).map(_present)),
    st.integers(1, 3).map(lambda length: (hysteresis(2.0, -1.0) >> debounce(length)).map(_as_float)),
)


def _grown(smaller: st.SearchStrategy[Floats]) -> st.SearchStrategy[Floats]:
    pairs = st.tuples(smaller, smaller)
    return st.one_of(
        pairs.map(lambda two: two[0] >> two[1]),
        pairs.map(lambda two: (two[0] & two[1]).map(_added)),
        pairs.map(lambda two: ((two[0] * two[1]).premap(_twice)).map(_product)),
        smaller.map(lambda one: named("inner", one)),
        st.tuples(smaller, st.lists(st.floats(-5.0, 5.0), max_size=4)).map(lambda two: _gone_on(*two)),
    )


def _gone_on(machine: Floats, inputs: list[float]) -> Floats:
    state = machine.init
    for x in inputs:
        state, _ = machine.step(state, x)
    return resume(machine, state)


machines: st.SearchStrategy[Floats] = st.recursive(LEAVES, _grown, max_leaves=6)
inputs: st.SearchStrategy[list[float]] = st.lists(st.floats(-50.0, 50.0), max_size=30)
