"""The next state is computed right into its names, and only where nothing reads the old one any more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from catui.core.fuse import fuse
from catui.core.machine import Machine, atom, run

NUMBERS = st.lists(st.floats(-1e6, 1e6), max_size=12)


class Two(Struct, frozen=True, gc=False):
    """Two numbers."""

    a: float
    b: float


def grows(s: Two, x: float) -> tuple[Two, float]:
    """Nothing reads the old values after the new ones."""
    a = s.a + x
    b = s.b * 0.5 + a
    return Two(a, b), b


def compares(s: Two, x: float) -> tuple[Two, float]:
    """The old `a` is read after the new one is known."""
    a = s.a * 0.5 + x
    return Two(a, s.b), a - s.a


def swaps(s: Two, x: float) -> tuple[Two, float]:
    """Each becomes the other."""
    return Two(s.b, s.a + x), s.a


def branches(s: Two, x: float) -> tuple[Two, float]:
    """One branch computes the new `a`, the other one reads the old one."""
    b = s.b
    if x > 0.0:
        a = s.a + x
    else:
        b = s.a * 0.25
        a = b - x
    return Two(a, b), a + b


def tells(s: Two, x: float) -> tuple[Two, float | None]:
    """The old value leaves, where it is told at all."""
    a = x if x > s.a else s.a * 0.5
    return Two(a, s.a), (s.a if x > 1.0 else None)


def keeps(s: Two, x: float) -> tuple[Two, float]:
    """Nothing changes in one branch."""
    if x > 0.0:
        return s, s.a
    return Two(s.a - x, s.b + 1.0), s.b


EVERY = (grows, compares, swaps, branches, tells, keeps)


def machine(step: object) -> Machine[Two, float, float | None]:
    return atom(Two(1.0, 2.0), step)  # type: ignore[arg-type]  # one of several outputs


@pytest.mark.parametrize("step", EVERY, ids=lambda step: step.__name__)
@given(xs=NUMBERS)
def test_what_a_step_means_does_not_depend_on_where_it_is_computed(step: object, xs: list[float]) -> None:
    flat = fuse(machine(step), float)
    live = flat.functions["live"](flat.parameters, flat.flat(flat.init))
    next(live)
    assert repr([live.send(x) for x in xs]) == repr(run(machine(step), xs))


def test_a_recurrence_is_written_as_one() -> None:
    assert "s_a = s_a + x\n" in fuse(machine(grows), float).text


def test_an_old_value_that_is_still_read_stays_until_then() -> None:
    text = fuse(machine(compares), float).text
    assert "a = s_a * 0.5 + x\n" in text
    assert "s_a = s_a * 0.5 + x\n" not in text


def test_a_branch_that_changes_nothing_is_not_written() -> None:
    text = fuse(machine(keeps), float).text
    assert "s_a = s_a\n" not in text
    assert "pass\n" not in text


def test_what_follows_from_parameters_alone_is_computed_before_the_first_step() -> None:
    def of(keep: float) -> Machine[float, float, float]:
        def step(s: float, x: float) -> tuple[float, float]:
            mean = keep * s + (1.0 - keep) * x
            return mean, mean

        return atom(0.0, step)

    text = fuse(of(0.9), float).text
    assert text.index("c_keep = 1.0 - p_keep") < text.index("while True:")
    assert text == fuse(of(0.5), float).text
