"""A fused machine as a node of the tree: it means what the machine means, and runs its flat text.

The text runs as a generator, whose state lives in its locals: used once, going forward. A state that it has left behind
is found again from the last known one, by the same text over the inputs since. The nested closures are the truth behind
it, and answer for a step that fails. `plain` gives any state as they have it, which is what is written down.

A guarded part that was stopped is no longer in the text: another text goes on from there, in which it stands as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct

from catui.core.fuse.module import Flat, fuse
from catui.core.fuse.shape import NotFlat
from catui.core.fuse.source import FuseError
from catui.core.machine import Machine, Step, resume

S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")

KEPT_INPUTS = 1_024
MOST_TEXTS = 8  # sets of stopped parts that have a text; what else is met runs by the closures


class Texts:
    """The texts of a machine: of all its parts, and of those that are left where some were stopped."""

    def __init__(self, machine: Machine[Any, Any, Any], inputs: object, example: object = None) -> None:
        self.machine, self.inputs, self.example = machine, inputs, example
        self.first = fuse(machine, inputs, example)
        self._known = [self.first]

    def taking(self, state: Any) -> tuple[Flat, tuple[Any, ...]] | None:
        """A text that goes on from a state, and the state as it takes it; None: there is none."""
        for flat in self._known:
            try:
                return flat, flat.flat(state)
            except NotFlat:
                continue
        if len(self._known) == MOST_TEXTS:
            return None
        try:
            fresh = fuse(resume(self.machine, state), self.inputs, self.example)
            taken = fresh.flat(state)
        except (FuseError, NotFlat):
            return None
        self._known.append(fresh)
        return fresh, taken


class Leg:
    """The inputs since a known state, and the text that takes them; None: the nested closures do."""

    def __init__(self, machine: Machine[Any, Any, Any], flat: Flat | None, state: Any, count: int) -> None:
        self.machine, self.flat, self.base, self.count = machine, flat, state, count
        self.inputs: list[Any] = []
        self.most = KEPT_INPUTS + (0 if flat is None else flat.size // 8)  # to know a state costs as much as to go on

    def state_after(self, count: int) -> Any:
        """The state after `count` steps of the run."""
        inputs, state = self.inputs[: count - self.count], self.base
        if self.flat is not None:
            send = _begun(self.flat, self.flat.flat(state))
            for a in inputs:
                send(a)
            return self.flat.plain(send(...))
        for a in inputs:
            state, _ = self.machine.step(state, a)
        return state


class Live:
    """One run of the text. `send` steps it; its count says which state it is in."""

    def __init__(self, texts: Texts, state: Any, count: int = 0) -> None:
        self.machine, self.texts, self.count = texts.machine, texts, count
        self.earlier: Leg | None = None
        self._begin(state)

    @property
    def flat(self) -> Flat | None:
        """The text that it runs; None: the nested closures have taken over."""
        return self.leg.flat

    def _begin(self, state: Any) -> None:
        """Go on from a state, by the text that takes it."""
        taken = self.texts.taking(state)
        self.state = state if taken is None else None  # of the closures
        self.leg = Leg(self.machine, None if taken is None else taken[0], state, self.count)
        if taken is not None:
            self._send = _begun(*taken)

    def send(self, a: Any) -> Any:
        """The output for one input; a step that raises in the text is taken again by the closures."""
        leg = self.leg
        if len(leg.inputs) >= leg.most:
            self.earlier, self.leg = leg, Leg(self.machine, leg.flat, self.plain(), self.count)
        if self.leg.flat is None:
            self.state, b = self.machine.step(self.state, a)
        else:
            try:
                b = self._send(a)
            except Exception:  # whatever it is: the closures say what it means
                return self._by_closures(a)
        self.leg.inputs.append(a)
        self.count += 1
        return b

    def _by_closures(self, a: Any) -> Any:
        """One step by the closures, and on from there; where they raise too, the run stands where it stood."""
        before = self.leg.state_after(self.count)
        self.earlier = self.leg
        self._begin(before)
        after, b = self.machine.step(before, a)
        self.count += 1
        self._begin(after)
        return b

    def plain(self) -> Any:
        """The state now, as the nested closures have it."""
        return self.state if self.flat is None else self.flat.plain(self._send(...))

    def replayed(self, count: int) -> Any:
        """The state after `count` steps. LookupError: it is too long ago."""
        for leg in (self.leg, self.earlier):
            if leg is not None and count >= leg.count:
                return leg.state_after(count)
        raise LookupError(f"the state after step {count} of a fused machine is gone; it went on to {self.count}")


def _begun(flat: Flat, state: tuple[Any, ...]) -> Callable[[Any], Any]:
    generator = flat.functions["live"](flat.parameters, state)
    next(generator)
    send: Callable[[Any], Any] = generator.send
    return send


class Running(Struct, frozen=True, gc=False):
    """A state of a fused machine: which run, and after how many steps."""

    live: Live
    count: int

    def now(self, texts: Texts) -> Live:
        """The run in this state: itself, or one anew where it has gone on."""
        live = self.live
        return live if self.count == live.count else Live(texts, live.replayed(self.count), self.count)

    def plain(self) -> Any:
        """The state as the nested closures have it."""
        live = self.live
        return live.plain() if self.count == live.count else live.replayed(self.count)


@dataclass(frozen=True, eq=False)
class Fused(Machine[Any, A, B]):
    """A machine that runs as one flat text. Law: `fused(m, A) == m`, to the bit."""

    machine: Machine[Any, A, B]
    inputs: object
    example: object = None

    @cached_property
    def texts(self) -> Texts:
        """Its texts. FuseError: the machine is outside of the dialect."""
        return Texts(self.machine, self.inputs, self.example)

    @property
    def flat(self) -> Flat:
        """The text of all its parts. FuseError: the machine is outside of the dialect."""
        return self.texts.first

    @property
    def init(self) -> Any:
        return self.machine.init

    def _compile(self) -> Step[Any, A, B]:
        texts = self.texts

        def fused_step(state: Any, a: A) -> tuple[Any, B]:
            live = state.now(texts) if type(state) is Running else Live(texts, state)
            b = live.send(a)
            return Running(live, live.count), b

        return fused_step


def fused(machine: Machine[S, A, B], inputs: object, example: object = None) -> Machine[Any, A, B]:
    """`machine`, run as one flat text; `inputs` as for `fuse`. FuseError: it is outside of the dialect.

    Law: equal to `machine`, to the bit, errors included; its states, by `plain`, are the machine's states.
    """
    node = Fused(machine, inputs, example)
    _ = node.flat
    return node
