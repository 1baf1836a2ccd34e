"""Toxicity of the flow: how one-sided the volume has been, by bars of equal volume."""

from math import erf, sqrt
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from catui.core.machine import Machine, atom
from catui.core.window import mean
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Bar

Means = tuple[float | None, float | None]


@feature(warm_up="length_bars", symmetries=("even", "scale_free", "time_free", "bounded"))
def vpin(
    length_bars: Annotated[int, Bounds(1, 5_000, "bars", "of the window")] = 50,
) -> Machine[Any, Bar, float | None]:
    """The volume-synchronised probability of informed trading: the share of the volume that was one-sided.

        VPIN = sum of |bought - sold| / sum of volume,   over the last `length_bars` bars

    In: bars of equal volume, whose net volume is that of the aggressors, or of `bulk_volume`. Out: from 0 to 1; 0 where
    there was no volume. Warm-up: `length_bars` bars. Laws: even; blind to the scale of prices and sizes; 1 where every
    bar has one side only. ValueError: a length below 1.
    Source: Easley, Lopez de Prado, O'Hara, *Flow toxicity and liquidity in a high-frequency world* (2012).
    """
    return (mean(length_bars).premap(_one_sided) & mean(length_bars).premap(_volume)).map(_share)


def _one_sided(bar: Bar) -> float:
    return abs(bar.net_volume)


def _volume(bar: Bar) -> float:
    return bar.volume


def _share(means: Means) -> float | None:
    one_sided, volume = means
    if one_sided is None or volume is None:
        return None
    return min(1.0, one_sided / volume) if volume > 0.0 else 0.0


class Moved(Struct, frozen=True, gc=False):
    """The last close, the decayed mean square of moves from close to close, and how many of them it weighs."""

    close: float
    mean_square: float
    weight: float
    is_known: bool


@feature(warm_up=2)
def bulk_volume(
    half_life_bars: Annotated[float, Bounds(0.1, 1e6, "bars", "of the moves' deviation")] = 50.0,
) -> Machine[Moved, Bar, Bar | None]:
    """Bars whose net volume is guessed from the price's move: for prints that do not say who was the aggressor.

        net = volume (2 Phi(d / s) - 1),   d = close_t - close_{t-1},   s: the decayed root mean square of d

    with Phi the normal distribution's; the mean square has weights 0.5 ** (age / half_life_bars), this move among them;
    0 where nothing moved. Warm-up: two bars. Laws: the net volume is odd in the moves, and blind to their scale; its
    size is at most the volume. ValueError: half_life_bars not above 0.
    Source: Easley, Lopez de Prado, O'Hara, *Flow toxicity and liquidity in a high-frequency world* (2012), where s
    is over the whole sample.
    """
    above_zero("half_life_bars", half_life_bars, "bars")
    keep = 0.5 ** (1.0 / half_life_bars)

    def step(s: Moved, bar: Bar) -> tuple[Moved, Bar | None]:
        if not s.is_known:
            return Moved(bar.close, 0.0, 0.0, True), None
        move = bar.close - s.close
        weight = keep * s.weight + 1.0
        square = s.mean_square + (move * move - s.mean_square) / weight
        side = erf(move / sqrt(2.0 * square)) if square > 0.0 else 0.0
        return Moved(bar.close, square, weight, True), replace(bar, net_volume=bar.volume * side)

    return atom(Moved(0.0, 0.0, 0.0, False), step)
