"""Numbers of one desk as people read them."""

from catui.domain.instrument import money_text
from catui.domain.settings import Desk
from catui.domain.units import decimal_text

SECOND = 1_000_000_000
MS = 1_000_000


class Wording:
    """Prices, quantities and money of a desk, thousands by comma; of an instrument that it has not, bare counts."""

    def __init__(self, desk: Desk) -> None:
        self._instruments = desk.by_key
        self._digits = desk.money_digits
        self.quote = desk.quote

    def symbol(self, key: str) -> str:
        """The instrument's symbol."""
        return self._instruments[key].symbol if key in self._instruments else key

    def price(self, key: str, ticks: int | None) -> str:
        """A price; `--` where it is not known yet."""
        if ticks is None:
            return "--"
        return grouped(self._instruments[key].price_text(ticks)) if key in self._instruments else f"{ticks} ticks"

    def half_price(self, key: str, half_ticks: int) -> str:
        """A price in half ticks, with one decimal more than the tick."""
        if key not in self._instruments:
            return f"{half_ticks} half ticks"
        grid = self._instruments[key].price_grid
        return grouped(decimal_text(half_ticks * grid.step * 5, grid.scale + 1))

    def quantity(self, key: str, lots: int) -> str:
        """A quantity without sign."""
        if key not in self._instruments:
            return f"{abs(lots)} lots"
        return grouped(self._instruments[key].quantity_text(abs(lots)))

    def signed(self, key: str, lots: int) -> str:
        """A quantity whose sign is its side; 0 has none."""
        sign = "+" if lots > 0 else "-" if lots < 0 else ""
        return f"{sign}{self.quantity(key, lots)}"

    def money(self, money: int) -> str:
        """Money with two decimals and its currency."""
        return f"{grouped(money_text(money, self._digits))} {self.quote}"

    def amount(self, value: int, unit: str) -> str:
        """A measured value or a limit in its unit."""
        return self.money(value) if unit == "money" else f"{value:,} {unit}".strip()

    def share(self, value: int, limit: int, unit: str) -> str:
        """How much of a limit is used, the unit once: `1 of 50 orders`."""
        return f"{self.amount(value, unit).partition(' ')[0]} of {self.amount(limit, unit)}"


def grouped(text: str) -> str:
    """A decimal text with thousands by comma.

    >>> grouped("60123.50"), grouped("-1234567"), grouped("0.180")
    ('60,123.50', '-1,234,567', '0.180')
    """
    whole, point, fraction = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{fraction}"


def ratio(value: float | None, decimals: int = 2) -> str:
    """A signal, a weight or an exposure with its sign; `--` for what is not known yet.

    >>> ratio(0.714), ratio(-0.001), ratio(None)
    ('+0.71', '0.00', '--')
    """
    if value is None:
        return "--"
    text = f"{value:+.{decimals}f}"
    return text if text.strip("+-0.") else text[1:]


def number(value: float) -> str:
    """Any float in six digits.

    >>> number(60123.456789), number(0.00012345678)
    ('60123.5', '0.000123457')
    """
    return f"{value:.6g}"


def time_text(ns: int) -> str:
    """The time of day in UTC with microseconds.

    >>> time_text(50_587_120_000_000)
    '14:03:07.120000Z'
    """
    seconds, rest = divmod(ns % (86_400 * SECOND), SECOND)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest // 1000:06d}Z"


def left_text(ns: int) -> str:
    """Time left as minutes and seconds, rounded up.

    >>> left_text(192 * SECOND)
    '3:12 left'
    """
    minutes, seconds = divmod(max(-(-ns // SECOND), 0), 60)
    return f"{minutes}:{seconds:02d} left"
