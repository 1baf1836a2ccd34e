"""The one line that a reason says to people."""

from catui.domain.instrument import Instrument, money_text
from catui.domain.orders import Intent, Reason
from catui.domain.settings import Desk


class Wording:
    """Reasons of one desk: prices, quantities and money as people write them."""

    def __init__(self, desk: Desk) -> None:
        self._instruments = desk.by_key
        self._digits = desk.money_digits
        self._quote = desk.quote
        self._strategies = frozenset(desk.strategy_names)

    def reason(self, check: str, code: str, measured: int, limit: int, unit: str, intent: Intent, what: str) -> Reason:
        """`P12 PRICE_COLLAR: WHAT, limit LIMIT UNIT (venue SYMBOL, strategy NAME)`, or whose else it is."""
        bound = f", limit {self._amount(limit, unit)}" if unit else ""
        where = intent.instrument.replace(":", " ", 1)
        owner = f"strategy {intent.owner}" if intent.owner in self._strategies else intent.owner
        text = f"{check} {code}: {what}{bound} ({where}, {owner})"
        return Reason(check, code, measured, limit, unit, text)

    def money(self, money: int) -> str:
        """Money with two decimals and its currency."""
        return f"{_thousands(money_text(money, self._digits))} {self._quote}"

    def price(self, key: str, ticks: int) -> str:
        """A price in the instrument's decimals."""
        instrument = self._instruments.get(key)
        return str(ticks) if instrument is None else _thousands(instrument.price_text(ticks))

    def instrument(self, key: str) -> Instrument | None:
        """The instrument of a key, if the desk has it."""
        return self._instruments.get(key)

    def _amount(self, value: int, unit: str) -> str:
        return self.money(value) if unit == "money" else f"{value:,} {unit}"


def _thousands(text: str) -> str:
    whole, point, fraction = text.partition(".")
    return f"{int(whole):,}{point}{fraction}" if whole.lstrip("-") != "0" else text
