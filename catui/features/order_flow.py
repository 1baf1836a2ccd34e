"""Order-flow imbalance: what came to and went from the touch, in depths of the book."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Five, Levels, Observation
from catui.features.quotes import OnQuotes, on_quotes


def bid_change(before: float, before_size: float, price: float, size: float) -> float:
    """What came to a bid less what went from it, in base; price and size are 0 where there is none.

    [p_t >= p_{t-1}] q_t - [p_t <= p_{t-1}] q_{t-1}
    """
    came = size if price >= before else 0.0
    went = before_size if price <= before else 0.0
    return came - went


def ask_change(before: float, before_size: float, price: float, size: float) -> float:
    """The same of an ask, where lower is better, and none is the worst."""
    came = size if price <= before or before <= 0.0 else 0.0
    went = before_size if price >= before or price <= 0.0 else 0.0
    return came - went


class TouchFlow(Struct, frozen=True, gc=False):
    """The last touch; the decayed flow and depth, and how many quotes the depth weighs."""

    bid: float
    ask: float
    bid_size: float
    ask_size: float
    flow: float
    depth: float
    weight: float


@feature(warm_up=2, symmetries=("odd", "scale_free", "time_free"), waits_for="quotes with both sides")
def order_flow_imbalance(
    half_life_ticks: Annotated[float, Bounds(0.1, 1e7, "ticks", "of the flow's memory")] = 20.0,
) -> OnQuotes[TouchFlow, float | None]:
    """Decayed order flow at the touch, over its mean depth.

        e_t = [b_t >= b_{t-1}] B_t - [b_t <= b_{t-1}] B_{t-1} - [a_t <= a_{t-1}] A_t + [a_t >= a_{t-1}] A_{t-1}
        F_t = keep F_{t-1} + e_t,   D_t = weighted mean of (B + A) / 2,   out: F_t / D_t

    with b, B (a, A) the best bid (ask) and its size, weights 0.5 ** (age / half_life_ticks); 0 where nothing weighs. In
    the source's stylised book it is the move of the mid, in half ticks. Warm-up: two quotes with both sides.
    Laws: odd when the sides are swapped; blind to the scale of sizes; 0 while nothing changes.
    ValueError: half_life_ticks not above 0.
    Source: Cont, Kukanov, Stoikov, *The price impact of order book events* (2014), section 2.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    keep = 0.5 ** (1.0 / half_life_ticks)

    def step(s: TouchFlow, x: Observation) -> tuple[TouchFlow, float | None]:
        is_first = s.weight <= 0.0
        bids = bid_change(s.bid, s.bid_size, x.bid, x.bid_size)
        asks = ask_change(s.ask, s.ask_size, x.ask, x.ask_size)
        flow = 0.0 if is_first else keep * s.flow + bids - asks
        weight = keep * s.weight + 1.0
        depth = s.depth + ((x.bid_size + x.ask_size) * 0.5 - s.depth) / weight
        out = flow / depth if depth > 0.0 else 0.0
        return TouchFlow(x.bid, x.ask, x.bid_size, x.ask_size, flow, depth, weight), (None if is_first else out)

    return on_quotes(atom(TouchFlow(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), step))


class LevelsFlow(Struct, frozen=True, gc=False):
    """The last levels; the decayed flow and depth, and how many books the depth weighs."""

    bid_prices: Five
    bid_sizes: Five
    ask_prices: Five
    ask_sizes: Five
    flow: float
    depth: float
    weight: float


NONE: Five = (0.0, 0.0, 0.0, 0.0, 0.0)


@feature(warm_up=2, symmetries=("odd", "scale_free", "time_free"))
def level_order_flow(
    half_life_ticks: Annotated[float, Bounds(0.1, 1e7, "ticks", "of the flow's memory")] = 20.0,
    level_weight: Annotated[float, Bounds(0, 1, "", "of a level, of the one before it")] = 0.5,
) -> Machine[LevelsFlow, Levels, float | None]:
    """Decayed order flow at the best five levels, over their mean depth.

        e_t = sum_i w_i e_{i,t},   w_i = level_weight ** i for i from 0 to 4
        F_t = keep F_{t-1} + e_t,   D_t = weighted mean of sum_i w_i (B_i + A_i) / 2,   out: F_t / D_t

    with e_i as in `order_flow_imbalance`, between the i-th levels of two books; a level that is missing has no size.
    0 where nothing weighs. Warm-up: two books. Laws: odd when the sides are swapped; blind to the scale of sizes; with
    level_weight 0 that of the touch. ValueError: half_life_ticks not above 0.
    Source: Xu, Gould, Howison, *Multi-level order-flow imbalance in a limit order book* (2018); as one number,
    Cont, Cucuringu, Zhang, *Cross-impact of order flow imbalance in equity markets* (2023), whose weights are
    the first principal component.
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    keep = 0.5 ** (1.0 / half_life_ticks)

    def step(s: LevelsFlow, x: Levels) -> tuple[LevelsFlow, float | None]:
        is_first = s.weight <= 0.0
        event = 0.0
        size = 0.0
        counts = 1.0
        for i in range(5):
            event += counts * bid_change(s.bid_prices[i], s.bid_sizes[i], x.bid_prices[i], x.bid_sizes[i])
            event -= counts * ask_change(s.ask_prices[i], s.ask_sizes[i], x.ask_prices[i], x.ask_sizes[i])
            size += counts * (x.bid_sizes[i] + x.ask_sizes[i]) * 0.5
            counts *= level_weight
        flow = 0.0 if is_first else keep * s.flow + event
        weight = keep * s.weight + 1.0
        depth = s.depth + (size - s.depth) / weight
        out = flow / depth if depth > 0.0 else 0.0
        state = LevelsFlow(x.bid_prices, x.bid_sizes, x.ask_prices, x.ask_sizes, flow, depth, weight)
        return state, (None if is_first else out)

    return atom(LevelsFlow(NONE, NONE, NONE, NONE, 0.0, 0.0, 0.0), step)
