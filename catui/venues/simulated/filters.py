"""The order filters of a symbol, in ints: PRICE_FILTER, LOT_SIZE, NOTIONAL, MAX_NUM_ORDERS.

All money in 10**-8 of its asset. A market order's notional is taken at the average price of the last minutes.
"""

from catui.venues.simulated.listing import UNIT, Listing


def failed(listing: Listing, price: int, quantity: int, budget: int, average: int, open_orders: int) -> str:
    """The name of the first filter that a new order does not pass; "" if it passes all.

    `price` 0: a market order. `budget`: the quote amount of one by amount, whose `quantity` is 0.
    """
    if price and not _is_priced(listing, price):
        return "PRICE_FILTER"
    if not budget and not _is_sized(listing, quantity):
        return "LOT_SIZE"
    notional = budget or (price or average) * quantity // UNIT
    if notional < listing.min_notional or (price and notional > listing.max_notional):
        return "NOTIONAL"
    if price and open_orders >= listing.max_orders:
        return "MAX_NUM_ORDERS"
    return ""


def _is_priced(listing: Listing, price: int) -> bool:
    ticks, rest = divmod(price, listing.price_unit)
    return not rest and listing.min_ticks <= ticks <= listing.max_ticks


def _is_sized(listing: Listing, quantity: int) -> bool:
    lots, rest = divmod(quantity, listing.lot_unit)
    return not rest and listing.min_lots <= lots <= listing.max_lots
