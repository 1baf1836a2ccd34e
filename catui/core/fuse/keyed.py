"""Stages in series, each one copy of a machine a key, as one copy of their composition a key; and that one fused.

    (id * many(each f)) * id  >>  (id * many(each g)) * id   ==   (id * many(each (f >> g))) * id

by interchange and by the functor laws of `many` and `each`. The state of either side is the other's, transposed.
"""

from collections import Counter, deque
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct

from catui.core.fuse.live import KEPT_INPUTS, Live, Texts
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
        texts, stages = self.texts, self.stages

        def keyed_step(state: Any, wire: Any) -> tuple[Any, Any]:
            (before, items), after = wire
            if not items:
                return state, wire
            course = state.now() if type(state) is Lives else Course(texts, _untransposed(stages, state))
            if len(items) == 1:  # by far the most frequent
                ((key, a),) = items
                told: tuple[Any, ...] = ((key, course.send(key, a)),)
            else:
                told = tuple([(key, course.send(key, a)) for key, a in items])
            return Lives(course, course.count), ((before, told), after)

        return keyed_step

    def plain(self, state: Any) -> Any:
        """The state as the stages have it."""
        if type(state) is not Lives:
            return state
        return _transposed(self.stages, state.plain())


class Course:
    """The runs of every key as they go forward, and whose turn it was at each of the last steps."""

    def __init__(self, texts: Texts, states: dict[Any, Any]) -> None:
        self.texts = texts
        self.runs = {key: Live(texts, held) for key, held in states.items()}
        self.made = dict.fromkeys(states, -1)  # the step that each key was first seen at
        self.count = 0
        self.turns: deque[Any] = deque(maxlen=KEPT_INPUTS)

    def send(self, key: Any, a: Any) -> Any:
        """The output of one key's run for one input."""
        live = self.runs.get(key)
        if live is None:
            live, self.made[key] = Live(self.texts, self.texts.machine.init), self.count
            b = live.send(a)
            self.runs[key] = live
        else:
            b = live.send(a)
        self.turns.append(key)
        self.count += 1
        return b

    def states(self, count: int) -> dict[Any, Any]:
        """Every key's state after `count` steps. LookupError: it is too long ago."""
        since = self.count - count
        if not since:
            return {key: live.plain() for key, live in self.runs.items()}
        if since > len(self.turns):
            raise LookupError(f"the state after step {count} of fused stages is gone; they went on to {self.count}")
        later = Counter(islice(reversed(self.turns), since))
        return {
            key: live.replayed(live.count - later[key]) for key, live in self.runs.items() if self.made[key] < count
        }


class Lives(Struct, frozen=True, gc=False):
    """A state of fused stages: which course, and after how many steps."""

    course: Course
    count: int

    def now(self) -> Course:
        """The course in this state: itself, or one anew where it has gone on."""
        course = self.course
        return course if course.count == self.count else Course(course.texts, self.plain())

    def plain(self) -> dict[Any, Any]:
        """Every key's state, as the nested closures have it."""
        return self.course.states(self.count)


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
