"""Below the touch: which side of five levels is heavier, and where the price lies between them."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, lift
from catui.domain.kind import feature
from catui.domain.parameters import Bounds
from catui.domain.signals import Five, Levels
from catui.features.price import weighted

Weight = Annotated[float, Bounds(0, 1, "", "of a level, of the one before it")]


class Side(Struct, frozen=True, gc=False):
    """The weighted size of a side's levels, and their mean price by that weight; 0.0 of a side that is empty."""

    size: float
    price: float


def side(prices: Five, sizes: Five, level_weight: float) -> Side:
    """One side by weights `level_weight ** i`, best level first; a level that is not there has no size."""
    size = 0.0
    worth = 0.0
    counts = 1.0
    for price, there in zip(prices, sizes, strict=True):
        size += counts * there
        worth += counts * there * price
        counts *= level_weight
    return Side(size, worth / size if size > 0.0 else 0.0)


@feature(symmetries=("odd", "scale_free", "time_free", "bounded"))
def level_imbalance(level_weight: Weight = 0.5) -> Machine[None, Levels, float]:
    """Which side of the best five levels is heavier: `(B - A) / (B + A)`, B and A the weighted sizes of the sides.

        B = sum_i level_weight ** i * bid_size_i,   A likewise,   i from 0 to 4

    In [-1, 1], positive where the bids weigh more; 0 where nothing weighs. Warm-up: none.
    Laws: odd when the sides are swapped; blind to the scale of prices and sizes; with level_weight 0 that of the touch.
    ValueError: none; weights are 0 to 1. Source: Cao, Hansch, Wang, *The information content of an open limit-order
    book* (2009), for levels below the touch.
    """

    def imbalance(x: Levels) -> float:
        bids = side(x.bid_prices, x.bid_sizes, level_weight).size
        asks = side(x.ask_prices, x.ask_sizes, level_weight).size
        return (bids - asks) / (bids + asks) if bids + asks > 0.0 else 0.0

    return lift(imbalance)


@feature(symmetries=("time_free",), waits_for="a book with both sides")
def weighted_mid(level_weight: Weight = 0.5) -> Machine[None, Levels, float | None]:
    """Between the mean prices of both sides' best five levels, the nearer to the asks the more the bids weigh.

        weighted_mid = (a B + b A) / (A + B)

    with B, b (A, a) the weighted size of the bids (asks) and their mean price by that weight, weights as in
    `level_imbalance`. In quote currency; None while a side is empty. Warm-up: none.
    Laws: within the mean prices of the sides; it goes with the scale of prices, and not with that of sizes; with
    level_weight 0 it is the microprice. ValueError: none; weights are 0 to 1.
    Source: Cao, Hansch, Wang, *The information content of an open limit-order book* (2009).
    """

    def middle(x: Levels) -> float | None:
        bids = side(x.bid_prices, x.bid_sizes, level_weight)
        asks = side(x.ask_prices, x.ask_sizes, level_weight)
        if bids.size <= 0.0 or asks.size <= 0.0:
            return None
        return weighted(bids.price, asks.price, bids.size, asks.size)

    return lift(middle)
