"""The signal path's values, per instrument: floats only, dimensionless wherever they meet a strategy."""

from typing import TypeAlias

from msgspec import Struct


class Observation(Struct, frozen=True, gc=False):
    """What one market event told of one instrument. Prices in quote currency, sizes in base.

    `depth_bid` and `depth_ask` are summed over the best five levels of the held book (the touch, without one).
    `trade_size` is signed by the aggressor, 0.0 where the event is no trade; `is_quote` says that the touch was told.
    """

    time_s: float
    is_quote: bool
    bid: float
    ask: float
    bid_size: float
    ask_size: float
    depth_bid: float
    depth_ask: float
    trade_size: float


class Print(Struct, frozen=True, gc=False):
    """One public trade. Price in quote currency; size in base, signed by the aggressor; 0.0: a price, and no trade."""

    time_s: float
    price: float
    size: float


class Bar(Struct, frozen=True, gc=False):
    """What was printed from one moment to another; it is known at `end_s`, and not before.

    Prices in quote currency; `volume` and `net_volume` (bought less sold, by the aggressors) in base; `count` prints.
    """

    start_s: float
    end_s: float
    open: float
    high: float
    low: float
    close: float
    volume: float
    net_volume: float
    count: float


Five: TypeAlias = tuple[float, float, float, float, float]


class Levels(Struct, frozen=True, gc=False):
    """The five best levels of both sides, best first; price and size are 0.0 where the book has no such level."""

    time_s: float
    bid_prices: Five
    bid_sizes: Five
    ask_prices: Five
    ask_sizes: Five


class Features(Struct, frozen=True, gc=False):
    """What is known of one instrument after a quote. None: still warming up."""

    time_s: float
    mid: float
    microprice: float
    spread_bps: float
    log_return: float
    volatility: float | None  # EWMA standard deviation of log returns, per quote
    imbalance: float  # of the touch, in [-1, 1]
    depth_imbalance: float  # of five levels, in [-1, 1]
    order_flow: float | None  # order-flow imbalance, normalised to [-1, 1]
    trade_flow: float | None  # signed by aggressor, in [-1, 1]


class Roster(Struct, frozen=True, gc=False):
    """Who takes part, in the desk's order: `runs` signals at all, `drains` only reduces.

    `member` is the strategy whose weight the operator sets to `weight` in this step; -1: none.
    """

    runs: tuple[bool, ...]
    drains: tuple[bool, ...]
    member: int = -1
    weight: float = 0.0


class Signals(Struct, frozen=True, gc=False):
    """Every strategy's signal in [-1, 1], in the desk's order; None: warming up."""

    features: Features
    values: tuple[float | None, ...]


class Target(Struct, frozen=True, gc=False):
    """The desired exposure of one instrument as a share of its full size, and who wants how much of it.

    `parts[i] = weights[i] * signals[i]` and `exposure = sum(parts)`; a strategy that is paused or warming up has
    weight 0 and part 0; the part of one that drains may be nearer to 0. `weights` sum to 1 unless all are 0.
    """

    features: Features
    signals: tuple[float | None, ...]
    weights: tuple[float, ...]
    parts: tuple[float, ...]
    exposure: float
