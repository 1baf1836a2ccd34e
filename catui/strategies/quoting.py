"""Quoting: both sides of the market, leaning against what is held. With an inventory; no desk feeds it yet."""

from math import log1p
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, lift
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features


class Quotes(Struct, frozen=True, gc=False):
    """Where to bid and ask, around the price at which one more unit is neither wanted nor feared."""

    bid: float
    ask: float
    reservation: float


@strategy(symmetries=("time_free",))
def quoting(
    risk_aversion_per_bp: Annotated[float, Bounds(1e-6, 10, "per bp", "of one full position")] = 0.01,
    fill_decay_per_bp: Annotated[float, Bounds(1e-3, 100, "per bp", "of the fill rate, with the distance")] = 0.5,
    horizon_ticks: Annotated[float, Bounds(1, 1e6, "ticks", "for which inventory is held")] = 60.0,
    widest_bps: Annotated[float, Bounds(0.1, 4000, "bps", "of the half spread, and of the skew")] = 50.0,
) -> Machine[None, tuple[Features, float], Quotes | None]:
    """Bid and ask around an inventory-skewed reservation price.

        skew_bps = -inventory gamma variance horizon                        variance = (10,000 volatility)^2
        half_bps = gamma variance horizon / 2 + ln(1 + gamma / kappa) / gamma
        reservation = mid (1 + skew_bps / 10,000),   bid, ask = mid (1 + (skew_bps -+ half_bps) / 10,000)

    with gamma the risk aversion and kappa the decay of the fill rate; skew and half spread at most `widest_bps`. In:
    (features, inventory in full positions). A rolling horizon stands for the paper's end of day, and bps of the mid for
    its currency. Warm-up: until the volatility is known. Laws: bid < reservation < ask, bid above 0; prices go with
    the scale of prices; swapping the sign of the inventory mirrors the quotes about the mid; more inventory never
    raises a quote; independent of absolute time. ValueError: a parameter not above 0, widest_bps above 4000.
    Source: Avellaneda and Stoikov, *High-frequency trading in a limit order book* (2008), section 3.
    """
    above_zero("risk_aversion_per_bp", risk_aversion_per_bp, "per bp")
    above_zero("fill_decay_per_bp", fill_decay_per_bp, "per bp")
    above_zero("horizon_ticks", horizon_ticks, "ticks")
    above_zero("widest_bps", widest_bps, "bps")
    if not widest_bps <= 4000:
        raise ValueError(f"widest_bps must be at most 4000 bps, so that a bid stays above 0, got {widest_bps!r}")
    for_fills = log1p(risk_aversion_per_bp / fill_decay_per_bp) / risk_aversion_per_bp

    def quoted(pair: tuple[Features, float]) -> Quotes | None:
        x, inventory = pair
        if x.volatility is None:
            return None
        volatility_bps = x.volatility * 10000.0
        risk = risk_aversion_per_bp * volatility_bps * volatility_bps * horizon_ticks
        wish = -inventory * risk
        skew = widest_bps if wish > widest_bps else (-widest_bps if wish < -widest_bps else wish)
        spread = risk * 0.5 + for_fills
        half = widest_bps if spread > widest_bps else spread
        bid = x.mid * (1.0 + (skew - half) / 10000.0)
        ask = x.mid * (1.0 + (skew + half) / 10000.0)
        return Quotes(bid, ask, x.mid * (1.0 + skew / 10000.0))

    return lift(quoted)
