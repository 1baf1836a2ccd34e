"""The feature stage: observations to features, one machine an instrument; quotes make features, trades the flow."""

from typing import Any

from catui.core.machine import Machine, each, identity, lift, many, named
from catui.domain.moment import Moment
from catui.domain.reports import Reports
from catui.domain.settings import Desk
from catui.domain.signals import Features, Observation
from catui.features.book import BookPressure, book_pressure
from catui.features.flow import trade_flow
from catui.features.price import Price, price
from catui.features.volatility import volatility

Observations = tuple[tuple[str, Observation], ...]
Described = tuple[tuple[str, Features], ...]
Wire = tuple[tuple[Moment, Observations], Reports]
DescribedWire = tuple[tuple[Moment, Described], Reports]


def features(desk: Desk) -> Machine[Any, Wire, DescribedWire]:
    """Observations to features; the moment and the reports pass untouched.

    An observation that is no quote updates the trade flow and describes nothing, so that what follows counts quotes;
    so does a touch without a price above 0, which has no return.
    Laws: isolation (an instrument's features depend on its observations only), causality, replay by parts.
    """
    settings = desk.features
    instrument = described(settings.volatility_half_life_ticks, settings.flow_half_life_s, settings.warm_up_ticks)
    keyed: Machine[Any, tuple[str, Observation], tuple[str, Features | None]] = each(instrument)
    told = many(keyed) >> lift(_only_quotes)
    return named("features", (identity * told) * identity)


def described(
    half_life_ticks: float, flow_half_life_s: float, warm_up_ticks: int
) -> Machine[Any, Observation, Features | None]:
    """One instrument's features: `None` for an observation that is no quote. ValueError: see the families."""
    of_quote = (price() & book_pressure(half_life_ticks)) >> _with_volatility(half_life_ticks, warm_up_ticks)
    on_quotes = lift(_if_quote) >> many(of_quote)
    return ((identity & on_quotes) & trade_flow(flow_half_life_s)).map(_assembled)


def _with_volatility(half_life_ticks: float, warm_up_ticks: int) -> Machine[Any, tuple[Price, BookPressure], Any]:
    return identity & volatility(half_life_ticks, warm_up_ticks).premap(_log_return)


def _log_return(pair: tuple[Price, BookPressure]) -> float:
    return pair[0].log_return


def _if_quote(seen: Observation) -> tuple[Observation, ...]:
    return (seen,) if seen.is_quote and seen.bid > 0.0 and seen.ask > 0.0 else ()


def _assembled(parts: Any) -> Features | None:
    (seen, told), flow = parts
    if not told:
        return None
    (((at, pressure), deviation),) = told
    return Features(
        seen.time_s,
        at.mid,
        at.microprice,
        at.spread_bps,
        at.log_return,
        deviation,
        pressure.imbalance,
        pressure.depth_imbalance,
        pressure.order_flow,
        flow,
    )


def _only_quotes(told: tuple[tuple[str, Features | None], ...]) -> Described:
    return tuple([(key, features) for key, features in told if features is not None]) if told else ()
