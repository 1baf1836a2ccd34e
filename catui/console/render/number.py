"""Numbers as text: exact from whole ticks, lots and money, never through a float; what is unknown is said.

`--` is not yet, `?` is unknown, and a zero has no sign. A minus is ASCII, so that a copied number parses.
"""

import math

from catui.console.render.text import Cell
from catui.snapshot import InstrumentView, Snapshot

NOT_YET = Cell("--")
UNKNOWN = Cell("?")

MS = 1_000_000
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MAX_DECIMALS = 24  # a grid of a wild snapshot is drawn, not trusted


def instruments(snapshot: Snapshot) -> dict[str, InstrumentView]:
    """The instruments of a snapshot by key."""
    return {each.key: each for each in snapshot.instruments}


def decimal(value: int, decimals: int, signed: bool = False) -> Cell:
    """value / 10**decimals with all decimals and thousands by comma.

    >>> decimal(6012350, 2), decimal(-5, 1), decimal(420, 3, signed=True), decimal(0, 2, signed=True)
    ('60,123.50', '-0.5', '+0.420', '0.00')
    """
    decimals = min(max(decimals, 0), MAX_DECIMALS)
    sign = "-" if value < 0 else "+" if signed and value else ""
    if not decimals:
        return Cell(f"{sign}{abs(value):,}")
    whole, rest = divmod(abs(value), 10**decimals)
    return Cell(f"{sign}{whole:,}.{rest:0{decimals}d}")


def price(ticks: int | None, instrument: InstrumentView | None) -> Cell:
    """A price with all decimals of its tick; `?` where the grid is unknown."""
    if ticks is None:
        return NOT_YET
    return UNKNOWN if instrument is None else decimal(ticks * instrument.tick_step, instrument.price_decimals)


def half_price(half_ticks: int, instrument: InstrumentView | None) -> Cell:
    """A price in half ticks with all its decimals: half a tick needs one more."""
    if instrument is None:
        return UNKNOWN
    if half_ticks * instrument.tick_step % 2 == 0:
        return decimal(half_ticks * instrument.tick_step // 2, instrument.price_decimals)
    return decimal(half_ticks * instrument.tick_step * 5, instrument.price_decimals + 1)


def average_price(ticks_x100: int | None, instrument: InstrumentView | None) -> Cell:
    """An average price, given in hundredths of a tick, with one decimal more than the tick; half away from zero."""
    if ticks_x100 is None:
        return NOT_YET
    if instrument is None:
        return UNKNOWN
    tenths = rounded(ticks_x100 * instrument.tick_step, 10)
    return decimal(tenths, instrument.price_decimals + 1)


def quantity(lots: int | None, instrument: InstrumentView | None, signed: bool = False) -> Cell:
    """A quantity with all decimals of its lot."""
    if lots is None:
        return NOT_YET
    if instrument is None:
        return UNKNOWN
    return decimal(lots * instrument.lot_step, instrument.quantity_decimals, signed)


def short_quantity(lots: int | None, instrument: InstrumentView | None) -> Cell:
    """A quantity in three digits with k, M, G, T, rounded up: for what is an upper bound, where room is short.

    >>> btc = InstrumentView("a:B", "B", "a", "B", "USD", 2, 1, 3, 1)
    >>> [short_quantity(lots, btc) for lots in (0, 1, 6_001, 84_000, 99_901, 120_001, 1_250_000)]
    ['0.00', '0.01', '6.01', '84.0', '100', '121', '1.25k']
    """
    if lots is None:
        return NOT_YET
    if instrument is None:
        return UNKNOWN
    amount, one = max(lots, 0) * instrument.lot_step, 10 ** min(max(instrument.quantity_decimals, 0), MAX_DECIMALS)
    for power, letter in ((0, ""), (3, "k"), (6, "M"), (9, "G"), (12, "T")):
        for decimals in (2, 1, 0):
            digits = -(-amount * 10**decimals // (one * 10**power))
            if digits < 1000:
                return Cell(decimal(digits, decimals) + letter)
    return UNKNOWN


def money(amount: int | None, digits: int, signed: bool = True) -> Cell:
    """Money with two decimals and its sign, rounded half away from zero for the eye only.

    >>> money(120451000000, 8), money(-500000, 8), money(0, 8), money(-1, 8)
    ('+1,204.51', '-0.01', '0.00', '0.00')
    """
    if amount is None:
        return NOT_YET
    digits = min(max(digits, 0), MAX_DECIMALS)
    cents = rounded(amount, 10 ** (digits - 2)) if digits >= 2 else amount * 10 ** (2 - digits)
    return decimal(cents, 2, signed)


def short_money(amount: int, digits: int, signed: bool = False) -> Cell:
    """Money with three digits and k, M, G, T: for headers and axes only.

    >>> short_money(3460000, 2), short_money(-1590000, 2, signed=True), short_money(9951, 2)
    ('34.6k', '-15.9k', '99.51')
    """
    scale = 10 ** min(max(digits, 0), MAX_DECIMALS)
    for power, letter in ((12, "T"), (9, "G"), (6, "M"), (3, "k")):
        unit = 10**power * scale
        if abs(amount) >= unit:
            return Cell(decimal(rounded(amount * 10, unit), 1, signed) + letter)
    return money(amount, digits, signed)


def bps(numerator: int, denominator: int, signed: bool = False) -> Cell:
    """numerator / denominator in basis points with one decimal; `--` over nothing."""
    return NOT_YET if denominator <= 0 else decimal(rounded(numerator * 100_000, denominator), 1, signed)


def percent(numerator: int, denominator: int, signed: bool = False) -> Cell:
    """numerator / denominator in percent with two decimals; `--` over nothing."""
    if denominator <= 0:
        return NOT_YET
    return Cell(decimal(rounded(numerator * 10_000, denominator), 2, signed) + "%")


def share(numerator: int, denominator: int) -> Cell:
    """numerator / denominator in whole percent, as limits are read; rounded up, so that 100% means all of it."""
    return NOT_YET if denominator <= 0 else Cell(f"{-(-numerator * 100 // denominator)}%")


def ratio(value: float | None, decimals: int = 2, signed: bool = True) -> Cell:
    """A dimensionless number (a signal, a weight); `--` for None and for what is no number.

    >>> ratio(0.714), ratio(-0.0), ratio(0.5, signed=False), ratio(None)
    ('+0.71', '0.00', '0.50', '--')
    """
    if value is None or not math.isfinite(value):
        return NOT_YET
    if abs(value) >= 1e15:
        return UNKNOWN
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    return Cell(text if text.strip("+-0.,") else text.lstrip("+-"))


def age(ns: int | None) -> Cell:
    """How long ago: tenths of a second below ten, then whole units. An age before its time is 0.

    >>> [age(s * 10**8) for s in (3, 120, 2400, 72000, 9999999)]
    ['0.3s', '12s', '4m', '2h', '11d']
    """
    if ns is None:
        return NOT_YET
    ns = max(ns, 0)
    if ns < 10 * SECOND:
        return Cell(f"{ns // SECOND}.{ns % SECOND // (SECOND // 10)}s")
    for limit, unit, letter in ((MINUTE, SECOND, "s"), (HOUR, MINUTE, "m"), (2 * DAY, HOUR, "h")):
        if ns < limit:
            return Cell(f"{ns // unit}{letter}")
    return Cell(f"{ns // DAY:,}d")


def countdown(ns: int) -> Cell:
    """Time left as minutes and seconds, rounded up.

    >>> countdown(192 * 10**9), countdown(-1), countdown(3 * 3600 * 10**9)
    ('3:12', '0:00', '3:00:00')
    """
    seconds = max(-(-ns // SECOND), 0)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return Cell(f"{hours:,}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}")


def clock(ns: int, decimals: int = 0) -> Cell:
    """The time of day in UTC by integer arithmetic; with 1 to 9 decimals of the second.

    >>> clock(50_587_120_000_000), clock(50_587_120_000_000, 3)
    ('14:03:07', '14:03:07.120')
    """
    seconds, rest = divmod(ns % DAY, SECOND)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return Cell(f"{text}.{rest // 10 ** (9 - decimals):0{decimals}d}" if decimals else text)


def how_long(ns: int) -> Cell:
    """A stretch of time as hours, minutes and seconds, rounded down.

    >>> how_long(252 * 10**9), how_long(-1), how_long(30 * 3600 * 10**9)
    ('00:04:12', '00:00:00', '30:00:00')
    """
    minutes, seconds = divmod(max(ns, 0) // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return Cell(f"{hours:02d}:{minutes:02d}:{seconds:02d}")


def rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number to numerator / denominator (above 0), halves away from zero."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)
