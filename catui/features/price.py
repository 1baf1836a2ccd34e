"""Price features: what one quote says, and the return since the one before."""

from math import log

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.signals import Observation
from catui.features.quotes import OnQuotes, on_quotes


class Price(Struct, frozen=True, gc=False):
    """Mid and microprice in quote currency, the spread in bps of the mid, the log return of the mid."""

    mid: float
    microprice: float
    spread_bps: float
    log_return: float


@feature(symmetries=("time_free",), waits_for="a quote with both sides")
def price() -> OnQuotes[float, Price]:
    """Mid, microprice, spread and return of one instrument's quotes.

        mid_t        = (bid + ask) / 2
        microprice_t = (ask * bid_size + bid * ask_size) / (bid_size + ask_size), the mid where both sizes are 0
        spread_t     = 10,000 (ask - bid) / mid
        r_t          = ln(mid_t / mid_{t-1}), 0 at the first quote

    None for what is no quote, or has a side without a price. Warm-up: none.
    Laws: bid <= microprice <= ask; the return is blind to the scale of prices.
    Source: Gatheral and Oomen, *Zero-intelligence realized variance estimation* (2010), for the weighted mid.
    """
    return on_quotes(touch_price())


def touch_price() -> Machine[float, Observation, Price]:
    """`price` where it is known that both sides have a price. State: the last mid, 0 before the first."""

    def step(last_mid: float, seen: Observation) -> tuple[float, Price]:
        mid = (seen.bid + seen.ask) * 0.5
        size = seen.bid_size + seen.ask_size
        micro = (seen.ask * seen.bid_size + seen.bid * seen.ask_size) / size if size > 0.0 else mid
        spread = (seen.ask - seen.bid) / mid * 10000.0
        change = log(mid / last_mid) if last_mid > 0.0 else 0.0
        return mid, Price(mid, micro, spread, change)

    return atom(0.0, step)
