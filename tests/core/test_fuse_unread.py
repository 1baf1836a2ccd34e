"""What nobody reads is not computed, unless it could raise."""

from math import exp
from typing import Any

import pytest
from hypothesis import given, note, settings
from programs import Output, Told, compiled, inputs, sources

from catui.core.fuse import fuse
from catui.core.fuse.unread import without_unread
from catui.core.machine import Machine, atom, lift, run


def first(out: Output) -> Any:
    return out[0]


@given(source=sources(), told=inputs)
@settings(max_examples=15, deadline=None)
def test_a_program_of_which_one_output_is_read_gives_it_to_the_bit(source: str, told: list[Told]) -> None:
    machine: Machine[Any, Told, Any] = compiled(source) >> lift(first)
    flat = fuse(machine, Told)
    note(flat.text)
    live = flat.functions["live"](flat.parameters, flat.flat(flat.init))
    next(live)
    assert repr([live.send(x) for x in told]) == repr(run(machine, told))


def many(total: float, x: float) -> tuple[float, tuple[float, float, float, float]]:
    """A sum, and what is told of it: a share, a sign by branches, an exponential."""
    total = total + abs(x)
    share = x / total if total > 0.0 else 0.0
    if x > 0.0:
        sign = 1.0
    elif x < 0.0:
        sign = -1.0
    else:
        sign = 0.0
    return total, (total, share, sign, exp(x))


def told(n: int) -> str:
    def one(out: tuple[float, float, float, float]) -> float:
        return out[n]

    return fuse(atom(0.0, many) >> lift(one), float).text


def test_only_what_is_read_or_could_raise_is_written() -> None:
    assert [line in told(0) for line in ("share = ", "sign", "if x > 0.0:", "= exp(x)")] == [False, False, False, True]
    assert [line in told(1) for line in ("share = ", "sign", "if x > 0.0:", "= exp(x)")] == [True, False, False, True]
    assert [line in told(2) for line in ("share = ", "= 1.0\n", "if x > 0.0:")] == [False, True, True]


@pytest.mark.parametrize("by", [lambda x: 1.0 / x, lambda x: 1.0 / x if x < 1.0 else 0.0])
def test_a_division_that_nobody_reads_still_fails(by: Any) -> None:
    def both(x: float) -> tuple[float, float]:
        return by(x), x

    machine: Machine[Any, float, float] = lift(both) >> lift(lambda pair: pair[1])
    live = fuse(machine, float).functions["live"]((), ())
    next(live)
    assert live.send(2.0) == 2.0
    with pytest.raises(ZeroDivisionError):
        live.send(0.0)


def test_a_branch_is_closed_whatever_was_said_in_it() -> None:
    lines = [
        "if c:",
        "    # one",
        "    a = 1.0",
        "    # two",
        "else:",
        "    # three",
        "    b = 2.0",
        "# four",
        "d = 3.0",
    ]
    assert without_unread(lines, frozenset("bd")) == ["if not (c):", *lines[5:]]
    assert without_unread(lines, frozenset("ad")) == [*lines[:3], *lines[7:]]
    assert without_unread(lines, frozenset("d")) == lines[7:]
