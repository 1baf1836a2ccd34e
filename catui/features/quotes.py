"""Where a quote has both sides: what most features of the touch stand on."""

from typing import TypeAlias, TypeVar

from catui.core.machine import Machine, lift, optional
from catui.domain.signals import Observation

S = TypeVar("S")
B = TypeVar("B")
OnQuotes: TypeAlias = Machine[tuple[None, S], Observation, B | None]


def on_quotes(machine: Machine[S, Observation, B]) -> OnQuotes[S, B]:
    """`machine` on quotes with a price on both sides; anything else gives None and leaves its state alone."""
    return lift(two_sided) >> optional(machine)


def two_sided(seen: Observation) -> Observation | None:
    """The observation, where it is a quote with a price on both sides."""
    return seen if seen.is_quote and seen.bid > 0.0 and seen.ask > 0.0 else None
