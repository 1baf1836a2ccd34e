"""What an account asks for: steps of the run. It is a generator of requests, and is sent the step for each, or None."""

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from catui.domain.events import Event
from catui.domain.reports import Outputs
from catui.why.node import Node


class Transition(NamedTuple):
    """One step, whole: what was known before, what came, what was known and said after. States are plain."""

    seq: int
    event: Event
    before: Any
    after: Any
    outputs: Outputs


class At(NamedTuple):
    """The step of event `seq`."""

    seq: int


class Since(NamedTuple):
    """The first step at the time `ts_ns` of which `holds` is true."""

    ts_ns: int
    holds: Callable[[Transition], bool]


class First(NamedTuple):
    """The step behind `after_seq`, up to `until_seq`, that made `holds` true of the state; once true it stays so."""

    after_seq: int
    until_seq: int
    holds: Callable[[Any], bool]


Ask = At | Since | First
Story = Generator[Ask, Transition | None, Node]
