"""Laws of what a machine says: from when on, and within what."""

from collections.abc import Sequence
from math import isfinite, isnan
from typing import Any

from catui.core.check.example import Anything, Example, smallest, told
from catui.core.check.values import is_near, negative, numbers, written


def silent_until(machine: Anything, inputs: Sequence[Any], first: int) -> Example | None:
    """Law: None before input `first`, counted from 1."""

    def fault(xs: list[Any]) -> Example | None:
        for i, said in enumerate(told(machine, xs[: first - 1]).outputs):
            if said is not None:
                says = f"speaks at input {i + 1}, and declares to be silent before input {first}"
                return Example(says, tuple(xs[: i + 1]), i, "None", written(said))
        return None

    return smallest(fault, inputs)


def speaks_at(machine: Anything, inputs: Sequence[Any], first: int) -> Example | None:
    """Law: not None at input `first`, counted from 1, on inputs that let it speak."""

    def fault(xs: list[Any]) -> Example | None:
        said = told(machine, xs[:first]).outputs
        if len(said) < first or said[-1] is not None:
            return None
        says = f"is still silent at input {first}, from which on it declares to speak"
        return Example(says, tuple(xs[:first]), first - 1, "an output", "None")

    return fault(list(inputs))


def finite(machine: Anything, inputs: Sequence[Any]) -> Example | None:
    """Law: a step raises nothing, and no number that it gives is NaN or infinite."""

    def fault(xs: list[Any]) -> Example | None:
        run = told(machine, xs)
        for i, said in enumerate(run.outputs):
            if not all(map(isfinite, numbers(said))):
                return Example("says what is no number", tuple(xs[: i + 1]), i, "finite numbers", written(said))
        if run.has_raised:
            at = len(run.outputs)
            return Example("a step raises", tuple(xs[: at + 1]), at, "an output", run.words[-1], place=run.place)
        return None

    return smallest(fault, inputs)


def within(machine: Anything, inputs: Sequence[Any], low: float, high: float) -> Example | None:
    """Law: every number that it gives is in [low, high]."""

    def fault(xs: list[Any]) -> Example | None:
        for i, said in enumerate(told(machine, xs).outputs):
            if not all(low <= x <= high or isnan(x) for x in numbers(said)):
                return Example("leaves its bounds", tuple(xs[: i + 1]), i, f"in [{low:g}, {high:g}]", written(said))
        return None

    return smallest(fault, inputs)


def zero(machine: Anything, inputs: Sequence[Any]) -> Example | None:
    """Law: every number that it gives is 0."""

    def fault(xs: list[Any]) -> Example | None:
        for i, said in enumerate(told(machine, xs).outputs):
            if any(x != 0.0 for x in numbers(said)):
                return Example("is not flat", tuple(xs[: i + 1]), i, "0.0", written(said))
        return None

    return smallest(fault, inputs)


def unchanged(machine: Anything, pairs: Sequence[tuple[Any, Any]], tolerance: float = 0.0) -> Example | None:
    """Law: `run(m, xs) == run(m, ys)`, of pairs (x, y) of an input and what became of it, within the tolerance."""
    return _related(machine, pairs, tolerance, is_negated=False)


def negated(machine: Anything, pairs: Sequence[tuple[Any, Any]], tolerance: float = 0.0) -> Example | None:
    """Law: `run(m, ys) == -run(m, xs)`, of pairs (x, y) of an input and what became of it, within the tolerance."""
    return _related(machine, pairs, tolerance, is_negated=True)


def _related(
    machine: Anything, pairs: Sequence[tuple[Any, Any]], tolerance: float, *, is_negated: bool
) -> Example | None:
    def fault(both: list[tuple[Any, Any]]) -> Example | None:
        before, after = told(machine, [x for x, _ in both]), told(machine, [y for _, y in both])
        for i, (one, other) in enumerate(zip(before.outputs, after.outputs, strict=False)):
            expected = negative(one) if is_negated else one
            if not is_near(expected, other, tolerance):
                seen, changed = zip(*both[: i + 1], strict=True)
                says = "does not turn with its inputs" if is_negated else "changes with its inputs"
                return Example(says, seen, i, written(expected), written(other), changed)
        return None

    return smallest(fault, pairs)
