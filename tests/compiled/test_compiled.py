"""The compiled reading: the same text under numba gives the same bits, from a cache that can be thrown away."""

import importlib.util
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from catui.compiled import Compiled, written
from catui.core.fuse import Flat, fuse
from catui.core.machine import Machine, atom, each, lift, run, scan
from catui.domain.settings import StrategySettings
from catui.domain.signals import Features, Observation
from catui.errors import UsageError
from catui.features.stage import described
from catui.strategies.stage import side_by_side

pytest.importorskip("numba")

BOTH = side_by_side((StrategySettings("momentum", "momentum"), StrategySettings("reversion", "mean_reversion")))


def market(count: int, seed: int = 7) -> list[Observation]:
    """Quotes and trades of a random walk."""
    random = Random(seed)
    mid, seen = 100.0, []
    for i in range(count):
        mid *= 1.0 + random.gauss(0.0, 1e-4)
        half = mid * random.choice((0.0, 1e-5, 1e-4))
        a, b, c, d = [random.choice((0.0, random.uniform(0.1, 9.0))) for _ in range(4)]
        is_quote = random.random() < 0.7
        size = 0.0 if is_quote else random.gauss(0.0, 2.0)
        seen.append(Observation(i * 0.05, is_quote, mid - half, mid + half, a, b, c, d, size))
    return seen


def bits(values: list[Any]) -> list[str]:
    return [repr(value) for value in values]


def test_the_features_are_the_same_bits_in_all_readings(tmp_path: Path) -> None:
    machine, seen = described(30.0, 2.0, 20), market(3_000)
    flat = fuse(machine, Observation)
    state, expected = scan(machine, seen)
    for is_native in (False, True):
        compiled = Compiled(flat, tmp_path, is_native=is_native)
        after, outs = compiled.scan(compiled.columns(seen))
        assert bits(compiled.values(outs)) == bits(expected)
        assert after == state


def test_strategies_are_the_same_bits_and_go_on_from_any_reading(tmp_path: Path) -> None:
    described_ = [x for x in run(described(30.0, 2.0, 20), market(2_000)) if x is not None]
    half = len(described_) // 2
    flat = fuse(BOTH, Features)
    compiled = Compiled(flat, tmp_path)
    state, first = scan(BOTH, described_[:half])
    _, expected = scan(BOTH, described_)
    after, outs = compiled.scan(compiled.columns(described_[half:]), state)
    assert bits(first + compiled.values(outs)) == bits(expected)
    assert after == scan(BOTH, described_)[0]


def test_one_copy_a_key_is_each(tmp_path: Path) -> None:
    random = Random(3)
    machine = described(5.0, 2.0, 3)
    seen = [(random.randrange(40), x) for x in market(2_000)]
    keyed: Machine[Any, tuple[int, Observation], tuple[int, Features | None]] = each(machine)
    expected = [told for _, told in run(keyed, seen)]
    compiled = Compiled(fuse(machine, Observation), tmp_path)
    keys = np.array([key for key, _ in seen])
    outs = compiled.scan_each(keys, 40, compiled.columns([x for _, x in seen]))
    assert bits(compiled.values(outs)) == bits(expected)


def test_a_damaged_file_is_written_again(tmp_path: Path) -> None:
    flat = small(0.5)
    path = written(flat, tmp_path)
    path.write_text("def scan(): this is no")
    assert written(flat, tmp_path).read_text() == flat.text
    compiled = Compiled(flat, tmp_path)
    _, outs = compiled.scan(compiled.columns([1.0, 3.0]))
    assert compiled.values(outs) == [0.5, 1.75]


def test_parameters_share_a_file_and_steps_do_not(tmp_path: Path) -> None:
    one, other, else_ = small(0.5), small(0.25), fuse(lift(_doubled), float)
    assert written(one, tmp_path) == written(other, tmp_path) != written(else_, tmp_path)
    for flat, expected in ((one, [0.5, 1.75]), (other, [0.25, 0.9375])):
        compiled = Compiled(flat, tmp_path)
        assert compiled.values(compiled.scan(compiled.columns([1.0, 3.0]))[1]) == expected


def test_without_numba_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    compiled = Compiled(fuse(lift(_doubled), float), tmp_path / "none")
    with pytest.raises(UsageError, match=r"install catui\[fast\]"):
        compiled.scan(compiled.columns([1.0]))


def small(move: float) -> Flat:
    """A mean from zero."""

    def step(mean: float, x: float) -> tuple[float, float]:
        now = mean + move * (x - mean)
        return now, now

    return fuse(atom(0.0, step), float)


def _doubled(x: float) -> float:
    return 2.0 * x
