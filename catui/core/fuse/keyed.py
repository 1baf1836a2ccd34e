"""Stages in series, each one copy of a machine a key, as one copy of their composition a key; and that one fused.

    (id * many(each f)) * id  >>  (id * many(each g)) * id   ==   (id * many(each (f >> g))) * id

by interchange and by the functor laws of `many` and `each`. The state of either side is the other's, transposed.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from catui.core.fuse.live import Live, Running, Texts
from catui.core.fuse.module import Flat
from catui.core.fuse.source import FuseError
from catui.core.machine import Compose, Each, Identity, Machine, Many, Named, Parallel, Step

A = TypeVar("A")
B = TypeVar("B")
Anything = Machine[Any, Any, Any]


@dataclass(frozen=True, eq=False)
class FusedStages(Machine[Any, A, B]):
    """Stages in series, run as one flat text a key. Law: equal to `stages`, to the bit; so is its plain state.

    A guarded step outside of the dialect is called from the text; `flat.outside` says which, and why.
    """

    stages: Machine[Any, A, B]
    inputs: object
    example: object = None

    @cached_property
    def inner(self) -> Anything:
        """What runs for one key."""
        return _inner(self.stages)

    @cached_property
    def texts(self) -> Texts:
        """Its texts. FuseError: a step outside of the dialect that no guard is round, or a stage of another shape."""
        return Texts(self.inner, self.inputs, self.example)

    @property
    def flat(self) -> Flat:
        """The text of all its parts. FuseError: as for `texts`."""
        return self.texts.first

    @property
    def init(self) -> Any:
        return self.stages.init

    def _compile(self) -> Step[Any, A, B]:
        texts, stages, first = self.texts, self.stages, self.inner.init

        def keyed_step(state: Any, wire: Any) -> tuple[Any, Any]:
            (before, items), after = wire
            if not items:
                return state, wire
            if type(state) is not Lives:
                plain = _untransposed(stages, state)
                state = Lives({key: Running(Live(texts, held), 0) for key, held in plain.items()})
            runs = state.runs
            told = []
            for key, a in items:
                run = runs.get(key)
                live = Live(texts, first) if run is None else run.now(texts)
                told.append((key, live.send(a)))
                runs = {**runs, key: Running(live, live.count)}
            return Lives(runs), ((before, tuple(told)), after)

        return keyed_step

    def plain(self, state: Any) -> Any:
        """The state as the stages have it."""
        if type(state) is not Lives:
            return state
        return _transposed(self.stages, {key: run.plain() for key, run in state.runs.items()})


class Lives:
    """The runs of every key; never changed once it is made."""

    __slots__ = ("runs",)

    def __init__(self, runs: dict[Any, Running]) -> None:
        self.runs = runs


def fused_stages(stages: Machine[Any, A, B], inputs: object, example: object = None) -> FusedStages[A, B]:
    """Stages of `by_instrument` shape, in series, as one flat text a key; `inputs` is one key's input, as for `fuse`.

    FuseError: a step outside of the dialect that no guard is round, or a stage of another shape.
    """
    node = FusedStages(stages, inputs, example)
    _ = node.flat
    return node


def _inner(stages: Anything) -> Anything:
    match stages:
        case Compose(before=before, after=after):
            return Compose(_inner(before), _inner(after))
        case Named(name=name, machine=inner):
            return Named(name, _inner(inner))
        case Parallel(left=Parallel(left=Identity(), right=Many(machine=Each(machine=inner))), right=Identity()):
            return inner
        case _:
            raise FuseError(f"{type(stages).__name__} is no stage of one machine a key; keep it outside")


def _transposed(stages: Anything, keyed: dict[Any, Any]) -> Any:
    match stages:
        case Compose(before=before, after=after):
            first = _transposed(before, {key: held[0] for key, held in keyed.items()})
            return first, _transposed(after, {key: held[1] for key, held in keyed.items()})
        case Named(machine=inner):
            return _transposed(inner, keyed)
        case _:
            return (None, keyed), None


def _untransposed(stages: Anything, state: Any) -> dict[Any, Any]:
    match stages:
        case Compose(before=before, after=after):
            first, second = _untransposed(before, state[0]), _untransposed(after, state[1])
            return {key: (held, second[key]) for key, held in first.items()}
        case Named(machine=inner):
            return _untransposed(inner, state)
        case _:
            found: dict[Any, Any] = state[0][1]
            return found
