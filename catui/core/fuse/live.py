"""A fused machine as a node of the tree: it means what the machine means, and runs its flat text.

The text runs as a generator, whose state lives in its locals: used once, going forward. What the nested closures say
of the inputs since the last known state is the truth behind it: it answers for a step that fails, and for a state that
is asked for again. `plain` gives any state as the nested closures have it, which is what is written down.

A guarded part that was stopped is no longer in the text: another text goes on from there, in which it stands as it is.
"""

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


class Live:
    """One run of the text. `send` steps it; its count says which state it is in."""

    def __init__(self, texts: Texts, state: Any, count: int = 0) -> None:
        self.machine, self.texts, self.flat = texts.machine, texts, texts.first
        self.count = self.base_count = count
        self.base = state
        self.pending: list[Any] = []
        self.keep = KEPT_INPUTS + len(repr(texts.first.init)) // 8  # so that looking back costs no more than going on
        self.state: Any = None  # of the closures, once they have taken over
        self.is_flat = self._begin(state)

    def _begin(self, state: Any) -> bool:
        found = self.texts.taking(state)
        if found is None:
            self.state = state
            return False
        self.flat, flat_state = found
        generator = self.flat.functions["live"](self.flat.parameters, flat_state)
        next(generator)
        self._send = generator.send
        return True

    def send(self, a: Any) -> Any:
        """The output for one input; a step that raises in the text is taken again by the closures."""
        if len(self.pending) >= self.keep:
            self.base, self.base_count, self.pending = self.plain(), self.count, []
        if self.is_flat:
            try:
                b = self._send(a)
            except Exception:  # whatever it is: the closures say what it means
                self.state, b = self.machine.step(self.replayed(self.count), a)
                self.is_flat = self._begin(self.state)
        else:
            self.state, b = self.machine.step(self.state, a)
        self.pending.append(a)
        self.count += 1
        return b

    def plain(self) -> Any:
        """The state now, as the nested closures have it."""
        return self.flat.plain(self._send(...)) if self.is_flat else self.state

    def replayed(self, count: int) -> Any:
        """The state after `count` steps, by the closures. LookupError: it is too long ago."""
        if count < self.base_count:
            raise LookupError(f"the state after step {count} of a fused machine is gone; it went on to {self.count}")
        step, state = self.machine.step, self.base
        for a in self.pending[: count - self.base_count]:
            state, _ = step(state, a)
        return state


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
