"""Trade flow: who has been the aggressor lately."""

from math import exp, log
from typing import Annotated

from msgspec import Struct

from catui.core.machine import Machine, atom
from catui.domain.kind import feature
from catui.domain.parameters import Bounds, above_zero
from catui.domain.signals import Observation


class TradeFlowState(Struct, frozen=True, gc=False):
    """Decayed signed and absolute volume, and the time to which they are decayed."""

    signed: float
    absolute: float
    time_s: float


@feature(symmetries=("odd", "scale_free", "bounded"), waits_for="a first trade")
def trade_flow(
    half_life_s: Annotated[float, Bounds(1e-3, 86_400, "s", "of the aggressors' volume")] = 5.0,
) -> Machine[TradeFlowState, Observation, float | None]:
    """Signed share of the aggressors' volume, by age.

        k = exp(-ln(2) dt / half_life_s)
        S_t = k S_{t-1} + q_t,   V_t = k V_{t-1} + |q_t|,   out: S_t / V_t

    with q the trade's size, positive where the buyer was the aggressor, 0 for a quote. In [-1, 1].
    Warm-up: the first trade. Laws: odd in q; a time that steps back counts as no time.
    ValueError: half_life_s not above 0.
    Source: Chordia, Roll, Subrahmanyam, *Order imbalance, liquidity, and market returns* (2002), for the imbalance.
    """
    above_zero("half_life_s", half_life_s, "s")
    rate = log(2.0) / half_life_s

    def step(s: TradeFlowState, x: Observation) -> tuple[TradeFlowState, float | None]:
        elapsed = x.time_s - s.time_s if x.time_s > s.time_s else 0.0
        keep = exp(-rate * elapsed)
        size = x.trade_size
        signed = keep * s.signed + size
        absolute = keep * s.absolute + (size if size >= 0.0 else -size)
        share = signed / absolute if absolute > 0.0 else 0.0
        bounded = 1.0 if share > 1.0 else (-1.0 if share < -1.0 else share)
        seen_any = absolute > 0.0
        return TradeFlowState(signed, absolute, x.time_s), (bounded if seen_any else None)

    return atom(TradeFlowState(0.0, 0.0, 0.0), step)
