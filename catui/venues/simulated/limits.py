"""Rate limits on the exchange's clock: request weight a minute, unfilled orders in 10 s, orders a day."""

from catui.venues.simulated.book import Order
from catui.venues.simulated.checks import Refusal

WEIGHT_PER_MINUTE = 6_000
ORDERS_PER_DAY = 200_000
TEN_SECONDS_MS = 10_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000


class Weights:
    """The weight used in the current minute."""

    def __init__(self) -> None:
        self._minute = -1
        self.used = 0

    def use(self, weight: int, now_ms: int) -> None:
        """Count `weight`. Refusal: 429 with -1003 over the limit, and when to come back."""
        minute = now_ms // MINUTE_MS
        if minute != self._minute:
            self._minute, self.used = minute, 0
        self.used += weight
        if self.used > WEIGHT_PER_MINUTE:
            text = f"Too much request weight used; current limit is {WEIGHT_PER_MINUTE} request weight per 1 MINUTE."
            raise Refusal(-1003, text, 429, (MINUTE_MS - now_ms % MINUTE_MS + 999) // 1000)


class OrderCounts:
    """New orders of one account: those of the current 10 s that are not filled at all, and those of the day."""

    def __init__(self, per_10_s: int) -> None:
        self._per_10_s = per_10_s
        self._window = self._day = -1
        self._recent: list[Order] = []
        self.today = 0

    def check(self, now_ms: int) -> None:
        """Refusal: 429 with -1015 if one more is too many."""
        if now_ms // TEN_SECONDS_MS != self._window:
            self._window, self._recent = now_ms // TEN_SECONDS_MS, []
        if now_ms // DAY_MS != self._day:
            self._day, self.today = now_ms // DAY_MS, 0
        if self.recent >= self._per_10_s:
            text = f"Too many new orders; current limit is {self._per_10_s} orders per 10 SECOND."
            raise Refusal(-1015, text, 429, (TEN_SECONDS_MS - now_ms % TEN_SECONDS_MS + 999) // 1000)
        if self.today >= ORDERS_PER_DAY:
            raise Refusal(-1015, f"Too many new orders; current limit is {ORDERS_PER_DAY} orders per 1 DAY.", 429, 60)

    @property
    def recent(self) -> int:
        """Unfilled orders of the current 10 s."""
        return sum(1 for order in self._recent if not order.filled)

    def count(self, order: Order) -> None:
        """One more was accepted."""
        self._recent.append(order)
        self.today += 1
