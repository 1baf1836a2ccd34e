"""The laws that a kind is held to: those of every machine, those of every reading, and those that it declares."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from catui.compiled import Compiled, has_numba
from catui.core import check
from catui.core.check import Example, Reading
from catui.core.fuse import Flat, fuse
from catui.core.purity import impurities
from catui.domain.parameters import Symmetry
from catui.plugins import place_of, state_fault
from catui.verify.inputs import Change, inputs_of, is_plain
from catui.verify.markets import HOSTILE, STEADY, Maker, constant, later, mirrored, scaled, talkative
from catui.verify.trial import Trial

Judge: TypeAlias = Callable[[Trial], Example | None]

EVERYWHERE: tuple[Maker, ...] = (*STEADY, *HOSTILE, constant)
ROUNDING = 1e-9
ROUNDING_OF_A_MIRROR = 1e-6
LONGEST_WARM_UP = 4_096
KNOWN_BEFORE = 40  # observations that are known before a stream on which a machine must speak
SHORT = 64
OTHER = 4  # inputs of another future

MIRRORED = Change(mirrored, lambda x: -x)
LARGER = Change(lambda market: scaled(market, 2.0**10, 2.0**3), lambda x: x * 2.0**10)
SMALLER = Change(lambda market: scaled(market, 2.0**-12, 2.0**-2), lambda x: x * 2.0**-12)
A_DAY_LATER = Change(lambda market: later(market, 86_400.0), lambda x: x)
YEARS_LATER = Change(lambda market: later(market, 2.0**30 + 1.0), lambda x: x)


class Unjudged(Exception):
    """A law that cannot be tried here, and why."""


@dataclass(frozen=True)
class Law:
    """A law: what it says, how it is tried, and the laws without which trying it would tell nothing."""

    name: str
    text: str
    judge: Judge
    needs: tuple[str, ...] = ()
    declared: Symmetry | None = None
    most_trials: int | None = None  # fewer than all, where parameters change little in it

    def concerns(self, symmetries: frozenset[Symmetry]) -> bool:
        """Whether a kind that declares these is held to it."""
        return self.declared is None or self.declared in symmetries


def _untouched(trial: Trial) -> Example | None:
    return _any(check.untouched(trial.machine, trial.inputs(market)[:SHORT]) for market in EVERYWHERE)


def _repeatable(trial: Trial) -> Example | None:
    return _any(check.repeatable(trial.machine, trial.inputs(market)) for market in EVERYWHERE)


def _causal(trial: Trial) -> Example | None:
    return _any(
        check.causal(trial.machine, trial.inputs(market), trial.inputs(market, 2)[:OTHER]) for market in EVERYWHERE
    )


def _replay(trial: Trial) -> Example | None:
    return _any(check.replayed(trial.machine, trial.inputs(market)) for market in EVERYWHERE)


def _isolated(trial: Trial) -> Example | None:
    return _any(
        check.isolated(trial.machine, trial.inputs(one), trial.inputs(other, 2)) for one, other in pairwise(EVERYWHERE)
    )


def _warm_up(trial: Trial) -> Example | None:
    """Silent before its first input on any market, and not silent at it on one that lets it speak."""
    early = _any(check.silent_until(trial.machine, trial.inputs(market), trial.first) for market in EVERYWHERE)
    if early is not None:
        return early
    if trial.first > LONGEST_WARM_UP:
        raise Unjudged(f"a warm-up of {trial.first} inputs is too long to wait for")
    heard = inputs_of(trial.kind.input, talkative(KNOWN_BEFORE + trial.first, 1), skipped=KNOWN_BEFORE)
    return check.speaks_at(trial.machine, heard, trial.first)


def _state(trial: Trial) -> Example | None:
    fault = state_fault(trial.machine)
    return Example(fault) if fault else None


def _finite(trial: Trial) -> Example | None:
    return _any(check.finite(trial.machine, trial.inputs(market)) for market in EVERYWHERE)


def _bounded(trial: Trial) -> Example | None:
    return _any(check.within(trial.machine, trial.inputs(market), -1.0, 1.0) for market in EVERYWHERE)


def _flat(trial: Trial) -> Example | None:
    still = trial.inputs(constant)
    return check.zero(trial.machine, still[:1] * len(still) if is_plain(trial.kind.input) else still)


def _scale_free(trial: Trial) -> Example | None:
    return _any(
        check.unchanged(trial.machine, trial.pairs(market, change), ROUNDING)
        for market in EVERYWHERE
        for change in (LARGER, SMALLER)
    )


def _time_free(trial: Trial) -> Example | None:
    if is_plain(trial.kind.input):  # a number has no time
        return None
    return _any(
        check.unchanged(trial.machine, trial.pairs(market, change), ROUNDING)
        for market in EVERYWHERE
        for change in (A_DAY_LATER, YEARS_LATER)
    )


def _odd(trial: Trial) -> Example | None:
    return _any(check.negated(trial.machine, trial.pairs(market, MIRRORED), ROUNDING_OF_A_MIRROR) for market in STEADY)


def _even(trial: Trial) -> Example | None:
    return _any(
        check.unchanged(trial.machine, trial.pairs(market, MIRRORED), ROUNDING_OF_A_MIRROR) for market in STEADY
    )


def _pure(trial: Trial) -> Example | None:
    for found in impurities(trial.machine):
        return Example(f"{found.what}: {found.statement}; {found.mend}", place=found.place)
    return None


def _dialect(trial: Trial) -> Example | None:
    return check.in_dialect(trial.machine, trial.kind.input, place_of(trial.kind))


def _twin(trial: Trial) -> Example | None:
    text = fuse(trial.machine, trial.kind.input)
    readings = [("the flat text", check.by_text(text))]
    if has_numba():
        readings.append(("the compiled text", _by_numba(text)))
    return _any(
        check.twin(trial.machine, reading, name, trial.inputs(market))
        for name, reading in readings
        for market in EVERYWHERE
    )


def _by_numba(text: Flat) -> Reading:
    """The flat text under numba, over columns."""
    compiled = Compiled(text)

    def read(inputs: Sequence[Any]) -> tuple[Any, list[Any]]:
        state, outs = compiled.scan(compiled.columns(inputs))
        return state, compiled.values(outs)

    return read


def _any(examples: Iterator[Example | None]) -> Example | None:
    return next((example for example in examples if example is not None), None)


_STREAMS = ("untouched", "repeatable")
_TWIN = (
    "flat and compiled text say the same, to the bit"
    if has_numba()
    else "flat text says the same, to the bit; without numba it is not compiled"
)

LAWS = (
    Law("untouched", "a step leaves its state and its input as they were", _untouched, most_trials=2),
    Law("repeatable", "the same step, and the same run, twice is the same twice", _repeatable, _STREAMS[:1], None, 2),
    Law("causal", "no output depends on what comes after it", _causal, _STREAMS, None, 2),
    Law("replay", "a copy of the state goes on as the machine went on", _replay, _STREAMS, None, 2),
    Law("isolated", "two instruments side by side are each as it is alone", _isolated, _STREAMS, None, 2),
    Law("state", "a desk can keep its state, and read it back", _state, most_trials=1),
    Law("finite", "no input makes it raise, or say NaN or infinity", _finite),
    Law("warm_up", "it is silent until its warm-up, and not longer", _warm_up),
    Law("bounded", "within [-1, 1]", _bounded, declared="bounded"),
    Law("flat", "0 on a constant price", _flat, declared="flat"),
    Law("odd", "mirrored returns and swapped sides negate it", _odd, _STREAMS, "odd"),
    Law("even", "mirrored returns and swapped sides change nothing", _even, _STREAMS, "even"),
    Law("scale_free", "prices and sizes times constants change nothing", _scale_free, _STREAMS, "scale_free"),
    Law("time_free", "a shift of time changes nothing", _time_free, _STREAMS, "time_free"),
    Law("pure", "the text of its steps names state and input alone", _pure, most_trials=1),
    Law("dialect", "it can be written as one flat text", _dialect),
    Law("twin", _TWIN, _twin, (*_STREAMS, "dialect")),
)
