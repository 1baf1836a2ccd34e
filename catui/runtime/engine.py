"""The engine: event -> journal -> step -> outputs -> effects, in one order, on one thread.

An input is in the journal's open block before it is stepped. A step that approves an order commits that order with its
causes, and only then are the requests handed out. If the journal fails, nothing more is approved: `JournalError` ends
the run, and the cancels of what works still leave.
"""

from collections.abc import Callable
from typing import Any

from catui.core.fuse import plain
from catui.core.guard import Cell
from catui.core.machine import Named
from catui.core.places import places, state_at
from catui.domain.events import Event
from catui.domain.moment import Control, StrategyState
from catui.domain.orders import Cancel
from catui.domain.reports import OrderTable, Outputs, Reports
from catui.domain.settings import Desk
from catui.own import LIBRARY, Own
from catui.pipeline import by_closures, pipeline
from catui.runtime import statecodec
from catui.runtime.journal import JournalReader, JournalWriter
from catui.runtime.marks import marks_of


class Engine:
    """The pure pipeline with its state, behind its journal. It owns no socket, no clock and no screen."""

    def __init__(
        self,
        desk: Desk,
        journal: JournalWriter,
        checkpoint_events: int = 2_500,
        state: Any = None,
        own: Own = LIBRARY,
    ) -> None:
        self.desk = desk
        self.journal = journal
        self.machine = pipeline(desk, own.kinds)
        self.notes = own.notes + _of_closures(
            by_closures(self.machine, desk, own.kinds)
        )  # what a person should know of how it runs
        self.state = self.machine.init if state is None else state
        self.last_ns = 0
        self._step: Callable[[Any, Event], tuple[Any, Outputs]] = self.machine.step
        self._checkpoint_events = checkpoint_events
        self._encoder = statecodec.Encoder()

    def process(self, event: Event) -> Outputs:
        """One event through the desk. JournalError: it cannot be recorded, and so was not acted upon."""
        journal = self.journal
        seq = journal.append(event)
        self.last_ns = event.ts_receive_ns
        self.state, outputs = self._step(self.state, event)
        journal.mark(marks_of(self.desk, seq, event, outputs))
        if outputs.orders:
            journal.approve(outputs.orders)
            if outputs.requests:  # bytes are about to leave; orders of the paper venue have none
                journal.flush()
        if seq % self._checkpoint_events == 0:
            journal.checkpoint(self._encoder.encode(plain(self.machine, self.state)))
        return outputs

    def reports(self) -> Reports:
        """What the last step left for the next one."""
        _, reports = self.state
        assert isinstance(reports, Reports)
        return reports

    def orders(self) -> OrderTable:
        """Every order, as the last step left it."""
        return self.reports().orders

    def control(self) -> Control:
        """The operator's standing orders."""
        found = state_at(self.machine, self.state, "desk/control")
        assert isinstance(found, Control)
        return found

    def stopped(self) -> dict[str, str]:
        """Strategies whose cell has stopped them, with the error, and that do not stand as quarantined yet."""
        standing = self.control().strategies
        found = {
            place.node.name: place.state.error
            for place in places(self.machine, self.state)
            if isinstance(place.node, Named) and isinstance(place.state, Cell) and place.state.error
        }
        return {n: e for n, e in found.items() if standing[n].state is not StrategyState.QUARANTINE}

    def cancels_of_everything(self) -> tuple[Cancel, ...]:
        """A cancel for each order that works, for when the journal is dead and nothing can be stepped any more."""
        return tuple(Cancel(order) for order in self.orders().working.values())

    def state_digest(self) -> str:
        """BLAKE2b of the whole state: what a replay of the same events must give."""
        return statecodec.digest(plain(self.machine, self.state))


def _of_closures(outside: dict[str, str]) -> tuple[str, ...]:
    """For a person: what of the signal path is slower than it could be, and what to change."""
    told = []
    for place, why in outside.items():
        part = f"strategy {place.rpartition('/')[2]}" if place else "the signal path"
        told.append(f"{part} runs by nested closures, the same but slower: {why}")
    return tuple(told)


def recover(reader: JournalReader, machine: Any) -> tuple[Any, int, int]:
    """`(state, seq, time of the last event)` of a run: its newest checkpoint, and the events behind it stepped again.

    Law: the same state as stepping every event from the start.
    """
    checkpoint = reader.checkpoint()
    state, seq, last_ns = machine.init, 0, 0
    if checkpoint is not None:
        state, seq = statecodec.decode(checkpoint.state), checkpoint.seq
    step = machine.step
    for event in reader.events(after_seq=seq):
        state, _ = step(state, event)
        seq += 1
        last_ns = event.ts_receive_ns
    return state, seq, last_ns
