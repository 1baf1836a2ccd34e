"""Book imbalance: the heavier side of the book, and the one that grows, is where the price goes next."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import strategy
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Features


class PressureState(Struct, frozen=True, gc=False):
    """The exponential mean of the pressure, and the quotes seen."""

    mean: float
    quotes: float


@strategy(warm_up="half_life_ticks", symmetries=("odd", "scale_free", "time_free", "bounded"))
def book_imbalance(
    half_life_ticks: Annotated[float, Bounds(1, 1e6, "ticks", "of the pressure's mean")] = 5.0,
    touch_weight: Annotated[float, Bounds(0, 1, "", "of the imbalance of the touch")] = 0.4,
    depth_weight: Annotated[float, Bounds(0, 1, "", "of the imbalance of five levels")] = 0.2,
    flow_weight: Annotated[float, Bounds(0, 1, "", "of the order flow")] = 0.4,
) -> Machine[PressureState, Features, float | None]:
    """With the pressure of the book: the weighted mean of its imbalances and its order flow, smoothed.

        p_t = (touch imbalance + depth depth_imbalance + flow order_flow) / (touch + depth + flow)
        signal_t = signal_{t-1} + (1 - 0.5 ** (1 / half_life_ticks)) (p_t - signal_{t-1}),  p_1 at the first quote

    The imbalance of the touch is the microprice's distance from the mid, in half spreads; an order flow that is not
    known yet counts as 0. Warm-up: `half_life_ticks` quotes. Laws: odd when the sides are swapped, blind to the scale
    of prices and of sizes, independent of absolute time, bounded by 1.
    ValueError: half_life_ticks not above 0, a weight below 0, no weight above 0.
    Source: Cont, Kukanov, Stoikov, *The price impact of order book events* (2014); Gould and Bonart, *Queue imbalance
    as a one-tick-ahead price predictor in a limit order book* (2016).
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    if not (touch_weight >= 0 and depth_weight >= 0 and flow_weight >= 0):
        raise ValueError(f"weights must not be below 0, got {touch_weight!r}, {depth_weight!r}, {flow_weight!r}")
    above_zero("touch_weight + depth_weight + flow_weight", touch_weight + depth_weight + flow_weight)
    move = 1.0 - 0.5 ** (1.0 / half_life_ticks)
    whole = touch_weight + depth_weight + flow_weight

    def step(s: PressureState, x: Features) -> tuple[PressureState, float | None]:
        flow = x.order_flow if x.order_flow is not None else 0.0
        pressure = (touch_weight * x.imbalance + depth_weight * x.depth_imbalance + flow_weight * flow) / whole
        mean = s.mean + move * (pressure - s.mean) if s.quotes > 0.0 else pressure
        quotes = s.quotes + 1.0
        signal = 1.0 if mean > 1.0 else (-1.0 if mean < -1.0 else mean)
        return PressureState(mean, quotes), (signal if quotes >= half_life_ticks else None)

    return atom(PressureState(0.0, 0.0), step)
