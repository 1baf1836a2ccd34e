"""Book features: which side is heavier, at the touch, in depth, and in what came and went."""

from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Observation


class BookPressure(Struct, frozen=True, gc=False):
    """Three readings in [-1, 1], positive where buyers weigh more; the order flow is None before the second quote."""

    imbalance: float
    depth_imbalance: float
    order_flow: float | None


class FlowState(Struct, frozen=True, gc=False):
    """The last touch, and the decayed signed and absolute changes; `quotes` counts to 2."""

    bid: float
    ask: float
    bid_size: float
    ask_size: float
    signed: float
    absolute: float
    quotes: float


@feature(symmetries=("odd", "scale_free", "time_free", "bounded"))
def book_pressure(
    half_life_ticks: Annotated[float, Bounds(0.1, 1e7, "ticks", "of the order flow")] = 100.0,
) -> Machine[FlowState, Observation, BookPressure]:
    """Imbalance of the touch and of five levels, and order-flow imbalance, of one instrument's quotes.

        imbalance = (bid_size - ask_size) / (bid_size + ask_size)
        e_t = [b_t >= b_{t-1}] B_t - [b_t <= b_{t-1}] B_{t-1} - [a_t <= a_{t-1}] A_t + [a_t >= a_{t-1}] A_{t-1}
        order_flow = decayed sum of e / decayed sum of |e|,  both with keep = 0.5 ** (1 / half_life_ticks)

    with b, B (a, A) the best bid (ask) and its size; 0 where nothing weighs. Warm-up: two quotes for the order flow.
    Laws: odd when the sides are swapped; in [-1, 1]. ValueError: half_life_ticks not above 0.
    Source: Cont, Kukanov, Stoikov, *The price impact of order book events* (2014), equation (2).
    """
    above_zero("half_life_ticks", half_life_ticks, "ticks")
    keep = 0.5 ** (1.0 / half_life_ticks)

    def step(s: FlowState, x: Observation) -> tuple[FlowState, BookPressure]:
        touch = x.bid_size + x.ask_size
        imbalance = (x.bid_size - x.ask_size) / touch if touch > 0.0 else 0.0
        depth = x.depth_bid + x.depth_ask
        in_depth = (x.depth_bid - x.depth_ask) / depth if depth > 0.0 else 0.0
        bid_in = x.bid_size if x.bid >= s.bid else 0.0
        bid_out = s.bid_size if x.bid <= s.bid else 0.0
        ask_in = x.ask_size if x.ask <= s.ask else 0.0
        ask_out = s.ask_size if x.ask >= s.ask else 0.0
        event = bid_in - bid_out - ask_in + ask_out if s.quotes > 0.0 else 0.0
        signed = keep * s.signed + event
        absolute = keep * s.absolute + (event if event >= 0.0 else -event)
        share = signed / absolute if absolute > 0.0 else 0.0
        bounded = 1.0 if share > 1.0 else (-1.0 if share < -1.0 else share)
        order_flow = bounded if s.quotes > 0.0 else None
        state = FlowState(x.bid, x.ask, x.bid_size, x.ask_size, signed, absolute, 1.0)
        return state, BookPressure(imbalance, in_depth, order_flow)

    return atom(FlowState(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), step)
