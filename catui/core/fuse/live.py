"""A fused machine as a node of the tree: it means what the machine means, and runs its flat text.

The text runs as a generator, whose state lives in its locals: used once, going forward. What the nested closures say
of the inputs since the last known state is the truth behind it: it answers for a step that fails, and for a state that
is asked for again. `plain` gives any state as the nested closures have it, which is what is written down.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from msgspec import Struct

from catui.core.fuse.module import Flat, fuse
from catui.core.fuse.shape import NotFlat
from catui.core.machine import Machine, Step

S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")

KEPT_INPUTS = 1_024


class Live:
    """One run of the text. `send` steps it; its count says which state it is in."""

    def __init__(self, machine: Machine[Any, Any, Any], flat: Flat, state: Any, count: int = 0) -> None:
        self.machine, self.flat = machine, flat
        self.count = self.base_count = count
        self.base = state
        self.pending: list[Any] = []
        self.keep = KEPT_INPUTS + len(repr(flat.init)) // 8  # so that looking back costs no more than going on
        self.state: Any = None  # of the closures, once they have taken over
        self.is_flat = self._begin(state)

    def _begin(self, state: Any) -> bool:
        try:
            generator = self.flat.functions["live"](self.flat.parameters, self.flat.flat(state))
        except NotFlat:
            self.state = state
            return False
        next(generator)
        self._send = generator.send
        return True

    def send(self, a: Any) -> Any:
        """The output for one input; a step that raises in the text is taken again by the closures, from then on."""
        if len(self.pending) >= self.keep:
            self.base, self.base_count, self.pending = self.plain(), self.count, []
        if self.is_flat:
            try:
                b = self._send(a)
            except Exception:  # whatever it is: the closures say what it means
                self.state = self.replayed(self.count)
                self.is_flat = False
        if not self.is_flat:
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

    def now(self, machine: Machine[Any, Any, Any], flat: Flat) -> Live:
        """The run in this state: itself, or one anew where it has gone on."""
        live = self.live
        return live if self.count == live.count else Live(machine, flat, live.replayed(self.count), self.count)

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
    def flat(self) -> Flat:
        """The text. FuseError: the machine is outside of the dialect."""
        return fuse(self.machine, self.inputs, self.example)

    @property
    def init(self) -> Any:
        return self.machine.init

    def _compile(self) -> Step[Any, A, B]:
        machine, flat = self.machine, self.flat

        def fused_step(state: Any, a: A) -> tuple[Any, B]:
            live = state.now(machine, flat) if type(state) is Running else Live(machine, flat, state)
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
