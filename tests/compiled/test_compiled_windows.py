"""Windows under numba: the same outputs and the same bytes of state as by tuples and lists, wherever they stand."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catui.compiled import Compiled
from catui.core import window
from catui.core.fuse import fuse, fused, plain
from catui.core.machine import Machine, each, feedback, identity, lift, optional, resume, run, scan
from catui.runtime import statecodec

pytest.importorskip("numba")

Pair = tuple[float, float]
HARD = (0.0, -0.0, 1e150, -1.7e308, 5e-324, 1e8, 1e8 + 1e-3)


def hard(count: int, seed: int = 3) -> list[float]:
    """Noise, with everything in between that a window could trip over."""
    random = Random(seed)
    return [random.choice((*HARD, random.gauss(0.0, 1.0), random.gauss(1e8, 1e-3))) for _ in range(count)]


def _crossing(told: tuple[float | None, tuple[float | None, float | None]]) -> Pair | None:
    fast, (slow, spread) = told
    if fast is None or slow is None or spread is None:
        return None
    return fast, (fast - slow) * spread


def _less_half(pair: Pair) -> Pair:
    x, back = pair
    return x - 0.5 * back, x


def _tied(pair: tuple[float | None, float]) -> tuple[float | None, float]:
    low, x = pair
    return low, x if low is None else low


def everything() -> Machine[Any, float, Any]:
    """Every shape of a window: two that share one, one behind None, one in a knot, one of pairs, one with kernels."""
    slow = window.mean(6)
    pairs: Machine[Any, Pair, Any] = window.correlation(5)
    behind = (window.mean(3) & (slow & slow)).map(_crossing) >> optional(pairs)
    tied = feedback(0.0, lift(_less_half) >> (window.minimum(5) * identity) >> lift(_tied))
    return behind & tied & window.zscore(4) & window.quantile(5, 0.3)


def small() -> Machine[Any, float, Any]:
    """One window of floats alone, and one with rings of both kinds."""
    return window.mean(3) & window.rank(4)


def bits(values: list[Any]) -> list[str]:
    return [repr(value) for value in values]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return Compiled(fuse(everything(), float), tmp_path_factory.mktemp("fused"))


numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(HARD))


def test_three_readings_are_the_same_bits(compiled: Compiled) -> None:
    machine = everything()
    twin = fused(machine, float)

    @given(st.lists(numbers, max_size=40))
    @settings(max_examples=40)
    def same(xs: list[float]) -> None:
        state, expected = scan(machine, xs)
        live_state, told = scan(twin, xs)
        assert bits(told) == bits(expected)
        after, outs = compiled.scan(compiled.columns(xs)) if xs else (machine.init, [])
        assert bits(compiled.values(outs)) == bits(expected)
        assert statecodec.encode(after) == statecodec.encode(plain(twin, live_state)) == statecodec.encode(state)

    same()


Goes = Callable[[Any, list[float]], tuple[Any, list[Any]]]


def test_a_checkpoint_of_one_reading_goes_on_in_another(compiled: Compiled) -> None:
    machine, flat = everything(), compiled.flat
    twin = fused(machine, float)
    xs = hard(60)
    expected = run(machine, xs)

    def by_numba(state: Any, some: list[float]) -> tuple[Any, list[Any]]:
        after, outs = compiled.scan(compiled.columns(some), state)
        return after, compiled.values(outs)

    def by_lists(state: Any, some: list[float]) -> tuple[Any, list[Any]]:
        after, told = scan(resume(twin, state), some)
        return plain(twin, after), told

    def by_tuples(state: Any, some: list[float]) -> tuple[Any, list[Any]]:
        return scan(resume(machine, state), some)

    ways: tuple[Goes, ...] = (by_numba, by_lists, by_tuples)
    for cut in (1, 5, 29):
        for first in ways:
            state, told = first(machine.init, xs[:cut])
            kept = statecodec.decode(statecodec.encode(state))
            assert flat.plain(flat.flat(kept)) == kept
            for second in ways:
                assert bits(told + second(kept, xs[cut:])[1]) == bits(expected)


def test_one_copy_a_key_is_each(tmp_path: Path) -> None:
    random = Random(2)
    seen = [(random.randrange(5), x) for x in hard(300, 4)]
    keyed: Machine[Any, tuple[int, float], tuple[int, Any]] = each(small())
    expected = [told for _, told in run(keyed, seen)]
    compiled = Compiled(fuse(small(), float), tmp_path)
    outs = compiled.scan_each(np.array([k for k, _ in seen]), 5, compiled.columns([x for _, x in seen]))
    assert bits(compiled.values(outs)) == bits(expected)


def test_a_long_run_far_from_zero_keeps_its_variance(tmp_path: Path) -> None:
    """A million ticks about 1e8 with noise of 1e-3: off by less than 1e-9 of the true variance, then and at the end."""
    length = 1_000
    noise = np.random.default_rng(5).normal(0.0, 1e-3, 1_000_000)
    seen = 1e8 + noise
    long = Compiled(fuse(window.variance(length), float), tmp_path)
    _, (is_there, told) = long.scan([seen])
    assert not is_there[: length - 1].any()
    assert is_there[length - 1 :].all()
    away = seen - 1e8  # exact: so much is left of the noise in the inputs
    for at in (length - 1, 499_999, 999_999):
        true = np.var(away[at + 1 - length : at + 1], ddof=1)
        assert told[at] == pytest.approx(true, rel=1e-9)
