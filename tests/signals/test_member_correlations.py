"""Correlations of the members: what the naive sums give, within their bounds, told a second apart, deciding nothing."""

from itertools import pairwise
from math import exp, log, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catui.core.machine import resume, run, scan
from catui.domain.signals import Features, Target
from catui.ensemble.moments import WARM_SAMPLES, Moments, correlation, correlations
from catui.runtime import statecodec

KEYS = ("x", "y")
HALF_LIFE_S, COST_BPS = 20.0, 5.0

spoken = st.none() | st.floats(-1.0, 1.0)
moves = st.integers(-200, 200).map(lambda bps: bps / 1e4)
days = st.lists(st.tuples(spoken, spoken, spoken, moves, st.sampled_from([1.0, 1.5, 7.0])), max_size=60)


def target(time_s: float, mid: float, signals: tuple[float | None, ...]) -> Target:
    x = Features(time_s, mid, mid, 0.0, 0.0, None, 0.0, 0.0, None, None)
    return Target(x, signals, (0.5,) * len(signals), (0.0,) * len(signals), 0.0)


def told(day: list[Any], key: str = "x") -> list[Any]:
    time_s, mid, wires = 0.0, 100.0, []
    for *signals, move, wait_s in day:
        time_s, mid = time_s + wait_s, mid * exp(move)
        wires.append(((key, target(time_s, mid, tuple(signals))),))
    return wires


def after(wires: list[Any]) -> dict[str, Moments]:
    return scan(correlation(HALF_LIFE_S, COST_BPS), wires)[0]


@given(days)
def test_targets_pass_unchanged_and_the_moments_can_be_kept(day: list[Any]) -> None:
    held, passed = scan(correlation(HALF_LIFE_S, COST_BPS), told(day))
    assert passed == told(day)
    assert statecodec.decode(statecodec.encode(held)) == held


@given(days)
def test_correlations_are_what_the_naive_sums_give(day: list[Any]) -> None:
    wires = told(day)
    if not wires:
        return
    samples = [wire[0][1] for wire in wires]
    weighted: list[tuple[float, list[float]]] = []
    for was, now in pairwise(samples):
        change = log(now.features.mid / was.features.mid)
        gains = [
            0.0 if a is None or b is None else a * change - COST_BPS / 1e4 * abs(b - a)
            for a, b in zip(was.signals, now.signals, strict=True)
        ]
        age_s = samples[-1].features.time_s - now.features.time_s
        weighted.append((0.5 ** (age_s / HALF_LIFE_S), gains))
    found = correlations(after(wires)["x"])
    assert [len(row) for row in found] == [0, 1, 2]
    for i, row in enumerate(found):
        for j, rho in enumerate(row):
            squares = [sum(w * g[k] * g[k] for w, g in weighted) for k in (i, j)]
            if len(weighted) < WARM_SAMPLES:
                assert rho is None
            elif min(squares) > 1e-12:
                product = sum(w * g[i] * g[j] for w, g in weighted)
                assert rho == pytest.approx(product / sqrt(squares[0] * squares[1]), abs=1e-6)


@given(days)
def test_correlations_are_within_one_whatever_was_said(day: list[Any]) -> None:
    for held in after(told(day)).values():
        assert all(rho is None or -1.0 <= rho <= 1.0 for row in correlations(held) for rho in row)


def same_and_opposite(count: int) -> list[Any]:
    """The second says what the first says, the third the opposite, the fourth nothing at all."""
    signs = [1.0 if i % 3 else -1.0 for i in range(count)]
    return [(0.5, 0.25, -1.0, None, 0.01 * sign, 1.0) for sign in signs]


def test_who_says_the_same_has_one_and_who_says_the_opposite_minus_one() -> None:
    found = correlations(after(told(same_and_opposite(WARM_SAMPLES + 1)))["x"])
    assert [len(row) for row in found] == [0, 1, 2, 3]
    assert [rho for row in found[:3] for rho in row] == pytest.approx([1.0, -1.0, -1.0])
    assert found[3] == (None, None, None)


def test_before_enough_samples_there_is_none() -> None:
    found = correlations(after(told(same_and_opposite(WARM_SAMPLES)))["x"])
    assert found == ((), (None,), (None, None), (None, None, None))


def test_a_sample_by_hand() -> None:
    """From 100 to 101 in one second with half-life 1: gains 0.5 ln 1.01 - 0.001 and -ln 1.01; then all counts half."""
    machine = correlation(1.0, 10.0)
    one, other, move = 0.5 * log(1.01) - 0.001, -log(1.01), log(1.01)
    wires = [
        (("x", target(float(t), mid, said)),) for t, mid, said in ((0, 100.0, (0.5, -1.0)), (1, 101.0, (1.5, -1.0)))
    ]
    held, _ = scan(machine, wires)
    assert held["x"].products == pytest.approx((one * one, one * other, other * other))
    held, _ = scan(resume(machine, held), [(("x", target(2.0, 101.0 * exp(move), (1.5, 0.0))),)])
    third, fourth = 1.5 * move, -move - 0.001
    expected = (one * one / 2 + third * third, one * other / 2 + third * fourth, other * other / 2 + fourth * fourth)
    assert held["x"].products == pytest.approx(expected)
    assert held["x"].samples == 2


def test_within_a_second_nothing_is_sampled() -> None:
    machine = correlation(HALF_LIFE_S, COST_BPS)
    wires = [(("x", target(t, 100.0 + t, (t, -t))),) for t in (0.0, 0.25, 0.99)]
    held, _ = scan(machine, wires)
    assert held["x"] == Moments(0.0, 100.0, (0.0, 0.0), (0.0,) * 3, 0)
    assert scan(machine, [*wires, (("x", target(1.0, 101.0, (1.0, -1.0))),)])[0]["x"].samples == 1


@given(days, days)
def test_instruments_are_isolated(one: list[Any], other: list[Any]) -> None:
    mixed = [wire for pair in zip(told(one), told(other, "y"), strict=False) for wire in pair]
    alone = after(told(one)[: len(mixed) // 2])
    assert {key: held for key, held in after(mixed).items() if key == "x"} == alone


@given(days, days)
def test_it_goes_on_from_where_it_was(first: list[Any], second: list[Any]) -> None:
    machine, wires, cut = correlation(HALF_LIFE_S, COST_BPS), told(first + second), len(first)
    held, _ = scan(machine, wires[:cut])
    assert scan(resume(machine, held), wires[cut:])[0] == after(wires)
    assert run(machine, wires) == wires


def test_a_half_life_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"half_life_s must be above 0 s, got 0\.0"):
        correlation(0.0, 1.0)
