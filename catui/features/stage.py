"""The feature stage: observations to features, one machine an instrument; quotes make features, trades the flow."""

from typing import Any

from catui.core.machine import Machine, identity, named, optional
from catui.domain.settings import Desk
from catui.domain.signals import Features, Observation, Roster
from catui.domain.wires import Wire, by_instrument
from catui.features.book import BookPressure, book_pressure
from catui.features.flow import trade_flow
from catui.features.price import Price, touch_price
from catui.features.quotes import on_quotes
from catui.features.volatility import volatility

Seen = tuple[Observation | None, Roster]
Described = tuple[Features | None, Roster]
Told = tuple[tuple[Price, BookPressure], float | None]


def features(desk: Desk) -> Machine[Any, Wire[Seen], Wire[Described]]:
    """Observations to features; who takes part passes untouched.

    Laws: isolation (an instrument's features depend on its observations only), causality, replay by parts.
    """
    settings = desk.features
    instrument = described(settings.volatility_half_life_ticks, settings.flow_half_life_s, settings.warm_up_ticks)
    return named("features", by_instrument(optional(instrument) * identity))


def described(
    half_life_ticks: float, flow_half_life_s: float, warm_up_ticks: int
) -> Machine[Any, Observation, Features | None]:
    """One instrument's features: `None` for an observation that is no quote. ValueError: see the families.

    An observation that is no quote updates the trade flow and describes nothing, so that what follows counts quotes;
    so does a touch without a price above 0, which has no return.
    """
    of_touch = touch_price() & book_pressure(half_life_ticks)
    of_quotes = on_quotes(of_touch >> _with_volatility(half_life_ticks, warm_up_ticks))
    return ((identity & of_quotes) & trade_flow(flow_half_life_s)).map(_assembled)


def _with_volatility(half_life_ticks: float, warm_up_ticks: int) -> Machine[Any, tuple[Price, BookPressure], Any]:
    return identity & volatility(half_life_ticks, warm_up_ticks).premap(_log_return)


def _log_return(pair: tuple[Price, BookPressure]) -> float:
    return pair[0].log_return


def _assembled(parts: tuple[tuple[Observation, Told | None], float | None]) -> Features | None:
    (seen, told), flow = parts
    if told is None:
        return None
    (at, pressure), deviation = told
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
