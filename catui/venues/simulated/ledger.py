"""Balances: free and locked, per account and asset, as ints of 10**-8.

    free + locked, summed over all accounts and the house, never changes after the deposits

Commission is taken from what is received (BUY: base, SELL: quote), half up to 8 decimals, and goes to the house.
The venue does not document its rounding; its one example (0.040229875 -> 0.04022988) excludes truncation.
"""

from catui.domain.units import divide_half_up
from catui.venues.simulated.listing import UNIT


class Account:
    """One owner of balances. Rates of commission are in 10**-8. A watched account hears reports of its orders."""

    __slots__ = ("free", "is_watched", "key", "locked", "maker_rate", "name", "secret", "taker_rate", "touched")

    def __init__(
        self,
        name: str,
        balances: dict[str, int],
        maker_rate: int = 0,
        taker_rate: int = 0,
        key: str = "",
        secret: str = "",
    ) -> None:
        self.name = name
        self.key = key
        self.secret = secret
        self.is_watched = bool(key)
        self.maker_rate = maker_rate
        self.taker_rate = taker_rate
        self.free = dict(balances)
        self.locked = dict.fromkeys(balances, 0)
        self.touched: dict[str, None] = {}  # assets since the last account report, in order

    def lock(self, asset: str, amount: int) -> bool:
        """Hold `amount` back for an order; False, and nothing changed, if that much is not free."""
        free = self.free.get(asset, 0)
        if free < amount:
            return False
        self.free[asset] = free - amount
        self.locked[asset] = self.locked.get(asset, 0) + amount
        self.touched[asset] = None
        return True

    def unlock(self, asset: str, amount: int) -> None:
        """Give back what was held."""
        self.locked[asset] -= amount
        self.free[asset] += amount
        self.touched[asset] = None

    def spend(self, asset: str, amount: int) -> None:
        """Pay out of what was held."""
        self.locked[asset] -= amount
        self.touched[asset] = None

    def receive(self, asset: str, amount: int) -> None:
        """Get `amount`, free."""
        self.free[asset] = self.free.get(asset, 0) + amount
        self.locked.setdefault(asset, 0)
        self.touched[asset] = None

    def deposit(self, asset: str, amount: int) -> None:
        """Money from outside: the only change of the sum over all accounts."""
        self.receive(asset, amount)


def commission(amount: int, rate: int) -> int:
    """The part of `amount` that the house takes at `rate` (10**-8), half up.

    >>> commission(40_229_875_000, 10_000), commission(5_000, 10_000), commission(4_999, 10_000)
    (4022988, 1, 0)
    """
    return divide_half_up(amount * rate, UNIT) if rate else 0
