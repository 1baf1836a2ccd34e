"""The order book as a ladder of prices: every step shown, the mid inside, quantity never moved to a better price.

A group of g ticks takes bids down and asks up to its steps, so that a grouped book looks no better than it is.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from catui.console.render.axis import nice_step
from catui.snapshot import BookView, LevelView, OrderView

KEEP = 3  # the automatic group stays until the ideal one is this many times larger or smaller


class Own(Struct, frozen=True):
    """Our orders at one step: how many, how much is left, whether the fate of one is unknown, and what is estimated
    to stand before the first of them (None: not known)."""

    count: int
    lots: int
    is_unknown: bool = False
    ahead_lots: int | None = None


class Rung(Struct, frozen=True):
    """One row of the ladder. `step` times the group is its price; `cumulative` counts from the touch to here."""

    step: int
    bid_lots: int
    ask_lots: int
    bid_cumulative: int
    ask_cumulative: int
    own_bid: Own | None
    own_ask: Own | None


def anchor_x2(book: BookView) -> int | None:
    """Twice the price in ticks around which to draw: the mid where both sides are known, else what is known.

    It places the ladder only; a mid that does not exist is not shown.
    """
    bid, ask = touch(book)
    if bid is not None and ask is not None:
        return bid + ask
    known = bid if bid is not None else ask if ask is not None else book.last_ticks
    return None if known is None else 2 * known


def touch(book: BookView) -> tuple[int | None, int | None]:
    """Best bid and best ask: of the levels, or of the quote feed where the book is not there yet."""
    bid = book.bids[0].price_ticks if book.bids else book.bid_ticks
    ask = book.asks[0].price_ticks if book.asks else book.ask_ticks
    return bid, ask


def ideal_group(book: BookView, rows: int) -> int:
    """The finest group by which the levels nearest to the touch stand on a ladder of `rows`."""
    half = max(rows // 2, 1)
    near = max(half * 3 // 4, 1)  # not every row has a level: some steps are empty
    anchor = anchor_x2(book)
    if anchor is None:
        return 1
    reach = 0
    for side in (book.bids, book.asks):
        if side:
            reach = max(reach, abs(2 * side[min(near, len(side)) - 1].price_ticks - anchor))
    return nice_step(-(-reach // (2 * half)))


def held_group(kept: int, ideal: int) -> int:
    """The group in use: kept while it is near the ideal one, so that prices do not jump."""
    return kept if kept > 0 and kept < ideal * KEEP and ideal < kept * KEEP else ideal


def own_orders(orders: Sequence[OrderView], instrument: str, group: int) -> tuple[dict[int, Own], dict[int, Own]]:
    """Our orders by step, bids and asks; each order once, on the side and step where its quantity stands."""
    sides: tuple[dict[int, Own], dict[int, Own]] = ({}, {})
    for order in orders:
        if order.instrument == instrument:
            is_ask = order.side == "SELL"
            side = sides[is_ask]
            step = ask_step(order.price_ticks, group) if is_ask else bid_step(order.price_ticks, group)
            known = side.get(step, Own(0, 0))
            side[step] = Own(
                known.count + 1,
                known.lots + order.leaves_lots,
                known.is_unknown or order.status == "UNKNOWN",
                min([lots for lots in (known.ahead_lots, order.ahead_lots) if lots is not None], default=None),
            )
    return sides


def bid_step(price_ticks: int, group: int) -> int:
    """The step of a bid: down."""
    return price_ticks // group


def ask_step(price_ticks: int, group: int) -> int:
    """The step of an ask: up."""
    return -(-price_ticks // group)


def ladder(
    book: BookView, orders: Sequence[OrderView], top: int, rows: int, group: int
) -> tuple[list[Rung], tuple[int, int]]:
    """The rungs from step `top` down, and how many of our orders stand above and below them.

    Law: steps strictly fall by one; grouped quantities sum to the levels' quantities.
    """
    bids, asks = _by_step(book.bids, group, bid_step), _by_step(book.asks, group, ask_step)
    bid_depth, ask_depth = _cumulative(sorted(bids, reverse=True), bids), _cumulative(sorted(asks), asks)
    own_bids, own_asks = own_orders(orders, book.instrument, group)
    low = top - rows + 1
    steps = range(top, low - 1, -1)
    deep_bids = _running(steps, bid_depth, max([d for step, d in bid_depth.items() if step > top], default=0))
    deep_asks = _running(steps[::-1], ask_depth, max([d for step, d in ask_depth.items() if step < low], default=0))
    rungs = [
        Rung(
            step,
            bids.get(step, 0),
            asks.get(step, 0),
            deep_bids[step],
            deep_asks[step],
            own_bids.get(step),
            own_asks.get(step),
        )
        for step in steps
    ]
    return rungs, _beyond((own_bids, own_asks), low, top)


def _running(steps: Sequence[int], depth: dict[int, int], total: int) -> dict[int, int]:
    """The depth at every step, empty ones included."""
    running = {}
    for step in steps:
        total = depth.get(step, total)
        running[step] = total
    return running


def _beyond(sides: Sequence[dict[int, Own]], low: int, top: int) -> tuple[int, int]:
    above = sum(own.count for side in sides for step, own in side.items() if step > top)
    below = sum(own.count for side in sides for step, own in side.items() if step < low)
    return above, below


def _by_step(levels: Sequence[LevelView], group: int, step_of: Callable[[int, int], int]) -> dict[int, int]:
    steps: dict[int, int] = {}
    for level in levels:
        step = step_of(level.price_ticks, group)
        steps[step] = steps.get(step, 0) + level.lots
    return steps


def _cumulative(steps: Sequence[int], lots: dict[int, int]) -> dict[int, int]:
    depth, total = {}, 0
    for step in steps:
        total += lots[step]
        depth[step] = total
    return depth
