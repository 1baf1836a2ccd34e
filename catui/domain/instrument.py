"""An instrument: what is traded where, and on which grid of prices and quantities."""

from functools import lru_cache

from msgspec import Struct

from catui.domain.units import Grid, decimal_text

MAX_MONEY_DIGITS = 12  # keeps every sum of money of a desk far inside 64 bits


class Instrument(Struct, frozen=True):
    """What is traded where. Prices are counted in ticks, quantities in lots; texts are the venue's own.

    `min_lots`, `max_lots` and `min_notional` are the venue's order filters (`max_lots` 0: none).
    ValueError: a grid that is no positive decimal, or finer than 1e-12 in tick x lot.
    """

    venue: str
    symbol: str
    base: str
    quote: str
    tick_size: str
    lot_size: str
    min_notional: str = "0"
    min_lots: int = 1
    max_lots: int = 0

    def __post_init__(self) -> None:
        if self.price_grid.scale + self.quantity_grid.scale > MAX_MONEY_DIGITS:
            raise ValueError(f"{self.key}: tick {self.tick_size} x lot {self.lot_size} is finer than 1e-12")

    @property
    def key(self) -> str:
        """The name by which events and positions speak of it: `venue:SYMBOL`."""
        return f"{self.venue}:{self.symbol}"

    @property
    def price_grid(self) -> Grid:
        """The grid of prices."""
        return _grid(self.tick_size)

    @property
    def quantity_grid(self) -> Grid:
        """The grid of quantities."""
        return _grid(self.lot_size)

    @property
    def money_digits(self) -> int:
        """Decimals of tick x lot: what a notional needs to be an integer."""
        return self.price_grid.scale + self.quantity_grid.scale

    def unit_money(self, money_digits: int) -> int:
        """Money, in units of 10**-money_digits of the quote currency, of one tick times one lot."""
        return self.price_grid.step * self.quantity_grid.step * int(10 ** (money_digits - self.money_digits))

    def price_text(self, price_ticks: int) -> str:
        """A price as the venue writes it, with all decimals of the tick."""
        return self.price_grid.text(price_ticks)

    def quantity_text(self, lots: int) -> str:
        """A quantity as the venue writes it, with all decimals of the lot."""
        return self.quantity_grid.text(lots)


@lru_cache(maxsize=4096)
def _grid(step: str) -> Grid:
    return Grid.of(step)


def money_text(money: int, money_digits: int, decimals: int = 2) -> str:
    """Money as text, rounded half away from zero to `decimals` for the eye only.

    >>> money_text(123456789, 8), money_text(-500000, 8)
    ('1.23', '-0.01')
    """
    drop = money_digits - decimals
    if drop > 0:
        half = 10**drop // 2
        money = -((-money + half) // 10**drop) if money < 0 else (money + half) // 10**drop
        money_digits = decimals
    return decimal_text(money, money_digits, decimals=decimals)
