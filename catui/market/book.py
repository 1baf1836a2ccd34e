"""The level-2 book: two sides of (prices, lots), best first; every change makes a new side, none is ever mutated.

snapshot    a whole new book; nothing of the old one is kept
delta       absolute quantities by price; 0 removes, an unknown price with 0 is nothing
"""

from bisect import bisect_left
from operator import neg

from catui.domain.events import Level

BookSide = tuple[list[int], list[int]]  # prices and lots, of equal length, best first

EMPTY: BookSide = ([], [])


def whole_side(levels: tuple[Level, ...], *, is_bid: bool) -> BookSide:
    """A side from a snapshot's levels, in any order; levels of 0 lots are left out."""
    ordered = sorted((level for level in levels if level[1] > 0), reverse=is_bid)
    return [price for price, _ in ordered], [lots for _, lots in ordered]


def changed_side(side: BookSide, levels: tuple[Level, ...], *, is_bid: bool) -> BookSide:
    """A side after a delta: the lists are copied once, then the levels are put in by bisection.

    Bids fall and asks rise from the best, so the bids are searched with the sign turned.
    Law: equal to `whole_side` of the dictionary of all levels. Cost: one copy, and log n a level.
    """
    if not levels:
        return side
    prices, lots = side[0].copy(), side[1].copy()
    key = neg if is_bid else None
    for price, quantity in levels:
        place = bisect_left(prices, -price if is_bid else price, key=key)
        is_there = place < len(prices) and prices[place] == price
        if quantity:
            if is_there:
                lots[place] = quantity
            else:
                prices.insert(place, price)
                lots.insert(place, quantity)
        elif is_there:
            del prices[place], lots[place]
    return prices, lots


def depth_lots(side: BookSide, levels: int) -> int:
    """The lots of the best `levels` together."""
    return sum(side[1][:levels])


def fault_of(bids: BookSide, asks: BookSide) -> str:
    """What is wrong with a book that may not be traded on; empty for a sound one."""
    if not bids[0] and not asks[0]:
        return "empty: no bids and no asks"
    if not bids[0] or not asks[0]:
        return "one-sided: " + ("no bids" if not bids[0] else "no asks")
    if bids[0][0] >= asks[0][0]:
        return f"crossed: bid {bids[0][0]} at or above ask {asks[0][0]} ticks"
    return ""
