"""Shapes of state and parameters in the wild: deep records, classes of a function, None, named tuples."""

import math
from typing import Any, NamedTuple

from msgspec import Struct

from catui.core.fuse import fuse, fused, plain
from catui.core.fuse.calls import MATH
from catui.core.machine import Machine, atom, lift, scan

XS = [0.5, -2.0, 3.25, 0.0, -0.0, 7.5, 0.125]


def same(machine: Machine[Any, float, Any]) -> None:
    """The same outputs and the same state, fused; and the state through its flat form."""
    state, expected = scan(machine, XS)
    twin = fused(machine, float)
    after, told = scan(twin, XS)
    assert list(map(repr, told)) == list(map(repr, expected))
    assert repr(plain(twin, after)) == repr(state)
    flat = fuse(machine, float)
    assert repr(flat.plain(flat.flat(state))) == repr(state)


class Band(NamedTuple):
    low: float
    high: float


class Inner(Struct, frozen=True):
    band: Band
    count: int


class Outer(Struct, frozen=True):
    inner: Inner
    pairs: tuple[tuple[float, bool], Band | None]


def test_records_in_records_keep_their_classes() -> None:
    def step(s: Outer, x: float) -> tuple[Outer, float]:
        low = min(s.inner.band.low, x)
        band = Band(low, max(s.inner.band.high, x))
        (last, was_up), before = s.pairs
        told = before.high - before.low if before is not None else 0.0
        return Outer(Inner(band, s.inner.count + 1), ((x, x > last), s.inner.band)), told if was_up else low

    same(atom(Outer(Inner(Band(0.0, 0.0), 0), ((0.0, False), None)), step))


def test_a_class_of_the_function_that_makes_the_machine_is_a_state_that_may_be_none() -> None:
    class Held(Struct, frozen=True):
        last: float
        best: float | None

    def step(s: Held | None, x: float) -> tuple[Held | None, float]:
        if s is None:
            return Held(x, None), x
        if x == 0.0:
            return None, s.last
        return Held(x, x if s.best is None or x > s.best else s.best), s.last

    same(atom(None, step))


def test_a_named_tuple_of_parameters_changes_no_text() -> None:
    def made(band: Band) -> Machine[Any, float, float | None]:
        def inside(x: float) -> float | None:
            return x if band.low < x < band.high else None

        return lift(inside)

    same(made(Band(-1.0, 4.0)))
    assert fuse(made(Band(-1.0, 4.0)), float).text == fuse(made(Band(0.0, 1.0)), float).text


def test_every_function_of_math_in_the_dialect_is_the_same() -> None:
    def all_(x: float) -> tuple[tuple[float, ...], tuple[bool, ...], tuple[int, int]]:
        y = abs(x) + 0.5
        floats = (math.sqrt(y), math.exp(x), math.log(y), math.log1p(y), math.expm1(x), math.tanh(x))
        more = (math.atan(x), math.fabs(x), math.copysign(y, x), math.erf(x))
        return (*floats, *more), (math.isfinite(x), math.isnan(x), math.isinf(x)), (math.floor(x), math.ceil(x))

    same(lift(all_))
    text = fuse(lift(all_), float).text
    assert all(f"{name}(" in text for name in MATH)
