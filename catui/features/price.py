"""Price features: what one quote says, and the return since the one before."""

from math import log

from msgspec import Struct

from catui.core.machine import Machine, atom, lift
from catui.domain.kind import feature
from catui.domain.signals import Bar, Observation
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
        micro = weighted(seen.bid, seen.ask, seen.bid_size, seen.ask_size)
        spread = (seen.ask - seen.bid) / mid * 10000.0
        change = log(mid / last_mid) if last_mid > 0.0 else 0.0
        return mid, Price(mid, micro, spread, change)

    return atom(0.0, step)


def weighted(bid: float, ask: float, bid_size: float, ask_size: float) -> float:
    """Between bid and ask, the nearer to the ask the more the bid side weighs; the mid where neither weighs."""
    size = bid_size + ask_size
    return (ask * bid_size + bid * ask_size) / size if size > 0.0 else (bid + ask) * 0.5


@feature(symmetries=("time_free",), waits_for="a quote with both sides")
def microprice() -> OnQuotes[None, float]:
    """The mid, weighted by the sizes of the touch.

        microprice = (ask * bid_size + bid * ask_size) / (bid_size + ask_size)

    In quote currency; the mid where both sizes are 0; None for what is no quote, or has a side without a price.
    Warm-up: none. Laws: bid <= microprice <= ask; it goes with the scale of prices, and not with that of sizes.
    Source: Gatheral and Oomen, *Zero-intelligence realized variance estimation* (2010); Stoikov, *The micro-price*
    (2018), where this is the weighted mid.
    """
    return on_quotes(lift(_microprice))


def _microprice(seen: Observation) -> float:
    return weighted(seen.bid, seen.ask, seen.bid_size, seen.ask_size)


@feature(warm_up=2, symmetries=("scale_free", "time_free", "flat"), waits_for="prices above 0")
def log_return() -> Machine[float, float, float | None]:
    """The log return of a price since the price before it: `r_t = ln(p_t / p_{t-1})`.

    A price that is not above 0 gives None and is passed over. State: the last price, 0 before the first.
    Warm-up: two prices. Laws: the returns of a path sum to the return from its first price to its last; blind to the
    scale of prices. Source: Campbell, Lo, MacKinlay, *The econometrics of financial markets* (1997), section 1.4.
    """

    def step(last: float, at: float) -> tuple[float, float | None]:
        if at <= 0.0:
            return last, None
        return at, (log(at / last) if last > 0.0 else None)

    return atom(0.0, step)


@feature(warm_up=2, symmetries=("odd", "scale_free", "time_free", "flat"), waits_for="closes above 0")
def bar_return() -> Machine[tuple[None, float], Bar, float | None]:
    """The log return of a bar's close since the close before it.

    Warm-up: two bars. Laws: as `log_return`; odd under mirrored returns.
    Source: Campbell, Lo, MacKinlay, *The econometrics of financial markets* (1997), section 1.4.
    """
    return log_return().premap(_close)


def _close(bar: Bar) -> float:
    return bar.close
