"""Prints: what bars are made of, read off the market's events."""

from catui.core.machine import Machine, lift
from catui.domain.events import MarketEvent, Quote, Trade
from catui.domain.instrument import Instrument
from catui.domain.signals import Print
from catui.market.scale import lot_size, tick_size


def prints(instrument: Instrument) -> Machine[None, MarketEvent, Print | None]:
    """The instrument's trades, at the time of their receipt; None for everything else."""
    tick, lot = tick_size(instrument), lot_size(instrument)

    def printed(event: MarketEvent) -> Print | None:
        if not isinstance(event, Trade) or event.instrument != instrument.key:
            return None
        return Print(event.ts_receive_ns / 1e9, event.price_ticks * tick, event.taker.sign * event.lots * lot)

    return lift(printed)


def mids(instrument: Instrument) -> Machine[None, MarketEvent, Print | None]:
    """The mids of the instrument's quotes, as prints of size 0; None for everything else."""
    tick = tick_size(instrument)

    def quoted(event: MarketEvent) -> Print | None:
        if not isinstance(event, Quote) or event.instrument != instrument.key:
            return None
        return Print(event.ts_receive_ns / 1e9, (event.bid_ticks + event.ask_ticks) * tick * 0.5, 0.0)

    return lift(quoted)
