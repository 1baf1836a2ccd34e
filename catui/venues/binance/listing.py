"""Instruments from exchangeInfo: grids and filters, from the venue's own text."""

import msgspec
from msgspec import Struct

from catui.domain.instrument import Instrument
from catui.domain.units import decimal_text, parse_decimal
from catui.errors import VenueError
from catui.text import printable


class Filter(Struct, frozen=True):
    """The filters that matter before an order is sent; the others are the venue's business."""

    filterType: str
    tickSize: str = "0"
    stepSize: str = "0"
    minQty: str = "0"
    maxQty: str = "0"
    minNotional: str = "0"


class Symbol(Struct, frozen=True):
    """One symbol of exchangeInfo."""

    symbol: str
    status: str
    baseAsset: str
    quoteAsset: str
    filters: list[Filter]


class ExchangeInfo(Struct, frozen=True):
    """The answer of GET exchangeInfo."""

    symbols: list[Symbol]


def instruments_of(text: str, venue: str) -> tuple[Instrument, ...]:
    """The instruments that exchangeInfo lists. VenueError: it cannot be read, or a symbol has no grid."""
    try:
        listed = msgspec.json.decode(text, type=ExchangeInfo).symbols
    except (msgspec.DecodeError, RecursionError) as error:
        raise VenueError(f"{venue} exchangeInfo: {printable(str(error), 120)}") from None
    return tuple(_instrument(symbol, venue) for symbol in listed if symbol.status == "TRADING")


def _instrument(listed: Symbol, venue: str) -> Instrument:
    by_type = {one.filterType: one for one in listed.filters}
    price, lot = by_type.get("PRICE_FILTER"), by_type.get("LOT_SIZE")
    notional = by_type.get("NOTIONAL") or by_type.get("MIN_NOTIONAL")
    if price is None or lot is None or not _step(price.tickSize) or not _step(lot.stepSize):
        raise VenueError(f"{venue} {printable(listed.symbol)}: lists no tick and lot; it cannot be traded here")
    try:
        made = Instrument(
            venue,
            printable(listed.symbol, 40),
            printable(listed.baseAsset, 20),
            printable(listed.quoteAsset, 20),
            _step(price.tickSize),
            _step(lot.stepSize),
            min_notional=_step(notional.minNotional) or "0" if notional is not None else "0",
        )
    except ValueError as error:
        raise VenueError(f"{error}; it cannot be traded here") from None
    least, most = made.quantity_grid.count(lot.minQty), made.quantity_grid.count(lot.maxQty)
    return msgspec.structs.replace(made, min_lots=max(1, least or 1), max_lots=most or 0)


def _step(text: str) -> str:
    """The canonical text of a positive decimal; empty for anything else."""
    parsed = parse_decimal(text)
    return "" if parsed is None or parsed[0] <= 0 else decimal_text(*parsed)
