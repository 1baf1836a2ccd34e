"""A trial: a kind with one choice of its parameters, and the inputs on which laws are tried."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, TypeAlias

from catui.core.check import Example
from catui.core.check.example import deepest, told
from catui.core.check.values import numbers
from catui.core.machine import Machine
from catui.domain.kind import Kind
from catui.plugins import place_of
from catui.verify.inputs import Change, inputs_of
from catui.verify.markets import Maker, trending

AnyKind: TypeAlias = Kind[..., Any]
Values: TypeAlias = dict[str, float]

BLOCK = 128
LONGEST_STREAM = 6_144
MOST_NUMBERS = 512


@dataclass(frozen=True, eq=False)
class Trial:
    """One machine of a kind."""

    kind: AnyKind
    values: Values
    machine: Machine[Any, Any, Any]

    @cached_property
    def first(self) -> int:
        """The input, counted from 1, at which it declares to speak."""
        return self.kind.warm_up_ticks(self.values)

    @cached_property
    def speaks(self) -> bool:
        """Whether it says anything but None in a calm market."""
        return any(said is not None for said in told(self.machine, self.inputs(trending)).outputs)

    @property
    def count(self) -> int:
        """How many observations let it speak a while, one in eight being no quote; a few, where that is too many."""
        blocks = 2 + self.first * 5 // 4 // BLOCK
        return BLOCK * blocks if BLOCK * blocks <= LONGEST_STREAM else BLOCK

    def inputs(self, market: Maker, seed: int = 1, change: Change | None = None) -> list[Any]:
        """A market as its inputs."""
        return list(_inputs(self.kind.input, market, self.count, seed, change))

    def pairs(self, market: Maker, change: Change, seed: int = 1) -> list[tuple[Any, Any]]:
        """Its inputs of a market, each beside what became of it."""
        return list(zip(self.inputs(market, seed), self.inputs(market, seed, change), strict=True))


@lru_cache(maxsize=128)
def _inputs(kind: object, market: Maker, count: int, seed: int, change: Change | None) -> tuple[Any, ...]:
    return tuple(inputs_of(kind, market(count, seed), change))


def trials(kind: AnyKind) -> tuple[list[Trial], Example | None]:
    """The kind by its defaults, and at the corners of its declared bounds; and what is wrong at a corner.

    A corner that the constructor refuses with a ValueError is none, and one whose state is large is left out: a window
    of a million would be waited for all day.
    """
    made: list[Trial] = []
    wrong: Example | None = None
    for values in corners(kind):
        try:
            trial = Trial(kind, values, kind(**values))
            is_tried = trial.first > 0 and (not made or _is_small(trial.machine.init))
        except ValueError:
            continue
        except Exception as error:  # whatever it is: it is the constructor's own
            fault = f"{type(error).__name__}: {error}"
            says = f"with {shown(values)} it is neither made nor refused with a ValueError"
            wrong = wrong or Example(
                says, expected="a machine", got=f"raises {fault}", place=deepest(error) or place_of(kind)
            )
            continue
        if is_tried:
            made.append(trial)
    return made, wrong


def _is_small(state: object) -> bool:
    return len(list(islice(numbers(state), MOST_NUMBERS + 1))) <= MOST_NUMBERS


def corners(kind: AnyKind) -> Iterator[Values]:
    """The defaults; all parameters low, all high; one low or high, the others by default. Each once."""
    default = {name: p.default for name, p in kind.parameters.items()}
    low = {name: p.low for name, p in kind.parameters.items()}
    high = {name: p.high for name, p in kind.parameters.items()}
    each = [{**default, name: bound[name]} for name in default for bound in (low, high)]
    seen: list[Values] = []
    for values in (default, low, high, *each):
        typed = {n: (int if kind.parameters[n].is_whole else float)(value) for n, value in values.items()}
        if typed not in seen:
            seen.append(typed)
            yield typed


def shown(values: Mapping[str, float]) -> str:
    """Parameters for people."""
    return ", ".join(f"{name}={value:g}" for name, value in values.items()) or "no parameters"
