"""What is traded: symbols with their grids and filters. Amounts of any asset are ints of 10**-8 of it."""

from msgspec import Struct

UNIT = 100_000_000  # 10**8: the smallest amount of any asset is 1


class Listing(Struct, frozen=True):
    """One symbol. `price_unit`, `lot_unit`: one tick, one lot, in 10**-8; `start_ticks`: where its script begins.

    `volatility` scales the moves of its latent value, `size_lots` is the median quantity of a background quote.
    """

    symbol: str
    base: str
    quote: str
    price_unit: int
    lot_unit: int
    start_ticks: int
    volatility: float
    size_lots: int
    min_ticks: int = 1
    max_ticks: int = 10**11
    min_lots: int = 1
    max_lots: int = 9 * 10**9
    min_notional: int = 5 * UNIT
    max_notional: int = 9_000_000 * UNIT
    max_orders: int = 200

    @property
    def money_unit(self) -> int:
        """One tick times one lot, in 10**-8 of the quote asset; exact for every symbol of `LISTINGS`."""
        return self.price_unit * self.lot_unit // UNIT


LISTINGS: dict[str, Listing] = {
    listing.symbol: listing
    for listing in (
        Listing("BTCUSDT", "BTC", "USDT", 1_000_000, 1_000, 6_000_000, 1.0, 30_000),
        Listing("ETHUSDT", "ETH", "USDT", 1_000_000, 10_000, 300_000, 1.3, 40_000),
        Listing("SOLUSDT", "SOL", "USDT", 1_000_000, 100_000, 15_000, 1.7, 60_000),
    )
}


def amount_text(amount: int) -> str:
    """An amount of 10**-8 as the venue writes it, with 8 decimals.

    >>> amount_text(123_456_789), amount_text(0)
    ('1.23456789', '0.00000000')
    """
    return f"{amount // UNIT}.{amount % UNIT:08d}"
