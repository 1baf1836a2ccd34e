"""Candles of the mid price: five time scales an instrument, each a ring of fixed size.

The mid is a step function of time: it stays until it is told anew. So a candle begins where the one before it ended,
an interval in which nothing changed has no candle, and the line through it is flat. Where the mid was not known (a gap,
a book that is crossed or has one side) there is no line: the first candle behind it says `is_after_gap`.

    SCALES_S     1  5  15  60  300     each divides the next; a closed candle is folded into the longer one
    KEPT         400 candles of each, packed: 16 kB a scale, whatever the prices are
"""

import struct
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.events import FeedStatus
from catui.domain.moment import Market
from catui.monitoring.scene import Scene

SCALES_S = (1, 5, 15, 60, 300)
KEPT = 400
SECOND_NS = 1_000_000_000

_RATIOS = tuple(longer // shorter for shorter, longer in pairwise(SCALES_S))
_RECORD = struct.Struct("<qqqqq?")
_LARGEST = 2**63 - 1


class Candle(Struct, frozen=True, gc=False, array_like=True):
    """The mid over one interval, in half ticks. `place` counts intervals of its scale since 1970."""

    place: int
    open: int
    high: int
    low: int
    close: int
    is_after_gap: bool = False


class Series(Struct, frozen=True, gc=False):
    """One instrument: the mid now (None: not known), the candle of this second, which lasts until `until_ns`, those of
    the longer scales that have begun, and the closed ones of every scale, packed, oldest first."""

    mid: int | None = None
    until_ns: int = 0
    candle: Candle | None = None
    begun: tuple[Candle | None, ...] = (None,) * len(_RATIOS)
    closed: tuple[bytes, ...] = (b"",) * len(SCALES_S)


NONE = Series()


def candles() -> Machine[dict[str, Series], Scene, Scene]:
    """Scenes pass unchanged; the state is every instrument's series.

    Law: it means what `identity` means. For who looks at a machine from outside, at its place in the tree.
    """

    def step(held: dict[str, Series], scene: Scene) -> tuple[dict[str, Series], Scene]:
        moment = scene.moment
        key = moment.changed
        if key is not None:
            before, mid = held.get(key, NONE), known_mid(moment.markets[key])
            if mid != before.mid:
                held = {**held, key: told(before, mid, moment.now_ns)}
        elif type(moment.event) is FeedStatus:  # it may have taken every book with it
            held = {
                key: told(held.get(key, NONE), known_mid(market), moment.now_ns)
                for key, market in moment.markets.items()
            }
        return held, scene

    return atom({}, step)


def known_mid(market: Market) -> int | None:
    """The mid in half ticks; None while the book is not to be believed."""
    bid, ask = market.bid_ticks, market.ask_ticks
    return bid + ask if market.is_valid and bid is not None and ask is not None else None


def told(series: Series, mid: int | None, now_ns: int) -> Series:
    """The series after the mid is `mid` half ticks, or not known; the same object where it has not changed."""
    before, candle = series.mid, series.candle
    if mid == before:
        return series
    here = before if mid is None else mid
    assert here is not None
    if candle is not None and now_ns < series.until_ns:
        held = Candle(
            candle.place,
            candle.open,
            max(candle.high, here),
            min(candle.low, here),
            here,
            candle.is_after_gap,
        )
        return Series(mid, series.until_ns, held, series.begun, series.closed)
    begun, closed = (series.begun, series.closed) if candle is None else _closed(series, candle)
    first = here if before is None else before
    place = now_ns // SECOND_NS
    new = Candle(place, first, max(first, here), min(first, here), here, before is None)
    return Series(mid, (place + 1) * SECOND_NS, new, begun, closed)


def recent(series: Series, scale: int, first_place: int) -> tuple[Candle, ...]:
    """The candles of `SCALES_S[scale]` from `first_place` on, oldest first, the one that is not closed yet the last.

    The newest one before `first_place` is there too: the line comes from it. Law: a long candle is the fold of the
    short ones inside it.
    """
    if series.candle is None:
        return ()
    late = [series.candle]
    for level in range(scale):
        begun = series.begun[level]
        late = _folded([] if begun is None else [begun], late, _RATIOS[level])
    found = [Candle(*record) for record in _RECORD.iter_unpack(series.closed[scale])] + late
    older = sum(candle.place < first_place for candle in found)
    return tuple(found[max(older - 1, 0) :])


def _closed(series: Series, candle: Candle) -> tuple[tuple[Candle | None, ...], tuple[bytes, ...]]:
    """The longer candles and the rings once `candle` is closed; a longer one closes when the next one begins."""
    begun, rings = list(series.begun), list(series.closed)
    rings[0] = _pushed(rings[0], candle)
    for level, ratio in enumerate(_RATIOS):
        held = begun[level]
        folded = _folded([] if held is None else [held], [candle], ratio)
        begun[level] = folded[-1]
        if len(folded) == 1:
            break
        candle = folded[0]
        rings[level + 1] = _pushed(rings[level + 1], candle)
    return tuple(begun), tuple(rings)


def _folded(longer: list[Candle], shorter: Sequence[Candle], ratio: int) -> list[Candle]:
    """`longer` with the shorter candles behind it folded in."""
    for candle in shorter:
        place = candle.place // ratio
        if longer and longer[-1].place == place:
            last = longer[-1]
            high, low = max(last.high, candle.high), min(last.low, candle.low)
            longer[-1] = Candle(place, last.open, high, low, candle.close, last.is_after_gap)
        else:
            longer.append(Candle(place, candle.open, candle.high, candle.low, candle.close, candle.is_after_gap))
    return longer


def _pushed(ring: bytes, candle: Candle) -> bytes:
    """The ring with one more candle, the oldest one gone where it was full."""
    prices = [min(max(price, -_LARGEST), _LARGEST) for price in (candle.open, candle.high, candle.low, candle.close)]
    record = _RECORD.pack(candle.place, *prices, candle.is_after_gap)
    return ring[-(KEPT - 1) * _RECORD.size :] + record
