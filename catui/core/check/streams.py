"""Laws of every machine: what it makes of a stream is a function of the stream, and its state says all of the past."""

from collections.abc import Iterator, Sequence
from typing import Any

from catui.core.check.example import Anything, Example, difference, smallest, told
from catui.core.check.values import anew, written
from catui.core.machine import each, resume

STEPS_TWICE = 64


def untouched(machine: Anything, inputs: Sequence[Any]) -> Example | None:
    """Law: a step leaves the state and the input that it was given as they were."""

    def fault(xs: list[Any]) -> Example | None:
        state = machine.init
        for i, a in enumerate(anew(xs)):
            before = ("state", state, written(state)), ("input", a, written(a))
            _, state, has_raised = _stepped(machine, state, a)
            for what, value, was in before:
                if written(value) != was:
                    says = f"a step changes the {what} that it was given"
                    return Example(says, tuple(xs[: i + 1]), i, was, written(value))
            if has_raised:
                return None
        return None

    return smallest(fault, inputs)


def repeatable(machine: Anything, inputs: Sequence[Any]) -> Example | None:
    """Law: `run(m, xs)` twice is the same twice, and so is every `step(s, a)`, of which the first are tried.

    What breaks it: state kept outside of the machine, a clock, chance.
    """

    def fault(xs: list[Any]) -> Example | None:
        first, second = told(machine, xs).words, told(machine, xs).words
        at = difference(first, second)
        if at is not None:
            return _differing("the same run gives another output", xs, at, first, second)
        state = machine.init
        for i, a in enumerate(xs[:STEPS_TWICE]):
            word, after, has_raised = _stepped(machine, state, a)
            again, after_again, _ = _stepped(machine, state, a)
            if (word, written(after)) != (again, written(after_again)):
                is_output = word != again
                one, other = (word, again) if is_output else (written(after), written(after_again))
                says = f"the same step on the same state and input gives another {'output' if is_output else 'state'}"
                return Example(says, tuple(xs[: i + 1]), i, one, other)
            if has_raised:
                break
            state = after
        return None

    return smallest(fault, inputs)


def causal(machine: Anything, inputs: Sequence[Any], other: Sequence[Any]) -> Example | None:
    """Law: `run(m, past + future)[:n] == run(m, past + other)[:n] == run(m, past)`, n the length of the past."""

    def fault(xs: list[Any]) -> Example | None:
        whole = told(machine, xs).words
        for n in _cuts(len(xs)):
            past = xs[:n]
            alone = told(machine, past).words
            for future, then in ((xs[n:], whole), (other, told(machine, [*past, *other]).words)):
                at = difference(alone, then[: len(alone)])
                if at is not None:
                    found = _differing("an output changes with what comes after it", past, at, alone, then)
                    return Example(found.says, tuple(past), at, found.expected, found.got, (*past, *future))
        return None

    return smallest(fault, inputs)


def replayed(machine: Anything, inputs: Sequence[Any]) -> Example | None:
    """Law: `run(m, xs + ys) == run(m, xs) + run(resume(m, state after xs), ys)`, for a copy of that state too."""

    def fault(xs: list[Any]) -> Example | None:
        whole = told(machine, xs)
        for n in _cuts(len(xs)):
            first = told(machine, xs[:n])
            if first.has_raised:
                return None
            rest = told(resume(machine, anew(first.state)), xs[n:])
            words = [*first.words, *rest.words]
            at = difference(whole.words, words)
            if at is not None:
                says = f"going on from a copy of the state after {n} inputs is not what going on was"
                return _differing(says, xs, at, whole.words, words)
            if written(rest.state) != written(whole.state):
                says = f"the state in the end is another, when gone on from a copy of the one after {n} inputs"
                return Example(says, tuple(xs), None, written(whole.state), written(rest.state))
        return None

    return smallest(fault, inputs)


def isolated(machine: Anything, inputs: Sequence[Any], other: Sequence[Any]) -> Example | None:
    """Law: of two copies under `each`, interleaved, each one says what it says alone.

    What breaks it: state that both share, through a global, a default argument, a class, a mutable thing of a closure.
    """

    def fault(events: list[tuple[str, Any]]) -> Example | None:
        beside = told(each(machine), events)
        if beside.has_raised:
            return None
        for key in ("a", "b"):
            mine = [i for i, (of, _) in enumerate(events) if of == key]
            alone = told(machine, [events[i][1] for i in mine]).words
            among = [written(beside.outputs[i][1]) for i in mine]
            at = difference(alone, among)
            if at is not None:
                says = f"instrument {key}'s output changes with the other's inputs"
                return Example(says, tuple(events), mine[at], alone[at], among[at])
        return None

    pairs = zip(inputs, other, strict=False)
    return smallest(fault, [event for a, b in pairs for event in (("a", a), ("b", b))])


def _stepped(machine: Anything, state: Any, a: Any) -> tuple[str, Any, bool]:
    """The output as text, the state after, and whether it raised."""
    try:
        after, b = machine.step(state, a)
    except (Exception, SystemExit) as error:  # whatever it is: it is what the machine says
        return f"raises {type(error).__name__}: {error}", state, True
    return written(b), after, False


def _differing(says: str, xs: list[Any], at: int, expected: list[str], got: list[str]) -> Example:
    ended = "nothing"
    one = expected[at] if at < len(expected) else ended
    return Example(says, tuple(xs[: at + 1]), at, one, got[at] if at < len(got) else ended)


def _cuts(length: int) -> Iterator[int]:
    """Where to cut a stream in two: everywhere in a short one."""
    yield from range(length + 1) if length <= 8 else sorted({0, 1, length // 4, length // 2, length - 1, length})
