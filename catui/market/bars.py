"""Bars: prints gathered by number, by time or by volume. Look-ahead cannot be written: a bar comes at its close.

    tick_bars(count)       closes with its last print
    volume_bars(volume)    closes with the print that fills it; what is too much stays in it, no print is cut in two
    time_bars(length_s)    [k length_s, (k + 1) length_s); closes with the first print at or after its end

`end_s` is when the bar closed, and the output is None at every other print. A machine steps on what it is told, so a
time bar is told late, by the first print after it, which begins the next one; its `end_s` still says the grid. Nothing
is invented: where nothing was printed there is no bar, however long that was, and the bar that was open when a feed
broke off is closed by the first print after it. A time that steps back counts as no time.
"""

from math import floor
from typing import TypeAlias

from catui.core.machine import Machine, atom
from catui.domain.parameters import above_zero
from catui.domain.signals import Bar, Print

Bars: TypeAlias = Machine[Bar, Print, Bar | None]  # the state is the bar being filled; where its count is 0, none is


def tick_bars(count: int) -> Bars:
    """A bar every `count` prints, from the first one's time to the last one's. ValueError: count below 1."""
    if count < 1:
        raise ValueError(f"count must be at least 1 print, got {count!r}")
    full = float(count)

    def step(filled: Bar, x: Print) -> tuple[Bar, Bar | None]:
        bar = _with(filled, x)
        is_full = bar.count >= full
        return (_none(bar.end_s) if is_full else bar), (bar if is_full else None)

    return atom(_none(0.0), step)


def volume_bars(volume: float) -> Bars:
    """A bar every `volume` of base or a little more, from its first print's time to its last one's.

    ValueError: volume not above 0. Source: Easley, Lopez de Prado, O'Hara, *The volume clock* (2012).
    """
    above_zero("volume", volume, "base")

    def step(filled: Bar, x: Print) -> tuple[Bar, Bar | None]:
        bar = _with(filled, x)
        is_full = bar.volume >= volume
        return (_none(bar.end_s) if is_full else bar), (bar if is_full else None)

    return atom(_none(0.0), step)


def time_bars(length_s: float) -> Bars:
    """A bar every `length_s`, on the grid of its multiples since 1970, where there are prints.

    ValueError: length_s below a millisecond.
    """
    if not length_s >= 1e-3:
        raise ValueError(f"length_s must be at least 0.001 s, got {length_s!r}")

    def step(filled: Bar, x: Print) -> tuple[Bar, Bar | None]:
        if filled.count > 0.0 and x.time_s < filled.end_s:
            return _extended(filled, x, filled.end_s), None
        place = float(floor(x.time_s / length_s))
        place = place + 1.0 if (place + 1.0) * length_s <= x.time_s else place  # where the division was rounded
        bar = _begun(x, place * length_s, (place + 1.0) * length_s)
        return bar, (filled if filled.count > 0.0 else None)

    return atom(_none(0.0), step)


def _none(since_s: float) -> Bar:
    return Bar(since_s, since_s, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def _with(filled: Bar, x: Print) -> Bar:
    """The bar with one more print, up to its time; a bar of that print, where none was begun."""
    at_s = max(filled.end_s, x.time_s)
    return _extended(filled, x, at_s) if filled.count > 0.0 else _begun(x, at_s, at_s)


def _begun(x: Print, start_s: float, end_s: float) -> Bar:
    return Bar(start_s, end_s, x.price, x.price, x.price, x.price, abs(x.size), x.size, 1.0)


def _extended(bar: Bar, x: Print, end_s: float) -> Bar:
    return Bar(
        bar.start_s,
        end_s,
        bar.open,
        max(bar.high, x.price),
        min(bar.low, x.price),
        x.price,
        bar.volume + abs(x.size),
        bar.net_volume + x.size,
        bar.count + 1.0,
    )
