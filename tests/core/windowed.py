"""Windows by name, inputs that are hard on them, and what they come to by loops over exact fractions."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from catui.core import window
from catui.core.machine import Machine, delay, identity

Window = Machine[Any, float, float | None]

EPSILON = 2.0**-53

OF_ONE: dict[str, Callable[[int], Window]] = {  # from one tick on
    "mean": window.mean,
    "minimum": window.minimum,
    "maximum": window.maximum,
    "median": window.median,
    "quantile": lambda length: window.quantile(length, 0.3),
}
OF_TWO: dict[str, Callable[[int], Window]] = {  # from two ticks on
    "variance": window.variance,
    "deviation": window.deviation,
    "zscore": window.zscore,
    "slope": window.slope,
    "rank": window.rank,
    "correlation": lambda length: (identity & delay(1.0)) >> window.correlation(length),
}
BY_NAME = {**OF_ONE, **OF_TWO}


def least(name: str) -> int:
    """The shortest window of that name."""
    return 1 if name in OF_ONE else 2


@st.composite
def named_windows(draw: st.DrawFn, names: Sequence[str] = tuple(BY_NAME)) -> tuple[str, int, Window]:
    """A window, with its name and its length."""
    name = draw(st.sampled_from(names))
    length = draw(st.integers(least(name), 12))
    return name, length, BY_NAME[name](length)


SPECIAL = (0.0, -0.0, 1.0, 1e300, -1e300, 1.7976931348623157e308, 5e-324, -5e-324, 2.2250738585072014e-308)
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(SPECIAL),
    st.floats(1e8, 1e8 + 1.0),
    st.integers(-3, 3).map(float),
)
inputs: st.SearchStrategy[list[float]] = st.lists(numbers, max_size=60)
spread = st.one_of(st.integers(-5, 5).map(float), st.integers(0, 64).map(lambda k: 1e8 + k / 64), st.just(1e60))
tame: st.SearchStrategy[list[float]] = st.lists(st.floats(-1e6, 1e6), max_size=60)


def windows_of(values: Sequence[float], length: int) -> list[list[float] | None]:
    """The last `length` values at every step; None until there are so many."""
    return [None if i + 1 < length else list(values[i + 1 - length : i + 1]) for i in range(len(values))]


def within(x: float, bound: float) -> float:
    return min(max(x, -bound), bound)


def exact_mean(values: Sequence[float]) -> Fraction:
    return sum(map(Fraction, values), Fraction(0)) / len(values)


def exact_products(xs: Sequence[float], ys: Sequence[float]) -> Fraction:
    """The sum of the products of the distances from the means."""
    x_mean, y_mean = exact_mean(xs), exact_mean(ys)
    return sum(((Fraction(x) - x_mean) * (Fraction(y) - y_mean) for x, y in zip(xs, ys, strict=True)), Fraction(0))


def exact_variance(values: Sequence[float]) -> Fraction:
    return exact_products(values, values) / (len(values) - 1)
