"""Spreads: what the book asks for immediacy, what a trade paid for it, and what the other side kept."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom, lift
from catui.domain.kind import feature
from catui.domain.parameters import Bounds
from catui.domain.signals import Observation
from catui.features.quotes import OnQuotes, on_quotes

BPS = 10000.0


@feature(symmetries=("time_free",), waits_for="a quote with both sides")
def quoted_spread() -> OnQuotes[None, float]:
    """The quoted spread `ask - bid`, in quote currency.

    None for what is no quote, or has a side without a price. Warm-up: none. Laws: it goes with the scale of prices,
    and not with that of sizes. Source: Huang and Stoll, *Dealer versus auction markets* (1996).
    """
    return on_quotes(lift(_quoted))


def _quoted(seen: Observation) -> float:
    return seen.ask - seen.bid


@feature(symmetries=("even", "scale_free", "time_free"), waits_for="a quote with both sides")
def relative_spread() -> OnQuotes[None, float]:
    """The quoted spread in bps of the mid: `10,000 (ask - bid) / mid`.

    None for what is no quote, or has a side without a price. Warm-up: none. Laws: blind to the scale of prices;
    even when the sides are swapped. Source: Huang and Stoll, *Dealer versus auction markets* (1996).
    """
    return on_quotes(lift(_relative))


def _relative(seen: Observation) -> float:
    return (seen.ask - seen.bid) / ((seen.ask + seen.bid) * 0.5) * BPS


class Deal(Struct, frozen=True, gc=False):
    """A trade: its price in quote currency, its size signed by the aggressor, and the mid that it met."""

    price: float
    size: float
    mid: float


@feature(symmetries=("scale_free", "time_free"), waits_for="a mid above 0")
def effective_spread() -> Machine[None, Deal, float | None]:
    """What a trade paid for immediacy, in bps of the mid before it: `20,000 |price - mid| / mid`.

    None where the mid is not above 0. Warm-up: none.
    Laws: blind to the scale of prices; a trade at the touch pays the relative spread.
    Source: Huang and Stoll, *Dealer versus auction markets* (1996).
    """
    return lift(_effective)


def _effective(x: Deal) -> float | None:
    return 2.0 * abs(x.price - x.mid) / x.mid * BPS if x.mid > 0.0 else None


class Aged(Struct, frozen=True, gc=False):
    """The trades that are not yet `lag_trades` old, the oldest first; a mid of 0 where there was none."""

    prices: tuple[float, ...]
    sides: tuple[float, ...]
    mids: tuple[float, ...]


@feature(warm_up=lambda lag_trades: lag_trades + 1, symmetries=("scale_free", "time_free"), waits_for="a mid above 0")
def realised_spread(
    lag_trades: Annotated[int, Bounds(1, 64, "trades", "after which the price is looked at again")] = 5,
) -> Machine[Aged, Deal, float | None]:
    """What the liquidity that a trade met has kept of the effective spread, `lag_trades` trades later, in bps.

        20,000 q_{t-k} (p_{t-k} - mid_t) / mid_{t-k},   k = lag_trades

    with q the sign of the size. Effective spread less realised spread is the price's move with the aggressor, twice.
    None where the mid at the trade was not above 0.
    Warm-up: `lag_trades` + 1 trades. Laws: blind to the scale of prices and sizes; where the mid stays it is the
    effective spread of a trade outside of it. ValueError: lag_trades below 1.
    Source: Huang and Stoll, *Dealer versus auction markets* (1996).
    """
    if lag_trades < 1:
        raise ValueError(f"lag_trades must be at least 1 trade, got {lag_trades!r}")
    none = (0.0,) * lag_trades

    def step(s: Aged, x: Deal) -> tuple[Aged, float | None]:
        side = 1.0 if x.size > 0.0 else (-1.0 if x.size < 0.0 else 0.0)
        kept = 2.0 * s.sides[0] * (s.prices[0] - x.mid) / s.mids[0] * BPS if s.mids[0] > 0.0 else None
        return Aged((*s.prices[1:], x.price), (*s.sides[1:], side), (*s.mids[1:], x.mid)), kept

    return atom(Aged(none, none, none), step)
