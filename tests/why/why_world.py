"""A desk on paper over the market of a recorded run, every step of it, and accounts answered by a plain scan."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1] / "past"))
from past_world import Recorded, answers, recorded, sought

from catui.core.fuse import plain
from catui.core.machine import Machine
from catui.domain.events import Action, Command, Event, Report
from catui.domain.reports import Outputs
from catui.domain.settings import Desk, ExecutionSettings
from catui.pipeline import pipeline
from catui.snapshot.parts import Parts, parts_of
from catui.why import Ask, At, First, Node, Since, Story, Subject, Transition
from catui.why.account import account

__all__ = ["Day", "Recorded", "answers", "find", "nodes", "on_paper", "recorded", "sought"]


class Day:
    """Every step of a desk, by sequence number from 1."""

    def __init__(self, desk: Desk, events: list[Event], machine: Machine[Any, Event, Outputs] | None = None) -> None:
        self.desk = desk
        self.machine = machine or pipeline(desk)
        self.steps: list[Transition] = []
        state = self.machine.init
        before = plain(self.machine, state)
        for seq, event in enumerate(events, start=1):
            state, outputs = self.machine.step(state, event)
            after = plain(self.machine, state)
            self.steps.append(Transition(seq, event, before, after, outputs))
            before = after

    @property
    def last(self) -> int:
        """The number of the last event."""
        return len(self.steps)

    def step(self, seq: int) -> Transition:
        """The step of an event."""
        return self.steps[seq - 1]

    def parts(self, seq: int) -> Parts:
        """What was known after an event."""
        return parts_of(self.machine, self.step(seq).after)

    def why(self, subject: Subject, seq: int | None = None) -> Node:
        """Where something comes from that stands on the screen after event `seq`, the last one if none is said."""
        return answered(self, account(self.desk, self.machine, subject, seq or self.last))

    def answer(self, ask: Ask) -> Transition | None:
        """The step asked for, by looking at all of them in order."""
        match ask:
            case At(seq=seq):
                return self.step(seq) if 1 <= seq <= self.last else None
            case Since(ts_ns=ts_ns, holds=holds):
                return next((step for step in self.steps if step.event.ts_receive_ns == ts_ns and holds(step)), None)
            case First(after_seq=after, until_seq=until, holds=is_so):
                return next((step for step in self.steps[after:until] if is_so(step.after)), None)


def answered(day: Day, story: Story) -> Node:
    """A story told to its end."""
    try:
        ask = next(story)
        while True:
            ask = story.send(day.answer(ask))
    except StopIteration as done:
        root: Node = done.value
        return root


def on_paper(run: Recorded, keys: dict[int, Action], **risk: object) -> Day:
    """The market of a run, with commands in front of the events of these numbers, and other limits."""
    desk = run.reader.manifest.desk
    desk = replace(desk, execution=ExecutionSettings(mode="paper"), risk=replace(desk.risk, **risk))
    market = [event for event in run.events if not isinstance(event, Report | Command)]
    return Day(desk, list(_with_commands(market, keys)))


def _with_commands(market: Sequence[Event], keys: dict[int, Action]) -> Iterator[Event]:
    for place, event in enumerate(market, start=1):
        if place in keys:
            yield Command(f"key-{place}", "ann", event.ts_receive_ns, keys[place], "because it is a test")
        yield event


def nodes(root: Node) -> Iterator[Node]:
    """A tree's nodes, each before those behind it."""
    yield root
    for child in root.children:
        yield from nodes(child)


def find(root: Node, words: str) -> Node:
    """The first node whose text begins with these words."""
    return next(node for node in nodes(root) if node.text.startswith(words))
