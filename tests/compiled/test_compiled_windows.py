"""Windows in three readings: tuples, lists, arrays; the same outputs, and the same bytes of state."""

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from catui.compiled import Compiled
from catui.core import window
from catui.core.fuse import fuse, fused, plain
from catui.core.machine import Machine, delay, each, feedback, identity, lift, optional, resume, run, scan
from catui.runtime import statecodec

pytest.importorskip("numba")

ALL = ("mean", "variance", "deviation", "zscore", "minimum", "maximum", "slope", "correlation")
HARD = (0.0, -0.0, 1e150, -1.7e308, 5e-324, 1e8, 1e8 + 1e-3)


def hard(count: int, seed: int = 3) -> list[float]:
    """Noise, with everything in between that a window could trip over."""
    random = Random(seed)
    return [random.choice((*HARD, random.gauss(0.0, 1.0), random.gauss(1e8, 1e-3))) for _ in range(count)]


def made(name: str, length: int) -> Machine[Any, float, Any]:
    """A window on floats; one on pairs is told the last input beside this one."""
    machine: Machine[Any, Any, Any] = getattr(window, name)(length)
    return (identity & delay(1.0)) >> machine if name == "correlation" else machine


def bits(values: list[Any]) -> list[str]:
    return [repr(value) for value in values]


@pytest.mark.parametrize("length", [2, 3, 8])
@pytest.mark.parametrize("name", ALL)
def test_three_readings_are_the_same_bits(name: str, length: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    machine = made(name, length)
    xs = hard(70)
    state, expected = scan(machine, xs)
    twin = fused(machine, float)
    live_state, told = scan(twin, xs)
    assert bits(told) == bits(expected)
    assert statecodec.encode(plain(twin, live_state)) == statecodec.encode(state)
    for is_native in (False, True):
        compiled = Compiled(fuse(machine, float), shared(tmp_path_factory), is_native=is_native)
        after, outs = compiled.scan(compiled.columns(xs))
        assert bits(compiled.values(outs)) == bits(expected)
        assert statecodec.encode(after) == statecodec.encode(state)


@pytest.mark.parametrize("name", ALL)
def test_a_checkpoint_of_one_reading_goes_on_in_another(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    machine = made(name, 8)
    xs = hard(60, 4)
    expected = run(machine, xs)
    twin, flat = fused(machine, float), fuse(machine, float)
    compiled = Compiled(flat, shared(tmp_path_factory))
    for cut in (0, 5, 29):
        held, _ = compiled.scan(compiled.columns(xs[:cut]))
        kept = statecodec.decode(statecodec.encode(held))
        assert flat.plain(flat.flat(kept)) == kept
        assert bits(run(resume(machine, kept), xs[cut:])) == bits(expected[cut:])
        assert bits(run(resume(twin, kept), xs[cut:])) == bits(expected[cut:])
        held = plain(twin, scan(twin, xs[:cut])[0])
        _, outs = compiled.scan(compiled.columns(xs[cut:]), held)
        assert bits(compiled.values(outs)) == bits(expected[cut:])


def shared(factory: pytest.TempPathFactory) -> Path:
    """One cache for this file, so that a text is compiled once."""
    return factory.getbasetemp() / "fused"


def _difference(told: tuple[float | None, tuple[float | None, float | None]]) -> float | None:
    fast, (slow, spread) = told
    if fast is None or slow is None or spread is None:
        return None
    return (fast - slow) * spread


def _with_last(pair: tuple[float, float]) -> tuple[float, float]:
    x, back = pair
    return x, x - 0.5 * back


def _told_back(pair: tuple[float | None, float]) -> tuple[float | None, float]:
    told, back = pair
    return told, back if told is None else told


def nested() -> Machine[Any, float, Any]:
    """Windows inside of a fan-out that share one, behind None, and inside of a knot."""
    slow = window.mean(6)
    crossing = (window.mean(3) & (slow & slow)).map(_difference)
    behind = crossing >> optional(window.variance(4) & window.maximum(3))
    tied = feedback(0.0, lift(_with_last) >> (window.minimum(5) * lift(_same)) >> lift(_told_back))
    return behind & tied


def _same(x: float) -> float:
    return x


def test_windows_anywhere_in_a_tree_are_the_same_bits(tmp_path: Path) -> None:
    machine = nested()
    xs = [Random(9).gauss(0.0, 1.0) * k for k in range(80)]
    state, expected = scan(machine, xs)
    twin, flat = fused(machine, float), fuse(machine, float)
    live_state, told = scan(twin, xs)
    assert bits(told) == bits(expected)
    assert statecodec.encode(plain(twin, live_state)) == statecodec.encode(state)
    compiled = Compiled(flat, tmp_path)
    after, outs = compiled.scan(compiled.columns(xs))
    assert bits(compiled.values(outs)) == bits(expected)
    assert statecodec.encode(after) == statecodec.encode(state)


def test_a_window_that_two_share_is_there_once() -> None:
    slow = window.mean(6)
    assert fuse(slow & slow, float).state_names == fuse(slow, float).state_names


def test_one_copy_a_key_is_each(tmp_path: Path) -> None:
    machine = nested()
    random = Random(2)
    seen = [(random.randrange(5), random.gauss(100.0, 1.0)) for _ in range(300)]
    keyed: Machine[Any, tuple[int, float], tuple[int, Any]] = each(machine)
    expected = [told for _, told in run(keyed, seen)]
    compiled = Compiled(fuse(machine, float), tmp_path)
    outs = compiled.scan_each(np.array([k for k, _ in seen]), 5, compiled.columns([x for _, x in seen]))
    assert bits(compiled.values(outs)) == bits(expected)


def test_lengths_share_their_text() -> None:
    """So that a sweep over lengths compiles two texts, one for even lengths and one for odd ones."""
    texts = {fuse(window.variance(n), float).text for n in range(2, 40)}
    assert len(texts) == 2


def test_a_state_that_was_told_stays_as_it_was() -> None:
    flat = fuse(window.mean(4), float)
    run_ = flat.functions["live"](flat.parameters, flat.flat(flat.init))
    next(run_)
    run_.send(1.0)
    held = run_.send(...)
    before = flat.plain(held)
    run_.send(2.0)
    assert flat.plain(held) == before
    first = flat.flat(flat.init)
    flat.functions["step"](flat.parameters, first, 5.0)
    assert flat.plain(first) == flat.init
