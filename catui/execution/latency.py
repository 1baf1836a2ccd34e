"""The way to the paper venue: what was sent arrives `latency_ns` later, in the order in which it was sent."""

from msgspec import Struct

from catui.domain.orders import Request

NEVER = 2**63 - 1


class Arrival(Struct, frozen=True, gc=False):
    """A request on its way, and when it is there."""

    due_ns: int
    request: Request


def due_ns(queue: tuple[Arrival, ...]) -> int:
    """When the first of them is there; NEVER where none is on its way."""
    return queue[0].due_ns if queue else NEVER


def arrived(queue: tuple[Arrival, ...], now_ns: int) -> tuple[tuple[Arrival, ...], tuple[Arrival, ...]]:
    """What is there by `now_ns`, and what is still on its way. The latency is one for all, so the queue is in order."""
    count = 0
    while count < len(queue) and queue[count].due_ns <= now_ns:
        count += 1
    return queue[:count], queue[count:]
