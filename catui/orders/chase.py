"""Asking again: the fate of an order that nobody told, fills that are missing, a cancel that was not taken.

No timer resolves an order: a timer only asks. The times are those of the order's first doubt.
"""

from msgspec import Struct

from catui.domain.orders import Order, Status

NEVER = 2**63 - 1
FIRST_NS = (200_000_000, 500_000_000, 1_000_000_000, 2_000_000_000, 5_000_000_000, 10_000_000_000)
EVERY_NS = 10_000_000_000


class Chase(Struct, frozen=True, gc=False):
    """An order in doubt `since_ns`, asked about `tries` times; `known_lots` is the venue's largest total."""

    since_ns: int
    tries: int = 0
    known_lots: int = 0


def next_ns(chase: Chase) -> int:
    """When to ask again: after 0.2, 0.5, 1, 2, 5, 10 s, then every 10 s without end."""
    if chase.tries < len(FIRST_NS):
        return chase.since_ns + FIRST_NS[chase.tries]
    return chase.since_ns + EVERY_NS * (chase.tries - len(FIRST_NS) + 2)


def asked(chase: Chase, now_ns: int) -> Chase:
    """The chase after a question at `now_ns`: times that went by unheard are not made up for."""
    tries = chase.tries
    while next_ns(Chase(chase.since_ns, tries)) <= now_ns:
        tries += 1
    return Chase(chase.since_ns, tries, chase.known_lots)


def is_in_doubt(chase: Chase, order: Order) -> bool:
    """Whether there is still something to ask: UNKNOWN, short of fills, or a cancel that is wished."""
    if order.status.is_terminal:
        return False
    return order.status is Status.UNKNOWN or order.cum_lots < chase.known_lots or order.wish_cancel


def due_ns(chases: dict[str, Chase]) -> int:
    """When the next question is due; NEVER while nothing is in doubt."""
    return min(map(next_ns, chases.values())) if chases else NEVER
