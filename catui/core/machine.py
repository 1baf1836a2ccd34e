"""Machines: causal functions on streams, as a tree of frozen nodes with pure steps.

A machine `Machine[S, A, B]` is an initial state and a step `(s, a) -> (s', b)`. Two machines are **equal** when they
emit equal outputs for equal inputs; their states do not matter. Up to that equality machines are a symmetric monoidal
category (`>>`, `*`) with copying (`&`) and delayed feedback; the laws are tested in `tests/core/`.

    atom(init, step)        step(s, a) -> (s', b), pure
    lift(f), identity       no state
    delay(first)            first, then every input one step late
    f >> g                  in series
    f * g                   side by side: (a, c) -> (b, d)
    f & g                   both on one input: a -> (b, c)
    m.map(f), m.premap(f)   a pure function after, before
    feedback(first, body)   body: (a, c) -> (b, c'); c is the last c', `first` at the first step
    each(m)                 (key, a) -> (key, b), one state of m a key, made when the key is first seen
    many(m)                 a tuple of inputs -> the tuple of outputs, in order; may be empty
    optional(m)             an input or None -> an output or None; None leaves the state alone
    named(name, m)          m, with a name on its place in the tree
    run(m, inputs)          the list of outputs
    resume(m, state)        m, starting from a state it had

The tree has several readings: `init` and `step` here are the meaning; `core/places.py` names
the state's parts by path, `core/wiring.py` draws them.
Sources: Katis, Sabadini, Walters, *Feedback, trace and fixed-point semantics* (2002);
Di Lavore, de Felice, Roman, *Monoidal streams for dataflow programming* (2022).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
K = TypeVar("K", bound=Hashable)

Step = Callable[[S, A], tuple[S, B]]
AnyStep = Callable[[Any, Any], tuple[Any, Any]]


class Machine(Generic[S, A, B]):
    """A causal function on streams: initial state `init`, pure `step(state, input) -> (state, output)`.

    Built by the functions of this module only; a machine is never subclassed outside of it.
    """

    @property
    def init(self) -> S:
        raise NotImplementedError

    @cached_property
    def step(self) -> Step[S, A, B]:
        """The meaning of the tree, as nested closures made once."""
        return self._compile()

    def _compile(self) -> Step[S, A, B]:
        raise NotImplementedError

    def __rshift__(self, after: Machine[T, B, C]) -> Machine[tuple[S, T], A, C]:
        return Compose(self, after)

    def __mul__(self, beside: Machine[T, C, D]) -> Machine[tuple[S, T], tuple[A, C], tuple[B, D]]:
        return Parallel(self, beside)

    def __and__(self, other: Machine[T, A, C]) -> Machine[tuple[S, T], A, tuple[B, C]]:
        return Fanout(self, other)

    def map(self, f: Callable[[B], C]) -> Machine[tuple[S, None], A, C]:
        """`f` on every output. Law: `map(id)` is the same machine, `map(f).map(g) == map(g . f)`."""
        return Compose(self, Lift(f))

    def premap(self, f: Callable[[C], A]) -> Machine[tuple[None, S], C, B]:
        """`f` on every input, first. Law: contravariant, `premap(f).premap(g) == premap(f . g)`."""
        return Compose(Lift(f), self)


@dataclass(frozen=True, eq=False)
class Atom(Machine[S, A, B]):
    """The leaf: a state and a pure step."""

    first: S
    rule: Step[S, A, B]

    @property
    def init(self) -> S:
        return self.first

    def _compile(self) -> Step[S, A, B]:
        return self.rule


@dataclass(frozen=True, eq=False)
class Lift(Machine[None, A, B]):
    """A pure function, at every step."""

    function: Callable[[A], B]

    @property
    def init(self) -> None:
        return None

    def _compile(self) -> Step[None, A, B]:
        function = self.function

        def lift_step(state: None, a: A) -> tuple[None, B]:
            return None, function(a)

        return lift_step


@dataclass(frozen=True, eq=False)
class Identity(Machine[None, A, A]):
    """What goes in comes out: the unit of `>>`."""

    @property
    def init(self) -> None:
        return None

    def _compile(self) -> Step[None, A, A]:
        def identity_step(state: None, a: A) -> tuple[None, A]:
            return None, a

        return identity_step


@dataclass(frozen=True, eq=False)
class Compose(Machine[tuple[S, T], A, C]):
    """In series. Law: associative, with `identity` as its unit on both sides."""

    before: Machine[S, A, B]  # type: ignore[valid-type]  # B is hidden inside: an existential, which Python cannot say
    after: Machine[T, B, C]  # type: ignore[valid-type]

    @property
    def init(self) -> tuple[S, T]:
        return self.before.init, self.after.init

    def _compile(self) -> Step[tuple[S, T], A, C]:
        if isinstance(self.after, Lift):
            return _composed_with_function(self.before.step, self.after.function)
        if isinstance(self.before, Compose):
            two = self.before
            if isinstance(two.before, Compose) and not isinstance(two.after, Lift):
                three = two.before
                if not isinstance(three.after, Lift):
                    return _composed_of_four(three.before.step, three.after.step, two.after.step, self.after.step)
            return _composed_of_three(two.before.step, two.after.step, self.after.step)
        before, after = self.before.step, self.after.step

        def compose_step(state: tuple[S, T], a: A) -> tuple[tuple[S, T], C]:
            s, t = state
            s, b = before(s, a)
            t, c = after(t, b)
            return (s, t), c

        return compose_step


def _composed_of_three(first: AnyStep, second: AnyStep, third: AnyStep) -> AnyStep:
    """`(f >> g) >> h` in one closure instead of two."""

    def compose_step(state: Any, a: Any) -> tuple[Any, Any]:
        (s, t), u = state
        s, b = first(s, a)
        t, c = second(t, b)
        u, d = third(u, c)
        return ((s, t), u), d

    return compose_step


def _composed_of_four(first: AnyStep, second: AnyStep, third: AnyStep, fourth: AnyStep) -> AnyStep:
    """`((f >> g) >> h) >> k` in one closure instead of three."""

    def compose_step(state: Any, a: Any) -> tuple[Any, Any]:
        ((s, t), u), v = state
        s, b = first(s, a)
        t, c = second(t, b)
        u, d = third(u, c)
        v, e = fourth(v, d)
        return (((s, t), u), v), e

    return compose_step


def _composed_with_function(before: AnyStep, function: Callable[[Any], Any]) -> AnyStep:
    """`f >> lift(g)` without a step for `g`."""

    def map_step(state: Any, a: Any) -> tuple[Any, Any]:
        s, b = before(state[0], a)
        return (s, None), function(b)

    return map_step


@dataclass(frozen=True, eq=False)
class Parallel(Machine[tuple[S, T], tuple[A, C], tuple[B, D]]):
    """Side by side. Law: interchange, `(f * g) >> (h * k) == (f >> h) * (g >> k)`."""

    left: Machine[S, A, B]
    right: Machine[T, C, D]

    @property
    def init(self) -> tuple[S, T]:
        return self.left.init, self.right.init

    def _compile(self) -> Step[tuple[S, T], tuple[A, C], tuple[B, D]]:
        if isinstance(self.right, Identity):
            if isinstance(self.left, Parallel) and isinstance(self.left.left, Identity):
                return _between(self.left.right.step)
            return _beside_nothing(self.left.step)
        left, right = self.left.step, self.right.step
        if isinstance(self.left, Identity):
            return _nothing_beside(right)

        def parallel_step(state: tuple[S, T], pair: tuple[A, C]) -> tuple[tuple[S, T], tuple[B, D]]:
            s, t = state
            a, c = pair
            s, b = left(s, a)
            t, d = right(t, c)
            return (s, t), (b, d)

        return parallel_step


def _beside_nothing(left: AnyStep) -> AnyStep:
    """`f * identity` without a step for `identity`: most wires of a pipeline carry something untouched."""

    def parallel_step(state: Any, pair: Any) -> tuple[Any, Any]:
        s, b = left(state[0], pair[0])
        return (s, None), (b, pair[1])

    return parallel_step


def _between(middle: AnyStep) -> AnyStep:
    """`(identity * f) * identity` in one closure: the shape of a stage on its wire."""

    def parallel_step(state: Any, wire: Any) -> tuple[Any, Any]:
        (before, b), after = wire
        s, b = middle(state[0][1], b)
        return ((None, s), None), ((before, b), after)

    return parallel_step


def _nothing_beside(right: AnyStep) -> AnyStep:
    """`identity * f`, likewise."""

    def parallel_step(state: Any, pair: Any) -> tuple[Any, Any]:
        t, d = right(state[1], pair[1])
        return (None, t), (pair[0], d)

    return parallel_step


@dataclass(frozen=True, eq=False)
class Fanout(Machine[tuple[S, T], A, tuple[B, C]]):
    """Both on one input. Law: `h >> (f & g) == (h >> f) & (h >> g)`, which licenses computing `h` once."""

    left: Machine[S, A, B]
    right: Machine[T, A, C]

    @property
    def init(self) -> tuple[S, T]:
        return self.left.init, self.right.init

    def _compile(self) -> Step[tuple[S, T], A, tuple[B, C]]:
        left, right = self.left.step, self.right.step

        def fanout_step(state: tuple[S, T], a: A) -> tuple[tuple[S, T], tuple[B, C]]:
            s, t = state
            s, b = left(s, a)
            t, c = right(t, a)
            return (s, t), (b, c)

        return fanout_step


@dataclass(frozen=True, eq=False)
class Feedback(Machine[tuple[S, C], A, B]):
    """The knot, tied one step late: the body's second output is its second input at the next step.

    Laws: tightening, vanishing, joining, strength, sliding; and no yanking, `feedback(c, swap) == delay(c)`:
    what a step causes is first usable at the next one.
    """

    first: C
    body: Machine[S, tuple[A, C], tuple[B, C]]

    @property
    def init(self) -> tuple[S, C]:
        return self.body.init, self.first

    def _compile(self) -> Step[tuple[S, C], A, B]:
        body = self.body.step

        def feedback_step(state: tuple[S, C], a: A) -> tuple[tuple[S, C], B]:
            s, c = state
            s, (b, c) = body(s, (a, c))
            return (s, c), b

        return feedback_step


@dataclass(frozen=True, eq=False)
class Each(Machine[dict[K, S], tuple[K, A], tuple[K, B]]):
    """One copy of a machine a key. Laws: `each(f) >> each(g) == each(f >> g)`, and isolation of the keys."""

    machine: Machine[S, A, B]

    @property
    def init(self) -> dict[K, S]:
        return {}

    def _compile(self) -> Step[dict[K, S], tuple[K, A], tuple[K, B]]:
        step, first = self.machine.step, self.machine.init

        def each_step(states: dict[K, S], keyed: tuple[K, A]) -> tuple[dict[K, S], tuple[K, B]]:
            key, a = keyed
            state, b = step(states.get(key, first), a)
            return {**states, key: state}, (key, b)

        return each_step


@dataclass(frozen=True, eq=False)
class Many(Machine[S, tuple[A, ...], tuple[B, ...]]):
    """Several inputs in one step, in order; none leaves the state alone."""

    machine: Machine[S, A, B]

    @property
    def init(self) -> S:
        return self.machine.init

    def _compile(self) -> Step[S, tuple[A, ...], tuple[B, ...]]:
        step = self.machine.step

        def many_step(state: S, inputs: tuple[A, ...]) -> tuple[S, tuple[B, ...]]:
            if not inputs:
                return state, ()
            if len(inputs) == 1:  # by far the most frequent
                state, b = step(state, inputs[0])
                return state, (b,)
            outputs = []
            for a in inputs:
                state, b = step(state, a)
                outputs.append(b)
            return state, tuple(outputs)

        return many_step


@dataclass(frozen=True, eq=False)
class Optional(Machine[S, A | None, B | None]):
    """A machine where there is an input; None passes and leaves the state alone. A functor, as `each` is."""

    machine: Machine[S, A, B]

    @property
    def init(self) -> S:
        return self.machine.init

    def _compile(self) -> Step[S, A | None, B | None]:
        step = self.machine.step

        def optional_step(state: S, a: A | None) -> tuple[S, B | None]:
            return (state, None) if a is None else step(state, a)

        return optional_step


@dataclass(frozen=True, eq=False)
class Named(Machine[S, A, B]):
    """A machine whose place in the tree has a name; it means what the machine means."""

    name: str
    machine: Machine[S, A, B]

    @property
    def init(self) -> S:
        return self.machine.init

    def _compile(self) -> Step[S, A, B]:
        return self.machine.step


@dataclass(frozen=True, eq=False)
class Resumed(Machine[S, A, B]):
    """A machine that starts from a state it had."""

    machine: Machine[S, A, B]
    state: S

    @property
    def init(self) -> S:
        return self.state

    def _compile(self) -> Step[S, A, B]:
        return self.machine.step


identity: Identity[Any] = Identity()


def atom(init: S, step: Step[S, A, B]) -> Machine[S, A, B]:
    """The leaf: `step(s, a) -> (s', b)`, pure, starting at `init`.

    >>> run(atom(0, lambda s, x: (s + x, s + x)), [1, 2, 3])
    [1, 3, 6]
    """
    return Atom(init, step)


def lift(function: Callable[[A], B]) -> Machine[None, A, B]:
    """A pure function as a machine without state. Law: `lift(f) >> lift(g) == lift(g . f)`."""
    return Lift(function)


def delay(first: A) -> Machine[A, A, A]:
    """`first`, then every input one step late.

    >>> run(delay(0), [1, 2, 3])
    [0, 1, 2]
    """

    def step(held: A, a: A) -> tuple[A, A]:
        return a, held

    return Atom(first, step)


def feedback(first: C, body: Machine[S, tuple[A, C], tuple[B, C]]) -> Machine[tuple[S, C], A, B]:
    """Tie the second output of `body` to its second input, one step late; `first` at the first step.

    >>> total = feedback(0, lift(lambda pair: (pair[0] + pair[1], pair[0] + pair[1])))
    >>> run(total, [1, 2, 3])
    [1, 3, 6]
    """
    return Feedback(first, body)


def each(machine: Machine[S, A, B]) -> Machine[dict[K, S], tuple[K, A], tuple[K, B]]:
    """One copy of `machine` a key, made when the key is first seen.

    >>> run(each(delay(0)), [("x", 1), ("y", 2), ("x", 3)])
    [('x', 0), ('y', 0), ('x', 1)]
    """
    return Each(machine)


def many(machine: Machine[S, A, B]) -> Machine[S, tuple[A, ...], tuple[B, ...]]:
    """A tuple of inputs to the tuple of outputs, in order; may be empty.

    >>> run(many(delay(0)), [(1, 2), (), (3,)])
    [(0, 1), (), (2,)]
    """
    return Many(machine)


def optional(machine: Machine[S, A, B]) -> Machine[S, A | None, B | None]:
    """`machine` where there is an input; None gives None and leaves its state alone.

    >>> run(optional(delay(0)), [1, None, 2])
    [0, None, 1]
    """
    return Optional(machine)


def named(name: str, machine: Machine[S, A, B]) -> Machine[S, A, B]:
    """`machine`, its place in the tree called `name`. ValueError: an empty name, or one with a slash."""
    if not name or "/" in name:
        raise ValueError(f"a place's name must be non-empty text without '/', got {name!r}")
    return Named(name, machine)


def resume(machine: Machine[S, A, B], state: S) -> Machine[S, A, B]:
    """`machine`, starting from a state it had.

    Law (replay): `run(m, xs + ys) == run(m, xs) + run(resume(m, state after xs), ys)`.
    """
    return Resumed(machine, state)


def run(machine: Machine[S, A, B], inputs: Iterable[A]) -> list[B]:
    """The list of outputs. Law: `run(f >> g, xs) == run(g, run(f, xs))`."""
    return scan(machine, inputs)[1]


def scan(machine: Machine[S, A, B], inputs: Iterable[A]) -> tuple[S, list[B]]:
    """The state after `inputs`, and the list of outputs."""
    step, state = machine.step, machine.init
    outputs = []
    for a in inputs:
        state, b = step(state, a)
        outputs.append(b)
    return state, outputs
